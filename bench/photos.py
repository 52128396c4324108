"""The photos that are measured, made from one small real photo.

Enlarging alone gives a picture smoother than any camera's, which a PNG encoder packs in no time.
Seeded noise of a camera's strength puts the work back: the cutouts come out at 1.8 bytes per pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

SOURCE = Path(__file__).parents[1] / "tests" / "fixtures" / "photos" / "flower.jpg"

NOISE = 4.0
"""Standard deviation in 8-bit levels."""

QUALITY = 92


@dataclass(frozen=True)
class Photo:
    """A file to cut out. `label`: its size as people say it."""

    label: str
    path: Path
    width: int
    height: int


SIZES = {"1 MP": (1152, 864), "12 MP": (4000, 3000)}
LARGE = {"50 MP": (8192, 6144)}


def make_photos(folder: Path, sizes: dict[str, tuple[int, int]] = SIZES) -> list[Photo]:
    """Write one JPEG per size. The same Pillow and NumPy write the same bytes."""
    photos = []
    for label, (width, height) in sizes.items():
        photo = Photo(label, folder / f"{width}x{height}.jpg", width, height)
        _enlarged(width, height).save(photo.path, "JPEG", quality=QUALITY)
        photos.append(photo)
    return photos


def _enlarged(width: int, height: int) -> Image.Image:
    with Image.open(SOURCE) as source:
        large = ImageOps.fit(source.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
    noise = np.random.default_rng(seed=7).normal(0, NOISE, (height, width, 3)).astype(np.float32)
    noisy = np.clip(np.asarray(large) + noise, 0, 255)
    return Image.fromarray(noisy.round().astype(np.uint8))
