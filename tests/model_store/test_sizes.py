"""One graph for several sizes draws what a graph exported for each size draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import helper

from model_store import catalog, graph, lockfile, placing
from model_store.canary import draw, samples
from model_store.errors import ModelRefused
from model_store.sizes import close_size
from tests.model_store.conftest import Ears, file_source, pull
from tests.model_store.graphs import resizing


@pytest.fixture
def sized(store, tmp_path):
    """A store that knows model "toy" of 32 x 32, to be run at 64 and at 128 as well."""
    path = tmp_path / "upstream.onnx"
    onnx.save(resizing(32), path)
    entry = store.offer("toy", file_source(path), install={"optimise": "trim"}, sizes=[64, 128])
    entry["input"]["shape"], entry["output"]["shape"] = [1, 3, 32, 32], [1, 1, 32, 32]
    store.write()
    return store


def test_each_size_draws_what_a_graph_of_that_size_draws(sized):
    toy = pull(sized)
    for side in (32, 64, 128):
        fixed = resizing(side).SerializeToString()
        model = toy.at(side)
        assert model.dimensions == {"height": side, "width": side}
        expected = draw(fixed, model)
        assert expected.shape == (side, side)
        assert np.abs(draw(toy.files[0].path, model) - expected).max() <= 1e-6
        assert model.canary.samples == samples(expected, 16)
    assert toy.at(48) is None


def test_work_is_counted_at_each_size(sized):
    toy = pull(sized)
    per_pixel = 2 * 9 * (3 * 8 + 16)
    for side in (32, 64, 128):
        assert toy.at(side).gflop == pytest.approx(side * side * per_pixel / 1e9, abs=1e-6)


def test_it_stays_so_when_the_store_is_loaded_again(sized):
    toy = pull(sized)
    assert catalog.load(sized.root).models[-1] == toy
    assert pull(sized) is None


def test_a_model_of_an_earlier_release_is_offered_at_its_own_size_and_pulled_again(sized):
    entry = sized.content["models"][-1]
    del entry["sizes"]
    sized.write()
    pull(sized)
    entry["sizes"] = [64, 128]
    sized.write()
    old = catalog.load(sized.root).models[-1]
    assert (old.dimensions, old.at(64), old.at(32)) == ({}, None, old)
    assert pull(sized).at(64)


def test_a_graph_that_cannot_be_optimised_has_its_own_size_and_is_not_fetched_for_ever(
    sized, monkeypatch
):
    def refuse(*_, **__):
        raise ValueError("cannot")

    monkeypatch.setattr(graph, "optimize", refuse)
    ears = Ears()
    toy = pull(sized, progress=ears)
    assert "as upstream has it" in ears.said[0]
    assert (toy.others, toy.dimensions) == ((), {})
    assert pull(sized) is None


def opened(model, bent=None):
    """The graph for several sizes, `bent` having changed what upstream has."""
    upstream = resizing(32)
    if bent:
        bent(upstream.graph)
    return graph.optimize(upstream.SerializeToString(), model, halve=False)


@pytest.fixture
def toy(sized):
    model = catalog.read(sized.root).models[-1]
    given, drawn = replace(model.input, name="in"), replace(model.output, name="out")
    return replace(model, input=given, output=drawn)


def test_the_same_bytes_every_time(toy):
    assert opened(toy) == opened(toy)


def test_its_dimensions_have_names_and_no_size_is_left_in_it(toy):
    made = onnx.load_model_from_string(opened(toy)).graph
    for value in (made.input[0], made.output[0]):
        dims = value.type.tensor_type.shape.dim
        assert [dim.dim_param for dim in dims[2:]] == ["height", "width"]
    assert not [t.name for t in made.initializer if t.data_type == onnx.TensorProto.INT64]
    close_size(made, {"height": 96, "width": 96})
    assert [dim.dim_value for dim in made.input[0].type.tensor_type.shape.dim] == [1, 3, 96, 96]


def test_an_operator_that_may_hold_the_size_is_refused(toy):
    def bend(upstream):
        upstream.node[-1].output[0] = "g"
        shape = np.array([1, 1, 32, 32], np.int64)
        upstream.initializer.append(onnx.numpy_helper.from_array(shape, "shape"))
        upstream.initializer.append(
            onnx.numpy_helper.from_array(np.ones((1, 1, 1, 1), np.float32), "one")
        )
        upstream.node.append(helper.make_node("Expand", ["one", "shape"], ["wide1"]))
        upstream.node.append(helper.make_node("Softmax", ["g"], ["h"], axis=3))
        upstream.node.append(helper.make_node("Mul", ["h", "wide1"], ["out"]))

    with pytest.raises(ValueError, match="Softmax: may hold for one size only"):
        opened(toy, bend)


def test_a_resize_by_no_whole_factor_is_refused(toy):
    def bend(upstream):
        for node in upstream.node:
            if node.op_type == "MaxPool":
                strides = next(a for a in node.attribute if a.name == "strides")
                strides.ints[:] = [3, 3]

    with pytest.raises(ValueError, match="which is no multiple"):
        opened(toy, bend)


@pytest.mark.parametrize(
    ("sizes", "shape", "expected"),
    [
        ([], [32, 32], "a list of different whole numbers"),
        ([64, 64], [32, 32], "a list of different whole numbers"),
        ([True], [32, 32], "a list of different whole numbers"),
        ("64", [32, 32], "a list of different whole numbers"),
        ([32], [32, 32], "other than that of the input, a square"),
        ([64], [32, 48], "other than that of the input, a square"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(sized, sizes, shape, expected):
    entry = sized.content["models"][-1]
    entry["sizes"] = sizes
    entry["input"]["shape"][2:] = shape
    entry["output"]["shape"][2:] = shape
    sized.write()
    with pytest.raises(catalog.CatalogError, match=expected):
        catalog.read(sized.root)


@pytest.mark.parametrize(
    ("key", "value"), [("side", 0), ("samples", [0.5]), ("demands", {}), ("colour", 1)]
)
def test_a_record_of_sizes_that_makes_no_sense_is_refused(sized, key, value):
    pull(sized)
    record = lockfile.read_raw(sized.root)["toy"]
    record["sizes"][0][key] = value
    sized.lock(toy=record)
    with pytest.raises(catalog.CatalogError, match=rf"sizes\[0\].*{key}"):
        catalog.load(sized.root)


def test_a_graph_that_draws_nonsense_at_another_size_is_not_installed(sized, monkeypatch):
    real = placing.workshop().canary.draw

    def drawn(path, model):
        matte = real(path, model)
        return matte * np.float32(3) if model.side == 128 else matte

    monkeypatch.setattr(placing.workshop().canary, "draw", drawn)
    with pytest.raises(ModelRefused, match=r"within 0\.\.1"):
        pull(sized)
