"""Types and shapes of the values between the nodes of a graph, weights left aside. Needs onnx."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper

CONTRIBUTED = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""
# What they give is like what they are given first.
_AS_FIRST_INPUT = frozenset({"MultiHeadAttention", "Gelu", "FastGelu", "QuickGelu", "BiasGelu"})
SMALL = 4096
"""Constants of more numbers are weights, and decide no shape."""


@dataclass(frozen=True)
class Value:
    """`kind`: of TensorProto.DataType."""

    kind: int
    shape: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        item: int = helper.tensor_dtype_to_np_dtype(self.kind).itemsize
        return math.prod(self.shape) * item


def values_of(graph: ModelProto) -> Mapping[str, Value]:
    """Every value whose type and shape are known, by name.

    Raises ValueError where nodes and shapes contradict each other.
    """
    light = _without_weights(graph)
    try:
        inferred = onnx.shape_inference.infer_shapes(light, strict_mode=True, data_prop=True).graph
    except onnx.shape_inference.InferenceError as error:
        raise ValueError(str(error)) from error
    found = {
        tensor.name: Value(tensor.data_type, tuple(tensor.dims)) for tensor in inferred.initializer
    }
    for info in (*inferred.input, *inferred.value_info, *inferred.output):
        kind = info.type.tensor_type
        sizes = [dim.dim_value for dim in kind.shape.dim if dim.HasField("dim_value")]
        if kind.elem_type and kind.HasField("shape") and len(sizes) == len(kind.shape.dim):
            found[info.name] = Value(kind.elem_type, tuple(sizes))
    return found


def _inferable(node: NodeProto) -> NodeProto:
    """`node`, or what has the same type and shape where only ONNX Runtime knows the operator."""
    if node.domain != CONTRIBUTED or node.op_type not in _AS_FIRST_INPUT:
        return node
    return helper.make_node("Identity", [node.input[0]], [node.output[0]], name=node.name)


def _without_weights(graph: ModelProto) -> ModelProto:
    """A copy whose large constants have type and shape only: inference copies all it is given, four
    times over."""
    light = ModelProto(ir_version=graph.ir_version, opset_import=graph.opset_import)
    light.functions.extend(graph.functions)
    whole, copy = graph.graph, light.graph
    copy.name = whole.name
    copy.node.extend(_inferable(node) for node in whole.node)
    for field in ("input", "output", "value_info"):
        getattr(copy, field).extend(getattr(whole, field))
    for tensor in whole.initializer:
        if math.prod(tensor.dims) <= SMALL:
            copy.initializer.append(tensor)
        else:
            told = TensorProto(name=tensor.name, data_type=tensor.data_type, dims=tensor.dims)
            told.data_location = TensorProto.EXTERNAL
            told.external_data.add(key="location", value="elsewhere")
            copy.initializer.append(told)
    return light
