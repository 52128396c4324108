"""A picture is enlarged after a convolution of single places: the same sums, fewer numbers."""

from __future__ import annotations

from collections import Counter

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model_store import native
from model_store.count import count
from model_store.enlarging import enlarge_late
from tests.rehearsal.building import Building

CHANCE = np.random.default_rng(29)


def last_steps(mode: str = "linear", align: str = "align_corners", **conv: object) -> Building:
    """24 channels at 8 x 6 become 32 x 18, beside 4 of "seen", and one number of each pixel's."""
    b = Building(3)
    larger = b.op(
        "Resize", "found", "", "", b.whole([1, 24, 32, 18]), mode=mode,
        coordinate_transformation_mode=align, nearest_mode="floor",
    )  # fmt: skip
    kernel, bias = b.weight(2, 28, 1, 1, spread=0.3), b.weight(2, spread=1)
    b.op("Conv", b.op("Concat", larger, "seen", axis=1), kernel, bias, **conv)
    b.nodes[-1].output[0] = "out"
    return b


def graph(b: Building, *more: str) -> onnx.ModelProto:
    """Its constants in the graph, as they are once it is folded."""
    value = helper.make_tensor_value_info
    held = {n.output[0]: n.attribute[0].t for n in b.nodes if n.op_type == "Constant"}
    weights = [numpy_helper.from_array(array, name) for name, array in b.weights.items()]
    for name, tensor in held.items():
        tensor.name = name
    made = helper.make_graph(
        [node for node in b.nodes if node.op_type != "Constant"],
        "last",
        [
            value("found", TensorProto.FLOAT, [1, 24, 8, 6]),
            value("seen", TensorProto.FLOAT, [1, 4, 32, 18]),
        ],
        [value(name, TensorProto.FLOAT, None) for name in ("out", *more)],
        [*weights, *held.values()],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def used(model: onnx.ModelProto) -> onnx.ModelProto:
    names = [value.name for value in model.graph.input]
    return onnx.utils.Extractor(onnx.shape_inference.infer_shapes(model)).extract_model(
        names, ["out"]
    )


def run(model: onnx.ModelProto) -> np.ndarray:
    given = {
        "found": np.random.default_rng(4).normal(size=(1, 24, 8, 6)).astype(np.float32),
        "seen": np.random.default_rng(5).normal(size=(1, 4, 32, 18)).astype(np.float32),
    }
    (drawn,) = native.session(model.SerializeToString(), optimise=False).run(["out"], given)
    return np.asarray(drawn)


@pytest.mark.parametrize("mode", ["linear", "nearest"])
@pytest.mark.parametrize("align", ["align_corners", "half_pixel", "asymmetric"])
def test_it_gives_the_same_with_fewer_numbers_alive(mode, align):
    model = graph(last_steps(mode, align))
    true, before = run(model), count(model)
    assert enlarge_late(model) == 1
    made = used(model)
    onnx.checker.check_model(made, full_check=True)
    assert Counter(node.op_type for node in made.graph.node) == {"Conv": 2, "Resize": 1, "Add": 1}
    assert np.abs(run(made) - true).max() < 1e-5
    after = count(made)
    assert (after.alive or 0) < (before.alive or 0) / 2
    assert after.gflop < before.gflop


def read_elsewhere() -> onnx.ModelProto:
    b = last_steps()
    b.op("Relu", next(node for node in b.nodes if node.op_type == "Concat").output[0])
    return graph(b, b.nodes[-1].output[0])


@pytest.mark.parametrize(
    "model",
    [
        graph(last_steps("cubic")),
        graph(last_steps(align="tf_crop_and_resize")),
        graph(last_steps(pads=[1, 1, 1, 1])),
        graph(last_steps(strides=[2, 2])),
        read_elsewhere(),
    ],
    ids=["cubic", "outside the picture", "a margin", "every second", "read by others"],
)
def test_what_is_another_thing_stays(model):
    before = model.SerializeToString()
    assert enlarge_late(model) == 0
    assert model.SerializeToString() == before
