"""The rewriting of a graph, on one small enough to see through, and on what is shipped."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model_store import catalog, native
from model_store.canary import Difference, difference
from model_store.graph import optimize
from model_store.optimize import samples_agree

ROOT = Path(__file__).resolve().parents[2]


def model_for(store):
    """A catalog entry for `toy()`: 32 x 48, output "out"."""
    return catalog.load(store.write()).models[0]


def toy(bias: float = 0.1, weight: float = 0.5) -> onnx.ModelProto:
    """Conv, BatchNormalization, a resize whose shape is computed, a side output, a dead node."""
    rng = np.random.default_rng(1)
    kernel = rng.normal(0, 0.1, (4, 3, 3, 3)).astype(np.float32)
    kernel.flat[0] = weight
    head = rng.normal(0, 0.1, (1, 4, 3, 3)).astype(np.float32)
    constants = {
        "kernel": kernel,
        "bias": np.full(4, bias, np.float32),
        "one": np.ones(4, np.float32),
        "ones": np.ones(4, np.float32),
        "zero": np.zeros(4, np.float32),
        "head": head,
        "nothing": np.zeros(0, np.float32),
    }
    node = helper.make_node
    nodes = [
        node("Conv", ["in", "kernel", "bias"], ["a"], pads=[1, 1, 1, 1], strides=[2, 2]),
        node("BatchNormalization", ["a", "one", "zero", "zero", "ones"], ["b"], epsilon=0.0),
        node("Relu", ["b"], ["c"], doc_string="torch.py(12): forward"),
        node("Conv", ["c", "head"], ["d"], pads=[1, 1, 1, 1]),
        node("Shape", ["in"], ["whole"]),
        node("Constant", [], ["from"], value=numpy_helper.from_array(np.array([2]))),
        node("Constant", [], ["to"], value=numpy_helper.from_array(np.array([4]))),
        node("Slice", ["whole", "from", "to"], ["plane"]),
        node("Constant", [], ["one_one"], value=numpy_helper.from_array(np.array([1, 1]))),
        node("Concat", ["one_one", "plane"], ["size"], axis=0),
        node("Resize", ["d", "nothing", "nothing", "size"], ["e"], mode="linear"),
        node("Identity", ["e"], ["out"]),
        node("Sigmoid", ["d"], ["side"]),
        node("Exp", ["b"], ["dead"]),
    ]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "torch-jit-export",
        [value("in", TensorProto.FLOAT, [1, 3, "h", "w"])],
        [value("side", TensorProto.FLOAT, None), value("out", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(
        graph,
        producer_name="pytorch",
        opset_imports=[helper.make_opsetid("", 11), helper.make_opsetid("ai.onnx.ml", 2)],
        ir_version=6,
    )
    model.doc_string = "exported on a Tuesday"
    return model


def run(graph: bytes) -> np.ndarray:
    session = native.session(graph)
    picture = np.random.default_rng(2).random((1, 3, 32, 48), np.float32)
    (out,) = session.run(["out"], {"in": picture})
    return out


def made(store, upstream: onnx.ModelProto) -> onnx.ModelProto:
    return onnx.load_model_from_string(optimize(upstream.SerializeToString(), model_for(store)))


def stored_as(graph: onnx.ModelProto) -> dict[str, int]:
    return {tensor.name: tensor.data_type for tensor in graph.graph.initializer}


def test_only_what_the_output_needs_remains(store):
    graph = made(store, toy())
    assert [node.op_type for node in graph.graph.node] == [
        "Cast",
        "Conv",
        "Relu",
        "Conv",
        "Resize",
    ]
    assert [value.name for value in graph.graph.output] == ["out"]
    assert [(opset.domain, opset.version) for opset in graph.opset_import] == [("", 11)]
    assert b"torch" not in graph.SerializeToString()
    assert not graph.producer_name
    assert not graph.doc_string


def test_the_result_is_the_upstream_result(store):
    upstream = toy()
    small = optimize(upstream.SerializeToString(), model_for(store))
    assert np.abs(run(small) - run(upstream.SerializeToString())).max() < 1e-3


def test_kernels_are_halved_and_the_rest_is_not(store):
    graph = made(store, toy())
    types = stored_as(graph)
    halved = [name for name, kind in types.items() if kind == TensorProto.FLOAT16]
    assert len(halved) == 1  # the head has fewer weights than a Cast is worth
    assert graph.graph.node[0].input[0] == halved[0]
    readers = [node.op_type for node in graph.graph.node if halved[0] in node.input]
    assert readers == ["Cast"]


def test_a_kernel_whose_sum_is_taken_back_by_its_bias_is_not_halved(store):
    assert TensorProto.FLOAT16 not in stored_as(made(store, toy(bias=-900.0))).values()


def test_a_weight_beyond_fp16_is_an_error_with_its_value(store):
    with pytest.raises(ValueError, match=r"70000.*65504"):
        made(store, toy(weight=70000.0))


def test_a_name_the_graph_does_not_have_is_an_error(store):
    model = model_for(store)
    wrong = replace(model, output=replace(model.output, name="1959"))
    with pytest.raises(ValueError, match=r"'1959'.*side, out"):
        optimize(toy().SerializeToString(), wrong)


def test_the_order_of_the_upstream_file_does_not_matter(store):
    shuffled = toy()
    constants = list(shuffled.graph.initializer)
    del shuffled.graph.initializer[:]
    shuffled.graph.initializer.extend(reversed(constants))
    shuffled.graph.name = "another"
    assert made(store, shuffled).SerializeToString() == made(store, toy()).SerializeToString()


@pytest.mark.parametrize(("name", "seed"), [("u2netp", "1"), ("u2netp-light", "2")])
def test_the_shipped_file_is_what_the_command_makes(name, seed, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "model_store.optimize", name, "--check"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    (model,) = (model for model in catalog.load().models if model.id == name)
    assert f"bytes = {model.bytes}" in done.stdout
    assert f"gflop = {model.gflop}\n" in done.stdout


def test_samples_may_differ_by_what_processors_do_and_not_by_what_models_do():
    models = {model.id: model for model in catalog.read().models}
    floats, whole = models["u2netp"], models["u2netp-light"]
    assert samples_agree(floats, Difference(0.0001, 0.0006))
    assert not samples_agree(floats, Difference(0.0001, 0.0077))
    assert samples_agree(whole, Difference(0.0003, 0.0077))
    apart = difference(floats.canary.samples, whole.canary.samples)
    assert not samples_agree(whole, apart)


def test_the_shipped_graph_is_standard_and_plain():
    for model in catalog.read().models:
        if model.install:  # made on the machine that installs it
            continue
        (file,) = model.files
        graph = onnx.load(file.path)
        onnx.checker.check_model(graph, full_check=True)
        assert [opset.domain for opset in graph.opset_import] == [""]
        assert not {"Shape", "Constant", "Identity"} & {node.op_type for node in graph.graph.node}
        for value, wanted in (
            (graph.graph.input, model.input),
            (graph.graph.output, model.output),
        ):
            (only,) = value
            shape = tuple(dim.dim_value for dim in only.type.tensor_type.shape.dim)
            assert (only.name, shape) == (wanted.name, wanted.shape)


def test_a_number_and_a_list_of_it_are_two_constants(store):
    node = helper.make_node
    nodes = [
        node("Gather", ["in", "list"], ["kept"], axis=1),
        node("Gather", ["in", "number"], ["bare"], axis=1),
        node("Add", ["kept", "bare"], ["out"]),
    ]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "g",
        [value("in", TensorProto.FLOAT, [1, 3, 32, 48])],
        [value("out", TensorProto.FLOAT, [1, 1, 32, 48])],
        [
            numpy_helper.from_array(np.array([1]), "list"),
            numpy_helper.from_array(np.array(1), "number"),
        ],
    )
    upstream = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    ).SerializeToString()
    assert np.array_equal(run(optimize(upstream, model_for(store))), run(upstream))
