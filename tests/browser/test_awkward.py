"""Any real photo in: files that break decoders, dropped on the real page in one batch.

Most go through a model that takes no time; what needs a true matte, through the real one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

from tests.awkward.ends import Cut
from tests.awkward.photos import (
    Awkward,
    camera_raws,
    drawings,
    everything,
    incomplete,
    oddities,
    orientations,
    photo,
    saved,
)
from tests.awkward.profiles import DISPLAY_P3, SWAPPED
from tests.fixtures import tone
from tests.fixtures.colour import encoded
from tests.fixtures.icc import CMYK, SCANNER, grey_profile
from tests.harness import browsers, tables, tiny_site
from tests.harness.batch import Outcome, cutouts, drop_all, outcomes
from tests.harness.site import Answer, Site, serving

TABLE = "awkward files, and colours"
FILES = everything()
#: Files whose profile is to be obeyed, and that profile.
COLOURED = {
    "swapped.jpg": SWAPPED, "swapped.png": SWAPPED, "swapped.avif": SWAPPED, "p3.jpg": DISPLAY_P3,
    "p3.webp": DISPLAY_P3, "p3.tiff": DISPLAY_P3, "p3.heic": DISPLAY_P3,
    "named-p3.heic": DISPLAY_P3, "scanner.jpg": SCANNER, "scanner.webp": SCANNER,
    "scanner.heic": SCANNER, "scanner.tiff": SCANNER, "inks.tiff": CMYK, "inks.jpg": CMYK,
    "linear-grey.tiff": grey_profile(1),
}  # fmt: skip
#: Files whose colours depend on what decodes them, and not on a profile.
DECODED = [f"full-chroma-{quality}.heic" for quality in (30, 60, 80)]
#: Beyond a normal screen, and how.
HDR = {f"{transfer}.{kind}": transfer for transfer in ("pq", "hlg") for kind in ("heic", "avif")}
TURNED_ODDLY = [file.name for file in oddities() if file.name.startswith("turned-")]
UPRIGHT = [*(file.name for file in orientations()), TURNED_ODDLY[-1]]
TURNED = [f"orientation-{number}.heic" for number in range(1, 9)]
#: Of 255: what counts as opaque, where the canvas that the test reads with changes no colour.
OPAQUE = 250

pillow_heif.register_heif_opener()
pytestmark = pytest.mark.timeout(900)


def test_there_is_something_of_everything() -> None:
    assert len(FILES) == len({file.name for file in FILES}) > 90
    assert {code for file in FILES for code in file.codes} == {
        "empty-image", "unsupported-image", "image-too-large", "corrupt-image",
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("awkward")
    for file in FILES:
        (folder / file.name).write_bytes(file.data)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tiny_site.app(tmp_path_factory.mktemp("store"))) as running:
        yield running


@pytest.fixture(scope="module")
def batch(chromium: Chrome, tiny: Site, folder: Path) -> dict[str, Outcome]:
    """All of them at once."""
    chromium.get(tiny.url())
    found = drop_all(chromium, [folder / file.name for file in FILES], 800)
    tables.note(TABLE, *(f"{one.name:26} {one.ms:6} ms  {one.told}" for one in found))
    return {one.name: one for one in found}


def test_no_job_is_lost(batch: dict[str, Outcome]) -> None:
    assert list(batch) == [file.name for file in FILES]
    assert {one.state for one in batch.values()} <= {"done", "failed"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_gives_what_it_should(batch: dict[str, Outcome], file: Awkward) -> None:
    outcome = batch[file.name]
    if file.size:
        assert outcome.size == file.size, outcome.told
        return
    assert outcome.code in file.codes, outcome.told
    assert outcome.said.count(".") >= 2, "what happened, and what to do"


def test_a_kind_that_cannot_be_opened_is_named(batch: dict[str, Outcome]) -> None:
    words = {
        "12-bit": "12 bits",
        "lossless": "without loss",
        "arithmetic": "arithmetic coding",
    }
    for name, word in words.items():
        outcome = batch[f"{name}.jpg"]
        assert outcome.details["variant"] == name
        assert word in outcome.said


def test_a_cameras_preview_says_so(batch: dict[str, Outcome], chromium: Chrome) -> None:
    raws = {file.name for file in camera_raws() if file.size}
    opened = [one for one in batch.values() if one.name in raws and one.size]
    told = chromium.find_elements(By.CSS_SELECTOR, '[data-note="camera-preview"]')
    assert len(told) == len(opened) == 11


@pytest.mark.parametrize("cut", incomplete(), ids=lambda cut: cut.name)
def test_what_is_incomplete_says_so(batch: dict[str, Outcome], cut: Cut) -> None:
    (said,) = batch[cut.name].notes
    assert cut.said in said


def test_what_is_whole_does_not(batch: dict[str, Outcome]) -> None:
    for name in ("baseline.jpg", "film-behind.jpg", "zeros-behind.jpg", "cut-behind.jpg"):
        assert batch[name].notes == (), name


def test_too_little_is_refused_as_incomplete(batch: dict[str, Outcome]) -> None:
    assert "incomplete: only 1" in batch["tenth.jpg"].said


def test_the_original_is_shown_as_it_was_read(batch: dict[str, Outcome]) -> None:
    for name in (*TURNED_ODDLY, "no-screen.gif", "large-screen.gif", "beyond-screen.gif"):
        assert batch[name].original == batch[name].size, name


def test_every_photo_is_shown_beside_its_cutout(batch: dict[str, Outcome]) -> None:
    """Also where the browser cannot show the file."""
    assert [one.name for one in batch.values() if one.size and not one.original] == []


def test_a_bomb_is_never_decoded(batch: dict[str, Outcome]) -> None:
    for name in ("bomb.jpg", "bomb.png"):
        assert batch[name].details["reduced"] is None
        assert batch[name].ms < 3000


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.fixture(scope="module")
def real(chromium: Chrome, site: Site, folder: Path) -> Chrome:
    """The page where the real model has cut out what is to be measured."""
    chromium.get(site.url())
    names = [*UPRIGHT, *TURNED[:2], TURNED[5], *COLOURED, *DECODED, *HDR]
    found = drop_all(chromium, [folder / name for name in names], 600)
    assert {one.state for one in found} == {"done"}, found
    return chromium


def test_all_orientations_give_one_matte(real: Chrome) -> None:
    for names in (UPRIGHT, [*TURNED[:2], TURNED[5]]):
        first, *others = (picture[..., 3] for picture in cutouts(real, names))
        assert first.shape == photo().size[::-1]
        assert first.max() > OPAQUE
        for name, other in zip(names[1:], others, strict=True):
            # Turned blocks of a JPEG are rounded otherwise.
            assert difference(first, other) <= 1, name


def seen_by_littlecms(name: str) -> NDArray[np.uint8]:
    data = next(file.data for file in FILES if file.name == name)
    decoded = Image.open(io.BytesIO(data))
    if name in HDR:
        return seen_on_a_screen(data, HDR[name])
    if name in DECODED:
        return np.asarray(decoded.convert("RGB"))
    source = ImageCms.ImageCmsProfile(io.BytesIO(COLOURED[name]))
    target = ImageCms.createProfile("sRGB")
    seen = ImageCms.profileToProfile(decoded, source, target, outputMode="RGB")
    return np.asarray(seen)


def seen_on_a_screen(data: bytes, transfer: str) -> NDArray[np.uint8]:
    """What tests/fixtures/tone.py makes of HDR, from all bits that there are."""
    if b"ftypheic" in data[:16] or b"ftypheix" in data[:16]:
        values = np.asarray(pillow_heif.open_heif(data, convert_hdr_to_8bit=False)) / 65535
    else:
        values = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) / 255
    light = tone.from_pq(values) if transfer == "pq" else tone.screen(tone.from_hlg(values))
    return encoded(tone.mapped(light) / tone.WHITE @ tone.TO_709.T)


def assert_colours(driver: WebDriver, names: list[str]) -> None:
    """Where the cutout is opaque, its colours are those that littlecms gives."""
    for name, picture in zip(names, cutouts(driver, names), strict=True):
        opaque = picture[..., 3] >= OPAQUE
        assert opaque.sum() > 1000, name
        expected = seen_by_littlecms(name)[opaque]
        off = difference(picture[..., :3][opaque], expected)
        row = f"{driver.name:10} {name:16} mean difference to littlecms {off:.2f}"
        tables.note(TABLE, row)
        assert off <= 2, f"{name}: {off:.2f}"


def test_profiles_are_obeyed(real: Chrome) -> None:
    assert_colours(real, [*COLOURED, *DECODED, *HDR])


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest) -> Iterator[WebDriver]:
    request.getfixturevalue(f"{request.param}_is_here")
    with getattr(browsers, request.param)() as driver:
        driver.set_script_timeout(150)
        yield driver


def test_in_other_engines(engine: WebDriver, site: Site, folder: Path) -> None:
    kinds = ["raw.dng", "raw.cr3", "layers.psd", "jpeg-inside.tiff", "0.jxl", "13.jxl"]
    turned = ["orientation-1.jpg", "orientation-6.jpg", TURNED_ODDLY[-1], "turned.avif"]
    coloured = [
        "swapped.jpg", "swapped.png", "swapped.avif", "p3.webp", "p3.heic", "inks.tiff",
        "scanner.jpg", "scanner.webp", DECODED[1], "pq.avif", "hlg.heic",
    ]  # fmt: skip
    names = [*coloured, *turned, "box.svg", "tiles.tiff", *kinds]
    damaged = ["truncated.webp", "flipped.png", "cut.heic", "12-bit.jpg"]
    site.faults.clear()
    engine.get(site.url())

    found = drop_all(engine, [folder / name for name in [*names, *damaged]], 600)

    expected = {file.name: file for file in FILES}
    for one in found:
        assert one.size == expected[one.name].size, (one.name, one.told)
        assert one.size or one.code in expected[one.name].codes, one.told
    assert_colours(engine, coloured)
    first, *others = (picture[..., 3] for picture in cutouts(engine, turned))
    # AVIF is another compression than JPEG.
    limits = (1, 1, 4)
    for name, other, limit in zip(turned[1:], others, limits, strict=True):
        assert difference(first, other) <= limit, name


def test_oddities_in_other_engines(engine: WebDriver, tiny: Site, folder: Path) -> None:
    expected = {file.name: file for file in (*oddities(), *drawings())}
    engine.get(tiny.url())

    found = drop_all(engine, [folder / name for name in expected], 200)

    assert len(found) == len(expected)
    for one in found:
        assert one.size == expected[one.name].size, (one.name, one.told)
        assert one.size or one.code in expected[one.name].codes, one.told
        if one.size and ".svg" not in one.name:
            assert one.original == one.size, one.name
    said = {one.name: one.notes for one in found}
    called = [name for name, notes in said.items() if any("incomplete" in note for note in notes)]
    assert called == [cut.name for cut in incomplete()]
    for cut in incomplete():
        assert cut.said in said[cut.name][0]


def small_device(answer: Answer) -> Answer:
    """A worker on a device that has a quarter of a GiB."""
    small = b"Object.defineProperty(navigator, 'deviceMemory', { value: 0.25 });\n"
    return answer.with_body(small + answer.body)


def test_what_is_too_large_can_be_worked_on_smaller(
    chromium: Chrome, tiny: Site, tmp_path: Path
) -> None:
    large = tmp_path / "large.jpg"
    large.write_bytes(saved(photo().resize((2400, 1600), Image.Resampling.NEAREST), "JPEG"))
    tiny.faults["workers/model.js"] = small_device
    chromium.execute_cdp_cmd("Network.clearBrowserCache", {})
    chromium.get(tiny.url())

    (refused,) = drop_all(chromium, [large], 100)
    assert (refused.code, refused.details["width"]) == ("image-too-large", 2400)
    reduced = refused.details["reduced"]
    assert isinstance(reduced, dict)
    assert reduced["width"] * reduced["height"] <= refused.details["limit"]

    chromium.find_element(By.CSS_SELECTOR, "[data-part=reduce]").click()
    WebDriverWait(chromium, 60).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, "[data-job][data-state=done]")
    )
    (done,) = outcomes(chromium)
    assert done.size == (reduced["width"], reduced["height"])
