"""`flask check URL`: a running installation beside what it should be, and what a proxy has changed.

What it should be is asked of this installation's own application, in this process. So it holds for
the release and the models that are here; run it where, or as, the server runs.
"""

from __future__ import annotations

import gzip
import hashlib
import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import brotli
from flask import Flask

from server.headers import CSP, SECURITY_HEADERS
from server.offered import FILES, PREFIX, models_of

_BLOCK = 1024 * 1024
_ISOLATING = ("Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy")
_COMPARED = (
    CSP,
    *SECURITY_HEADERS,
    "Content-Type",
    "Cache-Control",
    "Content-Range",
    "Content-Length",
    "Vary",
    "Allow",
)
_OF_CONTENT = ("Content-Type", "Content-Length", "Content-Range", "Cache-Control")
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


def requests_of(app: Flask, *, whole: bool) -> Iterator[Asked]:
    """What is compared: every file, and what is not one. whole: models from end to end, and not
    their ends only."""
    packed = (("Accept-Encoding", "br, gzip"),)
    plain = (("Accept-Encoding", "identity"),)
    documents = ("", "sw.js", "api.js", "manifest.webmanifest", "catalog.json", "healthz")
    for path in (*documents, *app.extensions[FILES]):
        for accepted in (plain, packed):
            yield Asked(path, "GET", accepted)
        yield Asked(path, "HEAD", packed)
    for path in models_of(app):
        yield Asked(path, "HEAD", packed)
        for span in ("bytes=0-65535", "bytes=-65536", "bytes=99999999999999-"):
            yield Asked(path, "GET", (*packed, ("Range", span)))
        if whole:
            yield Asked(path, "GET", packed)
    yield Asked("none", "GET", plain)
    yield Asked("assets/none/none.js", "GET", plain)
    yield Asked("", "POST")
    yield Asked("", "OPTIONS")


def differences(url: str, app: Flask, *, whole: bool = True) -> dict[str, list[str]]:
    """Sentences that say what differs -> the paths for which they hold.

    url: of the installation's page. app: what it should be. Raises UnreachableError.
    """
    found: dict[str, list[str]] = {}
    with closing(_There(url)) as there:
        for asked in requests_of(app, whole=whole):
            for sentence in _judged(asked, _expected(app, asked), there.ask(asked)):
                paths = found.setdefault(sentence, [])
                if asked.path not in paths:
                    paths.append(asked.path)
    return found


def _judged(asked: Asked, expected: Answer, actual: Answer) -> Iterator[str]:
    if actual.status != expected.status:
        yield f"{_request(asked)} is answered with {actual.status} instead of {expected.status}."
        return
    encodings = actual.all("content-encoding")
    if encodings and asked.path.startswith("models/"):
        yield f"It is compressed on its way ({', '.join(encodings)}): downloads cannot resume."
        return
    tags = actual.all("etag")
    if tags and _is_content(asked.path) and not _has_digest(tags, expected.all("etag")):
        yield f"Its tag is {tags[0]}, and not Mattebox's: the page takes it for another file."
    same_form = encodings == expected.all("content-encoding")
    # What is said beside a refused range is the server's own.
    refused = actual.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    for name in _COMPARED:
        if refused and name in _OF_CONTENT:
            continue
        # How long a compressed form is, is the compressor's.
        if name != "Content-Length" or same_form:
            yield from _header(asked, name, expected.all(name), actual.all(name))
    if actual.sha256 != expected.sha256 and asked.method == "GET" and not refused:
        yield (
            "Other bytes arrive than the server has: something changes them on their way,"
            " or another release runs there."
        )


def _is_content(path: str) -> bool:
    return path.startswith(("assets/", "runtime/", "models/"))


def _has_digest(actual: tuple[str, ...], expected: tuple[str, ...]) -> bool:
    """Whether the tag that came names the content as the expected one does."""
    return all(one.strip('W/"').split("-")[0] in actual[0] for one in expected)


def _header(
    asked: Asked, name: str, expected: tuple[str, ...], actual: tuple[str, ...]
) -> Iterator[str]:
    wanted, came = (sorted(_parts(name, one)) for one in (expected, actual))
    if came == wanted or (name == "Content-Length" and asked.method == "OPTIONS"):
        return
    value = "; and ".join(actual)
    if name == CSP:
        yield _policy(expected, actual)
    elif name in _ISOLATING:
        how = f"is {value!r}" if actual else "is missing"
        yield f"The header {name} {how}: browsers give the page no threads without it."
    elif name == "Cache-Control" and asked.path == "sw.js":
        said = value or "no Cache-Control"
        yield f"The service worker may be cached ({said}), so updates come late."
    elif not actual:
        yield f"The header {name} is missing."
    elif not expected:
        yield f"The header {name} was added: {value}."
    else:
        yield f"The header {name} is {value!r} instead of {'; and '.join(expected)!r}."


def _policy(expected: tuple[str, ...], actual: tuple[str, ...]) -> str:
    if not actual:
        return (
            "The policy that keeps photos on the device is missing: a proxy hides it, or sends"
            " files in Mattebox's place."
        )
    added = [one for one in actual if one not in expected]
    if set(expected) <= set(actual):
        return f"A second policy was added, and browsers enforce both: {'; and '.join(added)}."
    return f"The policy that keeps photos on the device was replaced by {'; and '.join(added)!r}."


def _parts(name: str, values: tuple[str, ...]) -> list[str]:
    """Values that may stand in any order and case, apart; the others whole."""
    if name in ("Vary", "Allow"):
        return [part.strip().lower() for value in values for part in value.split(",")]
    if name == "Content-Type":
        return [value.lower().replace(" ", "") for value in values]
    return list(values)


def _request(asked: Asked) -> str:
    named = [f"{name} {value}" for name, value in asked.headers if name == "Range"]
    return " with ".join([asked.method, *named])


def _expected(app: Flask, asked: Asked) -> Answer:
    answer = app.test_client().open(
        f"{app.extensions[PREFIX]}/{asked.path}",
        method=asked.method,
        headers=dict(asked.headers),
        buffered=False,
    )
    read = _Body(answer.headers.get("Content-Encoding"))
    for block in answer.iter_encoded():
        read.take(block)
    answer.close()
    return read.answer(answer.status_code, answer.headers.items())


class _There:
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
            read = _Body(response.getheader("Content-Encoding"))
            while block := response.read(_BLOCK):
                read.take(block)
            return read.answer(response.status, response.getheaders())
        except (OSError, HTTPException) as error:
            raise UnreachableError(f"{self._root}/{asked.path}: {error!r}") from error


class _Body:
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

    def answer(self, status: int, headers: object) -> Answer:
        """All of it. headers: pairs of name and value."""
        named: dict[str, tuple[str, ...]] = {}
        for name, value in headers:  # type: ignore[attr-defined]
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
