"""GET /metrics for Prometheus: requests, bytes and what is in flight, by kind of file.

Off unless the operator asks for it (MATTEBOX_METRICS=on). It tells nothing of visitors: no address,
no name of a file, no time of a request. It is for machines of the operator's own: a request that a
proxy has passed on gets 404.

Every process has a row of numbers in memory that all processes of one gunicorn share, and writes to
that one only; an answer is the sum over all rows. A worker that ends leaves its row to a later one,
which goes on counting in it, so that no sum ever falls.
"""

from __future__ import annotations

import mmap
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from server.files import FileSpan
from server.headers import DOCUMENT_REALMS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KINDS = ("page", "asset", "runtime", "model", "health", "other")
"""page: what changes with a release, the catalog too. other: whatever has no URL here."""

_FOLDERS = {"assets": "asset", "runtime": "runtime", "models": "model"}
_HEALTH = ("healthz", "readyz", "metrics")
_STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")

_REQUESTS = {pair: index for index, pair in enumerate(product(KINDS, _STATUSES))}
_BYTES = {kind: len(_REQUESTS) + index for index, kind in enumerate(KINDS)}
_IN_FLIGHT = {kind: len(_REQUESTS) + len(KINDS) + index for index, kind in enumerate(KINDS)}
_COLUMNS = len(_REQUESTS) + 2 * len(KINDS)

ROWS = 1024
"""Twice the workers that can be set (server/config.py), and again: old ones end beside new ones."""

_PASSED_ON = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")

# Anonymous, so processes that are forked share it, and it is gone with the last of them. Zeros that
# nobody has written to take no memory.
_shared = memoryview(mmap.mmap(-1, ROWS * _COLUMNS * 8)).cast("Q")


class Row:
    """The numbers of this process. Its threads take turns; other processes have rows of theirs."""

    def __init__(self, cells: memoryview, number: int = 0) -> None:
        self._cells = cells
        self._lock = threading.Lock()
        self.take(number)

    def take(self, number: int) -> None:
        """Count in this row from now on. What was in flight in it ended with its former process."""
        self._start = (number % ROWS) * _COLUMNS
        for column in _IN_FLIGHT.values():
            self._cells[self._start + column] = 0

    def add(self, column: int, amount: int) -> None:
        """Add to one number; `amount` may be negative for what is in flight."""
        with self._lock:
            self._cells[self._start + column] += amount

    def sums(self) -> list[int]:
        """By column, of all processes."""
        return [sum(self._cells[column::_COLUMNS]) for column in range(_COLUMNS)]


row = Row(_shared)


def free_row(taken: Iterable[int]) -> int:
    """A row for a worker that is about to start; `taken` are those of workers that are alive.

    Never 0, which the first process has.
    """
    used = set(taken)
    return next(number for number in range(1, ROWS) if number not in used)


class Counting:
    """WSGI layer: counts each request, its bytes as they go out, and when it is over."""

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as PEP 3333 asks."""
        one = _Request(kind_of(environ.get("PATH_INFO", "").removeprefix(self._prefix)))

        def told(status: str, *rest: object) -> Callable[[bytes], object]:
            one.status = status
            return start_response(status, *rest)  # type: ignore[arg-type]

        try:
            body = self._app(environ, told)
        except BaseException:
            one.end()
            raise
        if isinstance(body, FileSpan):
            # The worker has the kernel send it, and must see it as it is.
            body.watch(one.sent, one.end)
            return body
        return _Counted(body, one)


def kind_of(path: str) -> str:
    """Of what is asked for by this path below the site's root."""
    name = path.removeprefix("/")
    folder, slash, _ = name.partition("/")
    if slash:
        return _FOLDERS.get(folder, "other")
    if name in _HEALTH:
        return "health"
    documents = {*DOCUMENT_REALMS, "catalog.json", ""} - {"index.html"}
    is_document = name in documents or name.endswith(".webmanifest")
    return "page" if is_document else "other"


class _Request:
    """One that is being answered."""

    def __init__(self, kind: str) -> None:
        self.status = "500"  # what the server answers where the application did not
        self._kind = kind
        self._is_over = False
        row.add(_IN_FLIGHT[kind], 1)

    def sent(self, count: int) -> None:
        row.add(_BYTES[self._kind], count)

    def end(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        row.add(_IN_FLIGHT[self._kind], -1)
        row.add(_REQUESTS[self._kind, f"{self.status[0]}xx"], 1)


class _Counted:
    """A body that says how much of it has gone."""

    def __init__(self, body: Iterable[bytes], one: _Request) -> None:
        self._body = body
        self._one = one

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._body:
                yield chunk
                self._one.sent(len(chunk))
        finally:
            self._one.end()

    def close(self) -> None:
        """Called by the server when the response is over, or the client is gone."""
        if hasattr(self._body, "close"):
            self._body.close()
        self._one.end()


def blueprint(version: str) -> Blueprint:
    """GET /metrics. version: the product's."""
    metrics = Blueprint("metrics", __name__)

    @metrics.get("/metrics")
    def told() -> Response:
        if any(name in request.headers for name in _PASSED_ON):
            abort(404)
        headers = {
            "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
            "Cache-Control": "no-store",
        }
        return Response(_text(row.sums(), version), 200, headers)

    return metrics


def _text(sums: list[int], version: str) -> str:
    """In Prometheus's text format, 0.0.4."""
    requests = {
        f'kind="{kind}",status="{status}"': sums[column]
        for (kind, status), column in _REQUESTS.items()
    }
    sent, flying = (
        {f'kind="{kind}"': sums[column] for kind, column in columns.items()}
        for columns in (_BYTES, _IN_FLIGHT)
    )
    return "".join(
        (
            _metric("requests_total", "counter", "Requests that are over.", requests),
            _metric("sent_bytes_total", "counter", "Bytes of bodies.", sent),
            _metric("requests_in_flight", "gauge", "Requests being answered.", flying),
            _metric("build_info", "gauge", "What is running.", {f'version="{version}"': 1}),
        )
    )


def _metric(name: str, kind: str, about: str, values: dict[str, int]) -> str:
    full = f"mattebox_{name}"
    lines = "".join(f"{full}{{{labels}}} {value}\n" for labels, value in values.items())
    return f"# HELP {full} {about}\n# TYPE {full} {kind}\n{lines}"
