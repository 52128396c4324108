"""Text encoder, U-Net and decoders of Stable Diffusion with random weights, at any width.

After Hugging Face's diffusers and transformers (Apache-2.0): CLIP's text model, the U-Net of SD 2
with its cross-attention, the VAE's decoder and encoder, and the tiny decoder TAESD (madebyollin,
MIT). Group normalisation is written as web exports have it: reshaped, normalised by instance,
scaled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from onnx import TensorProto

from tests.rehearsal.halves import Halves


@dataclass(frozen=True)
class Widths:
    """The numbers of config.json files. The defaults are SD-Turbo's."""

    text: int = 1024
    text_layers: int = 23
    text_heads: int = 16
    vocab: int = 49408
    positions: int = 77
    blocks: tuple[int, ...] = (320, 640, 1280, 1280)
    head: int = 64
    layers: int = 2
    groups: int = 32
    vae: tuple[int, ...] = (512, 512, 256, 128)
    taesd: int = 64
    side: int = 64
    fused: bool = True  # attention as ONNX Runtime's own operator


SMALL = Widths(
    text=16, text_layers=2, text_heads=2, blocks=(8, 16, 16, 16), head=8, layers=1, groups=4,
    vae=(16, 16, 8, 8), taesd=8, side=8,
)  # fmt: skip
"""A twin that any test can run."""


def text_encoder(b: Halves, w: Widths, ids: str) -> str:
    """`ids` [1, positions] as the last hidden state."""
    x = b.op("Gather", b.weight(w.vocab, w.text, spread=0.5), ids, axis=0)
    x = b.op("Add", x, b.weight(1, w.positions, w.text, spread=0.3))
    mask = b.constant(np.triu(np.full((w.positions, w.positions), -1e4), 1))
    for _ in range(w.text_layers):
        seen = b.norm(x, w.text)
        q, k, v = (b.linear(seen, w.text, w.text) for _ in range(3))
        drawn = _attention(b, (q, k, v), (w.positions, w.positions), w.text, w.text_heads, mask)
        x = b.op("Add", x, b.linear(drawn, w.text, w.text))
        grown = _gelu(b, b.linear(b.norm(x, w.text), w.text, 4 * w.text))
        x = b.op("Add", x, b.linear(grown, 4 * w.text, w.text))
    return b.norm(x, w.text)


class UNet:
    """`sample` [1, 4, side, side] at a `timestep` [1], shown the `words`: the noise in it."""

    def __init__(self, b: Halves, w: Widths) -> None:
        self.b, self.w, self.time = b, w, ""

    def __call__(self, sample: str, timestep: str, words: str) -> str:
        """The name of the noise."""
        b, w = self.b, self.w
        self.time = self._time(timestep)
        x, side = b.conv(sample, 4, w.blocks[0], 3), w.side
        kept, given = [(x, w.blocks[0])], w.blocks[0]
        for index, made in enumerate(w.blocks):
            for _ in range(w.layers):
                x = self._resnet(x, given, made, side)
                if index < len(w.blocks) - 1:
                    x = self._attend(x, made, side, words)
                kept.append((x, made))
                given = made
            if index < len(w.blocks) - 1:
                x, side = b.down(x, made), side // 2
                kept.append((x, made))
        x = self._resnet(x, given, given, side)
        x = self._attend(x, given, side, words)
        x = self._resnet(x, given, given, side)
        for index, made in enumerate(reversed(w.blocks)):
            for _ in range(w.layers + 1):
                other, more = kept.pop()
                x = b.op("Concat", x, other, axis=1)
                x = self._resnet(x, given + more, made, side)
                if index:
                    x = self._attend(x, made, side, words)
                given = made
            if index < len(w.blocks) - 1:
                side *= 2
                x = b.conv(b.up(x), made, made, 3)
        x = b.silu(b.group_norm(x, given, w.groups, side))
        return b.conv(x, given, 4, 3, gain=1.0)

    def _time(self, timestep: str) -> str:
        b, width = self.b, self.w.blocks[0]
        angles = b.op("Mul", b.op("Unsqueeze", timestep, b.whole([1])), b.frequencies(width // 2))
        seen = b.op("Concat", b.op("Cos", angles), b.op("Sin", angles), axis=1)
        return b.linear(b.silu(b.linear(seen, width, 4 * width)), 4 * width, 4 * width)

    def _resnet(self, x: str, given: int, made: int, side: int) -> str:
        b, w = self.b, self.w
        y = b.conv(b.silu(b.group_norm(x, given, w.groups, side)), given, made, 3)
        told = b.linear(b.silu(self.time), 4 * w.blocks[0], made)
        y = b.op("Add", y, b.reshape(told, 1, made, 1, 1))
        y = b.conv(b.silu(b.group_norm(y, made, w.groups, side)), made, made, 3)
        return b.op("Add", y, x if given == made else b.conv(x, given, made))

    def _attend(self, x: str, width: int, side: int, words: str) -> str:
        b, w, count, heads = self.b, self.w, side * side, width // self.w.head
        flat = b.reshape(b.group_norm(x, width, w.groups, side), 1, width, count)
        y = b.linear(b.op("Transpose", flat, perm=[0, 2, 1]), width, width)
        for shown in (None, words):
            seen = b.norm(y, width)
            source, given, length = (
                (seen, width, count) if shown is None else (shown, w.text, w.positions)
            )
            q = b.linear(seen, width, width, bias=False)
            k, v = (b.linear(source, given, width, bias=False) for _ in range(2))
            drawn = _attention(b, (q, k, v), (count, length), width, heads, None, fused=w.fused)
            y = b.op("Add", y, b.linear(drawn, width, width))
        both = b.linear(b.norm(y, width), width, 8 * width)
        one, other = b.several("Split", 2, both, axis=-1)
        y = b.op("Add", y, b.linear(b.op("Mul", one, _gelu(b, other)), 4 * width, width))
        back = b.op("Transpose", b.linear(y, width, width), perm=[0, 2, 1])
        return b.op("Add", x, b.reshape(back, 1, width, side, side))


def vae_decoder(b: Halves, w: Widths, latents: str) -> str:
    """`latents` [1, 4, side, side] as planes eight times as wide and high."""
    given, side = w.vae[0], w.side
    x = b.conv(b.conv(latents, 4, 4), 4, given, 3)
    x = _plain_resnet(b, x, given, given, w.groups, side)
    x = _one_head(b, x, given, w.groups, side)
    x = _plain_resnet(b, x, given, given, w.groups, side)
    for index, made in enumerate(w.vae):
        for _ in range(3):
            x = _plain_resnet(b, x, given, made, w.groups, side)
            given = made
        if index < len(w.vae) - 1:
            side *= 2
            x = b.conv(b.up(x), given, given, 3)
    x = b.silu(b.group_norm(x, given, w.groups, side))
    return b.conv(x, given, 3, 3, gain=0.6)


def vae_encoder(b: Halves, w: Widths, planes: str) -> str:
    """`planes` [1, 3, 8 side, 8 side] as latents: a sample drawn around their mean, as exporters
    write it."""
    widths = w.vae[::-1]
    given, side = widths[0], 8 * w.side
    x = b.conv(planes, 3, given, 3)
    for index, made in enumerate(widths):
        for _ in range(2):
            x = _plain_resnet(b, x, given, made, w.groups, side)
            given = made
        if index < len(widths) - 1:
            side //= 2
            x = b.down(x, given, pads=(0, 0, 1, 1))
    x = _plain_resnet(b, x, given, given, w.groups, side)
    x = _one_head(b, x, given, w.groups, side)
    x = _plain_resnet(b, x, given, given, w.groups, side)
    x = b.conv(b.silu(b.group_norm(x, given, w.groups, side)), given, 8, 3)
    mean, spread = b.several("Split", 2, b.conv(x, 8, 8), axis=1)
    deviation = b.op("Exp", b.op("Mul", spread, b.constant(0.5)))
    noise = b.op("RandomNormalLike", deviation, dtype=TensorProto.FLOAT16)
    return b.op("Add", mean, b.op("Mul", deviation, noise))


def taesd_decoder(b: Halves, w: Widths, latents: str) -> str:
    """The same by a small net without any normalisation."""
    width = w.taesd
    soft = b.op("Mul", b.op("Tanh", b.op("Div", latents, b.constant(3))), b.constant(3))
    x = b.op("Relu", b.conv(soft, 4, width, 3))
    for stage in range(4):
        for _ in range(3 if stage < 3 else 1):
            y = b.op("Relu", b.conv(x, width, width, 3, gain=0.8))
            y = b.op("Relu", b.conv(y, width, width, 3, gain=0.8))
            x = b.op("Relu", b.op("Add", x, b.conv(y, width, width, 3, gain=0.8)))
        if stage < 3:
            x = b.conv(b.up(x), width, width, 3, bias=False, gain=0.8)
    return b.conv(x, width, 3, 3, gain=0.2)


def _plain_resnet(b: Halves, x: str, given: int, made: int, groups: int, side: int) -> str:
    y = b.conv(b.silu(b.group_norm(x, given, groups, side)), given, made, 3)
    y = b.conv(b.silu(b.group_norm(y, made, groups, side)), made, made, 3)
    return b.op("Add", y, x if given == made else b.conv(x, given, made))


def _one_head(b: Halves, x: str, width: int, groups: int, side: int) -> str:
    flat = b.reshape(b.group_norm(x, width, groups, side), 1, width, side * side)
    seen = b.op("Transpose", flat, perm=[0, 2, 1])
    q, k, v = (b.linear(seen, width, width) for _ in range(3))
    drawn = _attention(b, (q, k, v), (side * side, side * side), width, 1, None)
    back = b.op("Transpose", b.linear(drawn, width, width), perm=[0, 2, 1])
    return b.op("Add", x, b.reshape(back, 1, width, side, side))


def _attention(
    b: Halves,
    given: tuple[str, str, str],
    lengths: tuple[int, int],
    width: int,
    heads: int,
    mask: str | None,
    *,
    fused: bool = False,
) -> str:
    if fused:
        return b.op("MultiHeadAttention", *given, domain="com.microsoft", num_heads=heads)
    each = width // heads
    apart = [
        b.op("Transpose", b.reshape(x, 1, length, heads, each), perm=[0, 2, 1, 3])
        for x, length in zip(given, (lengths[0], lengths[1], lengths[1]), strict=True)
    ]
    keys = b.op("Transpose", apart[1], perm=[0, 1, 3, 2])
    scores = b.op("Mul", b.op("MatMul", apart[0], keys), b.constant(each**-0.5))
    if mask:
        scores = b.op("Add", scores, mask)
    drawn = b.op("MatMul", b.op("Softmax", scores, axis=-1), apart[2])
    together = b.op("Transpose", drawn, perm=[0, 2, 1, 3])
    return b.reshape(together, 1, lengths[0], width)


def _gelu(b: Halves, x: str) -> str:
    inner = b.op("Add", b.op("Erf", b.op("Mul", x, b.constant(2**-0.5))), b.constant(1))
    return b.op("Mul", b.op("Mul", x, inner), b.constant(0.5))
