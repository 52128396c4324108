"""The canary says something: it is upstream's, it has both values, and mistakes move it."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from model_store import catalog, sources
from model_store.canary import (
    blocks_image,
    difference,
    draw,
    draw_each,
    matte_of,
    mistakes,
    samples,
    tensor_of,
)
from model_store.entry import ModelInput, ModelOutput


@pytest.fixture(scope="module")
def model():
    (found,) = (model for model in catalog.load().models if model.id == "u2netp")
    return found


@pytest.fixture(scope="module")
def shipped(model):
    return model.files[0].path.read_bytes()


def apart(matte, model):
    return difference(samples(matte, model.canary.grid), model.canary.samples)


def test_the_samples_are_those_of_the_upstream_graph(model):
    upstream = sources.fetch(model.sources[0]).read_bytes()
    assert apart(draw(upstream, model), model).max <= 1e-3


def test_the_shipped_graph_passes_with_room_for_other_processors(model, shipped):
    # WebAssembly SIMD differs from native by 2e-7 on average, 6e-5 at most.
    found = apart(draw(shipped, model), model)
    assert found.mean < model.canary.tolerance_mean / 20
    assert found.max < model.canary.tolerance_max / 20


def test_the_matte_has_figure_and_ground(model, shipped):
    for values in (draw(shipped, model), np.array(model.canary.samples)):
        assert (values > 0.9).mean() > 0.25
        assert (values < 0.1).mean() > 0.25


def test_preprocessing_mistakes_are_refused_by_a_wide_margin(model, shipped):
    wrong = mistakes(model.input)
    assert {"no mean and std", "scale 255", "mean and std as BGR"} <= wrong.keys()
    for name, matte in draw_each(shipped, model, wrong).items():
        found = apart(matte, model)
        assert found.mean > 10 * model.canary.tolerance_mean, name
        assert found.max > 10 * model.canary.tolerance_max, name


def first_convolution(graph: onnx.ModelProto) -> onnx.TensorProto:
    name = next(node.input[1] for node in graph.graph.node if node.op_type == "Conv")
    cast = {node.output[0]: node.input[0] for node in graph.graph.node if node.op_type == "Cast"}
    (found,) = (each for each in graph.graph.initializer if each.name == cast.get(name, name))
    return found


def test_swapped_channels_are_refused(model, shipped):
    graph = onnx.load_model_from_string(shipped)
    kernel = first_convolution(graph)
    # Reversing the kernel's input channels is feeding it BGR.
    swapped = numpy_helper.to_array(kernel)[:, ::-1].copy()
    kernel.CopyFrom(numpy_helper.from_array(swapped, kernel.name))
    assert not apart(draw(graph.SerializeToString(), model), model).within(model.canary)


def test_most_truncated_weights_are_refused(model, shipped):
    # One picture does not depend on every kernel: measured, 103 of the 119 are noticed when half
    # of their weights is zero. The digests guard the bytes; the canary guards what computes.
    kernels = range(0, 119, 10)
    found = [apart(draw(_truncated(shipped, index), model), model) for index in kernels]
    refused = [each for each in found if not each.within(model.canary)]
    assert len(refused) >= 0.8 * len(kernels)


def _truncated(graph: bytes, index: int) -> bytes:
    """`graph` with the second half of its kernel number `index` lost to zeros."""
    model = onnx.load_model_from_string(graph)
    kernel = [each for each in model.graph.initializer if len(each.dims) == 4][index]
    half = len(kernel.raw_data) // 2
    kernel.raw_data = kernel.raw_data[:half] + bytes(len(kernel.raw_data) - half)
    content: bytes = model.SerializeToString()
    return content


def test_the_image_is_the_recipe():
    height, width, seed = 10, 7, 4_000_000_000
    state = seed
    colours = []
    for _ in range(48):
        state = (state * 1664525 + 1013904223) % 2**32
        colours.append(20 + (((state >> 24) * 120) >> 8))
    image = blocks_image(height, width, seed)
    assert image.shape == (height, width, 3)
    for y in range(height):
        for x in range(width):
            block = (y * 4 // height) * 4 + x * 4 // width
            assert image[y, x].tolist() == colours[block * 3 : block * 3 + 3]


def test_samples_are_taken_at_the_centres_of_the_cells():
    matte = (np.arange(32 * 48, dtype=np.float32) / np.float32(10_000)).reshape(32, 48)
    taken = samples(matte, 16)
    assert taken[:2] == (round((48 + 1) / 10_000, 4), round((48 + 4) / 10_000, 4))
    assert taken[16] == round((3 * 48 + 1) / 10_000, 4)


@pytest.mark.parametrize(("scale", "value"), [("max", 1.0), (255, 0.4), (256, 0.3984)])
def test_pixels_are_scaled_as_the_catalog_says(scale, value):
    given = ModelInput(
        "in", (1, 3, 2, 2), "NCHW", "float32", "lanczos3", scale, (0, 0.5, 0), (1, 1, 2)
    )
    tensor = tensor_of(np.full((2, 2, 3), 102, np.uint8), given)
    assert tensor.shape == (1, 3, 2, 2)
    assert tensor[0, :, 0, 0] == pytest.approx([value, value - 0.5, value / 2], abs=1e-4)


def test_a_matte_follows_the_output_rule():
    raw = np.array([[[[-2.0, 0.0], [1.0, 2.0]]]], np.float32)
    output = ModelOutput("out", (1, 1, 2, 2), "float32", "logits", "none")
    assert matte_of(raw, output)[0, 1] == pytest.approx(0.5)
    stretched = ModelOutput("out", (1, 1, 2, 2), "float32", "probability", "minmax")
    assert matte_of(raw, stretched) == pytest.approx(np.array([[0, 0.5], [0.75, 1]]))
    faint = np.array([[[[0.0, 0.1], [0.2, 0.49]]]], np.float32)
    assert matte_of(faint, stretched) == pytest.approx(faint[0, 0])
