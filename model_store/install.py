"""Installs and removes models: fetched, made, run once, put in place whole, then recorded.

The lock file is written last, so a model is recorded only when its files are all there. What an
interruption leaves is a partial download, for the next attempt, and a hidden folder, which the
next command removes.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from model_store import catalog, lockfile, sources
from model_store.digest import file_digest
from model_store.disk import only_writer, room, settle, settle_folder
from model_store.entry import Entry, Model, ModelFile
from model_store.errors import ModelRefused, SourceError, ToolsMissing, UnknownModel
from model_store.offers import Composite
from model_store.progress import Progress
from model_store.schema import ID
from model_store.source import Source

if TYPE_CHECKING:
    from model_store.workshop import Made, Part

_NEW, _OLD = ".new-", ".old-"


def pull(root: Path, name: str, progress: Progress, cache: Path = sources.CACHE) -> Entry | None:
    """Install the catalog's model `name`; None when it is installed and whole already.

    Raises a StoreError, CatalogError or OSError; KeyboardInterrupt passes through. In each case
    what was installed before is so still, and a partial download is kept.
    """
    known = {entry.id: entry for entry in catalog.read(root).entries}
    if name not in known:
        raise UnknownModel(name, tuple(known))
    entry = known[name]
    if isinstance(entry, Composite):
        return _pull_parts(root, entry, progress, cache)
    if entry.install is None:
        return None if not catalog.disagreements(entry, "catalog") else _lost(entry)
    tools = workshop()
    with only_writer(root / "weights"):
        _sweep(root)
        if name in (records := lockfile.read_raw(root)):
            there = lockfile.installed(root, name, records[name], known, [])
            fits = there and not catalog.disagreements(there, "lock")
            if fits and not _lacks_sizes(entry, records[name]):
                _count_missing(root, known)
                return None
            progress.say(f"{name} is damaged, or of another release; installing it again")
        fetched = _fetch_all(entry, cache, progress)
        parts = [tools.Part(*_role_and_name(entry, s), path) for s, path in fetched]
        story = {"sources": [_told(source, path) for source, path in fetched]}
        done = place(root, entry, parts, progress, story=story)
    for source, path in fetched:
        if source.kind != "file":  # the installed file is all that is needed from now on
            shutil.rmtree(path.parent, ignore_errors=True)
    return done


def _pull_parts(root: Path, entry: Composite, progress: Progress, cache: Path) -> Entry | None:
    """Install what is missing of a composite; None when nothing is."""
    pulled = [pull(root, part.model, progress, cache) for part in entry.made_of]
    known = catalog.read(root)
    made = catalog.compose(known, entry.id, [*known.entries, *catalog.installed(root, known)])
    if made is None:
        parts = " and ".join(map(str, entry.made_of))
        raise ModelRefused(entry.id, f"is not offered: it needs {parts}, which could not be made")
    return made if any(pulled) else None


def _lacks_sizes(entry: Entry, record: Mapping[str, Any]) -> bool:
    """Whether an earlier release installed a graph of fewer sizes than `entry` asks for now.

    Not where the graph could not be optimised: it would not be at the next attempt either.
    """
    wanted = entry.sizes if isinstance(entry, Model) else ()
    there = {size["side"] for size in record.get("sizes", ())}
    return not there.issuperset(wanted) and record["story"].get("optimised") != "none"


def place(
    root: Path,
    entry: Entry,
    parts: Sequence[Part],
    progress: Progress,
    *,
    story: Mapping[str, Any],
    own_entry: Mapping[str, Any] | None = None,
) -> Entry:
    """Make `entry` out of `parts` and record it. The caller is the store's only writer."""
    weights = root / "weights"
    needed = sum(part.path.stat().st_size for part in parts)
    with room(weights, needed), tempfile.TemporaryDirectory(dir=weights, prefix=_NEW) as made_in:
        folder = Path(made_in) / entry.id
        folder.mkdir()
        made: Made = workshop().make(entry, parts, folder, progress)
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
        )
        _swap(folder, lockfile.folder_of(root, entry.id))
        lockfile.write_raw(root, lockfile.read_raw(root) | {entry.id: record.as_json()})
    _sweep(root)
    return next(e for e in catalog.installed(root, catalog.read(root)) if e.id == entry.id)


def count_missing(root: Path) -> tuple[str, ...]:
    """Count what models that an earlier release has installed demand of a device; the ids of them.

    Raises a StoreError, CatalogError or OSError.
    """
    known = {entry.id: entry for entry in catalog.read(root).entries}
    if not any(_uncounted(raw) for raw in lockfile.read_raw(root).values()):
        return ()
    workshop()
    with only_writer(root / "weights"):
        return _count_missing(root, known)


def _count_missing(root: Path, known: Mapping[str, Entry]) -> tuple[str, ...]:
    records = lockfile.read_raw(root)
    counted = {}
    for name, raw in records.items():
        entry = lockfile.installed(root, name, raw, known, []) if _uncounted(raw) else None
        graphs = [file.path for file in entry.files if file.role == "graph"] if entry else []
        given = entry.dimensions if isinstance(entry, Model) else {}
        demands = workshop().demands_of(graphs[0], given) if graphs else None
        if demands:
            counted[name] = raw | {"demands": demands.as_json()}
    if counted:
        lockfile.write_raw(root, records | counted)
    return tuple(counted)


def _uncounted(raw: object) -> bool:
    return isinstance(raw, dict) and "graph" in raw and "demands" not in raw


def users(root: Path, name: str) -> tuple[str, ...]:
    """The composites of which `name` is a part; none where the catalog is broken."""
    try:
        composites = catalog.read(root).composites
    except catalog.CatalogError:
        return ()
    return tuple(c.id for c in composites if name in (part.model for part in c.made_of))


def remove(root: Path, name: str) -> int:
    """Take the model `name` away, its record first; the bytes that were freed.

    A composite of which it is a part is not offered any longer.

    Works with a broken catalog, so that it can mend one. Raises a StoreError.
    """
    with only_writer(root / "weights"):
        _sweep(root)
        records = lockfile.read_raw(root)
        folder = lockfile.folder_of(root, name)
        # A name from outside becomes a path here, so it must be an id and nothing else.
        left = re.fullmatch(ID, name) is not None and folder.is_dir()
        if name not in records and not left:
            _refuse_removal(root, name, tuple(records))
        if name in records:
            lockfile.write_raw(root, {key: records[key] for key in records if key != name})
        if not left:
            return 0
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        shutil.rmtree(folder)
        return size


def _refuse_removal(root: Path, name: str, recorded: tuple[str, ...]) -> None:
    try:
        entries = {entry.id: entry for entry in catalog.read(root).entries}
    except catalog.CatalogError:
        entries = {}
    entry = entries.get(name)
    if isinstance(entry, Composite):
        parts = " and ".join(part.model for part in entry.made_of)
        raise ModelRefused(name, f"has no files of its own; it goes with a part of it: {parts}")
    if entry and entry.install is None:
        raise ModelRefused(name, "comes with Mattebox and stays: pages need a model to begin with")
    raise UnknownModel(name, recorded)


def workshop() -> ModuleType:
    """The module that makes graphs. Raises ToolsMissing where its packages are not installed."""
    try:
        from model_store import workshop as module
    except ModuleNotFoundError as error:
        raise ToolsMissing(error.name or "onnx") from error
    return module


def _lost(entry: Entry) -> Entry:
    raise ModelRefused(
        entry.id, "comes with Mattebox, but its file is damaged; take it from the release again"
    )


def _fetch_all(entry: Entry, cache: Path, progress: Progress) -> list[tuple[Source, Path]]:
    """Every part of `entry`, each from the first of its sources that delivers."""
    parts: dict[tuple[str, str], list[Source]] = {}
    for source in entry.sources:
        parts.setdefault(_role_and_name(entry, source), []).append(source)
    return [_fetch_any(alternatives, cache, progress) for alternatives in parts.values()]


def _fetch_any(
    alternatives: Sequence[Source], cache: Path, progress: Progress
) -> tuple[Source, Path]:
    for source in alternatives:
        try:
            with room(cache):
                return source, sources.fetch(source, cache, progress=progress)
        except SourceError as error:
            if source is alternatives[-1]:
                raise
            progress.say(f"{error}\ntrying the next source")
    raise AssertionError("the schema asks for at least one source")


def _role_and_name(entry: Entry, source: Source) -> tuple[str, str]:
    if source.name:
        return source.role, source.name
    if source.role == "external-data":
        return source.role, source.file_name
    if source.role == "graph":
        return source.role, f"{entry.id}.onnx"
    return source.role, f"{source.role}.{source.file_name.rpartition('.')[2]}"


def _told(source: Source, path: Path) -> dict[str, Any]:
    return {"kind": source.kind, "origin": source.origin, **vars(sources.pins_of(path))}


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


def _sweep(root: Path) -> None:
    """Remove what an interrupted command left."""
    for left in (root / "weights").iterdir():
        if left.is_dir() and left.name.startswith((_NEW, _OLD)):
            shutil.rmtree(left, ignore_errors=True)
