"""A start reads nothing that has not changed, and compresses nothing before the first answer."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import brotli
import pytest

from model_store.digest import file_digest
from server import digest_memory, variants
from server.config import Settings
from server.digest_memory import DigestMemory
from tests.server import toy_site
from tests.server.conftest import Answer, Site, serving, until


def aged(path: Path) -> Path:
    """As if it had been written a while ago, so that its time tells it from a later one."""
    an_hour_ago = time.time_ns() - 3600 * 10**9
    os.utime(path, ns=(an_hour_ago, an_hour_ago))
    return path


def built(folder: Path, **changes: object) -> Settings:
    settings = toy_site.build(folder, **changes)
    for path in folder.rglob("*"):
        if path.is_file():
            aged(path)
    return settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"0123456789")
    return aged(path)


def refuse(path: object) -> NoReturn:
    raise AssertionError(f"{path} was read")


def test_a_file_is_read_once(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = DigestMemory(tmp_path / "digests.json")
    digest = first.digest(file)
    assert digest == file_digest(file)
    first.save()
    monkeypatch.setattr(digest_memory, "file_digest", refuse)
    assert DigestMemory(tmp_path / "digests.json").digest(file) == digest


@pytest.mark.parametrize("change", ["content", "time", "inode"])
def test_another_file_is_read(file: Path, tmp_path: Path, change: str) -> None:
    first = DigestMemory(tmp_path / "digests.json")
    first.digest(file)
    first.save()
    if change == "content":
        file.write_bytes(b"9876543210")
    elif change == "time":
        os.utime(file)
    else:
        facts = file.stat()
        (tmp_path / "other").write_bytes(b"9876543210")
        os.utime(tmp_path / "other", ns=(facts.st_atime_ns, facts.st_mtime_ns))
        (tmp_path / "other").replace(file)
    again = DigestMemory(tmp_path / "digests.json")
    assert again.recall(file) is None
    assert again.digest(file) == file_digest(file)


def test_a_file_that_was_just_written_is_not_remembered(tmp_path: Path) -> None:
    # It may be written again within one tick of the clock, and would look the same.
    path = tmp_path / "new.onnx"
    path.write_bytes(b"new")
    ahead = time.time_ns() + 3600 * 10**9
    os.utime(path, ns=(ahead, ahead))
    memory = DigestMemory(tmp_path / "digests.json")
    memory.digest(path)
    assert memory.recall(path) is None
    memory.save()
    assert DigestMemory(tmp_path / "digests.json").recall(path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 9}', '{"version": 1, "files": 7}'])
def test_a_memory_that_cannot_be_read_costs_only_time(
    file: Path, tmp_path: Path, text: str
) -> None:
    (tmp_path / "digests.json").write_text(text)
    assert DigestMemory(tmp_path / "digests.json").digest(file) == file_digest(file)


def test_a_memory_that_cannot_be_written_costs_only_time(file: Path, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("no folder")
    memory = DigestMemory(tmp_path / "blocked" / "digests.json")
    assert memory.digest(file) == file_digest(file)
    memory.save()


def test_the_second_start_reads_no_model_and_no_asset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = built(tmp_path)
    toy_site.start(settings)
    for kept in settings.variants.iterdir():
        aged(kept)
    toy_site.start(settings, at_once=True)
    monkeypatch.setattr(digest_memory, "file_digest", refuse)
    app = toy_site.start(settings, at_once=True)
    assert app.test_client().get("/catalog.json").status_code == 200


def test_what_was_believed_is_read_in_the_background(tmp_path: Path) -> None:
    settings = built(tmp_path)
    toy_site.start(settings)
    toy_site.start(settings, at_once=True)
    model = settings.model_store / "toy.onnx"
    facts = model.stat()
    with model.open("r+b") as damaged:
        damaged.write(b"four")
    os.utime(model, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    with serving(toy_site.start(settings, at_once=True), tmp_path) as site:
        url = site.model_url()
        until(lambda: site.ask("/readyz").status == 503)
        assert site.ask("/readyz").body == b"toy.onnx: is not what was digested"
        assert site.ask(url).status == 500
        assert site.ask(site.asset_url("main.js")).status == 200
    # The next one reads it, and so gives it the name of what it is.
    with serving(toy_site.start(settings, at_once=True), tmp_path) as site:
        assert site.ask(url).status == 404


def sent(answer: Answer) -> bytes:
    assert answer.headers["content-length"] == str(len(answer.body))
    is_packed = answer.headers.get("content-encoding") == "br"
    return brotli.decompress(answer.body) if is_packed else answer.body


def test_a_cold_start_sends_files_as_they_are_until_they_are_compressed(tmp_path: Path) -> None:
    settings = replace(built(tmp_path), brotli_quality=5)
    with serving(toy_site.start(settings, at_once=True), tmp_path) as site:
        assert len(list(settings.variants.glob("*.br*"))) == 1
        url = f"/assets/{site.catalog()['tree']}/main.js"

        def is_compressed() -> bool:
            answer = site.ask(url, Accept_Encoding="br")
            assert sent(answer) == toy_site.CLIENT["main.js"].encode()
            is_br = "content-encoding" in answer.headers
            assert answer.headers["etag"].endswith('-br9"') is is_br
            return is_br

        until(is_compressed)

        def is_told() -> bool:
            catalog = json.loads(sent(site.ask("/catalog.json", Accept_Encoding="br")))
            codec = next(iter(catalog["codecs"].values()))
            body = site.ask(f"/{codec['url']}", Accept_Encoding="br").body
            return bool(codec["download"] == len(body) < codec["bytes"])

        until(is_told)
        assert site.ask("/readyz").status == 200


def test_what_a_first_visitor_needs_is_compressed_before_it_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compress, seen = variants.compress, threading.Event()
    plain = toy_site.NODE_MODULES["onnxruntime-web/dist/ort-wasm-simd-threaded.wasm"].encode()

    def held(data: bytes, encoding: str, quality: int) -> bytes:
        assert data == plain or not data.startswith(b"\0asm") or seen.wait(60)
        return compress(data, encoding, quality)

    settings = replace(built(tmp_path), brotli_quality=5)
    monkeypatch.setattr(variants, "compress", held)
    with serving(toy_site.start(settings, at_once=True), tmp_path) as site:

        def encoding_of(name: str) -> str | None:
            url = f"/runtime/{toy_site.RUNTIME_VERSION}/{name}"
            return site.ask(url, Accept_Encoding="br").headers.get("content-encoding")

        catalog = json.loads(sent(site.ask("/catalog.json", Accept_Encoding="br")))
        builds = catalog["runtime"]["builds"]
        sizes = {name: build["binary"] for name, build in builds.items()}
        smaller = [name for name, size in sizes.items() if size["download"] < size["bytes"]]
        assert smaller == ["wasm"]
        assert encoding_of("ort-wasm-simd-threaded.wasm") == "br"
        assert encoding_of("ort-wasm-simd-threaded.jspi.wasm") is None
        seen.set()
        until(lambda: encoding_of("ort-wasm-simd-threaded.jspi.wasm") == "br")


def test_a_site_is_the_same_however_it_was_started(tmp_path: Path, site: Site) -> None:
    settings = built(tmp_path)
    toy_site.start(settings)
    with serving(toy_site.start(settings, at_once=True), tmp_path) as quick:
        for path in ("/", "/catalog.json", "/sw.js", site.model_url(), site.asset_url("app.js")):
            for accepted in ("identity", "br"):
                ours = quick.ask(path, Accept_Encoding=accepted)
                theirs = site.ask(path, Accept_Encoding=accepted)
                assert (ours.status, ours.body) == (theirs.status, theirs.body)
