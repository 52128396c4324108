"""The real application on a real socket: every request recorded, any answer open to sabotage."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

from tests.harness.ports import is_free, usual_port


@dataclass(frozen=True)
class Answer:
    """A whole response on its way out: `headers` as pairs, so that a fault can also repeat one.

    `range` is what the request asked for, first and last byte. In its middle the body pauses until
    `stall` is set, or so many seconds.
    """

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    range: tuple[int, int] | None = None
    stall: threading.Event | float = 0

    def with_body(self, body: bytes) -> Answer:
        """The same answer about other bytes, announced truthfully."""
        announced = self.without("Content-Length").with_header("Content-Length", str(len(body)))
        return replace(announced, body=body)

    def with_header(self, name: str, value: str) -> Answer:
        return replace(self, headers=(*self.headers, (name, value)))

    def without(self, *names: str) -> Answer:
        unwanted = {name.lower() for name in names}
        kept = tuple(pair for pair in self.headers if pair[0].lower() not in unwanted)
        return replace(self, headers=kept)


Fault = Callable[[Answer], Answer]


@dataclass
class Held:
    """A fault that lets some answers through and holds the others until it is released."""

    through: int
    #: How many have come.
    count: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def __call__(self, answer: Answer) -> Answer:
        self.count += 1
        if self.count > self.through:
            self.released.wait(_PATIENCE)
        return answer

    @property
    def is_holding(self) -> bool:
        return self.count > self.through


@dataclass
class Site:
    """What is being served, what was asked for, and what goes wrong."""

    app: Flask
    port: int = 0
    requests: list[str] = field(default_factory=list)
    #: The fault to apply to every request whose path contains the key.
    faults: dict[str, Fault] = field(default_factory=dict)
    #: The same for all tests that share the site: none clears them.
    standing: dict[str, Fault] = field(default_factory=dict)
    #: Whether sabotaged answers keep their ETag; without it a browser does not remember them.
    keeps_tags: bool = False
    #: Whether browsers get the service worker. Without it every page meets the network, and so what
    #: a test does to it; with it, what has been kept of an earlier visit.
    is_kept: bool = False
    #: Bytes of model bodies handed to the socket while a fault was set for them.
    sent: int = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.endswith("/sw.js") and not self.is_kept:
            return NotFound()(environ, start_response)
        self.requests.append(path)
        present = (*self.faults.items(), *self.standing.items())
        fault = next((fault for part, fault in present if part in path), None)
        if fault is None:
            return self.app(environ, start_response)
        # What is changed must be the plain bytes, all of them, not remembered by the true tag.
        for name in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH"):
            environ.pop(name, None)
        # A fault is about what is sent: a question without a body gets the head of that.
        is_head = environ["REQUEST_METHOD"] == "HEAD"
        environ["REQUEST_METHOD"] = "GET" if is_head else environ["REQUEST_METHOD"]
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", environ.get("HTTP_RANGE", ""))
        span = (int(asked[1]), int(asked[2])) if asked else None
        chunks, status, headers = run_wsgi_app(self.app, environ, buffered=True)
        sound = Answer(status, tuple(headers.to_wsgi_list()), b"".join(chunks), span)
        answer = fault(sound if self.keeps_tags else sound.without("ETag"))
        if fault in self.standing.values():
            # Of this site only: another one on the same port has the true file at this address.
            answer = answer.without("Cache-Control").with_header("Cache-Control", "no-store")
        elif "immutable" in dict(answer.headers).get("Cache-Control", ""):
            _spoiled.set()
        start_response(answer.status, list(answer.headers))
        if is_head:
            return []
        return self._counted(path, fault, _paused(answer))

    def _counted(self, path: str, fault: Fault, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            # An answer that paused may go on when nobody listens and another test is counting.
            if "/models/" in path and fault in (*self.faults.values(), *self.standing.values()):
                self.sent += len(chunk)
            yield chunk


def _paused(answer: Answer) -> Iterator[bytes]:
    half = len(answer.body) // 2 if answer.stall else 0
    yield answer.body[:half]
    if isinstance(answer.stall, threading.Event):
        answer.stall.wait(_PATIENCE)
    else:
        time.sleep(answer.stall)
    for start in range(half, len(answer.body), _CHUNK):
        yield answer.body[start : start + _CHUNK]


#: All that this process has served on: of what was there a browser may hold something.
ports: set[int] = set()
#: Whether a browser may hold, for good, what is not the true file at its address.
_spoiled = threading.Event()


def take_spoiled() -> bool:
    """Whether it may, since this was last asked."""
    was = _spoiled.is_set()
    _spoiled.clear()
    return was


_CHUNK = 64 * 1024
#: Seconds after which an answer goes on although nobody told it to.
_PATIENCE = 120


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    #: Connections that are open now: a browser keeps them, and a server that is gone must not
    #: answer on them.
    open: ClassVar[set[socket.socket]]

    def setup(self) -> None:
        super().setup()
        self.open.add(self.connection)

    def finish(self) -> None:
        self.open.discard(self.connection)
        super().finish()

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Requests are recorded by the site itself."""


@contextmanager
def serving(app: Flask) -> Iterator[Site]:
    """`app` on a free port of the loopback interface."""
    site = Site(app)
    with listening(site):
        yield site


@contextmanager
def listening(site: Site) -> Iterator[None]:
    """The site reachable on its port; the first time that is the usual one, or one that is free."""

    class Handler(_Quiet):
        open: ClassVar = set()

    if not site.port and is_free(usual_port()):
        site.port = usual_port()
    server = make_server("127.0.0.1", site.port, site, threaded=True, request_handler=Handler)
    site.port = server.port
    ports.add(site.port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        for connection in list(Handler.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
