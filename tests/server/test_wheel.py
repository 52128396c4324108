"""The wheel: built from this checkout, installed into an empty environment, and run from there."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from server import __version__
from server.asset_tree import RUNTIME_FILES, VENDOR_FILES
from server.config import ROOT
from tests.server.processes import Running, free_port, wait_until_healthy
from tests.server.test_pins import chosen

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [path] = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment in which there is the wheel and, from this one, what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    words = ["--no-index", "--no-deps", "--disable-pip-version-check", str(wheel)]
    subprocess.run([*pip, *words], check=True)
    [site] = folder.glob("lib/*/site-packages")
    (site / "needs.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    # The best compression takes long and is no part of what is tested.
    return kept | {"HOME": str(home), "NO_COLOR": "1", "MATTEBOX_BROTLI_QUALITY": "0"}


def run(installed: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(installed / "bin" / "mattebox"), *words],
        cwd=home,
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def served(installed: Path, home: Path) -> Iterator[Running]:
    assert run(installed, home, "precompress").returncode == 0
    port = free_port()
    command = [str(installed / "bin" / "mattebox"), "serve", "--bind", f"127.0.0.1:{port}"]
    log = home / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=home, env=environment(home), stdout=out, stderr=out)
    site = Running(port, home, "", process, log)
    try:
        wait_until_healthy(site)
        yield site
    finally:
        process.terminate()
        process.wait(30)


def test_it_holds_what_serving_needs_and_nothing_of_this_machine(wheel: Path) -> None:
    assert wheel.name == f"mattebox-{__version__}-py3-none-any.whl"
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
        meta = archive.read(f"mattebox-{__version__}.dist-info/METADATA").decode()
    app = {name.removeprefix("mattebox/app/") for name in names}
    npm = {*VENDOR_FILES.values(), *(f"onnxruntime-web/dist/{name}" for name in RUNTIME_FILES)}
    assert {f"node_modules/{name}" for name in npm} <= app
    extra = {name for name in app if name.startswith("node_modules/")} - {
        f"node_modules/{name}" for name in npm
    }
    told = ("licen", "copying", "notice", "package.json")
    assert all(name.rsplit("/", 1)[1].lower().startswith(told) for name in extra)
    assert any("licen" in name.lower() for name in extra)
    weights = {name for name in app if name.endswith(".onnx")}
    assert weights == {"model_store/weights/u2netp.onnx", "model_store/parts/u2netp-light.onnx"}
    assert not [name for name in names if "/." in name or "__pycache__" in name or "tests" in name]
    needs = {
        line.removeprefix("Requires-Dist: ")
        for line in meta.splitlines()
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    }
    wanted = chosen(ROOT / "requirements.in")
    assert {one.lower() for one in needs} == {f"{name}=={wanted[name]}" for name in wanted}


def test_it_serves_the_page_the_runtime_and_the_small_model(served: Running) -> None:
    assert served.ask("/readyz").body == b"ok"
    assert b"<!doctype html>" in served.ask("/").body.lower()
    catalog = served.catalog()
    glue = catalog["runtime"]["builds"]["wasm"]["glue"]
    assert served.ask(f"/{glue}").status == 200
    [file, *_] = catalog["models"][0]["files"]
    answer = served.ask(f"/{file['url']}")
    assert answer.body == (ROOT / "model_store" / "weights" / file["name"]).read_bytes()


def test_its_commands_are_those_of_a_checkout(installed: Path, home: Path, served: Running) -> None:
    listed = run(installed, home, "models", "list")
    assert listed.returncode == 0, listed.stderr
    assert "u2netp" in listed.stdout
    checked = run(installed, home, "check", f"http://127.0.0.1:{served.port}/")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    exported = run(installed, home, "export", "site")
    assert exported.returncode == 0, exported.stderr
    assert (home / "site" / "nginx.conf").is_file()
    unknown = run(installed, home, "nonsense")
    assert unknown.returncode == 2
    assert "No such command" in unknown.stderr


def test_what_it_keeps_is_the_users(home: Path, served: Running) -> None:
    assert (home / ".local/share/mattebox/models/weights/u2netp.onnx").is_file()
    assert not list((home / ".local/share/mattebox/models").rglob("*.py"))
    assert (home / ".cache/mattebox/variants").is_dir()


def test_a_release_renews_the_catalog_and_leaves_models_alone(
    installed: Path, home: Path, served: Running
) -> None:
    store = home / ".local/share/mattebox/models"
    (store / "catalog.toml").write_text("of another release")
    mine = store / "weights" / "mine" / "mine.onnx"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    assert run(installed, home, "models", "list").returncode == 0
    assert (store / "catalog.toml").read_bytes() == (ROOT / "model_store/catalog.toml").read_bytes()
    assert mine.read_bytes() == b"mine"
