"""The canaries of pipelines: what each graph is given, and which of its numbers are compared.

The client repeats the recipes (client/tasks/), so what they make is made of whole numbers, and of
what the graphs before have given for theirs. Needs numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_store import generate_canary
from model_store.canary import blocks_image
from model_store.pipeline import Graph, Picture, Pipeline, Samples

Array = NDArray[Any]
Values = Mapping[str, Array]
Given = Mapping[str, Values]
"""What the graphs before have given for their canaries, by role, then by name."""

Recipe = Callable[[Pipeline, Graph, Given], dict[str, Array]]
"""The inputs of a graph by name."""

MOST = 64
"""Values compared of each output."""


_STRIDE, _MODULUS = 0x9E3779B1, 2**32  # Knuth's multiplicative hash: near to no row or column


def samples_of(outputs: Values) -> Samples:
    """Scattered values of each output, by its name, as many as it has at most."""
    found = {}
    for name, values in outputs.items():
        flat = values.reshape(-1)
        count = min(MOST, flat.size)
        at = [(index + 1) * _STRIDE % _MODULUS % flat.size for index in range(count)]
        found[name] = tuple(round(float(value), 6) for value in flat[at])
    return found


def picture_tensor(image: NDArray[np.uint8], rules: Picture) -> NDArray[np.float32]:
    """An image that has the model's size already as "NCHW", or as "HWC"."""
    mean, std = np.array(rules.mean, np.float32), np.array(rules.std, np.float32)
    pixels = (image.astype(np.float32) / np.float32(rules.scale) - mean) / std
    if rules.layout == "HWC":
        return np.ascontiguousarray(pixels, np.float32)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], np.float32)


def _blocks(_entry: Pipeline, graph: Graph, _given: Given) -> dict[str, Array]:
    """ "blocks-v1": the picture that matting is tried on, as large as the graph takes one."""
    inputs: dict[str, Array] = {}
    for tensor in graph.inputs:
        if tensor.picture:
            shape = tensor.at(graph.most)
            height, width = shape[2:] if tensor.picture.layout == "NCHW" else shape[:2]
            image = blocks_image(height, width, graph.check.seed)
            inputs[tensor.name] = picture_tensor(image, tensor.picture)
    return inputs


def _click(entry: Pipeline, graph: Graph, given: Given) -> dict[str, Array]:
    """ "click-v1": one point in the middle of what the encoder saw for its canary."""
    middle = entry.rules["side"] // 2
    count = 2 if entry.rules["pad"] else 1
    kinds = {"float32": np.float32, "int64": np.int64, "int32": np.int32}
    seen = iter(given["encoder"].values())
    sizes = dict.fromkeys(graph.most, count)
    inputs: dict[str, Array] = {}
    for tensor in graph.inputs:
        if tensor.use == "embedding":
            inputs[tensor.name] = next(seen)
            continue
        value = np.zeros(tensor.at(sizes), kinds[tensor.dtype])
        if tensor.use == "points":
            value[..., 0, :] = middle
        elif tensor.use == "labels":
            value[..., :] = -1
            value[..., 0] = 1
        inputs[tensor.name] = value
    return inputs


RECIPES: Mapping[str, Recipe] = {
    "blocks-v1": _blocks,
    "click-v1": _click,
    "noise-v1": generate_canary.noised,
}
