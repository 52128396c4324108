"""Puts a model in place: made, run once, moved there whole, then recorded.

The lock file is written last, so a model is recorded only when its files are all there. What an
interruption leaves is a partial download, for the next attempt, and a hidden folder, which the
next command removes.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from model_store import catalog, lockfile
from model_store.digest import file_digest
from model_store.disk import room, settle, settle_folder
from model_store.entry import Entry, ModelFile
from model_store.errors import ToolsMissing
from model_store.made import Made, Make, Part
from model_store.progress import Progress

_NEW, _OLD = ".new-", ".old-"


def place(
    root: Path,
    entry: Entry,
    parts: Sequence[Part],
    progress: Progress,
    *,
    make: Make,
    story: Mapping[str, Any],
    own_entry: Mapping[str, Any] | None = None,
) -> Entry:
    """Have `make` make `entry` out of `parts`, and record it. The caller is the store's only
    writer."""
    weights = root / "weights"
    needed = sum(part.path.stat().st_size for part in parts)
    with room(weights, needed), tempfile.TemporaryDirectory(dir=weights, prefix=_NEW) as made_in:
        folder = Path(made_in) / entry.id
        folder.mkdir()
        made = make(entry, parts, folder, progress)
        files = _digest_all(made, folder, lockfile.folder_of(root, entry.id), progress)
        record = lockfile.Record(
            files,
            made.input,
            made.output,
            made.samples,
            lockfile.rules_of(entry),
            _story(story, made),
            own_entry,
            made.demands,
            made.sizes,
            made.graphs,
            made.seed,
        )
        _swap(folder, lockfile.folder_of(root, entry.id))
        lockfile.write_raw(root, lockfile.read_raw(root) | {entry.id: record.as_json()})
    sweep(root)
    return next(e for e in catalog.installed(root, catalog.read(root)) if e.id == entry.id)


def workshop() -> ModuleType:
    """The module that makes graphs. Raises ToolsMissing where its packages are not installed."""
    try:
        from model_store import workshop as module
    except ModuleNotFoundError as error:
        raise ToolsMissing(error.name or "onnx") from error
    return module


def _story(story: Mapping[str, Any], made: Made) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"installed": now, **story, **made.story}


def _digest_all(made: Made, folder: Path, home: Path, progress: Progress) -> tuple[ModelFile, ...]:
    """The files in `folder` as they will be in `home`, their bytes on the disk."""
    progress.begin("checking what was made")
    files = []
    for role, name in made.parts:
        with (folder / name).open("r+b") as file:
            settle(file)
        (folder / name).chmod(0o644)
        files.append(ModelFile(role, name, home / name, **vars(file_digest(folder / name))))
    settle_folder(folder)
    return tuple(files)


def _swap(folder: Path, home: Path) -> None:
    """Put `folder` in the place of `home`; what was there goes with the next sweep."""
    if home.exists():
        home.rename(home.with_name(f"{_OLD}{folder.parent.name.removeprefix(_NEW)}"))
    folder.rename(home)
    home.chmod(0o755)
    settle_folder(home.parent)


def sweep(root: Path) -> None:
    """Remove what an interrupted command left."""
    for left in (root / "weights").iterdir():
        if left.is_dir() and left.name.startswith((_NEW, _OLD)):
            shutil.rmtree(left, ignore_errors=True)
