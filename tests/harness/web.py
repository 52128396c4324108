"""A web server on this machine that hands out one file and fails in the ways it is told to."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Web:
    """`faults` are used up one a request: a status, ("drop", bytes), or a word (see `answer`)."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.etag: str | None = '"one"'
        self.faults: list[int | str | tuple[str, int] | None] = []
        self.ranges: list[str | None] = []
        self.conditions: list[str | None] = []
        self.sent = 0
        self.url = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        fault = self.faults.pop(0) if self.faults else None
        asked = request.headers.get("Range")
        self.ranges.append(asked)
        self.conditions.append(request.headers.get("If-Range"))
        if isinstance(fault, int):
            request.send_response(fault)
            request.send_header("Retry-After", "0")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        if fault == "redirect to http":
            request.send_response(302)
            request.send_header("Location", "http://example.org/m.onnx")
            request.end_headers()
            return
        content = b"<!doctype html><p>Log in" if fault == "html" else self.content
        start = self._start(asked, request.headers.get("If-Range"), fault)
        if start is not None and start >= len(content):
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{len(content)}")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        self._send(request, content, start, fault)

    def _start(self, asked: str | None, condition: str | None, fault: object) -> int | None:
        match = re.fullmatch(r"bytes=(\d+)-", asked or "")
        stale = condition is not None and condition != self.etag
        return None if not match or stale or fault == "ignore range" else int(match[1])

    def _send(
        self, request: BaseHTTPRequestHandler, content: bytes, start: int | None, fault: object
    ) -> None:
        body = content[start or 0 :]
        request.send_response(200 if start is None else 206)
        if start is not None:
            first = start + 1 if fault == "wrong range" else start
            request.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        if self.etag:
            request.send_header("ETag", self.etag)
        if fault != "no length":
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if isinstance(fault, tuple):
            body = body[: fault[1]]
        # Before: who reads it may ask what was sent as soon as the last of it has come.
        self.sent += len(body)
        request.wfile.write(body)
        request.close_connection = True


@contextmanager
def serving(content: bytes, secured: ssl.SSLContext | None = None) -> Iterator[Web]:
    """A running Web for the file /files/m.onnx, over https with the certificate of `secured`."""
    web = Web(content)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            web.answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if secured:
        server.socket = secured.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    scheme = "https" if secured else "http"
    web.url = f"{scheme}://127.0.0.1:{server.server_port}/files/m.onnx"
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
