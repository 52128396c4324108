"""Releases of Mattebox made for a test: the real application over changed copies of its files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from model_store import commands
from server import create_app
from server.config import ROOT, Settings
from tests.harness import tiny_model
from tests.harness.ports import port_of_its_own
from tests.harness.shipped_store import shipped_store
from tests.harness.tiny_site import CLOCK


def store_with_two_models(folder: Path) -> Path:
    """A model store that offers u2netp and a tiny model, which the command line has added."""
    store = shipped_store(folder / "model_store")
    add_model(store, tiny_model.ID, "Tiny", tiny_model.graph())
    return store


def add_model(store: Path, model: str, title: str, graph: bytes) -> None:
    """As `flask models add` does it."""
    file = store.parent / f"{model}.onnx"
    file.write_bytes(graph)
    words = ["add", str(file), "--id", model, "--title", title, "--licence", "MIT", "--yes"]
    result = CliRunner().invoke(commands.group(store), words)
    assert result.exit_code == 0, result.output


def release(
    folder: Path,
    name: str,
    *,
    change: Callable[[Path], None] = lambda _client: None,
    **settings: object,
) -> Flask:
    """A release that says its name in the page; `change` is done to its copy of client/."""
    client = folder / name
    shutil.copytree(ROOT / "client", client)
    index = client / "index.html"
    page = index.read_text().replace("</head>", f'<meta name="test" content="{name}"></head>')
    index.write_text(page)
    # Another tree, too: the usual update.
    with (client / "workers" / "model.js").open("a") as worker:
        worker.write(f"void {name!r};\n")
    change(client)
    # What is new in it is compressed in no time; the rest is there already, and better.
    settings = {"keep": "never", "brotli_quality": 0, **settings}
    given = replace(Settings.from_environment(), client=client)
    return create_app(replace(given, **settings))  # type: ignore[arg-type]


#: How often a page asks whether the server is back, and how often it does in a test.
_PATIENT, _IMPATIENT = b"TRY_EVERY_MS = 10_000;", b"TRY_EVERY_MS = 500;"


def impatient(client: Path) -> None:
    """A change: pages look often for a server that is gone, and tries of a download end soon."""
    asking = client / "page" / "effects" / "server.js"
    code = asking.read_bytes()
    assert code.count(_PATIENT) == 1
    asking.write_bytes(code.replace(_PATIENT, _IMPATIENT))
    with (client / "workers" / "delivery.js").open("ab") as worker:
        worker.write(CLOCK)


def other_runtime(folder: Path) -> Path:
    """node_modules/ with what looks like the next version of the runtime: one byte more of wasm."""
    modules = folder / "node_modules"
    modules.mkdir()
    for package in (ROOT / "node_modules").iterdir():
        if package.name != "onnxruntime-web":
            (modules / package.name).symlink_to(package)
    source = ROOT / "node_modules" / "onnxruntime-web"
    runtime = modules / "onnxruntime-web"
    shutil.copytree(source, runtime, ignore=shutil.ignore_patterns("*.map", "lib", "docs"))
    manifest = runtime / "package.json"
    version = '"version": "'
    manifest.write_text(manifest.read_text().replace(version, f"{version}9", 1))
    # An empty custom section: as valid, and another file.
    with (runtime / "dist" / "ort-wasm-simd-threaded.wasm").open("ab") as wasm:
        wasm.write(b"\0\2\1x")
    return modules


#: What is not compressed yet is compressed in no time.
HASTE = {"MATTEBOX_BROTLI_QUALITY": "0"}


@contextmanager
def process(folder: Path, **environment: str) -> Iterator[tuple[int, Callable[[], None]]]:
    """`flask run` as a process of its own: its port, and what kills it."""
    port = port_of_its_own()
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "run", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            words, cwd=ROOT, env={**os.environ, **HASTE, **environment}, stdout=log, stderr=log
        )

    def kill() -> None:
        server.send_signal(signal.SIGKILL)
        server.wait()

    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}{environment.get('MATTEBOX_PREFIX', '')}")
        yield port, kill
    finally:
        kill()


def _wait_until_healthy(site: str) -> None:
    deadline = time.monotonic() + 150
    while True:
        try:
            urllib.request.urlopen(f"{site}/healthz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
        else:
            return
