"""Files of every type out of the real page, as Pillow reads them."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageFilter
from selenium.webdriver import Chrome

from tests.harness import tiny_model, tiny_site
from tests.harness.driving import cut_out
from tests.harness.photos import upright_rgb
from tests.harness.site import serving

TYPES: dict[str, dict[str, Any]] = {
    "png": {"type": "image/png"},
    "webp": {"type": "image/webp"},
    "webp-80": {"type": "image/webp", "quality": 80},
    "avif": {"type": "image/avif"},
    "avif-lossless": {"type": "image/avif", "quality": "lossless"},
    "jpeg": {"type": "image/jpeg"},
}
EXACT = ("webp", "avif-lossless")
ALPHA = ("webp-80", "avif")
COPYRIGHT = "(c) 2026 Ada Lovelace"
ARTIST = "Ada"
#: Of Pillow's own making; nothing that tells of the photo.
HARMLESS = {"loop", "background", "duration", "timestamp", "srgb", "jfif", "jfif_version"}
HARMLESS |= {"jfif_unit", "jfif_density", "dpi"}
#: Dots per inch of a photo, which it keeps as long as its pixels.
DENSITY = (300, 250)
RESOLUTION = {
    ExifTags.Base.XResolution,
    ExifTags.Base.YResolution,
    ExifTags.Base.ResolutionUnit,
}


def opened(file: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(file))
    image.load()
    return image


def media_type(file: bytes) -> str:
    return Image.MIME[opened(file).format or ""]


def rgba(file: bytes) -> NDArray[np.int64]:
    return np.asarray(opened(file).convert("RGBA")).astype(int)


def dots_per_inch(file: bytes) -> tuple[float, float] | None:
    """As Pillow has them; where a format has no field of its own, those of EXIF."""
    image = opened(file)
    if image.format in ("PNG", "JPEG"):
        return image.info.get("dpi")
    exif = image.getexif()
    tags = (ExifTags.Base.XResolution, ExifTags.Base.YResolution)
    assert exif.get(ExifTags.Base.ResolutionUnit, 2) == 2
    return (float(exif[tags[0]]), float(exif[tags[1]])) if tags[0] in exif else None


@cache
def plain_photo() -> bytes:
    """A cat in a dark half, which the model takes for its subject, beside a bright one."""
    pixels = upright_rgb("chelsea.png")
    half = pixels.shape[1] // 2
    pixels = np.where(np.arange(2 * half + 1)[:, None] < half, 235 + pixels // 13, pixels // 3)
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, "PNG", dpi=(96, 96))
    return file.getvalue()


@cache
def profile() -> bytes:
    """An RGB profile, longer than one segment of a JPEG holds: nothing refers to its last part.

    One for all: littlecms writes the time of day into each.
    """
    whole = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + bytes(70_000)
    return len(whole).to_bytes(4, "big") + whole[4:]


def told_photo() -> bytes:
    """A JPEG that says where it was taken, by whom, with what, and what its numbers mean."""
    exif = Image.Exif()
    exif[ExifTags.Base.Copyright] = COPYRIGHT
    exif[ExifTags.Base.Artist] = ARTIST
    exif[ExifTags.Base.Model] = "Camera 1"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (51.0, 30.0, 0.0)
    file = io.BytesIO()
    photo = opened(plain_photo())
    photo.save(
        file,
        "JPEG",
        quality=92,
        exif=exif,
        icc_profile=profile(),
        comment="at home",
        dpi=DENSITY,
    )
    return file.getvalue()


@pytest.fixture(scope="module")
def told() -> bytes:
    return told_photo()


@pytest.fixture(scope="module")
def page(chromium: Chrome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One page for all: only what is done after the model differs."""
    store = tmp_path_factory.mktemp("store")
    with serving(tiny_site.app(store, graph=tiny_model.decided())) as site:
        chromium.get(site.url())
        yield chromium


@pytest.fixture(scope="module")
def exact(page: Chrome) -> NDArray[np.int64]:
    """The cutout as PNG, which the others are compared with."""
    return rgba(cut_out(page, plain_photo()).cutout)


def test_png_is_the_photo_where_it_is_opaque(exact: NDArray[np.int64]) -> None:
    original = rgba(plain_photo())[..., :3]
    opaque = exact[..., 3] == 255

    assert exact.shape[:2] == original.shape[:2]
    assert opaque.mean() > 0.1
    assert np.array_equal(exact[opaque][:, :3], original[opaque])


@pytest.mark.parametrize("name", EXACT)
def test_lossless_files_hold_what_the_png_holds(
    page: Chrome, exact: NDArray[np.int64], name: str
) -> None:
    result = cut_out(page, plain_photo(), output=TYPES[name])

    assert result.types[0] == TYPES[name]["type"] == media_type(result.cutout)
    assert np.array_equal(rgba(result.cutout), exact)


@pytest.mark.parametrize("name", ALPHA)
def test_lossy_files_have_exact_alpha(page: Chrome, exact: NDArray[np.int64], name: str) -> None:
    result = cut_out(page, plain_photo(), output=TYPES[name])

    found = rgba(result.cutout)
    assert result.types[0] == TYPES[name]["type"] == media_type(result.cutout)
    assert np.array_equal(found[..., 3], exact[..., 3])
    shown = exact[..., 3] > 0
    assert np.abs(found - exact)[shown][:, :3].mean() < 8


def beyond(alpha: NDArray[np.int64], pixels: int) -> NDArray[np.bool_]:
    """What is at least so far from anything that can be seen."""
    seen = Image.fromarray(np.where(alpha > 3, 255, 0).astype(np.uint8))
    return np.asarray(seen.filter(ImageFilter.MaxFilter(2 * pixels - 1))) == 0


def test_what_is_cut_away_is_gone(page: Chrome) -> None:
    found = rgba(cut_out(page, plain_photo(), output={"decontaminate": False}).cutout)

    far = beyond(found[..., 3], 8)
    assert far.mean() > 0.1
    assert len(np.unique(found[far][:, :3], axis=0)) == 1


@pytest.mark.parametrize("name", ALPHA)
def test_what_is_cut_away_is_gone_from_lossy_files(page: Chrome, name: str) -> None:
    found = rgba(
        cut_out(page, plain_photo(), output={**TYPES[name], "decontaminate": False}).cutout
    )

    # A codec spreads what is in a block over all of it.
    far = beyond(found[..., 3], 40)
    assert far.sum() > 1000
    assert np.ptp(found[far][:, :3], axis=0).max() <= 8


def test_what_is_hidden_can_be_asked_for(page: Chrome) -> None:
    output = {"decontaminate": False, "hidden": "keep"}
    found = rgba(cut_out(page, plain_photo(), output=output).cutout)

    assert np.array_equal(found[..., :3], rgba(plain_photo())[..., :3])


def test_jpeg_is_the_cutout_on_white(page: Chrome, exact: NDArray[np.int64]) -> None:
    result = cut_out(page, plain_photo(), output=TYPES["jpeg"])

    image = opened(result.cutout)
    alpha = exact[..., 3:] / 255
    expected = exact[..., :3] * alpha + 255 * (1 - alpha)
    assert (result.types[0], image.format, image.mode) == ("image/jpeg", "JPEG", "RGB")
    assert np.abs(np.asarray(image) - expected).mean() < 4


@pytest.mark.parametrize(("depth", "mode"), [(8, "L"), (16, "I;16")])
def test_a_matte_alone(page: Chrome, exact: NDArray[np.int64], depth: int, mode: str) -> None:
    result = cut_out(page, plain_photo(), output={"content": "matte", "depth": depth})

    image = opened(result.cutout)
    values = np.asarray(image).astype(int)
    assert (image.format, image.mode, set(image.info)) == ("PNG", mode, {"dpi"})
    assert image.info["dpi"] == pytest.approx(opened(plain_photo()).info["dpi"])
    assert np.array_equal(values if depth == 8 else (values + 128) // 257, exact[..., 3])


@pytest.mark.parametrize("name", TYPES)
def test_nothing_is_told_of_the_photo_but_its_density(page: Chrome, told: bytes, name: str) -> None:
    file = cut_out(page, told, output=TYPES[name]).cutout
    image = opened(file)

    assert image.size == opened(told).size
    assert set(image.info) <= HARMLESS | {"exif"}, image.info
    assert set(image.getexif()) <= RESOLUTION
    assert dots_per_inch(file) == pytest.approx(DENSITY, rel=1e-4)


@pytest.mark.parametrize("name", TYPES)
def test_profile_and_copyright_are_kept_and_nothing_else(
    page: Chrome, told: bytes, name: str
) -> None:
    result = cut_out(page, told, output={**TYPES[name], "keep": ["profile", "copyright"]})

    image = opened(result.cutout)
    exif = image.getexif()
    assert image.info["icc_profile"] == profile()
    assert {tag: value for tag, value in exif.items() if tag not in RESOLUTION} == {
        ExifTags.Base.Copyright: COPYRIGHT,
        ExifTags.Base.Artist: ARTIST,
    }
    assert not exif.get_ifd(ExifTags.IFD.GPSInfo)
    assert set(image.info) <= HARMLESS | {"icc_profile", "exif"}, image.info
    assert b"Camera 1" not in result.cutout
    assert b"at home" not in result.cutout


@pytest.mark.parametrize(("keep", "left"), [("profile", "exif"), ("copyright", "icc_profile")])
@pytest.mark.parametrize("name", TYPES)
def test_one_without_the_other(page: Chrome, told: bytes, name: str, keep: str, left: str) -> None:
    image = opened(cut_out(page, told, output={**TYPES[name], "keep": [keep]}).cutout)

    kept = {"profile": "icc_profile", "copyright": "exif"}[keep]
    assert kept in image.info
    told_in_exif = set(image.getexif()) - RESOLUTION
    assert not told_in_exif if left == "exif" else left not in image.info


def test_a_crop_keeps_the_density_and_another_size_has_none_unless_asked_for(
    page: Chrome, told: bytes
) -> None:
    cropped = cut_out(page, told, output={"crop": {"margin": 0.2}}).cutout
    smaller = cut_out(page, told, output={"type": "image/jpeg", "crop": {"width": 200}}).cutout
    asked = {"type": "image/jpeg", "crop": {"width": 413, "height": 531}, "density": 300}
    identity = opened(cut_out(page, told, output=asked).cutout)

    assert opened(cropped).size != opened(told).size
    assert dots_per_inch(cropped) == pytest.approx(DENSITY, rel=1e-4)
    assert dots_per_inch(smaller) is None
    millimetres = [
        side / dpi * 25.4 for side, dpi in zip(identity.size, identity.info["dpi"], strict=True)
    ]
    assert millimetres == pytest.approx([35, 45], abs=0.1)


PIXELS = (Path(__file__).parent / "pixels.js").read_text()


def test_pixels_are_photos_too_and_what_cannot_be_read_is_refused_by_name(page: Chrome) -> None:
    file = io.BytesIO()
    Image.new("L", (3, 2), 255).save(file, "PNG")
    found = page.execute_async_script(PIXELS, base64.b64encode(file.getvalue()).decode())

    assert "failed" not in found, found
    made = {name: rgba(bytes(file)) for name, file in found["made"].items()}
    straight = made.pop("straight")
    for name, pixels in made.items():
        assert (pixels == (0xC8, 0x64, 0x32, 255)).all(), name
    # The colours under a soft edge, too, which a canvas would round.
    assert np.array_equal(straight[..., :3], np.arange(0, 240, 10).reshape(2, 3, 4)[..., :3])
    wanted = {
        "closed": '"ImageBitmap": it has no pixels.',
        "unloaded": '"HTMLImageElement": it shows nothing.',
        "video": '"HTMLVideoElement": it has no frame yet.',
        "empty": '"OffscreenCanvas": it has no pixels.',
        "options": "option “options” cannot be null",
        "background": "output.background.image” cannot be",
    }
    for name, words in wanted.items():
        assert found["refused"][name].startswith("bad-option: "), name
        assert words in found["refused"][name]
