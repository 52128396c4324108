"""Pulling and removing: whole or not at all, whatever happens on the way. No network."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from model_store import catalog, graph, lockfile
from model_store.canary import draw, samples
from model_store.errors import (
    ModelRefused,
    UnknownModel,
    UpstreamMismatch,
)
from tests.model_store.conftest import Ears, file_source, nothing_is_installed, pull
from tests.model_store.graphs import matting, save_apart

ROOT = Path(__file__).resolve().parents[2]


def test_a_pulled_model_is_offered_with_what_its_file_tells(offered, upstream):
    entry = pull(offered)
    *_, toy = catalog.load(offered.root).models
    assert toy == entry
    assert (toy.input.name, toy.output.name) == ("in", "out")
    assert toy.files[0].path.read_bytes() == upstream.read_bytes()
    assert toy.canary.samples == samples(draw(upstream, toy), 16)
    (told,) = lockfile.read_raw(offered.root)["toy"]["story"]["sources"]
    assert told["bytes"] == upstream.stat().st_size


def test_a_model_that_is_whole_is_left_alone(offered):
    pull(offered)
    before = (offered.root / "weights" / "toy" / "toy.onnx").stat().st_mtime_ns
    assert pull(offered) is None
    assert (offered.root / "weights" / "toy" / "toy.onnx").stat().st_mtime_ns == before


def test_a_damaged_model_is_installed_again(offered):
    entry = pull(offered)
    entry.files[0].path.write_bytes(b"damaged")
    ears = Ears()
    assert pull(offered, progress=ears).files == entry.files
    assert "damaged" in ears.said[0]
    catalog.load(offered.root)
    assert not list((offered.root / "weights").glob(".old*"))


def test_an_unknown_model_is_an_error_with_all_that_are_known(offered):
    with pytest.raises(UnknownModel, match="no model 'toi'; there is small, large, toy"):
        pull(offered, "toi")


def test_a_model_that_comes_with_the_store_needs_no_pull(offered):
    assert pull(offered, "small") is None
    (offered.root / "weights" / "small.onnx").write_bytes(b"damaged")
    with pytest.raises(ModelRefused, match="its file is damaged"):
        pull(offered, "small")


def test_another_file_than_the_pinned_one_is_refused_and_stays(offered, upstream):
    content = upstream.read_bytes()
    upstream.write_bytes(content[:-1] + b"?")
    with pytest.raises(UpstreamMismatch, match="sha256"):
        pull(offered)
    assert upstream.exists()
    assert nothing_is_installed(offered)


def test_the_next_source_is_tried(store, upstream):
    good = file_source(upstream)
    store.offer("toy", good | {"path": "/no/such/file"}, good)
    store.write()
    ears = Ears()
    assert pull(store, progress=ears)
    assert "no such file\ntrying the next source" in ears.said[0]


def test_parts_come_from_sources_of_their_own(store, tmp_path):
    path = tmp_path / "upstream" / "toy.onnx"
    save_apart(matting(), path, "toy.onnx_data")
    data = path.with_name("toy.onnx_data")
    store.offer(
        "toy",
        file_source(path),
        file_source(data, role="external-data") | {"path": "/no/such/toy.onnx_data"},
        file_source(data, role="external-data"),
    )
    store.write()
    entry = pull(store)
    assert [(file.role, file.name) for file in entry.files] == [
        ("graph", "toy.onnx"),
        ("external-data", "toy.onnx_data"),
    ]
    assert entry.bytes == path.stat().st_size + data.stat().st_size


def test_a_graph_whose_weights_did_not_come_is_refused(store, tmp_path):
    path = tmp_path / "upstream" / "toy.onnx"
    save_apart(matting(), path, "weights.bin")
    store.offer("toy", file_source(path))
    store.write()
    with pytest.raises(ModelRefused, match=r"toy\.onnx needs weights\.bin beside it"):
        pull(store)
    assert nothing_is_installed(store)


@pytest.mark.parametrize(
    ("bend", "words"),
    [
        (lambda entry: entry["input"].update(name="x"), r"'x', the graph has in float32 \[1, 3"),
        (lambda entry: entry["output"].update(name="y"), "'y', the graph has out"),
        (lambda entry: entry["input"].update(shape=[1, 3, 64, 64]), r"\[1, 3, 64, 64\], the graph"),
    ],
)
def test_a_graph_that_is_not_what_the_catalog_says_is_refused(offered, bend, words):
    bend(offered.content["models"][-1])
    offered.write()
    with pytest.raises(ModelRefused, match=words):
        pull(offered)
    assert nothing_is_installed(offered)


def test_logits_taken_for_a_probability_are_refused(store, tmp_path):
    path = tmp_path / "logits.onnx"
    onnx.save(matting(logits=True), path)
    store.offer("toy", file_source(path))
    store.write()
    with pytest.raises(ModelRefused, match=r"within 0\.\.1, it is -?\d.*range logits\?"):
        pull(store)


@pytest.mark.parametrize("content", [b"", b"<!doctype html>", b"\x08\x08\x12\x00"])
def test_what_is_no_graph_is_refused(store, tmp_path, content):
    path = tmp_path / "page.onnx"
    path.write_bytes(content or b"\n")
    store.offer("toy", file_source(path))
    store.write()
    with pytest.raises(ModelRefused, match="is no ONNX"):
        pull(store)
    assert nothing_is_installed(store)


def test_a_graph_with_more_than_is_needed_is_cut_down(store, tmp_path):
    path = tmp_path / "wide.onnx"
    onnx.save(matting(side_output=True, open_size=True), path)
    for optimise in ("none", "trim", "fp16"):
        store.offer(optimise, file_source(path), install={"optimise": optimise})
    store.write()
    stories = {}
    for optimise in ("none", "trim", "fp16"):
        entry = pull(store, optimise)
        made = onnx.load(entry.files[0].path).graph
        assert [value.name for value in (*made.input, *made.output)] == ["in", "out"]
        assert [d.dim_value for d in made.input[0].type.tensor_type.shape.dim] == [1, 3, 32, 48]
        stories[optimise] = lockfile.read_raw(store.root)[optimise]["story"]
        assert stories[optimise]["optimised"] == optimise
    assert stories["trim"]["parity"] == {"mean": 0, "max": 0}
    assert 0 < stories["fp16"]["parity"]["max"] < 0.01


def test_a_graph_that_cannot_be_optimised_is_installed_as_it_is(offered, monkeypatch, upstream):
    offered.content["models"][-1]["install"]["optimise"] = "fp16"
    offered.write()

    def fail(*args, **kwargs):
        raise ValueError("operators of com.example: only ai.onnx is shipped")

    monkeypatch.setattr(graph, "optimize", fail)
    ears = Ears()
    entry = pull(offered, progress=ears)
    assert entry.files[0].path.read_bytes() == upstream.read_bytes()
    assert "only ai.onnx is shipped" in lockfile.read_raw(offered.root)["toy"]["story"]["reason"]
    assert "as upstream has it" in ears.said[0]


def test_an_optimised_graph_that_draws_another_matte_is_not_used(offered, monkeypatch, upstream):
    offered.content["models"][-1]["install"]["optimise"] = "fp16"
    offered.write()
    other = matting(channels=3).SerializeToString()
    monkeypatch.setattr(graph, "optimize", lambda *_args, **_kwargs: other)
    assert pull(offered).files[0].path.read_bytes() == upstream.read_bytes()
    story = lockfile.read_raw(offered.root)["toy"]["story"]
    assert story["parity"]["max"] > 0.02
    assert "differs by" in story["reason"]
