"""The command line that all benchmarks share, and the file that they write."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def command_line(name: str, about: str | None) -> argparse.ArgumentParser:
    """A parser of `python -m bench.NAME`, with the file that the figures are written to."""
    parser = argparse.ArgumentParser(prog=f"python -m bench.{name}", description=about)
    parser.add_argument("--out", type=Path, default=Path(f"build/bench/{name}.json"))
    return parser


def listed(text: str) -> list[str]:
    """What stands between commas."""
    return text.split(",")


def write(out: Path, result: dict[str, Any]) -> None:
    """The result as JSON, with every sample; and say where it is."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n")
    print(f"every sample: {out}")
