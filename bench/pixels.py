"""What happens to a photo's pixels: how long each stage takes, and how much memory it needs.

    python -m bench.pixels [--rounds 5] [--photos 50] [--parts stages,alternatives,batch]
        [--sizes "1 MP,12 MP,50 MP"] [--types "PNG,WebP 80"] [--quick] [--out FILE]

Photos of 1, 12 and 50 megapixels are written as every type of file; resizing and PNG are compared
with what a canvas does, pair by pair; and a batch of photos has to end at the memory that it began
with. Prints a table and writes every sample as JSON. Starts its own server and browsers and ends
them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.remote_connection import RemoteConnection

from bench import machine
from bench.machine import Neighbours
from bench.measure import WATCH, PageFailedError
from bench.options import command_line, listed, write
from bench.photos import LARGE, SIZES, Photo, make_photos
from bench.pixels_summary import aims, lines, summarise
from bench.resident import peak_of, renderers, resident
from server import create_app
from tests.harness import browsers
from tests.harness.sabotage import bare_page
from tests.harness.site import Answer, Site, serving

HERE = Path(__file__).parent
SCRIPT = (HERE / "pixels.js").read_text()
ALTERNATIVES = (HERE / "alternatives.js").read_text()

#: Every type of file, and what JPEG and lossy WebP come to.
OUTPUTS: dict[str, dict[str, Any]] = {
    "PNG": {"type": "image/png"},
    "WebP lossless": {"type": "image/webp", "quality": "lossless"},
    "WebP 80": {"type": "image/webp", "quality": 80},
    "AVIF 70": {"type": "image/avif", "quality": 70},
    "JPEG 90": {"type": "image/jpeg", "quality": 90},
}
PAIRS = {"resize to 320": ("resize", 320), "resize to 1024": ("resize", 1024), "PNG": ("png", None)}
PARTS = ("stages", "alternatives", "batch")

#: Has the browser answer at once how much memory it uses, instead of at its next collection.
EAGER = "--enable-blink-features=ForceEagerMeasureMemory"

HARD_LIMIT = 1800
"""Seconds after which everything is ended, whatever it is doing."""


def main() -> int:
    """Measure, print, write."""
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    machine.end_within(HARD_LIMIT)
    facts = machine.facts()
    sizes = {label: size for label, size in (SIZES | LARGE).items() if label in options.sizes}
    with tempfile.TemporaryDirectory() as folder, serving(create_app()) as site:
        photos = make_photos(Path(folder), sizes)
        neighbours = Neighbours()
        samples: dict[str, Any] = {}
        if "stages" in options.parts:
            samples["stages"] = {p.label: _stages(site, p, options) for p in photos}
        if "alternatives" in options.parts:
            samples["alternatives"] = _alternatives(site, photos, options.rounds + 2)
        if "batch" in options.parts:
            samples["batch"] = _batch(site, photos[-1], options.photos)
    result: dict[str, Any] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": facts,
        "settings": {"rounds": options.rounds, "photos": options.photos},
        "neighbours_cores": neighbours.cores(),
        "load_1min_after": round(os.getloadavg()[0], 2),
        "samples": samples,
    }
    result["summary"] = summarise(samples)
    found = aims(result["summary"])
    result["aims"] = [{**asdict(aim), "met": aim.met} for aim in found]
    print("\n".join(lines(result, found)))
    write(options.out, result)
    return 0


@contextmanager
def _page(site: Site, *arguments: str) -> Iterator[Chrome]:
    """A page that does nothing by itself, with the session up."""
    with browsers.chromium(EAGER, *arguments) as driver:
        driver.set_script_timeout(600)
        remote = cast("RemoteConnection", driver.command_executor)
        remote.client_config.timeout = 620
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        driver.get(bare_page(site, cores=os.cpu_count() or 2))
        _ask(driver, "preload")
        yield driver


def _ask(driver: Chrome, task: str, **given: Any) -> Any:
    answer = driver.execute_async_script(SCRIPT, task, given)
    if "error" in answer:
        raise PageFailedError(answer["error"])
    return answer.get("value")


def _choose(driver: Chrome, photo: Photo) -> str:
    name = f"photo-{photo.width}"
    _ask(driver, "input", id=name)
    driver.find_element(By.ID, name).send_keys(str(photo.path))
    return name


def _stages(
    site: Site, photo: Photo, options: argparse.Namespace
) -> dict[str, list[dict[str, Any]]]:
    """Cutouts of one size by type of file, each type in a browser of its own: memory that one has
    taken is not counted for another. The first round warms up, compilers included; its memory
    counts.
    """
    taken = {}
    for label in options.types:
        with _page(site) as driver:
            name = _choose(driver, photo)
            pids = renderers(driver.service.process.pid)
            _ask(driver, "memory")
            loaded = resident(pids)
            samples = []
            for _ in range(1 + _worth(label, photo, options.rounds)):
                with peak_of(pids) as peak:
                    sample = _ask(driver, "cut", id=name, output=OUTPUTS[label])
                sample["over_session"] = peak.bytes - loaded
                samples.append(sample)
                mb = sample["over_session"] / 1e6
                print(f"{photo.label}, {label}: {sample['ms']:.0f} ms, {mb:.0f} MB", flush=True)
            taken[label] = samples
    return taken


def _worth(label: str, photo: Photo, rounds: int) -> int:
    """Fewer repetitions of what takes long and varies little."""
    if photo.width > SIZES["12 MP"][0]:
        return 2 if label == "PNG" else 0
    return rounds if label == "PNG" else min(rounds, 2)


def _alternatives(site: Site, photos: list[Photo], rounds: int) -> dict[str, Any]:
    """Ours and the canvas's in turn; which comes first changes from pair to pair."""
    taken: dict[str, Any] = {}

    def with_alternatives(answer: Answer) -> Answer:
        return answer.with_body(answer.body + ALTERNATIVES.encode())

    for photo in (photo for photo in photos if photo.label in SIZES):
        site.faults["workers/model.js"] = with_alternatives
        with _page(site) as driver:
            _ask(driver, "prepare", id=_choose(driver, photo))
            taken[photo.label] = {name: [] for name in PAIRS}
            for index in range(rounds + 1):
                order = ("ours", "canvas") if index % 2 else ("canvas", "ours")
                for name, (what, side) in PAIRS.items():
                    pair = {
                        by: _ask(driver, "alternative", what=what, by=by, side=side) for by in order
                    }
                    if index > 0:
                        taken[photo.label][name].append(pair)
    site.faults.clear()
    return taken


def _batch(site: Site, photo: Photo, count: int) -> dict[str, Any]:
    """Memory with the session up, and again after many photos."""
    with _page(site) as driver:
        name = _choose(driver, photo)
        pids = renderers(driver.service.process.pid)
        begin = _ask(driver, "memory")
        begin_resident = resident(pids)
        with peak_of(pids) as peak:
            times = _ask(driver, "batch", id=name, count=count, output={})
        end = _ask(driver, "memory")
        return {
            "photo": photo.label,
            "times_ms": [time["ms"] for time in times],
            "stages": [time["stages"] for time in times],
            "begin": begin,
            "end": end,
            "resident": {
                "begin": begin_resident,
                "peak": peak.bytes,
                "end": resident(pids),
            },
        }


def _options() -> argparse.Namespace:
    parser = command_line("pixels", __doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of each measurement")
    parser.add_argument("--photos", type=int, default=50, help="in the batch")
    parser.add_argument("--parts", type=listed, default=list(PARTS))
    parser.add_argument("--sizes", type=listed, default=list(SIZES | LARGE))
    parser.add_argument("--types", type=listed, default=list(OUTPUTS))
    parser.add_argument("--quick", action="store_true", help="two rounds, ten photos")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.photos = 2, 10
    if min(options.rounds, options.photos) < 1:
        parser.error("--rounds and --photos are at least 1")
    for name, known in (("parts", PARTS), ("sizes", SIZES | LARGE), ("types", OUTPUTS)):
        if not set(getattr(options, name)) <= set(known):
            parser.error(f"--{name} are some of: {', '.join(known)}")
    return options


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
