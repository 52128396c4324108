"""Twins of the public exports of SD-Turbo and SDXS: their names, types and open dimensions.

"float32" is Export 1 (schmuell/sd-turbo-ort-web): floats outside, halves inside, dimensions left
open, time steps in int64. "singles" is the same and computes in floats, for adapters that have no
halves; nobody publishes it. "float16" is Export 2 (microsoft/sd-turbo-webnn): halves throughout but
at the decoder, all dimensions fixed. "sdxs" (skillsafeai/sdxs-512-dreamshaper-onnx-webgpu): floats
outside, ids in int64, all dimensions fixed, and TAESD as its decoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from tests.rehearsal.diffusion import (
    SMALL,
    UNet,
    Widths,
    taesd_decoder,
    text_encoder,
    vae_decoder,
    vae_encoder,
)
from tests.rehearsal.halves import Halves

Export = Literal["float32", "float16", "sdxs", "singles"]
FLOAT, HALF = TensorProto.FLOAT, TensorProto.FLOAT16
SDXS = Widths(text=768, text_layers=12, text_heads=12, blocks=(320, 640, 1280), layers=1)
"""SDXS-512 as far as the sizes of its files tell."""
#: A GPU that is played by a processor takes a second or more to compile a shader.
SMALLEST = replace(SMALL, text_layers=1, blocks=(8, 8), vae=(8, 8, 8, 8))
SMALL_SDXS = replace(SMALL, text=12, text_heads=2, blocks=(8, 16, 16))


@dataclass(frozen=True)
class Twin:
    """An export at some widths."""

    export: Export
    widths: Widths = SMALL
    seed: int = 3
    sketch: bool = False

    def parts(self) -> Mapping[str, onnx.ModelProto]:
        """Its graphs, by role."""
        if self.export == "singles":
            graphs = replace(self, export="float32").parts()
            return {role: widened(graph) for role, graph in graphs.items()}
        return {
            "text-encoder": self.text_encoder(),
            **({"vae-encoder": self.vae_encoder()} if self.export == "float32" else {}),
            "unet": self.unet(),
            "vae-decoder": self.vae_decoder(),
        }

    @property
    def _type(self) -> int:
        return HALF if self.export == "float16" else FLOAT

    @property
    def _time(self) -> int:
        return TensorProto.INT64 if self.export == "float32" else self._type

    def _open(self, names: str, *sizes: int) -> list[int | str]:
        """Dimensions by name, or their sizes where this export has them fixed."""
        return [*names.split()] if self.export == "float32" else list(sizes)

    def text_encoder(self) -> onnx.ModelProto:
        """From `input_ids` to `last_hidden_state`."""
        b, w = Halves(self.seed, sketch=self.sketch), self.widths
        last = self._outside(b, text_encoder(b, w, "input_ids"))
        shape = self._open("batch_size sequence_length", 1, w.positions)
        ids = TensorProto.INT64 if self.export == "sdxs" else TensorProto.INT32
        given = [("input_ids", ids, shape)]
        return b.finished(given, [("last_hidden_state", self._type, [*shape, w.text])], last)

    def unet(self) -> onnx.ModelProto:
        """From `sample`, `timestep` and `encoder_hidden_states` to `out_sample`."""
        b, w = Halves(self.seed + 1, sketch=self.sketch), self.widths
        w = replace(w, fused=self.export == "float32")
        is_half = self.export == "float16"
        inside = [
            name if is_half else b.cast(name, HALF)
            for name in ("sample", "timestep", "encoder_hidden_states")
        ]
        last = self._outside(b, UNet(b, w)(*inside))
        sample = self._open("batch_size num_channels height width", 1, 4, w.side, w.side)
        words = self._open("batch_size sequence_length", 1, w.positions)
        given = [
            ("sample", self._type, sample),
            ("timestep", self._time, self._open("steps", 1)),
            ("encoder_hidden_states", self._type, [*words, w.text]),
        ]
        return b.finished(given, [("out_sample", self._type, sample)], last)

    def vae_decoder(self) -> onnx.ModelProto:
        """From `latent_sample` to `sample`, of floats everywhere; "sdxs" calls them otherwise."""
        b, w = Halves(self.seed + 2, sketch=self.sketch), self.widths
        is_tiny = self.export == "sdxs"
        name, made = ("latent", "image") if is_tiny else ("latent_sample", "sample")
        draw = taesd_decoder if is_tiny else vae_decoder
        last = b.cast(draw(b, w, b.cast(name, HALF)), FLOAT)
        latents: list[int | str] = ["batch", "channels", "height", "width"]
        drawn: list[int | str] = ["batch", 3, "height_out", "width_out"]
        if self.export == "float32":
            latents = ["batch_size", "num_channels_latent", "height_latent", "width_latent"]
            drawn = ["batch_size", "num_channels", "height", "width"]
        if is_tiny:
            latents, drawn = [1, 4, w.side, w.side], [1, 3, 8 * w.side, 8 * w.side]
        return b.finished([(name, FLOAT, latents)], [(made, FLOAT, drawn)], last)

    def vae_encoder(self) -> onnx.ModelProto:
        """From `sample` to `latent_sample`, which differs each time: of Export 1 alone."""
        b, w = Halves(self.seed + 3, sketch=self.sketch), self.widths
        last = b.cast(vae_encoder(b, w, b.cast("sample", HALF)), FLOAT)
        given: list[int | str] = ["batch_size", "num_channels", "height", "width"]
        made: list[int | str] = ["batch_size", "num_channels_latent", "height_out", "width_out"]
        return b.finished([("sample", FLOAT, given)], [("latent_sample", FLOAT, made)], last)

    def _outside(self, b: Halves, last: str) -> str:
        return last if self.export == "float16" else b.cast(last, FLOAT)


def widened(model: onnx.ModelProto) -> onnx.ModelProto:
    """`model`, which computes in halves, computing in floats, of the same weights."""
    for tensor in model.graph.initializer:
        _widen(tensor)
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                _widen(attribute.t)
            elif attribute.name in ("to", "dtype") and attribute.i == HALF:
                attribute.i = FLOAT
    return model


def _widen(tensor: TensorProto) -> None:
    if tensor.data_type == HALF:
        values = numpy_helper.to_array(tensor).astype(np.float32)
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
