"""The gunicorn worker that serves: a connection costs a greenlet and no thread, however slow it is.

A thread per download lets as many readers as there are threads stop the whole site. Here everything
waits in one event loop, and files go from the disk's cache to the socket in the kernel (sendfile).
Nothing is monkey-patched: the only things that wait are gunicorn's own sockets, and threads stay
threads.

It leans on these of gunicorn's (pinned, and `tests/server/test_slow_readers.py` would notice):
`timeout_ctx` surrounds the reading of a head, `start_response` is a method of the response.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from socket import (
    AF_INET,
    AF_INET6,
    IPPROTO_TCP,
    SO_LINGER,
    SOCK_STREAM,
    SOL_SOCKET,
    TCP_NOTSENT_LOWAT,
)
from typing import Any

import gevent
from gevent import socket
from gevent.lock import Semaphore
from gunicorn import util
from gunicorn.http import errors
from gunicorn.http.wsgi import Response
from gunicorn.workers.ggevent import GeventWorker

from server.config import ServingSettings
from server.files import ChangedOnDiskError, FileSpan
from server.generations import PAUSING
from server.headers import refusal

HEAD_SECONDS = 20
"""How long the first request on a connection may take to arrive, all of it."""

_LINGER_SECONDS = 2  # a stopping worker waits this long for what clients may be sending already
# What the kernel may hold unsent for one client. Without it, five hundred who read slowly take all
# the memory that Linux gives to TCP, and every connection of the machine stalls.
_UNSENT = 1024 * 1024
# Bytes of one file before others have their turn: .3 ms. A quarter of it takes 7 % more processor
# time for each gigabyte, and on a busy machine a third of the throughput (measured).
_STEP = 1024 * 1024

_App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_REASONS = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


class Worker(GeventWorker):  # type: ignore[misc]
    """gunicorn's gevent worker with limits on silence, sendfile, and answers that are all ours."""

    sockets: list[Any]
    wsgi: _App

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._silence = ServingSettings.from_environment().silence
        self._waiting: dict[gevent.Timeout, gevent.Greenlet] = {}

    def patch(self) -> None:
        """Make the listening sockets gevent's, and patch nothing else."""
        self.sockets = [
            socket.socket(one.FAMILY, SOCK_STREAM, fileno=one.sock.detach()) for one in self.sockets
        ]

    def load_wsgi(self) -> None:
        """Load the application, and have its files sent by the kernel."""
        super().load_wsgi()
        for one in getattr(self.wsgi, "extensions", {}).get(PAUSING, ()):
            one.pause = gevent.sleep
        if not self.cfg.is_ssl:
            self.wsgi = _by_sendfile(self.wsgi, self._silence)

    def run(self) -> None:
        """Serve until told to stop, then finish what has begun."""
        gevent.spawn(self._take_leave)
        super().run()

    def _take_leave(self) -> None:
        """When stopping, close connections on which nothing is asked, or each would last."""
        while self.alive:
            gevent.sleep(0.25)
        gevent.sleep(_LINGER_SECONDS)
        for timeout in list(self._waiting):
            gevent.get_hub().loop.run_callback(self._expire, timeout)

    def _expire(self, timeout: gevent.Timeout) -> None:
        if timeout in self._waiting:  # or a request has come meanwhile
            self._waiting[timeout].throw(timeout)

    @contextmanager
    def timeout_ctx(self) -> Iterator[None]:
        """How long the next head may take: it is whole within the time, or the connection ends."""
        greenlet = gevent.getcurrent()
        first = min(HEAD_SECONDS, self._silence)
        seconds = self.cfg.keepalive if hasattr(greenlet, "has_asked") else first
        with gevent.Timeout(seconds if self.alive else _LINGER_SECONDS, False) as timeout:
            self._waiting[timeout] = greenlet
            try:
                yield
            finally:
                del self._waiting[timeout]

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Answer what is asked on one connection."""
        if client.family in (AF_INET, AF_INET6):
            client.setsockopt(IPPROTO_TCP, TCP_NOTSENT_LOWAT, _UNSENT)
        super().handle(listener, client, addr)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Answer one request; a client that takes nothing for long is cut off."""
        gevent.getcurrent().has_asked = True
        # No request has a body here, so none is invited: the refusal is the first thing said.
        req._expected_100_continue = False  # noqa: SLF001
        sock.settimeout(self._silence)
        try:
            super().handle_request(listener_name, req, sock, addr)
        except TimeoutError:
            self.log.info("%s %s: nothing was taken for %d s", req.method, req.uri, self._silence)
            _reset(sock)
            raise StopIteration from None
        except ChangedOnDiskError as error:
            self.log.error("%s %s: %s", req.method, req.uri, error)  # noqa: TRY400 - one line
            _reset(sock)
            raise StopIteration from None
        with suppress(OSError):
            sock.settimeout(None)

    def handle_error(self, _req: Any, client: Any, _addr: Any, exc: BaseException) -> None:
        """Answer what gunicorn could not read, with the headers that every answer has."""
        if isinstance(exc, errors.ParseException):
            status = _REASONS.get(type(exc), HTTPStatus.BAD_REQUEST)
            self.log.warning("refused with %d: %s", status, exc)
        else:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            self.log.error("a request failed", exc_info=exc)
        with suppress(OSError):
            client.settimeout(_LINGER_SECONDS)
            client.sendall(refusal(status))
            util.close_graceful(client, timeout=_LINGER_SECONDS)


def _reset(sock: Any) -> None:
    """Drop what the client does not take; closing alone has the kernel hold it for minutes."""
    with suppress(OSError):
        sock.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()


def _by_sendfile(app: _App, silence: float) -> _App:
    # One piece of one file each time around the loop, so that a new request, which takes three
    # times around, never waits for a piece of each of five hundred downloads.
    turn = Semaphore()

    def sending(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = app(environ, start_response)
        response = getattr(start_response, "__self__", None)
        if isinstance(body, FileSpan) and type(response) is Response:
            return _SentFile(body, response, silence, turn)
        return body

    return sending


class _SentFile:
    """The body of a response that sends itself when it is iterated, and yields nothing."""

    def __init__(self, body: FileSpan, response: Any, silence: float, turn: Semaphore) -> None:
        self._body = body
        self._response = response
        self._silence = silence
        self._turn = turn

    def __iter__(self) -> Iterator[bytes]:
        self._response.send_headers()
        target = self._response.sock.fileno()
        source, offset, left = self._body.source, self._body.start, self._body.length
        while left:
            with self._turn:
                try:
                    sent = os.sendfile(target, source, offset, min(left, _STEP))
                except BlockingIOError:
                    sent = -1
                else:
                    gevent.sleep(0)
            if sent < 0:
                socket.wait_write(target, self._silence, TimeoutError())
                continue
            if not sent:
                raise ChangedOnDiskError(f"{self._body.path} ended {left} bytes early")
            offset += sent
            left -= sent
            self._response.sent += sent  # for the access log
            self._body.sent(sent)
        return iter(())

    def close(self) -> None:
        """Called by gunicorn when the response is over or the client is gone."""
        self._body.close()
