"""What a person chooses about the finished file, and what is in the file they download."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.finish.panel import (
    BY,
    HEIGHT,
    TOP,
    WIDTH,
    at_rest,
    control,
    cut_out,
    link,
    opened,
    over,
    picture,
    put,
    saved,
    until,
    values,
)
from tests.harness.driving import states


def test_untouched_it_is_a_transparent_png_of_the_exact_size(
    done: Chrome, downloads: Path, badge: Path
) -> None:
    file = saved(done, downloads)
    image = opened(file)
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (WIDTH, HEIGHT))
    assert values(image)[:TOP, :, 3].max() == 0
    # Quotes are nothing for every file system; the rest of the name is the photo's.
    assert file.name == "so _called_ 50% #1 \N{PEAR}-cutout.png"
    words = done.find_element(By.CSS_SELECTOR, "[data-job] [data-part=state]").text
    assert words.startswith(f"{WIDTH}{BY}{HEIGHT} PNG · ")


#: Of the cutout on a card: its size, and its pixels as a canvas gives them back, in base64.
AFTER = """
const image = document.querySelector('[data-job] .compare-after');
if (!image?.complete || !image.naturalWidth) return null;
const { naturalWidth: width, naturalHeight: height } = image;
const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
context.drawImage(image, 0, 0);
const { data } = context.getImageData(0, 0, width, height);
let binary = '';
for (let at = 0; at < data.length; at += 32768) {
  binary += String.fromCharCode(...data.subarray(at, at + 32768));
}
return [width, height, btoa(binary)];
"""


def test_what_is_shown_is_what_is_downloaded(done: Chrome, downloads: Path) -> None:
    for settings in ({}, {"background": "colour", "colour": "#336699"}, {"size": "square-1024"}):
        put(done, **settings)
        until(done, lambda: done.execute_script(AFTER))
        width, height, shown = done.execute_script(AFTER)
        file = picture(done, downloads).convert("RGBA").resize((width, height))
        assert width <= 1024
        assert height <= 1024
        raw = np.frombuffer(base64.b64decode(shown), np.uint8)
        seen = raw.reshape(height, width, 4).astype(int)
        # What is not seen has no colour on a screen; the rest went through an encoder for screens.
        alpha = values(file)[..., 3:]
        difference = np.abs(seen - values(file))[..., :3] * (alpha > 250)
        assert np.abs(seen[..., 3:] - alpha).max() <= 8
        assert difference.mean() < 4


def test_backgrounds(done: Chrome, downloads: Path, tmp_path: Path) -> None:
    cutout = values(picture(done, downloads))

    put(done, background="colour", colour="#cfe3d2")
    on_colour = picture(done, downloads)
    assert on_colour.mode in ("RGB", "RGBA")
    whole = values(on_colour.convert("RGBA"))
    assert whole[..., 3].min() == 255
    assert np.abs(whole[..., :3] - over(cutout, (0xCF, 0xE3, 0xD2))).max() <= 1.01
    put(done, colour="#0102fe")
    assert values(picture(done, downloads))[0, 0, :3].tolist() == [1, 2, 254]

    put(done, background="gradient")
    put(done, **{"from": "#ff0000", "to": "#0000ff", "angle": "180"})
    rows = values(picture(done, downloads))[..., :3]
    assert np.abs(rows[0] - [255, 0, 0]).max() <= 2
    assert np.abs(rows[-1] - [0, 0, 255]).max() <= 2
    put(done, angle="90")
    columns = values(picture(done, downloads))[:, :, :3]
    assert np.abs(columns[:TOP, 0] - [255, 0, 0]).max() <= 2
    assert np.abs(columns[:TOP, -1] - [0, 0, 255]).max() <= 2

    paper = tmp_path / "paper.png"
    Image.new("RGB", (500, 100), (10, 200, 30)).save(paper)
    put(done, background="image")
    assert values(picture(done, downloads))[0, 0, 3] == 0, "no picture yet"
    before = link(done).get_attribute("href")
    done.find_element(By.ID, "finish-file").send_keys(str(paper))
    until(done, lambda: "paper.png" in done.find_element(By.CSS_SELECTOR, ".finish").text)
    until(done, lambda: link(done).get_attribute("href") not in (before, None))
    at_rest(done)
    assert np.abs(values(picture(done, downloads))[0, 0, :3] - [10, 200, 30]).max() <= 1

    put(done, background="blur", blur=100)
    assert values(picture(done, downloads).convert("RGBA"))[..., 3].min() == 255

    put(done, background="none")
    assert np.array_equal(values(picture(done, downloads)), cutout)


def test_formats(done: Chrome, downloads: Path) -> None:
    cutout = values(picture(done, downloads))
    opaque = cutout[..., 3] == 255

    put(done, format="webp")
    webp = saved(done, downloads)
    assert webp.suffix == ".webp"
    assert np.array_equal(values(opened(webp)), cutout)
    lossless = webp.stat().st_size
    put(done, webpLossless=False, webpQuality=40)
    lossy = saved(done, downloads)
    assert opened(lossy).mode == "RGBA"
    assert lossy.stat().st_size < lossless / 2
    assert np.abs(values(opened(lossy))[opaque] - cutout[opaque]).mean() < 8

    put(done, format="avif", avifQuality=90)
    avif = saved(done, downloads)
    image = opened(avif)
    assert (avif.suffix, image.format, image.size) == (".avif", "AVIF", (WIDTH, HEIGHT))
    assert np.abs(values(image.convert("RGBA"))[opaque] - cutout[opaque]).mean() < 4

    put(done, format="jpeg", jpegQuality=95)
    jpeg = saved(done, downloads)
    image = opened(jpeg)
    assert (jpeg.suffix, image.format, image.mode) == (".jpg", "JPEG", "RGB")
    assert values(image)[:8].min() >= 250, "white, as JPEG knows no transparency"
    put(done, jpegQuality=20)
    assert saved(done, downloads).stat().st_size < len(jpeg.name) + lossless
    words = done.find_element(By.CSS_SELECTOR, "[data-job] [data-part=state]").text
    assert " JPEG · " in words


@pytest.mark.parametrize(
    ("settings", "size"),
    [
        ({"size": "square-1024"}, (1024, 1024)),
        ({"size": "portrait-4x5"}, (1080, 1350)),
        ({"size": "custom", "width": 300, "height": 200}, (300, 200)),
        ({"size": "custom", "width": 400, "shape": "4:5"}, (400, 500)),
    ],
)
def test_sizes(
    done: Chrome, downloads: Path, settings: dict[str, Any], size: tuple[int, int]
) -> None:
    put(done, **settings)
    assert picture(done, downloads).size == size
    words = done.find_element(By.CSS_SELECTOR, "[data-job] [data-part=state]").text
    assert words.startswith(f"{size[0]:,}{BY}{size[1]:,} ")
    # A crop has no point in common with its original: there is nothing to slide.
    slider = done.find_element(By.CSS_SELECTOR, ".compare-range")
    assert slider.get_property("hidden")
    put(done, size="original")
    assert picture(done, downloads).size == (WIDTH, HEIGHT)
    assert not slider.get_property("hidden")


def test_a_crop_holds_the_subject_and_its_margin(done: Chrome, downloads: Path) -> None:
    alpha = values(picture(done, downloads))[..., 3]
    put(done, size="custom", margin=0)
    tight = values(picture(done, downloads))[..., 3]
    assert 0 < tight.shape[0] <= 162
    assert 0 < tight.shape[1] <= 122
    assert abs(tight.sum() - alpha.sum()) <= 0.02 * alpha.sum()
    put(done, margin=25)
    wide = values(picture(done, downloads))[..., 3]
    longer = max(tight.shape)
    expected = [side + 2 * 0.25 * longer for side in tight.shape]
    assert np.abs(np.subtract(wide.shape, expected)).max() <= 2


def test_a_preset_brings_its_background_and_takes_it_along(done: Chrome, downloads: Path) -> None:
    put(done, size="marketplace")
    image = picture(done, downloads)
    assert (image.format, image.size) == ("JPEG", (2000, 2000))
    assert values(image)[:50].min() >= 250
    assert control(done, "background", "colour").is_selected()
    put(done, size="original")
    image = picture(done, downloads)
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (WIDTH, HEIGHT))


def test_a_soft_shadow(done: Chrome, downloads: Path) -> None:
    plain = values(picture(done, downloads))
    put(done, shadow=True, shadowStrength=60, shadowDistance=40, shadowSoftness=10)
    shaded = values(picture(done, downloads))
    fell = (plain[..., 3] == 0) & (shaded[..., 3] > 0)
    assert fell.sum() > 500
    assert shaded[fell][:, :3].max() <= 1
    assert 0.4 <= shaded[fell][:, 3].max() / 255 <= 0.6 + 0.01
    # Below the subject rather than above it.
    assert np.argwhere(fell)[:, 0].mean() > HEIGHT / 2


def test_the_matte_alone(soft: Chrome, downloads: Path) -> None:
    alpha = values(picture(soft, downloads))[..., 3]
    put(soft, format="matte")
    file = saved(soft, downloads)
    assert file.stem.endswith("-matte")
    image = opened(file)
    assert image.mode == "L"
    assert np.array_equal(values(image), alpha)
    put(soft, deep=True)
    deep = picture(soft, downloads)
    assert deep.mode == "I;16"
    assert np.array_equal((values(deep) + 128) // 257, alpha)
    assert len(np.unique(values(deep))) > len(np.unique(alpha))


def test_clean_edge_colours_can_be_left_out(soft: Chrome, downloads: Path) -> None:
    clean = values(picture(soft, downloads))
    put(soft, decontaminate=False)
    left = values(picture(soft, downloads))
    assert np.array_equal(clean[..., 3], left[..., 3])
    edge = (clean[..., 3] > 20) & (clean[..., 3] < 235)
    assert np.abs(clean[edge] - left[edge]).mean() > 0.5


def test_metadata_is_removed_unless_it_is_to_be_kept(
    page: Chrome, downloads: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "holiday.jpg"
    exif = Image.Exif()
    exif[ExifTags.Base.Copyright] = "(c) Ada"
    exif[ExifTags.Base.Model] = "Camera 7"
    place = ImageFileDirectory_v2()
    place[ExifTags.GPS.GPSLatitude] = (48.0, 8.0, 0.0)
    exif[ExifTags.Base.GPSInfo] = dict(place)
    Image.effect_noise((80, 60), 90).convert("RGB").save(photo, exif=exif, quality=90)

    cut_out(page, photo)
    assert not picture(page, downloads).getexif()
    put(page, copyright=True)
    kept = picture(page, downloads).getexif()
    assert kept[ExifTags.Base.Copyright].rstrip("\0") == "(c) Ada"
    assert ExifTags.Base.Model not in kept
    assert not kept.get_ifd(ExifTags.IFD.GPSInfo)
    assert ExifTags.Base.GPSInfo not in kept


def test_what_is_too_long_for_webp_is_offered_at_the_size_that_fits(
    page: Chrome, downloads: Path, tmp_path: Path
) -> None:
    strip = tmp_path / "strip.png"
    Image.effect_noise((17_000, 50), 80).convert("RGB").save(strip)
    cut_out(page, strip)
    words = page.find_element(By.CSS_SELECTOR, "[data-job] [data-part=state]")
    assert words.text.startswith(f"17,000{BY}50 PNG")

    put(page, format="webp")
    alert = page.find_element(By.CSS_SELECTOR, "[data-job] [role=alert]").text
    assert f"does not fit into a WebP file: it would have 17,000{BY}50 pixels" in alert
    assert "at most 16,383 on a side" in alert
    # The first file is still there, and a photo that comes now is shown, but has none.
    another = tmp_path / "another.png"
    shutil.copy(strip, another)
    cut_out(page, another)
    until(page, lambda: len(page.find_elements(By.CSS_SELECTOR, "[data-job] [role=alert]")) == 2)
    links = page.find_elements(By.CSS_SELECTOR, "[data-job] [data-part=download]")
    assert [one.is_displayed() for one in links] == [True, False]
    for card in page.find_elements(By.CSS_SELECTOR, "[data-job]"):
        button = card.find_element(By.CSS_SELECTOR, "[data-part=reduce]")
        assert button.text == f"Use a smaller copy (16,383{BY}48)"
        button.click()

    until(page, lambda: states(page) == ["done", "done"])
    at_rest(page)
    for state in page.find_elements(By.CSS_SELECTOR, "[data-job] [data-part=state]"):
        assert state.text.startswith(f"16,383{BY}48 WebP")
    assert not page.find_elements(By.CSS_SELECTOR, "[role=alert]")
    put(page, format="png")
    assert words.text.startswith(f"17,000{BY}50 PNG")


def test_a_photo_that_the_browser_cannot_show_is_shown_beside_its_cutout(
    page: Chrome, tmp_path: Path
) -> None:
    photo = tmp_path / "scan.tif"
    scan = Image.effect_noise((900, 2000), 90).convert("RGB")
    scan.paste((200, 30, 10), (0, 0, 450, 1000))
    tags = ImageFileDirectory_v2()
    tags[274] = 6  # to be turned by a quarter
    scan.save(photo, tiffinfo=tags)
    cut_out(page, photo)

    until(page, lambda: page.execute_script(BEFORE))
    width, height, *colour = page.execute_script(BEFORE)
    assert (width, height) == (1600, 720)
    assert np.abs(np.array(colour) - [200, 30, 10]).max() <= 4
    assert not page.find_elements(By.CSS_SELECTOR, "[data-job] input[type=range][hidden]")
    put(page, background="colour")
    assert page.execute_script(BEFORE)[:2] == [1600, 720]


#: Of the original on a card: its size, and its colour near the upper right corner.
BEFORE = """
const image = document.querySelector('[data-job] .compare-before');
if (!image?.complete || !image.naturalWidth) return null;
const { naturalWidth: width, naturalHeight: height } = image;
const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
context.drawImage(image, 0, 0);
return [width, height, ...context.getImageData(width - 40, 40, 1, 1).data.slice(0, 3)];
"""
