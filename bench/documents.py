"""What a person waits for between dropping photos and taking files, and what a batch holds.

    python -m bench.documents [--rounds 5] [--cards 20] [--photos 50] [--against CHECKOUT]
        [--parts visits,cards,batch] [--out FILE]

In the page itself: from choosing a photo to its picture and to its file, at 1 and 12 megapixels;
from choosing another background until every card shows it; and the memory of a batch, over that of
the page with its model up, and after "Start again". With `--against` another checkout, installed as
this one is, is measured in turn with this one: pair by pair, who comes first changes. Prints a
table and writes every sample as JSON. Starts its own servers and browsers and ends them.
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
from bench.photos import SIZES, Photo, make_photos
from bench.resident import peak_of, renderers, resident
from bench.visit import LONG, ask, choose, drop, opened, serving
from tests.harness import browsers

HERE = Path(__file__).parent
ROOT = HERE.parent
SCRIPT = (HERE / "documents.js").read_text()
PARTS = ("visits", "cards", "batch")


def main() -> int:
    """Measure, print, write."""
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    machine.end_within(2 * LONG)
    facts, neighbours = machine.facts(), Neighbours()
    checkouts = {"here": ROOT, **({"there": options.against} if options.against else {})}
    samples: dict[str, list[dict[str, Any]]] = {part: [] for part in options.parts}
    with tempfile.TemporaryDirectory() as folder:
        photos = make_photos(Path(folder), SIZES)
        for index in range(options.rounds):
            order = list(checkouts) if index % 2 else list(checkouts)[::-1]
            for part in options.parts:
                if part == "batch" and index > 0:
                    continue
                measure = {"visits": _visits, "cards": _cards, "batch": _batch}[part]
                for name in order:
                    with serving(checkouts[name]) as url:
                        taken = measure(url, photos, options)
                    samples[part].append({"of": name, **taken})
                    print(part, name, json.dumps(taken), flush=True)
    medians = _medians(samples)
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": facts,
        "settings": {key: getattr(options, key) for key in ("rounds", "cards", "photos")},
        "neighbours_cores": neighbours.cores(),
        "samples": samples,
        "medians": medians,
    }
    for name, value in medians.items():
        print(f"{name:<40} {value:>10.0f}")
    write(options.out, result)
    return 0


def _visits(url: str, photos: list[Photo], _options: argparse.Namespace) -> dict[str, Any]:
    """One photo of each size, the model up: ms until its picture, until its file, longest task."""
    found: dict[str, Any] = {}
    for photo in photos:
        with opened(url) as driver:
            drop(driver, [photos[0]])
            ask(driver, SCRIPT, "follow", count=1)
            ask(driver, SCRIPT, "clear")
            choose(driver, [photo])
            taken = ask(driver, SCRIPT, "follow", count=1)
            label = photo.label
            found |= {
                f"{label} shown ms": taken["shown"],
                f"{label} file ms": taken["made"],
                f"{label} longest task ms": taken["task"],
            }
    return found


def _cards(url: str, photos: list[Photo], options: argparse.Namespace) -> dict[str, Any]:
    """So many cards of 12 megapixels, all in view, on another colour: ms a card."""
    with opened(url, height=180 * options.cards) as driver:
        drop(driver, [photos[-1]] * options.cards)
        ask(driver, SCRIPT, "follow", count=options.cards)
        first = ask(driver, SCRIPT, "background", colour="#3366cc")
        ask(driver, SCRIPT, "rest")
        second = ask(driver, SCRIPT, "background", colour="#cc6633")
        names = {"first ms a card": first, "ms a card": second}
        return {name: taken["ms"] / options.cards for name, taken in names.items()}


def _batch(url: str, photos: list[Photo], options: argparse.Namespace) -> dict[str, Any]:
    """What the page's processes hold over what they hold with the model up, and one photo done."""
    with opened(url) as driver:
        drop(driver, [photos[0]])
        ask(driver, SCRIPT, "follow", count=1)
        ask(driver, SCRIPT, "clear")
        pids = renderers(driver.service.process.pid)
        begin = resident(pids)
        with peak_of(pids) as peak:
            choose(driver, [photos[-1]] * options.photos)
            taken = ask(driver, SCRIPT, "shown", count=options.photos)
            held = resident(pids)
        ask(driver, SCRIPT, "clear")
        time.sleep(30)
        return {
            "MB begin": begin / 1e6,
            "MB peak over": (peak.bytes - begin) / 1e6,
            "MB held over": (held - begin) / 1e6,
            "MB after over": (resident(pids) - begin) / 1e6,
            "all shown s": taken["allShown"] / 1000,
        }


def _medians(samples: dict[str, list[dict[str, Any]]]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for taken in samples.values():
        for sample in taken:
            for name, value in sample.items():
                if name != "of":
                    found.setdefault(f"{sample['of']}: {name}", []).append(value)
    return {name: statistics.median(values) for name, values in found.items()}


def _options() -> argparse.Namespace:
    parser = command_line("documents", __doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of each measurement but the batch")
    parser.add_argument("--cards", type=int, default=20)
    parser.add_argument("--photos", type=int, default=50, help="in the batch")
    parser.add_argument("--parts", type=listed, default=list(PARTS))
    parser.add_argument("--against", type=Path, help="another checkout, measured in turn")
    options = parser.parse_args()
    if min(options.rounds, options.cards, options.photos) < 1:
        parser.error("--rounds, --cards and --photos are at least 1")
    if not set(options.parts) <= set(PARTS):
        parser.error(f"--parts are some of: {', '.join(PARTS)}")
    return options


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
