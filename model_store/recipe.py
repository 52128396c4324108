"""Makes an installed graph out of its upstream file without running anything.

What `workshop` makes of a pinned file is always the same, but it takes packages of 55 MB, 2 GB of
memory and half a minute. A recipe is the difference: which bytes are upstream's, which are new, and
which kernels are rounded to whole numbers. It also brings what the run told when it was written, so
what devices are held to is the same wherever it is installed.

A recipe is an archive in recipes/, named by the model's id, which `model_store.write_recipe` makes.
It is used as long as the catalog's rules and pins are those it was written for.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from model_store.demands import read_demands
from model_store.entry import Entry
from model_store.errors import ModelRefused
from model_store.lockfile import AtSize, rules_of
from model_store.made import Made, Part
from model_store.matting_schema import read_samples, read_seed
from model_store.progress import Progress
from model_store.table import Problem, Table

FOLDER = Path(__file__).resolve().parent / "recipes"
STEPS, NEW = "recipe.json", "new"
"""Members of the archive: what is done, and the bytes that are not upstream's."""

VERSION = 1
_BLOCK = 1 << 20
_LARGEST = 127
_LEAST = 1e-12
_F32 = struct.Struct("<f")


@dataclass(frozen=True)
class Recipe:
    """`steps`: ["new", count], ["copy", offset, count] and ["round", offset, channels, values],
    one after the other the bytes of the file. Offsets are upstream's."""

    path: Path
    upstream: str
    sha256: str
    bytes: int
    steps: tuple[tuple[Any, ...], ...]
    record: dict[str, Any]

    def make(self, entry: Entry, parts: Sequence[Part], folder: Path, progress: Progress) -> Made:
        """Fill `folder` with the graph. Raises ModelRefused, OSError."""
        (part,) = parts
        progress.begin(f"making {entry.id}", self.bytes)
        found, done = hashlib.sha256(), 0
        with (
            part.path.open("rb") as upstream,
            zipfile.ZipFile(self.path) as archive,
            archive.open(NEW) as new,
            (folder / part.name).open("wb") as file,
        ):
            for step in self.steps:
                for block in _blocks(step, upstream, new):
                    file.write(block)
                    found.update(block)
                    done += len(block)
                    progress.reach(done)
        if found.hexdigest() != self.sha256:
            reason = f"its recipe should give {self.sha256}, it gives {found.hexdigest()}"
            raise ModelRefused(entry.id, reason)
        return self._made(entry, part.name)

    def _made(self, entry: Entry, name: str) -> Made:
        problems: list[Problem] = []
        table = Table(self.record, entry.id, "", problems)
        graph = table.table("graph")
        made = Made(
            (("graph", name),),
            graph.text("input"),
            graph.text("output"),
            read_samples(table),
            dict(self.record["story"]),
            read_demands(table.table("demands")),
            tuple(
                AtSize(
                    item.integer("side", 1),
                    read_samples(item),
                    read_demands(item.table("demands")),
                )
                for item in (table.tables("sizes") if table.has("sizes") else ())
            ),
            seed=read_seed(table) if table.has("seed") else None,
        )
        if problems:
            raise ModelRefused(entry.id, f"its recipe is damaged: {problems[0]}")
        return made


def recipe_of(entry: Entry) -> Recipe | None:
    """The recipe for `entry` as the catalog has it; None where there is none that fits."""
    path = FOLDER / f"{entry.id}.zip"
    if not path.is_file():
        return None
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read(STEPS))
    if told["version"] != VERSION or told["record"]["rules"] != rules_of(entry):
        return None
    if {source.sha256 for source in entry.sources} != {told["upstream"]}:
        return None
    steps = tuple(tuple(step) for step in told["steps"])
    facts = {key: told[key] for key in ("upstream", "sha256", "bytes", "record")}
    return Recipe(path, steps=steps, **facts)


def _blocks(step: Sequence[Any], upstream: IO[bytes], new: IO[bytes]) -> Iterator[bytes]:
    kind, *numbers = step
    if kind == "round":
        start, channels, values = numbers
        upstream.seek(start)
        for _ in range(channels):
            yield rounded(upstream.read(2 * values))
        return
    source, count = (new, numbers[0]) if kind == "new" else (upstream, numbers[1])
    if kind == "copy":
        upstream.seek(numbers[0])
    while count:
        block = source.read(min(count, _BLOCK))
        if not block:
            raise ValueError(f"{kind}: {count} bytes are missing")
        count -= len(block)
        yield block


def rounded(halves: bytes) -> bytes:
    """One channel of a kernel in fp16 (little-endian) as signed bytes, in parts of its largest.

    As `quantize` rounds it, in single precision: a division of singles in double precision, rounded
    to single, is the one of singles (Figueroa 1995), and both round halves to even.
    """
    values = struct.unpack(f"<{len(halves) // 2}e", halves)
    largest = max(*values, -min(values), _single(_LEAST))
    step = _single(largest / _LARGEST)
    quotients = array("f", [value / step for value in values])
    return array("b", map(round, quotients)).tobytes()


def _single(value: float) -> float:
    number: float = _F32.unpack(_F32.pack(value))[0]
    return number
