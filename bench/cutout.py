"""How long a cutout takes, what it costs, and what of it the page's thread feels.

    python -m bench.cutout [--pairs 7] [--visits 3] [--quick] [--out FILE]

Prints a table and writes every sample as JSON. Starts its own server and browsers and ends them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import machine
from bench.measure import Deadline, first_visit, later_visits, paired_runs
from bench.meter import Meter
from bench.options import command_line, write
from bench.photos import NOISE, QUALITY, SOURCE, Photo, make_photos
from bench.summary import aims, summarise
from bench.table import culprits, lines
from server import create_app
from tests.harness import browsers
from tests.harness.site import serving

SECONDS = 480
"""No repetition that would end later is begun; a slow machine gives fewer samples."""

HARD_LIMIT = 535
"""Seconds after which everything is ended, whatever it is doing."""


def main() -> int:
    """Measure, print, write."""
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    machine.end_within(HARD_LIMIT)
    with tempfile.TemporaryDirectory() as folder:
        photos = make_photos(Path(folder))
        result = _measure(photos, 2 if options.quick else options.pairs, options)
    result["summary"] = summarise(result["samples"])
    found = aims(result["summary"])
    result["aims"] = [{**asdict(aim), "met": aim.met} for aim in found]
    print("\n".join(lines(result, found)))
    blocked = list(culprits(result["samples"]))
    if blocked:
        print("long tasks:", *blocked, sep="\n")
    write(options.out, result)
    return 0


def _measure(photos: list[Photo], pairs: int, options: argparse.Namespace) -> dict[str, Any]:
    visits = 1 if options.quick else options.visits
    result: dict[str, Any] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.facts(),
        "settings": {"pairs": pairs, "visits": visits},
        "photos": [{"label": photo.label, "bytes": photo.path.stat().st_size} for photo in photos],
        "photo_recipe": {"source": SOURCE.name, "noise": NOISE, "quality": QUALITY},
    }
    app = create_app()
    deadline = Deadline(SECONDS)
    meter = Meter(app.wsgi_app)
    app.wsgi_app = meter  # type: ignore[method-assign]
    samples: dict[str, Any] = {"first_visits": {photo.label: [] for photo in photos}}
    with serving(app) as site:
        for photo in photos:
            for _ in deadline.rounds(visits):
                samples["first_visits"][photo.label].append(first_visit(site, meter, photo))
        paired = paired_runs(site, photos, pairs, deadline)
        later = later_visits(site, meter, photos, visits, deadline)
    samples |= {"pairs": paired.pop("pairs"), "warm_up": paired.pop("warm_up"), **later}
    return {**result, **paired, "browser": f"Chromium {paired['browser']}", "samples": samples}


def _options() -> argparse.Namespace:
    parser = command_line("cutout", __doc__)
    parser.add_argument("--pairs", type=int, default=7, help="of bare run and cutout, per photo")
    parser.add_argument("--visits", type=int, default=3, help="of each kind")
    parser.add_argument("--quick", action="store_true", help="two pairs and one visit of each kind")
    options = parser.parse_args()
    if min(options.pairs, options.visits) < 1:
        parser.error("--pairs and --visits are at least 1")
    return options


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
