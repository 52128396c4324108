"""What a person waits for at a first and at a second visit, with each model.

    python -m bench.visits [--rounds 5] [--models u2netp,isnet-duo-light] [--against CHECKOUT]
        [--rest 2] [--out FILE]

In the page itself, on a photo of 2 megapixels: from choosing it to the first picture of its cutout
(a preview), to the whole one, and to the file. The first visit is a browser's that has nothing
stored; the second one opens the page anew in the same browser, and chooses the photo after `--rest`
seconds. A large download is agreed to at once. With `--against` another checkout, installed as this
one is, is measured in turn with this one: pair by pair, who comes first changes. Prints medians and
writes every sample as JSON. Starts its own servers and browsers and ends them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import machine
from bench.machine import Neighbours
from bench.options import command_line, listed, write
from bench.photos import Photo, make_photos
from bench.visit import LONG, ask, drop, opened, serving
from tests.harness import browsers

HERE = Path(__file__).parent
ROOT = HERE.parent
SCRIPT = (HERE / "visits.js").read_text()
SIZE = {"2 MP": (1632, 1224)}
TIMES = ("preview", "whole", "file")


def main() -> int:
    """Measure, print, write."""
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    machine.end_within(2 * LONG)
    facts, neighbours = machine.facts(), Neighbours()
    # Photos of the visit before would be another card.
    os.environ["MATTEBOX_KEEP"] = "never"
    checkouts = {"here": ROOT, **({"there": options.against} if options.against else {})}
    samples: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        [photo] = make_photos(Path(folder), SIZE)
        for index in range(options.rounds):
            for name in list(checkouts) if index % 2 else list(checkouts)[::-1]:
                with serving(checkouts[name]) as url:
                    for model in options.models:
                        taken = _visits(f"{url}?model={model}&backend=wasm", photo, options.rest)
                        samples.append({"of": name, "model": model, **taken})
                        print(json.dumps(samples[-1]), flush=True)
    medians = _medians(samples)
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": facts,
        "settings": {key: getattr(options, key) for key in ("rounds", "models", "rest")},
        "neighbours_cores": neighbours.cores(),
        "samples": samples,
        "medians": medians,
    }
    for row, value in medians.items():
        print(f"{row:<48} {value:>8.0f}")
    write(options.out, result)
    return 0


def _visits(url: str, photo: Photo, rest: float) -> dict[str, dict[str, float]]:
    """Both visits, in a browser of its own: ms from choosing the photo."""
    with opened(url) as driver:
        found = {}
        for visit in ("first", "second"):
            if visit == "second":
                driver.get(url)
                time.sleep(rest)
            ask(driver, SCRIPT, "watch")
            drop(driver, [photo])
            found[visit] = ask(driver, SCRIPT, "seen")
        return found


def _medians(samples: list[dict[str, Any]]) -> dict[str, float]:
    """By checkout, model and visit, each time."""
    found: dict[str, list[float]] = {}
    for sample in samples:
        for visit in ("first", "second"):
            for name in TIMES:
                row = f"{sample['of']}: {sample['model']}, {visit} visit, {name} ms"
                found.setdefault(row, []).append(sample[visit][name])
    return {row: statistics.median(values) for row, values in found.items()}


def _options() -> argparse.Namespace:
    parser = command_line("visits", __doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--models", type=listed, default=["u2netp", "isnet-duo-light"])
    parser.add_argument("--rest", type=float, default=2, help="seconds before the second photo")
    parser.add_argument("--against", type=Path, help="another checkout, measured in turn")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    return options


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
