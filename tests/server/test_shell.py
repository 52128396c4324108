"""What the service worker is given: the whole of one release, each file with its true digest."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import brotli
import pytest

from server.config import ConfigError, Settings
from tests.server import toy_site
from tests.server.conftest import Site, serving

DOCUMENTS = {"./", "api.js", "catalog.json", "manifest.webmanifest"}


def told(site: Site) -> tuple[str, dict[str, str]]:
    """VERSION and ASSETS as a browser reads them."""
    script = site.ask("/sw.js").body.decode()
    [version] = re.findall(r"^const VERSION = '(.+)';$", script, re.MULTILINE)
    [assets] = re.findall(r"^const ASSETS = JSON\.parse\('(.+)'\);$", script, re.MULTILINE)
    return version, json.loads(assets)


def unpacked(archive: bytes) -> dict[str, tuple[bytes, dict[str, str]]]:
    """Files of an archive by name: each with its headers."""
    head, _, rest = archive.partition(b"\n")
    told = json.loads(head)
    found, start = {}, 0
    for name, length, kind in told["files"]:
        found[name] = rest[start : start + length], told["headers"][kind]
        start += length
    assert start == len(rest)
    return found


def release(site: Site) -> str:
    [name] = re.findall(r"mattebox-release content=([^>]+)>", site.ask("/").body.decode())
    return str(name)


def started(settings: Settings, folder: Path) -> tuple[str, dict[str, str], str]:
    with serving(toy_site.start(settings), folder) as site:
        return *told(site), release(site)


def test_every_file_has_the_digest_that_is_told(site: Site) -> None:
    _, assets = told(site)
    for path, digests in assets.items():
        allowed = [b64decode(one.removeprefix("sha256-")) for one in digests.split(" ")]
        for encoding in ("identity", "gzip", "br"):
            answer = site.ask(f"/{path.removeprefix('./')}", Accept_Encoding=encoding)
            assert answer.status == 200
            body = answer.body
            if answer.headers.get("content-encoding") == "br":
                body = brotli.decompress(body)
            elif answer.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            assert sha256(body).digest() in allowed, path


def test_it_is_all_that_the_page_may_ask_for_but_binaries(site: Site) -> None:
    _, assets = told(site)
    tree = f"assets/{site.catalog()['tree']}/"
    glue = {path for path in assets if path.startswith("runtime/")}
    assert set(assets) == {*DOCUMENTS, f"{tree}shell.archive"} | glue
    assert len(glue) == 3
    assert not [path for path in assets if path.endswith(".wasm")]
    files = unpacked(site.ask(f"/{tree}shell.archive").body)
    apart = ("index", "icons/", "messages/de/")
    names = {name for name in toy_site.CLIENT if not name.startswith(apart)}
    vendor = {name for name in files if name.startswith("vendor/")}
    assert set(files) == names | vendor
    assert not [name for name in files if name.endswith(".wasm")]
    assert "vendor/jsquash-webp/webp_enc_simd.js" in vendor
    german = unpacked(site.ask(f"/{tree}shell.de.archive").body)
    assert german
    assert {name for name in toy_site.CLIENT if name.startswith("messages/de/")} == set(german)


def test_files_of_an_archive_are_those_that_are_served(site: Site) -> None:
    tree = f"/assets/{site.catalog()['tree']}/"
    own = ("etag", "accept-ranges", "vary", "content-length", "date", "server", "connection")
    for archive in ("shell.archive", "shell.de.archive"):
        for name, (body, headers) in unpacked(site.ask(tree + archive).body).items():
            served = site.ask(tree + name)
            assert body == served.body, name
            sent = {key: value for key, value in served.headers.items() if key not in own}
            assert {key.lower(): value for key, value in headers.items()} == sent, name


def test_archives_are_in_memory_where_nothing_can_be_written(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    (tmp_path / "no-folder").write_bytes(b"")
    before = started(settings, tmp_path)
    blocked = replace(settings, variants=tmp_path / "no-folder" / "variants")
    with serving(toy_site.start(blocked), tmp_path) as site:
        assert told(site) == before[:2]
        answer = site.ask(f"/assets/{site.catalog()['tree']}/shell.archive")
    assert "main.js" in unpacked(answer.body)


def test_page_and_worker_name_one_version(site: Site) -> None:
    version, _ = told(site)
    assert version == release(site)
    assert version.startswith(f"{site.catalog()['tree']}-")


CHANGES: dict[str, tuple[str, bytes]] = {
    "the page": ("client/index.html", b"<p>more</p>"),
    "a module": ("client/ui/view.js", b"\n"),
    "the runtime's glue": (
        "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.jspi.mjs",
        b"\n",
    ),
    "an icon": ("client/icons/icon-192.png", b"more"),
    "a model": ("model_store/toy.onnx", b"more"),
    "a runtime": ("node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm", b"more"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_it_is_another_version(tmp_path: Path, what: str) -> None:
    settings = toy_site.build(tmp_path)
    before, _, _ = started(settings, tmp_path)
    assert started(settings, tmp_path)[0] == before
    name, more = CHANGES[what]
    with (tmp_path / name).open("ab") as file:
        file.write(more)
    after, _, page = started(settings, tmp_path)
    assert after != before
    assert page == after
    has_same_tree = after.split("-")[0] == before.split("-")[0]
    assert has_same_tree is (what not in ("a module", "an icon"))


def test_the_worker_itself_is_part_of_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server import pages

    settings = toy_site.build(tmp_path)
    before, _, _ = started(settings, tmp_path)
    templates = tmp_path / "templates"
    for path in pages.TEMPLATES.iterdir():
        toy_site.write(templates / path.name, path.read_bytes())
    with (templates / "sw.js").open("ab") as script:
        script.write(b"// mended\n")
    monkeypatch.setattr(pages, "TEMPLATES", templates)
    assert started(settings, tmp_path)[0] != before


def test_switched_off_it_takes_itself_back(tmp_path: Path) -> None:
    settings = replace(toy_site.build(tmp_path), offline=False)
    with serving(toy_site.start(settings), tmp_path) as site:
        script = site.ask("/sw.js").body.decode()
        page = site.ask("/").body.decode()
        manifest: dict[str, Any] = json.loads(site.ask("/manifest.webmanifest").body)
    assert "unregister()" in script
    assert "VERSION" not in script
    assert re.search(r"mattebox-release content=>", page)
    assert "share_target" not in manifest


@pytest.mark.parametrize(
    ("value", "offline"), [("", True), ("on", True), ("off", False), (None, True)]
)
def test_the_switch_is_a_setting(value: str | None, offline: bool) -> None:
    environment = {} if value is None else {"MATTEBOX_OFFLINE": value}
    assert Settings.from_environment(environment).offline is offline


@pytest.mark.parametrize("value", ["no", "0", "OFF", "true"])
def test_anything_else_is_refused_by_name(value: str) -> None:
    with pytest.raises(ConfigError, match=f"MATTEBOX_OFFLINE is '{value}'; expected on or off"):
        Settings.from_environment({"MATTEBOX_OFFLINE": value})
