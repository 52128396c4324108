"""Many photos at once: how fast, how smooth, in how much memory, and how they come and go.

    python -m bench.batch [--photos 50] [--single 3] [--zip 200] [--rounds 3] [--out FILE]
        [--parts batch,restore,zip]

In the page itself, with the recommended model: photos of 12 megapixels in one drop against the sum
of as many single ones, the page's longest task on the way, and what its processes hold over time,
also after "Start again"; the time until all previews are back when the page is loaded anew; and how
fast a ZIP of many photos is written, in how much memory. Prints the medians with their aims and
writes every sample as JSON. Starts its own server and browsers and ends them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome

from bench import machine
from bench.documents import ROOT, SCRIPT
from bench.machine import Neighbours
from bench.options import command_line, listed, write
from bench.photos import SIZES, Photo, make_photos
from bench.resident import peak_of, renderers, resident
from bench.visit import LONG, ask, choose, opened, serving
from tests.harness import browsers

HERE = Path(__file__).parent
BATCH = (HERE / "batch.js").read_text()
PARTS = ("batch", "restore", "zip")
#: What each figure should come to, at most; of those with a minus, at least.
AIMS = {
    "batch of sum": 1.0,
    "MB peak over": 400.0,
    "MB after over share": 0.05,
    "longest task ms": 50.0,
    "restored ms": 1500.0,
    "ZIP MB/s": -60.0,
    "ZIP MB peak over": 300.0,
}
EVERY_S = 1.0
REST_S = 30
"""Until workers that have nothing to do have given their memory back."""


def main() -> int:
    """Measure, print, write."""
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    machine.end_within(2 * LONG)
    facts, neighbours = machine.facts(), Neighbours()
    samples: dict[str, list[dict[str, Any]]] = {part: [] for part in options.parts}
    with tempfile.TemporaryDirectory() as folder, serving(ROOT) as url:
        photos = _copies(make_photos(Path(folder), SIZES)[-1], max(options.photos, options.zip))
        measures = {"batch": _batch, "restore": _restore, "zip": _zip}
        for part in options.parts:
            for _ in range(options.rounds if part == "restore" else 1):
                taken = measures[part](url, photos, options)
                samples[part].append(taken)
                shown = {key: value for key, value in taken.items() if key != "memory MB"}
                print(part, json.dumps(shown), flush=True)
    medians = _medians(samples)
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": facts,
        "settings": {key: getattr(options, key) for key in ("photos", "single", "zip", "rounds")},
        "neighbours_cores": neighbours.cores(),
        "samples": samples,
        "medians": medians,
        "aims": AIMS,
    }
    for name, value in medians.items():
        print(f"{name:<28} {value:>10.2f}   {_aim(name)}")
    write(options.out, result)
    return 0


def _copies(photo: Photo, count: int) -> list[Photo]:
    """The same picture in files of their own: the page adds none twice."""
    data = photo.path.read_bytes()
    copies = []
    for number in range(count):
        path = photo.path.with_name(f"photo-{number:03}.jpg")
        # Behind the end of a JPEG, bytes mean nothing.
        path.write_bytes(data + number.to_bytes(2, "big"))
        copies.append(Photo(photo.label, path, photo.width, photo.height))
    return copies


def _batch(url: str, photos: list[Photo], options: argparse.Namespace) -> dict[str, Any]:
    """So many photos in one drop against as many times a single one; memory and longest task."""
    with opened(url) as driver:
        singles = []
        for photo in photos[: options.single + 1]:
            choose(driver, [photo])
            singles.append(ask(driver, SCRIPT, "shown", count=1)["allShown"])
            ask(driver, SCRIPT, "clear")
        # The first one brought the model up.
        single = statistics.median(singles[1:])
        pids = renderers(driver.service.process.pid)
        begin = resident(pids)
        many = photos[: options.photos]
        with _over_time(pids) as memory, peak_of(pids) as peak:
            choose(driver, many)
            taken = ask(driver, SCRIPT, "shown", count=len(many))["allShown"]
            task = ask(driver, BATCH, "task")
            scrolled = ask(driver, BATCH, "scroll")
        ask(driver, SCRIPT, "clear")
        time.sleep(REST_S)
        return {
            "single ms": single,
            "photos a minute": 60_000 * len(many) / taken,
            "batch of sum": taken / (single * len(many)),
            "longest task ms": task,
            "longest task scrolling ms": scrolled,
            "MB begin": begin / 1e6,
            "MB peak over": (peak.bytes - begin) / 1e6,
            "MB after over share": resident(pids) / begin - 1,
            "memory MB": [round((bytes_ - begin) / 1e6) for bytes_ in memory],
        }


def _restore(url: str, photos: list[Photo], options: argparse.Namespace) -> dict[str, Any]:
    """A page loaded anew with photos that are kept: ms until all previews that can be seen are.

    The first time, its modules come through the service worker, which was not there before.
    """
    with opened(url) as driver:
        # Small ones come back as large ones do: by their previews, which are as large.
        many = _small(photos[: options.photos])
        choose(driver, many)
        ask(driver, SCRIPT, "shown", count=len(many))
        ask(driver, BATCH, "kept", count=len(many))
        first, again = (_reloaded(driver, len(many)) for _ in range(2))
        return {
            "restored ms": first["ms"],
            "restored longest task ms": first["task"],
            "restored again ms": again["ms"],
        }


def _reloaded(driver: Chrome, count: int) -> dict[str, float]:
    """Once it is at rest: neither files nor what the page keeps for later are being made."""
    machine.await_quiet(driver.service.process.pid, at_most=60)
    driver.refresh()
    taken: dict[str, float] = ask(driver, BATCH, "restored", count=count)
    return taken


def _small(photos: list[Photo]) -> list[Photo]:
    folder = photos[0].path.parent / "small"
    folder.mkdir(exist_ok=True)
    [small] = make_photos(folder, {"1 MP": SIZES["1 MP"]})
    return _copies(small, len(photos))


def _zip(url: str, photos: list[Photo], options: argparse.Namespace) -> dict[str, Any]:
    """A ZIP of files that are there, and of so many photos with their files made on the way."""
    with opened(url) as driver:
        ready = ask(driver, BATCH, "packed", files=options.zip, bytes=4_000_000)
        many = _small(photos[: options.zip])
        choose(driver, many)
        ask(driver, SCRIPT, "shown", count=len(many))
        pids = renderers(driver.service.process.pid)
        begin = resident(pids)
        with peak_of(pids) as peak:
            whole = ask(driver, BATCH, "zip")
        return {
            "ZIP MB/s": ready["bytes"] / ready["ms"] / 1000,
            "ZIP MB peak over": (peak.bytes - begin) / 1e6,
            "ZIP s with making files": whole["ms"] / 1000,
        }


@contextmanager
def _over_time(pids: list[int]) -> Iterator[list[int]]:
    """What these processes hold, each second while the body runs."""
    held: list[int] = []
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(EVERY_S):
            held.append(resident(pids))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield held
    finally:
        is_over.set()
        watcher.join()


def _medians(samples: dict[str, list[dict[str, Any]]]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for taken in samples.values():
        for sample in taken:
            for name, value in sample.items():
                if not isinstance(value, list):
                    found.setdefault(name, []).append(value)
    return {name: statistics.median(values) for name, values in found.items()}


def _aim(name: str) -> str:
    aim = AIMS.get(name)
    if aim is None:
        return ""
    return f"aim: at least {-aim:g}" if aim < 0 else f"aim: at most {aim:g}"


def _options() -> argparse.Namespace:
    parser = command_line("batch", __doc__)
    parser.add_argument("--photos", type=int, default=50, help="in the batch")
    parser.add_argument("--single", type=int, default=3, help="photos by themselves")
    parser.add_argument("--zip", type=int, default=200, help="files in the ZIP")
    parser.add_argument("--rounds", type=int, default=3, help="of coming back")
    parser.add_argument("--parts", type=listed, default=list(PARTS))
    options = parser.parse_args()
    if min(options.photos, options.single, options.zip, options.rounds) < 1:
        parser.error("--photos, --single, --zip and --rounds are at least 1")
    if not set(options.parts) <= set(PARTS):
        parser.error(f"--parts are some of: {', '.join(PARTS)}")
    return options


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
