"""A folder of awkward files through the real page in one batch: what came of each, as a table.

python -m tests.awkward --set FOLDER [--engine chromium] [--json FILE]

Starts its own server and browser, and ends them. Exits 1 when a job is lost, or an
error has no type.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from server import create_app
from tests.harness import browsers
from tests.harness.batch import Outcome, drop_all
from tests.harness.site import serving

ENGINES = ("chromium", "firefox", "webkit")
#: What a failure nobody has foreseen is called.
UNTYPED = {"internal", "worker-crashed", ""}


def main() -> int:
    options = _options()
    files = sorted(path for path in options.set.rglob("*") if path.is_file())
    found = run(files, options.set, options.engine, options.seconds)
    print(table(found))
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    failed = [one for one in found if not one.size]
    odd = [
        one.name
        for one in failed
        if one.state != "refused" and (one.code in UNTYPED or one.state != "failed")
    ]
    print(f"\n{len(files)} files, {len(found) - len(failed)} cut out, {len(failed)} refused")
    if odd or len(found) != len(files):
        print(f"lost or untyped: {odd}", file=sys.stderr)
        return 1
    return 0


def run(files: list[Path], root: Path, engine: str, seconds: float) -> list[Outcome]:
    """Drop all of them at once, each named by its path below `root`."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving(create_app()) as site,
        getattr(browsers, engine)() as driver,
    ):
        named = []
        for file in files:
            # A page sees a file's name and not its folder.
            copy = Path(scratch) / "--".join(file.relative_to(root).parts)
            shutil.copyfile(file, copy)
            named.append(copy)
        driver.get(site.url())
        return drop_all(driver, named, seconds)


def table(found: list[Outcome]) -> str:
    """Markdown."""
    rows = [f"| {one.name.replace('--', '/')} | {one.told} | {one.ms} |" for one in found]
    return "\n".join(["| file | outcome | ms |", "|---|---|---|", *rows])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--set", type=Path, required=True, help="the folder, with those below it")
    parser.add_argument("--engine", choices=ENGINES, default="chromium")
    parser.add_argument("--seconds", type=float, default=3600, help="for all of them")
    parser.add_argument("--json", type=Path, help="write the same as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
