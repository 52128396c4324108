"""SHA-256 of a file as a whole and of each of its segments, read as a stream."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import IO, Any, Literal, Protocol

SEGMENT_BYTES = 8 * 1024 * 1024
"""A stored file is cut into segments of this size, in bytes: small enough that a browser never
stalls on one cached response, large enough that a model of 100 MB stays at a dozen of them."""

_READ_BYTES = 1024 * 1024  # divides SEGMENT_BYTES, so that no read crosses a segment border


@dataclass(frozen=True)
class FileDigest:
    """What a file is: its size in bytes, its SHA-256 and that of each segment, in lower-case hex.

    `segments` has ceil(bytes / SEGMENT_BYTES) entries; only the last may cover fewer bytes.
    An empty file has none.
    """

    bytes: int
    sha256: str
    segments: tuple[str, ...]


class Openable(Protocol):
    """A file to be read from its start: a Path, or what stands for one."""

    def open(self, mode: Literal["rb"], /) -> IO[bytes] | Any:
        """The file, to be read in blocks and closed as a context."""


def file_digest(path: Openable) -> FileDigest:
    """Digest the file at `path` in constant memory.

    Raises OSError when the file cannot be read.
    """
    whole = hashlib.sha256()
    segment = hashlib.sha256()
    segments: list[str] = []
    size = 0
    with path.open("rb") as file:
        while block := file.read(_READ_BYTES):
            whole.update(block)
            segment.update(block)
            size += len(block)
            if size % SEGMENT_BYTES == 0:
                segments.append(segment.hexdigest())
                segment = hashlib.sha256()
    if size % SEGMENT_BYTES:
        segments.append(segment.hexdigest())
    return FileDigest(size, whole.hexdigest(), tuple(segments))
