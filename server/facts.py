"""What tells whether a file is still the one that was digested. No Flask here."""

from __future__ import annotations

import os
from typing import NamedTuple, Protocol


class Facts(NamedTuple):
    """A file's inode, the time of its last change in nanoseconds, and its size in bytes.

    Whoever writes a file changes at least one of them, unless they set the time back on purpose.
    """

    inode: int
    mtime_ns: int
    size: int


class _HasStat(Protocol):
    def stat(self) -> os.stat_result: ...


def facts_of(file: _HasStat) -> Facts:
    """Of a path, or of a file that is held open. Raises OSError where there is none."""
    return facts_in(file.stat())


def facts_in(found: os.stat_result) -> Facts:
    """The facts among all that the system says of a file."""
    return Facts(found.st_ino, found.st_mtime_ns, found.st_size)
