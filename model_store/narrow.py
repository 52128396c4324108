"""Has graphs take whole numbers in 32 bits. Needs numpy and onnx."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

# They give numbers of the type that they are given.
_SAME = frozenset(
    {"Expand", "Flatten", "Identity", "Reshape", "Squeeze", "Tile", "Transpose", "Unsqueeze"}
)
# What they are given is of one type, which Clip, Max and Min give as well: one of these numbers.
_CHOOSING = frozenset({"Clip", "Max", "Min"})
_COMPARING = frozenset({"Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"})

_Wide = Mapping[str, NDArray[np.int64]]


def narrow(model: ModelProto, name: str) -> bool:
    """Have the input `name`, whole numbers of 64 bits, be of 32; whether that can be done.

    ONNX Runtime Web 1.30.0 has no GPU kernel that takes 64 bits, but for the indices of a Gather:
    a time step that becomes a float would be the processor's, and a session that is the GPU's
    alone is not made (tests/browser/test_generate_gpu.py, test_gpu_demands.py).
    """
    graph = model.graph
    wide = _constants(graph)
    carried = {name}
    beside: list[tuple[NodeProto, int]] = []
    for node in graph.node:
        if carried.isdisjoint(node.input):
            continue
        others = _others(node, carried, wide)
        if others is None:
            return False
        beside += [(node, i) for i in others]
        carried.update(node.output if node.op_type in _SAME | _CHOOSING else ())
    if any(value.name in carried for value in graph.output):
        return False
    for value in (*graph.input, *graph.value_info):
        if value.name in carried:
            value.type.tensor_type.elem_type = TensorProto.INT32
    for node, i in beside:
        node.input[i] = _in_32_bits(graph, node.input[i], wide)
    return True


def _others(node: NodeProto, carried: set[str], wide: _Wide) -> list[int] | None:
    """Which inputs of `node`, which takes something of `carried`, have to be of 32 bits besides;
    None where it cannot take that in 32 bits."""
    if node.op_type in _CHOOSING | _COMPARING:
        others = [i for i, one in enumerate(node.input) if one and one not in carried]
        return others if all(node.input[i] in wide for i in others) else None
    if node.op_type in _SAME:
        return [] if carried.isdisjoint(node.input[1:]) else None
    if node.op_type == "Gather":
        return [] if node.input[0] not in carried else None
    return [] if node.op_type in ("Cast", "Shape") else None


def cast(model: ModelProto, name: str) -> None:
    """Have the input `name` be of 32 bits, and become one of 64 at once."""
    graph = model.graph
    inner = f"{name}_in_64_bits"
    for node in graph.node:
        for i, one in enumerate(node.input):
            if one == name:
                node.input[i] = inner
    graph.node.insert(0, helper.make_node("Cast", [name], [inner], to=TensorProto.INT64))
    for value in graph.input:
        if value.name == name:
            value.type.tensor_type.elem_type = TensorProto.INT32


def _constants(graph: GraphProto) -> _Wide:
    """Those of 64 bits whose numbers 32 bits hold, by name."""
    tensors = {one.name: one for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            tensors[node.output[0]] = node.attribute[0].t
    found = {
        name: numpy_helper.to_array(tensor)
        for name, tensor in tensors.items()
        if tensor.data_type == TensorProto.INT64 and tensor.data_location != TensorProto.EXTERNAL
    }
    held = np.iinfo(np.int32)
    return {
        name: numbers
        for name, numbers in found.items()
        if numbers.size == 0 or (numbers.min() >= held.min and numbers.max() <= held.max)
    }


def _in_32_bits(graph: GraphProto, name: str, wide: _Wide) -> str:
    """A constant like `name`, which others may need as it is."""
    made = f"{name}_in_32_bits"
    if all(one.name != made for one in graph.initializer):
        graph.initializer.append(numpy_helper.from_array(wide[name].astype(np.int32), made))
    return made
