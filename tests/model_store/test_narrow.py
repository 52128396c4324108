"""Whole numbers that a graph takes in 32 bits instead of 64, and what is the same with them."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from model_store import native
from model_store.errors import ModelRefused
from model_store.narrow import narrow
from model_store.pipeline import Check, Graph, Tensor
from model_store.pipeline_interface import keep

node = helper.make_node
WORDS = np.arange(40, dtype=np.float32).reshape(20, 2)
#: As exporters write what they do with ids and time steps.
SOUND = {
    "cast": [node("Cast", ["x"], ["y"], to=TensorProto.FLOAT)],
    "spread, then cast": [
        node("Unsqueeze", ["x", "axis"], ["a"]),
        node("Expand", ["a", "size"], ["b"]),
        node("Cast", ["b"], ["y"], to=TensorProto.FLOAT),
    ],
    "reshaped by its own shape": [
        node("Shape", ["x"], ["shape"]),
        node("Reshape", ["x", "shape"], ["a"]),
        node("Gather", ["words", "a"], ["y"]),
    ],
    "cast to what it was": [
        node("Cast", ["x"], ["a"], to=TensorProto.INT64),
        node("Add", ["a", "axis"], ["b"]),
        node("Gather", ["words", "b"], ["y"]),
    ],
    "compared and held within bounds, as labels of points are": [
        node("Constant", [], ["none"], value=numpy_helper.from_array(np.array(3), "none")),
        node("Unsqueeze", ["x", "axis"], ["column"]),
        node("Equal", ["column", "none"], ["is none"]),
        node("Max", ["x", "five"], ["a"]),
        node("Clip", ["a", "", "six"], ["b"]),
        node("Gather", ["words", "b"], ["kind"]),
        node("Where", ["is none", "one", "kind"], ["there"]),
        # As it is, for others.
        node("Gather", ["words", "five"], ["fifth"]),
        node("Add", ["there", "fifth"], ["y"]),
    ],
}
OTHERS = {
    "compared with what 32 bits do not hold": [
        node("Less", ["x", "far"], ["a"]),
        node("Cast", ["a"], ["y"], to=TensorProto.FLOAT),
    ],
    "compared with what is not known": [
        node("Mul", ["axis", "five"], ["made"]),
        node("Less", ["x", "made"], ["a"]),
        node("Cast", ["a"], ["y"], to=TensorProto.FLOAT),
    ],
    "added to": [
        node("Add", ["x", "axis"], ["a"]),
        node("Cast", ["a"], ["y"], to=TensorProto.FLOAT),
    ],
    "a shape": [
        node("Expand", ["one", "x"], ["y"]),
    ],
    "gathered from": [
        node("Gather", ["x", "axis"], ["a"]),
        node("Cast", ["a"], ["y"], to=TensorProto.FLOAT),
    ],
}


def graph(nodes: list[NodeProto]) -> onnx.ModelProto:
    constants: dict[str, NDArray[np.generic]] = {
        "words": WORDS,
        "axis": np.array([1]),
        "size": np.array([3, 2]),
        "one": np.array([1], np.float32),
        "five": np.array(5),
        "six": np.array(6),
        "far": np.array(2**31),
    }
    used = {name for one in nodes for name in one.input}
    value = helper.make_tensor_value_info
    made = helper.make_graph(
        nodes,
        "g",
        [value("x", TensorProto.INT64, ["n"])],
        [value("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(v, k) for k, v in constants.items() if k in used],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.mark.parametrize("what", SOUND)
def test_the_same_comes_of_32_bits(what: str) -> None:
    model = onnx.shape_inference.infer_shapes(graph(SOUND[what]))
    given = np.array([3, 7, 3])
    (wanted,) = native.session(model.SerializeToString()).run(None, {"x": given})
    assert narrow(model, "x")
    onnx.checker.check_model(model, full_check=True)
    session = native.session(model.SerializeToString())
    assert session.get_inputs()[0].type == "tensor(int32)"
    (found,) = session.run(None, {"x": given.astype(np.int32)})
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_computed_with_in_64_bits_stays_as_it_is(what: str) -> None:
    model = graph(OTHERS[what])
    before = model.SerializeToString()
    assert not narrow(model, "x")
    assert model.SerializeToString() == before
    check = Check("noise-v1", 1, 0.1, 0.1)
    inputs = (Tensor("x", "timestep", "int32", ("n",)),)
    entry = Graph("unet", inputs, (Tensor("y", "noise", "float32", ("n",)),), check, {"n": 1})
    with pytest.raises(ModelRefused, match="'x' in 64 bits, which no GPU does"):
        keep(model, entry, "some")


def test_where_a_processor_may_run_it_too_it_is_taken_in_32_bits_all_the_same() -> None:
    model = graph(OTHERS["added to"])
    given = np.array([3, 7, 3])
    (wanted,) = native.session(model.SerializeToString()).run(None, {"x": given})
    inputs = (Tensor("x", "labels", "int32", ("n",)),)
    check = Check("click-v1", 1, 0.1, 0.1)
    entry = Graph("decoder", inputs, (Tensor("y", "masks", "float32", ("n",)),), check, {"n": 1})
    assert keep(model, entry, "some", needs_gpu=False)
    onnx.checker.check_model(model, full_check=True)
    (found,) = native.session(model.SerializeToString()).run(None, {"x": given.astype(np.int32)})
    assert np.array_equal(found, wanted)


def test_an_output_of_64_bits_stays_as_it_is() -> None:
    model = graph([node("Identity", ["x"], ["y"])])
    model.graph.output[0].type.tensor_type.elem_type = TensorProto.INT64
    assert not narrow(model, "x")
