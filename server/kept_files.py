"""Compressed files on the disk: written whole or not at all, unpacked before they are believed."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
import zlib
from pathlib import Path

import brotli

from model_store.digest import FileDigest


def decompress(data: bytes, encoding: str) -> bytes:
    """The inverse of `compress`. Raises brotli.error, OSError, EOFError or zlib.error."""
    plain: bytes = gzip.decompress(data) if encoding == "gzip" else brotli.decompress(data)
    return plain


def write_atomically(path: Path, data: bytes) -> None:
    """A file of that content, which others may be writing as well. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o644)  # mkstemp makes it private; the serving user may be another
        # Files of equal content have one form, which may be made for both at once: the first stays,
        # since somebody has recorded its facts.
        if not (path.exists() and path.read_bytes() == data):
            _put(temporary, path, data)
        temporary.unlink(missing_ok=True)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _put(temporary: Path, path: Path, data: bytes) -> None:
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        if path.read_bytes() != data:
            temporary.replace(path)
    except OSError:  # a file system without links
        temporary.replace(path)


def intact_length(kept: Path, encoding: str, digest: FileDigest) -> int | None:
    """Length of a variant that unpacks to exactly the source; None when it is absent or broken."""
    try:
        packed = kept.read_bytes()
        plain = decompress(packed, encoding) if packed else None
    except (OSError, EOFError, zlib.error, brotli.error):
        return None
    intact = plain is None or hashlib.sha256(plain).hexdigest() == digest.sha256
    return len(packed) if intact else None
