"""The same promises under gunicorn with its shipped settings, where connections are kept alive."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from server.config import ROOT
from tests.server.conftest import Answer, Site
from tests.server.processes import gunicorn
from tests.server.test_headers import assert_guarded
from tests.server.toy_site import MODEL_BYTES


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with gunicorn(tmp_path_factory.mktemp("gunicorn")) as running:
        yield running


def test_one_connection_serves_every_kind_of_answer(served: Site) -> None:
    connection = HTTPConnection("127.0.0.1", served.port, timeout=60)
    url = served.model_url()
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


def test_headers_are_the_same_as_under_flask_run(served: Site, site: Site) -> None:
    for path in ("/", "/none", "/catalog.json", site.model_url(), site.asset_url("main.js")):
        for method in ("GET", "HEAD", "POST"):
            ours, reference = served.ask(path, method), site.ask(path, method)
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
    served: Site, method: bytes, status: bytes, framing: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as raw:
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


def raw_answer(site: Site, sent: bytes) -> Answer:
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as raw:
        raw.sendall(sent)
        received = b"".join(iter(lambda: raw.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    first, *fields = head.decode().split("\r\n")
    pairs = [field.split(": ", 1) for field in fields]
    return Answer(int(first.split()[1]), {name.lower(): value for name, value in pairs}, body)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400),
        (b"\x16\x03\x01 no http\r\n\r\n", 400),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Many: 1\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n", 417),
    ],
    ids=["version", "TLS", "long line", "long header", "many headers", "expectation"],
)
def test_what_cannot_be_read_is_refused_with_every_header(
    served: Site, sent: bytes, status: int
) -> None:
    answer = raw_answer(served, sent)
    assert answer.status == status
    assert answer.headers["connection"] == "close"
    assert answer.headers["cache-control"] == "no-store"
    assert_guarded(answer)
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_a_body_is_not_invited_before_it_is_refused(served: Site) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as raw:
        raw.sendall(head)
        assert raw.recv(12) == b"HTTP/1.1 405"


def test_no_header_speaks_for_a_proxy(served: Site) -> None:
    for name in ("SCRIPT_NAME", "PATH_INFO", "Script-Name"):
        answer = raw_answer(
            served,
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + f"{name}: /elsewhere\r\n\r\n".encode(),
        )
        assert answer.status == 200


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"MATTEBOX_SILENCE": "soon"}, "MATTEBOX_SILENCE is 'soon'; expected a whole number"),
        ({"MATTEBOX_CLIENT": "/nowhere"}, "/nowhere must hold index.html and main.js"),
    ],
)
def test_a_refused_start_says_why_and_nothing_else(environment: dict[str, str], said: str) -> None:
    program = str(Path(sys.executable).with_name("gunicorn"))
    refused = subprocess.run(
        [program, "wsgi:app", "--bind=127.0.0.1:0"],
        check=False,
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert refused.returncode == 1
    assert f"Mattebox does not start: {said}" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
