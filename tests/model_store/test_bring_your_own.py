"""What a person sees who adds a model of their own: a working model, or words that help."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from model_store import canary, catalog, native
from tests.model_store.conftest import nothing_is_installed
from tests.model_store.graphs import matting, save_apart

ANSWERS = ["--licence", "MIT", "--yes"]
PICTURE = canary.blocks_image(32, 48, 7)


def save(model: onnx.ModelProto, path: Path) -> Path:
    onnx.save(model, path)
    return path


def transcript(output: str) -> list[str]:
    """The lines, without what differs from run to run."""
    words = re.sub(r"[0-9a-f]{64}", "DIGEST", output)
    words = re.sub(r"(took|in) \d+(\.\d)? s\b", r"\1 N s", words)
    words = re.sub(r"\b\d[\d,]* bytes", "N bytes", re.sub(r"\d+\.\d kB", "N kB", words))
    return [line for line in words.splitlines() if line]


def matte(store, picture: NDArray[np.uint8] = PICTURE) -> NDArray[np.float32]:
    """What the installed graph makes of a picture as its entry says, natively."""
    model = catalog.load(store.root).models[-1]
    given = {model.input.name: canary.tensor_of(picture, model.input)}
    (drawn,) = native.session(model.files[0].path).run([model.output.name], given)
    return canary.matte_of(drawn, model.output)


def told(model: onnx.ModelProto, given: dict[str, NDArray], output: str = "out") -> NDArray:
    (drawn,) = native.session(model.SerializeToString()).run([output], given)
    return np.asarray(drawn)


def normalised() -> NDArray[np.float32]:
    """The picture as every model here takes it: height, width, channels."""
    mean = np.array((0.485, 0.456, 0.406), np.float32)
    std = np.array((0.229, 0.224, 0.225), np.float32)
    return (PICTURE.astype(np.float32) / np.float32(255) - mean) / std


def pixels(model: onnx.ModelProto, *, dtype: int = TensorProto.FLOAT, bare: bool = False):
    """`model` as others export it: the colours of a pixel side by side, perhaps in halves."""
    half = dtype == TensorProto.FLOAT16
    graph = model.graph
    node = helper.make_node
    before = [node("Transpose", ["in"], ["planes"], perm=[0, 3, 1, 2])]
    after = [node("Transpose", ["inner"], ["out"], perm=[0, 2, 3, 1])]
    if bare:
        axes = numpy_helper.from_array(np.array([1], np.int64), "axes")
        graph.initializer.append(axes)
        after = [node("Squeeze", ["inner", "axes"], ["out"])]
    for one in graph.node:
        one.input[:] = ["planes" if name == "in" else name for name in one.input]
        one.output[:] = ["inner" if name == "out" else name for name in one.output]
    nodes = [*before, *graph.node, *after]
    del graph.node[:], graph.input[:], graph.output[:]
    graph.node.extend(nodes)
    if half:
        for tensor in graph.initializer:
            if tensor.data_type == TensorProto.FLOAT:
                values = numpy_helper.to_array(tensor).astype(np.float16)
                tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    value = helper.make_tensor_value_info
    graph.input.append(value("in", dtype, [1, 32, 48, 3]))
    graph.output.append(value("out", dtype, [1, 32, 48] if bare else [1, 32, 48, 1]))
    return model


def test_a_net_in_one_file(store, run, folder):
    result = run(save(matting(), folder / "hats.onnx"), *ANSWERS)
    assert transcript(result.output) == [
        "graph: hats.onnx, N bytes",
        "together N bytes, N kB",
        "input in float32 [1, 3, 32, 48]",
        "output out float32 [1, 1, 32, 48]",
        "tried: its output lies in 0.000..1.000",
        "copying hats",
        "running hats once",
        "checking what was made",
        "graph: hats.onnx, N bytes, SHA-256 DIGEST",
        "loading it and running it once took N s here",
        "installed hats, N kB, in N s",
        "A server that is running offers it from now on.",
        "its entry is in weights/installed.json",
    ]
    plain = told(matting(), {"in": normalised().transpose(2, 0, 1)[None]})
    assert np.abs(matte(store) - plain[0, 0]).max() < 1e-5


def test_weights_in_a_file_beside_it_and_logits(store, run, folder):
    save_apart(matting(logits=True), folder / "hats.onnx", "hats.bin")
    result = run(folder / "hats.onnx", *ANSWERS)
    lines = transcript(result.output)
    assert lines[:2] == ["graph: hats.onnx, N bytes", "external-data: hats.bin, N bytes"]
    assert any(re.match(r"tried: its output lies in -\d", line) for line in lines)
    assert catalog.load(store.root).models[-1].output.range == "logits"
    logits = told(matting(logits=True), {"in": normalised().transpose(2, 0, 1)[None]})
    assert np.abs(matte(store) - 1 / (1 + np.exp(-logits[0, 0]))).max() < 1e-5


@pytest.mark.parametrize("bare", [False, True], ids=["one channel", "no channel"])
def test_colours_side_by_side(store, run, folder, bare):
    upstream = pixels(matting(), bare=bare)
    result = run(save(upstream, folder / "hats.onnx"), *ANSWERS)
    assert result.exit_code == 0, result.output
    lines = transcript(result.output)
    assert "input in float32 [1, 3, 32, 48]" in lines
    assert "output out float32 [1, 1, 32, 48]" in lines
    model = catalog.load(store.root).models[-1]
    assert (model.input.shape, model.output.shape) == ((1, 3, 32, 48), (1, 1, 32, 48))
    drawn = told(upstream, {"in": normalised()[None]})
    assert np.array_equal(matte(store), drawn.reshape(32, 48))


def test_a_net_that_computes_in_halves(store, run, folder):
    upstream = pixels(matting(), dtype=TensorProto.FLOAT16)
    result = run(save(upstream, folder / "hats.onnx"), *ANSWERS)
    assert result.exit_code == 0, result.output
    assert catalog.load(store.root).models[-1].requirements.webgpu_features == ("shader-f16",)
    drawn = told(upstream, {"in": normalised()[None].astype(np.float16)})
    assert np.abs(matte(store) - drawn.reshape(32, 48)).max() < 2e-3


@pytest.mark.parametrize("rule", ["letterbox", "crop"])
def test_pictures_that_keep_their_proportions(store, run, folder, rule):
    result = run(save(matting(), folder / "hats.onnx"), "--resize", rule, *ANSWERS)
    assert result.exit_code == 1
    last = transcript(result.output)[-1]
    assert f"trained on pictures that keep their proportions ({rule})" in last
    assert "add it with --resize stretch and look at a tall and a wide photo" in last
    assert nothing_is_installed(store)


def classifier() -> onnx.ModelProto:
    value = helper.make_tensor_value_info
    nodes = [
        helper.make_node("GlobalAveragePool", ["in"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["kinds"]),
    ]
    graph = helper.make_graph(
        nodes,
        "kinds",
        [value("in", TensorProto.FLOAT, [1, 3, 32, 48])],
        [value("kinds", TensorProto.FLOAT, [1, 3])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def test_a_net_that_names_things_is_no_matting_model(store, run, folder):
    result = run(save(classifier(), folder / "kinds.onnx"), *ANSWERS)
    assert result.exit_code == 1
    assert transcript(result.output)[-1] == (
        "Error: kinds: no output is float32 with one channel, as a matte is: one number for each"
        " pixel. It gives kinds float32 [1, 3]. Models that name things, or tell many kinds of them"
        " apart, give others"
    )
    assert nothing_is_installed(store)


def test_a_net_that_sees_nothing(store, run, folder):
    model = matting()
    model.graph.initializer[1].CopyFrom(
        numpy_helper.from_array(np.zeros((1, 8, 3, 3), np.float32), "narrow")
    )
    result = run(save(model, folder / "hats.onnx"), *ANSWERS)
    assert result.exit_code == 1
    last = transcript(result.output)[-1]
    assert "its output is 0.500 everywhere, for each of 4 pictures" in last
    assert "Are scale, mean and std those of its training" in last
    assert nothing_is_installed(store)


def test_a_file_that_is_no_graph(store, run, folder):
    path = folder / "hats.onnx"
    path.write_bytes(b"<!doctype html><title>Sign in")
    result = run(path, *ANSWERS)
    assert (result.exit_code, "hats.onnx: is no ONNX" in result.output) == (1, True), result.output


def test_an_archive_of_pytorch_is_named_for_what_it_is(store, run, folder):
    path = folder / "hats.pth"
    path.write_bytes(b"PK\x03\x04")
    result = run(path, *ANSWERS)
    assert result.exit_code == 1
    assert "one .onnx file is needed" in result.output
