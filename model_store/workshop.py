"""Makes what is shipped out of upstream files, and runs it once before anyone is offered it.

Needs numpy, onnx and onnxruntime, so nothing that serves imports this.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from model_store import canary, count, graph, interface, native, pipeline_shop, planes, quantize
from model_store.demands import HEAP_MIB, Demands
from model_store.entry import DIMENSIONS, Entry, Model
from model_store.errors import ModelRefused, NotForBrowsers
from model_store.lockfile import AtSize
from model_store.made import Made, Part
from model_store.pipeline import Pipeline
from model_store.progress import Progress, Silence

Samples = tuple[float, ...]

_GRAPHS = ".onnx"
# How far whole numbers may move the canary's samples from upstream's. Its blocks are no photograph,
# so they move more than a matte does, and by how much depends on the last digit of every rounding:
# IS-Net at 1024, over 14 inputs that differ by 2e-5 and two ways to compute it, 0.009 to 0.012 on
# average and 0.15 to 0.28 at most. A ruined graph is far beyond on average.
_ROUGHLY = canary.Difference(0.03, 0.5)
# By so much a graph in halves may leave 0..1; devices cut that off.
_BEYOND = 1e-3
# What onnx and protobuf raise has no common ancestor of theirs either.
_TROUBLE: tuple[type[Exception], ...] = (*native.REFUSALS, RuntimeError, ValueError, TypeError)
_UNMADE: tuple[type[Exception], ...] = (*_TROUBLE, ModelRefused, OSError)


def make(entry: Entry, parts: Sequence[Part], folder: Path, progress: Progress) -> Made:
    """Fill `folder` with what is installed for `entry`. Raises ModelRefused, OSError."""
    _place(entry, parts, folder, progress)
    names = tuple((part.role, part.name) for part in parts)
    if isinstance(entry, Pipeline) and entry.graphs:
        return pipeline_shop.make(entry, parts, folder, progress)
    if not isinstance(entry, Model):
        progress.begin(f"loading each graph of {entry.id}")
        return Made(names, None, None, None, {"graphs": _check_each(entry, parts, folder)})
    (name,) = (part.name for part in parts if part.role == "graph")
    wanted = entry.canary.seed
    entry = _fix_interface(entry, folder / name)
    progress.begin(f"running {entry.id} once")
    started = time.monotonic()
    entry = entry.with_samples(_sampled(entry, folder / name))
    story: dict[str, Any] = {"optimised": "none", "seconds": round(time.monotonic() - started, 2)}
    entry = _telling(entry, folder / name, progress)
    samples = entry.canary.samples
    if entry.install and entry.install.optimise != "none":
        outcome = _optimise(entry, folder, name, samples, progress)
        story |= outcome
        if outcome["optimised"] != "none":
            names = (("graph", name),)
        if outcome["optimised"] == "int8":
            # What a device has to draw is what this graph draws: it is upstream's roughly only.
            samples = _sampled(_opened(entry), folder / name)
    dimensions: dict[str, int] = {}
    sizes: tuple[AtSize, ...] = ()
    if entry.sizes and story["optimised"] != "none":
        dimensions = dict.fromkeys(DIMENSIONS, entry.side)
        sizes = tuple(
            _try_at(entry.with_size(side), folder / name, progress) for side in entry.sizes
        )
    demands = demands_of(folder / name, dimensions)
    if demands is None and "wasm" not in entry.backends:
        reason = "what it demands of a GPU cannot be counted, and it is for GPUs alone"
        raise ModelRefused(entry.id, reason)
    if demands and not entry.with_demands(demands).backends:
        raise NotForBrowsers(entry.id, demands.memory_mib or 0, HEAP_MIB, demands.no_gpu)
    given, drawn, seed = entry.input.name, entry.output.name, entry.canary.seed
    other = None if seed == wanted else seed
    return Made(names, given, drawn, samples, story, demands, sizes, seed=other)


def _telling(first: Model, path: Path, progress: Progress) -> Model:
    """`first`, or the same with a canary in which the model sees something, where it sees nothing
    in that one: a GPU that draws nothing would pass it. Without any it is left to processors.
    Raises ModelRefused where they are not to run it."""
    if first.canary.tells:
        return first
    for seed in canary.SEEDS:
        other = replace(first, canary=replace(first.canary, seed=seed))
        other = other.with_samples(_sampled(other, path))
        if other.canary.tells:
            return other
    reason = (
        "it sees nothing in the test pictures, so a GPU that draws nothing would not be noticed"
    )
    left = first.where_noticed()
    if not left.backends:
        raise ModelRefused(first.id, f"{reason}, and it is for GPUs alone")
    if left.backends != first.backends:
        progress.say(f"{first.id} is offered to processors alone: {reason}")
    return left


def lay_out(entry: Model, parts: Sequence[Part], folder: Path) -> tuple[Model, Path]:
    """The parts in `folder` with the interface that Mattebox works with, to be tried: the entry
    under the graph's names, and the graph. Raises ModelRefused, OSError."""
    _place(entry, parts, folder, Silence())
    (name,) = (part.name for part in parts if part.role == "graph")
    return _fix_interface(entry, folder / name), folder / name


def _sampled(entry: Model, path: Path) -> Samples:
    return canary.samples(_draw(entry, path), entry.canary.grid)


def _opened(entry: Model) -> Model:
    """`entry` under the values of what its optimised graph leaves open, if that does."""
    return entry.with_size(entry.side) if entry.sizes else entry


def _try_at(entry: Model, path: Path, progress: Progress) -> AtSize:
    """Run the graph of several sizes at the one of `entry`."""
    progress.begin(f"running {entry.id} at {entry.side} x {entry.side}")
    return AtSize(entry.side, _sampled(entry, path), demands_of(path, entry.dimensions))


def demands_of(path: Path, dimensions: Mapping[str, int] | None = None) -> Demands | None:
    """What one run of the graph at `path` asks of a device; None where it cannot be counted."""
    try:
        return count.demands_of(path, dimensions)
    except ValueError:
        return None


def _place(entry: Entry, parts: Sequence[Part], folder: Path, progress: Progress) -> None:
    """Copy the parts, each graph made to look for its data under the names they now have."""
    progress.begin(f"copying {entry.id}", sum(part.path.stat().st_size for part in parts))
    done = 0
    for part in parts:
        target = folder / part.name
        shutil.copyfile(part.path, target)
        done += target.stat().st_size
        progress.reach(done)
        if part.role != "external-data" and part.name.endswith(_GRAPHS):
            mine = (other for other in parts if other.graph == part.name)
            moved = {str(other.location): other.name for other in mine}
            _relocate(entry, target, moved, {part.name for part in parts})


def _relocate(entry: Entry, path: Path, moved: dict[str, str], there: set[str]) -> None:
    model = interface.load(path)
    wanted = interface.interface_of(model).external
    missing = [moved.get(name, name) for name in wanted if moved.get(name, name) not in there]
    if missing:
        raise ModelRefused(entry.id, f"{path.name} needs {', '.join(missing)} beside it")
    if any(name in moved and moved[name] != name for name in wanted):
        interface.relocate(model, moved)
        path.write_bytes(model.SerializeToString())


def _fix_interface(entry: Model, path: Path) -> Model:
    """Leave one input and one output, of the catalog's shapes; the entry with their names."""
    model = interface.load(path)
    changed = planes.to_planes(model)
    found = interface.interface_of(model)
    given, drawn = interface.settle(entry, found)
    entry = replace(
        entry,
        input=replace(entry.input, name=given),
        output=replace(entry.output, name=drawn),
    )
    if not interface.is_plain(entry, found):
        graph.keep_interface(model.graph, entry)
        changed = True
    if changed:
        path.write_bytes(model.SerializeToString())
    return entry


def _draw(entry: Model, path: Path) -> canary.Matte:
    try:
        matte = canary.draw(path, entry)
    except _TROUBLE as error:
        raise ModelRefused(entry.id, f"ONNX Runtime does not run it: {error}") from error
    if matte.shape != entry.output.shape[2:]:
        wanted, found = list(entry.output.shape[2:]), list(matte.shape)
        raise ModelRefused(entry.id, f"the matte should be {wanted}, it is {found}")
    # The comparison is false for NaN as well.
    if not (matte.min() >= -_BEYOND and matte.max() <= 1 + _BEYOND):
        low, high = float(matte.min()), float(matte.max())
        raise ModelRefused(
            entry.id, f"the matte should be within 0..1, it is {low:.3f}..{high:.3f}: range logits?"
        )
    clipped: canary.Matte = matte.clip(0, 1)
    return clipped


def _optimise(
    entry: Model, folder: Path, name: str, samples: tuple[float, ...], progress: Progress
) -> dict[str, Any]:
    """Replace the graph by the optimised one, where that can be made and draws the same matte.

    Where halves move the matte too far the graph is rewritten all the same, its weights whole:
    browsers may not run it otherwise.
    """
    wanted = entry.install.optimise if entry.install else "none"
    outcome = _optimise_as(wanted, entry, folder, name, samples, progress)
    if outcome["optimised"] == "none" and wanted == "fp16":
        reason = outcome["reason"]
        outcome = _optimise_as("trim", entry, folder, name, samples, progress)
        if outcome["optimised"] != "none":
            progress.say(f"{entry.id} is installed with weights in full: in halves {reason}")
    if outcome["optimised"] == "none":
        progress.say(f"{entry.id} is installed as upstream has it: {outcome['reason']}")
    return outcome


def _optimise_as(
    wanted: str,
    entry: Model,
    folder: Path,
    name: str,
    samples: tuple[float, ...],
    progress: Progress,
) -> dict[str, Any]:
    """What came of it: "optimised" is `wanted`, or "none" for a "reason"."""
    progress.begin(f"optimising {entry.id}")
    path, before = folder / name, sum(file.stat().st_size for file in folder.iterdir())
    made = folder / f"optimised-{name}"
    try:
        found = quantize.calibration(entry.id) if wanted == "int8" else None
        halve = wanted in ("fp16", "int8")
        made.write_bytes(graph.optimize(path, entry, halve=halve, whole_numbers=found))
        progress.begin(f"comparing the mattes of {entry.id}")
        started = time.monotonic()
        matte = _draw(_opened(entry), made)
        seconds = round(time.monotonic() - started, 2)
    except _UNMADE as error:
        made.unlink(missing_ok=True)
        return _not_used(f"optimising failed: {error}")
    apart = canary.difference(canary.samples(matte, entry.canary.grid), samples)
    facts = {"parity": {"mean": round(apart.mean, 7), "max": round(apart.max, 7)}}
    limits = entry.canary
    if wanted == "int8":
        limits = replace(limits, tolerance_mean=_ROUGHLY.mean, tolerance_max=_ROUGHLY.max)
    if not apart.within(limits):
        made.unlink()
        reason = f"its matte differs by {apart.mean:.4f} on average, {apart.max:.4f} at most"
        return _not_used(reason) | facts
    for file in folder.iterdir():
        if file != made:
            file.unlink()
    made.replace(path)
    return facts | {"optimised": wanted, "seconds": seconds, "bytes_before": before}


def _not_used(reason: str) -> dict[str, Any]:
    return {"optimised": "none", "reason": reason.splitlines()[0][:300]}


def _check_each(entry: Entry, parts: Sequence[Part], folder: Path) -> dict[str, Any]:
    """Inputs and outputs of every graph of a pipeline, each loaded by ONNX Runtime."""
    told = {}
    for part in parts:
        if part.role == "external-data" or not part.name.endswith(_GRAPHS):
            continue
        path = folder / part.name
        try:
            native.session(path)
        except _TROUBLE as error:
            reason = f"ONNX Runtime does not load {part.name}: {error}"
            raise ModelRefused(entry.id, reason) from error
        found = interface.read(path)
        told[part.role] = {
            "inputs": [str(value) for value in found.inputs],
            "outputs": [str(value) for value in found.outputs],
        }
    return told
