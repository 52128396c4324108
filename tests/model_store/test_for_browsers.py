"""What is installed can be run by browsers: rewritten for them, and refused where none could."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

from model_store import catalog, lockfile
from model_store.errors import ModelRefused, NotForBrowsers
from model_store.public import public_entry
from tests.model_store.conftest import Ears, file_source, nothing_is_installed, pull
from tests.model_store.graphs import matting
from tests.rehearsal import deformable
from tests.rehearsal.building import Building


def taken_apart() -> onnx.ModelProto:
    """A model whose one deformable convolution an exporter took apart."""
    b = Building(4)
    offset, mask = b.conv("in", 3, 18, 3), b.op("Sigmoid", b.conv("in", 3, 9, 3))
    kernel = b.weight(1, 3, 3, 3, spread=0.3)
    drawn = deformable.decomposed(b, "in", offset, mask, kernel, 3, (3, 32, 48))
    b.op("Sigmoid", drawn)
    b.nodes[-1].output[0] = "out"
    return b.model(("in", [1, 3, 32, 48]), ("out", [1, 1, 32, 48]))


def test_a_model_for_processors_has_its_deformable_convolutions_restored(store, tmp_path):
    path = tmp_path / "upstream.onnx"
    onnx.save(taken_apart(), path)
    for name, backends in (("toy", ["wasm"]), ("both", ["webgpu", "wasm"])):
        store.offer(name, file_source(path), backends=backends, install={"optimise": "trim"})
    store.write()
    toy, both = pull(store), pull(store, "both")
    kinds = [
        {node.op_type for node in onnx.load(entry.files[0].path).graph.node}
        for entry in (toy, both)
    ]
    assert ["DeformConv" in found for found in kinds] == [True, False]
    assert ["Gather" in found for found in kinds] == [False, True]
    assert not any("Sum" in found for found in kinds)
    assert (toy.backends, both.backends) == (("wasm",), ("webgpu", "wasm"))
    assert toy.requirements.memory_mib == 65


def test_where_halves_move_the_matte_too_far_weights_stay_whole(store, upstream):
    entry = store.offer("toy", file_source(upstream), install={"optimise": "fp16"})
    entry["canary"]["tolerance"] = {"mean": 1e-7, "max": 1e-6}
    store.write()
    ears = Ears()
    pull(store, progress=ears)
    story = lockfile.read_raw(store.root)["toy"]["story"]
    assert story["optimised"] == "trim"
    assert "weights in full: in halves its matte differs" in ears.said[0]


def test_what_no_browser_can_run_is_not_installed_and_others_are_named(offered, monkeypatch):
    monkeypatch.setattr("model_store.demands.HEAP_MIB", 60)
    offered.content["models"][-1]["backends"] = ["wasm"]
    offered.offer("less", *offered.content["models"][-1]["sources"], backends=["wasm"])
    offered.write()
    with pytest.raises(
        NotForBrowsers, match=r"about 65 MiB on a processor.*can be run: .*less"
    ) as it:
        pull(offered)
    assert it.value.no_gpu == ()
    assert nothing_is_installed(offered)


def test_what_processors_cannot_hold_is_left_to_gpus(offered, monkeypatch):
    monkeypatch.setattr("model_store.demands.HEAP_MIB", 60)
    offered.content["models"][-1]["backends"] = ["webgpu", "wasm"]
    offered.write()
    assert pull(offered).backends == ("webgpu",)
    assert public_entry(catalog.load(offered.root).models[-1])["backends"] == ["webgpu"]


def test_what_cannot_be_counted_and_is_for_gpus_alone_is_refused(store, upstream):
    store.offer("toy", file_source(upstream), backends=["webgpu"])
    store.write()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("model_store.workshop.demands_of", lambda *_: None)
        with pytest.raises(ModelRefused, match="cannot be counted, and it is for GPUs alone"):
            pull(store)
    assert nothing_is_installed(store)


@pytest.mark.parametrize(("beyond", "is_installed"), [(5e-4, True), (5e-3, False)])
def test_a_matte_may_leave_its_range_by_a_rounding(store, tmp_path, beyond, is_installed):
    model = matting()
    narrow = model.graph.initializer[1]
    decided = 50 * onnx.numpy_helper.to_array(narrow)
    narrow.CopyFrom(onnx.numpy_helper.from_array(decided, narrow.name))
    sigmoid = model.graph.node[-1]
    sigmoid.output[0] = "inner"
    wide = onnx.numpy_helper.from_array(np.array(1 + 2 * beyond, np.float32), "factor")
    low = onnx.numpy_helper.from_array(np.array(beyond, np.float32), "shift")
    model.graph.initializer.extend([wide, low])
    model.graph.node.append(onnx.helper.make_node("Mul", ["inner", "factor"], ["wider"]))
    model.graph.node.append(onnx.helper.make_node("Sub", ["wider", "shift"], ["out"]))
    path = tmp_path / "upstream.onnx"
    onnx.save(model, path)
    store.offer("toy", file_source(path))
    store.write()
    if not is_installed:
        with pytest.raises(ModelRefused, match=r"should be within 0\.\.1, it is -0\.00"):
            pull(store)
        return
    samples = pull(store).canary.samples
    assert (min(samples), max(samples)) == (0, 1)
