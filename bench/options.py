"""The command line that all benchmarks share."""

from __future__ import annotations

import argparse
from pathlib import Path


def command_line(name: str, about: str | None) -> argparse.ArgumentParser:
    """A parser of `python -m bench.NAME`, with the file that the figures are written to."""
    parser = argparse.ArgumentParser(prog=f"python -m bench.{name}", description=about)
    parser.add_argument("--out", type=Path, default=Path(f"build/bench/{name}.json"))
    return parser


def listed(text: str) -> list[str]:
    """What stands between commas."""
    return text.split(",")
