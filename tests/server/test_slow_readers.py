"""However many read slowly or not at all, others are answered, and the silent are cut off."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.server import toy_site
from tests.server.processes import Running, gunicorn

MIB = 1024 * 1024
SIZE = 64 * MIB
# Far more than there are workers, and than there were threads in all.
READERS = 150


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with gunicorn(_folder(tmp_path_factory.mktemp("slow"))) as running:
        yield running


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = _folder(tmp_path_factory.mktemp("impatient"))
    with gunicorn(folder, MATTEBOX_SILENCE="1", WEB_CONCURRENCY="1") as running:
        yield running


def _folder(folder: Path) -> Path:
    with (toy_site.build(folder).model_store / "big.onnx").open("wb") as sparse:
        sparse.truncate(SIZE)
    return folder


def big_url(site: Running) -> str:
    files = site.catalog()["models"][0]["files"]
    return next(f"/{file['url']}" for file in files if file["name"] == "big.onnx")


def connected(site: Running, sent: str) -> socket.socket:
    raw = socket.create_connection(("127.0.0.1", site.port), timeout=60)
    raw.sendall(sent.encode())
    return raw


def asking(url: str) -> str:
    return f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n"


def test_silent_readers_do_not_keep_others_waiting(site: Running) -> None:
    url = big_url(site)
    with ExitStack() as opened:
        silent = [opened.enter_context(connected(site, asking(url))) for _ in range(READERS)]
        for raw in silent:
            # Each is being answered, and takes no more than this.
            assert raw.recv(12) == b"HTTP/1.1 200"
        for path in ("/", "/healthz", "/catalog.json", site.model_url()):
            assert site.ask(path).status == 200
        assert site.process is not None
        workers = psutil.Process(site.process.pid).children()
        assert sum(worker.num_threads() for worker in workers) <= 4 * len(workers)
        assert sum(worker.memory_info().rss for worker in workers) < 300 * MIB


def test_unfinished_heads_do_not_keep_others_waiting(site: Running) -> None:
    with ExitStack() as opened:
        for _ in range(READERS):
            opened.enter_context(connected(site, "GET / HTTP/1.1\r\nHost: x\r\nX-More: "))
            opened.enter_context(connected(site, ""))
        assert site.ask("/").status == 200
        assert site.ask("/healthz").status == 200


def test_a_file_that_is_sent_by_the_kernel_is_the_file(site: Running) -> None:
    url = big_url(site)
    with (site.folder / "model_store" / "big.onnx").open("rb") as file:
        answer = site.ask(url)
        assert (answer.status, len(answer.body)) == (200, SIZE)
        assert answer.body == file.read()
    part = site.ask(url, Range="bytes=1048570-3145800")
    assert (part.status, len(part.body)) == (206, 3145800 - 1048570 + 1)


def ended(raw: socket.socket) -> bool:
    """Wait until the other side has closed or reset the connection; nothing is read meanwhile."""
    watch = select.poll()
    watch.register(raw, select.POLLRDHUP)
    return bool(watch.poll(30_000))


def test_who_takes_nothing_is_cut_off(impatient: Running) -> None:
    url = big_url(impatient)
    with connected(impatient, asking(url)) as raw:
        assert ended(raw)
        chunks = iter(lambda: raw.recv(MIB), b"")
        with pytest.raises(ConnectionResetError):
            sum(map(len, chunks))
    assert "nothing was taken for 1 s" in impatient.log.read_text()
    assert "Traceback" not in impatient.log.read_text()


@pytest.mark.parametrize("sent", ["", "GET / HTTP/1.1\r\nHost: x\r\nX-More: "])
def test_who_asks_nothing_is_cut_off(impatient: Running, sent: str) -> None:
    with connected(impatient, sent) as raw:
        assert ended(raw)
        assert raw.recv(100) == b""


def test_a_slow_reader_that_goes_on_gets_it_all(site: Running) -> None:
    # Slower than the buffers between: sending waits for this side again and again.
    with connected(site, asking(big_url(site))) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        received = 0
        while received < SIZE:
            got = len(raw.recv(16 * 1024))
            assert got
            received += got
