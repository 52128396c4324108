"""Downloads over a real socket: whole, resumed, or an error with both values. No network."""

from __future__ import annotations

import hashlib
import io
import socket
import urllib.request
from dataclasses import replace
from email.message import Message
from typing import Any

import pytest

from model_store import source_https
from model_store.errors import DiskFull, Unreachable, UpstreamMismatch
from model_store.source import HttpsSource
from model_store.sources import cached, fetch
from tests.harness.web import Web, serving
from tests.model_store.conftest import Ears

CONTENT = hashlib.shake_128(b"mattebox").digest(1_000_000)
PINS: dict[str, Any] = {
    "bytes": len(CONTENT),
    "md5": hashlib.md5(CONTENT, usedforsecurity=False).hexdigest(),
    "sha256": None,
}


@pytest.fixture
def web(monkeypatch):
    monkeypatch.setattr(source_https, "PAUSES", (0.0, 0.0))
    with serving(CONTENT) as web:
        yield web


@pytest.fixture
def source(web: Web) -> HttpsSource:
    return HttpsSource(kind="https", url=web.url, **PINS)


def partial(source, cache):
    path = cached(source, cache)
    return path.with_name(path.name + ".part")


def keep(source, cache, content: bytes, note: str = '{"validator": "\\"one\\""}') -> None:
    """Leave a partial download, as an interrupted run does."""
    path = partial(source, cache)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    path.with_name(path.name + ".json").write_text(note)


def test_a_file_is_downloaded_and_counted(tmp_path, web, source):
    ears = Ears()
    path = fetch(source, tmp_path, progress=ears)
    assert path.read_bytes() == CONTENT
    assert [entry.name for entry in path.parent.iterdir()] == ["m.onnx"]
    assert ears.counts[-1] == len(CONTENT)
    assert ears.counts == sorted(ears.counts)
    assert fetch(source, tmp_path) == path
    assert len(web.ranges) == 1


@pytest.mark.parametrize("dropped", [0, 1, 1000, 262_144, 999_999])
def test_a_dropped_connection_goes_on_where_it_ended(tmp_path, web, source, dropped):
    web.faults = [("drop", dropped)]
    assert fetch(source, tmp_path).read_bytes() == CONTENT
    assert web.sent == len(CONTENT)
    assert web.ranges[1] == (f"bytes={dropped}-" if dropped else None)
    if dropped:
        assert web.conditions[1] == '"one"'


def test_many_interruptions_cost_no_byte_twice(tmp_path, web, source):
    web.faults = [("drop", 100_000)] * 9
    assert fetch(source, tmp_path).read_bytes() == CONTENT
    assert web.sent == len(CONTENT)


def test_an_interrupted_run_is_resumed_by_the_next(tmp_path, web, source):
    def interrupt(step: str, done: int) -> None:
        if done > 300_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(source, tmp_path, progress=Ears(interrupt))
    kept = partial(source, tmp_path).stat().st_size
    assert kept > 300_000
    assert not cached(source, tmp_path).exists()
    ears = Ears()
    assert fetch(source, tmp_path, progress=ears).read_bytes() == CONTENT
    assert web.ranges[1] == f"bytes={kept}-"
    assert ears.counts[0] == kept


def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(tmp_path, web, source):
    keep(source, tmp_path, b"x" * 5000, '{"validator": "\\"zero\\""}')
    assert fetch(source, tmp_path).read_bytes() == CONTENT
    assert web.conditions == ['"zero"']


@pytest.mark.parametrize("note", ["{}", "", "null"])
def test_without_a_validator_the_digest_decides(tmp_path, web, source, note):
    web.etag = None
    keep(source, tmp_path, CONTENT[:5000], note)
    assert fetch(source, tmp_path).read_bytes() == CONTENT
    assert (web.ranges, web.conditions) == (["bytes=5000-"], [None])


def test_a_partial_download_of_something_else_is_given_up_for_a_fresh_one(tmp_path, web, source):
    web.etag = None
    keep(source, tmp_path, b"x" * 5000, "{}")
    assert fetch(source, tmp_path).read_bytes() == CONTENT
    assert web.ranges == ["bytes=5000-", None]


def test_a_partial_download_that_is_whole_is_taken(tmp_path, web, source):
    keep(source, tmp_path, CONTENT)
    assert fetch(source, tmp_path).read_bytes() == CONTENT
    assert web.sent == 0


def test_a_partial_download_that_is_longer_is_given_up(tmp_path, web, source):
    keep(source, tmp_path, CONTENT + b"more")
    assert fetch(source, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("fault", ["ignore range", "wrong range", 503, 429, 500, ("drop", 10)])
def test_what_a_server_does_to_a_resumed_download_is_survived(tmp_path, web, source, fault):
    keep(source, tmp_path, CONTENT[:400_000])
    web.faults = [fault]
    assert fetch(source, tmp_path).read_bytes() == CONTENT


def test_a_server_that_tells_no_length_is_believed_by_digest(tmp_path, web, source):
    web.faults = ["no length"]
    assert fetch(replace(source, bytes=None), tmp_path).read_bytes() == CONTENT


def test_an_error_page_with_200_is_refused_by_its_length(tmp_path, web, source):
    web.faults = ["html"]
    with pytest.raises(UpstreamMismatch, match="1000000, found 24"):
        fetch(source, tmp_path)
    assert not partial(source, tmp_path).exists()


def test_an_error_page_with_200_is_refused_by_its_digest(tmp_path, web, source):
    web.faults = ["html"]
    page = hashlib.md5(b"<!doctype html><p>Log in", usedforsecurity=False).hexdigest()
    with pytest.raises(UpstreamMismatch) as caught:
        fetch(replace(source, bytes=None), tmp_path / "cache")
    assert (caught.value.expected, caught.value.found) == (PINS["md5"], page)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("field", ["md5", "sha256"])
def test_another_file_of_the_same_length_is_refused_with_both_digests(tmp_path, web, source, field):
    wrong = "0" * (32 if field == "md5" else 64)
    real = hashlib.new(field, CONTENT, usedforsecurity=False).hexdigest()
    with pytest.raises(UpstreamMismatch, match=f"{wrong}, found {real}"):
        fetch(replace(source, **{field: wrong}), tmp_path)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_status_that_will_not_change_ends_it_at_once(tmp_path, web, source, status):
    web.faults = [status]
    with pytest.raises(Unreachable, match=str(status)):
        fetch(source, tmp_path)
    assert len(web.ranges) == 1


def test_a_server_that_stays_broken_ends_it_and_keeps_what_came(tmp_path, web, source):
    web.faults = [("drop", 7000), 503, 503, 503, 503]
    ears = Ears()
    with pytest.raises(Unreachable, match=r"503.*7000 bytes are kept"):
        fetch(source, tmp_path, progress=ears)
    assert partial(source, tmp_path).stat().st_size == 7000
    assert all("trying again" in sentence for sentence in ears.said)


def test_a_refused_connection_is_an_error_of_ours(tmp_path, source, monkeypatch):
    monkeypatch.setattr(source_https, "PAUSES", ())
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/m.onnx"
        with pytest.raises(Unreachable, match=r"no connection.*refused"):
            fetch(replace(source, url=url), tmp_path)


def test_a_name_that_does_not_resolve_is_an_error_of_ours(tmp_path, source, monkeypatch):
    monkeypatch.setattr(source_https, "PAUSES", ())
    with pytest.raises(Unreachable, match="no connection"):
        fetch(replace(source, url="https://mattebox.invalid/m.onnx"), tmp_path)


def test_a_redirect_that_leaves_https_is_refused():
    request = urllib.request.Request("https://example.org/m.onnx")
    with pytest.raises(Unreachable, match="not https"):
        source_https._NoDowngrade().redirect_request(
            request, io.BytesIO(), 302, "Found", Message(), "http://example.org/m.onnx"
        )


def test_a_disk_without_room_is_told_before_anything_is_fetched(tmp_path, web, source, monkeypatch):
    monkeypatch.setattr("model_store.disk._free", lambda _: 1_500_000)
    with pytest.raises(DiskFull) as caught:
        fetch(source, tmp_path)
    assert (caught.value.needed, caught.value.free) == (2_000_000, 1_500_000)
    assert not cached(source, tmp_path).exists()
