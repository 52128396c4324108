"""Installs and removes models: fetched, put in place whole (placing), and taken away again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from model_store import catalog, first_use, lockfile, recorded, sources
from model_store.demands import HEAP_MIB, least_mib
from model_store.disk import only_writer
from model_store.entry import Entry, Model
from model_store.errors import ModelRefused, NotForBrowsers, UnknownModel
from model_store.made import Make, Part
from model_store.offers import Composite
from model_store.placing import place, sweep, workshop
from model_store.progress import Progress
from model_store.recipe import recipe_of
from model_store.schema import ID
from model_store.sources import Fetched


def pull(
    root: Path,
    name: str,
    progress: Progress,
    cache: Path = sources.CACHE,
    *,
    given: Sequence[Path] = (),
    use_recipe: bool = True,
    agree: first_use.Agree = first_use.nobody,
) -> Entry | None:
    """Install the catalog's model `name`; None when it is installed and whole already.

    Made by its recipe if it has one, else by the workshop, which needs its packages. `given`: files
    that were carried here, in place of its sources. `agree` is asked about a file of which the
    catalog has no digest.

    Raises a StoreError, CatalogError or OSError; KeyboardInterrupt passes through. In each case
    what was installed before is so still, and a partial download is kept.
    """
    known = {entry.id: entry for entry in catalog.read(root).entries}
    if name not in known:
        raise UnknownModel(name, tuple(known))
    entry = known[name]
    if isinstance(entry, Composite):
        return _pull_parts(root, entry, progress, cache, given, agree)
    if entry.install is None:
        return None if not catalog.disagreements(entry, "catalog") else _lost(entry)
    # Before the lock: the store may be one that cannot be written.
    if _is_whole(root, entry, known):
        if _uncounted(lockfile.read_raw(root)[name]):
            count_missing(root)
        return None
    _refuse_by_bytes(entry, known.values())
    recipe = recipe_of(entry) if use_recipe else None
    make: Make = recipe.make if recipe else workshop().make
    with only_writer(root / "weights"):
        sweep(root)
        if name in lockfile.read_raw(root):
            progress.say(f"{name} is damaged, or of another release; installing it again")
        pinned = first_use.pinned(root, entry.sources)
        fetched = sources.fetch_all(entry.id, pinned, cache, progress, given)
        first_use.settle(root, fetched, agree)
        parts = [Part(one.role, one.name, one.path) for one in fetched]
        story = {"sources": [_told(one) for one in fetched]}
        try:
            done = place(root, entry, parts, progress, make=make, story=story)
        except NotForBrowsers as refused:
            raise replace(refused, instead=_instead(entry, known.values())) from refused
    for one in fetched:
        # The installed file is all that is needed from now on; what was given stays.
        if cache in one.path.parents:
            shutil.rmtree(one.path.parent, ignore_errors=True)
    return done


def _refuse_by_bytes(entry: Entry, known: Iterable[Entry]) -> None:
    """Refuse what its weights alone keep off processors, and nothing else could run, before a byte
    of it is fetched."""
    weights = sum(source.bytes or 0 for source in entry.sources)
    if (
        isinstance(entry, Model)
        and "webgpu" not in entry.backends
        and least_mib(weights) > HEAP_MIB
    ):
        instead = _instead(entry, known)
        raise NotForBrowsers(entry.id, least_mib(weights), HEAP_MIB, (), instead)


def _instead(refused: Entry, known: Iterable[Entry]) -> tuple[str, ...]:
    """What people wait as long for, and processors can hold."""
    return tuple(
        entry.id
        for entry in known
        if isinstance(entry, Model) and entry.tier == refused.tier and entry.id != refused.id
        if "wasm" in entry.backends and entry.requirements.memory_mib <= HEAP_MIB
    )


def _is_whole(root: Path, entry: Entry, known: Mapping[str, Entry]) -> bool:
    """Whether what is recorded of `entry` is here, and is all that the catalog asks for."""
    records = lockfile.read_raw(root)
    if entry.id not in records:
        return False
    there = recorded.installed(root, entry.id, records[entry.id], known, [])
    fits = there is not None and not catalog.disagreements(there, "lock")
    return fits and not _lacks_sizes(entry, records[entry.id])


def _pull_parts(
    root: Path,
    entry: Composite,
    progress: Progress,
    cache: Path,
    given: Sequence[Path],
    agree: first_use.Agree,
) -> Entry | None:
    """Install what is missing of a composite; None when nothing is."""
    pulled = [
        pull(root, part.model, progress, cache, given=given, agree=agree) for part in entry.made_of
    ]
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
        entry = recorded.installed(root, name, raw, known, []) if _uncounted(raw) else None
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
        sweep(root)
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


def _lost(entry: Entry) -> Entry:
    raise ModelRefused(
        entry.id, "comes with Mattebox, but its file is damaged; take it from the release again"
    )


def _told(fetched: Fetched) -> dict[str, Any]:
    source, pins = fetched.source, sources.pins_of(fetched.path)
    return {"kind": source.kind, "origin": source.origin, **vars(pins)}
