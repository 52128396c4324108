"""Rewrites a graph of a pipeline into one that gives the same in fewer multiplications. Needs
numpy, onnx and onnxruntime."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from model_store import attention, native, pipeline_interface
from model_store.errors import ModelRefused
from model_store.folding import fold
from model_store.pipeline_canary import Values

# Of the largest number of an output. Another order of the same sums moves it by 1e-6.
_SAME = 1e-4
_UNMADE: tuple[type[Exception], ...] = (
    *native.REFUSALS,
    ModelRefused,
    RuntimeError,
    ValueError,
    TypeError,
    onnx.checker.ValidationError,
)


def trim(
    path: Path, beside: Sequence[Path], before: Values, run: Callable[[Path], Values]
) -> dict[str, Any]:
    """Write the graph at `path` again, its weights inside of it, if that can be done and it gives
    what it gave `before`; what there is to tell of it, nothing where nothing can be gained.

    `beside`: files of weights, which go with it. `run`: gives a graph's outputs for its canary.
    """
    made = path.with_name(f"optimised-{path.name}")
    try:
        folded = fold(onnx.load(path))
        count = attention.absorb(folded)
        if not count:
            return {}
        pipeline_interface.prune(folded.graph, set(before))
        onnx.checker.check_model(folded, full_check=True)
        made.write_bytes(folded.SerializeToString())
        apart = _difference(run(made), before)
    except _UNMADE as error:
        made.unlink(missing_ok=True)
        return {"reason": str(error).splitlines()[0][:300]}
    # The comparison is false for NaN as well.
    if not apart <= _SAME:
        made.unlink()
        return {"reason": f"what it gives differs by {apart:.1e} of the largest"}
    for file in beside:
        file.unlink(missing_ok=True)
    made.replace(path)
    return {"attentions": count, "difference": apart}


def _difference(one: Values, other: Values) -> float:
    """The largest difference, as a part of the largest number of its output."""
    return max(
        float(np.abs(one[name] - values).max() / max(float(np.abs(values).max()), 1e-6))
        for name, values in other.items()
    )
