"""Convolutions in 8-bit whole numbers: what is stored, and how near the matte stays."""

from __future__ import annotations

import json

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from model_store import graph, native, placing, quantize
from model_store.canary import Difference, draw, samples
from model_store.quantize import Calibration
from tests.model_store.conftest import file_source, pull
from tests.model_store.graphs import resizing


def ranges_of(model: onnx.ModelProto, side: int) -> dict[str, tuple[float, float]]:
    """Least and greatest of each tensor over random pictures, by running the graph."""
    everything = onnx.ModelProto()
    everything.CopyFrom(model)
    names = [name for node in model.graph.node for name in node.output]
    known = {value.name for value in model.graph.output}
    for name in names:
        if name not in known:
            value = helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
            everything.graph.output.append(value)
    session = native.session(everything.SerializeToString())
    rng = np.random.default_rng(1)
    given = rng.uniform(-0.6, 0.6, (1, 3, side, side)).astype(np.float32)
    values = dict(zip(names, session.run(names, {"in": given}), strict=True)) | {"in": given}
    return {name: (float(found.min()), float(found.max())) for name, found in values.items()}


def toy(bias: bool = True) -> onnx.ModelProto:
    model = resizing(32)
    model.graph.node[0].name, model.graph.node[5].name = "first", "last"
    if bias:
        values = np.linspace(-0.5, 0.5, 8).astype(np.float32)
        model.graph.initializer.append(numpy_helper.from_array(values, "bias"))
        model.graph.node[0].input.append("bias")
    return model


def drawn(model: onnx.ModelProto, given: np.ndarray) -> np.ndarray:
    session = native.session(model.SerializeToString())
    (matte,) = session.run(None, {"in": given})
    return matte


def in_order(model: onnx.ModelProto) -> onnx.ModelProto:
    """`model`, producers before those who read what they make."""
    ordered = onnx.ModelProto()
    ordered.CopyFrom(model)
    del ordered.graph.node[:]
    ordered.graph.node.extend(graph._walk(model.graph))
    return ordered


@pytest.mark.parametrize("names", [("first",), ("last",), ("first", "last")])
def test_the_result_is_near_and_not_the_same(names):
    model = toy()
    given = np.random.default_rng(2).uniform(-0.5, 0.5, (1, 3, 32, 32)).astype(np.float32)
    before = drawn(model, given)
    quantize.quantize(model, Calibration(names, ranges_of(toy(), 32)))
    ordered = in_order(model)
    onnx.checker.check_model(ordered, full_check=True)
    apart = np.abs(drawn(ordered, given) - before)
    assert 0 < apart.mean() < 0.005
    # The last sums span 40 or so: a step of a 255th of it, in the middle of a sigmoid, is 0.04.
    assert apart.max() < 0.1


def test_weights_are_whole_numbers_of_each_channels_own_step():
    model = toy()
    kernel = numpy_helper.to_array(
        next(tensor for tensor in model.graph.initializer if tensor.name == "wide")
    )
    quantize.quantize(model, Calibration(("first",), ranges_of(toy(), 32)))
    kept = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    whole, steps = kept["wide.int"], kept["wide.steps"]
    assert (whole.dtype, steps.shape) == (np.int8, (8,))
    np.testing.assert_allclose(steps, np.abs(kernel).reshape(8, -1).max(axis=1) / 127, rtol=1e-6)
    error = np.abs(whole * steps.reshape(-1, 1, 1, 1) - kernel)
    assert (error <= steps.reshape(-1, 1, 1, 1) * 0.5001).all()
    assert np.abs(whole).max() == 127
    assert kept["bias.int"].dtype == np.int32


def test_zero_is_a_whole_number_and_the_range_is_covered():
    model = toy()
    quantize.quantize(model, Calibration(("first",), {"in": (-0.3, 0.7), "b": (0.0, 2.0)}))
    kept = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    step, zero = float(kept["in.step"]), int(kept["in.zero"])
    assert step == pytest.approx(1 / 255)
    assert zero == round(0.3 * 255)
    assert int(kept["b.zero"]) == 0


def test_a_graph_of_an_earlier_opset_draws_the_same():
    given = np.random.default_rng(2).uniform(-0.5, 0.5, (1, 3, 32, 32)).astype(np.float32)
    early, late = toy(), toy()
    early.opset_import[0].version = 11
    assert late.opset_import[0].version >= 13
    mattes = []
    for model in early, late:
        quantize.quantize(model, Calibration(("first",), ranges_of(toy(), 32)))
        mattes.append(drawn(in_order(model), given))
    np.testing.assert_array_equal(mattes[0], mattes[1])


def test_a_convolution_that_is_not_there_is_an_error():
    with pytest.raises(ValueError, match="no convolution middle"):
        quantize.quantize(toy(), Calibration(("middle",), {}))


def test_a_range_that_is_not_there_is_an_error():
    with pytest.raises(ValueError, match="no range of in"):
        quantize.quantize(toy(), Calibration(("first",), {}))


@pytest.fixture
def offered(store, tmp_path, monkeypatch):
    """A store that knows "toy", to be made of whole numbers, and what was found for it."""
    path = tmp_path / "upstream.onnx"
    onnx.save(toy(), path)
    entry = store.offer("toy", file_source(path), install={"optimise": "int8"}, sizes=[64])
    entry["input"]["shape"], entry["output"]["shape"] = [1, 3, 32, 32], [1, 1, 32, 32]
    entry["backends"] = ["webgpu", "wasm"]
    store.write()
    monkeypatch.setattr(quantize, "FOLDER", tmp_path)
    found = {"convolutions": ["first", "last"], "ranges": ranges_of(toy(), 32)}
    (tmp_path / "toy.json").write_text(json.dumps(found))
    return store


def test_a_pulled_model_is_made_of_whole_numbers_and_kept_off_gpus(offered):
    entry = pull(offered)
    made = onnx.load(entry.files[0].path).graph
    assert sum(node.op_type == "QuantizeLinear" for node in made.node) >= 3
    assert entry.backends == ("wasm",)
    for side in (32, 64):
        model = entry.at(side)
        assert model.canary.samples == samples(draw(entry.files[0].path, model), 16)
    assert pull(offered) is None


def test_without_ranges_the_upstream_graph_is_installed(offered, tmp_path):
    (tmp_path / "toy.json").unlink()
    entry = pull(offered)
    made = onnx.load(entry.files[0].path).graph
    assert not [node for node in made.node if node.op_type == "QuantizeLinear"]


def test_ranges_that_ruin_the_matte_are_not_used(offered, tmp_path, monkeypatch):
    found = json.loads((tmp_path / "toy.json").read_text())
    found["ranges"] |= {"in": [-0.01, 0.01], "b": [0, 0.01]}
    (tmp_path / "toy.json").write_text(json.dumps(found))
    monkeypatch.setattr(placing.workshop(), "_ROUGHLY", Difference(1e-4, 1))
    entry = pull(offered)
    made = onnx.load(entry.files[0].path).graph
    assert not [node for node in made.node if node.op_type == "QuantizeLinear"]
