"""Cutouts beside those of @imgly/background-removal, in the same browser: time, blocking, bytes.

    python -m bench.matte [--pairs 3] [--models ID ...] [--eval FOLDER] [--out FILE]

Both are open in one browser, and take turns with the same photo. First cutouts, and first previews,
are of a browser each: beside another's runtime, whoever comes second starts a second later.
`--eval` scores the other on a folder of photos with ground truth (photos/, gt/, score.py). Writes
every sample as JSON.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from bench import machine
from bench.machine import Neighbours
from bench.measure import Deadline, PageFailedError
from bench.meter import Meter
from bench.options import command_line, write
from bench.photos import Photo, make_photos
from bench.rival import MissingRivalError, create_rival
from bench.summary import Aim, spread
from bench.table import aim_line, load_lines, spread_line
from server import create_app
from tests.harness import browsers
from tests.harness.site import Site, serving

HERE = Path(__file__).parent
CUT, WATCH = ((HERE / f"{name}.js").read_text() for name in ("matte", "watch"))
RIVAL = "imgly"
SETTLED = 5
"""Seconds after which a page that was just opened has done what it does behind a visitor's back."""
SECONDS = 500
HARD_LIMIT = 590
"""Seconds after which everything is ended; with --eval there is none."""

RATIO = 0.40
FIRST_RATIO = 0.6
FIRST_PREVIEW_RATIO = 0.3
PREVIEW_RATIO = 0.15
BLOCKED_MS = 50


def main() -> int:
    """Measure, print, write."""
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    try:
        rival = create_rival()
    except MissingRivalError as error:
        print(error)
        return 1
    if not options.eval:
        machine.end_within(HARD_LIMIT)
    with tempfile.TemporaryDirectory() as folder:
        result = _measure(rival, make_photos(Path(folder)), options)
    found = _aims(result["summary"], result["samples"]["first"], result["tiers"])
    result["aims"] = [{**asdict(aim), "met": aim.met} for aim in found]
    print("\n".join(_lines(result, found)))
    write(options.out, result)
    return 0


class Contest:
    """One browser with a window for each of the two."""

    def __init__(self, driver: Chrome, sites: dict[str, tuple[Site, Meter]]) -> None:
        self._driver = driver
        self._meters = {name: meter for name, (_, meter) in sites.items()}
        self._windows: dict[str, str] = {}
        driver.execute_cdp_cmd("Page.enable", {})
        for name, (site, _) in sites.items():
            if self._windows:
                driver.switch_to.new_window("window")
            driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
            driver.get(site.url())
            driver.execute_script(
                "document.body.append(Object.assign(document.createElement('input'),"
                " { type: 'file', id: 'bench-photo' }))"
            )
            self._windows[name] = driver.current_window_handle

    def cut(
        self, who: str, photo: Path, *, kind: str = "mattebox", wanted: bool = False
    ) -> dict[str, Any]:
        """One cutout by the rival or by one of our models, in the window that is in front."""
        ours = who != RIVAL
        self._driver.switch_to.window(self._windows["mattebox" if ours else RIVAL])
        field = self._driver.find_element(By.ID, "bench-photo")
        self._driver.execute_script("arguments[0].value = ''", field)
        field.send_keys(str(photo))
        meter = self._meters["mattebox" if ours else RIVAL]
        meter.account()
        neighbours = Neighbours()
        answer = self._driver.execute_async_script(CUT, kind if ours else "rival", who, wanted)
        if "error" in answer:
            raise PageFailedError(answer["error"])
        traffic = meter.account()
        return {
            **answer["value"],
            "fetched": traffic["bytes"],
            "neighbours_cores": neighbours.cores(),
        }


Sites = dict[str, tuple[Site, Meter]]


@contextmanager
def _served(rival: Any) -> Iterator[Sites]:
    apps = {"mattebox": create_app(), RIVAL: rival}
    meters = {name: Meter(app.wsgi_app) for name, app in apps.items()}
    for name, app in apps.items():
        app.wsgi_app = meters[name]
    with serving(apps["mattebox"]) as ours, serving(apps[RIVAL]) as theirs:
        yield {"mattebox": (ours, meters["mattebox"]), RIVAL: (theirs, meters[RIVAL])}


@contextmanager
def _contest(sites: Sites) -> Iterator[tuple[Contest, str]]:
    with browsers.chromium("--window-size=1280,900") as driver:
        driver.set_script_timeout(300)
        yield Contest(driver, sites), driver.capabilities["browserVersion"]


def _firsts(sites: Sites, models: list[str], photo: Path, rounds: int) -> dict[str, Any]:
    """First cutouts by all, and first previews by ours, each in a browser that has run nothing."""
    taken: dict[str, list[dict[str, Any]]] = {who: [] for who in (RIVAL, *models)}
    for index in range(rounds):
        for who in _order(models, index):
            ours = who != RIVAL
            name = "mattebox" if ours else RIVAL
            found = {}
            for kind in ("first", "first preview") if ours else ("first",):
                with _contest({name: sites[name]}) as (contest, _):
                    time.sleep(SETTLED)
                    found[kind] = contest.cut(who, photo, kind=kind)
            preview = {"preview": found["first preview"]["ms"]} if ours else {}
            taken[who].append(found["first"] | preview)
    return taken


def _order(models: list[str], index: int) -> tuple[str, ...]:
    return (RIVAL, *models) if index % 2 == 0 else (*reversed(models), RIVAL)


def _taken(
    contest: Contest, models: list[str], photos: list[Photo], photo: Photo, order: tuple[str, ...]
) -> dict[str, Any]:
    """One cutout of `photo` by each, and by ours its preview."""
    taken = {}
    for who in order:
        # A model that is not the last one used starts anew, which is not what is compared.
        if who != RIVAL and len(models) > 1:
            contest.cut(who, photos[0].path)
        taken[who] = contest.cut(who, photo.path)
        if who != RIVAL:
            taken[who]["preview"] = contest.cut(who, photo.path, kind="preview")["ms"]
    return taken


def _measure(rival: Any, photos: list[Photo], options: argparse.Namespace) -> dict[str, Any]:
    catalog = create_app().test_client().get("/catalog.json").get_json()
    tiers = {model["id"]: model["tier"] for model in catalog["models"]}
    models = options.models or list(tiers)
    deadline = Deadline(SECONDS)
    samples: dict[str, Any] = {"pairs": {photo.label: [] for photo in photos}}
    facts = machine.facts()
    with _served(rival) as sites:
        samples["first"] = _firsts(sites, models, photos[0].path, options.pairs)
        with _contest(sites) as (contest, version):
            # Browsers that have ended would count as other programs.
            neighbours = Neighbours()
            for who in (RIVAL, *models):
                contest.cut(who, photos[0].path)
            for photo in photos:
                for index in deadline.rounds(options.pairs):
                    taken = _taken(contest, models, photos, photo, _order(models, index))
                    samples["pairs"][photo.label].append(taken)
            busy = neighbours.cores()
            scores = _scores(contest, options.eval.resolve()) if options.eval else None
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": facts,
        "browser": f"Chromium {version}",
        "settings": {"pairs": options.pairs, "models": models},
        "tiers": {model: tiers[model] for model in models},
        "neighbours_cores": busy,
        "samples": samples,
        "summary": _summary(samples, models),
        "scores": scores,
    }


def _summary(samples: dict[str, Any], models: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for label, taken in samples["pairs"].items():
        if not taken:
            continue
        result[label] = {
            who: {
                "ms": spread(pair[who]["ms"] for pair in taken),
                "ratio": spread(pair[who]["ms"] / pair[RIVAL]["ms"] for pair in taken),
                "blocked_ms": spread(pair[who]["blockedMs"] for pair in taken),
            }
            for who in (RIVAL, *models)
        }
        for who in models:
            shares = (pair[who]["preview"] / pair[RIVAL]["ms"] for pair in taken)
            result[label][who]["preview_ratio"] = spread(shares)
    return result


def _first_ratios(first: dict[str, Any], model: str, key: str) -> list[float]:
    pairs = zip(first[model], first[RIVAL], strict=True)
    return [ours[key] / theirs["ms"] for ours, theirs in pairs]


def _aims(summary: dict[str, Any], first: dict[str, Any], tiers: dict[str, str]) -> list[Aim]:
    found = []
    for model in tiers:
        for key, name, limit in (
            ("ms", "first cutout", FIRST_RATIO),
            ("preview", "first preview", FIRST_PREVIEW_RATIO),
        ):
            ratio = median(_first_ratios(first, model, key))
            found.append(Aim(f"{model} / {RIVAL}, {name}", ratio, limit, "x"))
    for label, taken in summary.items():
        for model, tier in tiers.items():
            if tier == "fast":
                ratio, preview = (taken[model][key]["median"] for key in ("ratio", "preview_ratio"))
                found.append(Aim(f"{model} / {RIVAL}, {label}", ratio, RATIO, "x"))
                name = f"{model}'s preview / {RIVAL}, {label}"
                found.append(Aim(name, preview, PREVIEW_RATIO, "x"))
            blocked = taken[model]["blocked_ms"]["median"]
            found.append(Aim(f"{model} blocks, {label}", blocked, BLOCKED_MS, "ms"))
    return found


def _scores(contest: Contest, folder: Path) -> dict[str, float]:
    """Means over the photos with real ground truth, by the folder's own scorer."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    if not spec or not spec.loader:
        raise FileNotFoundError(folder / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    entries = json.loads((folder / "manifest.json").read_text())["photos"]
    rows = []
    for entry in entries:
        if entry["tier"] != "gt":
            continue
        png = contest.cut(RIVAL, folder / entry["file"], wanted=True)["png"]
        with tempfile.NamedTemporaryFile(suffix=".png") as file:
            file.write(base64.b64decode(png))
            file.flush()
            truth, _ = score.load_matte(folder / entry["gt"])
            matte, _ = score.load_matte(file.name, truth.shape[::-1])
        rows.append(score.score_one(matte, truth, entry["gt_type"])[0])
    columns = ("MAE", "IoU", "maxF", "bMAE", "tMAE")
    known = {name: [row[name] for row in rows if row[name] == row[name]] for name in columns}
    return {name: float(sum(values) / len(values)) for name, values in known.items()}


def _lines(result: dict[str, Any], found: list[Aim]) -> Iterator[str]:
    yield f"{result['browser']}; {result['machine']['cpu']}, {result['machine']['cores']} cores"
    yield ""
    yield from (aim_line(aim) for aim in found)
    for label, taken in result["summary"].items():
        yield ""
        yield f"{label}, session up                  median  (min .. max)"
        for who, values in taken.items():
            yield f"  {who:<12} ms                {spread_line(values['ms'])}"
            yield f"  {who:<12} / {RIVAL}           {spread_line(values['ratio'], 2)}"
            if "preview_ratio" in values:
                line = spread_line(values["preview_ratio"], 2)
                yield f"  {who:<12} preview / {RIVAL}   {line}"
            yield f"  {who:<12} blocks the page ms{spread_line(values['blocked_ms'])}"
    yield ""
    yield "first cutout (1 MP), with everything it fetches"
    for who, taken in result["samples"]["first"].items():
        yield f"  {who:<12} ms                {spread_line(spread(one['ms'] for one in taken))}"
        if who != RIVAL:
            line = spread_line(spread(one["preview"] for one in taken))
            yield f"  {who:<12} preview ms        {line}"
        yield f"  {who:<12} bytes             {taken[0]['fetched']:>12}"
    if result["scores"]:
        means = "  ".join(f"{name} {value:.4f}" for name, value in result["scores"].items())
        yield f"\n{RIVAL}'s scores: {means}"
    yield from load_lines(result)


def _options() -> argparse.Namespace:
    parser = command_line("matte", __doc__)
    parser.add_argument("--pairs", type=int, default=3, help="rounds per photo")
    parser.add_argument("--models", nargs="+", help="ids; all that are installed when left out")
    parser.add_argument("--eval", type=Path, help="folder whose photos the other is scored on")
    return parser.parse_args()


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
