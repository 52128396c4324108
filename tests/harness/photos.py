"""The photos of the fixtures, and what independent software makes of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

PHOTOS = Path(__file__).parents[1] / "fixtures" / "photos"

#: Mean levels of 255 that following the photo's edges may move a matte: a better one is no other.
REFINED = 4


def reference(name: str) -> NDArray[np.float64]:
    """The matte Python made of a photo with the upstream model, 0..255."""
    path = PHOTOS.parent / "mattes" / f"{Path(name).stem}.png"
    return np.asarray(Image.open(path)).astype(float)


def upright_rgb(name: str) -> NDArray[np.int64]:
    """A photo as Pillow opens it, EXIF orientation applied, H x W x 3."""
    photo = ImageOps.exif_transpose(Image.open(PHOTOS / name))
    return np.asarray(photo.convert("RGB")).astype(int)
