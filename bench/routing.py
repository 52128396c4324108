"""How long deciding on a backend takes, and what a wrong decision would cost.

    python -m bench.routing [--visits 5] [--pairs 5] [--cap 60] [--quick] [--out FILE]

Three devices: Chromium without a WebGPU adapter; with SwiftShader, which is a GPU played on the
CPU; and with a SwiftShader that says it is a graphics card, so that it is measured like one. It is
too slow for that, which makes it the worst case rather than one to aim at. Cold is a browser that
has never been here, warm is a reload. No decision includes a download. Starts its own server and
browsers and ends them.
"""

from __future__ import annotations

import argparse
import base64
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome

from bench import machine
from bench.machine import Neighbours
from bench.measure import Deadline, PageFailedError
from bench.options import command_line, write
from bench.summary import Aim, spread
from bench.table import aim_line, load_lines, spread_line
from server import create_app
from tests.harness import browsers
from tests.harness.sabotage import Sabotage, bare_page, looks_like, sabotage
from tests.harness.site import Site, serving

SCRIPT = (Path(__file__).parent / "routing.js").read_text()
PHOTO = Path(__file__).parents[1] / "tests" / "fixtures" / "photos" / "chelsea.png"

#: Arguments of Chromium and faults of its workers.
DEVICES: dict[str, tuple[tuple[str, ...], tuple[Sabotage, ...]]] = {
    "no GPU": ((), ()),
    "software GPU": ((browsers.SOFTWARE_GPU,), ()),
    "posing GPU": ((browsers.SOFTWARE_GPU,), (looks_like(),)),
}
COLD_MS, WARM_MS = 400, 150
RATIO = 1.2
JUDGED = ("no GPU", "software GPU")

PAIRS_SECONDS = 240
"""No pair that would end later is begun; a slow machine gives fewer samples."""

HARD_LIMIT = 590
"""Seconds after which everything is ended, whatever it is doing."""


def main() -> int:
    """Measure, print, write."""
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    machine.end_within(HARD_LIMIT)
    facts = machine.facts()
    with serving(create_app()) as site:
        samples = {
            "decisions": {name: list(_decisions(site, name, options.visits)) for name in DEVICES},
            **_pairs(site, options.pairs),
            "wrong": _wrong(site, options.cap),
        }
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": facts,
        "settings": {"visits": options.visits, "pairs": options.pairs, "cap_s": options.cap},
        "photo": PHOTO.name,
        "samples": samples,
        "neighbours_cores": samples.pop("neighbours_cores"),
    }
    result["summary"] = summary = _summary(samples)
    found = _aims(summary)
    result["aims"] = [{**asdict(aim), "met": aim.met} for aim in found]
    print("\n".join(_lines(result, found)))
    write(options.out, result)
    return 0


def _ask(driver: Chrome, task: str, **given: Any) -> Any:
    answer = driver.execute_async_script(SCRIPT, task, given)
    if "error" in answer:
        raise PageFailedError(answer["error"])
    return answer["value"]


@contextmanager
def _browser(site: Site, device: str) -> Iterator[Chrome]:
    """A browser that has never been here, on a page of the site that does nothing by itself."""
    arguments, faults = DEVICES[device]
    site.faults.clear()
    address = bare_page(site)
    if faults:
        sabotage(site, faults)
    with browsers.chromium(*arguments) as driver:
        driver.set_script_timeout(160)
        # A browser that has just been started is busy with itself; a visitor's has been open.
        machine.await_quiet(driver.service.process.pid)
        driver.get(address)
        _ask(driver, "catalog")
        yield driver


def _decisions(site: Site, device: str, visits: int) -> Iterator[dict[str, Any]]:
    for _ in range(visits):
        with _browser(site, device) as driver:
            cold = _ask(driver, "decide")
            same_page = _ask(driver, "decide")
            driver.refresh()
            _ask(driver, "catalog")
            yield {"cold": cold, "same_page": same_page, "warm": _ask(driver, "decide")}


def _pairs(site: Site, wanted: int) -> dict[str, Any]:
    """First and second photo after a reload, everything stored, with a software GPU and without.

    Which of the two devices comes first changes from pair to pair. The first pair warms up,
    compilers included, and is dropped.
    """
    taken = []
    with ExitStack() as open_browsers:
        drivers = {name: open_browsers.enter_context(_browser(site, name)) for name in JUDGED}
        for driver in drivers.values():
            _ask(driver, "download", backend="auto")
        neighbours = Neighbours()
        for index in Deadline(PAIRS_SECONDS).rounds(wanted + 1):
            pair = {}
            for name in JUDGED if index % 2 else reversed(JUDGED):
                driver = drivers[name]
                driver.refresh()
                _ask(driver, "catalog")
                pair[name] = {nth: _cut_out(driver, "auto") for nth in ("first", "next")}
            taken.append(pair)
        busy = neighbours.cores()
    return {"pairs": taken[1:], "neighbours_cores": busy}


def _wrong(site: Site, cap: float) -> dict[str, Any]:
    """The software GPU forced, and left to the router, each on a page just opened."""
    taken = {}
    with _browser(site, "software GPU") as driver:
        for backend in ("auto", "webgpu"):
            _ask(driver, "download", backend=backend)
            driver.refresh()
            _ask(driver, "catalog")
            taken[backend] = _cut_out(driver, backend, cap)
    return taken


def _cut_out(driver: Chrome, backend: str, cap: float = 120) -> dict[str, Any]:
    photo = base64.b64encode(PHOTO.read_bytes()).decode()
    taken = _ask(driver, "cutout", photo=photo, backend=backend, capMs=cap * 1000)
    return dict(taken)


def _summary(samples: dict[str, Any]) -> dict[str, Any]:
    decisions = {
        name: {
            when: spread(visit[when]["ms"] for visit in taken)
            for when in ("cold", "warm", "same_page")
        }
        for name, taken in samples["decisions"].items()
    }
    pairs = {
        nth: {
            "ratio": spread(
                pair["software GPU"][nth]["ms"] / pair["no GPU"][nth]["ms"]
                for pair in samples["pairs"]
            ),
            **{name: spread(pair[name][nth]["ms"] for pair in samples["pairs"]) for name in JUDGED},
        }
        for nth in ("first", "next")
    }
    wrong = samples["wrong"]
    cost = wrong["webgpu"]["ms"] / wrong["auto"]["ms"]
    return {"decisions": decisions, "pairs": pairs, "cost_of_being_wrong": cost}


def _aims(summary: dict[str, Any]) -> list[Aim]:
    """What the project promises itself; a decision is judged by the slower device's median."""
    decisions = [summary["decisions"][name] for name in JUDGED]
    slowest = {when: max(d[when]["median"] for d in decisions) for when in ("cold", "warm")}
    ratio = summary["pairs"]["first"]["ratio"]["median"]
    return [
        Aim("decision, cold", slowest["cold"], COLD_MS, "ms"),
        Aim("decision, warm", slowest["warm"], WARM_MS, "ms"),
        Aim("first photo, software GPU / none", ratio, RATIO, ""),
    ]


def _lines(result: dict[str, Any], found: list[Aim]) -> Iterator[str]:
    summary, samples = result["summary"], result["samples"]
    yield f"{result['machine']['cpu']}, {result['machine']['cores']} cores"
    yield ""
    yield from (aim_line(aim) for aim in found)
    yield ""
    yield "decision without downloads, ms       median  (min .. max)"
    for name, taken in summary["decisions"].items():
        reason = samples["decisions"][name][0]["cold"]["reason"]
        for when, values in taken.items():
            yield f"  {name:<13} {when:<10}        {spread_line(values)}  {reason}"
    for nth, taken in summary["pairs"].items():
        yield f"{nth} photo after a reload, everything stored, auto"
        yield f"  software GPU / no GPU      {spread_line(taken['ratio'], 2)}"
        for name in JUDGED:
            yield f"  {name:<13} ms              {spread_line(taken[name])}"
    yield "the software GPU, first photo of a page"
    for backend, taken in samples["wrong"].items():
        ended = "given up" if taken["isCapped"] else f"{taken['ran']}, {taken['reason']}"
        yield f"  {backend:<13} ms              {taken['ms']:>8.0f}  {ended}"
    more = "more than " if samples["wrong"]["webgpu"]["isCapped"] else ""
    yield f"  forced / auto: {more}{summary['cost_of_being_wrong']:.0f} times as long"
    yield from load_lines(result)


def _options() -> argparse.Namespace:
    parser = command_line("routing", __doc__)
    parser.add_argument("--visits", type=int, default=5, help="of each device, in a new browser")
    parser.add_argument("--pairs", type=int, default=5, help="of photos with and without a GPU")
    parser.add_argument("--cap", type=float, default=60, help="seconds after which it is given up")
    parser.add_argument("--quick", action="store_true", help="two visits, two pairs, 15 s")
    options = parser.parse_args()
    if options.quick:
        options.visits = options.pairs = 2
        options.cap = 15
    if min(options.visits, options.pairs) < 1:
        parser.error("--visits and --pairs are at least 1")
    return options


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
