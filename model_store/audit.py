"""Holds everything in weights/ against what is recorded, also where the catalog is broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from model_store import catalog, first_use, lockfile, recorded
from model_store.catalog import CatalogError
from model_store.entry import Entry
from model_store.errors import LockUnreadable
from model_store.offers import Catalog
from model_store.table import Problem


@dataclass(frozen=True)
class Finding:
    """A file that was looked at, or something that is no file's fault (`file` is empty then).

    `bytes`: what is recorded, None where nothing is. `problems`: sentences; none when all is well.
    """

    model: str
    file: str
    bytes: int | None
    problems: tuple[str, ...] = ()


def audit(root: Path) -> Iterator[Finding]:
    """Every finding about the store at `root`, re-hashing all of its files."""
    known = Catalog("", ())
    try:
        known = catalog.read(root)
    except CatalogError as error:
        for problem in error.problems:
            yield Finding(problem.model, "", None, (f"catalog.toml: {_short(problem)}",))
    for entry in known.entries:
        yield from _files(entry, "catalog")
    yield from _records(root, known)
    yield from _strays(root, known)


def _records(root: Path, known: Catalog) -> Iterator[Finding]:
    name = lockfile.path_in(root).name
    try:
        records = lockfile.read_raw(root)
    except LockUnreadable as error:
        yield Finding("", name, None, (str(error),))
        return
    entries = {entry.id: entry for entry in known.entries}
    for model, raw in records.items():
        problems: list[Problem] = []
        entry = recorded.installed(root, model, raw, entries, problems)
        for problem in problems:
            yield Finding(model, "", None, (f"{name}: {_short(problem)}",))
        if entry:
            yield from _files(entry, name)


def _files(entry: Entry, said_by: str) -> Iterator[Finding]:
    wrong = catalog.disagreements(entry, said_by)
    for file in entry.files:
        problems = tuple(_short(problem) for problem in wrong if problem.file == file.name)
        yield Finding(entry.id, file.name, file.bytes, problems)


def _strays(root: Path, known: Catalog) -> Iterator[Finding]:
    """Files that no record speaks of: an interruption's, or somebody's."""
    try:
        recorded = set(lockfile.read_raw(root))
    except LockUnreadable:
        return  # then every file is one
    shipped = {file.name for entry in known.entries for file in entry.files}
    ours = {lockfile.path_in(root).name, first_use.path_in(root).name}
    mine = ours | shipped | recorded
    weights = root / "weights"
    for path in sorted(weights.iterdir()) if known.entries and weights.is_dir() else ():
        if path.name not in mine and not path.name.startswith("."):
            yield Finding("", path.name, None, ("nothing is recorded of it; it is not offered",))
    for model in sorted(recorded):
        yield from _strays_of(root, model, known)


def _strays_of(root: Path, model: str, known: Catalog) -> Iterator[Finding]:
    entries = {entry.id: entry for entry in known.entries}
    entry = recorded.installed(root, model, lockfile.read_raw(root)[model], entries, [])
    folder = lockfile.folder_of(root, model)
    names = {file.name for file in entry.files} if entry else set()
    for path in sorted(folder.iterdir()) if entry and folder.is_dir() else ():
        if path.name not in names:
            yield Finding(model, path.name, None, ("nothing is recorded of it; not offered",))


def _short(problem: Problem) -> str:
    return f"{problem.field}: {problem.expected}, found {problem.found}"
