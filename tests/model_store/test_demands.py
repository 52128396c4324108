"""What a run asks of a device is what its graph says, also where an older record says nothing."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner

from model_store import catalog, commands, install, lockfile
from model_store.count import demands_of
from model_store.entry import Model
from model_store.errors import ToolsMissing
from model_store.public import UNCOUNTED_GFLOP, public_entry
from tests.model_store.conftest import file_source, pull
from tests.model_store.graphs import matting, save_apart

# Two convolutions of 3 x 3 at 32 x 48: 3 to 8 channels and back to 1.
TOY_GFLOP = round(2 * 32 * 48 * 9 * (3 * 8 + 8) / 1e9, 6)


@pytest.mark.parametrize("model", catalog.load().models, ids=lambda model: model.id)
def test_what_is_said_of_each_model_here_is_what_its_graph_says(model):
    (graph,) = (file.path for file in model.files if file.role == "graph")
    demands = demands_of(graph, model.dimensions)
    assert model.gflop == pytest.approx(demands.gflop, abs=1e-6)
    assert ("webgpu" in model.backends) == (not demands.integer)
    needs = model.requirements
    assert needs.webgpu_features == demands.features
    if "webgpu" in model.backends:
        assert needs.webgpu_limits == demands.limits


def test_a_pulled_model_is_recorded_with_what_it_demands(offered):
    entry = pull(offered)
    assert entry.gflop == TOY_GFLOP
    assert entry.requirements.webgpu_limits["maxStorageBuffersPerShaderStage"] == 3
    record = lockfile.read_raw(offered.root)["toy"]["demands"]
    assert record == demands_of(entry.files[0].path).as_json()


def test_weights_beside_the_graph_are_no_hindrance(store, tmp_path):
    path = tmp_path / "upstream" / "toy.onnx"
    save_apart(matting(), path, "toy.onnx_data")
    data = file_source(path.with_name("toy.onnx_data"), role="external-data")
    store.offer("toy", file_source(path), data)
    store.write()
    assert pull(store).gflop == TOY_GFLOP


@pytest.fixture
def old(offered):
    """A store whose model "toy" was installed by a release that counted nothing."""
    pull(offered)
    forget(offered)
    return offered


def run(word, store):
    return CliRunner().invoke(commands.group(store.root), [word])


def forget(store):
    record = lockfile.read_raw(store.root)["toy"]
    del record["demands"]
    store.lock(toy=record)


def installed(store) -> Model:
    return catalog.load(store.root).models[-1]


def test_a_record_of_an_earlier_release_is_offered_to_processors(old):
    toy = installed(old)
    assert toy.gflop is None
    public = public_entry(toy)
    assert (public["backends"], public["gflop"]) == (["wasm"], UNCOUNTED_GFLOP)
    assert json.loads(json.dumps(public)) == public


def test_what_the_catalog_knows_stands_in_for_what_a_record_lacks(old):
    old.content["models"][-1] |= {"gflop": 2.5, "backends": ["webgpu", "wasm"]}
    old.write()
    public = public_entry(installed(old))
    assert (public["backends"], public["gflop"]) == (["webgpu", "wasm"], 2.5)


def test_verifying_counts_what_is_missing(old):
    result = run("verify", old)
    assert result.exit_code == 0, result.output
    assert "toy: counted" in result.output
    assert installed(old).gflop == TOY_GFLOP
    assert "counted" not in run("verify", old).output


def test_pulling_what_is_there_counts_what_is_missing(old):
    assert pull(old) is None
    assert installed(old).gflop == TOY_GFLOP


def test_a_damaged_model_is_not_counted(old):
    (file,) = installed(old).files
    file.path.write_bytes(b"damaged")
    assert run("verify", old).exit_code == 1
    assert "demands" not in lockfile.read_raw(old.root)["toy"]


def test_counting_needs_tools_and_says_so(old, monkeypatch):
    monkeypatch.setitem(sys.modules, "model_store.workshop", None)
    monkeypatch.delattr("model_store.workshop", raising=False)
    with pytest.raises(ToolsMissing):
        install.count_missing(old.root)
    result = run("verify", old)
    assert (result.exit_code, "requirements-models.txt" in result.output) == (0, True)
    assert installed(old).gflop is None


def test_a_model_of_whole_numbers_is_kept_off_gpus(offered):
    offered.content["models"][-1]["backends"] = ["webgpu", "wasm"]
    offered.write()
    pull(offered)
    assert installed(offered).backends == ("webgpu", "wasm")
    record = lockfile.read_raw(offered.root)["toy"]
    record["demands"]["integer"] = True
    offered.lock(toy=record)
    assert installed(offered).backends == ("wasm",)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("gflop", "1"),
        ("gflop", -1),
        ("largest", 0),
        ("buffers", None),
        ("half", 1),
        ("integer", ""),
    ],
)
def test_demands_that_make_no_sense_are_refused(offered, key, value):
    pull(offered)
    record = lockfile.read_raw(offered.root)["toy"]
    record["demands"][key] = value
    offered.lock(toy=record)
    with pytest.raises(catalog.CatalogError, match=f"demands.{key}"):
        installed(offered)
