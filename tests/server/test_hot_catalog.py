"""Models come and go under gunicorn's two workers while 200 requests are on their way."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from model_store import install
from server.config import ROOT
from tests.server.conftest import Site
from tests.server.model_traffic import Traffic
from tests.server.processes import free_port, wait_until_healthy

DOWNLOADS, ASKERS = 24, 176
# More than a socket's buffers hold, so a download that is not read is still on its way.
SIZE = 8 << 20


@contextmanager
def gunicorn(traffic: Traffic) -> Iterator[Site]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "wsgi:app"]
    command += [f"--bind=127.0.0.1:{port}", "--log-level=error"]
    # On a busy machine the downloads wait longer to be read than a server is patient.
    patient = {"MATTEBOX_SILENCE": "600"}
    environment = os.environ | traffic.environment() | patient
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    site = Site(port, traffic.folder)
    try:
        wait_until_healthy(site)
        yield site
    finally:
        process.terminate()
        process.wait(60)


def begun(site: Site, url: str) -> socket.socket:
    """A download of which the head has come, and hardly more."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    connection.settimeout(60)
    connection.connect(("127.0.0.1", site.port))
    connection.sendall(f"GET {url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


def rest_of(connection: socket.socket) -> bytes:
    with connection:
        received = b"".join(iter(lambda: connection.recv(1 << 20), b""))
    return received.partition(b"\r\n\r\n")[2]


def ask_until(site: Site, over: Event) -> list[tuple[str, ...]]:
    """The catalog and every file that it names, again and again; the sets of models seen."""
    seen = []
    while True:
        last = over.is_set()
        answer = site.ask("/catalog.json")
        assert answer.status == 200
        models = json.loads(answer.body)["models"]
        seen.append(tuple(sorted(model["id"] for model in models)))
        for file in (file for model in models for file in model["files"]):
            part = site.ask("/" + file["url"], Range="bytes=0-99")
            assert part.status == 206, f"{file['url']}: {part.status}"
        assert site.ask("/").status == site.ask("/sw.js").status == 200
        if last:
            return seen


def test_nobody_notices_but_those_who_ask(tmp_path: Path) -> None:
    traffic = Traffic(tmp_path, SIZE)
    traffic.install("one")
    shipped = {"small", "large"}
    known = [shipped | {"one"}]
    over = Event()
    with gunicorn(traffic) as site, ThreadPoolExecutor(ASKERS) as pool:
        digest = hashlib.sha256(traffic.contents["one"]).hexdigest()
        downloads = [begun(site, f"/models/{digest}/graph.bin") for _ in range(DOWNLOADS)]
        askers: list[Future[list[tuple[str, ...]]]] = [
            pool.submit(ask_until, site, over) for _ in range(ASKERS)
        ]
        try:
            for name, comes in (("two", 1), ("one", 0), ("one", 1)):
                if comes:
                    traffic.install(name)
                else:
                    install.remove(traffic.store.root, name)
                known.append(known[-1] | {name} if comes else known[-1] - {name})
                # Several connections, so both workers: none is behind.
                for _ in range(8):
                    assert {m["id"] for m in site.catalog()["models"]} == known[-1]
        finally:
            over.set()
        for connection in downloads:
            assert hashlib.sha256(rest_of(connection)).hexdigest() == digest
        seen = {models for asker in askers for models in asker.result()}
    assert seen <= {tuple(sorted(models)) for models in known}
    assert tuple(sorted(known[-1])) in seen
