"""Swin Transformer, tiny as BiRefNet lite has it and large as BiRefNet has: four stages of windows,
every second one shifted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from onnx import TensorProto

from tests.rehearsal.building import Building

_FAR = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Kind:
    """`width`: channels of the first stage. Of each stage: blocks, and heads of their attention."""

    width: int
    depths: tuple[int, ...]
    heads: tuple[int, ...]
    window: int


TINY = Kind(96, (2, 2, 6, 2), (3, 6, 12, 24), 7)
LARGE = Kind(192, (2, 2, 18, 2), (6, 12, 24, 48), 12)


class Swin:
    """The weights once; it is run at two sizes. `width`: channels of the first stage."""

    def __init__(self, building: Building, width: int, kind: Kind = TINY) -> None:
        self.b, self.width, self.kind, self.window = building, width, kind, kind.window
        self.channels = [width << stage for stage in range(4)]
        self._make = building.weight
        # Both sizes share one set of weights: the second run takes them again in the same order.
        self._kept: list[str] = []
        self._taken: int | None = None

    def __call__(self, photo: str, side: int) -> list[str]:
        """The four maps, NCHW, of a photo of `side` x `side`: a quarter, an eighth ... of it."""
        b = self.b
        self._taken = 0 if self._kept else None
        b.weight = self._shared  # type: ignore[method-assign]
        try:
            return self._stages(photo, side)
        finally:
            b.weight = self._make  # type: ignore[method-assign]

    def _shared(self, *shape: int, spread: float, mean: float = 0.0) -> str:
        if self._taken is None:
            self._kept.append(self._make(*shape, spread=spread, mean=mean))
            return self._kept[-1]
        self._taken += 1
        return self._kept[self._taken - 1]

    def _stages(self, photo: str, side: int) -> list[str]:
        b, maps = self.b, []
        kernel = b.weight(self.width, 3, 4, 4, spread=0.2)
        bias = b.weight(self.width, spread=0.05)
        x = b.op(
            "Conv", photo, kernel, bias, kernel_shape=[4, 4], strides=[4, 4], pads=[0] * 4,
            dilations=[1, 1], group=1,
        )  # fmt: skip
        size = side // 4
        x = self._flat(x, self.width, size)
        x = b.norm(x, self.width)
        for stage, channels in enumerate(self.channels):
            mask = self._mask(size)
            for block in range(self.kind.depths[stage]):
                x = self._block(
                    x, channels, size, self.kind.heads[stage], mask if block % 2 else None
                )
            y = b.norm(x, channels)
            y = b.reshape(y, 1, size, size, channels)
            maps.append(b.op("Transpose", y, perm=[0, 3, 1, 2]))
            if stage < 3:
                x = self._merge(x, channels, size)
                size //= 2
        return maps

    def _flat(self, x: str, channels: int, size: int) -> str:
        x = self.b.reshape(x, 1, channels, size * size)
        return self.b.op("Transpose", x, perm=[0, 2, 1])

    def _block(self, x: str, channels: int, size: int, heads: int, mask: str | None) -> str:
        b, window = self.b, self.window
        padded = -(-size // window) * window
        y = b.reshape(b.norm(x, channels), 1, size, size, channels)
        if padded != size:
            y = b.op("Pad", y, b.whole([0] * 5 + [padded - size] * 2 + [0]), b.constant(0))
        y = self._roll(y, -(self.window // 2)) if mask else y
        y = self._windows(y, padded, channels)
        y = self._attention(y, padded, channels, heads, mask)
        y = b.reshape(
            y, 1, padded // self.window, padded // self.window, self.window, self.window, channels
        )
        y = b.op("Transpose", y, perm=[0, 1, 3, 2, 4, 5])
        y = b.reshape(y, 1, padded, padded, channels)
        y = self._roll(y, self.window // 2) if mask else y
        if padded != size:
            y = b.slice(b.slice(y, 1, 0, size), 2, 0, size)
        x = b.op("Add", x, b.reshape(y, 1, size * size, channels))
        y = b.linear(b.norm(x, channels), channels, 4 * channels)
        half = b.op("Erf", b.op("Div", y, b.constant(np.sqrt(2))))
        y = b.op("Mul", y, b.op("Add", half, b.constant(1)))
        y = b.op("Mul", y, b.constant(0.5))
        return b.op("Add", x, b.linear(y, 4 * channels, channels, gain=0.5))

    def _roll(self, x: str, by: int) -> str:
        for axis in (1, 2):
            first, rest = self.b.slice(x, axis, -by, _FAR), self.b.slice(x, axis, 0, -by)
            x = self.b.op("Concat", first, rest, axis=axis)
        return x

    def _windows(self, x: str, padded: int, channels: int) -> str:
        across = padded // self.window
        x = self.b.reshape(x, 1, across, self.window, across, self.window, channels)
        x = self.b.op("Transpose", x, perm=[0, 1, 3, 2, 4, 5])
        return self.b.reshape(x, across * across, self.window * self.window, channels)

    def _attention(self, x: str, padded: int, channels: int, heads: int, mask: str | None) -> str:
        b, pixels, count = self.b, self.window * self.window, (padded // self.window) ** 2
        three = b.linear(x, channels, 3 * channels)
        three = b.reshape(three, count, pixels, 3, heads, channels // heads)
        three = b.op("Transpose", three, perm=[2, 0, 3, 1, 4])
        query, key, value = (b.op("Gather", three, b.whole(part), axis=0) for part in range(3))
        query = b.op("Mul", query, b.constant((channels // heads) ** -0.5))
        scores = b.op("MatMul", query, b.op("Transpose", key, perm=[0, 1, 3, 2]))
        table = b.weight((2 * self.window - 1) ** 2, heads, spread=0.3)
        bias = b.op("Gather", table, b.whole(_relative(self.window).reshape(-1)), axis=0)
        bias = b.reshape(bias, pixels, pixels, heads)
        bias = b.op("Transpose", bias, perm=[2, 0, 1])
        scores = b.op("Add", scores, b.op("Unsqueeze", bias, b.whole([0])))
        if mask:
            scores = b.reshape(scores, 1, count, heads, pixels, pixels)
            wide = b.op("Unsqueeze", b.op("Unsqueeze", mask, b.whole([1])), b.whole([0]))
            scores = b.reshape(b.op("Add", scores, wide), count, heads, pixels, pixels)
        y = b.op("MatMul", b.op("Softmax", scores, axis=-1), value)
        y = b.op("Transpose", y, perm=[0, 2, 1, 3])
        return b.linear(b.reshape(y, count, pixels, channels), channels, channels)

    def _mask(self, size: int) -> str:
        """Which pixels of a shifted window were neighbours; numbered by assignments to slices."""
        b, padded = self.b, -(-size // self.window) * self.window
        parts = (
            (0, padded - self.window),
            (padded - self.window, padded - self.window // 2),
            (padded - self.window // 2, padded),
        )
        regions = b.op(
            "ConstantOfShape", b.whole([1, padded, padded, 1]),
            value=TensorProto(data_type=1, dims=[1], float_data=[0.0]),
        )  # fmt: skip
        number = 0
        for rows in parts:
            for columns in parts:
                regions = self._assign(regions, padded, rows, columns, number)
                number += 1
        windows = self._windows(regions, padded, 1)
        windows = b.reshape(windows, (padded // self.window) ** 2, self.window * self.window)
        apart = b.op(
            "Sub",
            b.op("Unsqueeze", windows, b.whole([1])),
            b.op("Unsqueeze", windows, b.whole([2])),
        )
        same = b.op("Equal", apart, b.constant(0))
        far = b.op("Where", b.op("Not", same), b.constant(-100), apart)
        return b.op("Where", b.op("Equal", far, b.constant(0)), b.constant(0), far)

    def _assign(
        self, field: str, side: int, rows: tuple[int, int], columns: tuple[int, int], value: int
    ) -> str:
        """`field[:, rows, columns, :] = value`, as the exporter writes it."""
        b = self.b
        tall, wide = rows[1] - rows[0], columns[1] - columns[0]
        every = b.reshape(
            b.op("Range", b.whole(0), b.whole(side * side), b.whole(1)), 1, side, side, 1
        )
        part = b.slice(b.slice(every, 1, *rows), 2, *columns)
        places = b.op("Unsqueeze", b.reshape(part, -1), b.whole([-1]))
        values = b.op("Expand", b.constant(float(value)), b.whole([tall * wide]))
        flat = b.reshape(field, -1)
        return b.reshape(b.op("ScatterND", flat, places, values), 1, side, side, 1)

    def _merge(self, x: str, channels: int, size: int) -> str:
        """Four neighbours become one pixel of twice the channels."""
        b = self.b
        x = b.reshape(x, 1, size, size, channels)
        corners = []
        for column in (0, 1):
            for row in (0, 1):
                part = self._every_second(self._every_second(x, 1, row), 2, column)
                corners.append(part)
        y = b.reshape(b.op("Concat", *corners, axis=-1), 1, size * size // 4, 4 * channels)
        return b.linear(b.norm(y, 4 * channels), 4 * channels, 2 * channels, bias=False)

    def _every_second(self, x: str, axis: int, start: int) -> str:
        b = self.b
        return b.op("Slice", x, b.whole([start]), b.whole([_FAR]), b.whole([axis]), b.whole([2]))


def _relative(window: int) -> np.ndarray:
    """Which row of the table tells how two pixels of a window lie to each other."""
    y, x = np.mgrid[:window, :window].reshape(2, -1)
    rows, columns = y[:, None] - y + window - 1, x[:, None] - x + window - 1
    return np.asarray(rows * (2 * window - 1) + columns)
