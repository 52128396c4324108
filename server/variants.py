"""The forms a file can be sent in: as it is, or compressed ahead of time. No Flask here.

Brotli at a useful quality takes seconds for the runtimes, so nothing is compressed while a request
waits: variants are made at start (or by `flask precompress`) and kept on disk by content digest.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import brotli

from model_store.digest import FileDigest, file_digest
from server.digest_memory import DigestMemory
from server.facts import Facts, facts_of
from server.held import Body
from server.kept_files import intact_length, write_atomically

_log = logging.getLogger(__name__)

SLOW = 0.5
"""Seconds after which a compression is worth a line in the log."""

ENCODINGS = ("br", "gzip")
"""Content-encodings made ahead of time, best first."""


@dataclass(frozen=True, slots=True)
class Representation:
    """One form of an asset: the bytes themselves (identity) or compressed ahead of time.

    body: a file to stream, or bytes already in memory. length: bytes on the wire. etag: unquoted.
    facts: what tells whether the file is still the one that was digested; None in memory.
    """

    encoding: str
    body: Body | bytes
    length: int
    etag: str
    facts: Facts | None = field(default=None, compare=False)

    def read(self) -> bytes:
        """All of it. Raises OSError."""
        if isinstance(self.body, bytes):
            return self.body
        with self.body.open("rb") as file:
            return file.read()


@dataclass(frozen=True, slots=True)
class Asset:
    """A named file with all its representations. `digest` is of the identity bytes."""

    name: str
    digest: FileDigest
    identity: Representation
    variants: tuple[Representation, ...] = ()

    @property
    def is_negotiated(self) -> bool:
        """Whether it may be sent compressed, now or once that has been done."""
        return bool(self.variants) or Path(self.name).suffix in COMPRESSIBLE

    def download(self, encoding: str) -> int:
        """Bytes on the wire for a client whose best content-encoding is `encoding`."""
        return next((v.length for v in self.variants if v.encoding == encoding), self.digest.bytes)


COMPRESSIBLE = frozenset({".archive", ".css", ".js", ".json", ".mjs", ".svg", ".wasm"})
_MAX_QUALITY = {"br": 11, "gzip": 9}
# 9 takes 2.6 times as long as 6 for the runtimes and saves 1 %.
_GZIP_QUALITY = 6
# Modules and styles gain 7 % of brotli's best quality, in hundredths of a second each; the runtimes
# would take minutes.
_SMALL = 128 * 1024
_MORE_FOR_SMALL = 4
# For what each start makes anew, once for every language: the best one saves 2 % and takes three
# times as long, 0.4 s in all.
_QUALITY_AT_START = {"br": 10, "gzip": 9}


def compress(data: bytes, encoding: str, quality: int) -> bytes:
    """`data` as br or gzip. Deterministic: no name and no time in the gzip header."""
    if encoding == "gzip":
        return gzip.compress(data, quality, mtime=0)
    # 16 MiB, the largest window browsers accept: it spans the whole of the wasm file.
    packed: bytes = brotli.compress(data, quality=quality, lgwin=24)
    return packed


@dataclass(frozen=True, slots=True)
class VariantStore:
    """Precompressed forms kept as <sha256 of the content>.<encoding><quality> in a cache folder.

    A file appears complete or not at all (rename), so several processes may fill one folder. One
    that exists is never rewritten or removed: a running server has recorded its length. An empty
    file says that compressing was tried and gained nothing.
    """

    folder: Path
    brotli_quality: int
    """Of what is large; small files get four levels more."""
    memory: DigestMemory | None = None
    makes: bool = True
    """Whether forms that are missing are made; otherwise the file is served as it is."""
    alone: bool = False
    """On this thread only: a process that is told to stop need not wait for it."""

    def assets(self, sources: Mapping[str, Path]) -> dict[str, Asset]:
        """`asset` of every source by its name, on all processors: zlib and brotli free the GIL."""
        if self.alone:
            return {name: self.asset(name, path) for name, path in sources.items()}
        # The largest first, or the last one to begin would keep everybody waiting.
        names = sorted(sources, key=lambda name: -sources[name].stat().st_size)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            made = pool.map(lambda name: self.asset(name, sources[name]), names)
            assets = dict(zip(names, made, strict=True))
        return {name: assets[name] for name in sources}

    def asset(self, name: str, path: Path) -> Asset:
        """Digest `path` and find or make its variants."""
        facts = facts_of(path)  # before it is read: a change meanwhile is noticed later
        digest = self.memory.digest(path) if self.memory else file_digest(path)
        identity = Representation("identity", path, digest.bytes, digest.sha256, facts)
        if Path(name).suffix not in COMPRESSIBLE:
            return Asset(name, digest, identity)
        made = (self._variant(path, digest, encoding) for encoding in ENCODINGS)
        return Asset(name, digest, identity, tuple(variant for variant in made if variant))

    def asset_of(self, name: str, content: bytes) -> Asset:
        """`asset` of what is no file yet; in memory where the folder cannot be written."""
        try:
            return self.asset(name, self.keep(content, Path(name).suffix))
        except OSError as error:
            _log.warning("cannot keep %s in %s (%s): held in memory", name, self.folder, error)
            digest = hashlib.sha256(content).hexdigest()
            identity = Representation("identity", content, len(content), digest)
            return Asset(name, FileDigest(len(content), digest, ()), identity)

    def is_complete(self, asset: Asset) -> bool:
        """Whether each form of `asset` is here, or is known to gain nothing."""
        if Path(asset.name).suffix not in COMPRESSIBLE:
            return True
        return all(
            any(form.encoding == encoding for form in asset.variants)
            or any(self.folder.glob(f"{asset.digest.sha256}.{encoding}*"))
            for encoding in ENCODINGS
        )

    def _variant(self, source: Path, digest: FileDigest, encoding: str) -> Representation | None:
        wanted = self._brotli_quality(digest.bytes) if encoding == "br" else _GZIP_QUALITY
        for quality in range(_MAX_QUALITY[encoding], wanted - 1, -1):
            kept = self.folder / f"{digest.sha256}.{encoding}{quality}"
            length = self._length(kept, encoding, digest)
            if length is not None:
                return _variant_of(digest, encoding, quality, kept, length)
        if not self.makes:
            return None
        packed = _compress_file(source, digest, encoding, wanted)
        body = self._keep(f"{digest.sha256}.{encoding}{wanted}", packed)
        return _variant_of(digest, encoding, wanted, body, len(packed))

    def _brotli_quality(self, size: int) -> int:
        more = _MORE_FOR_SMALL if size <= _SMALL else 0
        return min(self.brotli_quality + more, _MAX_QUALITY["br"])

    def keep(self, content: bytes, suffix: str) -> Path:
        """A file of the cache folder that holds `content`. Raises OSError where none can be."""
        path = self.folder / f"{hashlib.sha256(content).hexdigest()}{suffix}"
        if not (path.is_file() and path.read_bytes() == content):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        return path

    def _length(self, kept: Path, encoding: str, digest: FileDigest) -> int | None:
        """`intact_length`, without unpacking what has not changed since it was found intact."""
        if self.memory is None or not kept.exists():
            return intact_length(kept, encoding, digest)
        known = self.memory.recall(kept)
        if known is not None:
            return known.bytes
        facts = facts_of(kept)
        length = intact_length(kept, encoding, digest)
        if length is not None:
            self.memory.keep(kept, facts, file_digest(kept))
        return length

    def _keep(self, name: str, packed: bytes) -> Path | bytes:
        """Write atomically; where the folder cannot be written the bytes stay in memory."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self.folder / name, packed)
        except OSError as error:
            _log.warning("cannot keep %s in %s (%s): held in memory", name, self.folder, error)
            return packed
        return self.folder / name


def _compress_file(source: Path, digest: FileDigest, encoding: str, quality: int) -> bytes:
    started = time.monotonic()
    packed = compress(source.read_bytes(), encoding, quality)
    took = time.monotonic() - started
    if took >= SLOW:
        text = "%s: %d bytes, %d as %s (quality %d), %.1f s, once"
        _log.info(text, source.name, digest.bytes, len(packed), encoding, quality, took)
    return packed if len(packed) < digest.bytes else b""


def _variant_of(
    digest: FileDigest, encoding: str, quality: int, body: Path | bytes, length: int
) -> Representation | None:
    if not length:
        return None
    # The quality is part of the tag: a strong validator names the very bytes on the wire.
    facts = facts_of(body) if isinstance(body, Path) else None
    return Representation(encoding, body, length, f"{digest.sha256}-{encoding}{quality}", facts)


def in_memory(name: str, bodies: Mapping[str, bytes]) -> Asset:
    """A small text resource that is kept in memory, compressed for each encoding.

    bodies: uncompressed content by encoding ("identity" and every one of ENCODINGS): a resource
    may speak of the encoding it is sent in, as /catalog.json does.
    """

    def form(encoding: str) -> Representation:
        plain = bodies[encoding]
        tag = hashlib.sha256(plain).hexdigest()
        if encoding == "identity":
            return Representation(encoding, plain, len(plain), tag)
        quality = _QUALITY_AT_START[encoding]
        packed = compress(plain, encoding, quality)
        return Representation(encoding, packed, len(packed), f"{tag}-{encoding}{quality}")

    identity = form("identity")
    digest = FileDigest(identity.length, identity.etag, ())
    return Asset(name, digest, identity, tuple(form(encoding) for encoding in ENCODINGS))
