"""What one run of a graph holds in memory at its peak, counted. Needs onnx."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from onnx import GraphProto, NodeProto

from model_store.shapes import Value

# The same numbers under another name: nothing is copied.
_VIEWS = frozenset({"Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity"})


def weights_of(graph: GraphProto, values: Mapping[str, Value]) -> tuple[int, frozenset[str]]:
    """Bytes of all that is there before a run, and its names: what nodes make of constants alone
    (a kernel cast to fp32) is made once, when a session is, and stands in their place.
    """
    held = {tensor.name: values[tensor.name].bytes for tensor in graph.initializer}
    fixed = set(held)
    for node in graph.node:
        # A shape that is known here is known to the runtime, which folds what follows from it.
        if node.op_type == "Shape" or all(name in fixed for name in node.input if name):
            fixed.update(node.output)
            held.update((name, values[name].bytes) for name in node.output if name)
    read = {name for node in graph.node if node.output[0] not in fixed for name in node.input}
    return sum(size for name, size in held.items() if name in read), frozenset(fixed)


def alive_at_most(
    graph: GraphProto, values: Mapping[str, Value], fixed: frozenset[str] = frozenset()
) -> int:
    """Bytes of the values that exist at once, in the order of the nodes, with what the node itself
    needs: each from the node that makes it to the last that takes it. `fixed`: what is no part of
    the run.
    """
    nodes = [node for node in graph.node if not fixed.issuperset(node.output)]
    owner = _owners(nodes)
    last = {name: len(nodes) for name in (owner.get(v.name, v.name) for v in graph.output)}
    for index, node in enumerate(nodes):
        for name in node.input:
            taken = owner.get(name, name)
            last[taken] = max(index, last.get(taken, 0))
    ends: dict[int, list[str]] = {}
    for name, index in last.items():
        ends.setdefault(index, []).append(name)
    sizes = {value.name: values[value.name].bytes for value in graph.input if value.name in values}
    alive, most = sum(sizes.values()), 0
    for index, node in enumerate(nodes):
        if node.op_type not in _VIEWS:
            made = {name: values[name].bytes for name in node.output if name}
            sizes |= made
            alive += sum(made.values())
        most = max(most, alive + _work(node, values))
        unread = [name for name in node.output if name and name not in last and name in sizes]
        alive -= sum(sizes.pop(name, 0) for name in (*ends.get(index, ()), *unread))
    return most


def _owners(nodes: Sequence[NodeProto]) -> Mapping[str, str]:
    """The value whose memory another one is only a view of, by the latter's name."""
    owner: dict[str, str] = {}
    for node in nodes:
        if node.op_type in _VIEWS:
            owner[node.output[0]] = owner.get(node.input[0], node.input[0])
    return owner


def _work(node: NodeProto, values: Mapping[str, Value]) -> int:
    """Bytes that a kernel needs besides its values. Deformable ones gather samples."""
    if node.op_type != "DeformConv":
        return 0
    kernel, drawn = values[node.input[1]], values[node.output[0]]
    item = drawn.bytes // math.prod(drawn.shape)
    return math.prod(kernel.shape[1:]) * math.prod(drawn.shape[2:]) * item
