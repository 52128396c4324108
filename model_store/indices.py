"""Has a graph compute its indices in floats, for which GPUs have kernels.

Exporters compute where to gather in whole numbers of 64 bits. ONNX Runtime Web 1.30.0 has no GPU
kernels for these, so each such node would run on the processor, and a session that does so is
refused. A float holds every whole number below 2^24 exactly, and nothing that is gathered from here
has as many places; what is gathered is the same to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from model_store.links import Links, attribute
from model_store.shapes import Value, values_of

_ARITHMETIC = frozenset({"Add", "Sub", "Mul", "Clip", "Concat"})
_MOVES = frozenset({"Slice", "Reshape", "Unsqueeze", "Squeeze", "Transpose", "Identity"})
_EXACT = 1 << 24


def compute_in_floats(model: ModelProto) -> bool:
    """Change the folded `model` in place, all of its indices or none; whether it was."""
    graph = model.graph
    starts = [n for n in graph.node if n.op_type == "Cast" and attribute(n, "to") == 7]
    if not starts:
        return False
    links, values = Links(graph), values_of(model)
    found = _followed(starts, links, values)
    if found is None:
        return False
    inner, ends = found
    for node in starts:
        node.attribute[0].i = TensorProto.FLOAT
    for node in inner:
        if node.op_type in _ARITHMETIC:
            node.input[:] = [_as_float(graph, links, name) for name in node.input]
    for node in ends:
        made = _gather_nd(graph, node, values) if node.op_type == "GatherND" else _gather(node)
        index = list(graph.node).index(node)
        if node.op_type == "GatherND":
            del graph.node[index]
        for offset, one in enumerate(made):
            graph.node.insert(index + offset, one)
    del graph.value_info[:]
    return True


def _followed(
    starts: list[NodeProto], links: Links, values: Mapping[str, Value]
) -> tuple[list[NodeProto], list[NodeProto]] | None:
    """The nodes that indices go through, and those that gather by them; None where any of it is
    something else."""
    inner: dict[str, NodeProto] = {}
    ends: dict[str, NodeProto] = {}
    pending = [node.output[0] for node in starts]
    while pending:
        name = pending.pop()
        for node in links.takers.get(name, []):
            key = node.output[0]
            if _gathers(node, name, values):
                ends[key] = node
            elif _goes_on(node, name):
                pending += [] if key in inner else [key]
                inner[key] = node
            elif node.op_type != "Cast":
                return None
    made = {node.output[0] for node in starts} | set(inner)
    arithmetic = [node for node in inner.values() if node.op_type in _ARITHMETIC]
    others = {name for node in arithmetic for name in node.input} - made
    if not all(map(links.is_constant, others)):
        return None
    return list(inner.values()), list(ends.values())


def _goes_on(node: NodeProto, name: str) -> bool:
    """Whether what `node` makes of the index `name` is one."""
    return node.op_type in _ARITHMETIC or (node.op_type in _MOVES and node.input[0] == name)


def _gathers(node: NodeProto, name: str, values: Mapping[str, Value]) -> bool:
    """Whether `node` gathers by the index `name`, and in a way that is known."""
    if node.op_type not in ("Gather", "GatherND") or node.input[1] != name:
        return False
    known = node.input[0] != name and node.input[0] in values and name in values
    return known and _fits(node, values)


def _fits(node: NodeProto, values: Mapping[str, Value]) -> bool:
    """Whether the places that are gathered from can be counted in floats, and how is known."""
    data, index = values[node.input[0]].shape, values[node.input[1]].shape
    if node.op_type == "Gather":
        return bool(data[attribute(node, "axis", 0)] < _EXACT)
    batch = attribute(node, "batch_dims", 0)
    plain = all(size == 1 for size in (*data[:batch], *index[:batch])) and index[-1] == 2
    return plain and len(data) == batch + 3 and math.prod(data[batch : batch + 2]) < _EXACT


def _as_float(graph: GraphProto, links: Links, name: str) -> str:
    """The constant `name` in floats; whatever is none as it is."""
    value = links.constant(name) if name else None
    if value is None or value.dtype != np.int64:
        return name
    made = f"{name}.float"
    if all(tensor.name != made for tensor in graph.initializer):
        graph.initializer.append(numpy_helper.from_array(value.astype(np.float32), made))
    return made


def _gather(node: NodeProto) -> list[NodeProto]:
    index = f"{node.output[0]}.index"
    cast = helper.make_node("Cast", [node.input[1]], [index], name=index, to=TensorProto.INT32)
    node.input[1] = index
    return [cast]


def _gather_nd(graph: GraphProto, node: NodeProto, values: Mapping[str, Value]) -> list[NodeProto]:
    """Gathering by rows and columns, as gathering by places in a list."""
    data, index = values[node.input[0]].shape, values[node.input[1]].shape
    name, batch = node.output[0], attribute(node, "batch_dims", 0)
    *_, width, channels = data[batch:]
    constants = {
        "rows": np.array([data[batch] * width, channels], np.int64),
        "list": np.array([math.prod(index[:-1])], np.int64),
        "made": np.array([*index[:-1], channels], np.int64),
        "width": np.array(width, np.float32),
        **{str(number): np.array([number], np.int64) for number in (0, 1, 2)},
        "axis": np.array([len(index) - 1], np.int64),
    }
    held = {key: f"{name}.{key}" for key in constants}
    for key, value in constants.items():
        graph.initializer.append(numpy_helper.from_array(value, held[key]))

    def step(kind: str, title: str, *given: str, **more: int) -> NodeProto:
        return helper.make_node(kind, given, [f"{name}.{title}"], name=f"{name}.{title}", **more)

    places = node.input[1]
    return [
        step("Slice", "y", places, held["0"], held["1"], held["axis"]),
        step("Slice", "x", places, held["1"], held["2"], held["axis"]),
        step("Mul", "before", f"{name}.y", held["width"]),
        step("Add", "place", f"{name}.before", f"{name}.x"),
        step("Cast", "whole", f"{name}.place", to=TensorProto.INT32),
        step("Reshape", "places", f"{name}.whole", held["list"]),
        step("Reshape", "pixels", node.input[0], held["rows"]),
        step("Gather", "taken", f"{name}.pixels", f"{name}.places", axis=0),
        helper.make_node(
            "Reshape", [f"{name}.taken", held["made"]], [name], name=f"{name}.gathered"
        ),
    ]
