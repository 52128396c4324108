"""A small valid store on disk whose catalog a test can bend before it is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest
from click.testing import CliRunner, Result

from model_store import catalog, commands, install, lockfile
from model_store.digest import file_digest
from model_store.progress import Progress, Silence
from tests.harness.as_toml import toml
from tests.model_store.graphs import matting

#: A composite of two models that a test makes.
DUO: dict[str, Any] = {
    "id": "duo",
    "title": "Duo",
    "summary": "For tests.",
    "tier": "fast",
    "task": "matting",
    "requirements": {"memory_mib": 30},
    "parts": [
        {"model": "toy", "size": 64, "role": "detail"},
        {"model": "small", "size": 32, "role": "presence"},
    ],
    "fusion": {"rule": "presence", "threshold": 0.5},
}


class Store:
    """A store with models "small" and "large" of different sizes; `content` is its catalog."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "weights").mkdir()
        self.content: dict[str, Any] = {
            "default": "small",
            "models": [self._model("small", b"s" * 1000), self._model("large", b"L" * 5000)],
        }

    def write(self) -> Path:
        lines = [f"{key} = {toml(value)}\n" for key, value in self.content.items()]
        (self.root / "catalog.toml").write_text("".join(lines), encoding="utf-8")
        return self.root

    def offer(self, name: str, *sources: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Add a model that is known and not installed; `changes` replace keys of its entry."""
        entry = json.loads(json.dumps(self.content["models"][0]))
        del entry["files"], entry["canary"]["samples"], entry["input"]["name"]
        del entry["output"]["name"], entry["gflop"]
        entry["output"]["range"] = "probability"
        entry |= {"id": name, "sources": list(sources), "install": {"optimise": "none"}} | changes
        self.content["models"].append(entry)
        return entry

    def record(self, name: str, **contents: bytes) -> dict[str, Any]:
        """Install a model by hand, each of `contents` a part: role=bytes. Returns its record."""
        folder = self.root / "weights" / name
        folder.mkdir()
        files = []
        for role, content in contents.items():
            path = folder / f"{role}.bin"
            path.write_bytes(content)
            facts = vars(file_digest(path))
            files.append({"role": role.replace("_", "-"), "name": path.name, **facts})
        record = {
            "files": files,
            "graph": {"input": "in", "output": "out"},
            "samples": [0.5] * 256,
            "rules": self.rules(name),
            "story": {},
        }
        self.lock(**{name: record})
        return record

    def rules(self, name: str) -> str:
        """The rules of the model `name` as the catalog now has them."""
        entries = {entry.id: entry for entry in catalog.read(self.write()).entries}
        return lockfile.rules_of(entries[name])

    def lock(self, **records: Any) -> None:
        """Write the lock file."""
        path = self.root / "weights" / "installed.json"
        path.write_text(json.dumps({"version": 1, "models": records}), encoding="utf-8")

    def _model(self, name: str, content: bytes) -> dict[str, Any]:
        path = self.root / "weights" / f"{name}.onnx"
        path.write_bytes(content)
        digest = file_digest(path)
        return {
            "id": name,
            "title": name.title(),
            "summary": "For tests.",
            "tier": "instant",
            "task": "matting",
            "licence": "Apache-2.0 OR MIT",
            "origin": "https://example.org/model",
            "backends": ["wasm"],
            "gflop": 1.5,
            "files": [
                {
                    "role": "graph",
                    "name": path.name,
                    "bytes": digest.bytes,
                    "sha256": digest.sha256,
                    "segments": list(digest.segments),
                }
            ],
            "input": {
                "name": "in",
                "shape": [1, 3, 32, 48],
                "layout": "NCHW",
                "dtype": "float32",
                "resize": "lanczos3",
                "scale": 255,
                "mean": [0.5, 0.5, 0.5],
                "std": [1, 1, 1],
            },
            "output": {
                "name": "out",
                "shape": [1, 1, 32, 48],
                "dtype": "float32",
                "range": "logits",
                "normalise": "none",
            },
            "requirements": {
                "memory_mib": 10,
                "webgpu": {"features": ["shader-f16"], "limits": {"maxBufferSize": 1 << 28}},
            },
            "canary": {
                "recipe": "blocks-v1",
                "seed": 1,
                "grid": 16,
                "samples": [0.5] * 256,
                "tolerance": {"mean": 0.01, "max": 0.1},
            },
            "sources": [
                {
                    "kind": "pypi",
                    "package": "some-model",
                    "version": "1.0",
                    "member": "pkg/model.onnx",
                    "bytes": 3,
                    "md5": "0" * 32,
                    "sha256": "0" * 64,
                }
            ],
        }


def file_source(path: Path, **changes: Any) -> dict[str, Any]:
    """A source entry for a file of this machine."""
    content = path.read_bytes()
    facts = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return {"kind": "file", "path": str(path)} | facts | changes


class Ears:
    """A Progress that remembers. `at`: called with each step and count, to disturb the work."""

    def __init__(self, at: Callable[[str, int], None] | None = None) -> None:
        self.at = at
        self.steps: list[str] = []
        self.totals: list[int | None] = []
        self.said: list[str] = []
        self.counts: list[int] = []

    def begin(self, step: str, total: int | None = None) -> None:
        self.steps.append(step)
        self.totals.append(total)
        self._disturb(0)

    def reach(self, done: int) -> None:
        self.counts.append(done)
        self._disturb(done)

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def _disturb(self, done: int) -> None:
        if self.at:
            self.at(self.steps[-1], done)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph as its authors publish it."""
    path = tmp_path_factory.mktemp("upstream") / "toy.onnx"
    onnx.save(matting(), path)
    return path


@pytest.fixture
def offered(store: Store, upstream: Path) -> Store:
    """A store that knows model "toy", whose file is on this machine."""
    store.offer("toy", file_source(upstream))
    store.write()
    return store


def pull(store: Store, name: str = "toy", progress: Progress | None = None) -> Any:
    """Pull from a store of this test, with a cache of its own."""
    return install.pull(store.root, name, progress or Silence(), store.root / "cache")


def nothing_is_installed(store: Store) -> bool:
    """Whether weights/ holds what it held at first, the lock and a lock file without records."""
    names = {path.name for path in (store.root / "weights").iterdir()}
    left = names - {".lock", "installed.json"} == {"small.onnx", "large.onnx"}
    return left and lockfile.read_raw(store.root) == {}


@pytest.fixture
def run(store: Store) -> Callable[..., Result]:
    """Runs `models add ...` and returns the result; `answers` are typed in."""
    store.write()

    def run(*words: object, answers: str | None = None) -> Result:
        group = commands.group(store.root)
        return CliRunner().invoke(group, ["add", *map(str, words)], input=answers)

    return run


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files to be added lie."""
    return tmp_path_factory.mktemp("given")
