"""Graphs made without running anything: the same bytes as the workshop makes."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from model_store import catalog, install, lockfile, quantize, recipe, write_recipe
from model_store.errors import ModelRefused
from model_store.lockfile import rules_of
from tests.model_store.conftest import Ears, file_source, nothing_is_installed, pull
from tests.model_store.graphs import resizing
from tests.model_store.test_quantize import ranges_of

KNOWN = {model.id: model for model in catalog.read().models}


@pytest.mark.parametrize("name", ["isnet", "isnet-small"])
def test_a_shipped_recipe_fits_the_catalog(name):
    found = recipe.recipe_of(KNOWN[name])
    assert found, "write it anew: python -m model_store.write_recipe"
    assert {source.sha256 for source in KNOWN[name].sources} == {found.upstream}
    assert [size["side"] for size in found.record["sizes"]] == list(KNOWN[name].sizes)


def test_the_recommended_model_needs_no_packages():
    known = catalog.read()
    (entry,) = (one for one in known.composites if one.id == known.recommended)
    for part in entry.made_of:
        assert KNOWN[part.model].files or recipe.recipe_of(KNOWN[part.model])


@pytest.fixture
def offered(store, tmp_path, monkeypatch):
    """A store that knows "toy", in half precision upstream, to be made of whole numbers."""
    model = resizing(32)
    model.graph.node[0].name, model.graph.node[5].name = "first", "last"
    ranges = ranges_of(model, 32)
    halve(model)
    path = tmp_path / "upstream.onnx"
    onnx.save(model, path)
    entry = store.offer("toy", file_source(path), install={"optimise": "int8"}, sizes=[64])
    entry["input"]["shape"], entry["output"]["shape"] = [1, 3, 32, 32], [1, 1, 32, 32]
    store.write()
    monkeypatch.setattr(quantize, "FOLDER", tmp_path)
    found = {"convolutions": ["first", "last"], "ranges": ranges}
    (tmp_path / "toy.json").write_text(json.dumps(found))
    monkeypatch.setattr(recipe, "FOLDER", tmp_path / "recipes")
    return store


def halve(model: onnx.ModelProto) -> None:
    """Store kernels in half precision, each cast back before it is used."""
    for tensor in [t for t in model.graph.initializer if len(t.dims) == 4]:
        name = tensor.name
        half = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), name)
        tensor.CopyFrom(half)
        cast = onnx.helper.make_node("Cast", [name], [f"{name}.single"], to=1)
        for node in model.graph.node:
            for index, given in enumerate(node.input):
                if given == name:
                    node.input[index] = f"{name}.single"
        model.graph.node.insert(0, cast)


def written(store):
    """Pull without a recipe, write one, and take the model away again."""
    entry = pull(store)
    made = entry.files[0].path.read_bytes()
    record = lockfile.read_raw(store.root)["toy"]
    upstream = Path(store.content["models"][-1]["sources"][0]["path"]).read_bytes()
    write_recipe.write(recipe.FOLDER / "toy.zip", upstream, made, json.loads(json.dumps(record)))
    install.remove(store.root, "toy")
    return entry, made, record


def test_what_it_makes_is_what_the_workshop_makes(offered, monkeypatch):
    entry, made, record = written(offered)
    assert record["story"]["optimised"] == "int8"
    monkeypatch.setitem(sys.modules, "model_store.workshop", None)
    ears = Ears()
    again = pull(offered, progress=ears)
    assert again.files[0].path.read_bytes() == made
    assert again == entry
    assert ears.counts[-1] == len(made)
    fresh = lockfile.read_raw(offered.root)["toy"]
    assert fresh["story"].keys() >= {"installed", "sources", "optimised"}
    assert {k: v for k, v in fresh.items() if k != "story"} == {
        k: v for k, v in record.items() if k != "story"
    }


def test_of_other_rules_it_is_not_used(offered):
    written(offered)
    entry = catalog.read(offered.root).models[-1]
    assert recipe.recipe_of(entry)
    offered.content["models"][-1]["canary"]["seed"] = 2
    offered.write()
    changed = catalog.read(offered.root).models[-1]
    assert rules_of(changed) != rules_of(entry)
    assert recipe.recipe_of(changed) is None


def test_one_that_gives_other_bytes_installs_nothing(offered):
    written(offered)
    path = recipe.FOLDER / "toy.zip"
    with zipfile.ZipFile(path) as archive:
        told, new = json.loads(archive.read(recipe.STEPS)), archive.read(recipe.NEW)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(recipe.STEPS, json.dumps(told))
        archive.writestr(recipe.NEW, new[:-1] + bytes([new[-1] ^ 1]))
    with pytest.raises(ModelRefused, match="its recipe should give"):
        pull(offered)
    assert nothing_is_installed(offered)


@pytest.mark.parametrize("seed", range(5))
def test_kernels_are_rounded_as_in_single_precision(seed):
    rng = np.random.default_rng(seed)
    halves = (rng.normal(0, 10.0 ** rng.integers(-6, 3), 20_000)).astype(np.float16)
    weights = halves.astype(np.float32)
    step = np.maximum(np.abs(weights).max(), np.float32(1e-12)) / np.float32(127)
    expected = np.clip(np.rint(weights / step), -127, 127).astype(np.int8)
    assert recipe.rounded(halves.tobytes()) == expected.tobytes()


def test_a_kernel_of_nothing_is_nothing():
    assert recipe.rounded(bytes(8)) == bytes(4)
