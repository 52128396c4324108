"""Gives a graph of a pipeline the interface that the catalog says: those inputs and outputs, named
and in its order, and what a run decides under its names. Needs onnx."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper

from model_store.errors import ModelRefused
from model_store.interface import Value, interface_of
from model_store.narrow import cast, narrow
from model_store.pipeline import Graph, Tensor

_KINDS = {
    "float32": TensorProto.FLOAT,
    "float16": TensorProto.FLOAT16,
    "int32": TensorProto.INT32,
    "int64": TensorProto.INT64,
}


def keep(model: ModelProto, graph: Graph, who: str, *, needs_gpu: bool = True) -> bool:
    """Leave the inputs and outputs of `graph`, and the nodes that these outputs need; whether
    anything is another now. Whole numbers may be of 64 bits where the catalog has 32. Raises
    ModelRefused where the graph has others. `who`: for messages. `needs_gpu`: nothing else may run
    it, so that what no GPU computes is refused."""
    found = interface_of(model)
    for what, wanted, there in (
        ("input", graph.inputs, found.inputs),
        ("output", graph.outputs, found.outputs),
    ):
        for tensor in wanted:
            _expect(tensor, there, f"{graph.role}: the {what}", who)
    long = {value.name for value in found.inputs if value.dtype == "int64"}
    wide = [one.name for one in graph.inputs if one.dtype == "int32" and one.name in long]
    for name in wide:
        if narrow(model, name):
            continue
        if needs_gpu:
            reason = f"{graph.role}: it computes with {name!r} in 64 bits, which no GPU does"
            raise ModelRefused(who, reason)
        cast(model, name)
    if _is_as_wanted(model.graph, graph):
        return bool(wide)
    prune(model.graph, {tensor.name for tensor in graph.outputs})
    read = {name for node in model.graph.node for name in _read(node)}
    named = {tensor.name for tensor in graph.inputs}
    constants = {tensor.name for tensor in model.graph.initializer}
    if unnamed := [v for v in found.inputs if v.name in read and v.name not in named]:
        reason = f"{graph.role}: it needs {', '.join(map(str, unnamed))}, which nobody gives it"
        raise ModelRefused(who, reason)
    kept = [value for value in model.graph.input if value.name in constants]
    for values, tensors in (
        (model.graph.input, graph.inputs),
        (model.graph.output, graph.outputs),
    ):
        del values[:]
        values.extend(_info(tensor) for tensor in tensors)
    model.graph.input.extend(kept)
    # What was noted of values in between is of the old dimensions.
    del model.graph.value_info[:]
    return True


def _expect(tensor: Tensor, there: Sequence[Value], what: str, who: str) -> None:
    value = next((value for value in there if value.name == tensor.name), None)
    if value is None:
        held = ", ".join(map(str, there))
        raise ModelRefused(who, f"{what} should be {tensor.name!r}, the graph has {held}")
    fixed = tuple(one if isinstance(one, int) else -1 for one in tensor.shape)
    same = not value.shape or (
        len(value.shape) == len(fixed)
        and all(d in (None, w) or w == -1 for d, w in zip(value.shape, fixed, strict=True))
    )
    is_wide = (value.dtype, tensor.dtype) == ("int64", "int32") and what.endswith("input")
    if not same or not (is_wide or value.dtype == tensor.dtype):
        wanted = f"{tensor.dtype} [{', '.join(map(str, tensor.shape))}]"
        raise ModelRefused(who, f"{what} {tensor.name!r} should be {wanted}, the graph has {value}")


def _is_as_wanted(graph: GraphProto, wanted: Graph) -> bool:
    return all(
        [value.SerializeToString() for value in values]
        == [_info(tensor).SerializeToString() for tensor in tensors]
        for values, tensors in ((graph.input, wanted.inputs), (graph.output, wanted.outputs))
    )


def _info(tensor: Tensor) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(tensor.name, _KINDS[tensor.dtype], tensor.shape)


def prune(graph: GraphProto, wanted: set[str]) -> None:
    """Drop nodes and constants that none of the values `wanted` needs."""
    needed = set(wanted)
    kept = []
    # Nodes are in the order in which they can be run.
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            needed.update(_read(node))
            kept.append(node)
    if len(kept) == len(graph.node):
        return
    del graph.node[:]
    graph.node.extend(reversed(kept))
    constants = [tensor for tensor in graph.initializer if tensor.name in needed]
    del graph.initializer[:]
    graph.initializer.extend(constants)


def _read(node: NodeProto) -> Iterator[str]:
    """Names of what a node takes, and of what the graphs inside of it take."""
    yield from node.input
    for attribute in node.attribute:
        for inner in (attribute.g, *attribute.graphs):
            for one in inner.node:
                yield from _read(one)
            yield from (value.name for value in inner.output)
