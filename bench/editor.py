"""How the editor feels, and what it holds.

    python -m bench.editor [--rounds 3] [--strokes 300] [--sizes "12 MP,50 MP"] [--out FILE]

In the page itself, with a real mouse (through the browser's own input): from "Touch up" until the
photo is to be seen, and the frames while a brush is drawn across it. Through the public seam: a
call of a stroke and its last one, undo of the last of many, an edge solved over 400 x 400 pixels,
the file with all edits, and the memory over that of the page with the photo cut out. Prints the
medians and writes every sample as JSON. Starts its own servers and browsers and ends them.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from bench import machine
from bench.machine import Neighbours
from bench.options import command_line, listed, write
from bench.photos import LARGE, SIZES, Photo, make_photos
from bench.resident import peak_of, renderers, resident
from bench.visit import LONG, ask, drop, opened, serving
from tests.harness import browsers

HERE = Path(__file__).parent
ROOT = HERE.parent
SCRIPT = (HERE / "editor.js").read_text()
INPUT = """
const input = Object.assign(document.createElement('input'), { type: 'file', id: 'bench-photo' });
document.body.append(input);
"""
EVERY = 1 / 120
"""Seconds between two moves of the mouse: what a fast one reports."""
MOVES = 360


def main() -> int:
    """Measure, print, write."""
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    machine.end_within(LONG)
    facts, neighbours = machine.facts(), Neighbours()
    samples: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder, serving(ROOT) as url:
        sizes = {label: size for label, size in (SIZES | LARGE).items() if label in options.sizes}
        photos = make_photos(Path(folder), sizes)
        for _ in range(options.rounds):
            for photo in photos:
                taken = {"of": photo.label, **_by_hand(url, photo), **_by_seam(url, photo, options)}
                samples.append(taken)
                print(json.dumps(taken), flush=True)
    medians = {
        f"{label}: {name}": statistics.median(one[name] for one in samples if one["of"] == label)
        for label in sizes
        for name in samples[0]
        if name != "of"
    }
    for name, value in medians.items():
        print(f"{name:<44} {value:>10.2f}")
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": facts,
        "settings": {"rounds": options.rounds, "strokes": options.strokes},
        "neighbours_cores": neighbours.cores(),
        "samples": samples,
        "medians": medians,
    }
    write(options.out, result)
    return 0


def _by_hand(url: str, photo: Photo) -> dict[str, Any]:
    """Opened twice, the second time with all of its modules here; then a brush across the photo."""
    with opened(url) as driver:
        _cut_out(driver, photo)
        first = ask(driver, SCRIPT, "open")["ms"]
        time.sleep(2)
        ask(driver, SCRIPT, "close")
        again = ask(driver, SCRIPT, "open")["ms"]
        # Until everything of it is as sharp as it gets.
        time.sleep(5)
        ask(driver, SCRIPT, "watch")
        _brush(driver)
        frames = ask(driver, SCRIPT, "watched")
        return {
            "first opened ms": first,
            "opened ms": again,
            "frames in time %": 100 * frames["inTime"],
            "frame p95 ms": frames["p95"],
            "longest task ms": frames["task"],
        }


def _brush(driver: Chrome) -> None:
    """Three seconds of a stroke, in circles through the middle."""
    canvas = driver.find_element(By.CSS_SELECTOR, "dialog[open] canvas").rect
    middle = canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2

    def move(kind: str, turn: float) -> None:
        x = middle[0] + 120 * math.sin(turn) * math.cos(turn / 5)
        y = middle[1] + 120 * math.cos(turn)
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
        driver.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    move("mousePressed", 0)
    begun = time.monotonic()
    for number in range(MOVES):
        move("mouseMoved", number / 20)
        time.sleep(max(0, begun + number * EVERY - time.monotonic()))
    move("mouseReleased", MOVES / 20)


def _by_seam(url: str, photo: Photo, options: argparse.Namespace) -> dict[str, Any]:
    with opened(url) as driver:
        _cut_out(driver, photo)
        driver.execute_script(INPUT)
        driver.find_element(By.ID, "bench-photo").send_keys(str(photo.path))
        pids = renderers(driver.service.process.pid)
        begin = resident(pids)
        with peak_of(pids) as peak:
            ready = ask(driver, SCRIPT, "begin")["ms"]
            strokes = ask(driver, SCRIPT, "strokes", count=options.strokes)
            undo = ask(driver, SCRIPT, "undo")["ms"]
            edge = ask(driver, SCRIPT, "edge")
        file = ask(driver, SCRIPT, "save")["ms"]
        ask(driver, SCRIPT, "end")
        return {
            "worker ready ms": ready,
            "paint call ms": strokes["call"],
            "paint call p95 ms": strokes["call95"],
            "last call ms": strokes["end"],
            "last call p95 ms": strokes["end95"],
            "undo ms": undo,
            "edge ms": edge["ms"],
            "first edge ms": edge["first"],
            "file of all strokes ms": file,
            "MB peak over": (peak.bytes - begin) / 1e6,
        }


def _cut_out(driver: Chrome, photo: Photo) -> None:
    """With the photo's file made, so that nothing else goes on."""
    drop(driver, [photo])
    made = "return document.querySelector('[data-job] [data-part=download][href]') !== null"
    deadline = time.monotonic() + LONG
    while not driver.execute_script(made):
        if time.monotonic() > deadline:
            raise TimeoutError(f"no cutout of {photo.label}")
        time.sleep(0.1)


def _options() -> argparse.Namespace:
    parser = command_line("editor", __doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--strokes", type=int, default=300)
    parser.add_argument("--sizes", type=listed, default=["12 MP"])
    options = parser.parse_args()
    if min(options.rounds, options.strokes) < 1:
        parser.error("--rounds and --strokes are at least 1")
    if not set(options.sizes) <= set(SIZES | LARGE):
        parser.error(f"--sizes are some of: {', '.join(SIZES | LARGE)}")
    return options


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
