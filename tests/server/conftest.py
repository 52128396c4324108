"""A real server on a real socket, and a client that shows the bytes as they came."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.server import toy_site


def until(holds: Callable[[], bool]) -> None:
    """Wait for what happens in the background, for a minute at most."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@dataclass(frozen=True)
class Answer:
    """A response: header names in lower case; `body` exactly as sent, never decompressed."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """A running server and what it serves."""

    port: int
    folder: Path
    root: str = ""

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        """One request on its own connection. `Header_Name` keywords become `Header-Name` fields."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            # skip_accept_encoding: http.client would add "identity" on its own.
            connection.putrequest(method, self.root + path, skip_accept_encoding=True)
            for name, value in named.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            assert len(fields) == len(response.getheaders()), "a header came twice"
            return Answer(response.status, fields, response.read())
        finally:
            connection.close()

    def catalog(self) -> Any:
        """/catalog.json as a client that accepts no compression is told."""
        return json.loads(self.ask("/catalog.json").body)

    def model_url(self) -> str:
        return f"/models/{toy_site.sha256(toy_site.MODEL_BYTES)}/toy.onnx"

    def asset_url(self, name: str) -> str:
        return f"/assets/{self.catalog()['tree']}/{name}"

    def runtime_url(self, suffix: str) -> str:
        return f"/runtime/{toy_site.RUNTIME_VERSION}/ort-wasm-simd-threaded{suffix}"


@contextmanager
def serving(app: Flask, folder: Path, root: str = "") -> Iterator[Site]:
    """Werkzeug's server, as `flask run` uses it, on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Site(server.port, folder, root)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all tests that only read."""
    folder = tmp_path_factory.mktemp("site")
    with serving(toy_site.start(toy_site.build(folder)), folder) as running:
        yield running
