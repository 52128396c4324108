"""The same promises under gunicorn's threaded worker, where connections are kept alive."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from server.config import ROOT
from tests.server import toy_site
from tests.server.conftest import Site
from tests.server.test_headers import assert_guarded
from tests.server.toy_site import MODEL_BYTES


@contextmanager
def gunicorn(folder: Path, **environment: str) -> Iterator[Site]:
    toy_site.build(folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "2"]
    command += ["--threads", "2", "--bind", f"127.0.0.1:{port}", "--keep-alive", "5"]
    command += ["--log-level", "error", "--no-control-socket"]
    command += [f"tests.server.toy_site:start_in({str(folder)!r})"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)
    root = environment.get("SCRIPT_NAME", "")
    running = Site(port, folder, root)
    try:
        wait_until_healthy(running)
        yield running
    finally:
        process.terminate()
        process.wait(10)


def wait_until_healthy(site: Site) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if site.ask("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail("gunicorn did not answer within 20 s")


@pytest.fixture(scope="module")
def threaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with gunicorn(tmp_path_factory.mktemp("gunicorn")) as running:
        yield running


def test_one_connection_serves_every_kind_of_answer(threaded: Site) -> None:
    connection = HTTPConnection("127.0.0.1", threaded.port, timeout=10)
    url = threaded.model_url()
    connection.request("GET", url)
    response = connection.getresponse()
    assert response.read() == MODEL_BYTES
    etag = response.getheader("ETag") or ""
    kept = connection.sock
    asked: list[tuple[str, dict[str, str], int, bytes]] = [
        ("HEAD", {}, 200, b""),
        ("GET", {"If-None-Match": etag}, 304, b""),
        ("GET", {"Range": "bytes=-1"}, 206, MODEL_BYTES[-1:]),
        ("GET", {"Range": "bytes=99999-"}, 416, b""),
        ("HEAD", {"If-None-Match": etag}, 304, b""),
        ("DELETE", {}, 405, b"405 Method Not Allowed\n"),
        ("GET", {}, 200, MODEL_BYTES),
    ]
    for method, headers, status, body in asked:
        connection.request(method, url, headers=headers)
        response = connection.getresponse()
        assert (response.status, response.read()) == (status, body)
        assert response.getheader("Transfer-Encoding") is None
        assert connection.sock is kept, "the connection was closed"
    connection.close()


def test_headers_are_the_same_as_under_flask_run(threaded: Site, site: Site) -> None:
    for path in ("/", "/none", "/catalog.json", site.model_url(), site.asset_url("main.js")):
        for method in ("GET", "HEAD", "POST"):
            ours, reference = threaded.ask(path, method), site.ask(path, method)
            for answer in (ours, reference):
                for name in ("date", "server", "connection"):
                    answer.headers.pop(name)
            assert (ours.status, ours.headers) == (reference.status, reference.headers)
            assert_guarded(ours)


INNER = b"GET /evil HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: %d\r\n\r\n%s" % (len(INNER), INNER),
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(INNER), INNER),
    ],
    ids=["length", "chunked"],
)
@pytest.mark.parametrize(("method", "status"), [(b"GET", b"413"), (b"POST", b"405")])
def test_a_refused_body_is_never_read_as_the_next_request(
    threaded: Site, method: bytes, status: bytes, framing: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", threaded.port), timeout=10) as raw:
        raw.sendall(method + b" / HTTP/1.1\r\nHost: x\r\n" + framing)
        raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: raw.recv(65536), b""))
    statuses = [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]]
    assert statuses in ([status, b"200"], [status])


def test_script_name_is_a_prefix(tmp_path: Path) -> None:
    with gunicorn(tmp_path, SCRIPT_NAME="/tools/mattebox") as below:
        assert below.ask("/").status == 200
        assert below.ask(below.asset_url("main.js")).status == 200
        answer = below.ask("")
        assert (answer.status, answer.headers["location"]) == (308, "./mattebox/")
