"""Gives a graph the inputs and outputs that Mattebox works with: planes of fp32, NCHW.

Others export the colours of a pixel side by side (NHWC), a matte without a channel, or halves.
What turns one into the other is put before and after their graph, which stays as it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from onnx import (
    GraphProto,
    ModelProto,
    NodeProto,
    TensorProto,
    ValueInfoProto,
    helper,
    numpy_helper,
)

from model_store.interface import Interface, Value, interface_of

_TO_PIXELS, _TO_PLANES = (0, 2, 3, 1), (0, 3, 1, 2)
_CHANNELS = (1, 3)


def seen_as_planes(found: Interface) -> Interface:
    """What the interface will be once `to_planes` has been done."""
    return replace(
        found,
        inputs=tuple(_seen(value) for value in found.inputs),
        outputs=tuple(_seen(value) for value in found.outputs),
    )


def to_planes(model: ModelProto) -> bool:
    """Change the interface of the graph to planes of fp32; whether there was anything to do."""
    found, graph = interface_of(model), model.graph
    before: list[NodeProto] = []
    after: list[NodeProto] = []
    for value in found.inputs:
        if _seen(value) != value:
            before += _enter(graph, value)
    for value in found.outputs:
        if _seen(value) != value:
            after += _leave(graph, value)
    nodes = [*before, *graph.node, *after]
    del graph.node[:]
    graph.node.extend(nodes)
    return bool(before or after)


def _seen(value: Value) -> Value:
    dtype = "float32" if value.dtype == "float16" else value.dtype
    shape = value.shape
    if _is_pixels(value):
        shape = tuple(shape[axis] for axis in _TO_PLANES)
    elif _is_bare(value):
        shape = (shape[0], 1, *shape[1:])
    return replace(value, dtype=dtype, shape=shape)


def _is_pixels(value: Value) -> bool:
    """Whether its channels come last."""
    shape = value.shape
    return len(shape) == 4 and shape[3] in _CHANNELS and shape[1] not in _CHANNELS


def _is_bare(value: Value) -> bool:
    """Whether it is one matte without a channel."""
    shape = value.shape
    return len(shape) == 3 and shape[0] in (1, None) and min(d or 32 for d in shape[1:]) >= 32


def _enter(graph: GraphProto, value: Value) -> list[NodeProto]:
    name, nodes = value.name, []
    for node in graph.node:
        node.input[:] = [f"{name}.inner" if given == name else given for given in node.input]
    current = name
    if value.dtype == "float16":
        nodes.append(helper.make_node("Cast", [current], [f"{name}.half"], to=TensorProto.FLOAT16))
        current = f"{name}.half"
    if _is_pixels(value):
        nodes.append(helper.make_node("Transpose", [current], [f"{name}.pixels"], perm=_TO_PIXELS))
    nodes[-1].output[0] = f"{name}.inner"
    _declare(next(info for info in graph.input if info.name == name), _seen(value))
    return nodes


def _leave(graph: GraphProto, value: Value) -> list[NodeProto]:
    name, nodes = value.name, []
    for node in graph.node:
        node.input[:] = [f"{name}.inner" if given == name else given for given in node.input]
        node.output[:] = [f"{name}.inner" if made == name else made for made in node.output]
    current = f"{name}.inner"
    if value.dtype == "float16":
        nodes.append(helper.make_node("Cast", [current], [f"{name}.full"], to=TensorProto.FLOAT))
        current = f"{name}.full"
    if _is_pixels(value):
        nodes.append(helper.make_node("Transpose", [current], [f"{name}.planes"], perm=_TO_PLANES))
    elif _is_bare(value):
        axis = numpy_helper.from_array(np.array([1], np.int64), f"{name}.axis")
        graph.initializer.append(axis)
        nodes.append(helper.make_node("Unsqueeze", [current, axis.name], [f"{name}.planes"]))
    nodes[-1].output[0] = name
    _declare(next(info for info in graph.output if info.name == name), _seen(value))
    return nodes


def _declare(info: ValueInfoProto, value: Value) -> None:
    shape = [size or None for size in value.shape]
    info.CopyFrom(helper.make_tensor_value_info(value.name, TensorProto.FLOAT, shape))
