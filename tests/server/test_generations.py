"""What is installed and removed while the server runs: offered whole, or not at all."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from model_store import install
from model_store.digest import FileDigest, Openable, file_digest
from server import create_app
from server.generations import KEPT_SECONDS, Generation, Generations, signature_of
from server.held import HeldFiles
from server.variants import Asset, in_memory
from tests.server.conftest import Site, serving
from tests.server.model_traffic import Traffic


@pytest.fixture
def traffic(tmp_path: Path) -> Traffic:
    return Traffic(tmp_path)


@pytest.fixture
def site(traffic: Traffic) -> Iterator[Site]:
    with serving(create_app(traffic.settings), traffic.folder) as running:
        yield running


def offered(site: Site) -> list[str]:
    return [model["id"] for model in site.catalog()["models"]]


def url_of(site: Site, name: str) -> str:
    (model,) = (model for model in site.catalog()["models"] if model["id"] == name)
    return "/" + model["files"][0]["url"]


def test_what_is_installed_is_offered_and_what_is_removed_is_not(traffic, site) -> None:
    assert offered(site) == ["small", "large"]
    traffic.install("one")
    assert offered(site) == ["small", "large", "one"]
    assert site.ask(url_of(site, "one")).body == traffic.contents["one"]
    install.remove(traffic.store.root, "one")
    assert offered(site) == ["small", "large"]


def test_page_and_service_worker_are_of_the_same_generation(traffic, site) -> None:
    before = site.ask("/").headers["etag"]
    traffic.install("one")
    page, worker = site.ask("/"), site.ask("/sw.js").body.decode()
    assert page.headers["etag"] != before
    for path, body in (("./", page.body), ("catalog.json", site.ask("/catalog.json").body)):
        digest = b64encode(hashlib.sha256(body).digest()).decode()
        listed = " ".join(re.findall(rf'"{re.escape(path)}": ?"(sha256-[^"]+)"', worker))
        assert f"sha256-{digest}" in listed.split()


def test_a_download_goes_on_after_the_model_was_removed(traffic, site) -> None:
    traffic.install("one")
    url, content = url_of(site, "one"), traffic.contents["one"]
    first = site.ask(url, Range="bytes=0-9")
    install.remove(traffic.store.root, "one")
    assert "one" not in offered(site)
    rest = site.ask(url, Range="bytes=10-", If_Range=first.headers["etag"])
    assert (rest.status, first.body + rest.body) == (206, content)


def test_a_model_that_is_installed_anew_keeps_what_it_was_for_open_pages(traffic, site) -> None:
    traffic.install("one")
    old, before = url_of(site, "one"), traffic.contents["one"]
    traffic.contents["one"] = b"another" * 1000
    traffic.install("one")
    new = url_of(site, "one")
    assert new != old
    assert (site.ask(old).body, site.ask(new).body) == (before, traffic.contents["one"])


def test_a_file_that_another_process_offers_already_is_found(traffic, site) -> None:
    traffic.install("one")
    digest = hashlib.sha256(traffic.contents["one"]).hexdigest()
    assert site.ask(f"/models/{digest}/graph.bin").body == traffic.contents["one"]


@pytest.mark.parametrize("damage", ["file", "record", "lock"])
def test_what_is_not_whole_is_not_offered_and_said_once(traffic, site, caplog, damage) -> None:
    assert offered(site) == ["small", "large"]
    with caplog.at_level(logging.ERROR):
        if damage == "file":
            traffic.install("one", written=b"?" * len(traffic.contents["one"]))
        elif damage == "record":
            traffic.install("one", samples=[2.0] * 256)
        else:
            (traffic.store.root / "weights" / "installed.json").write_text("{")
        assert [offered(site), offered(site)] == [["small", "large"]] * 2
        assert site.ask("/").status == 200
    (said,) = [record.message for record in caplog.records if record.levelno >= logging.ERROR]
    assert "the models that were offered before stay" in said
    (traffic.store.root / "weights" / "installed.json").unlink(missing_ok=True)
    traffic.install("one")
    assert offered(site) == ["small", "large", "one"]


def test_only_what_is_new_is_read(traffic, site, monkeypatch) -> None:
    traffic.install("one")
    assert offered(site)
    read: list[object] = []

    def counted(file: Openable) -> FileDigest:
        read.append(file)
        return file_digest(file)

    monkeypatch.setattr("server.held.file_digest", counted)
    traffic.install("two")
    assert offered(site) == ["small", "large", "one", "two"]
    assert [site.ask(url_of(site, name)).status for name in ("one", "two")] == [200, 200]
    assert len(read) == 1


def made(*names: str) -> Generation:
    def asset(name: str) -> Asset:
        return in_memory(name, dict.fromkeys(("identity", "br", "gzip"), name.encode()))

    return Generation({}, {(name, name): asset(name) for name in names})


def test_files_that_nobody_asks_for_any_longer_are_let_go(tmp_path: Path) -> None:
    lock, now, next_one = tmp_path / "lock", [0.0], [made("a", "b")]
    generations = Generations(lock, lambda: next_one[0], (), lambda: now[0])
    next_one[0] = made("b")
    lock.write_text("1")
    assert list(generations.current().files) == [("b", "b")]
    now[0] = KEPT_SECONDS - 1
    assert generations.file(("a", "a")), "asked for, so kept for as long again"
    now[0] += KEPT_SECONDS - 1
    generations.current()
    assert generations.file(("a", "a"))
    now[0] += KEPT_SECONDS
    generations.current()
    assert generations.file(("a", "a")) is None
    assert generations.file(("b", "b"))


def test_others_go_on_while_one_waits_for_the_new_generation(tmp_path: Path) -> None:
    lock, making, made_it = tmp_path / "lock", Event(), Event()
    results = [made("a")]

    def make() -> Generation:
        if lock.exists():
            making.set()
            assert made_it.wait(60)
        return results[0]

    generations = Generations(lock, make, ())
    results[0] = made("b")
    lock.write_text("1")
    first = Thread(target=generations.current)
    first.start()
    assert making.wait(60)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        made_it.set()
        first.join(60)

    generations.pause = pause
    assert list(generations.current().files) == [("b", "b")]
    assert len(pauses) == 1


def test_others_go_on_while_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(3 << 20))
    held, pauses = HeldFiles(), list[float]()
    held.pause = pauses.append
    assert held.digest(path) == file_digest(path)
    assert pauses == [0, 0, 0, 0], "one for each MiB, and one at the end"


def test_every_version_of_a_file_has_a_signature_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    seen = {signature_of(path)}
    for number in range(20):
        fresh = tmp_path / "new"
        fresh.write_text(json.dumps(number % 2))
        fresh.replace(path)
        seen.add(signature_of(path))
    assert len(seen) == 21
