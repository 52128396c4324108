"""A store that knows a twin of SD-Turbo or SDXS as the catalog knows the published files: the
catalog's own entry, its sizes made small and its sources on this machine."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx

from model_store import catalog, install
from model_store.entry import Entry
from model_store.pipeline import Pipeline
from model_store.progress import Silence
from tests.fixtures.generation import Rules
from tests.fixtures.golden import GOLDEN
from tests.harness.shipped_store import shipped_store
from tests.rehearsal.diffusion import SMALL
from tests.rehearsal.sd import SMALL_SDXS, SMALLEST, Export, Twin

NAME = "twin"
LICENCE = "Only for rehearsals.\n"
_ENTRIES = {
    "float32": "sd-turbo",
    "float16": "sd-turbo",
    "sdxs": "sdxs-512",
    "singles": "sd-turbo",
}


@dataclass(frozen=True)
class Rehearsal:
    """A store at `root`; upstream's files by role."""

    root: Path
    upstream: Mapping[str, Path]
    rules: Rules

    def pull(self) -> Entry | None:
        """Install the twin as an operator does."""
        return install.pull(self.root, NAME, Silence(), self.root / "cache")

    @property
    def installed(self) -> Pipeline:
        """The entry as a server offers it."""
        return next(one for one in catalog.load(self.root).pipelines if one.id == NAME)


def twin_of(export: Export) -> Twin:
    """A small one."""
    widths = {"sdxs": SMALL_SDXS, "singles": SMALLEST}
    return Twin(export, widths.get(export, SMALL))


def rehearse(folder: Path, export: Export, **changes: Any) -> Rehearsal:
    """Make the twin's files and a store in `folder` that knows it; `changes` replace keys of its
    entry."""
    root = shipped_store(folder / "store")
    upstream = {}
    for role, model in twin_of(export).parts().items():
        upstream[role] = folder / role / "model.onnx"
        upstream[role].parent.mkdir()
        onnx.save(model, upstream[role])
    clip = json.loads((GOLDEN / "clip.json").read_text(encoding="utf-8"))
    (folder / "vocab.json").write_text(json.dumps(clip["vocab"]), encoding="utf-8")
    merges = "\n".join(["#version: 0.2", *clip["merges"], ""])
    (folder / "merges.txt").write_text(merges, encoding="utf-8")
    (folder / "LICENSE.txt").write_text(LICENCE, encoding="utf-8")
    entry = entry_of(export) | {
        "id": NAME,
        "backends": ["wasm"],
        "sources": [
            *(_source(role, f"{role}.onnx", path) for role, path in upstream.items()),
            *(_source("tokenizer", name, folder / name) for name in ("vocab.json", "merges.txt")),
            _source("licence", "LICENSE.txt", folder / "LICENSE.txt"),
        ],
    }
    lines = [f"{key} = {toml(value)}\n" for key, value in (entry | changes).items()]
    with (root / "catalog.toml").open("a", encoding="utf-8") as file:
        file.write("".join(["\n[[models]]\n", *lines]))
    return Rehearsal(root, upstream, Rules(scale=entry["generate"]["scale"]))


def entry_of(export: Export) -> dict[str, Any]:
    """The catalog's own entry with the twin's sizes and, of Export 2, its types."""
    known = tomllib.loads((catalog.STORE / "catalog.toml").read_text(encoding="utf-8"))["models"]
    entry: dict[str, Any] = next(one for one in known if one["id"] == _ENTRIES[export])
    w = twin_of(export).widths
    if export == "singles":
        entry["requirements"]["webgpu"]["features"] = []
    if export == "float16":
        # That export is without the VAE's encoder.
        entry["graphs"] = [one for one in entry["graphs"] if one["role"] != "vae-encoder"]
        del entry["generate"]["start"]
    sizes = {64: w.side, 512: 8 * w.side, 1024: w.text, 768: w.text}
    for graph in entry["graphs"]:
        for tensor in (*graph["inputs"], *graph["outputs"]):
            if export == "float16" and graph["role"] != "vae-decoder" and tensor["use"] != "ids":
                tensor["dtype"] = "float16"
            tensor["shape"] = [
                graph.get("most", {}).get(size, size) if export == "float16" else size
                for size in (sizes.get(size, size) for size in tensor["shape"])
            ]
        if export == "float16":
            graph.pop("most", None)
    return entry


def _source(role: str, name: str, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    return {
        "kind": "file",
        "role": role,
        "name": name,
        "path": str(path),
        "bytes": len(content),
        "sha256": sha256,
    }


def toml(value: Any) -> str:
    """`value` as a TOML value; tables become inline tables."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)
