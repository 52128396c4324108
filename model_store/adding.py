"""Writes a catalog entry for any ONNX file: what the graph says is read, the rest is given.

Needs onnx and onnxruntime, like workshop. The entry goes to the lock file, not to catalog.toml,
which belongs to the release.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model_store import canary, catalog, interface, lockfile, native, planes, sources
from model_store.disk import only_writer
from model_store.entry import Entry, Model
from model_store.errors import ModelRefused
from model_store.interface import Interface, Value
from model_store.made import Part
from model_store.placing import place, workshop
from model_store.progress import Progress
from model_store.schema import UNKNOWN, read_entry
from model_store.source_schema import FILE_NAME, PIPELINE_ROLES
from model_store.table import Problem, Table

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CANARY = {
    "recipe": "blocks-v1",
    "seed": canary.SEEDS[0],
    "grid": 16,
    "tolerance": {"mean": 0.001, "max": 0.02},
}
_MIB = 1 << 20
# An output that moves less over a whole picture shows nothing.
_LEAST_SPAN = 1e-3
_TROUBLE: tuple[type[Exception], ...] = (
    *native.REFUSALS,
    *(RuntimeError, ValueError, TypeError, IndexError),
)


@dataclass(frozen=True)
class Survey:
    """The parts of a model to be added, named, and the interface of its one graph if it mattes."""

    name: str
    task: str
    parts: tuple[Part, ...]
    interface: Interface | None

    @property
    def bytes(self) -> int:
        """The sum over the parts."""
        return sum(part.path.stat().st_size for part in self.parts)

    def drawn(self) -> tuple[Value, ...]:
        """The outputs that may be a matte: float32, one channel."""
        there = self.interface.outputs if self.interface else ()
        return tuple(
            value
            for value in there
            if value.dtype == "float32" and (not value.shape or value.shape[1:2] in ((1,), (None,)))
        )


def survey(name: str, files: Sequence[Path], roles: Mapping[str, Path]) -> Survey:
    """Read the graphs and find the weights that lie beside them.

    `files`: the graph of a model that draws mattes (its external data may be named as well, or is
    found); `roles`: the parts of a pipeline. Raises ModelRefused, OSError.
    """
    if bool(files) == bool(roles):
        raise ModelRefused(name, "give one graph, or the parts of a pipeline with --part")
    graphs = dict(roles)
    if unknown := set(roles) - set(PIPELINE_ROLES):
        known = ", ".join(PIPELINE_ROLES)
        raise ModelRefused(name, f"no role {', '.join(sorted(unknown))}; there is {known}")
    if files and sum(path.suffix == ".onnx" for path in files) != 1:
        raise ModelRefused(name, "one .onnx file is needed; several are parts: --part ROLE=FILE")
    if files:
        graphs["graph"] = next(path for path in files if path.suffix == ".onnx")
    parts: list[Part] = []
    for role, path in graphs.items():
        title = f"{name if role == 'graph' else role}{path.suffix}"
        parts += [Part(role, title, path), *_weights(name, title, path)]
    named = {part.path.resolve() for part in parts}
    if idle := [str(path) for path in files if path.resolve() not in named]:
        raise ModelRefused(name, f"the graph does not use {', '.join(idle)}")
    found = planes.seen_as_planes(interface.read(graphs["graph"])) if files else None
    return Survey(name, "matting" if files else UNKNOWN, tuple(parts), found)


def _weights(name: str, title: str, graph: Path) -> list[Part]:
    """The external data of `graph`, to be called after it: two graphs may use one name."""
    parts = []
    locations = interface.read(graph).external if graph.suffix == ".onnx" else ()
    for index, location in enumerate(locations):
        path = graph.parent / location
        if ".." in Path(location).parts or Path(location).is_absolute():
            raise ModelRefused(name, f"{graph.name} wants weights outside its folder: {location}")
        if not path.is_file():
            raise ModelRefused(name, f"{graph.name} needs {location} beside it")
        number = f".{index + 1}" if len(locations) > 1 else ""
        parts.append(Part("external-data", f"{title}{number}.data", path, location, title))
    return parts


def try_out(entry: Model, parts: Sequence[Part]) -> tuple[int, float, float]:
    """Run the graph of `parts`: the canary's best seed, and the raw output's least and greatest.

    A canary tells most where the model sees something in it, so seeds are tried until one moves
    the output by half its range. Raises ModelRefused, OSError.
    """
    plain = replace(entry, output=replace(entry.output, range="probability", normalise="none"))
    spans: dict[int, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        plain, path = workshop().lay_out(plain, parts, Path(folder))
        for seed in canary.SEEDS:
            try:
                matte = canary.draw(path, replace(plain, canary=replace(plain.canary, seed=seed)))
            except _TROUBLE as error:
                raise ModelRefused(entry.id, f"ONNX Runtime does not run it: {error}") from error
            spans[seed] = float(matte.min()), float(matte.max())
            if spans[seed][0] < 0.25 and spans[seed][1] > 0.75:
                break
    if all(high - low < _LEAST_SPAN for low, high in spans.values()):
        raise ModelRefused(
            entry.id,
            f"its output is {spans[seed][0]:.3f} everywhere, for each of {len(spans)} pictures: it"
            " sees nothing in them. Are scale, mean and std those of its training, and is the"
            " output that was chosen a matte?",
        )
    best = max(spans, key=lambda seed: spans[seed][1] - spans[seed][0])
    return best, min(low for low, _ in spans.values()), max(high for _, high in spans.values())


def entry_of(found: Survey, facts: Mapping[str, Any]) -> tuple[Entry, dict[str, Any]]:
    """The entry for `facts` (id, title, ..., and input and output of a model that mattes), and
    the same as the lock file holds it. Raises ModelRefused with all that is wrong."""
    height, width = facts["input"]["shape"][2:] if "input" in facts else (0, 0)
    raw = {
        **{key: facts[key] for key in facts if key not in ("optimise", "seed")},
        "task": found.task,
        "backends": ["webgpu", "wasm"] if found.task == "matting" else ["wasm"],
        "requirements": {
            # Weights are held twice while a session is made, and a few layers of 64 channels at
            # full size while it runs. An estimate: only a run on a device tells.
            "memory_mib": (2 * found.bytes + 4 * 64 * 4 * height * width) // _MIB + 64,
            "webgpu": {"features": [], "limits": {}},
        },
        "sources": [_source(part) for part in found.parts],
        "install": {"optimise": facts.get("optimise", "none")},
        **(
            {"canary": CANARY | {"seed": facts.get("seed", canary.SEEDS[0])}}
            if found.task == "matting"
            else {}
        ),
    }
    problems: list[Problem] = []
    entry = read_entry(Table(raw, found.name, "", problems), Path())
    if problems:
        wrong = "; ".join(f"{p.field}: {p.expected}, found {p.found}" for p in problems)
        raise ModelRefused(found.name, wrong)
    return entry, raw


def _source(part: Part) -> dict[str, Any]:
    pins = vars(sources.pins_of(part.path))
    if not re.fullmatch(FILE_NAME, part.name):
        raise ModelRefused(part.name, "is no plain file name")
    return {"kind": "file", "path": str(part.path.resolve()), "role": part.role} | {
        "name": part.name,
        **pins,
    }


def add(root: Path, found: Survey, facts: Mapping[str, Any], progress: Progress) -> Entry:
    """Install what was surveyed under an entry of its own. Raises a StoreError, OSError."""
    entry, raw = entry_of(found, facts)
    if entry.id in {known.id for known in catalog.read(root).entries}:
        raise ModelRefused(entry.id, "catalog.toml has a model of this id; choose another")
    with only_writer(root / "weights"):
        if entry.id in lockfile.read_raw(root):
            raise ModelRefused(entry.id, "is installed already; remove it first")
        return place(
            root, entry, found.parts, progress, make=workshop().make, story={}, own_entry=raw
        )
