"""Makes what is installed of a pipeline: its graphs with the catalog's interface, each run once on
its canary and counted. Needs numpy, onnx and onnxruntime."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import onnx

from model_store import count, interface, native, pipeline_interface, pipeline_trim
from model_store.chance import without_chance
from model_store.demands import HEAP_MIB, Demands, together
from model_store.errors import ModelRefused, NotForBrowsers
from model_store.lockfile import OfGraph
from model_store.made import Made, Part
from model_store.pipeline import Graph, Pipeline
from model_store.pipeline_canary import RECIPES, Values, samples_of
from model_store.progress import Progress
from model_store.tasks import TASKS

_LARGE = 64 << 20
"""Bytes of a graph whose weights are better beside it."""
_TROUBLE: tuple[type[Exception], ...] = (*native.REFUSALS, RuntimeError, ValueError, TypeError)


def make(entry: Pipeline, parts: Sequence[Part], folder: Path, progress: Progress) -> Made:
    """What lies in `folder`, made ready and tried. Raises ModelRefused, OSError."""
    given: dict[str, Values] = {}
    found = []
    seconds = 0.0
    trimmed: dict[str, Any] = {}
    apart: tuple[tuple[str, str], ...] = ()
    for graph in entry.graphs:
        path = folder / next(part.name for part in parts if part.role == graph.role)
        model = interface.load(path)
        is_other = without_chance(model)
        needs_gpu = "wasm" not in entry.backends
        if pipeline_interface.keep(model, graph, entry.id, needs_gpu=needs_gpu) or is_other:
            path.write_bytes(model.SerializeToString())
        progress.begin(f"running {graph.role} of {entry.id} once")
        started = time.monotonic()
        given[graph.role] = _run(entry, graph, path, given)
        seconds += time.monotonic() - started
        if entry.install and entry.install.optimise == "trim":
            progress.begin(f"optimising {graph.role} of {entry.id}")
            beside = [folder / one.name for one in parts if one.name.startswith(path.name)]
            run = partial(_run, entry, graph, given=given)
            if told := pipeline_trim.trim(path, beside, given[graph.role], run):
                trimmed[graph.role] = told
        found.append(OfGraph(graph.role, samples_of(given[graph.role]), _demands(path, graph)))
        apart += _laid_apart(path, progress)
    _refuse_what_fits_nowhere(entry, [one.demands for one in found])
    left = [part for part in parts if (folder / part.name).exists()]
    names = tuple((part.role, part.name) for part in left) + apart
    optimised = "trim" if any("attentions" in told for told in trimmed.values()) else "none"
    story = {"optimised": optimised, "seconds": round(seconds, 2), "trimmed": trimmed}
    return Made(names, None, None, None, story, graphs=tuple(found))


def _run(entry: Pipeline, graph: Graph, path: Path, given: Mapping[str, Values]) -> Values:
    names = [tensor.name for tensor in graph.outputs]
    try:
        inputs = RECIPES[graph.check.recipe](entry, graph, given)
        session = native.session(path)
        made = session.run(names, inputs)
    except _TROUBLE as error:
        reason = f"ONNX Runtime does not run {path.name}: {error}"
        raise ModelRefused(entry.id, reason) from error
    for tensor, seen in zip(graph.outputs, session.get_outputs(), strict=True):
        # What follows from the inputs is told instead of a name, and devices compare it.
        if list(tensor.shape) != list(seen.shape):
            reason = f"{graph.role}: {tensor.name!r} is {seen.shape}, not {list(tensor.shape)}"
            raise ModelRefused(entry.id, reason)
    return dict(zip(names, made, strict=True))


def _laid_apart(path: Path, progress: Progress) -> tuple[tuple[str, str], ...]:
    """Put the weights of a large graph beside it; role and name of the new file, if there is one.

    Otherwise a browser's runtime holds the whole file in its heap while it makes a session of it.
    """
    if path.stat().st_size < _LARGE:
        return ()
    progress.begin(f"laying the weights of {path.name} beside it")
    model = onnx.load(path)
    name = f"{path.name}.data"
    path.unlink()
    onnx.save_model(model, path, save_as_external_data=True, location=name)
    return (("external-data", name),)


def _demands(path: Path, graph: Graph) -> Demands | None:
    try:
        return count.demands_of(path, graph.most)
    except ValueError:
        return None


def _refuse_what_fits_nowhere(entry: Pipeline, found: Sequence[Demands | None]) -> None:
    counted = [one for one in found if one]
    if len(counted) < len(found):
        if "wasm" not in entry.backends:
            reason = "what it demands of a GPU cannot be counted, and it is for GPUs alone"
            raise ModelRefused(entry.id, reason)
        return
    whole = together(counted, at_once=TASKS[entry.task].is_at_once)
    if not entry.with_demands(found).backends:
        raise NotForBrowsers(entry.id, whole.heap_mib or 0, HEAP_MIB, whole.no_gpu)
