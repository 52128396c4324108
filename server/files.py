"""Sending an asset: content negotiation, conditions and ranges (RFC 9110), streamed from disk.

Werkzeug's send_file is not used: it guesses MIME types from the machine's tables, stats the file on
every request and builds weak validators from its mtime, which differ between two copies of one
release.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from flask import Response, current_app, request
from werkzeug.datastructures import Accept

from server.facts import Facts, facts_in
from server.handover import ASKED_BY, Handover
from server.headers import CSP, Realm
from server.held import Body
from server.media import IMMUTABLE, REVALIDATE, UNTOUCHED, mime_type
from server.variants import Asset, Representation

_CHUNK = 256 * 1024  # bytes read at a time: all the memory a response of any size needs


class ChangedOnDiskError(OSError):
    """A served file is no longer the one that was digested."""


def send_immutable(
    asset: Asset, *, realm: Realm = Realm.CLOSED, transform: bool = True
) -> Response:
    """Answer with content its URL names for good.

    `transform=False` asks intermediaries to leave the bytes alone.
    """
    return _send(asset, IMMUTABLE if transform else UNTOUCHED, realm)


def send_current(asset: Asset, *, realm: Realm = Realm.CLOSED) -> Response:
    """Answer with content that the next release may change: caches must ask each time."""
    return _send(asset, REVALIDATE, realm)


def _send(asset: Asset, cache_control: str, realm: Realm) -> Response:
    """Answer GET or HEAD for `asset`.

    A range is cut from the identity form, also for a client that accepts compression: offsets then
    mean the same in every browser and can be checked against the asset's digest. Several ranges in
    one request are answered with the whole content and 200, as RFC 9110 section 14.2 permits;
    nothing here asks for them and multipart bodies multiply what a request can cost.
    """
    span = _requested_span(asset.identity)
    chosen = asset.identity if span else _negotiate(asset)
    headers = {
        "Content-Type": mime_type(asset.name),
        "Cache-Control": cache_control,
        "ETag": f'"{chosen.etag}"',
        "Accept-Ranges": "bytes",
        CSP: realm.policy,
    }
    if asset.is_negotiated:
        headers["Vary"] = "Accept-Encoding"
    if request.if_match and not request.if_match.contains(chosen.etag):
        return Response(status=412, headers=headers | {"Cache-Control": "no-store"})
    if request.if_none_match.contains_weak(chosen.etag):
        return Response(status=304, headers=headers)
    if span is None:
        if chosen.encoding != "identity":
            headers["Content-Encoding"] = chosen.encoding
        return _answer(chosen, Span(0, chosen.length), 200, headers)
    if span.length == 0:
        headers |= {"Content-Range": f"bytes */{chosen.length}", "Cache-Control": "no-store"}
        return Response(status=416, headers=headers)
    last = span.start + span.length - 1
    headers["Content-Range"] = f"bytes {span.start}-{last}/{chosen.length}"
    return _answer(chosen, span, 206, headers)


def _negotiate(asset: Asset) -> Representation:
    """The form this request's Accept-Encoding prefers; identity where nothing else is accepted."""
    encoding = best_encoding(request.accept_encodings, [v.encoding for v in asset.variants])
    return next((v for v in asset.variants if v.encoding == encoding), asset.identity)


def best_encoding(accepted: Accept, available: list[str]) -> str:
    """The accepted encoding of highest quality; among equals the first one of `available`.

    Identity comes last unless the client ranks it higher by name. It is also the answer when the
    client refuses everything: RFC 9110 section 12.5.3 lets a server disregard the field then.
    """

    def quality(encoding: str) -> float:
        # An old name of gzip (RFC 9110 section 8.4.1.3), which counts where gzip is not named.
        named = {value.lower() for value in accepted.values()}
        is_old = encoding == "gzip" and "x-gzip" in named and "gzip" not in named
        return accepted.quality("x-gzip" if is_old else encoding)

    usable = [encoding for encoding in available if quality(encoding) > 0]
    return max([*usable, "identity"], key=quality)


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a representation, in bytes. A length of 0 cannot be satisfied."""

    start: int
    length: int


_SINGLE_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)


def _requested_span(representation: Representation) -> Span | None:
    """The range to send, or None when the request asks for the whole or must be treated so.

    Ranges are defined for GET only (RFC 9110 section 14.2). If-Range counts only as a strong ETag
    that matches exactly: no date is ever sent, so none can be a validator.
    """
    value = request.headers.get("Range")
    if_range = request.headers.get("If-Range")
    if request.method != "GET" or value is None:
        return None
    if if_range is not None and if_range.strip() != f'"{representation.etag}"':
        return None
    return parse_range(value, representation.length)


def parse_range(value: str, length: int) -> Span | None:
    """One byte range of a content of `length` bytes; None for any field value to be ignored.

    Ignored are other units, several ranges, bad syntax and last < first.
    """
    match = _SINGLE_RANGE.fullmatch(value)
    if match is None or match.groups() == ("", ""):
        return None
    first, last = (_position(digits) for digits in match.groups())
    if first is None:
        suffix = min(last or 0, length)
        return Span(length - suffix, suffix)
    if last is not None and last < first:
        return None
    end = length if last is None else min(last + 1, length)
    return Span(first, max(0, end - first))


def _position(digits: str) -> int | None:
    # int() refuses thousands of digits with an exception; no file reaches 19, zeros apart.
    return int(digits.lstrip("0")[:19] or "0") if digits else None


def _answer(
    representation: Representation, span: Span, status: int, headers: dict[str, str]
) -> Response:
    headers["Content-Length"] = str(span.length)
    if request.method == "HEAD":
        return Response(status=status, headers=headers)
    if isinstance(representation.body, bytes):
        part = representation.body[span.start : span.start + span.length]
        return Response(part, status, headers)
    if representation.etag.partition("-")[0] in current_app.extensions["damaged"]:
        raise ChangedOnDiskError(f"{representation.body} is not what was digested")
    handover: Handover | None = current_app.extensions.get("handover")
    if handover and (named := handover.headers(representation, request.headers.get(ASKED_BY))):
        # The proxy knows the file's length and cuts the range, of which it is asked as well.
        own = ("Content-Length", "Content-Range", "Accept-Ranges")
        kept = {name: value for name, value in headers.items() if name not in own}
        return Response(status=200, headers=kept | named)
    stream = FileSpan(representation.body, span, representation.facts)
    return Response(stream, status, headers, direct_passthrough=True)


class FileSpan:
    """A WSGI body of `length` bytes of a file from `start` on, read in chunks.

    Raises ChangedOnDiskError before the first header is sent when the file is not what it was, by
    `expected`; OSError when it cannot be opened. A file that shrinks while it is sent raises it in
    the middle: the server drops the connection, and the client sees a short body instead of a
    wrong one.
    """

    def __init__(self, path: Body, span: Span, expected: Facts | None) -> None:
        self.path = path
        self.start = span.start
        self.length = span.length
        self._file = path.open("rb", buffering=0)
        if expected is not None and facts_in(os.fstat(self._file.fileno())) != expected:
            self._file.close()
            raise ChangedOnDiskError(f"{path} has changed since it was digested")
        self._file.seek(span.start)
        self.sent: Callable[[int], object] = _nobody_counts
        self._end: Callable[[], object] = _nobody_minds

    def watch(self, sent: Callable[[int], object], end: Callable[[], object]) -> None:
        """Have `sent` told of bytes that have gone out, and `end` called, maybe more than once."""
        self.sent, self._end = sent, end

    @property
    def source(self) -> int:
        """The open file's descriptor, for a server that has the kernel send it."""
        return self._file.fileno()

    def __iter__(self) -> Iterator[bytes]:
        # Closed here too: werkzeug's server forgets close() when the client resets the connection.
        left = self.length
        with closing(self):
            while left:
                chunk = self._file.read(min(_CHUNK, left))
                if not chunk:
                    raise ChangedOnDiskError(f"{self.path} ended {left} bytes early")
                left -= len(chunk)
                yield chunk
                self.sent(len(chunk))

    def close(self) -> None:
        """Called by the WSGI server when the response is over or the client is gone."""
        self._file.close()
        self._end()


def _nobody_counts(_count: int) -> None:
    pass


def _nobody_minds() -> None:
    pass
