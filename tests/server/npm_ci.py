"""Stands for `npm ci` without a network: the packages of the lock file are taken from those here.

As npm does, it refuses a package.json that the lock file does not know, and with --omit=dev leaves
out what only development needs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from server.config import ROOT
from tests.server.image import place

_DEV = ("dev", "devOptional")


def main(words: list[str], folder: Path) -> int:
    """Fill `folder`/node_modules; 0, or 1 with a sentence."""
    if words[:1] != ["ci"]:
        return _fail(f"npm {' '.join(words)}: only `npm ci` makes what the lock file says")
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for kind in ("dependencies", "devDependencies"):
        if wanted.get(kind, {}) != locked[""].get(kind, {}):
            return _fail(f"{kind} of package.json are not those of package-lock.json")
    for name, facts in locked.items():
        if not name or ("--omit=dev" in words and any(facts.get(kind) for kind in _DEV)):
            continue
        here = ROOT / name
        if here.is_dir():
            _place_package(here, folder / name)
        elif not facts.get("optional"):
            return _fail(f"{name} is not installed here; `make install`")
    return 0


def _place_package(here: Path, there: Path) -> None:
    """Without the packages inside, which have entries of their own."""
    for file in here.rglob("*"):
        inside = file.relative_to(here)
        if file.is_file() and "node_modules" not in inside.parts:
            place(file, there / inside)


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path.cwd()))
