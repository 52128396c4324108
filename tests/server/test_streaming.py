"""Large files pass through in constant memory, and never with a wrong body."""

from __future__ import annotations

import gc
import os
import tracemalloc
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path

import psutil
import pytest

from server.facts import facts_of
from server.files import ChangedOnDiskError, FileSpan, Span
from server.variants import VariantStore
from tests.server import toy_site
from tests.server.conftest import serving, until

MIB = 1024 * 1024


def test_a_large_file_is_streamed_with_flat_memory(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    big = settings.model_store / "big.onnx"
    with big.open("wb") as sparse:
        sparse.truncate(300 * MIB)
    app = toy_site.start(settings)
    with serving(app, tmp_path) as site:
        files = site.catalog()["models"][0]["files"]
        url = next(file["url"] for file in files if file["name"] == "big.onnx")
        connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
        buffer = bytearray(64 * 1024)
        gc.collect()
        resident = psutil.Process().memory_info().rss
        tracemalloc.start()
        connection.request("GET", f"/{url}")
        response = connection.getresponse()
        received = 0
        while count := response.readinto(buffer):
            received += count
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        grown = psutil.Process().memory_info().rss - resident
        connection.close()
    assert received == 300 * MIB
    # Werkzeug takes 10 MB to drain what a client may still be sending; the stream takes 256 KiB.
    assert peak < 16 * MIB
    assert grown < 32 * MIB


def test_a_file_that_shrinks_while_it_is_sent_breaks_the_connection(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    big = settings.model_store / "big.onnx"
    with big.open("wb") as sparse:
        sparse.truncate(64 * MIB)
    with serving(toy_site.start(settings), tmp_path) as site:
        files = site.catalog()["models"][0]["files"]
        url = next(file["url"] for file in files if file["name"] == "big.onnx")
        connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
        connection.request("GET", f"/{url}")
        response = connection.getresponse()
        # Socket buffers hold a few MiB at most, so the server is still far from the end.
        os.truncate(big, 32 * MIB)
        with pytest.raises(IncompleteRead):
            response.read()
        connection.close()


def test_a_file_that_ended_early_raises(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    stream = FileSpan(path, Span(0, 10), facts_of(path))
    os.truncate(path, 4)
    chunks = iter(stream)
    assert next(chunks) == b"0123"
    with pytest.raises(ChangedOnDiskError, match="6 bytes early"):
        next(chunks)
    stream.close()


LONGER, SHORTER = b"longer than it was at the start " * 100, b"short"
# Four bytes of a graph are another model, and its length is what it was.
OTHER = toy_site.MODEL_BYTES.replace(b"\x07\x08\x09\x0a", b"\xf7\xf8\xf9\xfa")


@pytest.mark.parametrize("change", [LONGER, SHORTER, OTHER], ids=["longer", "shorter", "other"])
def test_a_file_that_has_changed_is_an_error_and_not_a_body(
    tmp_path: Path, change: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    settings = toy_site.build(tmp_path)
    with serving(toy_site.start(settings), tmp_path) as site:
        url = site.model_url()
        etag = site.ask(url).headers["etag"]
        assert site.ask("/readyz").status == 200
        (settings.model_store / "toy.onnx").write_bytes(change)
        caplog.clear()
        part = "bytes=5-20"
        for answer in (
            site.ask(url),
            site.ask(url, Range=part),
            site.ask(url, Range=part, If_Range=etag),
        ):
            assert answer.status == 500
            assert answer.headers["cache-control"] == "no-store"
            assert answer.body == b"500 Internal Server Error\n"
        said = [one for one in caplog.records if one.levelname == "ERROR"]
        assert [one.exc_info for one in said] == [None] * 3
        assert all(url in one.getMessage() for one in said)
        assert "toy.onnx has changed since it was digested" in said[0].getMessage()
        ready = site.ask("/readyz")
        assert ready.status == 503
        assert ready.body == b"toy.onnx: has changed since it was digested"
        assert ready.headers["cache-control"] == "no-store"
        assert site.ask("/healthz").status == 200


def test_what_is_missing_is_not_ready(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    with serving(toy_site.start(settings), tmp_path) as site:
        (settings.model_store / "toy.onnx").unlink()
        (settings.client / "styles.css").unlink()
        for kept in settings.variants.glob("*.br*"):
            kept.unlink()
        ready = site.ask("/readyz")
        lines = ready.body.decode().split("\n")
        assert ready.status == 503
        assert "toy.onnx: is missing" in lines
        assert "styles.css: is missing" in lines
        assert "main.js, br: is missing" in lines


def test_files_are_closed_when_the_client_leaves(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    with serving(toy_site.start(settings), tmp_path) as site:
        url = site.model_url()
        opened = psutil.Process().num_fds()
        for _ in range(20):
            site.ask(url)
            site.ask(url, "HEAD")
            site.ask(url, Range="bytes=0-0")
            site.ask(url, Range="bytes=99999-")
        # What is verified or compressed in the background opens files of its own, and closes them.
        until(lambda: psutil.Process().num_fds() <= opened + 2)


def test_a_stream_can_be_closed_before_it_is_read(tmp_path: Path) -> None:
    asset = VariantStore(tmp_path, 9).asset("x.bin", Path(__file__))
    assert isinstance(asset.identity.body, Path)
    stream = FileSpan(asset.identity.body, Span(0, 1), asset.identity.facts)
    opened = psutil.Process().num_fds()
    stream.close()
    assert psutil.Process().num_fds() == opened - 1
