"""The canary: an image made of integers, and the matte the upstream graph draws of it.

A device whose matte of the same image is elsewhere computes something else than the model. The
recipe is repeated in the client, so every step here is integer arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from model_store.entry import Canary, Model, ModelInput, ModelOutput

Image = NDArray[np.uint8]
Matte = NDArray[np.float32]

# Numerical Recipes' "quick and dirty" generator, modulo 2^32.
_FACTOR, _TERM, _MODULUS = 1664525, 1013904223, 2**32


@dataclass(frozen=True)
class Difference:
    """Between two mattes: the mean and the largest absolute difference, in 0..1."""

    mean: float
    max: float

    def within(self, canary: Canary) -> bool:
        """Whether a device that differs this much passes."""
        return self.mean <= canary.tolerance_mean and self.max <= canary.tolerance_max


def ellipse_image(height: int, width: int, seed: int) -> Image:
    """The recipe "ellipse-v1": a reddish ellipse on a bluish ground, with noise of 0..15.

    Shape (height, width, 3), RGB. An ellipse fills 60 % of the width and 75 % of the height:
    salient enough for every matting model to find, with a border to compare.
    """
    x = np.arange(width, dtype=np.int64)[None, :]
    y = np.arange(height, dtype=np.int64)[:, None]
    a, b = (width * 3) // 10, (height * 3) // 8
    inside = (2 * x - width) ** 2 * b**2 + (2 * y - height) ** 2 * a**2 <= 4 * a**2 * b**2
    zero = np.zeros((height, width), dtype=np.int64)
    figure = np.stack([zero + 210, 140 - (y * 60) // height + zero, zero + 70], axis=-1)
    ground = np.stack(
        [40 + (x * 80) // width + zero, 60 + (y * 80) // height + zero, zero + 120], axis=-1
    )
    image = np.where(inside[..., None], figure, ground) + _noise(height, width, seed)[..., None]
    return image.astype(np.uint8)


def tensor_of(image: Image, given: ModelInput) -> NDArray[np.float32]:
    """The (1, 3, H, W) tensor of an image that already has the model's size."""
    scale = max(float(image.max()), 1e-6) if given.scale == "max" else given.scale
    pixels = image.astype(np.float32) / np.float32(scale)
    pixels = (pixels - np.float32(given.mean)) / np.float32(given.std)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], dtype=np.float32)


def matte_of(values: NDArray[np.float32], output: ModelOutput) -> Matte:
    """The (H, W) matte in 0..1 of the model's raw (1, 1, H, W) output."""
    matte = values[0, 0]
    if output.range == "logits":
        matte = 1 / (1 + np.exp(-matte))
    if output.normalise == "minmax":
        low, high = matte.min(), matte.max()
        matte = (matte - low) / max(high - low, np.float32(1e-6))
    return matte.astype(np.float32)


def draw(graph: bytes, model: Model) -> Matte:
    """The matte `graph` draws of the model's canary image."""
    _, _, height, width = model.input.shape
    image = ellipse_image(height, width, model.canary.seed)
    session = ort.InferenceSession(graph, providers=["CPUExecutionProvider"])
    (values,) = session.run([model.output.name], {model.input.name: tensor_of(image, model.input)})
    return matte_of(values, model.output)


def samples(matte: Matte, grid: int) -> tuple[float, ...]:
    """grid x grid values of `matte`, row by row, each at the centre of its cell, 4 decimals."""
    height, width = matte.shape
    rows = [((2 * i + 1) * height) // (2 * grid) for i in range(grid)]
    columns = [((2 * j + 1) * width) // (2 * grid) for j in range(grid)]
    return tuple(round(float(matte[y, x]), 4) for y in rows for x in columns)


def difference(one: Matte | tuple[float, ...], other: Matte | tuple[float, ...]) -> Difference:
    """How far two mattes, or two lists of samples, lie apart."""
    apart = np.abs(np.asarray(one, np.float64) - np.asarray(other, np.float64))
    return Difference(float(apart.mean()), float(apart.max()))


def _noise(height: int, width: int, seed: int) -> NDArray[np.int64]:
    state = seed
    values = np.empty(height * width, dtype=np.int64)
    for index in range(values.size):
        state = (state * _FACTOR + _TERM) % _MODULUS
        values[index] = state >> 28
    return values.reshape(height, width)
