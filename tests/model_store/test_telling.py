"""A device that draws one value everywhere fails the canary of whatever it is offered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from model_store import canary, catalog, install, lockfile, native, recipe, write_recipe
from model_store.entry import Canary
from model_store.errors import ModelRefused
from model_store.public import public_entry
from tests.model_store.conftest import Ears, Store, file_source, nothing_is_installed, pull
from tests.model_store.graphs import matting

FLAT = (0.0, 0.25, 0.5, 1.0)


def passes(flat: float, given: Canary) -> bool:
    return canary.difference((flat,) * len(given.samples), given.samples).within(given)


@pytest.mark.parametrize(
    ("samples", "tells"),
    [
        ([0.0] * 256, False),
        ([0.3] * 256, False),
        ([0.0] * 128 + [0.019] * 128, False),  # 0.0095 from their middle
        ([0.0] * 128 + [0.021] * 128, True),
        ([0.0] * 255 + [0.1], False),
        ([0.0] * 255 + [0.12], True),
        ([0.0] * 255 + [0.201], True),
    ],
)
def test_a_canary_tells_where_no_single_value_lies_within_its_tolerance(samples, tells):
    given = Canary("blocks-v1", 1, 16, tuple(samples), tolerance_mean=0.01, tolerance_max=0.1)
    assert given.tells == tells
    flat = np.linspace(0, 1, 2001)
    assert any(passes(float(value), given) for value in flat) != tells


@pytest.mark.parametrize("model", catalog.load().models, ids=lambda model: model.id)
def test_what_comes_with_mattebox_tells(model):
    assert model.canary.tells
    assert not any(passes(flat, model.canary) for flat in FLAT)


def seeing_only(path: Path, least: float) -> Path:
    """A net that sees a channel's sum above `least`, and nothing in a picture that is darker."""
    model = matting()
    wide = np.zeros((8, 3, 3, 3), np.float32)
    wide[0, 0, 1, 1] = 1
    narrow = np.zeros((1, 8, 3, 3), np.float32)
    narrow[0, 0, 1, 1] = 1000
    for tensor, value in zip(model.graph.initializer, (wide, narrow), strict=True):
        tensor.CopyFrom(numpy_helper.from_array(value, tensor.name))
    bias = numpy_helper.from_array(np.array([-least] + [0] * 7, np.float32), "threshold")
    down = numpy_helper.from_array(np.array([-20], np.float32), "down")
    model.graph.initializer.extend([bias, down])
    convs = [node for node in model.graph.node if node.op_type == "Conv"]
    convs[0].input.append("threshold")
    convs[1].input.append("down")
    onnx.save(model, path)
    return path


def brightest(seed: int) -> float:
    """Of a picture's first channel, as the model of these tests takes it."""
    return float(canary.blocks_image(32, 48, seed)[..., 0].max()) / 255 - 0.5


DARK = min(range(200), key=brightest)
BETWEEN = (brightest(DARK) + brightest(canary.SEEDS[0])) / 2
BOTH = ["webgpu", "wasm"]


def offer(store: Store, path: Path, **changes: object) -> None:
    entry = store.offer("toy", file_source(path), **changes)
    entry["canary"]["seed"] = DARK
    store.write()


def test_another_picture_is_taken_where_it_sees_nothing_in_the_catalogs(store, tmp_path):
    assert brightest(DARK) < BETWEEN < brightest(canary.SEEDS[0])
    path = seeing_only(tmp_path / "net.onnx", BETWEEN)
    offer(store, path, backends=BOTH, install={"optimise": "fp16"})
    ears = Ears()
    toy = pull(store, progress=ears)
    assert (toy.canary.seed, toy.backends, ears.said) == (canary.SEEDS[0], ("webgpu", "wasm"), [])
    assert not any(passes(flat, toy.canary) for flat in FLAT)
    # The page draws the picture of this seed, and is held to what upstream makes of it.
    (part,) = public_entry(catalog.load(store.root).models[-1])["parts"]
    assert part["canary"]["seed"] == canary.SEEDS[0]
    image = canary.blocks_image(32, 48, part["canary"]["seed"])
    given = {toy.input.name: canary.tensor_of(image, toy.input)}
    (drawn,) = native.session(path).run([toy.output.name], given)
    true = canary.samples(canary.matte_of(drawn, toy.output), 16)
    assert canary.difference(part["canary"]["samples"], true).max < 1e-3
    assert pull(store) is None


def test_a_recipe_brings_the_picture_along(store, tmp_path, monkeypatch):
    offer(store, seeing_only(tmp_path / "net.onnx", BETWEEN), install={"optimise": "trim"})
    made = pull(store)
    record = lockfile.read_raw(store.root)["toy"]
    assert record["seed"] == canary.SEEDS[0]
    monkeypatch.setattr(recipe, "FOLDER", tmp_path / "recipes")
    upstream = (tmp_path / "net.onnx").read_bytes()
    content = made.files[0].path.read_bytes()
    write_recipe.write(tmp_path / "recipes" / "toy.zip", upstream, content, record)
    install.remove(store.root, "toy")
    assert pull(store).canary == made.canary


def test_a_net_that_sees_nothing_in_any_is_left_to_processors(store, tmp_path):
    offer(store, seeing_only(tmp_path / "net.onnx", 1.0), backends=BOTH)
    ears = Ears()
    toy = pull(store, progress=ears)
    assert (toy.backends, toy.canary.seed) == (("wasm",), DARK)
    assert public_entry(catalog.load(store.root).models[-1])["backends"] == ["wasm"]
    (said,) = ears.said
    assert said == (
        "toy is offered to processors alone: it sees nothing in the test pictures, so a GPU that"
        " draws nothing would not be noticed"
    )


def test_and_is_not_installed_where_it_is_for_gpus_alone(store, tmp_path):
    offer(store, seeing_only(tmp_path / "net.onnx", 1.0), backends=["webgpu"])
    with pytest.raises(ModelRefused, match="would not be noticed, and it is for GPUs alone"):
        pull(store)
    assert nothing_is_installed(store)


def test_a_record_of_an_earlier_release_is_held_to_it(store, tmp_path):
    offer(store, seeing_only(tmp_path / "net.onnx", BETWEEN), backends=BOTH)
    pull(store)
    record = lockfile.read_raw(store.root)["toy"]
    del record["seed"]
    store.lock(toy=record | {"samples": [0.0] * 256})
    assert catalog.load(store.root).models[-1].backends == ("wasm",)
