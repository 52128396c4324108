"""BiRefNet with random weights: the real structure, node by node, at any size and width.

After ZhengPeng7/BiRefNet (MIT): a Swin Transformer (tiny in BiRefNet lite, large in BiRefNet) sees
the photo and the photo at half its size; a decoder of four blocks, each with deformable
convolutions of 1 x 1, 3 x 3 and 7 x 7, is shown the photo again in patches, and attends to where it
expects edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import onnx

from tests.rehearsal import deformable
from tests.rehearsal.building import Building
from tests.rehearsal.swin import TINY, Kind, Swin

INPUT, OUTPUT = "input_image", "output_image"
_KERNELS = (1, 1, 3, 7)


@dataclass(frozen=True)
class Twin:
    """`side`: of input and output. `width`: channels of the first stage; 96 in BiRefNet lite, 192
    in BiRefNet, whose backbone is `swin.LARGE`.

    `form`: how deformable convolutions are written; "decomposed" ones as old exports have them.
    """

    side: int
    width: int = 96
    form: Literal["decomposed", "native"] = "decomposed"
    seed: int = 5
    backbone: Kind = TINY

    def model(self, building: Building | None = None) -> onnx.ModelProto:
        """The graph, from `input_image` to logits `output_image`."""
        b = building or Building(self.seed)
        logits = _Net(b, self).logits()
        b.op("Identity", logits)
        b.nodes[-1].output[0] = OUTPUT
        shape = [1, 3, self.side, self.side]
        opset = 19 if self.form == "native" else 17
        return b.model((INPUT, shape), (OUTPUT, [1, 1, *shape[2:]]), opset)


class _Net:
    def __init__(self, b: Building, twin: Twin) -> None:
        self.b, self.twin = b, twin
        # 64 and 256 in the published model, whatever the backbone is.
        published = twin.backbone.width
        self.inner = max(4, 64 * twin.width // published)
        self.wide = 4 * self.inner
        self.hint = max(2, 16 * twin.width // published)

    def logits(self) -> str:
        b, side = self.b, self.twin.side
        swin = Swin(b, self.twin.width, self.twin.backbone)
        large = swin(INPUT, side)
        small = swin(b.resize(INPUT, 3, side // 2), side // 2)
        maps = []
        for stage, (one, other) in enumerate(zip(large, small, strict=True)):
            grown = b.resize(other, swin.channels[stage], self._size(stage))
            maps.append(b.op("Concat", one, grown, axis=1))
        channels = [2 * count for count in swin.channels]
        seen = [b.resize(maps[stage], channels[stage], self._size(3)) for stage in range(3)]
        deep = b.op("Concat", *seen, maps[3], axis=1)
        x = self._block(deep, sum(channels), channels[3], self._size(3))
        for stage in (3, 2, 1, 0):
            x = self._decode(x, stage, channels)
            if stage:
                x = b.resize(x, channels[stage - 1], self._size(stage - 1))
                lateral = b.conv(maps[stage - 1], channels[stage - 1], channels[stage - 1])
                x = b.op("Add", x, lateral)
        half = channels[0] // 2
        x = b.resize(x, half, side)
        hint = self._simple(INPUT, 3, channels[0] // 8)
        return b.conv(b.op("Concat", x, hint, axis=1), half + channels[0] // 8, 1)

    def _size(self, stage: int) -> int:
        return self.twin.side >> (2 + stage)

    def _decode(self, x: str, stage: int, channels: list[int]) -> str:
        """One block of the decoder, shown the photo, and held to where edges are expected."""
        b, size = self.b, self._size(stage)
        across = self.twin.side // size
        hints = channels[min(stage + 1, 3)] // 8
        patches = b.resize(self._patches(across, size), 3 * across**2, size)
        patches = self._simple(patches, 3 * across**2, hints)
        x = b.op("Concat", x, patches, axis=1)
        made = channels[stage - 1] if stage else channels[0] // 2
        x = self._block(x, channels[stage] + hints, made, size)
        if not stage:
            return x
        edges = b.op("Relu", b.conv(x, made, self.hint, 3))
        return b.op("Mul", x, b.op("Sigmoid", b.conv(edges, self.hint, 1)))

    def _patches(self, across: int, size: int) -> str:
        """The photo cut into columns, each into pieces, all of them one after the other."""
        b = self.b
        first = b.op("Gather", INPUT, b.whole(0), axis=0)
        lengths = b.whole([size] * across)
        pieces = []
        for column in b.several("Split", across, first, lengths, axis=-1):
            parts = b.several("Split", across, column, b.whole([size] * across), axis=-2)
            pieces += [b.op("Unsqueeze", part, b.whole([0])) for part in parts]
        whole = b.op("Concat", *pieces, axis=1)
        return b.op("Concat", whole, axis=0)

    def _simple(self, x: str, given: int, made: int) -> str:
        return self.b.conv(self.b.conv(x, given, self.inner, 3), self.inner, made, 3)

    def _block(self, x: str, given: int, made: int, size: int) -> str:
        b = self.b
        x = b.op("Relu", b.conv(x, given, self.inner, 3))
        return b.conv(self._pyramid(x, size), self.inner, made, 3)

    def _pyramid(self, x: str, size: int) -> str:
        """Four deformable convolutions and the mean, side by side."""
        b = self.b
        seen = [self._deformable(x, kernel, size) for kernel in _KERNELS]
        mean = b.op("GlobalAveragePool", x)
        mean = b.op("Relu", b.conv(mean, self.inner, self.wide))
        seen.append(b.resize(mean, self.wide, size))
        x = b.op("Concat", *seen, axis=1)
        return b.op("Relu", b.conv(x, 5 * self.wide, self.inner))

    def _deformable(self, x: str, kernel: int, size: int) -> str:
        b, taps = self.b, kernel * kernel
        offset = b.conv(x, self.inner, 2 * taps, kernel, gain=1.0)
        mask = b.op("Sigmoid", b.conv(x, self.inner, taps, kernel, gain=0.5))
        mask = b.op("Mul", mask, b.constant(2))
        weight = b.weight(
            self.wide, self.inner, kernel, kernel, spread=1.4 / (self.inner * taps) ** 0.5
        )
        if self.twin.form == "native":
            y = deformable.native(b, x, offset, mask, weight, kernel)
        else:
            shape = self.inner, size, size
            y = deformable.decomposed(b, x, offset, mask, weight, kernel, shape)
        return b.op("Relu", b.batch_norm(y, self.wide))
