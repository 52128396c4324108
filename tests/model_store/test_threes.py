"""Convolutions that GPUs compute wrongly get a number of channels that they compute rightly."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model_store import count, native
from model_store.rewrite import rewrite
from model_store.threes import is_wrong_on_gpus


def convolution(
    channels: int, drawn: int, side: int, *, opset: int = 17, **attributes: Any
) -> onnx.ModelProto:
    """1 x channels x 16 x 16 "in" to "out" of as many pixels, at most."""
    rng = np.random.default_rng(channels)
    value = helper.make_tensor_value_info
    group = attributes.get("group", 1)
    weights = {
        "kernel": rng.normal(0, 0.3, (drawn, channels // group, side, side)),
        "bias": rng.normal(0, 0.3, drawn),
    }
    node = helper.make_node(
        "Conv", ["in", "kernel", "bias"], ["out"], pads=[side // 2] * 4, **attributes
    )
    graph = helper.make_graph(
        [node],
        "one",
        [value("in", TensorProto.FLOAT, [1, channels, 16, 16])],
        [value("out", TensorProto.FLOAT, [1, drawn, None, None])],
        [numpy_helper.from_array(array.astype(np.float32), k) for k, array in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


# As seen with SwiftShader: channels, channels drawn, side of the kernel.
WRONG = [(6, 8, 3), (9, 4, 3), (18, 16, 5), (30, 8, 7), (6, 8, 2), (99, 64, 3)]
RIGHT = [(3, 8, 3), (12, 8, 3), (30, 7, 3), (6, 6, 3), (6, 8, 1), (29, 8, 3), (60, 64, 3)]


@pytest.mark.parametrize(("shape", "is_wrong"), [(s, s in WRONG) for s in (*WRONG, *RIGHT)])
def test_which_they_are(shape, is_wrong):
    model = convolution(*shape)
    kernel = tuple(model.graph.initializer[0].dims)
    assert is_wrong_on_gpus(model.graph.node[0], kernel) == is_wrong


@pytest.mark.parametrize("opset", [9, 11, 17])
@pytest.mark.parametrize("how", [{}, {"strides": [2, 2]}, {"dilations": [2, 2]}], ids=str)
@pytest.mark.parametrize("shape", WRONG)
def test_they_are_given_zeros_and_give_the_same(shape, how, opset):
    given = {"in": np.random.default_rng(1).normal(size=(1, shape[0], 16, 16)).astype(np.float32)}
    whole, made = (convolution(*shape, opset=opset, **how) for _ in "ab")
    made = rewrite(made, restore=False)
    onnx.checker.check_model(made)
    (conv,) = (node for node in made.graph.node if node.op_type == "Conv")
    (kernel,) = (one for one in made.graph.initializer if one.name == conv.input[1])
    assert kernel.dims[1] % 4 == 0
    (true,) = native.session(whole.SerializeToString()).run(None, given)
    (found,) = native.session(made.SerializeToString()).run(None, given)
    # A sum in another order: of 450 products 1.1e-6.
    assert np.abs(found - true).max() <= 3e-6 * np.abs(true).max()


@pytest.mark.parametrize("shape", RIGHT)
def test_others_stay(shape):
    model = convolution(*shape)
    before = model.SerializeToString()
    assert rewrite(model, restore=False).SerializeToString() == before


def test_for_processors_and_in_groups_they_stay():
    for model, restore in ((convolution(6, 8, 3), True), (convolution(12, 8, 3, group=2), False)):
        before = model.SerializeToString()
        assert rewrite(model, restore=restore).SerializeToString() == before


@pytest.mark.parametrize(("shape", "no_gpu"), [((30, 8, 3), ("Conv",)), ((32, 8, 3), ())])
def test_one_that_is_left_keeps_its_model_off_gpus(tmp_path, shape, no_gpu):
    path = tmp_path / "one.onnx"
    onnx.save(convolution(*shape), path)
    demands = count.demands_of(path)
    assert demands.no_gpu == no_gpu
    assert demands.allows("webgpu") == (not no_gpu)
