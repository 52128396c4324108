"""Counts what one run of a graph asks of a device. Needs onnx and onnxruntime."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import onnx
from onnx import ModelProto, NodeProto, TensorProto

from model_store.demands import Demands
from model_store.folding import fold_shapes
from model_store.native import REFUSALS
from model_store.peak import alive_at_most, weights_of
from model_store.shapes import Value, values_of
from model_store.sizes import close_size
from model_store.threes import is_wrong_on_gpus

# What an operator's kernel is among its inputs. "Integer" products are multiplied like others.
_KERNEL = {"Conv": 1, "ConvInteger": 1, "QLinearConv": 3, "DeformConv": 1, "ConvTranspose": 1}
_FACTORS = {"MatMul": (0, 1), "MatMulInteger": (0, 1), "QLinearMatMul": (0, 3), "Gemm": (0, 1)}
_INTEGER = frozenset(
    {"ConvInteger", "MatMulInteger", "QLinearConv", "QLinearMatMul", "QuantizeLinear"}
)
# What GPUs compute in 32 bits only.
_ARITHMETIC = frozenset({"Add", "Sub", "Mul", "Div", "Clip"})
_UNFOLDED: tuple[type[Exception], ...] = (*REFUSALS, OSError)
# What a WebGPU device binds to one shader stage at least; beyond it the runtime splits a Concat.
_LEAST_BUFFERS = 8


def demands_of(path: Path, dimensions: Mapping[str, int] | None = None) -> Demands:
    """Of the graph at `path`, whose input shape is fixed, or is with the values `dimensions`.

    Weights are not read.

    Raises ValueError where the shapes of its values cannot be told without running it.
    """
    graph = onnx.load(path, load_external_data=False)
    close_size(graph.graph, dimensions or {})
    try:
        return count(graph)
    except ValueError:
        pass
    # Shapes that the graph computes become known when what the input decides is folded.
    try:
        folded = fold_shapes(graph, path.parent)
    except _UNFOLDED as error:
        raise ValueError(str(error)) from error
    return count(folded)


def count(graph: ModelProto) -> Demands:
    """As `demands_of`, for a graph whose shapes can all be inferred."""
    values = values_of(graph)
    nodes = graph.graph.node
    try:
        operations = sum(_operations(node, values) for node in nodes)
        made = [values[name] for node in nodes for name in node.output if name]
        weights, fixed = weights_of(graph.graph, values)
    except KeyError as error:
        raise ValueError(f"the shape of {error} cannot be told") from error
    return Demands(
        gflop=max(round(operations / 1e9, 6), 1e-6),  # none would be no time at all
        largest=max(value.bytes for value in values.values()),
        buffers=max(_buffers(node) for node in nodes),
        half=any(value.kind == TensorProto.FLOAT16 for value in made),
        integer=any(node.op_type in _INTEGER for node in nodes),
        weights=weights,
        alive=alive_at_most(graph.graph, values, fixed),
        no_gpu=tuple(
            sorted(
                {
                    node.op_type
                    for node in nodes
                    if not fixed.issuperset(node.output) and _is_for_processors(node, values)
                }
            )
        ),
    )


def costly(graph: ModelProto, gflop: float) -> tuple[str, ...]:
    """The names of the convolutions that take `gflop` thousand million operations or more."""
    values = values_of(graph)
    convolutions = (node for node in graph.graph.node if node.op_type == "Conv")
    return tuple(node.name for node in convolutions if _operations(node, values) >= gflop * 1e9)


def _operations(node: NodeProto, values: Mapping[str, Value]) -> int:
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
    if node.op_type == "MultiHeadAttention":
        # Each query with each key, and each of that with a value.
        asked, keys = (values[node.input[index]].shape for index in (0, 1))
        return 4 * math.prod(asked) * keys[1]
    return 0


def _is_for_processors(node: NodeProto, values: Mapping[str, Value]) -> bool:
    """Whether ONNX Runtime Web 1.30.0 has no GPU kernel for it, or none that is right."""
    if node.op_type in _ARITHMETIC:
        return bool(values[node.output[0]].kind == TensorProto.INT64)
    if node.op_type == "Conv":
        return is_wrong_on_gpus(node, values[node.input[1]].shape)
    return node.op_type == "DeformConv" or (node.op_type == "Sum" and len(node.input) > 2)


def _buffers(node: NodeProto) -> int:
    count = sum(1 for name in (*node.input, *node.output) if name)
    return min(count, _LEAST_BUFFERS) if node.op_type == "Concat" else count
