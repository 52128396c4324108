"""Compressed forms on disk: made once, kept by content, safe to share between processes."""

from __future__ import annotations

import gzip
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest

from server import variants
from server.facts import facts_of
from server.variants import VariantStore
from tests.server import toy_site
from tests.server.conftest import serving

TEXT = b"".join(b"line %d of something that compresses\n" % (i * i) for i in range(400))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.js"
    path.write_bytes(TEXT)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name.split(".", 1)[1] for path in folder.iterdir())


def test_variants_are_made_once(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = VariantStore(tmp_path / "cache", 9)
    first = store.asset("source.js", source)
    assert [variant.encoding for variant in first.variants] == ["br", "gzip"]
    br, gz = ((tmp_path / "cache" / f"{first.digest.sha256}.{n}") for n in ("br11", "gzip6"))
    assert brotli.decompress(br.read_bytes()) == TEXT == gzip.decompress(gz.read_bytes())
    assert [v.length for v in first.variants] == [br.stat().st_size, gz.stat().st_size]

    monkeypatch.setattr(variants, "compress", None)  # any further compression would raise
    assert VariantStore(tmp_path / "cache", 9).asset("source.js", source) == first


def test_a_better_quality_is_used_and_a_worse_one_kept(source: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    low = VariantStore(cache, 2).asset("source.js", source)
    high = VariantStore(cache, 11).asset("source.js", source)
    assert high.variants[0].length < low.variants[0].length
    assert high.variants[0].etag != low.variants[0].etag
    assert VariantStore(cache, 2).asset("source.js", source) == high
    assert names(cache) == ["br11", "br6", "gzip6"]


def test_small_files_are_compressed_better_than_large_ones(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for name, size in (("small.js", 128 * 1024), ("large.js", 128 * 1024 + 1)):
        (tmp_path / name).write_bytes((TEXT * 400)[:size])
        VariantStore(cache, 3).asset(name, tmp_path / name)
    assert names(cache) == ["br3", "br7", "gzip6", "gzip6"]


def test_compression_is_deterministic(source: Path) -> None:
    data = source.read_bytes()
    for encoding in variants.ENCODINGS:
        assert variants.compress(data, encoding, 9) == variants.compress(data, encoding, 9)
    assert gzip.compress(data, 9, mtime=0)[4:8] == b"\0\0\0\0"
    assert variants.compress(data, "gzip", 9)[4:8] == b"\0\0\0\0"


def test_what_gains_nothing_is_remembered_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "tiny.js"
    source.write_bytes(b"x")
    store = VariantStore(tmp_path / "cache", 9)
    assert store.asset("tiny.js", source).variants == ()
    assert [path.stat().st_size for path in (tmp_path / "cache").iterdir()] == [0, 0]
    monkeypatch.setattr(variants, "compress", None)
    assert store.asset("tiny.js", source).variants == ()


def test_only_text_and_wasm_are_compressed(source: Path, tmp_path: Path) -> None:
    store = VariantStore(tmp_path / "cache", 9)
    for name in ("icon.png", "model.onnx"):
        assert store.asset(name, source).variants == ()
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("damage", [b"not compressed", brotli.compress(b"other content")])
def test_a_damaged_variant_is_made_again(source: Path, tmp_path: Path, damage: bytes) -> None:
    store = VariantStore(tmp_path / "cache", 9)
    good = store.asset("source.js", source)
    for path in (tmp_path / "cache").iterdir():
        path.write_bytes(damage)
    assert store.asset("source.js", source) == good
    packed = (tmp_path / "cache" / f"{good.digest.sha256}.br11").read_bytes()
    assert brotli.decompress(packed) == TEXT


def test_a_truncated_variant_is_made_again(source: Path, tmp_path: Path) -> None:
    store = VariantStore(tmp_path / "cache", 9)
    good = store.asset("source.js", source)
    for path in (tmp_path / "cache").iterdir():
        path.write_bytes(path.read_bytes()[:-20])
    assert store.asset("source.js", source) == good


def test_a_cache_that_cannot_be_written_leaves_variants_in_memory(
    tmp_path: Path, source: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "cache"
    blocked.write_bytes(b"a file where the folder should be")
    asset = VariantStore(blocked, 9).asset("source.js", source)
    br = asset.variants[0].body
    assert isinstance(br, bytes)
    assert brotli.decompress(br) == TEXT
    assert "held in memory" in caplog.text


def test_variants_in_memory_are_served(tmp_path: Path) -> None:
    toy_site.write(tmp_path / "variants", b"a file where the folder should be")
    with serving(toy_site.start(toy_site.build(tmp_path)), tmp_path) as site:
        answer = site.ask(site.asset_url("main.js"), Accept_Encoding="br")
    assert answer.headers["content-encoding"] == "br"
    assert brotli.decompress(answer.body) == toy_site.CLIENT["main.js"].encode()


def test_an_interrupted_write_leaves_nothing(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for way in ("replace", "hardlink_to"):
        monkeypatch.setattr(Path, way, full)
    VariantStore(tmp_path / "cache", 9).asset("source.js", source)
    assert list((tmp_path / "cache").iterdir()) == []


def test_several_starts_at_once_agree(source: Path, tmp_path: Path) -> None:
    store = VariantStore(tmp_path / "cache", 9)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: store.asset("source.js", source), range(32)))
    assert len(set(made)) == 1
    # What each has recorded is the file that is there: none has put another in its place.
    for form in (form for asset in made for form in asset.variants):
        assert isinstance(form.body, Path)
        assert form.facts == facts_of(form.body)
    assert names(tmp_path / "cache") == ["br11", "gzip6"]


def test_many_files_are_made_at_once_and_keep_their_order(tmp_path: Path) -> None:
    sources = {f"{n}.js": tmp_path / f"{n}.js" for n in (3, 1, 2)}
    for n, path in enumerate(sources.values()):
        path.write_bytes(TEXT * (n + 1))
    store = VariantStore(tmp_path / "cache", 9)
    assets = store.assets(sources)
    assert list(assets) == list(sources)
    assert assets == {name: store.asset(name, path) for name, path in sources.items()}


def test_a_slow_step_is_said_once(
    source: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variants, "SLOW", 0.0)
    caplog.set_level(logging.INFO)
    store = VariantStore(tmp_path / "cache", 9)
    store.asset("source.js", source)
    store.asset("source.js", source)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert all(f"source.js: {len(TEXT)} bytes" in line for line in said)


def test_the_command_reports_and_upgrades(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    app = toy_site.start(settings)
    result = app.test_cli_runner().invoke(args=["precompress", "--quality", "11"])
    assert result.exit_code == 0
    size = len(toy_site.CLIENT["main.js"])
    assert f"main.js: {size}  br " in result.output
    assert "br11" in names(settings.variants)
    assert app.test_cli_runner().invoke(args=["precompress", "--quality", "12"]).exit_code == 2
