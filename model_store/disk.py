"""Writing files whole or not at all, one writer at a time, and saying so when there is no room."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from model_store.errors import DiskFull, StoreBusy

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_LOCK = ".lock"


@contextmanager
def room(folder: Path, needed: int = 0) -> Iterator[None]:
    """Raise DiskFull where `needed` bytes do not fit in `folder`, or a write finds no room."""
    if needed > (free := _free(folder)):
        raise DiskFull(folder, needed, free)
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise DiskFull(folder, needed, _free(folder)) from error


def _free(folder: Path) -> int:
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    return shutil.disk_usage(there).free


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` by `content`; a reader sees the old bytes or the new ones, nothing between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(content)
            settle(file)
            Path(file.name).chmod(0o644)  # a temporary file is its owner's only; servers read it
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    settle_folder(path.parent)


def settle(file: IO[bytes]) -> None:
    """Have the bytes on the disk, not only on their way to it."""
    file.flush()
    os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """Have the names in `folder` on the disk, where the system can be asked for it."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the store's lock, which ends with the process. Raises StoreBusy at once, never waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a+b") as file:
        try:
            _lock(file)
        except OSError as error:
            file.seek(0)
            raise StoreBusy(file.read(40).decode(errors="replace") or "unknown") from error
        file.truncate(0)
        file.write(f"process {os.getpid()}".encode())
        file.flush()
        yield
        file.truncate(0)


def _lock(file: IO[bytes]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows; locks a byte nobody reads
        import msvcrt

        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
