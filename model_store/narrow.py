"""Has graphs take whole numbers in 32 bits. Needs onnx."""

from __future__ import annotations

from onnx import ModelProto, TensorProto

# They give numbers of the type that they are given.
_SAME = frozenset(
    {"Expand", "Flatten", "Identity", "Reshape", "Squeeze", "Tile", "Transpose", "Unsqueeze"}
)


def narrow(model: ModelProto, name: str) -> bool:
    """Have the input `name`, whole numbers of 64 bits, be of 32; whether that can be done.

    ONNX Runtime Web 1.30.0 has no GPU kernel that takes 64 bits, but for the indices of a Gather:
    a time step that becomes a float would be the processor's, and a session that is the GPU's
    alone is not made (tests/browser/test_generate_gpu.py).
    """
    graph = model.graph
    carried = {name}
    for node in graph.node:
        if carried.isdisjoint(node.input):
            continue
        if node.op_type in _SAME and carried.isdisjoint(node.input[1:]):
            carried.update(node.output)
        elif node.op_type == "Gather" and node.input[0] not in carried:
            continue
        elif node.op_type not in ("Cast", "Shape"):
            return False
    if any(value.name in carried for value in graph.output):
        return False
    for value in (*graph.input, *graph.value_info):
        if value.name in carried:
            value.type.tensor_type.elem_type = TensorProto.INT32
    return True
