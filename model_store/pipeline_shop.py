"""Makes what is installed of a pipeline: its graphs with the catalog's interface, each run once on
its canary and counted. Needs numpy, onnx and onnxruntime."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from model_store import count, interface, native, pipeline_interface
from model_store.demands import HEAP_MIB, Demands, together
from model_store.errors import ModelRefused, NotForBrowsers
from model_store.lockfile import OfGraph
from model_store.made import Made, Part
from model_store.pipeline import Graph, Pipeline
from model_store.pipeline_canary import RECIPES, Values, samples_of
from model_store.progress import Progress
from model_store.tasks import TASKS

_TROUBLE: tuple[type[Exception], ...] = (*native.REFUSALS, RuntimeError, ValueError, TypeError)


def make(entry: Pipeline, parts: Sequence[Part], folder: Path, progress: Progress) -> Made:
    """What lies in `folder`, made ready and tried. Raises ModelRefused, OSError."""
    given: dict[str, Values] = {}
    found = []
    seconds = 0.0
    for graph in entry.graphs:
        path = folder / next(part.name for part in parts if part.role == graph.role)
        model = interface.load(path)
        if pipeline_interface.keep(model, graph, entry.id):
            path.write_bytes(model.SerializeToString())
        progress.begin(f"running {graph.role} of {entry.id} once")
        started = time.monotonic()
        given[graph.role] = _run(entry, graph, path, given)
        seconds += time.monotonic() - started
        found.append(OfGraph(graph.role, samples_of(given[graph.role]), _demands(path, graph)))
    _refuse_what_fits_nowhere(entry, [one.demands for one in found])
    names = tuple((part.role, part.name) for part in parts)
    story = {"optimised": "none", "seconds": round(seconds, 2)}
    return Made(names, None, None, None, story, graphs=tuple(found))


def _run(entry: Pipeline, graph: Graph, path: Path, given: dict[str, Values]) -> Values:
    names = [tensor.name for tensor in graph.outputs]
    try:
        inputs = RECIPES[graph.check.recipe](entry, graph, given)
        made = native.session(path).run(names, inputs)
    except _TROUBLE as error:
        reason = f"ONNX Runtime does not run {path.name}: {error}"
        raise ModelRefused(entry.id, reason) from error
    return dict(zip(names, made, strict=True))


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
        raise NotForBrowsers(entry.id, whole.memory_mib or 0, HEAP_MIB, whole.no_gpu)
