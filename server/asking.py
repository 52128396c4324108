"""One request to an installation that is checked, and what came of it, counted and digested."""

from __future__ import annotations

import gzip
import hashlib
import ssl
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import brotli

_BLOCK = 1024 * 1024
_SECONDS = 60


class UnreachableError(Exception):
    """Nothing that speaks HTTP answers there; the message says what happened."""


@dataclass(frozen=True)
class Answer:
    """A response. headers: by name in lower case, each value that came. sha256: of the body as it
    is once unpacked; None where it cannot be unpacked."""

    status: int
    headers: Mapping[str, tuple[str, ...]]
    bytes: int
    sha256: str | None

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header."""
        return self.headers.get(name.lower(), ())


@dataclass(frozen=True)
class Asked:
    """A request to compare: `path` relative to the site's root, without a slash before it."""

    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()


class There:
    """The installation that is checked, on one connection for as long as it lasts."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UnreachableError(f"{url} is no address such as https://mattebox.example.org/")
        self._root = parts.path.rstrip("/")
        self._connection: HTTPConnection
        if parts.scheme == "https":
            # The authorities of the system, or of SSL_CERT_FILE.
            context = ssl.create_default_context()
            self._connection = HTTPSConnection(
                parts.hostname, parts.port, timeout=_SECONDS, context=context
            )
        else:
            self._connection = HTTPConnection(parts.hostname, parts.port, timeout=_SECONDS)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def ask(self, asked: Asked) -> Answer:
        """One request."""
        try:
            # http.client would add "identity" by itself.
            self._connection.putrequest(
                asked.method, f"{self._root}/{asked.path}", skip_accept_encoding=True
            )
            for name, value in asked.headers:
                self._connection.putheader(name, value)
            self._connection.endheaders()
            response = self._connection.getresponse()
            read = Body(response.getheader("Content-Encoding"))
            while block := response.read(_BLOCK):
                read.take(block)
            return read.answer(response.status, response.getheaders())
        except (OSError, HTTPException) as error:
            raise UnreachableError(f"{self._root}/{asked.path}: {error!r}") from error


class Body:
    """What arrives, counted and digested; what is compressed is text, and small enough to hold."""

    def __init__(self, encoding: str | None) -> None:
        self._encoding = encoding
        self._packed: list[bytes] = []
        self._sha256 = hashlib.sha256()
        self._bytes = 0

    def take(self, block: bytes) -> None:
        """The next bytes."""
        self._bytes += len(block)
        if self._encoding is None:
            self._sha256.update(block)
        else:
            self._packed.append(block)

    def answer(self, status: int, headers: Iterable[tuple[str, str]]) -> Answer:
        """All of it. headers: pairs of name and value."""
        named: dict[str, tuple[str, ...]] = {}
        for name, value in headers:
            named[name.lower()] = (*named.get(name.lower(), ()), value)
        return Answer(status, named, self._bytes, self._digest())

    def _digest(self) -> str | None:
        packed = b"".join(self._packed)
        if not packed:
            return self._sha256.hexdigest()
        try:
            plain = brotli.decompress(packed) if self._encoding == "br" else gzip.decompress(packed)
        except (OSError, EOFError, zlib.error, brotli.error):
            return None
        return hashlib.sha256(plain).hexdigest()
