"""What rembg makes of the same model, reproduced natively (rembg 2.0, u2netp and dis_general_use).

Both: resized by LANCZOS, divided by the largest value, normalised; the matte stretched from its
least to its greatest value, cut to 8 bit (not rounded) and only then enlarged by LANCZOS.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model_store import native

LANCZOS = Image.Resampling.LANCZOS


@dataclass(frozen=True)
class Rule:
    """How rembg prepares a model's input."""

    side: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


RULES = {
    "u2netp": Rule(320, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "isnet": Rule(1024, (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)),
}


class Rembg:
    """A model as rembg runs it."""

    def __init__(self, model: str, graph: Path) -> None:
        self._rule = RULES[model]
        self._session = native.session(graph)
        self._input = self._session.get_inputs()[0].name

    def matte(self, image: Image.Image) -> NDArray[np.uint8]:
        rule = self._rule
        small = np.array(image.resize((rule.side, rule.side), LANCZOS), np.float64)
        small /= max(small.max(), 1e-6)
        tensor = ((small - rule.mean) / rule.std).transpose(2, 0, 1)[None].astype(np.float32)
        raw = self._session.run(None, {self._input: tensor})[0][0, 0]
        stretched = (raw - raw.min()) / (raw.max() - raw.min())
        levels = Image.fromarray((stretched * 255).astype(np.uint8))
        return np.asarray(levels.resize(image.size, LANCZOS))
