"""Loads catalog.toml and the lock file and holds them against the bytes on disk.

Wrong facts about a model give plausible garbage (a wrong mean still draws a matte), so every
field is checked here, once, and nothing that disagrees with its file is ever offered.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from model_store import lockfile, recorded
from model_store.digest import FileDigest, file_digest
from model_store.entry import Entry, Model, ModelFile
from model_store.errors import LockUnreadable
from model_store.offers import Catalog, Composite, Offer
from model_store.pipeline import Pipeline
from model_store.public import public_entry, public_pipeline
from model_store.schema import read_entry
from model_store.table import Problem, Table

__all__ = [
    "STORE",
    "Catalog",
    "CatalogError",
    "Composite",
    "Entry",
    "Model",
    "ModelFile",
    "Offer",
    "Pipeline",
    "Problem",
    "disagreements",
    "installed",
    "load",
    "lock_file",
    "public_entry",
    "public_pipeline",
    "read",
]

STORE = Path(__file__).resolve().parent
"""The store that ships with Mattebox."""


class CatalogError(Exception):
    """The catalog, the lock file, or a file they speak of, is not what it should be.

    `problems` holds every disagreement found; the message lists them, one a line.
    """

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        self.path = path
        self.problems = problems
        lines = [f"{path.name} cannot be used:", *(f"  {problem}" for problem in problems)]
        if path.name == lockfile.path_in(path).name:
            lines.append(_REMEDY)
        super().__init__("\n".join(lines))


_REMEDY = (
    "`flask --app wsgi models verify` shows all of it; `models pull ID` installs a model again,"
    " `models remove ID` takes it away."
)


def load(
    root: Path = STORE,
    digest: Callable[[Path], FileDigest] = file_digest,
    default: str | None = None,
) -> Catalog:
    """The models of the store at `root` that are installed (catalog.toml beside weights/).

    A model that the catalog knows and nobody installed is left out, and so is a composite of which
    a part is not there. Raises CatalogError when the catalog or the lock file is malformed, or when
    the size, SHA-256 or a segment digest of any file differs from what lies in weights/. `digest`:
    what reads them. `default`: the id that goes before the catalog's own; either must be offered.
    """
    known = read(root)
    shipped = [entry for entry in known.entries if entry.files]
    _refuse(
        root / "catalog.toml",
        [p for entry in shipped for p in disagreements(entry, "catalog", digest)],
    )
    added = installed(root, known)
    lock = lockfile.path_in(root)
    _refuse(lock, [p for entry in added for p in disagreements(entry, lock.name, digest)])
    entries = [*shipped, *added]
    order = {entry.id: index for index, entry in enumerate(known.entries)}
    entries.sort(key=lambda entry: order.get(entry.id, len(order)))
    found = _catalog(known, default or known.default, [*entries, *_composed(known, entries)])
    if found.default not in (ids := [offer.id for offer in found.offers]):
        expected = f"expected one of what is installed, {', '.join(ids)}"
        expected += "; MATTEBOX_DEFAULT_MODEL goes before the catalog" if default else ""
        _refuse(
            root / "catalog.toml", [Problem("catalog", "default", expected, repr(found.default))]
        )
    return found


def lock_file(root: Path) -> Path:
    """What `models pull`, `add` and `remove` replace, last and at once."""
    return lockfile.path_in(root)


def compose(known: Catalog, name: str, entries: Iterable[Entry]) -> Composite | None:
    """The composite `name` of the catalog, of what is installed; None where a part is not."""
    there = [entry for entry in _composed(known, entries) if entry.id == name]
    return there[0] if there else None


def _composed(known: Catalog, entries: Iterable[Entry]) -> list[Composite]:
    models = {entry.id: entry for entry in entries if isinstance(entry, Model) and entry.files}
    return [made for entry in known.composites if (made := entry.compose(models))]


def read(root: Path = STORE) -> Catalog:
    """All that catalog.toml of the store at `root` knows; its text is checked, no file is.

    For tools that make or fetch the files. Raises CatalogError.
    """
    path = root / "catalog.toml"
    problems: list[Problem] = []
    top = Table(_parse(path), "catalog", "", problems)
    default = top.text("default")
    recommended = top.text("recommended") if top.has("recommended") else None
    entries = [read_entry(table, root) for table in _entries(top)]
    top.finish()
    ids = [entry.id for entry in entries]
    for index, name in enumerate(ids):
        if name and name in ids[:index]:
            problems.append(Problem(name, "id", "expected each id once", f"{name!r} again"))
    drawing = [entry.id for entry in entries if isinstance(entry, Model | Composite)]
    for field, wanted in (("default", default), ("recommended", recommended)):
        if wanted and wanted not in drawing:
            top.report(field, f"one of the models {', '.join(map(repr, drawing))}", wanted)
    known = {entry.id: entry for entry in entries if isinstance(entry, Model)}
    entries = [_told(entry, known, problems) for entry in entries]
    _refuse(path, problems)
    return _catalog(Catalog(default, (), recommended=recommended), default, entries)


def _told(entry: Entry, known: Mapping[str, Model], problems: list[Problem]) -> Entry:
    """A composite with what its parts tell of it; any other entry as it is."""
    if not isinstance(entry, Composite):
        return entry
    for index, part in enumerate(entry.made_of):
        where, model = f"parts[{index}]", known.get(part.model)
        if model is None:
            names = ", ".join(map(repr, known))
            problems.append(Problem(entry.id, f"{where}.model", f"one of {names}", part.model))
        elif part.size not in (sides := (model.side, *model.sizes)):
            allowed = f"one of the sizes of {part.model}, {', '.join(map(str, sides))}"
            problems.append(Problem(entry.id, f"{where}.size", allowed, str(part.size)))
    models = [known[part.model] for part in entry.made_of if part.model in known]
    licences = list(dict.fromkeys(model.licence for model in models))
    if len(licences) > 1:
        licences = [f"({one})" if " OR " in one else one for one in licences]
    origin = models[0].origin if models else ""
    return replace(entry, licence=" AND ".join(licences), origin=origin)


def installed(root: Path, known: Catalog) -> tuple[Entry, ...]:
    """What the lock file records, its text checked but not the files. Raises CatalogError."""
    path = lockfile.path_in(root)
    try:
        records = lockfile.read_raw(root)
    except LockUnreadable as error:
        problem = Problem("all", path.name, "expected records of what is installed", error.reason)
        raise CatalogError(path, (problem,)) from error
    entries = {entry.id: entry for entry in known.entries}
    problems: list[Problem] = []
    found = [recorded.installed(root, *item, entries, problems) for item in records.items()]
    _refuse(path, problems)
    return tuple(entry for entry in found if entry)


def _catalog(known: Catalog, default: str, entries: list[Entry]) -> Catalog:
    models = tuple(entry for entry in entries if isinstance(entry, Model))
    pipelines = tuple(entry for entry in entries if isinstance(entry, Pipeline))
    composites = tuple(entry for entry in entries if isinstance(entry, Composite))
    return Catalog(default, models, pipelines, composites, known.recommended)


def _refuse(path: Path, problems: list[Problem]) -> None:
    if problems:
        raise CatalogError(path, tuple(problems))


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problem = Problem("catalog", path.name, "expected readable TOML", str(error))
        raise CatalogError(path, (problem,)) from error


def _entries(top: Table) -> list[Table]:
    """The models' tables, each named after its id so that its problems name it."""
    tables = top.tables("models")
    for index, table in enumerate(tables):
        named = table.content.get("id")
        table.model = named if isinstance(named, str) and named else f"number {index + 1}"
        table.where = ""
    return tables


def disagreements(
    entry: Entry, said_by: str, digest: Callable[[Path], FileDigest] = file_digest
) -> list[Problem]:
    """What is recorded of the files of `entry` against what their bytes say.

    `said_by`: who recorded it, for the message.
    """
    found = (_differences(entry.id, file, said_by, digest) for file in entry.files)
    return [problem for problems in found for problem in problems]


def _differences(
    model: str, file: ModelFile, said_by: str, digest: Callable[[Path], FileDigest]
) -> list[Problem]:
    said = FileDigest(file.bytes, file.sha256, file.segments)
    says = f"{'the ' if said_by == 'catalog' else ''}{said_by} says"
    try:
        real = digest(file.path)
    except OSError as error:
        folder = file.path.parent.name if said_by == "catalog" else f"weights/{model}"
        expected = f"{says} {file.bytes} bytes in {folder}/{file.name}"
        return [
            Problem(model, "bytes", expected, f"no readable file ({error.strerror})", file.name)
        ]
    pairs: list[tuple[str, object, object]] = [
        ("bytes", said.bytes, real.bytes),
        ("sha256", said.sha256, real.sha256),
        ("number of segments", len(said.segments), len(real.segments)),
    ]
    for index, digests in enumerate(zip(said.segments, real.segments, strict=False)):
        pairs.append((f"segments[{index}]", *digests))
    return [
        Problem(model, name, f"{says} {a}", f"{b} in the file", file.name)
        for name, a, b in pairs
        if a != b
    ]
