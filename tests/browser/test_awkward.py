"""Any real photo in: files that break decoders, dropped on the real page in one batch.

They go through a model that takes no time: what is asked is which pixels reach it and the cutout.
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

from tests.awkward.photos import (
    Awkward,
    camera_raws,
    drawings,
    everything,
    incomplete,
    oddities,
    photo,
)
from tests.awkward.profiles import DISPLAY_P3, SWAPPED
from tests.fixtures import tone
from tests.fixtures.colour import encoded
from tests.fixtures.icc import CMYK, SCANNER, grey_profile
from tests.harness import tables, tiny_model, tiny_site
from tests.harness.batch import Outcome, cutouts, drop_all
from tests.harness.site import Site, serving

TABLE = "awkward files, and colours"
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
#: One photo, stored in as many ways.
UPRIGHT = [*(f"orientation-{number}.jpg" for number in range(1, 9)), "turned-slong-big.jpg"]
TURNED = [f"orientation-{number}.heic" for number in (1, 2, 6)]
#: Of 255: what counts as opaque, where the canvas that the test reads with changes no colour.
OPAQUE = 250

pillow_heif.register_heif_opener()
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def files() -> dict[str, Awkward]:
    """By their names. Drawn once: some encoders take half a second for each."""
    made = everything()
    assert len(made) == len({file.name for file in made})
    return {file.name: file for file in made}


def test_there_is_something_of_everything(files: dict[str, Awkward]) -> None:
    assert len(files) > 90
    assert {code for file in files.values() for code in file.codes} == {
        "unsupported-image", "image-too-large", "corrupt-image",
    }  # fmt: skip
    assert sum(file.is_other for file in files.values()) > 9


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, files: dict[str, Awkward]) -> Path:
    folder = tmp_path_factory.mktemp("awkward")
    for file in files.values():
        (folder / file.name).write_bytes(file.data)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    store = tmp_path_factory.mktemp("store")
    with serving(tiny_site.app(store, graph=tiny_model.decided())) as running:
        yield running


@pytest.fixture(scope="module")
def batch(
    chromium: Chrome, tiny: Site, folder: Path, files: dict[str, Awkward]
) -> dict[str, Outcome]:
    """All of them at once."""
    chromium.get(tiny.url())
    found = drop_all(chromium, [folder / name for name in files], 800)
    tables.note(TABLE, *(f"{one.name:26} {one.ms:6} ms  {one.told}" for one in found))
    return {one.name: one for one in found}


def test_no_job_is_lost(batch: dict[str, Outcome], files: dict[str, Awkward]) -> None:
    others = [name for name, file in files.items() if file.is_other]
    assert list(batch) == [name for name in files if name not in others] + others
    assert {one.state for one in batch.values()} == {"done", "failed", "refused"}


def test_each_gives_what_it_should(
    batch: dict[str, Outcome], files: dict[str, Awkward], subtests: pytest.Subtests
) -> None:
    for file in files.values():
        outcome = batch[file.name]
        with subtests.test(file.name):
            if file.size:
                assert outcome.size == file.size, outcome.told
            elif file.is_other:
                assert outcome.state == "refused", outcome.told
            else:
                assert outcome.code in file.codes, outcome.told
                assert outcome.said.count(".") >= 2, "what happened, and what to do"


def test_a_kind_that_cannot_be_opened_is_named(batch: dict[str, Outcome]) -> None:
    for name in ("12-bit", "lossless", "arithmetic"):
        outcome = batch[f"{name}.jpg"]
        # In the report under the failure; to most people its name would mean nothing.
        assert outcome.details["variant"] == name
        assert "This JPEG file is of a rare kind" in outcome.said


def test_a_cameras_preview_says_so(batch: dict[str, Outcome], chromium: Chrome) -> None:
    raws = {file.name for file in camera_raws() if file.size}
    opened = [one for one in batch.values() if one.name in raws and one.size]
    told = chromium.find_elements(By.CSS_SELECTOR, '[data-note="camera-preview"]')
    assert len(told) == len(opened) == 11


def test_what_is_incomplete_says_so(batch: dict[str, Outcome], subtests: pytest.Subtests) -> None:
    for cut in incomplete():
        with subtests.test(cut.name):
            (said,) = batch[cut.name].notes
            assert cut.said in said


def test_what_is_whole_does_not(batch: dict[str, Outcome]) -> None:
    for name in ("baseline.jpg", "film-behind.jpg", "zeros-behind.jpg", "cut-behind.jpg"):
        assert batch[name].notes == (), name


def test_too_little_is_refused_as_incomplete(batch: dict[str, Outcome]) -> None:
    assert "incomplete: only 1" in batch["tenth.jpg"].said


def test_the_original_is_shown_as_it_was_read(batch: dict[str, Outcome]) -> None:
    oddly = [name for name in batch if name.startswith("turned-")]
    for name in (*oddly, "no-screen.gif", "large-screen.gif", "beyond-screen.gif"):
        assert batch[name].original == batch[name].size, name


def test_every_photo_is_shown_beside_its_cutout(batch: dict[str, Outcome]) -> None:
    """Also where the browser cannot show the file."""
    assert [one.name for one in batch.values() if one.size and not one.original] == []


def test_a_bomb_is_never_decoded(batch: dict[str, Outcome]) -> None:
    """What it says of itself is all that is told of it: a decoder would call it corrupt."""
    for name, side in (("bomb.jpg", 65535), ("bomb.png", 65536)):
        told = batch[name].details
        assert (told["width"], told["height"], told["reduced"]) == (side, side, None)


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.fixture(scope="module")
def finished(batch: dict[str, Outcome], chromium: Chrome) -> Chrome:
    """The page with all their cutouts."""
    assert batch
    return chromium


def test_all_orientations_give_one_matte(finished: Chrome) -> None:
    for names in (UPRIGHT, TURNED):
        # Turned blocks of a JPEG are rounded otherwise.
        assert_one_matte(finished, names, [1] * len(names))


def assert_one_matte(driver: WebDriver, names: list[str], limits: list[int]) -> None:
    """The first one's, of which each may differ by so many levels in the mean."""
    first, *others = (picture[..., 3] for picture in cutouts(driver, names))
    assert first.shape == photo().size[::-1]
    assert first.max() > OPAQUE
    # A matte by which turned ones are told apart.
    assert difference(first, first[::-1]) > 20 < difference(first, first[:, ::-1])
    for name, other, limit in zip(names[1:], others, limits[1:], strict=True):
        assert difference(first, other) <= limit, name


def seen_by_littlecms(name: str, data: bytes) -> NDArray[np.uint8]:
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


def assert_colours(driver: WebDriver, names: list[str], files: dict[str, Awkward]) -> None:
    """Where the cutout is opaque, its colours are those that littlecms gives."""
    for name, picture in zip(names, cutouts(driver, names), strict=True):
        opaque = picture[..., 3] >= OPAQUE
        assert opaque.sum() > 1000, name
        expected = seen_by_littlecms(name, files[name].data)[opaque]
        off = difference(picture[..., :3][opaque], expected)
        row = f"{driver.name:10} {name:16} mean difference to littlecms {off:.2f}"
        tables.note(TABLE, row)
        assert off <= 2, f"{name}: {off:.2f}"


def test_profiles_are_obeyed(finished: Chrome, files: dict[str, Awkward]) -> None:
    assert_colours(finished, [*COLOURED, *DECODED, *HDR], files)


#: What other engines are given besides the oddities and the drawings.
ELSEWHERE = [
    "swapped.jpg", "swapped.png", "swapped.avif", "p3.webp", "p3.heic", "inks.tiff",
    "scanner.jpg", "scanner.webp", DECODED[1], "pq.avif", "hlg.heic",
]  # fmt: skip
KINDS = ["tiles.tiff", "raw.dng", "raw.cr3", "layers.psd", "jpeg-inside.tiff", "0.jxl", "13.jxl"]
#: Drawings that differ from others only by what our own code reads; of each way one is left.
WRITTEN_AGAIN = {
    f"{name}{ending}"
    for name in ("https", "linked", "commented", "declared", "entities")
    for ending in ("-16.svg", ".svgz")
}
DAMAGED = ["truncated.webp", "flipped.png", "cut.heic", "12-bit.jpg"]
TURNED_ELSEWHERE = ["orientation-1.jpg", "orientation-6.jpg", UPRIGHT[-1], "turned.avif"]


@pytest.fixture(scope="module")
def batch_elsewhere(engine: WebDriver, tiny: Site, folder: Path) -> dict[str, Outcome]:
    odd = [file.name for file in (*oddities(), *drawings()) if file.name not in WRITTEN_AGAIN]
    names = dict.fromkeys([*ELSEWHERE, *TURNED_ELSEWHERE, *KINDS, *DAMAGED, *odd])
    engine.get(tiny.url())
    found = {one.name: one for one in drop_all(engine, [folder / name for name in names], 600)}
    assert set(found) == set(names)
    return found


def test_each_gives_what_it_should_in_other_engines(
    batch_elsewhere: dict[str, Outcome], files: dict[str, Awkward], subtests: pytest.Subtests
) -> None:
    odd = {file.name for file in oddities()}
    for name, one in batch_elsewhere.items():
        with subtests.test(name):
            assert one.size == files[name].size, one.told
            assert one.size or files[name].is_other or one.code in files[name].codes, one.told
            assert not one.size or name not in odd or one.original == one.size


def test_colours_and_mattes_in_other_engines(
    batch_elsewhere: dict[str, Outcome], engine: WebDriver, files: dict[str, Awkward]
) -> None:
    assert batch_elsewhere
    assert_colours(engine, ELSEWHERE, files)
    # AVIF is another compression than JPEG.
    assert_one_matte(engine, TURNED_ELSEWHERE, [0, 1, 1, 4])


def test_incomplete_files_say_so_in_other_engines(batch_elsewhere: dict[str, Outcome]) -> None:
    odd = {file.name for file in oddities()}
    said = {name: one.notes for name, one in batch_elsewhere.items() if name in odd}
    called = [name for name, notes in said.items() if any("incomplete" in note for note in notes)]
    assert called == [cut.name for cut in incomplete()]
    for cut in incomplete():
        assert cut.said in said[cut.name][0]
