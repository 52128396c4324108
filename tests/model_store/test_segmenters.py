"""Models that select what is clicked: pulled, tried, counted, listed, never offered for mattes."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx import TensorProto, helper

from model_store import attention, catalog, commands, install, interface, lockfile, native
from model_store.demands import Demands, together
from model_store.errors import ModelRefused, NotForBrowsers
from model_store.pipeline import Check, Graph, Tensor
from model_store.pipeline_canary import samples_of
from model_store.pipeline_interface import keep
from model_store.progress import Silence
from tests.rehearsal.segment_store import hub, rehearse

FAMILIES = ("edgetam", "mobilesam")


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    made = rehearse(tmp_path_factory.mktemp("segmenters"), *FAMILIES)
    for name in FAMILIES:
        made.pull(name)
    return made


def run(root, *words):
    return CliRunner().invoke(commands.group(root), words)


def test_what_mattes_is_offered_without_them(rehearsal):
    known = catalog.load(rehearsal.root)
    assert [other.id for other in known.others] == list(FAMILIES)
    assert not {*FAMILIES} & {offer.id for offer in known.offers}
    with pytest.raises(catalog.CatalogError, match="default"):
        catalog.load(rehearsal.root, default="edgetam")


@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_installed_takes_and_gives_what_the_catalog_says(rehearsal, name):
    entry = next(one for one in catalog.load(rehearsal.root).others if one.id == name)
    for graph in entry.graphs:
        own, *_ = entry.files_of(graph)
        session = native.session(own.path)
        for values, tensors in (
            (session.get_inputs(), graph.inputs),
            (session.get_outputs(), graph.outputs),
        ):
            assert [value.name for value in values] == [tensor.name for tensor in tensors]
            for value, tensor in zip(values, tensors, strict=True):
                assert value.shape == list(tensor.shape)


@pytest.mark.parametrize("name", FAMILIES)
def test_its_canary_is_what_upstreams_own_graphs_make_of_it(rehearsal, name):
    """Drawn by hand: blocks, then one point in the middle, of the files that were pulled."""
    entry = next(one for one in catalog.load(rehearsal.root).others if one.id == name)
    encoder, decoder = (
        native.session(path) for path in rehearsal.files(name) if path.suffix == ".onnx"
    )
    state, colours = 19, []
    for _ in range(48):
        state = (state * 1664525 + 1013904223) % 2**32
        colours.append(20 + (((state >> 24) * 120) >> 8))
    blocks = np.array(colours, np.float32).reshape(4, 4, 3).repeat(64, 0).repeat(64, 1)
    size = 256
    if name == "edgetam":
        mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
        planes = ((blocks / 255 - mean) / std).transpose(2, 0, 1)[None].astype(np.float32)
        seen = encoder.run(None, {"pixel_values": planes})
        prompt = {f"image_embeddings.{index}": one for index, one in enumerate(seen)} | {
            "input_points": np.full((1, 1, 1, 2), size / 2, np.float32),
            "input_labels": np.ones((1, 1, 1), np.int64),
            "input_boxes": np.zeros((1, 0, 4), np.float32),
        }
    else:
        (seen,) = encoder.run(None, {"input_image": blocks})
        prompt = {
            "image_embeddings": seen,
            "point_coords": np.array([[[size / 2, size / 2], [0, 0]]], np.float32),
            "point_labels": np.array([[1, -1]], np.float32),
            "mask_input": np.zeros((1, 1, 64, 64), np.float32),
            "has_mask_input": np.zeros(1, np.float32),
            "orig_im_size": np.array([size, size], np.float32),
        }
    names = [tensor.name for tensor in entry.graphs[1].outputs]
    drawn = dict(zip(names, decoder.run(names, prompt), strict=True))
    for output, samples in samples_of(drawn).items():
        assert np.allclose(entry.graphs[1].check.samples[output], samples, atol=2e-4), output


def test_it_is_counted_and_what_it_demands_is_told(rehearsal):
    (entry, _) = catalog.load(rehearsal.root).others
    records = lockfile.read_raw(rehearsal.root)["edgetam"]["graphs"]
    assert [record["role"] for record in records] == ["encoder", "decoder"]
    assert entry.gflop == pytest.approx(sum(record["demands"]["gflop"] for record in records))
    held = sum(record["demands"]["weights"] for record in records)
    alive = max(record["demands"]["alive"] for record in records)
    assert entry.requirements.memory_mib == 64 + -(-(2 * held + 1.75 * alive) // (1 << 20))


@pytest.mark.parametrize("name", FAMILIES)
def test_its_decoder_attends_in_fewer_products_and_gives_the_same(rehearsal, name):
    told = lockfile.read_raw(rehearsal.root)[name]["story"]
    assert told["optimised"] == "trim"
    assert told["trimmed"].keys() == {"decoder"}
    assert told["trimmed"]["decoder"]["attentions"] == 5
    assert told["trimmed"]["decoder"]["difference"] < 1e-5


@pytest.mark.parametrize("fault", ["another result", "no result"])
def test_a_decoder_that_gives_another_thing_is_not_used(tmp_path, monkeypatch, fault):
    def absorb(model):
        done = real(model)
        if fault == "no result":
            model.graph.node[0].op_type = "Elsewhere"
        else:
            kernel = max(model.graph.initializer, key=lambda tensor: len(tensor.raw_data))
            kernel.raw_data = bytes(len(kernel.raw_data))
        return done

    real = attention.absorb
    monkeypatch.setattr(attention, "absorb", absorb)
    made = rehearse(tmp_path, "mobilesam")
    made.pull("mobilesam")
    record = lockfile.read_raw(made.root)["mobilesam"]
    assert record["story"]["optimised"] == "none"
    word = "Elsewhere" if fault == "no result" else "differs"
    assert word in record["story"]["trimmed"]["decoder"]["reason"]
    installed = made.root / "weights" / "mobilesam" / "sam_mask_decoder_single.onnx"
    kinds = {node.op_type for node in onnx.load(installed).graph.node}
    assert "ConvTranspose" in kinds
    assert "Elsewhere" not in kinds
    assert not list(installed.parent.glob("optimised-*"))


def test_list_shows_task_and_parts_and_verify_hashes_them(rehearsal):
    shown = run(rehearsal.root, "list").output.splitlines()
    start = next(index for index, line in enumerate(shown) if line.startswith("edgetam"))
    assert shown[start].split()[1] == "segment"
    # Of the decoder, which was written again, the weights are inside.
    assert [line.split()[0] for line in shown[start + 1 : start + 4]] == [
        "encoder",
        "external-data",
        "decoder",
    ]
    verified = run(rehearsal.root, "verify")
    assert verified.exit_code == 0, verified.output
    assert "vision_encoder.onnx_data" in verified.output


def test_files_that_were_carried_in_are_installed_and_taken_away(tmp_path):
    made = rehearse(tmp_path, "edgetam")
    carried = [word for path in made.files("edgetam") for word in ("--from", str(path))]
    missing = run(made.root, "pull", "edgetam", *carried[:-2])
    assert missing.exit_code == 1
    assert not (made.root / "weights" / "edgetam").exists()
    pulled = run(made.root, "pull", "edgetam", *carried)
    assert pulled.exit_code == 0, pulled.output
    assert [other.id for other in catalog.load(made.root).others] == ["edgetam"]
    assert run(made.root, "pull", "edgetam").output.startswith("edgetam is already installed")
    removed = run(made.root, "remove", "edgetam")
    assert removed.exit_code == 0, removed.output
    assert catalog.load(made.root).others == ()


def test_each_file_is_asked_for_once_where_the_catalog_says(tmp_path):
    made = rehearse(tmp_path, "mobilesam")
    entry = next(one for one in catalog.read(made.root).pipelines if one.id == "mobilesam")
    with hub(made.upstream, made.root) as asked:
        install.pull(made.root, "mobilesam", Silence(), made.root / "cache")
    assert asked == [urlsplit(source.origin).path for source in entry.sources]


def test_a_record_of_other_rules_is_refused(rehearsal, tmp_path):
    made = rehearse(tmp_path, "edgetam")
    made.pull("edgetam")
    text = (made.root / "catalog.toml").read_text(encoding="utf-8")
    (made.root / "catalog.toml").write_text(text.replace("stretch", "longest"), encoding="utf-8")
    with pytest.raises(catalog.CatalogError, match="pull it again"):
        catalog.load(made.root)


def product(*, extra: bool = False) -> onnx.ModelProto:
    """out = x * y, and another = x + z."""
    value = helper.make_tensor_value_info
    given = [value(name, TensorProto.FLOAT, ["n", 2]) for name in ("x", "y", "z")]
    made = [value(name, TensorProto.FLOAT, ["n", 2]) for name in ("out", "another")]
    nodes = [
        helper.make_node("Add", ["x", "z"], ["another"]),
        helper.make_node("Mul", ["x", "z" if extra else "y"], ["out"]),
    ]
    graph = helper.make_graph(nodes, "g", given, made)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def wanted(dtype: str = "float32", last: int = 2) -> Graph:
    inputs = tuple(Tensor(name, "pixels", dtype, ("points", last)) for name in ("y", "x"))
    outputs = (Tensor("out", "masks", "float32", ("points", 2)),)
    return Graph("decoder", inputs, outputs, Check("click-v1", 1, 0.1, 0.1), {"points": 4})


def test_what_the_catalog_does_not_name_is_cut_away():
    model = product()
    assert keep(model, wanted(), "toy")
    found = interface.interface_of(model)
    assert [value.name for value in found.inputs] == ["y", "x"]
    assert [value.name for value in found.outputs] == ["out"]
    assert [node.op_type for node in model.graph.node] == ["Mul"]
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "points"
    onnx.checker.check_model(model, full_check=True)
    assert not keep(model, wanted(), "toy")


@pytest.mark.parametrize(
    ("model", "graph", "words"),
    [
        (product(extra=True), wanted(), "needs z float32"),
        (product(), wanted("int64"), "'y' should be int64"),
        (product(), wanted(last=3), r"should be float32 \[points, 3\]"),
    ],
)
def test_a_graph_of_another_interface_is_refused_in_words(model, graph, words):
    with pytest.raises(ModelRefused, match=words):
        keep(model, graph, "toy")


def test_a_file_of_another_model_is_refused_before_anything_is_recorded(tmp_path):
    made = rehearse(tmp_path, "edgetam", "mobilesam")
    entries = {one.id: one for one in catalog.read(made.root).pipelines}
    assert not any(one.is_offered for one in entries.values())
    name = "sam_mask_decoder_single.onnx"
    (made.upstream / name).write_bytes((made.upstream / "vision_encoder.onnx").read_bytes())
    carried = [word for path in made.files("mobilesam") for word in ("--from", str(path))]
    refused = run(made.root, "pull", "mobilesam", *carried)
    assert refused.exit_code == 1
    assert "sha256" in refused.output or "bytes" in refused.output
    assert lockfile.read_raw(made.root) == {}


def test_demands_of_several_graphs_add_up_where_all_are_up():
    one = Demands(1.0, 100, 3, False, False, weights=1 << 20, alive=8 << 20)
    two = Demands(2.0, 300, 5, False, False, weights=4 << 20, alive=1 << 20, no_gpu=("DeformConv",))
    whole = together([one, two], at_once=True)
    assert (whole.gflop, whole.largest, whole.buffers) == (3.0, 300, 5)
    assert (whole.weights, whole.alive, whole.no_gpu) == (5 << 20, 8 << 20, ("DeformConv",))
    assert together([one, two], at_once=False).memory_mib == one.memory_mib
    assert together([one, Demands(1, 1, 1, False, False)], at_once=True).memory_mib is None


def test_what_fits_nowhere_is_refused(tmp_path, monkeypatch):
    made = rehearse(tmp_path, "edgetam")
    monkeypatch.setattr("model_store.demands.HEAP_MIB", 60)
    text = (made.root / "catalog.toml").read_text(encoding="utf-8")
    start = text.index('"edgetam"')
    narrowed = text[:start] + text[start:].replace('["webgpu", "wasm"]', '["wasm"]', 1)
    (made.root / "catalog.toml").write_text(narrowed, encoding="utf-8")
    with pytest.raises(NotForBrowsers):
        made.pull("edgetam")
    assert json.loads(json.dumps(lockfile.read_raw(made.root))) == {}
