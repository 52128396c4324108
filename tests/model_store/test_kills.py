"""`pull` is killed (SIGKILL) at any moment: what was offered is offered, and the next pull puts
everything right and leaves nothing behind."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import onnx
import pytest

from model_store import catalog, install
from model_store.progress import Silence
from tests.model_store.graphs import matting
from tests.model_store.test_source_npm import archive, stub

# Kills itself where it is told to: at the beginning of a step, or at once when npm has half of it.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from model_store import install

class Deadly:
    def begin(self, step, total=None):
        print(step, flush=True)
        if step.startswith(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
    def reach(self, done): pass
    def say(self, sentence): pass

install.pull(Path(sys.argv[1]), "toy", Deadly(), Path(sys.argv[1]) / "cache")
"""
NPM = """
import os, shutil, signal
cache = Path(sys.argv[sys.argv.index('--cache') + 1])
cache.mkdir(parents=True, exist_ok=True)
(cache / 'half').write_bytes(bytes(500))
with (HERE / 'runs').open('a') as runs: runs.write('.')
if (HERE / 'deadly').exists():
    (HERE / 'deadly').unlink()
    (Path(to) / 'half.tgz').write_bytes(b'half')
    os.kill(os.getppid(), signal.SIGKILL)
else:
    shutil.copy(HERE / 'given.tgz', Path(to) / 'x.tgz')
"""


@pytest.fixture
def offered(store, tmp_path):
    """A store whose "toy" comes through an npm that is on the PATH, and that PATH."""
    content = matting().SerializeToString()
    assert onnx.load_model_from_string(content)
    here = tmp_path / "npm"
    here.mkdir()
    archive(here / "given.tgz", {"dist/toy.onnx": content})
    python, script = stub(here, f"HERE = Path({str(here)!r})\n{NPM}")
    (here / "npm").write_text(f'#!/bin/sh\nexec "{python}" "{script}" "$@"\n')
    (here / "npm").chmod(0o755)
    digest = hashlib.sha256(content).hexdigest()
    source = {"kind": "npm", "package": "some-model", "version": "1.0.0", "member": "dist/toy.onnx"}
    store.offer("toy", source | {"bytes": len(content), "sha256": digest})
    store.write()
    return store


def killed(store, moment: str, tmp_path: Path) -> None:
    """Pull in a process of its own, until it dies at `moment`."""
    if moment == "half":
        (tmp_path / "npm" / "deadly").touch()
    (tmp_path / "tmp").mkdir()
    path = f"{tmp_path / 'npm'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(store.root), moment],
        env=os.environ | {"PATH": path, "TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": "."},
        stdout=subprocess.PIPE,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stdout


@pytest.mark.parametrize(
    ("moment", "fetched"),
    [("half", 2), ("unpacking", 1), ("copying", 1), ("running", 1), ("checking what was made", 1)],
)
def test_the_next_pull_puts_everything_right(offered, tmp_path, monkeypatch, moment, fetched):
    killed(offered, moment, tmp_path)
    assert [model.id for model in catalog.load(offered.root).models] == ["small", "large"]
    monkeypatch.setenv("PATH", f"{tmp_path / 'npm'}{os.pathsep}{os.environ['PATH']}")
    assert install.pull(offered.root, "toy", Silence(), offered.root / "cache")
    assert [model.id for model in catalog.load(offered.root).models] == ["small", "large", "toy"]
    names = {path.name for path in (offered.root / "weights").iterdir()}
    assert names == {"small.onnx", "large.onnx", "toy", "installed.json", ".lock"}
    assert not [path for path in (offered.root / "cache").rglob("*") if path.is_file()]
    assert list((tmp_path / "tmp").iterdir()) == []
    assert (tmp_path / "npm" / "runs").read_text() == "." * fetched
    assert set(json.loads((offered.root / "weights" / "installed.json").read_text())["models"]) == {
        "toy"
    }
