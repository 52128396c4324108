"""Has few tokens attend to many places, and the places to them, in fewer multiplications.

In the decoders of SAM and its kin some seven tokens and 4,096 places of a picture attend to each
other, each place a vector of 256. As exported, every place is projected to keys, values or queries
first: (X W) k for each head. As X (W k) only the tokens are projected, and each product with the
places has heads x tokens columns, 56, where it had 128. It is the same sum in another order; from
16 tokens on it is the longer one.

A pattern is taken for one only where operators and sizes are what they have to be; how the heads
are laid out between is for the comparison of whole results, which follows in any case.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, helper, numpy_helper

from model_store.links import Links, OtherError, attribute
from model_store.projection import (
    factor_of,
    projected,
    projection_after,
    scaled,
    shape_of,
)
from model_store.shapes import Value, values_of

# From here on a softmax is of one axis.
_OPSET = 13


@dataclass(frozen=True)
class _Attention:
    """From queries by keys over `scores` and `weights` to what `mixed` mixes of the values."""

    scores: NodeProto
    factors: tuple[NodeProto, ...]  # between the scores and their softmax
    weights: NodeProto
    mixed: NodeProto


def absorb(model: ModelProto) -> int:
    """Rewrite the folded `model` in place; how many attentions were."""
    standard = [opset.version for opset in model.opset_import if opset.domain in ("", "ai.onnx")]
    if not standard or standard[0] < _OPSET:
        return 0
    links, values = Links(model.graph), values_of(model)
    found = filter(None, (_attention(node, links) for node in model.graph.node))
    made = [done for one in found if (done := _rewritten(one, links, values))]
    if made:
        _put_into(model, made)
    return len(made)


def _rewritten(one: _Attention, links: Links, values: Mapping[str, Value]) -> _Rewritten | None:
    for way in (_places_are_asked, _places_ask):
        try:
            return way(one, links, values)
        except OtherError:
            continue
    return None


def _attention(node: NodeProto, links: Links) -> _Attention | None:
    if node.op_type != "Softmax" or attribute(node, "axis", -1) not in (-1, 3):
        return None
    factors: list[NodeProto] = []
    maker = links.makers.get(node.input[0])
    while maker is not None and factor_of(maker, links) is not None:
        factors.insert(0, maker)
        maker = links.makers.get(scaled(maker, links))
    mixed = links.taker(node.output[0], "MatMul")
    if maker is None or maker.op_type != "MatMul" or mixed is None:
        return None
    if mixed.input[0] != node.output[0]:
        return None
    if any(len(links.takers[one.output[0]]) > 1 for one in (maker, *factors)):
        return None
    return _Attention(maker, tuple(factors), node, mixed)


def _must_be_few(name: str, one: int, values: Mapping[str, Value]) -> None:
    """Vectors of the size `one`, for each head: as many as a run has, or fewer than `one`."""
    if name in values and math.prod(values[name].shape[2:]) >= one * one:
        raise OtherError


class _Writer:
    """Nodes and constants in the place of one attention, named after its softmax."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, NDArray[Any]] = {}

    def constant(self, value: NDArray[Any]) -> str:
        name = f"{self.name}.few.{len(self.constants)}"
        self.constants[name] = value
        return name

    def op(self, kind: str, *given: str, to: str = "", **attributes: Any) -> str:
        name = f"{self.name}.few/{len(self.nodes)}"
        made = to or name
        self.nodes.append(helper.make_node(kind, given, [made], name=name, **attributes))
        return made

    def reshape(self, x: str, *shape: int, to: str = "") -> str:
        return self.op("Reshape", x, self.constant(np.array(shape, np.int64)), to=to)


@dataclass(frozen=True)
class _Rewritten:
    """What is written, where the `last` of `gone` stood, the nodes that it is instead of."""

    writer: _Writer
    gone: tuple[NodeProto, ...]

    @property
    def last(self) -> str:
        """The value that it gives as well."""
        return str(self.gone[-1].output[0])


def _places_are_asked(one: _Attention, links: Links, values: Mapping[str, Value]) -> _Rewritten:
    """Tokens attend to places: their queries are taken to the places' own vectors, and what is
    mixed of these is projected to values. The keys' bias moves all scores of a token alike, which
    no softmax sees."""
    keys = projected(one.scores.input[1], links, values)
    held = projected(one.mixed.input[1], links, values)
    heads, places = keys.heads, keys.places
    _must_be_few(one.scores.input[0], keys.weight.shape[2], values)
    if held.heads != heads or held.places != places:
        raise OtherError
    w = _Writer(one.weights.name or one.weights.output[0])
    own = w.constant(keys.weight.transpose(1, 2, 0))
    asked = w.reshape(w.op("MatMul", one.scores.input[0], own), -1, keys.channels)
    flat = w.reshape(keys.x, places, keys.channels)
    w.reshape(w.op("Gemm", asked, flat, transB=1), 1, heads, -1, places, to=one.scores.output[0])
    w.nodes.extend((*one.factors, one.weights))
    shares = w.reshape(one.weights.output[0], -1, places)
    mixed = w.op("MatMul", shares, w.reshape(held.x, places, held.channels))
    mixed = w.reshape(mixed, 1, heads, -1, held.channels)
    mixed = w.op("MatMul", mixed, w.constant(held.weight.transpose(1, 0, 2)))
    w.op("Add", mixed, w.constant(held.bias[:, None]), to=one.mixed.output[0])
    return _Rewritten(w, (one.scores, *one.factors, one.weights, one.mixed))


def _places_ask(one: _Attention, links: Links, values: Mapping[str, Value]) -> _Rewritten:
    """Places attend to tokens: the tokens' keys are taken to the places' own vectors, their values
    to what the output's projection makes of them."""
    keys, held = one.scores.input[1], one.mixed.input[1]
    asked = projected(one.scores.input[0], links, values)
    for few in (keys, held):
        _must_be_few(few, asked.weight.shape[2], values)
    heads, places = asked.heads, asked.places
    between, last, weight, bias = projection_after(one.mixed, links)
    if weight.shape[0] != heads * asked.weight.shape[2]:
        raise OtherError
    shape, made = shape_of(last.output[0], values), weight.shape[1]
    if math.prod(shape) != places * made:
        raise OtherError
    factors = [factor_of(node, links) for node in one.factors]
    by = np.float32(math.prod(factor for factor in factors if factor is not None))
    w = _Writer(one.weights.name or one.weights.output[0])
    taken = w.op("MatMul", w.constant(asked.weight.transpose(1, 0, 2) * by), keys)
    taken = w.reshape(w.op("Transpose", taken, perm=[0, 2, 1, 3]), asked.channels, -1)
    moved = w.reshape(w.op("MatMul", w.constant(asked.bias[:, None] * by), keys), 1, -1)
    scores = w.op("Gemm", w.reshape(asked.x, places, asked.channels), taken, moved)
    shares = w.op("Softmax", w.reshape(scores, 1, places, heads, -1), axis=-1)
    own = w.constant(weight.reshape(heads, -1, made))
    given = w.reshape(w.op("MatMul", held, own), -1, made)
    mixed = w.op("Gemm", w.reshape(shares, places, -1), given, w.constant(bias))
    w.reshape(mixed, *shape, to=last.output[0])
    return _Rewritten(w, (one.scores, *one.factors, one.weights, one.mixed, *between, last))


def _put_into(model: ModelProto, made: list[_Rewritten]) -> None:
    instead = {one.last: one.writer for one in made}
    gone = {node.output[0] for one in made for node in one.gone}
    graph = model.graph
    nodes: list[NodeProto] = []
    for node in graph.node:
        key = node.output[0]
        if key in instead:
            nodes += instead[key].nodes
        elif key not in gone:
            nodes.append(node)
    for writer in instead.values():
        graph.initializer.extend(
            numpy_helper.from_array(np.ascontiguousarray(value), name)
            for name, value in writer.constants.items()
        )
    del graph.node[:]
    graph.node.extend(nodes)
    # What was noted of values in between is of those that were there.
    del graph.value_info[:]
