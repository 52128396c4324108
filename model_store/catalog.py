"""Loads catalog.toml and holds it against the bytes on disk.

Wrong facts about a model give plausible garbage (a wrong mean still draws a matte), so every
field is checked here, once, and nothing that disagrees with its file is ever offered.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from model_store.digest import FileDigest, file_digest
from model_store.entry import Catalog, Model, ModelFile
from model_store.schema import read_model
from model_store.table import Problem, Table

__all__ = ["STORE", "Catalog", "CatalogError", "Model", "ModelFile", "Problem", "load", "read"]

STORE = Path(__file__).resolve().parent
"""The store that ships with Mattebox."""


class CatalogError(Exception):
    """The catalog, or a file it speaks of, is not what it should be.

    `problems` holds every disagreement found; the message lists them, one a line.
    """

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        self.path = path
        self.problems = problems
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{path.name} cannot be used:\n{lines}")


def load(root: Path = STORE) -> Catalog:
    """The catalog of the store at `root` (catalog.toml beside weights/), checked in full.

    Raises CatalogError when the catalog is malformed, or when the size, SHA-256 or a segment
    digest of any file differs from what lies in weights/.
    """
    catalog = read(root)
    problems = [
        problem
        for model in catalog.models
        for file in model.files
        for problem in _disagreements(model.id, file)
    ]
    if problems:
        raise CatalogError(root / "catalog.toml", tuple(problems))
    return catalog


def read(root: Path = STORE) -> Catalog:
    """The catalog of the store at `root`, its text checked but not its files.

    For tools that make or fetch the files. Raises CatalogError.
    """
    path = root / "catalog.toml"
    problems: list[Problem] = []
    top = Table(_parse(path), "catalog", "", problems)
    default = top.text("default")
    models = tuple(read_model(table, root / "weights") for table in _entries(top))
    top.finish()
    ids = [model.id for model in models]
    for index, name in enumerate(ids):
        if name and name in ids[:index]:
            problems.append(Problem(name, "id", "expected each id once", f"{name!r} again"))
    if default and default not in ids:
        top.report("default", f"one of the models {', '.join(map(repr, ids))}", default)
    if problems:
        raise CatalogError(path, tuple(problems))
    return Catalog(default, models)


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


def _disagreements(model: str, file: ModelFile) -> list[Problem]:
    """What the catalog says about `file` against what its bytes say."""
    said = FileDigest(file.bytes, file.sha256, file.segments)
    try:
        real = file_digest(file.path)
    except OSError as error:
        expected = f"the catalog says {file.bytes} bytes in weights/{file.name}"
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
        Problem(model, name, f"the catalog says {a}", f"{b} in the file", file.name)
        for name, a, b in pairs
        if a != b
    ]
