"""The canaries of models that make pictures from words. Needs numpy.

The client repeats them (tasks/generate.js).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_store.noise import integers, noise
from model_store.pipeline import Graph, Pipeline

_KINDS = {"float32": np.float32, "float16": np.float16, "int32": np.int32, "int64": np.int64}


def noised(entry: Pipeline, graph: Graph, _given: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """ "noise-v1": any ids; latents of the seed, words of the next one, the entry's time step."""
    rules, seed = entry.rules, graph.check.seed
    words, length = rules["tokenizer"]["vocabulary"], rules["tokenizer"]["length"]
    inputs: dict[str, NDArray[Any]] = {}
    for tensor in graph.inputs:
        shape = tensor.at(graph.most)
        if tensor.use == "ids":
            values: Any = [word % words for word in islice(integers(seed), length)]
        elif tensor.use == "timestep":
            values = [rules["scheduler"]["timestep"]]
        else:
            values = np.array(noise(seed + (tensor.use == "words"), math.prod(shape)), np.float32)
        inputs[tensor.name] = np.asarray(values).astype(_KINDS[tensor.dtype]).reshape(shape)
    return inputs
