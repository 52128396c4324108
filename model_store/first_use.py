"""Digests that the catalog could not have: seen once, agreed to, held from then on.

weights/pins.json keeps them by the address of the file. They outlive the model: one that is removed
and pulled again has to be the same file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from model_store.disk import write_whole
from model_store.errors import LockUnreadable, NotAgreed
from model_store.lockfile import read_json
from model_store.source import Source
from model_store.sources import Fetched, Pins, pins_of

Agree = Callable[[Source, Pins], bool]
"""Whether a person, or what they have said before, takes this file for the one that is meant."""


def nobody(_source: Source, _found: Pins) -> bool:
    """Where nobody can be asked nothing is agreed to."""
    return False


def path_in(root: Path) -> Path:
    """What was agreed to in the store at `root`."""
    return root / "weights" / "pins.json"


def pinned(root: Path, sources: Sequence[Source]) -> tuple[Source, ...]:
    """`sources`, with the digests that were agreed to. Raises LockUnreadable."""
    agreed = _read(root)
    return tuple(
        replace(source, sha256=agreed[source.origin])
        if source.first_use and source.origin in agreed
        else source
        for source in sources
    )


def settle(root: Path, fetched: Sequence[Fetched], agree: Agree) -> None:
    """Have what has no digest agreed to, and record it. Raises NotAgreed."""
    for one in fetched:
        if one.source.is_pinned:
            continue
        found = pins_of(one.path)
        if not agree(one.source, found):
            raise NotAgreed(one.source.origin, found.bytes, found.sha256)
        text = json.dumps(_read(root) | {one.source.origin: found.sha256}, indent=1, sort_keys=True)
        write_whole(path_in(root), f"{text}\n".encode())


def _read(root: Path) -> dict[str, str]:
    path = path_in(root)
    content = read_json(path, missing={})
    if not isinstance(content, dict) or not all(isinstance(v, str) for v in content.values()):
        raise LockUnreadable(path, "it holds no digests by address")
    return content
