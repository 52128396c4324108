"""What a run asks of a device is what its graph says, also where an older record says nothing."""

from __future__ import annotations

import json
import sys

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx import TensorProto, helper, numpy_helper

from model_store import catalog, commands, install, lockfile
from model_store.count import count, demands_of
from model_store.demands import Demands
from model_store.entry import UNCOUNTED_GFLOP, Model
from model_store.errors import ToolsMissing
from tests.model_store.conftest import file_source, pull
from tests.model_store.graphs import matting, save_apart

# Two convolutions of 3 x 3 at 32 x 48: 3 to 8 channels and back to 1.
TOY_GFLOP = round(2 * 32 * 48 * 9 * (3 * 8 + 8) / 1e9, 6)


def graph_of(*nodes, inputs, kind=TensorProto.FLOAT, **constants) -> onnx.ModelProto:
    """A graph whose inputs are {name: (type, shape)}, and whose one output is of type `kind`."""
    value = helper.make_tensor_value_info
    given = [value(name, *of) for name, of in inputs.items()]
    drawn = [value(nodes[-1].output[0], kind, None)]
    held = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(list(nodes), "g", given, drawn, held)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def plain(*shape):
    return TensorProto.FLOAT, shape


def whole(*shape):
    return TensorProto.UINT8, shape


NODE = helper.make_node
WEIGHTS = np.ones((4, 3, 5, 5), np.float32)
PRODUCTS = {
    "Conv": (
        graph_of(NODE("Conv", ["x", "w"], ["y"]), inputs={"x": plain(1, 3, 20, 30)}, w=WEIGHTS),
        2 * (4 * 16 * 26) * (3 * 5 * 5),
    ),
    "Conv of groups": (
        graph_of(
            NODE("Conv", ["x", "w"], ["y"], group=2), inputs={"x": plain(1, 6, 20, 30)}, w=WEIGHTS
        ),
        2 * (4 * 16 * 26) * (3 * 5 * 5),
    ),
    "ConvTranspose": (
        graph_of(
            NODE("ConvTranspose", ["x", "w"], ["y"], strides=[2, 2]),
            inputs={"x": plain(1, 4, 20, 30)},
            w=WEIGHTS,
        ),
        2 * (4 * 20 * 30) * (3 * 5 * 5),
    ),
    "MatMul": (
        graph_of(
            NODE("MatMul", ["x", "z"], ["y"]),
            inputs={"x": plain(5, 7, 11), "z": plain(5, 11, 13)},
        ),
        2 * 5 * 7 * 13 * 11,
    ),
    "Gemm": (
        graph_of(
            NODE("Gemm", ["x", "z"], ["y"], transA=1),
            inputs={"x": plain(11, 7), "z": plain(11, 13)},
        ),
        2 * 7 * 13 * 11,
    ),
    "ConvInteger": (
        graph_of(
            NODE("ConvInteger", ["x", "w"], ["y"]),
            inputs={"x": whole(1, 3, 20, 30)},
            kind=TensorProto.INT32,
            w=WEIGHTS.astype(np.uint8),
        ),
        2 * (4 * 16 * 26) * (3 * 5 * 5),
    ),
    "Relu": (graph_of(NODE("Relu", ["x"], ["y"]), inputs={"x": plain(9)}), 0),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_operations_of_products_are_counted(name):
    graph, operations = PRODUCTS[name]
    assert count(graph).gflop == max(round(operations / 1e9, 6), 1e-6)


def test_products_of_whole_numbers_are_no_work_for_a_gpu():
    assert count(PRODUCTS["ConvInteger"][0]).integer
    assert not count(PRODUCTS["Conv"][0]).integer


def test_a_graph_of_half_precision_needs_the_feature():
    half = graph_of(
        NODE("Cast", ["x"], ["h"], to=TensorProto.FLOAT16),
        NODE("Relu", ["h"], ["y"]),
        inputs={"x": plain(8)},
        kind=TensorProto.FLOAT16,
    )
    stored = graph_of(
        NODE("Cast", ["w"], ["k"], to=TensorProto.FLOAT),
        NODE("Mul", ["x", "k"], ["y"]),
        inputs={"x": plain(8)},
        w=np.ones(8, np.float16),
    )
    assert count(half).features == ("shader-f16",)
    assert count(stored).features == ()  # weights that are widened before any arithmetic


def test_the_most_values_of_a_node_are_its_bindings():
    names = [f"x{index}" for index in range(12)]
    inputs = {name: plain(1, 2) for name in names}
    assert count(graph_of(NODE("Sum", names, ["y"]), inputs=inputs)).buffers == 13
    few = graph_of(NODE("Concat", names[:4], ["y"], axis=0), inputs=inputs)
    many = graph_of(NODE("Concat", names, ["y"], axis=0), inputs=inputs)
    assert (count(few).buffers, count(many).buffers) == (5, 8)  # the runtime splits a long one


@pytest.mark.parametrize(
    ("largest", "size"),
    [(1, 1 << 20), (52_428_800, 58_982_400), (128 << 20, 128 << 20), (500_000_000, 500_000_000)],
)
def test_a_value_must_fit_the_buffer_that_is_made_for_it(largest, size):
    limits = Demands(1, largest, 3, half=False, integer=False).limits
    assert limits["maxBufferSize"] == limits["maxStorageBufferBindingSize"] == size >= largest


def test_shapes_that_the_graph_computes_are_told(tmp_path):
    graph = graph_of(
        NODE("Shape", ["x"], ["whole"]),
        NODE("Slice", ["whole", "two", "four"], ["plane"]),
        NODE("Concat", ["ones", "plane"], ["size"], axis=0),
        NODE("Resize", ["x", "", "", "size"], ["big"], mode="linear"),
        NODE("Conv", ["big", "w"], ["y"]),
        inputs={"x": plain(1, 3, 64, 64)},
        two=np.array([2]),
        four=np.array([4]),
        ones=np.array([1, 3]),
        w=np.ones((64, 3, 3, 3), np.float32),
    )
    onnx.save(graph, tmp_path / "g.onnx")
    assert demands_of(tmp_path / "g.onnx").gflop == round(2 * 64 * 62 * 62 * 27 / 1e9, 6)


def test_what_depends_on_the_picture_cannot_be_counted(tmp_path):
    graph = graph_of(
        NODE("NonZero", ["x"], ["where"]),
        NODE("Cast", ["where"], ["y"], to=TensorProto.FLOAT),
        inputs={"x": plain(1, 3, 4, 4)},
    )
    onnx.save(graph, tmp_path / "g.onnx")
    with pytest.raises(ValueError, match="cannot be told"):
        demands_of(tmp_path / "g.onnx")


def test_what_the_runtime_cannot_fold_cannot_be_counted_either(tmp_path):
    graph = graph_of(NODE("Magic", ["x"], ["y"], domain="com.example"), inputs={"x": plain(4)})
    graph.opset_import.append(helper.make_opsetid("com.example", 1))
    onnx.save(graph, tmp_path / "g.onnx")
    with pytest.raises(ValueError, match="Magic"):
        demands_of(tmp_path / "g.onnx")


@pytest.mark.parametrize("model", catalog.load().models, ids=lambda model: model.id)
def test_what_is_said_of_each_model_here_is_what_its_graph_says(model):
    (graph,) = (file.path for file in model.files if file.role == "graph")
    demands = demands_of(graph)
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
    public = toy.as_public()
    assert (public["backends"], public["gflop"]) == (["wasm"], UNCOUNTED_GFLOP)
    assert json.loads(json.dumps(public)) == public


def test_what_the_catalog_knows_stands_in_for_what_a_record_lacks(old):
    old.content["models"][-1] |= {"gflop": 2.5, "backends": ["webgpu", "wasm"]}
    old.write()
    public = installed(old).as_public()
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
