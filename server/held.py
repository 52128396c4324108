"""Files that stay readable after they were removed, as long as somebody may ask for them."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from model_store.digest import FileDigest, file_digest
from server.digest_memory import DigestMemory
from server.facts import Facts, facts_of


class HeldFile:
    """A file that is open already, read from any place by any number of readers at once.

    Stands where a Path to read from stands. It is closed when nothing refers to it any longer, so
    an answer that is on its way comes to its end whatever happens to the name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def open(self, mode: Literal["rb"] = "rb", buffering: int = 0) -> io.RawIOBase:  # noqa: ARG002
        """A reader at the file's start, with a position of its own."""
        return _Reader(self)

    def stat(self) -> os.stat_result:
        """Of the file that is held, whatever has its name now."""
        return os.fstat(self._handle)

    def fileno(self) -> int:
        """The descriptor, to be read with places given: its own position is nobody's."""
        return self._handle

    def read_at(self, start: int, count: int) -> bytes:
        """At most `count` bytes from `start` on; fewer at the file's end only."""
        return os.pread(self._handle, count, start)

    def __str__(self) -> str:
        return str(self.path)

    def __del__(self) -> None:
        if hasattr(self, "_handle"):
            os.close(self._handle)


class _Reader(io.RawIOBase):
    def __init__(self, held: HeldFile) -> None:
        self._held: HeldFile | None = held
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file().fileno()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        starts = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}
        start = starts[whence] if whence in starts else self._file().stat().st_size
        self._at = start + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        wanted = self._file().stat().st_size if size < 0 else size
        block = self._file().read_at(self._at, wanted)
        self._at += len(block)
        return block

    def close(self) -> None:
        self._held = None
        super().close()

    def _file(self) -> HeldFile:
        if self._held is None:
            raise ValueError("the reader is closed")
        return self._held


Body = Path | HeldFile


@dataclass
class _Known:
    held: Body
    facts: Facts
    digest: FileDigest


class _Paused:
    """The same file, with a pause before each block that is read of it."""

    def __init__(self, file: Body, pause: Callable[[float], None]) -> None:
        self._file = file
        self._pause = pause

    def open(self, _mode: Literal["rb"]) -> Self:
        self._reader = self._file.open("rb", buffering=0)
        return self

    def read(self, size: int) -> bytes:
        self._pause(0)
        return self._reader.read(size) or b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()


class HeldFiles:
    """Opens model files and digests what it has opened; one that has not changed since, by inode,
    time and size, is neither opened nor read again."""

    def __init__(self, memory: DigestMemory | None = None) -> None:
        self.pause: Callable[[float], None] = time.sleep
        """Lets others go on between two blocks of a file: as that of Generations."""
        self._memory = memory
        self._known: dict[Path, _Known] = {}

    def digest(self, path: Path) -> FileDigest:
        """As `file_digest`, of the very file that `body` gives then."""
        known = self._known.get(path)
        if known is None or facts_of(path) != known.facts:
            held = hold(path)
            # Before it is read: a change meanwhile is seen at the next time.
            facts = facts_of(held)
            known = _Known(held, facts, self._read(held, facts))
            self._known[path] = known
        return known.digest

    def _read(self, held: Body, facts: Facts) -> FileDigest:
        if self._memory is None:
            return file_digest(_Paused(held, self.pause))
        known = self._memory.recall(held)
        paused = _Paused(held, self.pause)
        return known or self._memory.keep(held, facts, file_digest(paused))

    def body(self, path: Path) -> tuple[Body, Facts]:
        """What was digested of `path`, and what it was then."""
        known = self._known.get(path)
        if known:
            return known.held, known.facts
        held = hold(path)
        return held, facts_of(held)

    def keep_only(self, paths: set[Path]) -> None:
        """Let go of all others; they are closed once no answer needs them."""
        self._known = {path: known for path, known in self._known.items() if path in paths}


def hold(path: Path) -> Body:
    """`path`, held where the system can read one open file at several places at once."""
    return HeldFile(path) if hasattr(os, "pread") else path
