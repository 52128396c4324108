"""What browsers cannot run is rewritten, bit for bit where nothing is said, and nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from model_store import native
from model_store.count import count
from model_store.enlarging import enlarge_late
from model_store.folding import fold
from model_store.rewrite import rewrite, transposition
from tests.rehearsal import deformable
from tests.rehearsal.birefnet import INPUT, Twin
from tests.rehearsal.building import Building

CHANCE = np.random.default_rng(17)
SIDE = 64


def run(model: onnx.ModelProto, **given: NDArray[np.float32]) -> NDArray[np.float32]:
    (drawn,) = native.session(model.SerializeToString(), optimise=False).run(None, given)
    return np.asarray(drawn)


def kinds(model: onnx.ModelProto) -> Counter[str]:
    return Counter(node.op_type for node in model.graph.node)


def graph(b: Building, *last: str, **shapes: list[int]) -> onnx.ModelProto:
    """What `b` holds, from inputs of these shapes to the value `last`."""
    value = helper.make_tensor_value_info
    made = helper.make_graph(
        b.nodes,
        "g",
        [value(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()],
        [value(name, TensorProto.FLOAT, None) for name in last],
        [numpy_helper.from_array(array, name) for name, array in b.weights.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return onnx.shape_inference.infer_shapes(model)


def rewritten(model: onnx.ModelProto, *, restore: bool = False) -> onnx.ModelProto:
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    made = rewrite(copy, restore=restore)
    onnx.checker.check_model(made, full_check=True)
    return made


def test_a_sum_of_many_is_the_same_sum_two_at_a_time():
    b = Building(1)
    model = graph(b, b.op("Sum", "p", "q", "r", "s"), p=[50], q=[50], r=[50], s=[50])
    made = rewritten(model)
    assert kinds(made) == {"Add": 3}
    given = {
        name: (10.0**k * CHANCE.normal(size=50)).astype(np.float32) for k, name in enumerate("pqrs")
    }
    assert np.array_equal(run(model, **given), run(made, **given))


def test_a_sum_of_two_is_left_alone():
    b = Building(1)
    model = graph(b, b.op("Sum", "p", "q"), p=[5], q=[5])
    assert rewritten(model) == model


def patches(b: Building, across: int, *, columns_first: bool = True) -> str:
    """A picture "x" of 3 x 24 x 24 in pieces."""
    size = 24 // across
    lengths = b.whole([size] * across)
    axes = (-1, -2) if columns_first else (-2, -1)
    lines = b.several("Split", across, "x", lengths, axis=axes[0])
    pieces = [p for line in lines for p in b.several("Split", across, line, lengths, axis=axes[1])]
    return b.op("Concat", *pieces, axis=1)


@pytest.mark.parametrize("across", [4, 8, 12])
@pytest.mark.parametrize("columns_first", [True, False])
def test_a_picture_in_pieces_is_transposed(across, columns_first):
    b = Building(1)
    model = fold(graph(b, patches(b, across, columns_first=columns_first), x=[1, 3, 24, 24]))
    made = rewritten(model)
    x = CHANCE.normal(size=(1, 3, 24, 24)).astype(np.float32)
    assert np.array_equal(run(model, x=x), run(made, x=x))
    used = onnx.utils.Extractor(made).extract_model(["x"], [made.graph.output[0].name])
    assert kinds(used) == {"Reshape": 2, "Transpose": 1}


def test_pieces_in_another_order_are_left_alone():
    b = Building(1)
    pieces = b.several("Split", 12, "x", b.whole([2] * 12), axis=-1)
    pieces[3], pieces[7] = pieces[7], pieces[3]
    model = fold(graph(b, b.op("Concat", *pieces, axis=1), x=[1, 3, 24, 24]))
    assert kinds(rewritten(model))["Concat"] == 1


def test_pieces_of_two_pictures_are_left_alone():
    b = Building(1)
    halves = [
        piece
        for name in ("x", "y")
        for piece in b.several("Split", 8, name, b.whole([3] * 8), axis=-1)
    ]
    model = fold(graph(b, b.op("Concat", *halves, axis=1), x=[1, 3, 24, 24], y=[1, 3, 24, 24]))
    assert kinds(rewritten(model))["Concat"] == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0)])
def test_a_transposition_is_known_by_where_each_number_lies(order):
    numbers = np.arange(4 * 6 * 10).reshape(4, 6, 10)
    found = transposition(numbers.transpose(order))
    assert found
    again = np.arange(240).reshape(found.shape).transpose(found.order).reshape(found.made)
    assert np.array_equal(again, numbers.transpose(order))
    broken = numbers.transpose(order).copy()
    broken[0, 0, [0, 1]] = broken[0, 0, [1, 0]]
    assert transposition(broken) is None
    assert transposition(np.zeros((4, 4), np.int64)) is None


def test_a_constant_that_repeats_itself_is_stored_once():
    b = Building(1)
    parts = CHANCE.normal(size=(3, 49, 49)).astype(np.float32)
    which = CHANCE.integers(0, 3, 60)
    b.weights["mask"] = parts[which][None, :, None]
    model = graph(b, b.op("Add", "x", "mask"), x=[1, 60, 2, 49, 49])
    made = rewritten(model)
    assert made.ByteSize() < model.ByteSize() / 10
    x = CHANCE.normal(size=(1, 60, 2, 49, 49)).astype(np.float32)
    assert np.array_equal(run(model, x=x), run(made, x=x))


def test_one_that_does_not_is_left_alone():
    b = Building(1)
    b.weights["all"] = CHANCE.normal(size=(60, 49, 49)).astype(np.float32)
    model = graph(b, b.op("Add", "x", "all"), x=[60, 49, 49])
    assert rewritten(model) == model


def taken_apart(side: int, bend: Callable[[Building], None] | None = None) -> onnx.ModelProto:
    """One deformable convolution of 6 channels at 9 x 13, as the exporter writes it."""
    b = Building(2)
    kernel = b.weight(5, 6, side, side, spread=0.3)
    drawn = deformable.decomposed(b, "x", "offset", "mask", kernel, side, (6, 9, 13))
    if bend:
        bend(b)
    taps = side * side
    given = {"x": [1, 6, 9, 13], "offset": [1, 2 * taps, 9, 13], "mask": [1, taps, 9, 13]}
    return fold(graph(b, drawn, **given))


def given(side: int) -> Mapping[str, NDArray[np.float32]]:
    """Offsets of which many lead out of the picture, some far."""
    taps = side * side
    offset = CHANCE.normal(0, 4, (1, 2 * taps, 9, 13))
    offset[0, :, 4] *= 10
    offset[0, :, 5] = np.round(offset[0, :, 5])
    return {
        "x": CHANCE.normal(size=(1, 6, 9, 13)).astype(np.float32),
        "offset": offset.astype(np.float32),
        "mask": CHANCE.uniform(0, 2, (1, taps, 9, 13)).astype(np.float32),
    }


@pytest.mark.parametrize("side", [1, 3, 7])
def test_a_deformable_convolution_that_was_taken_apart_is_the_operator_again(side):
    model = taken_apart(side)
    made = rewritten(model, restore=True)
    used = onnx.utils.Extractor(made).extract_model(
        ["x", "offset", "mask"], [made.graph.output[0].name]
    )
    assert kinds(used)["DeformConv"] == 1
    assert not kinds(used).keys() & {"GatherND", "Floor", "Sum", "Pad"}
    for values in (given(side), given(side)):
        assert np.abs(run(model, **values) - run(made, **values)).max() < 1e-4
    # For GPUs what they cannot compute is rewritten, and exactly.
    kept = rewritten(model)
    assert (kinds(kept)["Gather"], kinds(kept)["GatherND"], kinds(kept)["Sum"]) == (4, 0, 0)
    values = given(side)
    assert np.array_equal(run(model, **values), run(kept, **values))


def node(b: Building, kind: str, which: int = 0) -> onnx.NodeProto:
    return [node for node in b.nodes if node.op_type == kind][which]


def other_places(b: Building) -> None:
    place = numpy_helper.to_array(node(b, "Constant", 1).attribute[0].t).copy()
    place[..., 0, 0] += 1
    node(b, "Constant", 1).attribute[0].t.CopyFrom(numpy_helper.from_array(place))


def swapped_corners(b: Building) -> None:
    first, second = node(b, "GatherND", 0), node(b, "GatherND", 1)
    first.input[1], second.input[1] = second.input[1], first.input[1]


def other_strides(b: Building) -> None:
    strides = next(a for a in node(b, "Conv").attribute if a.name == "strides")
    del strides.ints[:]
    strides.ints.extend([1, 1])


def other_rounding(b: Building) -> None:
    node(b, "Floor").op_type = "Ceil"


@pytest.mark.parametrize(
    "bend", [other_places, swapped_corners, other_strides, other_rounding], ids=lambda f: f.__name__
)
def test_what_is_something_else_is_left_alone(bend):
    made = rewritten(taken_apart(3, bend), restore=True)
    assert kinds(made)["DeformConv"] == 0
    assert made.opset_import[0].version == 17


@pytest.fixture(scope="module")
def twin() -> onnx.ModelProto:
    return fold(Twin(SIDE, width=12).model())


@pytest.fixture(scope="module")
def picture() -> NDArray[np.float32]:
    return CHANCE.normal(size=(1, 3, SIDE, SIDE)).astype(np.float32)


def test_a_whole_twin_for_gpus_differs_in_no_bit_but_for_what_is_enlarged_late(twin, picture):
    made, late = rewritten(twin), onnx.ModelProto()
    late.CopyFrom(twin)
    # The last convolution, and after each deformable pyramid the one that sees its mean.
    assert enlarge_late(late) == 6
    drawn = run(made, **{INPUT: picture})
    assert np.array_equal(run(late, **{INPUT: picture}), drawn)
    assert np.abs(run(twin, **{INPUT: picture}) - drawn).max() < 1e-5  # of logits that reach 9
    used = onnx.utils.Extractor(made).extract_model([INPUT], [made.graph.output[0].name])
    assert max(len(node.input) + len(node.output) for node in used.graph.node) <= 8
    assert not kinds(used).keys() & {"Sum", "Split", "GatherND"}
    assert count(used).no_gpu == ()


def test_by_list_as_others_rewrote_it_indices_are_computed_in_floats_as_well():
    b = Building(3)
    whole = b.op("Cast", b.op("Floor", "at"), to=TensorProto.INT64)
    row, column = b.slice(whole, 1, 0, 1), b.slice(whole, 1, 1, 2)
    row = b.op("Clip", row, b.whole(0), b.whole(199))
    column = b.op("Clip", column, b.whole(0), b.whole(299))
    place = b.op("Add", b.op("Mul", row, b.whole(300)), column)
    place = b.op("Cast", b.reshape(place, 500), to=TensorProto.INT32)
    model = fold(graph(b, b.op("Gather", "x", place, axis=0), x=[60_000, 3], at=[500, 2]))
    assert count(model).no_gpu == ("Add", "Clip", "Mul")
    made = rewritten(model)
    assert count(made).no_gpu == ()
    given = {
        "x": CHANCE.normal(size=(60_000, 3)).astype(np.float32),
        "at": CHANCE.uniform(-50, 350, (500, 2)).astype(np.float32),
    }
    assert np.array_equal(run(model, **given), run(made, **given))


def test_whole_numbers_that_go_elsewhere_are_left_alone():
    b = Building(3)
    whole = b.op("Add", b.op("Cast", "at", to=TensorProto.INT64), b.whole(1))
    taken = b.op("Gather", "x", whole, axis=0)
    b.op("Mod", whole, b.whole(7))
    elsewhere = b.op("Cast", b.nodes[-1].output[0], to=TensorProto.FLOAT)
    model = fold(graph(b, taken, elsewhere, x=[600], at=[500]))
    assert rewritten(model) == model


def test_a_whole_twin_for_processors_has_its_operators_again(twin, picture):
    made = rewritten(twin, restore=True)
    apart = np.abs(run(twin, **{INPUT: picture}) - run(made, **{INPUT: picture}))
    assert apart.max() < 1e-3  # of logits that reach 9
    used = onnx.utils.Extractor(made).extract_model([INPUT], [made.graph.output[0].name])
    assert kinds(used)["DeformConv"] == 20
    assert not kinds(used).keys() & {"GatherND", "Sum", "Split"}


def test_upstream_with_the_operator_is_what_the_other_form_becomes(picture):
    native_form = Twin(SIDE, width=12, form="native").model()
    assert kinds(native_form)["DeformConv"] == 20
    other = Twin(SIDE, width=12).model()
    drawn = [run(model, **{INPUT: picture}) for model in (native_form, other)]
    assert np.abs(drawn[0] - drawn[1]).max() < 1e-3
