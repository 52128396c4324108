"""Other files and another release are served without one refused request, downloads included."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from tests.server import toy_site
from tests.server.conftest import until
from tests.server.processes import Running, gunicorn

SIZE = 32 * 1024 * 1024


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Running]:
    with (toy_site.build(tmp_path).model_store / "big.onnx").open("wb") as sparse:
        sparse.truncate(SIZE)
    with gunicorn(tmp_path) as running:
        assert running.process is not None
        master = running.process.pid
        until(lambda: len(workers(master)) == 2)
        yield running


@dataclass
class Traffic:
    """What those who ask all the while have got."""

    stopped: threading.Event = field(default_factory=threading.Event)
    answers: int = 0
    failures: list[str] = field(default_factory=list)

    def ask(self, site: Running) -> None:
        with closing(HTTPConnection("127.0.0.1", site.port, timeout=60)) as kept:
            self._ask(site, kept)

    def _ask(self, site: Running, kept: HTTPConnection) -> None:
        while not self.stopped.is_set():
            try:
                # On a connection of its own, and on one that is kept as the server keeps it.
                assert site.ask("/").status == 200
                kept.request("GET", "/catalog.json")
                response = kept.getresponse()
                assert response.status == 200
                response.read()
                self.answers += 2
            except (OSError, AssertionError) as error:
                self.failures.append(repr(error))


@contextmanager
def traffic(site: Running) -> Iterator[Traffic]:
    """Three who ask, and one whose download is on its way from before until it is read."""
    files = site.catalog()["models"][0]["files"]
    url = next(f"/{file['url']}" for file in files if file["name"] == "big.onnx")
    download = HTTPConnection("127.0.0.1", site.port, timeout=60)
    download.request("GET", url)
    response = download.getresponse()
    seen = Traffic()
    threads = [threading.Thread(target=seen.ask, args=(site,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield seen
        before = seen.answers
        until(lambda: seen.answers > before + 30)
    finally:
        seen.stopped.set()
        for thread in threads:
            thread.join()
    assert len(response.read()) == SIZE
    download.close()
    assert seen.failures == []


def workers(master: int) -> set[int]:
    return {child.pid for child in psutil.Process(master).children()}


def test_hup_serves_the_files_as_they_are_now(site: Running) -> None:
    assert site.process is not None
    before = site.ask("/").body
    old = workers(site.process.pid)
    with traffic(site):
        with (site.folder / "client" / "index.html").open("ab") as page:
            page.write(b"<p>more</p>")
        assert site.ask("/").body == before
        site.process.send_signal(signal.SIGHUP)
        until(lambda: len(workers(site.process.pid) - old) == 2)  # type: ignore[union-attr]
        until(lambda: b"<p>more</p>" in site.ask("/").body)
    # The download has been read, so nothing keeps the old ones.
    until(lambda: not workers(site.process.pid) & old)  # type: ignore[union-attr]


def test_what_cannot_be_served_leaves_everything_as_it_was(site: Running) -> None:
    assert site.process is not None
    before = site.ask("/").body
    (site.folder / "client" / "main.js").write_text('import "./nowhere.js";\n')
    site.process.send_signal(signal.SIGHUP)
    until(lambda: "the reload is refused" in site.log.read_text())
    said = site.log.read_text()
    assert "nowhere.js" in said
    assert "Traceback" not in said
    assert site.ask("/").body == before


def test_usr2_then_term_is_another_process_and_no_refused_request(site: Running) -> None:
    assert site.process is not None
    old = site.process.pid
    first = workers(old)
    with traffic(site):
        os.kill(old, signal.SIGUSR2)
        until(lambda: len(workers(old) - first) == 1)
        [new] = workers(old) - first
        until(lambda: len(workers(new)) == 2)
        until(lambda: site.log.read_text().count("Booting worker") == 4)
        os.kill(old, signal.SIGTERM)
    site.process.wait(60)
    try:
        assert site.ask("/healthz").status == 200
        assert len(workers(new)) == 2
    finally:
        os.kill(new, signal.SIGINT)
        until(lambda: not psutil.pid_exists(new))
