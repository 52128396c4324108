"""Installed models, run natively as the catalog says, on a picture or a part of one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model_store import catalog, native
from model_store.canary import matte_of, tensor_of
from model_store.catalog import STORE

LANCZOS = Image.Resampling.LANCZOS
Matte = NDArray[np.float32]


class NativeModel:
    """One of the catalog's, a composite too."""

    def __init__(self, name: str) -> None:
        """Raises KeyError where it is not installed."""
        entry = {one.id: one for one in catalog.load(STORE).offers}[name]
        self._fusion = entry.fusion
        self._parts = {
            part.role: (
                part.model,
                native.session(part.model.files[0].path, part.model.dimensions),
            )
            for part in entry.parts
        }

    def matte(self, image: Image.Image) -> Matte:
        """The small matte, 0..1."""
        mattes = {role: self._run(*part, image) for role, part in self._parts.items()}
        detail = mattes["detail"]
        if self._fusion is None:
            return detail
        rows, columns = detail.shape
        presence = np.asarray(Image.fromarray(mattes["presence"]).resize((columns, rows), LANCZOS))
        there = presence.clip(0, 1)
        differ = np.abs(detail - there) > self._fusion.threshold
        return np.where(differ, np.maximum(detail, (detail + there) / 2), detail)

    @staticmethod
    def _run(model: Any, session: native.Session, image: Image.Image) -> Matte:
        _, _, height, width = model.input.shape
        pixels = np.asarray(image.resize((width, height), LANCZOS))
        tensor = tensor_of(pixels, model.input)
        (values,) = session.run([model.output.name], {model.input.name: tensor})
        return matte_of(values, model.output).clip(0, 1)
