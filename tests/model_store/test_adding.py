"""Any ONNX file becomes an entry: read, asked for, run once, installed whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from model_store import catalog, lockfile, native
from model_store.catalog import public_entry
from tests.model_store.graphs import matting, save_apart

ANSWERS = ["--licence", "MIT", "--yes"]


def save(model: onnx.ModelProto, path: Path) -> Path:
    onnx.save(model, path)
    return path


def added(store) -> catalog.Model:
    return catalog.load(store.root).models[-1]


def test_a_graph_is_installed_under_an_entry_of_its_own(store, run, folder):
    path = save(matting(), folder / "My Model v2.onnx")
    result = run(path, *ANSWERS)
    assert result.exit_code == 0, result.output
    model = added(store)
    assert (model.id, model.title, model.licence) == ("my-model-v2", "my-model-v2", "MIT")
    assert (model.input.name, model.input.shape, model.input.scale) == ("in", (1, 3, 32, 48), 255)
    assert model.input.mean == (0.485, 0.456, 0.406)
    assert (model.output.range, model.output.normalise) == ("probability", "none")
    assert model.files[0].path.read_bytes() == path.read_bytes()
    assert len(model.canary.samples) == 256
    assert model.requirements.memory_mib > 64
    assert "input in float32 [1, 3, 32, 48]" in result.output
    assert public_entry(model)["origin"] == "local"


def test_logits_are_seen_in_a_run(store, run, folder):
    assert run(save(matting(logits=True), folder / "m.onnx"), *ANSWERS).exit_code == 0
    assert added(store).output.range == "logits"


def test_what_is_given_is_not_asked(store, run, folder):
    path = save(matting(open_size=True, side_output=True), folder / "m.onnx")
    options = {
        "--id": "mine",
        "--title": "Mine",
        "--summary": "For hats.",
        "--tier": "fast",
        "--licence": "Apache-2.0 OR MIT",
        "--origin": "https://example.org/hats",
        "--input-size": "64x80",
        "--resize": "stretch",
        "--scale": "max",
        "--mean": "0.5",
        "--std": "0.2,0.3,0.4",
        "--range": "probability",
        "--normalise": "minmax",
    }
    result = run(path, *[word for pair in options.items() for word in pair])
    assert result.exit_code == 0, result.output
    model = added(store)
    assert (model.title, model.summary, model.tier) == ("Mine", "For hats.", "fast")
    assert (model.input.shape, model.output.shape) == ((1, 3, 64, 80), (1, 1, 64, 80))
    assert (model.input.scale, model.input.mean) == ("max", (0.5, 0.5, 0.5))
    assert (model.input.std, model.output.normalise) == ((0.2, 0.3, 0.4), "minmax")
    graph = onnx.load(model.files[0].path).graph
    assert [d.dim_value for d in graph.input[0].type.tensor_type.shape.dim] == [1, 3, 64, 80]
    assert [value.name for value in graph.output] == ["out"]


def test_what_is_not_given_is_asked(store, run, folder):
    path = save(matting(), folder / "m.onnx")
    typed = ["mine", "Mine", "For hats.", "fast", "MIT", "https://example.org"]
    typed += ["stretch", "255", "0.5", "0.5,0.5,0.6", "logits", "minmax"]
    result = run(path, answers="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    model = added(store)
    assert (model.id, model.tier, model.origin) == ("mine", "fast", "https://example.org")
    assert model.input.std == (0.5, 0.5, 0.6)
    assert (model.output.range, model.output.normalise) == ("logits", "minmax")
    # A run tells what the output most likely is; that is what is proposed.
    assert "the output is a (probability, logits) [probability]" in result.output


def test_a_mistyped_answer_is_asked_again(store, run, folder):
    path = save(matting(), folder / "m.onnx")
    typed = ["My Net", "mine", "Mine", "For hats.", "fats", "fast", "see website", "MIT"]
    typed += [
        "example.org",
        "https://example.org",
        "squeeze",
        "stretch",
        "big",
        "255",
        "0,5",
        "0.5",
        "x",
        "0.5",
    ]
    typed += ["percent", "probability", "none"]
    result = run(path, answers="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    model = added(store)
    assert (model.id, model.licence, model.input.scale) == ("mine", "MIT", 255)
    for told in ("lower-case letters", "SPDX", "an https:// address", "--scale big", "--mean 0,5"):
        assert told in result.output


def test_several_outputs_are_a_question(store, run, folder):
    model = matting(side_output=True, channels=1)
    assert run(save(model, folder / "m.onnx"), "--output", "side", *ANSWERS).exit_code == 0
    assert added(store).output.name == "side"


def test_weights_beside_the_graph_come_along(store, run, folder):
    save_apart(matting(), folder / "m.onnx", "some weights.bin")
    result = run(folder / "m.onnx", *ANSWERS)
    assert result.exit_code == 0, result.output
    model = added(store)
    assert [(file.role, file.name) for file in model.files] == [
        ("graph", "m.onnx"),
        ("external-data", "m.onnx.data"),
    ]
    sizes = [file.path.stat().st_size for file in model.files]
    assert [file.bytes for file in model.files] == sizes
    assert model.bytes == sum(sizes)
    session = native.session(model.files[0].path)
    (matte,) = session.run(["out"], {"in": np.zeros((1, 3, 32, 48), np.float32)})
    assert matte.shape == (1, 1, 32, 48)


def test_weights_may_be_named_too(store, run, folder):
    save_apart(matting(), folder / "m.onnx", "m.bin")
    assert run(folder / "m.onnx", folder / "m.bin", *ANSWERS).exit_code == 0
    assert len(added(store).files) == 2


def test_weights_can_be_taken_into_the_graph(store, run, folder):
    save_apart(matting(), folder / "m.onnx", "m.bin")
    result = run(folder / "m.onnx", "--optimise", "trim", *ANSWERS)
    assert result.exit_code == 0, result.output
    assert [file.name for file in added(store).files] == ["m.onnx"]


def two_inputs() -> onnx.ModelProto:
    model = matting()
    model.graph.input.append(helper.make_tensor_value_info("point", TensorProto.FLOAT, [1, 2]))
    return model


def coloured() -> onnx.ModelProto:
    model = matting(side_output=True)
    del model.graph.output[0]
    return model


@pytest.mark.parametrize(
    ("model", "words"),
    [(two_inputs, "one input is needed, it has 2"), (coloured, "float32 with one channel")],
)
def test_a_graph_that_draws_no_matte_is_refused(store, run, folder, model, words):
    result = run(save(model(), folder / "m.onnx"), *ANSWERS)
    assert (result.exit_code, words in result.output) == (1, True), result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--yes"], "give --licence"),
        (["--licence", "see website", "--yes"], "SPDX"),
        (["--id", "small", *ANSWERS], "catalog.toml has a model of this id"),
        (["--id", "No", *ANSWERS], "lower-case letters"),
        (["--scale", "big", *ANSWERS], "--scale big"),
        (["--mean", "1,2", *ANSWERS], "one number, or three"),
        (["--std", "0", *ANSWERS], "std"),
        (["--origin", "ftp://x", *ANSWERS], "an https:// address"),
        (["--range", "logits", "--part", "unet=x", *ANSWERS], "does not exist"),
        (["--range", "percent", *ANSWERS], "percent"),
    ],
)
def test_what_cannot_be_is_told(store, run, folder, words, told):
    result = run(save(matting(), folder / "m.onnx"), *words)
    assert result.exit_code in (1, 2)
    assert told in result.output
    assert [model.id for model in catalog.load(store.root).models] == ["small", "large"]


@pytest.mark.parametrize("size", ["0", "x", "32x", "-1"])
def test_an_open_size_must_be_given_well(store, run, folder, size):
    path = save(matting(open_size=True), folder / "m.onnx")
    assert "--input-size" in run(path, *ANSWERS).output
    assert f"--input-size {size}" in run(path, "--input-size", size, *ANSWERS).output


def test_weights_outside_the_folder_of_the_graph_are_refused(store, run, folder):
    inner = folder / "inner" / "m.onnx"
    save_apart(matting(), inner, "m.bin")
    graph = onnx.load(inner, load_external_data=False)
    for tensor in graph.graph.initializer:
        tensor.external_data[0].value = "../m.bin"
    inner.write_bytes(graph.SerializeToString())
    assert "outside its folder" in run(inner, *ANSWERS).output
    (inner.parent / "m.bin").rename(folder / "m.bin")
    assert "outside its folder" in run(inner, *ANSWERS).output


def test_missing_weights_and_idle_files_are_named(store, run, folder):
    save_apart(matting(), folder / "m.onnx", "m.bin")
    other = folder / "other.bin"
    other.touch()
    assert "does not use" in run(folder / "m.onnx", other, *ANSWERS).output
    (folder / "m.bin").unlink()
    assert "needs m.bin beside it" in run(folder / "m.onnx", *ANSWERS).output


def test_a_model_is_added_once(store, run, folder):
    path = save(matting(), folder / "m.onnx")
    assert run(path, *ANSWERS).exit_code == 0
    assert "is installed already; remove it first" in run(path, *ANSWERS).output
    records = json.loads(lockfile.path_in(store.root).read_bytes())["models"]
    assert list(records) == ["m"]
