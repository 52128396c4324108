"""EdgeTAM and MobileSAM with random weights, at any size and width.

The decoders have the published structure, node by node: points become random Fourier features, a
two-way transformer of two layers lets them and the picture's grid attend to each other, and what
comes of it is made larger and multiplied into masks. The encoders are stacks of convolutions with
the published inputs, outputs and steps of size; of MobileSAM's, it also makes the photo ready.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import onnx
from onnx import TensorProto, helper

from tests.rehearsal.building import Building

_HEADS, _LAYERS, _MASKS = 8, 2, 4
_STRIDE = 16  # pixels of the model's input to a step of the grid
_OPSET = 18


@dataclass(frozen=True)
class Twin:
    """`side`: of the input, 1024 in the published models; `width`: channels of the grid, 256 there,
    and a multiple of 32."""

    family: Literal["edgetam", "mobilesam"]
    side: int = 1024
    width: int = 256
    seed: int = 11

    @property
    def grid(self) -> int:
        """Steps of the grid per side; masks have four times as many."""
        return self.side // _STRIDE

    def encoder(self) -> onnx.ModelProto:
        """From pixels to embeddings."""
        b = Building(self.seed)
        if self.family == "edgetam":
            maps = _pyramid(b, "pixel_values", self)
            sizes = [(self.width // 8, 4), (self.width // 4, 2), (self.width, 1)]
            made = []
            for index, (value, (channels, scale)) in enumerate(zip(maps, sizes, strict=True)):
                name = f"image_embeddings.{index}"
                _name(b, value, name)
                made.append(_float(name, [1, channels, self.grid * scale, self.grid * scale]))
            return b.whole_of(
                [_float("pixel_values", ["batch_size", 3, *[self.side] * 2])], made, _OPSET
            )
        ready = _made_ready(b, "input_image", self.side)
        _name(b, _pyramid(b, ready, self)[-1], "image_embeddings")
        made = [_float("image_embeddings", [1, self.width, self.grid, self.grid])]
        return b.whole_of([_float("input_image", ["image_height", "image_width", 3])], made, _OPSET)

    def decoder(self) -> onnx.ModelProto:
        """From embeddings and a prompt to masks."""
        b = Building(self.seed + 1)
        return _edgetam(b, self) if self.family == "edgetam" else _mobilesam(b, self)


def _float(name: str, shape: list[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _name(b: Building, value: str, name: str) -> None:
    b.op("Identity", value)
    b.nodes[-1].output[0] = name


def _gelu(b: Building, x: str) -> str:
    half = b.op("Erf", b.op("Div", x, b.constant(np.sqrt(2))))
    return b.op("Mul", b.op("Mul", x, b.op("Add", half, b.constant(1))), b.constant(0.5))


def _step(b: Building, x: str, given: int, made: int, *, stride: int = 1) -> str:
    """A depthwise and a pointwise convolution, as RepViT's blocks are once they are folded."""
    kernel = b.weight(given, 1, 3, 3, spread=0.5)
    deep = b.op(
        "Conv", x, kernel, b.weight(given, spread=0.1), kernel_shape=[3, 3], pads=[1] * 4,
        strides=[stride] * 2, dilations=[1, 1], group=given,
    )  # fmt: skip
    return _gelu(b, b.conv(deep, given, made))


def _pyramid(b: Building, x: str, twin: Twin) -> list[str]:
    """Maps at a quarter, an eighth and a sixteenth of the side, the largest first."""
    width = twin.width
    x = _step(b, x, 3, width // 8, stride=2)
    maps, given = [], width // 8
    for made in (width // 4, width // 2, width):
        x = _step(b, x, given, made, stride=2)
        # Expanded and taken back, with what was there added.
        x = b.op("Add", x, b.conv(_step(b, x, made, 2 * made), 2 * made, made, gain=0.5))
        maps.append(x)
        given = made
    sizes = ((width // 4, width // 8), (width // 2, width // 4), (width, width))
    return [b.conv(x, given, made) for x, (given, made) in zip(maps, sizes, strict=True)]


def _made_ready(b: Building, image: str, side: int) -> str:
    """[H, W, 3] in 0..255 as [1, 3, side, side], normalised, what is missing below and right 0."""
    mean, std = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]
    plain = b.op("Div", b.op("Sub", image, b.constant(mean)), b.constant(std))
    planes = b.op("Unsqueeze", b.op("Transpose", plain, perm=[2, 0, 1]), b.whole([0]))
    size = b.op("Slice", b.op("Shape", planes), b.whole([2]), b.whole([4]), b.whole([0]))
    lacking = b.op("Sub", b.whole([side, side]), size)
    pads = b.op("Concat", b.whole([0] * 6), lacking, axis=0)
    padded = b.op("Pad", planes, pads, b.constant(0.0), mode="constant")
    return b.reshape(padded, 1, 3, side, side)


def _fourier(b: Building, points: str, gaussian: str, side: int) -> str:
    """[1, N, 2] in the input's pixels as [1, N, width]."""
    unit = b.op("Div", b.op("Add", points, b.constant(0.5)), b.constant(side))
    turned = b.op("MatMul", b.op("Sub", b.op("Mul", unit, b.constant(2)), b.constant(1)), gaussian)
    angle = b.op("Mul", turned, b.constant(2 * np.pi))
    return b.op("Concat", b.op("Sin", angle), b.op("Cos", angle), axis=-1)


def _labelled(b: Building, features: str, labels: str, width: int) -> str:
    """Features of points with what their labels mean added; a label of -1 is no point."""
    known = b.weight(4, width, spread=0.3)
    none = b.weight(1, 1, width, spread=0.3)
    column = b.op("Unsqueeze", labels, b.whole([-1]))
    is_none = b.op("Equal", column, b.whole(-1))
    there = b.op("Where", is_none, none, features)
    kind = b.op("Gather", known, b.op("Max", labels, b.whole(0)), axis=0)
    weight = b.op("Where", is_none, b.constant(0.0), b.constant(1.0))
    return b.op("Add", there, b.op("Mul", kind, weight))


def _split(b: Building, x: str, size: int) -> str:
    """[1, T, size] as [1, heads, T, size / heads], T as it is found in a run."""
    shape = b.op("Shape", x)
    tokens = b.op("Gather", shape, b.whole([1]), axis=0)
    wanted = b.op("Concat", b.whole([1]), tokens, b.whole([_HEADS, size // _HEADS]), axis=0)
    return b.op("Transpose", b.op("Reshape", x, wanted), perm=[0, 2, 1, 3])


def _attend(b: Building, q: str, k: str, v: str, width: int, inner: int) -> str:
    asked, keys, values = (_split(b, b.linear(x, width, inner), inner) for x in (q, k, v))
    products = b.op("MatMul", asked, b.op("Transpose", keys, perm=[0, 1, 3, 2]))
    scores = b.op("Softmax", b.op("Mul", products, b.constant((inner // _HEADS) ** -0.5)), axis=-1)
    mixed = b.op("Transpose", b.op("MatMul", scores, values), perm=[0, 2, 1, 3])
    return b.linear(b.reshape(mixed, 1, -1, inner), inner, width)


def _two_way(b: Building, tokens: str, image: str, places: str, width: int) -> tuple[str, str]:
    """Tokens and the picture's grid after they have attended to each other."""
    queries, keys, first = tokens, image, tokens
    for layer in range(_LAYERS):
        asked = queries if layer == 0 else b.op("Add", queries, first)
        own = _attend(b, asked, asked, queries, width, width)
        queries = b.norm(own if layer == 0 else b.op("Add", queries, own), width)
        placed = b.op("Add", keys, places)
        seen = _attend(b, b.op("Add", queries, first), placed, keys, width, width // 2)
        queries = b.norm(b.op("Add", queries, seen), width)
        wide = b.op("Relu", b.linear(queries, width, 8 * width))
        queries = b.norm(b.op("Add", queries, b.linear(wide, 8 * width, width)), width)
        back = _attend(b, placed, b.op("Add", queries, first), queries, width, width // 2)
        keys = b.norm(b.op("Add", keys, back), width)
    seen = _attend(
        b, b.op("Add", queries, first), b.op("Add", keys, places), keys, width, width // 2
    )
    return b.norm(b.op("Add", queries, seen), width), keys


def _enlarge(b: Building, x: str, given: int, made: int) -> str:
    kernel = b.weight(given, made, 2, 2, spread=1 / np.sqrt(given))
    return b.op(
        "ConvTranspose", x, kernel, b.weight(made, spread=0.1), kernel_shape=[2, 2], strides=[2, 2],
        pads=[0] * 4, dilations=[1, 1], group=1,
    )  # fmt: skip


def _mlp(b: Building, x: str, given: int, inner: int, made: int) -> str:
    x = b.op("Relu", b.linear(x, given, inner))
    return b.linear(b.op("Relu", b.linear(x, inner, inner)), inner, made, gain=2.0)


def _norm_2d(b: Building, x: str, size: int) -> str:
    turned = b.norm(b.op("Transpose", x, perm=[0, 2, 3, 1]), size)
    return b.op("Transpose", turned, perm=[0, 3, 1, 2])


@dataclass(frozen=True)
class _Drawn:
    masks: str  # [1, 4, 4 x grid, 4 x grid]
    scores: str  # [1, 4]
    presence: str  # [1, 1]


def _draw(b: Building, twin: Twin, embedding: str, sparse: str, fine: list[str]) -> _Drawn:
    """Masks of a prompt; `fine`: the larger maps that are added where it is made larger."""
    width, grid = twin.width, twin.grid
    own = b.weight(1, 2 + _MASKS, width, spread=0.5)
    tokens = b.op("Concat", own, sparse, axis=1)
    image = b.op("Transpose", b.reshape(embedding, 1, width, grid * grid), perm=[0, 2, 1])
    # Of the grid's places, which the exporter has computed: half of what is fixed is this.
    places = b.weight(1, grid * grid, width, spread=0.7)
    seen, keys = _two_way(b, tokens, image, places, width)
    small = b.reshape(b.op("Transpose", keys, perm=[0, 2, 1]), 1, width, grid, grid)
    large = _enlarge(b, small, width, width // 4)
    if fine:
        large = b.op("Add", large, fine[1])
    large = _enlarge(b, _gelu(b, _norm_2d(b, large, width // 4)), width // 4, width // 8)
    if fine:
        large = b.op("Add", large, fine[0])
    large = _gelu(b, large)
    products = []
    for index in range(_MASKS):
        token = b.slice(seen, 1, 2 + index, 3 + index)
        products.append(_mlp(b, token, width, width, width // 8))
    hyper = b.op("Concat", *products, axis=1)
    flat = b.reshape(large, 1, width // 8, 16 * grid * grid)
    masks = b.reshape(b.op("MatMul", hyper, flat), 1, _MASKS, 4 * grid, 4 * grid)
    scores = _mlp(b, b.slice(seen, 1, 1, 2), width, width, _MASKS)
    presence = _mlp(b, b.slice(seen, 1, 0, 1), width, width, 1)
    return _Drawn(
        b.op("Add", masks, b.constant(-1)),
        b.reshape(b.op("Sigmoid", scores), 1, _MASKS),
        b.reshape(b.op("Add", presence, b.constant(3)), 1, 1),
    )


def _edgetam(b: Building, twin: Twin) -> onnx.ModelProto:
    width, grid = twin.width, twin.grid
    gaussian = b.weight(2, width // 2, spread=1)
    points = b.reshape("input_points", 1, -1, 2)
    labels = b.reshape("input_labels", 1, -1)
    pointed = _labelled(b, _fourier(b, points, gaussian, twin.side), labels, width)
    corners = _fourier(b, b.reshape("input_boxes", 1, -1, 2), gaussian, twin.side)
    sparse = b.op("Concat", pointed, corners, axis=1)
    fine = ["image_embeddings.0", "image_embeddings.1"]
    drawn = _draw(b, twin, "image_embeddings.2", sparse, fine)
    shown = b.slice(drawn.masks, 1, 1, _MASKS)
    _name(b, b.op("Unsqueeze", shown, b.whole([1])), "pred_masks")
    _name(b, b.op("Unsqueeze", b.slice(drawn.scores, 1, 1, _MASKS), b.whole([1])), "iou_scores")
    _name(b, b.op("Unsqueeze", drawn.presence, b.whole([1])), "object_score_logits")
    batch = ["batch_size", "point_batch_size"]
    given = [
        _float("input_points", [*batch, "nb_points_per_image", 2]),
        helper.make_tensor_value_info(
            "input_labels", TensorProto.INT64, [*batch, "nb_points_per_image"]
        ),
        _float("input_boxes", ["batch_size", "num_boxes", 4]),
        _float("image_embeddings.0", ["batch_size", width // 8, 4 * grid, 4 * grid]),
        _float("image_embeddings.1", ["batch_size", width // 4, 2 * grid, 2 * grid]),
        _float("image_embeddings.2", ["batch_size", width, grid, grid]),
    ]
    made = [
        _float("iou_scores", [*batch, 3]),
        _float("pred_masks", [*batch, 3, 4 * grid, 4 * grid]),
        _float("object_score_logits", [*batch, 1]),
    ]
    return b.whole_of(given, made, _OPSET)


def _mobilesam(b: Building, twin: Twin) -> onnx.ModelProto:
    """Of one mask, as it comes with the rule of which one is best inside."""
    width, grid = twin.width, twin.grid
    gaussian = b.weight(2, width // 2, spread=1)
    labels = b.op("Cast", "point_labels", to=TensorProto.INT64)
    sparse = _labelled(b, _fourier(b, "point_coords", gaussian, twin.side), labels, width)
    small = b.op(
        "Conv", "mask_input", b.weight(width, 1, 4, 4, spread=0.2), b.weight(width, spread=0.1),
        kernel_shape=[4, 4], strides=[4, 4], pads=[0] * 4, dilations=[1, 1], group=1,
    )  # fmt: skip
    none = b.weight(1, width, 1, 1, spread=0.2)
    given = b.op("Mul", small, "has_mask_input")
    missing = b.op("Mul", none, b.op("Sub", b.constant(1), "has_mask_input"))
    dense = b.op("Add", given, missing)
    drawn = _draw(b, twin, b.op("Add", "image_embeddings", dense), sparse, [])
    # The single mask is for prompts of several points, the others for one.
    count = b.op("Gather", b.op("Shape", "point_coords"), b.whole([1]), axis=0)
    factor = b.op("Cast", b.op("Sub", count, b.constant(2.5, np.int64)), to=TensorProto.FLOAT)
    bonus = b.op("Mul", factor, b.constant([[1000, 0, 0, 0]]))
    best = b.op("ArgMax", b.op("Add", drawn.scores, bonus), axis=1, keepdims=0)
    low = b.op("Gather", drawn.masks, best, axis=1)
    _name(b, low, "low_res_masks")
    _name(b, b.op("Gather", drawn.scores, best, axis=1), "iou_predictions")
    _name(b, _at_own_size(b, "low_res_masks", twin.side), "masks")
    inputs = [
        _float("image_embeddings", [1, width, grid, grid]),
        _float("point_coords", [1, "num_points", 2]),
        _float("point_labels", [1, "num_points"]),
        _float("mask_input", [1, 1, 4 * grid, 4 * grid]),
        _float("has_mask_input", [1]),
        _float("orig_im_size", [2]),
    ]
    made = [
        _float("masks", ["batch", 1, "height", "width"]),
        _float("iou_predictions", ["batch", 1]),
        _float("low_res_masks", ["batch", 1, 4 * grid, 4 * grid]),
    ]
    return b.whole_of(inputs, made, _OPSET)


def _at_own_size(b: Building, low: str, side: int) -> str:
    """Masks at the size of the photo: made large, cut where the photo ends, made its size."""
    linear = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
    large = b.op("Resize", low, "", "", b.whole([1, 1, side, side]), **linear)
    longest = b.op("ReduceMax", "orig_im_size", keepdims=1)
    scale = b.op("Div", b.constant([side]), longest)
    shown = b.op("Floor", b.op("Add", b.op("Mul", "orig_im_size", scale), b.constant(0.5)))
    ends = b.op("Cast", shown, to=TensorProto.INT64)
    cut = b.op("Slice", large, b.whole([0, 0]), ends, b.whole([2, 3]))
    own = b.op(
        "Concat", b.whole([1, 1]), b.op("Cast", "orig_im_size", to=TensorProto.INT64), axis=0
    )
    return b.op("Resize", cut, "", "", own, **linear)
