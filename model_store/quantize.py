"""Has the costliest convolutions of a graph computed in 8-bit whole numbers. Needs onnx.

The rest stays in floating point: what costs little time would lose accuracy for nothing. Inputs and
results are whole numbers 0..255 of a range that was found on photographs (`ranges/`), weights are
-127..127 of each channel's own largest (QDQ form, as ONNX Runtime recognises it; scheme: Jacob et
al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
Inference"). Scales do not depend on the size of the picture, so a graph of open size stays one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper, version_converter

FOLDER = Path(__file__).resolve().parent / "ranges"
_STEPS = 255
_LARGEST = 127
_PER_CHANNEL = 13  # the opset since which weights may be whole numbers of a step for each channel


@dataclass(frozen=True)
class Calibration:
    """`convolutions`: names of nodes. `ranges`: of each tensor that they read or make, by name."""

    convolutions: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]]


def calibration(name: str) -> Calibration:
    """What was found for the model `name`. Raises OSError where nothing was."""
    found = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    ranges = {tensor: (float(low), float(high)) for tensor, (low, high) in found["ranges"].items()}
    return Calibration(tuple(found["convolutions"]), ranges)


def quantize(model: ModelProto, found: Calibration) -> None:
    """Put the convolutions of `found` between conversions, in place.

    Raises ValueError for a convolution or a range that the graph or `found` does not have.
    """
    if next(opset.version for opset in model.opset_import if not opset.domain) < _PER_CHANNEL:
        model.CopyFrom(version_converter.convert_version(model, _PER_CHANNEL))
    graph = model.graph
    wanted = dict.fromkeys(found.convolutions)
    missing = [name for name in wanted if name not in {node.name for node in graph.node}]
    if missing:
        raise ValueError(f"no convolution {', '.join(missing)}")
    _Quantizer(graph, found).work()


class _Quantizer:
    def __init__(self, graph: GraphProto, found: Calibration) -> None:
        self._graph = graph
        self._found = found
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self._stored: set[str] = set()

    def work(self) -> None:
        wanted = set(self._found.convolutions)
        nodes = list(self._graph.node)
        for node in [node for node in nodes if node.name in wanted]:
            self._inputs(node)
        for node in [node for node in nodes if node.name in wanted]:
            self._result(_after(node, nodes), nodes)

    def _inputs(self, node: NodeProto) -> None:
        given, kernel, *rest = node.input
        step, _ = _scale(self._range(given))
        weights = numpy_helper.to_array(self._constants[kernel]).astype(np.float32)
        largest = np.abs(weights).reshape(len(weights), -1).max(axis=1)
        steps = (np.maximum(largest, np.float32(1e-12)) / _LARGEST).astype(np.float32)
        whole = np.clip(np.rint(weights / steps.reshape(-1, 1, 1, 1)), -_LARGEST, _LARGEST)
        node.input[0] = self._read(given, node.name)
        node.input[1] = self._constant(kernel, whole.astype(np.int8), steps)
        if rest:
            bias = numpy_helper.to_array(self._constants[rest[0]]).astype(np.float32)
            sums = steps * step
            node.input[2] = self._constant(rest[0], np.rint(bias / sums).astype(np.int32), sums)

    def _result(self, node: NodeProto, nodes: list[NodeProto]) -> None:
        """Store what `node` makes as whole numbers, and give them back to whoever reads it."""
        name = node.output[0]
        self._store(name)
        back = f"{name}.back"
        for reader in nodes:
            for index, given in enumerate(reader.input):
                if given == name:
                    reader.input[index] = back
        self._dequantize(f"{name}.whole", *self._scales(name), back)

    def _read(self, tensor: str, reader: str) -> str:
        self._store(tensor)
        self._dequantize(f"{tensor}.whole", *self._scales(tensor), f"{reader}.given")
        return f"{reader}.given"

    def _store(self, tensor: str) -> None:
        if tensor not in self._stored:
            self._stored.add(tensor)
            inputs = [tensor, *self._scales(tensor)]
            node = helper.make_node("QuantizeLinear", inputs, [f"{tensor}.whole"])
            node.name = f"{tensor}.quantize"
            self._graph.node.append(node)

    def _scales(self, tensor: str) -> tuple[str, str]:
        step, zero = _scale(self._range(tensor))
        names = f"{tensor}.step", f"{tensor}.zero"
        for name, value in zip(names, (np.float32(step), np.uint8(zero)), strict=True):
            if name not in self._constants:
                self._keep(name, np.asarray(value))
        return names

    def _constant(self, name: str, whole: NDArray[np.generic], steps: NDArray[np.float32]) -> str:
        parts = f"{name}.int", f"{name}.steps", f"{name}.zeros"
        for part, value in zip(
            parts, (whole, steps, np.zeros_like(steps, whole.dtype)), strict=True
        ):
            self._keep(part, value)
        self._dequantize(*parts, f"{name}.back", axis=0)
        return f"{name}.back"

    def _dequantize(self, whole: str, step: str, zero: str, made: str, **more: int) -> None:
        node = helper.make_node("DequantizeLinear", [whole, step, zero], [made], name=made, **more)
        self._graph.node.append(node)

    def _keep(self, name: str, value: NDArray[np.generic]) -> None:
        tensor = numpy_helper.from_array(value, name)
        self._graph.initializer.append(tensor)
        self._constants[name] = tensor

    def _range(self, tensor: str) -> tuple[float, float]:
        if tensor not in self._found.ranges:
            raise ValueError(f"no range of {tensor}")
        return self._found.ranges[tensor]


def result_of(node: NodeProto, nodes: list[NodeProto]) -> str:
    """The name of what is stored of the convolution `node`."""
    return str(_after(node, nodes).output[0])


def _after(node: NodeProto, nodes: list[NodeProto]) -> NodeProto:
    """The Relu that alone reads the result of `node`, with which it is one, or `node` itself."""
    readers = [other for other in nodes if node.output[0] in other.input]
    return readers[0] if [reader.op_type for reader in readers] == ["Relu"] else node


def _scale(bounds: tuple[float, float]) -> tuple[np.float32, int]:
    """The step of 0..255 over `bounds`, which hold 0, and the number that means 0."""
    low, high = min(bounds[0], 0.0), max(bounds[1], 0.0)
    step = np.float32(max(high - low, 1e-6) / _STEPS)
    return step, int(np.clip(np.rint(-low / step), 0, _STEPS))
