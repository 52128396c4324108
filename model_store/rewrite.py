"""Rewrites what exporters make of BiRefNet and its like into what browsers can run.

All steps but two change no bit: a variadic Sum is the chain of sums that it is computed as; a
picture that is cut into a thousand pieces and put together again is one transposition; a constant
that repeats itself is stored once; indices are computed in floats (indices). The others restore
deformable convolutions (deform), and enlarge late (enlarging).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from model_store import deform, indices, native
from model_store.constants import array_of
from model_store.enlarging import enlarge_late
from model_store.links import Links
from model_store.shapes import values_of
from model_store.threes import make_fours

# More values than a device binds to one shader stage at least.
_MANY = 8
# Smaller constants are not worth a node; nor are those that repeat themselves little.
_LARGE, _REPEATED = 1 << 16, 4
# What only moves numbers about.
_MOVES = frozenset({"Split", "Unsqueeze", "Squeeze", "Reshape", "Transpose", "Slice", "Gather"})
# A float holds every whole number up to here.
_EXACT = 1 << 24


def rewrite(model: ModelProto, *, restore: bool) -> ModelProto:
    """The folded `model`, rewritten; it may be the same one, changed.

    `restore`: deformable convolutions become the operator, for which ONNX Runtime Web 1.30.0 has
    a kernel on processors and none on GPUs. Otherwise what GPUs cannot compute is rewritten.
    """
    _join_patches(model)
    if restore:
        model = deform.restore(model)
    else:
        indices.compute_in_floats(model)
    enlarge_late(model)
    _chain_sums(model.graph)
    _store_once(model.graph)
    if not restore:
        make_fours(model)
    return model


def _chain_sums(graph: GraphProto) -> None:
    """A Sum of more than two becomes sums of two, from the left, as processors compute it."""
    nodes: list[NodeProto] = []
    for node in graph.node:
        left = node.input[0] if node.input else ""
        if node.op_type != "Sum" or len(node.input) < 3:
            nodes.append(node)
            continue
        for index, right in enumerate(node.input[1:], start=1):
            is_last = index == len(node.input) - 1
            made = node.output[0] if is_last else f"{node.output[0]}.{index}"
            nodes.append(helper.make_node("Add", [left, right], [made], name=f"{made}.sum"))
            left = made
    del graph.node[:]
    graph.node.extend(nodes)


@dataclass(frozen=True)
class _Transposition:
    """The same numbers as `shape`, its axes in another `order`, seen as `made`."""

    shape: tuple[int, ...]
    order: tuple[int, ...]
    made: tuple[int, ...]


def _join_patches(model: ModelProto) -> None:
    """One value that is taken apart and put together again is transposed instead.

    What the pieces do to it is found by having them move the numbers 0, 1, 2, ...; a transposition
    that moves every one of them to the same place is the same.
    """
    joins = [n for n in model.graph.node if n.op_type == "Concat" and len(n.input) > _MANY]
    if not joins:
        return
    links, values = Links(model.graph), values_of(model)
    for node in joins:
        source, moves = _moved(node, links)
        shape = values[source].shape if source in values else ()
        if not shape or not 0 < math.prod(shape) <= _EXACT or node.output[0] not in values:
            continue
        places = _followed(model, links, node, source, shape, moves)
        if found := transposition(places):
            _transpose(model.graph, node, source, found)


def _moved(join: NodeProto, links: Links) -> tuple[str, list[NodeProto]]:
    """The one value that all inputs of `join` are pieces of, and the nodes between; else ""."""
    sources: set[str] = set()
    between: dict[str, NodeProto] = {}
    pending = list(join.input)
    while pending:
        name = pending.pop()
        node = links.makers.get(name)
        moves = node is not None and node.op_type in _MOVES
        if node is None or not moves or not all(map(links.is_constant, node.input[1:])):
            sources.add(name)
            continue
        if node.output[0] not in between:
            between[node.output[0]] = node
            pending.append(node.input[0])
    return (sources.pop() if len(sources) == 1 else ""), list(between.values())


def _followed(
    model: ModelProto,
    links: Links,
    join: NodeProto,
    source: str,
    shape: tuple[int, ...],
    moves: list[NodeProto],
) -> NDArray[np.int64]:
    """Where each number of `source` comes to lie."""
    wanted = {id(node) for node in (*moves, join)}
    nodes = [node for node in model.graph.node if id(node) in wanted]
    needed = {name for node in nodes for name in node.input[1:] if links.is_constant(name) and name}
    if join in nodes:
        needed -= set(join.input)
    part = helper.make_graph(
        nodes,
        "moves",
        [helper.make_tensor_value_info(source, TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(join.output[0], TensorProto.FLOAT, None)],
        [links.tensor(name) for name in needed],
    )
    made = helper.make_model(
        part, opset_imports=model.opset_import, ir_version=model.ir_version
    ).SerializeToString()
    numbers = np.arange(math.prod(shape), dtype=np.float32).reshape(shape)
    (places,) = native.session(made).run(None, {source: numbers})
    return np.asarray(places).astype(np.int64)


def transposition(places: NDArray[np.int64]) -> _Transposition | None:
    """How `places`, the numbers 0, 1, 2, ... in another order, are a transposition; None if not."""
    flat = places.reshape(-1)
    sizes: list[int] = []
    steps: list[int] = []
    block = 1
    while block < flat.size:
        starts = flat[::block]
        step = int(starts[1] - starts[0])
        even = starts == starts[0] + step * np.arange(starts.size)
        size = starts.size if even.all() else int(np.argmin(even))
        sizes.insert(0, size)
        steps.insert(0, step)
        block *= size
        if flat.size % block:
            return None
    by_step = sorted(range(len(steps)), key=lambda axis: -steps[axis])
    shape = tuple(sizes[axis] for axis in by_step)
    order = tuple(by_step.index(axis) for axis in range(len(steps)))
    whole = np.arange(flat.size).reshape(shape).transpose(order).reshape(-1)
    same = np.array_equal(whole, flat)
    return _Transposition(shape, order, tuple(places.shape)) if same else None


def _transpose(graph: GraphProto, join: NodeProto, source: str, found: _Transposition) -> None:
    name = join.output[0]
    shapes = {f"{name}.apart": found.shape, f"{name}.shape": found.made}
    for title, shape in shapes.items():
        graph.initializer.append(numpy_helper.from_array(np.array(shape, np.int64), title))
    apart, made = shapes
    nodes = [
        helper.make_node("Reshape", [source, apart], [f"{name}.1"], name=f"{name}.reshape"),
        helper.make_node(
            "Transpose", [f"{name}.1"], [f"{name}.2"], name=f"{name}.transpose", perm=found.order
        ),
        helper.make_node("Reshape", [f"{name}.2", made], [name], name=f"{name}.join"),
    ]
    index = list(graph.node).index(join)
    del graph.node[index]
    for offset, node in enumerate(nodes):
        graph.node.insert(index + offset, node)


def _store_once(graph: GraphProto) -> None:
    """Large constants that are the same parts again and again: parts once, and which is where."""
    for tensor in list(graph.initializer):
        if tensor.data_type != TensorProto.FLOAT or math.prod(tensor.dims) < _LARGE:
            continue
        axis = next(index for index, size in enumerate(tensor.dims) if size > 1)
        whole = array_of(tensor)
        parts = whole.reshape(tensor.dims[axis], -1)
        known: dict[bytes, int] = {}
        which = [known.setdefault(part.tobytes(), len(known)) for part in parts]
        if len(known) * _REPEATED > len(which):
            continue
        first = [which.index(number) for number in range(len(known))]
        once = np.take(whole, first, axis)
        graph.initializer.remove(tensor)
        graph.initializer.extend(
            [
                numpy_helper.from_array(once, f"{tensor.name}.once"),
                numpy_helper.from_array(np.array(which, np.int64), f"{tensor.name}.which"),
            ]
        )
        given = [f"{tensor.name}.once", f"{tensor.name}.which"]
        again = helper.make_node(
            "Gather", given, [tensor.name], name=f"{tensor.name}.again", axis=axis
        )
        graph.node.insert(0, again)
