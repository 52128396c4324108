"""The canary: an image made of integers, and the matte the upstream graph draws of it.

A device whose matte of the same image is elsewhere computes something else than the model. The
recipe is repeated in the client, so every step here is integer arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model_store import native
from model_store.entry import Canary, Model, ModelInput, ModelOutput, Rgb

Image = NDArray[np.uint8]
Matte = NDArray[np.float32]

# Numerical Recipes' "quick and dirty" generator, modulo 2^32.
_FACTOR, _TERM, _MODULUS = 1664525, 1013904223, 2**32
_BLOCKS = 4  # per side
SEEDS = (20, 7, 1, 4)
"""Of pictures that are tried where a model sees nothing in another one."""
# From which on a model holds a pixel for the subject's (client/image/matte/matte.js).
_LIKELY = 0.5


@dataclass(frozen=True)
class Difference:
    """Between two mattes: the mean and the largest absolute difference, in 0..1."""

    mean: float
    max: float

    def within(self, canary: Canary) -> bool:
        """Whether a device that differs this much passes."""
        return self.at_most(Difference(canary.tolerance_mean, canary.tolerance_max))

    def at_most(self, most: Difference) -> bool:
        """Whether neither the mean nor the largest is above that of `most`."""
        return self.mean <= most.mean and self.max <= most.max


def blocks_image(height: int, width: int, seed: int) -> Image:
    """The recipe "blocks-v1": 4 x 4 blocks of random dark colours, 20..139 per channel.

    Shape (height, width, 3), RGB. What stands out among such blocks depends on their colours, so
    a matte of them moves when channels, mean, std or scale are wrong; a plain figure on a plain
    ground is found whatever they are. Dark, so that dividing by the largest value is not the
    same as dividing by 255.
    """
    state = seed
    colours = np.empty(_BLOCKS * _BLOCKS * 3, dtype=np.uint8)
    for index in range(colours.size):
        state = (state * _FACTOR + _TERM) % _MODULUS
        colours[index] = 20 + (((state >> 24) * 120) >> 8)
    rows = np.arange(height) * _BLOCKS // height
    columns = np.arange(width) * _BLOCKS // width
    return colours.reshape(_BLOCKS, _BLOCKS, 3)[rows[:, None], columns[None, :]]


def tensor_of(image: Image, given: ModelInput) -> NDArray[np.float32]:
    """The (1, 3, H, W) tensor of an image that already has the model's size."""
    scale = max(float(image.max()), 1e-6) if given.scale == "max" else given.scale
    mean, std = np.array(given.mean, np.float32), np.array(given.std, np.float32)
    pixels = (image.astype(np.float32) / np.float32(scale) - mean) / std
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])


def matte_of(values: NDArray[np.float32], output: ModelOutput) -> Matte:
    """The (H, W) matte in 0..1 of the model's raw (1, 1, H, W) output."""
    matte: Matte = values[0, 0]
    if output.range == "logits":
        matte = np.float32(1) / (np.float32(1) + np.exp(-matte))
    low, high = matte.min(), matte.max()
    if output.normalise == "minmax" and high >= _LIKELY:
        matte = (matte - low) / max(high - low, np.float32(1e-6))
    return matte.astype(np.float32, copy=False)


def draw(graph: bytes | Path, model: Model) -> Matte:
    """The matte `graph` draws of the model's canary image."""
    return draw_each(graph, model, {"": model.input})[""]


def draw_each(
    graph: bytes | Path, model: Model, inputs: Mapping[str, ModelInput]
) -> dict[str, Matte]:
    """The mattes `graph` draws of the canary image under several preprocessing rules."""
    _, _, height, width = model.input.shape
    image = blocks_image(height, width, model.canary.seed)
    session = native.session(graph, model.dimensions)
    mattes = {}
    for rule, given in inputs.items():
        (values,) = session.run([model.output.name], {model.input.name: tensor_of(image, given)})
        mattes[rule] = matte_of(values, model.output)
    return mattes


def mistakes(right: ModelInput) -> dict[str, ModelInput]:
    """Preprocessing rules that are plausible, wrong, and must not pass as `right`.

    Rules that happen to be the right one are left out.
    """
    rules = {
        "no mean and std": replace(right, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0)),
        "mean 0.5, std 1": replace(right, mean=(0.5, 0.5, 0.5), std=(1.0, 1.0, 1.0)),
        "mean 0.5, std 0.5": replace(right, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5)),
        "ImageNet mean and std": replace(
            right, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)
        ),
        "mean and std as BGR": replace(right, mean=_reverse(right.mean), std=_reverse(right.std)),
        "scale max": replace(right, scale="max"),
        "scale 255": replace(right, scale=255.0),
        "scale 1": replace(right, scale=1.0),
    }
    return {name: rule for name, rule in rules.items() if rule != right}


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


def _reverse(channels: Rgb) -> Rgb:
    red, green, blue = channels
    return (blue, green, red)
