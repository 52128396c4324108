"""A catalog entry as /catalog.json shows it: plain JSON values, without `sources`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from model_store.entry import Canary, Fusion, ModelFile, Part
from model_store.offers import Offer
from model_store.pipeline import Check, Graph, Pipeline, Tensor
from model_store.requirements import Requirements

UNCOUNTED_GFLOP = 1000.0
"""What is published where nobody has counted: more than any model known here needs but BiRefNet's,
since devices are given too much time rather than too little."""


def public_entry(model: Offer) -> dict[str, Any]:
    """What is public of `model`, before the server adds to each file where it is served.

    A model that nobody has counted is offered to processors only, with a guess: on which GPU it
    would fit, and whether that one were faster, could not be told.
    """
    return _facts(model) | {
        "gflop_int8": model.gflop_int8,
        "parts": [_part(part) for part in model.parts],
        "fusion": _fusion(model.fusion),
    }


def public_pipeline(pipeline: Pipeline) -> dict[str, Any]:
    """The same of a model that does something else: `parts` are its graphs, `rules` its task's."""
    return _facts(pipeline) | {
        "parts": [_graph(pipeline, graph) for graph in pipeline.graphs],
        "rules": dict(pipeline.rules),
    }


def _facts(entry: Offer | Pipeline) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "summary": entry.summary,
        "tier": entry.tier,
        "task": entry.task,
        "licence": entry.licence,
        "origin": entry.origin,
        "files": _files(entry.files),
        "bytes": entry.bytes,
        "requirements": _requirements(entry.requirements),
        "backends": ["wasm"] if entry.gflop is None else list(entry.backends),
        "gflop": entry.gflop or UNCOUNTED_GFLOP,
    }


def _graph(pipeline: Pipeline, graph: Graph) -> dict[str, Any]:
    """A graph as a part: what it is made of are the file "graph" and its external data."""
    own, *weights = _files(pipeline.files_of(graph))
    requirements, gflop = pipeline.needs_of(graph)
    return {
        "model": f"{pipeline.id}/{graph.role}",
        "role": graph.role,
        "files": [own | {"role": "graph"}, *weights],
        "dimensions": {},
        "inputs": [_tensor(one) for one in graph.inputs],
        "outputs": [_tensor(one) for one in graph.outputs],
        "canary": _check(graph.check),
        "requirements": _requirements(requirements),
        "heap_mib": graph.demands.heap_mib if graph.demands else None,
        "gflop": gflop or UNCOUNTED_GFLOP,
    }


def _tensor(tensor: Tensor) -> dict[str, Any]:
    picture = tensor.picture
    rules = {"mean": list(picture.mean), "std": list(picture.std)} if picture else {}
    return {
        "name": tensor.name,
        "use": tensor.use,
        "dtype": tensor.dtype,
        "shape": list(tensor.shape),
        **({"picture": vars(picture) | rules} if picture else {}),
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "recipe": check.recipe,
        "seed": check.seed,
        "samples": {name: list(values) for name, values in check.samples.items()},
        "tolerance": {"mean": check.tolerance_mean, "max": check.tolerance_max},
    }


def _part(part: Part) -> dict[str, Any]:
    """One graph and how it is run. `dimensions`: values for what its graph leaves open.

    `inputs` and `outputs` are all that the graph takes and gives, in its order; a device compares
    names, types and shapes with what the graph says.
    """
    model = part.model
    given, wanted = model.input, model.output
    return {
        "model": model.id,
        "title": model.title,
        "role": part.role,
        "files": _files(model.files),
        "dimensions": dict(model.dimensions),
        "inputs": [
            vars(given)
            | {"shape": list(given.shape), "mean": list(given.mean), "std": list(given.std)}
        ],
        "outputs": [vars(wanted) | {"shape": list(wanted.shape)}],
        "canary": _canary(model.canary),
    }


def _files(files: Sequence[ModelFile]) -> list[dict[str, Any]]:
    return [file.as_public() for file in files]


def _fusion(fusion: Fusion | None) -> dict[str, Any] | None:
    return {"rule": fusion.rule, "threshold": fusion.threshold} if fusion else None


def _requirements(needs: Requirements) -> dict[str, Any]:
    return {
        "memory_mib": needs.memory_mib,
        "webgpu": {
            "features": list(needs.webgpu_features),
            "limits": dict(needs.webgpu_limits),
        },
    }


def _canary(canary: Canary) -> dict[str, Any]:
    return {
        "recipe": canary.recipe,
        "seed": canary.seed,
        "grid": canary.grid,
        "samples": list(canary.samples),
        "tolerance": {"mean": canary.tolerance_mean, "max": canary.tolerance_max},
    }
