"""Gets a model's upstream file from where the catalog says, and keeps it in a cache.

A source is data: `kind` picks the module that knows how to ask for it. Whatever the kind, the
bytes are held against the catalog before anyone sees them, on every use.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model_store.errors import (
    ClientFailed,
    MemberMissing,
    SourceError,
    Unreachable,
    UpstreamMismatch,
)
from model_store.progress import Progress, Silence
from model_store.source import HttpsSource, NpmSource, PypiSource, Source
from model_store.source_https import from_web
from model_store.source_npm import from_npm
from model_store.source_pypi import PIP, from_wheel

__all__ = [
    "CACHE",
    "ClientFailed",
    "MemberMissing",
    "Pins",
    "SourceError",
    "Unreachable",
    "UpstreamMismatch",
    "cached",
    "fetch",
    "pins_of",
]

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "upstream"
_READ = 1024 * 1024


@dataclass(frozen=True)
class Pins:
    """What pins a file: its size in bytes, MD5 (what many authors publish) and SHA-256."""

    bytes: int
    md5: str
    sha256: str


def pins_of(path: Path) -> Pins:
    """Read `path` once, in constant memory."""
    md5, sha256, size = hashlib.md5(usedforsecurity=False), hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_READ):
            md5.update(block)
            sha256.update(block)
            size += len(block)
    return Pins(size, md5.hexdigest(), sha256.hexdigest())


def cached(source: Source, cache: Path = CACHE) -> Path:
    """Where the file of `source` is kept; a file of this machine stays where it is."""
    if source.kind == "file":
        return Path(source.path)
    return cache / (source.sha256 or source.md5 or "") / source.file_name


def fetch(
    source: Source,
    cache: Path = CACHE,
    client: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Path:
    """A path to the upstream file of `source`, its size and digests checked.

    A file in `cache` that still matches is used; one that does not is fetched again. `client` is
    the command of the package client, by default the machine's own, so that its index settings
    apply. Raises a SourceError, or DiskFull.
    """
    progress = progress or Silence()
    kept = cached(source, cache)
    if kept.is_file():
        wrong = _mismatch(source, kept)
        if wrong is None:
            return kept
        if source.kind == "file":
            raise wrong
        kept.unlink()
    if _get(source, kept, client, progress):
        # What an earlier run left may have been of another file; a fresh one decides.
        if _mismatch(source, kept) is None:
            return kept
        kept.unlink()
        _get(source, kept, client, progress)
    if wrong := _mismatch(source, kept):
        kept.unlink()
        _prune(kept.parent, cache)
        raise wrong
    return kept


def _get(source: Source, kept: Path, client: Sequence[str] | None, progress: Progress) -> bool:
    """Write the file to `kept`; whether it was resumed, so that a mismatch may be our own doing."""
    if isinstance(source, HttpsSource):
        return from_web(source, kept, progress)
    arriving = kept.with_name(kept.name + ".new")
    try:
        if isinstance(source, PypiSource):
            progress.begin(f"asking pip for {source.package}=={source.version}")
            from_wheel(source, arriving, client or PIP)
        elif isinstance(source, NpmSource):
            from_npm(source, arriving, client, progress)
        else:
            raise Unreachable(source.path, "no such file", 0)
        arriving.replace(kept)
    finally:
        arriving.unlink(missing_ok=True)
    return False


def _mismatch(source: Source, path: Path) -> UpstreamMismatch | None:
    """The first disagreement between the catalog and the file, if any.

    MD5 is what many authors publish; it says that this is their file. SHA-256 keeps it so.
    """
    found = pins_of(path)
    for field in ("bytes", "md5", "sha256"):
        expected, real = getattr(source, field), getattr(found, field)
        if expected is not None and expected != real:
            return UpstreamMismatch(source.origin, field, expected, real)
    return None


def _prune(folder: Path, cache: Path) -> None:
    """Remove `folder`, and the cache, where nothing is left in them."""
    for place in (folder, cache):
        try:
            place.rmdir()
        except OSError:
            return
