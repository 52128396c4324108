"""What `docker build` makes starts and answers, as far as that can be seen without Docker."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import onnx
import pytest

from model_store import lockfile
from server.asset_tree import VENDOR_FILES
from server.config import ROOT
from tests.model_store.conftest import Store, file_source
from tests.model_store.graphs import matting
from tests.server import image, proxies
from tests.server.conftest import Site
from tests.server.equal import comparable
from tests.server.processes import Running, free_port, wait_until_healthy

# The best compression takes minutes and is no part of what is tested.
QUICK = {"MATTEBOX_BROTLI_QUALITY": "0"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The server that the last stage's CMD starts, on another port."""
    outside = tmp_path_factory.mktemp("image")
    built = image.build(ROOT, outside, {"MODELS": "none"}, **QUICK)
    port = free_port()
    addresses = [word for word in built.command if word.startswith("--bind=")]
    assert len(addresses) == 1
    command = [f"--bind=127.0.0.1:{port}" if w in addresses else w for w in built.command]
    log = outside / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=built.folder, env=image.environment(built) | QUICK, stdout=out, stderr=out
        )
    site = Running(port, built.folder, "", process, log)
    try:
        wait_until_healthy(site)
        yield site
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(outside)


def test_it_serves_the_page_every_vendor_file_and_the_models(running: Running) -> None:
    assert running.ask("/healthz").status == 200
    assert b"<!doctype html>" in running.ask("/").body.lower()
    catalog = running.catalog()
    for name, source in VENDOR_FILES.items():
        answer = running.ask(f"/assets/{catalog['tree']}/{name}")
        assert (answer.status, answer.body) == (200, (ROOT / "node_modules" / source).read_bytes())
    (file, *_) = catalog["models"][0]["files"]
    part = running.ask(f"/{file['url'].lstrip('/')}", Range="bytes=10-19")
    shipped = (ROOT / "model_store" / "weights" / file["name"]).read_bytes()
    assert (part.status, part.body) == (206, shipped[10:20])


def test_the_models_that_are_asked_for_are_in_it(tmp_path: Path) -> None:
    context, outside = tmp_path / "context", tmp_path / "outside"
    for name in ("Dockerfile", ".dockerignore", "requirements.txt", "wsgi.py"):
        image.place(ROOT / name, context / name)
    for folder in ("server", "model_store"):
        for file in (ROOT / folder).rglob("*.py"):
            image.place(file, context / file.relative_to(ROOT))
    store = Store(context / "model_store")
    onnx.save(matting(), tmp_path / "upstream.onnx")
    for name in ("toy", "other"):
        store.offer(name, file_source(tmp_path / "upstream.onnx"))
    store.content["recommended"] = "toy"
    store.write()
    outside.mkdir()
    for package in ("package.json", "package-lock.json"):
        image.place(ROOT / package, context / package)
    made = image.build(context, outside, target="models")
    assert list(lockfile.read_raw(made.folder / "model_store")) == ["toy"]
    usual = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("FROM ")[2]
    assert "COPY --from=models /mattebox/model_store model_store" in usual


def test_nothing_is_in_it_that_only_development_needs(running: Running) -> None:
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    modules = running.folder / "node_modules"
    there = {p.parent.relative_to(running.folder).as_posix() for p in modules.rglob("package.json")}
    assert not [name for name in there if locked.get(name, {}).get("dev")]
    assert sorted(path.name for path in running.folder.iterdir() if path.name != ".cache") == [
        "LICENSE",
        "NOTICE",
        "client",
        "gunicorn.conf.py",
        "model_store",
        "node_modules",
        "package-lock.json",
        "package.json",
        "requirements.txt",
        "server",
        "wsgi.py",
    ]


def test_behind_the_nginx_that_compose_starts_every_answer_is_the_same(
    running: Running, tmp_path: Path
) -> None:
    proxied = Site(free_port(), tmp_path)
    shipped = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    config = shipped.replace("listen 8080", f"listen 127.0.0.1:{proxied.port}")
    config = config.replace("http://mattebox:8000", f"http://127.0.0.1:{running.port}")
    catalog = running.catalog()
    [file, *_] = catalog["models"][0]["files"]
    paths = ["/", "/sw.js", "/none", f"/assets/{catalog['tree']}/workers/model.js"]
    with proxies.nginx(tmp_path, config, proxied):
        for path in paths:
            for method in ("GET", "HEAD", "POST"):
                ours, theirs = (one.ask(path, method) for one in (running, proxied))
                assert comparable(theirs) == comparable(ours)
        spans = [one.ask(f"/{file['url']}", Range="bytes=10-19") for one in (running, proxied)]
        assert comparable(spans[0]) == comparable(spans[1])
