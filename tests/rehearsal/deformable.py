"""A deformable convolution in the two forms that published graphs have it in."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto

from tests.rehearsal.building import Building

FAR = 1 << 31


def native(b: Building, x: str, offset: str, mask: str, kernel: str, side: int) -> str:
    """The operator of opset 19."""
    bias = f"{kernel}.bias"
    b.weights.setdefault(bias, np.zeros(b.weights[kernel].shape[0], np.float32))
    return b.op(
        "DeformConv", x, kernel, offset, bias, mask, kernel_shape=[side, side],
        pads=[side // 2] * 4, strides=[1, 1], dilations=[1, 1], group=1, offset_group=1,
    )  # fmt: skip


def decomposed(
    b: Building, x: str, offset: str, mask: str, kernel: str, side: int, size: tuple[int, int, int]
) -> str:
    """The arithmetic that deform-conv2d-onnx-exporter 1.2.0 (MIT) writes, node by node: where each
    sample lies, the four pixels around it, their weighted sum, the mask, and a plain convolution
    of what was gathered. `size`: channels, height and width of `x`.
    """
    channels, height, width = size
    taps, pad = side * side, side // 2
    more = 1 if pad == 0 else 0
    margin = pad + more
    padded = height + 2 * margin, width + 2 * margin

    place = b.reshape(offset, 1, 1, taps, 2, height, width)
    place = b.op("Add", b.constant(_places(side, more, height, width)), place)
    corner = b.op("Floor", place)
    index = b.op("Cast", corner, to=TensorProto.INT64)
    one = b.whole(1)
    top, left = b.slice(index, 3, 0, 1), b.slice(index, 3, 1, 2)
    bottom, right = b.op("Add", top, one), b.op("Add", left, one)
    lines = {"t": (top, 0), "l": (left, 1), "b": (bottom, 0), "r": (right, 1)}
    found = {
        key: b.op("Clip", value, b.whole(0), b.whole(padded[axis] - 1))
        for key, (value, axis) in lines.items()
    }

    whole = b.constant(1)
    apart = b.op("Sub", place, corner)
    down, across = b.slice(apart, 3, 0, 1), b.slice(apart, 3, 1, 2)
    up, back = b.op("Sub", whole, down), b.op("Sub", whole, across)
    shares = {
        "tl": b.op("Mul", back, up),
        "br": b.op("Mul", across, down),
        "bl": b.op("Mul", back, down),
        "tr": b.op("Mul", across, up),
    }
    shares = {key: b.reshape(v, 1, 1, 1, taps, height, width) for key, v in shares.items()}

    edges = b.whole([0, 0, margin, margin] * 2)
    field = b.reshape(b.op("Pad", x, edges, mode="constant"), 1, 1, channels, *padded)
    seen = []
    for key, share in shares.items():
        y, z = (b.reshape(found[axis], 1, 1, taps * height * width, 1) for axis in key)
        at = b.op("Concat", y, z, axis=3)
        lines_of = b.op("Transpose", field, perm=[0, 1, 3, 4, 2])
        pixels = b.op("GatherND", lines_of, at, batch_dims=2)
        pixels = b.op("Transpose", pixels, perm=[0, 1, 3, 2])
        pixels = b.reshape(pixels, 1, 1, channels, taps, height, width)
        seen.append(b.op("Mul", share, pixels))
    value = b.op("Sum", *seen)
    value = b.op("Mul", value, b.reshape(mask, 1, 1, 1, taps, height, width))
    value = b.reshape(value, 1, channels, side, side, height, width)
    value = b.op("Transpose", value, perm=[0, 1, 4, 2, 5, 3])
    value = b.reshape(value, 1, channels, height * side, width * side)
    value = b.op("Conv", value, kernel, kernel_shape=[side, side], strides=[side, side], group=1)
    bias = b.constant(np.zeros(b.weights[kernel].shape[0]))
    return b.op("Add", value, b.op("Unsqueeze", bias, b.whole([0, 2, 3])))


def _places(side: int, more: int, height: int, width: int) -> np.ndarray:
    """Where each tap of each pixel lies in the padded field without an offset: 1,1,K,2,H,W."""
    y, x = np.mgrid[:height, :width] + more
    rows, columns = np.mgrid[:side, :side]
    both = [rows.reshape(-1, 1, 1) + y, columns.reshape(-1, 1, 1) + x]
    return np.stack(both, axis=1)[None, None].astype(np.float32)
