"""Counts what one run of a graph asks of a device. Needs onnx and onnxruntime."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper

from model_store.demands import Demands
from model_store.graph import fold
from model_store.native import REFUSALS
from model_store.sizes import close_size

# What an operator's kernel is among its inputs. "Integer" products are multiplied like others.
_KERNEL = {"Conv": 1, "ConvInteger": 1, "QLinearConv": 3, "DeformConv": 1, "ConvTranspose": 1}
_FACTORS = {"MatMul": (0, 1), "MatMulInteger": (0, 1), "QLinearMatMul": (0, 3), "Gemm": (0, 1)}
_INTEGER = frozenset(
    {"ConvInteger", "MatMulInteger", "QLinearConv", "QLinearMatMul", "QuantizeLinear"}
)
# Constants of more numbers are weights, and decide no shape.
_SMALL = 4096
# What a WebGPU device binds to one shader stage at least; beyond it the runtime splits a Concat.
_LEAST_BUFFERS = 8


@dataclass(frozen=True)
class _Value:
    kind: int  # of TensorProto.DataType
    shape: tuple[int, ...]

    @property
    def bytes(self) -> int:
        item: int = helper.tensor_dtype_to_np_dtype(self.kind).itemsize
        return math.prod(self.shape) * item


def demands_of(path: Path, dimensions: Mapping[str, int] | None = None) -> Demands:
    """Of the graph at `path`, whose input shape is fixed, or is with the values `dimensions`.

    External data is not read.

    Raises ValueError where the shapes of its values cannot be told without running it.
    """
    graph = onnx.load(path, load_external_data=False)
    close_size(graph.graph, dimensions or {})
    try:
        return count(graph)
    except ValueError:
        # Shapes that the graph computes become known when what the input decides is folded; only
        # a graph that is whole can be.
        if any(tensor.external_data for tensor in graph.graph.initializer):
            raise
    try:
        folded = fold(graph)
    except REFUSALS as error:
        raise ValueError(str(error)) from error
    return count(folded)


def count(graph: ModelProto) -> Demands:
    """As `demands_of`, for a graph whose shapes can all be inferred."""
    values = _values(graph)
    nodes = graph.graph.node
    try:
        operations = sum(_operations(node, values) for node in nodes)
        made = [values[name] for node in nodes for name in node.output if name]
    except KeyError as error:
        raise ValueError(f"the shape of {error} cannot be told") from error
    return Demands(
        gflop=max(round(operations / 1e9, 6), 1e-6),  # none would be no time at all
        largest=max(value.bytes for value in values.values()),
        buffers=max(_buffers(node) for node in nodes),
        half=any(value.kind == TensorProto.FLOAT16 for value in made),
        integer=any(node.op_type in _INTEGER for node in nodes),
    )


def costly(graph: ModelProto, gflop: float) -> tuple[str, ...]:
    """The names of the convolutions that take `gflop` thousand million operations or more."""
    values = _values(graph)
    convolutions = (node for node in graph.graph.node if node.op_type == "Conv")
    return tuple(node.name for node in convolutions if _operations(node, values) >= gflop * 1e9)


def _values(graph: ModelProto) -> Mapping[str, _Value]:
    """Every value whose type and shape are known, by name."""
    light = _without_weights(graph)
    try:
        inferred = onnx.shape_inference.infer_shapes(light, strict_mode=True, data_prop=True).graph
    except onnx.shape_inference.InferenceError as error:
        raise ValueError(str(error)) from error
    found = {
        tensor.name: _Value(tensor.data_type, tuple(tensor.dims)) for tensor in inferred.initializer
    }
    for info in (*inferred.input, *inferred.value_info, *inferred.output):
        kind = info.type.tensor_type
        sizes = [dim.dim_value for dim in kind.shape.dim if dim.HasField("dim_value")]
        if kind.elem_type and kind.HasField("shape") and len(sizes) == len(kind.shape.dim):
            found[info.name] = _Value(kind.elem_type, tuple(sizes))
    return found


def _without_weights(graph: ModelProto) -> ModelProto:
    """A copy whose large constants have type and shape only: inference copies all it is given, four
    times over."""
    light = ModelProto(ir_version=graph.ir_version, opset_import=graph.opset_import)
    light.functions.extend(graph.functions)
    whole, copy = graph.graph, light.graph
    copy.name = whole.name
    copy.node.extend(whole.node)
    for field in ("input", "output", "value_info"):
        getattr(copy, field).extend(getattr(whole, field))
    for tensor in whole.initializer:
        if math.prod(tensor.dims) <= _SMALL:
            copy.initializer.append(tensor)
        else:
            told = TensorProto(name=tensor.name, data_type=tensor.data_type, dims=tensor.dims)
            told.data_location = TensorProto.EXTERNAL
            told.external_data.add(key="location", value="elsewhere")
            copy.initializer.append(told)
    return light


def _operations(node: NodeProto, values: Mapping[str, _Value]) -> int:
    """Multiplications and additions, of products only: the rest is a hundredth of it."""
    if node.op_type in _KERNEL:
        kernel = values[node.input[_KERNEL[node.op_type]]].shape
        # Each element of the transposed one's input, of the other's output, meets a whole kernel.
        swept = node.input[0] if node.op_type == "ConvTranspose" else node.output[0]
        return 2 * math.prod(values[swept].shape) * math.prod(kernel[1:])
    if node.op_type in _FACTORS:
        left, right = (values[node.input[index]].shape for index in _FACTORS[node.op_type])
        turned = node.op_type == "Gemm" and any(a.name == "transA" and a.i for a in node.attribute)
        inner = left[0] if turned or len(left) == 1 else left[-1]
        return 2 * math.prod(values[node.output[0]].shape) * inner if right else 0
    return 0


def _buffers(node: NodeProto) -> int:
    count = sum(1 for name in (*node.input, *node.output) if name)
    return min(count, _LEAST_BUFFERS) if node.op_type == "Concat" else count
