"""The attention of few tokens to many places, computed in fewer products: the same, however it was
written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from model_store import attention, native
from model_store.folding import fold
from model_store.pipeline_interface import prune
from tests.rehearsal.building import Building

WIDTH, HEADS, INNER = 48, 4, 24
ONE = INNER // HEADS
OUTPUTS = ("tokens", "places")


@dataclass(frozen=True)
class Spelling:
    """How an exporter writes it. `scale`: behind the product, before it on both sides, or none."""

    linear: str = "MatMul"
    scale: str = "after"
    is_flat: bool = True  # places as [1, N, C]; else [1, 1, N, C]
    turn: str = "once"  # keys laid out by one transposition, or by two


def linear(b: Building, how: Spelling, x: str, given: int, made: int, *shape: int) -> str:
    if how.linear == "MatMul":
        return b.linear(x, given, made)
    flat = b.reshape(x, -1, given)
    weight = b.weight(made, given, spread=given**-0.5)
    y = b.op("Gemm", flat, weight, b.weight(made, spread=0.05), transB=1)
    return b.reshape(y, *shape, made)


def attend(b: Building, how: Spelling, asked: tuple[str, int], held: tuple[str, int]) -> str:
    """Each is a value and how many vectors it has, -1 where a run decides."""
    (q, many), (k, known) = asked, held
    leading = (1,) if how.is_flat else (1, 1)
    queries = linear(b, how, q, WIDTH, INNER, *leading, many)
    keys = linear(b, how, b.op("Add", k, b.weight(1, spread=1)), WIDTH, INNER, *leading, known)
    values = linear(b, how, k, WIDTH, INNER, *leading, known)
    queries = b.op("Transpose", b.reshape(queries, 1, -1, HEADS, ONE), perm=[0, 2, 1, 3])
    apart = b.reshape(keys, 1, -1, HEADS, ONE)
    if how.turn == "once":
        keys = b.op("Transpose", apart, perm=[0, 2, 3, 1])
    else:
        keys = b.op("Transpose", b.op("Transpose", apart, perm=[0, 2, 1, 3]), perm=[0, 1, 3, 2])
    values = b.op("Transpose", b.reshape(values, 1, -1, HEADS, ONE), perm=[0, 2, 1, 3])
    if how.scale == "both":
        queries, keys = (b.op("Mul", one, b.constant(ONE**-0.25)) for one in (queries, keys))
    scores = b.op("MatMul", queries, keys)
    if how.scale == "after":
        scores = b.op("Div", scores, b.constant(ONE**0.5))
    mixed = b.op("MatMul", b.op("Softmax", scores, axis=-1), values)
    mixed = b.reshape(b.op("Transpose", mixed, perm=[0, 2, 1, 3]), *leading, -1, INNER)
    return linear(b, how, mixed, INNER, WIDTH, *leading, many)


def both_ways(how: Spelling, places: int = 256) -> onnx.ModelProto:
    b = Building(5)
    leading = [1] if how.is_flat else [1, 1]
    tokens = attend(b, how, ("few", -1), ("many", places))
    seen = attend(b, how, ("many", places), (tokens, -1))
    for value, name in zip((tokens, seen), OUTPUTS, strict=True):
        b.op("Identity", value)
        b.nodes[-1].output[0] = name
    info = helper.make_tensor_value_info
    few, many = [*leading, "points", WIDTH], [*leading, places, WIDTH]
    return b.whole_of(
        [info("few", TensorProto.FLOAT, few), info("many", TensorProto.FLOAT, many)],
        [info("tokens", TensorProto.FLOAT, few), info("places", TensorProto.FLOAT, many)],
        18,
    )


def run(model: onnx.ModelProto, tokens: int) -> list[np.ndarray]:
    chance = np.random.default_rng(tokens)
    given = {}
    for value in model.graph.input:
        sizes = [dim.dim_value or tokens for dim in value.type.tensor_type.shape.dim]
        given[value.name] = chance.normal(size=sizes).astype(np.float32)
    return native.session(model.SerializeToString()).run(list(OUTPUTS), given)


@pytest.mark.parametrize(
    "how",
    [
        Spelling(),
        Spelling(scale="both", turn="twice"),
        Spelling(scale="none", is_flat=False),
        Spelling("Gemm", turn="twice"),
        Spelling("Gemm", scale="both", is_flat=False),
    ],
    ids=str,
)
def test_it_gives_the_same_however_it_was_written(how):
    model = both_ways(how)
    made = fold(model)
    assert attention.absorb(made) == 2
    prune(made.graph, set(OUTPUTS))
    onnx.checker.check_model(made, full_check=True)
    for tokens in (1, 7, 20):
        for found, true in zip(run(made, tokens), run(model, tokens), strict=True):
            assert found.shape == true.shape
            assert np.abs(found - true).max() < 1e-5 * np.abs(true).max() + 1e-6


def test_no_place_is_projected_any_more():
    made = fold(both_ways(Spelling()))
    attention.absorb(made)
    prune(made.graph, set(OUTPUTS))
    kernels = [tuple(tensor.dims) for tensor in made.graph.initializer if len(tensor.dims) > 1]
    # What is left of plain projections is of tokens: queries, output; keys, values.
    assert kernels.count((WIDTH, INNER)) == 3
    assert kernels.count((INNER, WIDTH)) == 1


def changed(model: onnx.ModelProto, kind: str, **attributes: int) -> onnx.ModelProto:
    for node in model.graph.node:
        if node.op_type == kind:
            for attribute in node.attribute:
                attribute.i = attributes.get(attribute.name, attribute.i)
    return model


@pytest.mark.parametrize(
    "model",
    [
        both_ways(Spelling(), places=64),
        changed(both_ways(Spelling()), "Softmax", axis=2),
        helper.make_model(
            both_ways(Spelling()).graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=7
        ),
    ],
    ids=["few places", "another axis", "an old softmax"],
)
def test_what_is_another_thing_stays(model):
    before = model.SerializeToString()
    assert attention.absorb(model) == 0
    assert model.SerializeToString() == before


def test_what_is_given_as_well_stays():
    """Scores that somebody else reads cannot go."""
    model = fold(both_ways(Spelling()))
    product = next(node for node in model.graph.node if node.op_type == "Div")
    model.graph.node.append(helper.make_node("Relu", [product.input[0]], ["read"]))
    assert attention.absorb(model) == 1
