"""A catalog entry as /catalog.json shows it: plain JSON values, without `sources`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from model_store.entry import Canary, Fusion, ModelFile, Part, Requirements
from model_store.offers import Offer

UNCOUNTED_GFLOP = 1000.0
"""What is published where nobody has counted: more than any model known here needs but BiRefNet's,
since devices are given too much time rather than too little."""


def public_entry(model: Offer) -> dict[str, Any]:
    """What is public of `model`, before the server adds to each file where it is served.

    A model that nobody has counted is offered to processors only, with a guess: on which GPU it
    would fit, and whether that one were faster, could not be told.
    """
    return {
        "id": model.id,
        "title": model.title,
        "summary": model.summary,
        "tier": model.tier,
        "task": model.task,
        "licence": model.licence,
        "origin": model.origin,
        "files": _files(model.files),
        "bytes": model.bytes,
        "parts": [_part(part) for part in model.parts],
        "fusion": _fusion(model.fusion),
        "requirements": _requirements(model.requirements),
        "backends": ["wasm"] if model.gflop is None else list(model.backends),
        "gflop": model.gflop or UNCOUNTED_GFLOP,
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
