"""Finds the ranges that a graph of 8-bit whole numbers needs, on photographs.

python -m model_store.calibrate isnet 768 PHOTO... > model_store/ranges/isnet-small.json
python -m model_store.calibrate u2netp 320 --least 0.9 PHOTO... > .../ranges/u2netp-light.json

runs the installed model on each photograph, whole and its middle two thirds. Of what the costliest
convolutions read and make, it writes the range that loses least when it is stored in 255 steps:
one of 26 parts of the whole range, by the mean squared error over samples. Convolutions whose sums
cancel are left in floats: rounding one of U-2-Net-p's moves half of its mattes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper
from PIL import Image, ImageOps

from model_store import canary, catalog, count, native
from model_store.entry import Model
from model_store.graph import cancelling
from model_store.quantize import result_of
from model_store.sizes import close_size

# The 79 convolutions of IS-Net that cost less have a tenth of its work together.
_LEAST_GFLOP = 1.3  # thousand million operations
_SAMPLES = 4000
_LARGEST_SIDE = 2048

Values = NDArray[np.float32]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the ranges to standard output."""
    parser = argparse.ArgumentParser(description="Find ranges for whole numbers.")
    parser.add_argument("model")
    parser.add_argument("side", type=int)
    parser.add_argument("--least", type=float, default=_LEAST_GFLOP, help="GFLOP of a costly one")
    parser.add_argument("photographs", type=Path, nargs="+")
    given = parser.parse_args(arguments)
    models = {model.id: model for model in catalog.load().models}
    model = models[given.model].at(given.side)
    if model is None:
        parser.error(f"{given.model} is not installed for {given.side}")
    graph = onnx.load(model.files[0].path)
    close_size(graph.graph, model.dimensions)
    costly, kept = count.costly(graph, given.least), cancelling(graph.graph)
    nodes = list(graph.graph.node)
    chosen = [node for node in nodes if node.name in costly and node.input[1] not in kept]
    found = _ranges(graph, model, [*_views(given.photographs)])
    tensors = [name for node in chosen for name in (node.input[0], result_of(node, nodes))]
    content = {
        "photographs": [path.name for path in given.photographs],
        "convolutions": [node.name for node in chosen],
        "ranges": {name: found[name] for name in tensors},
    }
    text = json.dumps(content, indent=1)
    sys.stdout.write(re.sub(r"\[\s+(-?[\d.e+-]+),\s+(-?[\d.e+-]+)\s+\]", r"[\1, \2]", text) + "\n")
    return 0


def _views(paths: Sequence[Path]) -> Iterator[Image.Image]:
    for path in paths:
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
        image.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE))
        yield image
        width, height = image.size
        yield image.crop((width // 6, height // 6, width * 5 // 6, height * 5 // 6))


def _ranges(
    graph: ModelProto, model: Model, views: Sequence[Image.Image]
) -> dict[str, list[float]]:
    """The range of every tensor that the graph reads or makes."""
    session = _telling_all(graph)
    names = [value.name for value in session.get_outputs()]
    bounds: dict[str, list[float]] = {}
    samples: dict[str, list[Values]] = {}
    rng = np.random.default_rng(0)
    for view in views:
        size = (model.side, model.side)
        pixels = np.asarray(view.resize(size, Image.Resampling.LANCZOS))
        tensor = canary.tensor_of(pixels, model.input)
        values = [*session.run(None, {model.input.name: tensor}), tensor]
        for name, value in zip([*names, model.input.name], values, strict=True):
            flat = value.ravel()
            low, high = bounds.get(name, [0.0, 0.0])
            bounds[name] = [min(low, float(flat.min())), max(high, float(flat.max()))]
            samples.setdefault(name, []).append(flat[rng.integers(0, flat.size, _SAMPLES)])
    return {
        name: _least_lossy(np.concatenate(samples[name]), *bound) for name, bound in bounds.items()
    }


def _telling_all(graph: ModelProto) -> native.Session:
    """A session that gives what every node makes of numbers."""
    known = {value.name for value in graph.graph.output}
    constant = {tensor.name for tensor in graph.graph.initializer}
    for node in graph.graph.node:
        if node.op_type == "Cast" and node.input[0] in constant:
            continue
        for name in node.output:
            if name not in known:
                value = helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
                graph.graph.output.append(value)
    return native.session(graph.SerializeToString(), optimise=False)


def _least_lossy(values: Values, low: float, high: float) -> list[float]:
    """Part of low..high, which holds 0, to six digits."""
    errors = []
    for part in np.linspace(0.25, 1, 26):
        least, most = low * part, high * part
        step = (most - least) / 255 or 1e-9
        zero = np.round(-least / step)
        stored = (np.clip(np.round(values / step) + zero, 0, 255) - zero) * step
        errors.append((float(np.mean((stored - values) ** 2)), least, most))
    _, least, most = min(errors)
    return [float(f"{least:.6g}"), float(f"{most:.6g}")]


if __name__ == "__main__":
    sys.exit(main())
