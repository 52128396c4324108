"""Reads linear projections out of a graph, as exporters write them before and after attention."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto

from model_store.links import Links, OtherError, attribute
from model_store.shapes import Value

Floats = NDArray[np.float32]

# Fewer places are not worth it.
_MANY = 256
_LAYOUT = ("Reshape", "Transpose", "Unsqueeze", "Squeeze", "Identity")


@dataclass(frozen=True)
class Projection:
    """`x` by `weight` (channels, heads, size of one) plus `bias`, of each of `places`."""

    x: str
    places: int
    weight: Floats
    bias: Floats

    @property
    def channels(self) -> int:
        """Numbers of a place in `x`."""
        return int(self.weight.shape[0])

    @property
    def heads(self) -> int:
        """How many attend beside each other."""
        return int(self.weight.shape[1])


def factor_of(node: NodeProto, links: Links) -> float | None:
    """By which number a node multiplies, if that is all it does."""
    if node.op_type not in ("Mul", "Div"):
        return None
    sides = [links.constant(name) for name in node.input]
    number = sides[1] if node.op_type == "Div" or sides[0] is None else sides[0]
    if number is None or number.size != 1:
        return None
    return 1 / float(number.item()) if node.op_type == "Div" else float(number.item())


def scaled(node: NodeProto, links: Links) -> str:
    """What a factor multiplies."""
    return next((str(name) for name in node.input if not links.is_constant(name)), "")


def projected(name: str, links: Links, values: Mapping[str, Value]) -> Projection:
    """The projection of many places that `name` holds, laid out by heads. Raises OtherError."""
    shape, factor = shape_of(name, values), 1.0
    node = links.makers.get(name)
    while node is not None and (node.op_type in _LAYOUT or factor_of(node, links) is not None):
        by = factor_of(node, links)
        factor *= 1.0 if by is None else by
        name = node.input[0] if by is None else scaled(node, links)
        node = links.makers.get(name)
    bias = None
    if node is not None and node.op_type == "Add":
        sides = [links.constant(one) for one in node.input]
        bias = sides[0] if sides[0] is not None else sides[1]
        node = links.makers.get(scaled(node, links)) if bias is not None else None
    if node is None or node.op_type not in ("MatMul", "Gemm"):
        raise OtherError
    weight = links.constant(node.input[1])
    if weight is None or weight.ndim != 2:
        raise OtherError
    if node.op_type == "Gemm":
        weight, bias = _of_gemm(node, weight, links)
    channels, width = weight.shape
    given = shape_of(node.input[0], values)
    places = math.prod(given[:-1])
    if given[-1] != channels or places < _MANY or math.prod(shape) != places * width:
        raise OtherError
    if len(shape) != 4 or shape[0] != 1 or places not in shape[2:] or width % shape[1]:
        raise OtherError
    heads, bias = shape[1], _bias_of(bias, weight)
    return Projection(
        node.input[0],
        places,
        (weight * np.float32(factor)).reshape(channels, heads, width // heads),
        (bias * np.float32(factor)).reshape(heads, width // heads),
    )


def _of_gemm(node: NodeProto, weight: Floats, links: Links) -> tuple[Floats, Floats | None]:
    if attribute(node, "transA", 0) or attribute(node, "alpha", 1.0) != 1:
        raise OtherError
    bias = links.constant(node.input[2]) if len(node.input) > 2 else None
    if attribute(node, "beta", 1.0) != 1 or (bias is None and len(node.input) > 2):
        raise OtherError
    return (weight.T if attribute(node, "transB", 0) else weight), bias


def projection_after(
    mixed: NodeProto, links: Links
) -> tuple[list[NodeProto], NodeProto, Floats, Floats]:
    """The projection of what heads have mixed: the nodes before its last one, that one, weight and
    bias. Raises OtherError."""
    between: list[NodeProto] = []
    name = mixed.output[0]
    while True:
        takers = links.takers.get(name, [])
        if len(takers) != 1:
            raise OtherError
        (node,) = takers
        if node.op_type not in _LAYOUT:
            break
        between.append(node)
        name = node.output[0]
    weight = links.constant(node.input[1]) if node.op_type in ("MatMul", "Gemm") else None
    if weight is None or weight.ndim != 2 or node.input[0] != name:
        raise OtherError
    if node.op_type == "Gemm":
        weight, bias = _of_gemm(node, weight, links)
        return between, node, weight, _bias_of(bias, weight)
    adding = links.taker(node.output[0], "Add")
    added = map(links.constant, adding.input if adding else ())
    bias = next((one for one in added if one is not None), None)
    if adding is None or bias is None:
        return between, node, weight, _bias_of(None, weight)
    return [*between, node], adding, weight, _bias_of(bias, weight)


def _bias_of(bias: Floats | None, weight: Floats) -> Floats:
    if bias is None:
        return np.zeros(weight.shape[1], np.float32)
    if bias.size != weight.shape[1]:
        raise OtherError
    return bias.reshape(-1)


def shape_of(name: str, values: Mapping[str, Value]) -> tuple[int, ...]:
    """The shape of the value `name`. Raises OtherError where a run decides it."""
    if name not in values:
        raise OtherError
    return values[name].shape
