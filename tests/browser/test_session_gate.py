"""Files as the catalog says, and still no model: caught before a photo is touched."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from selenium.webdriver import Chrome

from tests.harness.driving import PageError, call, cut_out
from tests.harness.made_models import described, install_parts
from tests.harness.photos import PHOTOS, reference
from tests.harness.sabotage import bare_page
from tests.harness.site import Answer, Site
from tests.harness.small_segments import SEGMENT

WEIGHTS = Path(__file__).parents[2] / "model_store" / "weights" / "u2netp.onnx"
MODEL = WEIGHTS.read_bytes()
ANYWHERE = random.Random(7)  # noqa: S311, the same places at every run
CUTS = [*range(SEGMENT, len(MODEL), SEGMENT), *ANYWHERE.sample(range(1, len(MODEL)), 6)]


@pytest.fixture
def page(chromium: Chrome, site: Site) -> Chrome:
    """A browser for pages that a test opens once it has said what goes wrong."""
    site.faults.clear()
    return chromium


def install(site: Site, data: bytes) -> None:
    """Serve other bytes as the model, and have the catalog tell the truth about them."""

    def catalog(answer: Answer) -> Answer:
        told = json.loads(answer.body)
        model = next(entry for entry in told["models"] if entry["id"] == "u2netp")
        for file in (model["files"][0], model["parts"][0]["files"][0]):
            file.update(described(data), download=len(data))
        return answer.with_body(json.dumps(told).encode())

    def model(answer: Answer) -> Answer:
        return answer.with_body(data)

    site.faults["/catalog.json"] = catalog
    site.faults["/models/"] = model


def graph(*, inputs: list[str], outputs: list[str], size: int = 320) -> bytes:
    """A valid graph that knows nothing of photos."""
    shape = [1, 1, size, size]
    constant = helper.make_tensor("c", TensorProto.FLOAT, [1], [0.5])
    filled = helper.make_tensor("shape", TensorProto.INT64, [4], shape)
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], [name], value=constant) for name in outputs
    ]
    tensors = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, size, size])
        for name in inputs
    ]
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in outputs]
    body = helper.make_graph(nodes, "g", tensors, results, [filled])
    opset = [helper.make_opsetid("", 13)]
    return bytes(helper.make_model(body, opset_imports=opset, ir_version=7).SerializeToString())


def refused(page: Chrome, site: Site, data: bytes) -> PageError:
    install(site, data)
    page.get(bare_page(site))
    with pytest.raises(PageError) as caught:
        cut_out(page, PHOTOS / "chelsea.png", threads=1)
    return caught.value


@pytest.mark.parametrize("length", CUTS)
def test_truncated_model(page: Chrome, site: Site, length: int) -> None:
    """ONNX Runtime may well take it; whatever it makes of it, no photo sees it."""
    error = refused(page, site, MODEL[:length])
    assert error.code in {"session-failed", "model-interface", "canary-mismatch"}


@pytest.mark.parametrize(
    ("data", "code", "what"),
    [
        (graph(inputs=[], outputs=["1959"]), "model-interface", "inputs"),
        (graph(inputs=["other"], outputs=["1959"]), "model-interface", "inputs"),
        (graph(inputs=["input.1"], outputs=["other"]), "model-interface", "outputs"),
        (graph(inputs=["input.1"], outputs=["1959", "more"]), "model-interface", "outputs"),
        (graph(inputs=["input.1"], outputs=["1959"], size=64), "model-interface", "input shape"),
        (graph(inputs=["input.1"], outputs=["1959"]), "canary-mismatch", None),
        (b"not a model at all", "session-failed", None),
    ],
    ids=["no-input", "other-input", "other-output", "two-outputs", "size", "constant", "text"],
)
def test_another_graph(page: Chrome, site: Site, data: bytes, code: str, what: str | None) -> None:
    error = refused(page, site, data)
    assert (error.code, error.details.get("what")) == (code, what)


def test_flipped_weight(page: Chrome, site: Site) -> None:
    """One exponent bit of one large kernel: the file is valid, the matte is another one."""
    model = onnx.load_from_string(MODEL)
    kernels = [tensor for tensor in model.graph.initializer if len(tensor.raw_data) > 50_000]
    data = bytearray(kernels[0].raw_data)
    for at in range(1, len(data), 2):
        data[at] ^= 0x40
    kernels[0].raw_data = bytes(data)
    error = refused(page, site, model.SerializeToString())
    assert error.code in {"canary-mismatch", "bad-matte"}


def test_weights_in_a_file_of_their_own(page: Chrome, site: Site, tmp_path: Path) -> None:
    """A model of two parts, each verified: the cutout is the same as of one."""
    onnx.save_model(
        onnx.load_from_string(MODEL),
        tmp_path / "u2netp.onnx",
        save_as_external_data=True,
        location="u2netp.onnx.data",
        size_threshold=1024,
    )
    parts = [tmp_path / "u2netp.onnx", tmp_path / "u2netp.onnx.data"]
    install_parts(site, {part.name: part.read_bytes() for part in parts})
    page.get(bare_page(site))

    result = cut_out(page, PHOTOS / "chelsea.png", output={"refine": False})

    assert np.abs(result.grey() - reference("chelsea.png")).mean() <= 2
    assert parts[1].stat().st_size > 1_000_000
    offered = [part for part in call(page, "offer")["parts"] if part["role"] == "model"]
    assert [part["bytes"] for part in offered] == [part.stat().st_size for part in parts]


def test_damaged_weights_beside_the_graph(page: Chrome, site: Site, tmp_path: Path) -> None:
    damaged = {"u2netp.onnx": MODEL, "u2netp.onnx.data": b"weights"}
    install_parts(site, damaged, told={"u2netp.onnx.data": b"Weights"})
    page.get(bare_page(site))
    with pytest.raises(PageError) as caught:
        cut_out(page, PHOTOS / "chelsea.png", threads=1)
    assert (caught.value.code, caught.value.details["name"]) == (
        "model-corrupt",
        "u2netp.onnx.data",
    )
