"""An ID photo from a portrait: its format and background asked, its crop moved, sheets to print."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By

from tests.browser.finish.panel import at_rest, complete, empty
from tests.harness import tiny_model, tiny_site
from tests.harness.driving import see, states
from tests.harness.site import Site, serving
from tests.harness.waiting import WebDriverWait

GOLDEN = Path(__file__).resolve().parents[1] / "fixtures" / "golden" / "id-photo.json"
NAMES = ("ann.png", "bob.png")
#: Of each portrait: its size, and crown, middle and height of a head that is an ellipse.
SIZE, CROWN, MIDDLE, HEAD = (900, 1200), 200, 450, 390
WHITE = (255, 255, 255)


def portrait(path: Path, skin: tuple[int, int, int]) -> None:
    """Head, neck and shoulders, cut out already, so that no model has a say in it."""
    width, height = SIZE
    y, x = np.mgrid[:height, :width].astype(float)
    across, down = np.abs(x - MIDDLE) / HEAD, (y - CROWN) / HEAD
    seen = (across / 0.37) ** 2 + ((down - 0.5) / 0.5) ** 2 <= 1
    seen |= (across < 0.2) & (down > 0.6) & (down < 1.5)
    seen |= (across / 0.95) ** 2 + ((down - 1.75) / 0.55) ** 2 <= 1
    seen |= (across < 0.95) & (down > 1.75)
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[..., :3] = np.where(down[..., None] > 1.2, (40, 60, 110), skin)
    pixels[..., 3] = seen * 255
    Image.fromarray(pixels).save(path)


@pytest.fixture(scope="module")
def page(chromium: Chrome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Two portraits as ID photos on white; photos are kept, so that a crop outlives a reload."""
    folder = tmp_path_factory.mktemp("portraits")
    portrait(folder / "ann.png", (200, 160, 140))
    portrait(folder / "bob.png", (120, 80, 60))
    app = tiny_site.app(
        tmp_path_factory.mktemp("store"), graph=tiny_model.decided(), keep="session"
    )
    with serving(app) as site:
        open_page(chromium, site)
        asked = chromium.find_elements(By.ID, "start-id-format")
        assert not any(one.is_displayed() for one in asked)
        chromium.find_element(By.CSS_SELECTOR, "[name=start][value=id-photo]").click()
        # It is asked what it is to stand on, and for whom it is.
        assert see(chromium, "#start-id-format").get_property("value") == "35x45"
        chromium.find_element(By.CSS_SELECTOR, "[name=start-ground][value='#ffffff']").click()
        chosen = chromium.find_element(By.CSS_SELECTOR, "[name=start][value=id-photo]")
        assert chosen.is_selected()
        files = "\n".join(str(folder / name) for name in NAMES)
        chromium.find_element(By.ID, "files").send_keys(files)
        until(chromium, lambda: states(chromium) == ["done"] * 2)
        yield chromium


def open_page(driver: Chrome, site: Site) -> None:
    driver.get(site.url())
    sample = driver.find_element(By.CSS_SELECTOR, "[data-part=sample]")
    until(driver, sample.is_enabled)


def until(driver: Chrome, holds: object) -> None:
    assert callable(holds)
    WebDriverWait(driver, 60, 0.05).until(lambda _: holds())


def press(driver: Chrome, selector: str) -> None:
    driver.execute_script("document.querySelector(arguments[0]).click()", selector)


def choose(driver: Chrome, control: str, value: str) -> None:
    script = """
      const control = document.getElementById(arguments[0]);
      control.value = arguments[1];
      control.dispatchEvent(new Event('input', { bubbles: true }));"""
    driver.execute_script(script, control, value)


def saved(driver: Chrome, downloads: Path, selector: str) -> bytes:
    """What comes of a press."""
    at_rest(driver)
    empty(downloads)
    # A browser lets a page save one file after the other only where a person acts in between.
    ActionChains(driver).send_keys(Keys.SHIFT).perform()
    press(driver, selector)
    complete(downloads, 1)
    [file] = downloads.iterdir()
    return file.read_bytes()


def file_of(driver: Chrome, downloads: Path, name: str) -> Image.Image:
    """What the download of that photo holds, once it is as it is wanted."""
    link = f"[aria-label='Download {name}'][href]"
    until(driver, lambda: driver.find_elements(By.CSS_SELECTOR, link))
    return Image.open(BytesIO(saved(driver, downloads, link)))


def crown_of(photo: Image.Image, ground: tuple[int, int, int]) -> int:
    """The highest row in which something stands out."""
    pixels = np.asarray(photo.convert("RGB"), int)
    return int(np.argmax((np.abs(pixels - ground).max(axis=2) > 40).any(axis=1)))


def crown_on_screen(driver: Chrome) -> float:
    """Of the first photo's preview, in parts of its height."""
    script = """
      const image = document.querySelector('[data-job] .compare-after');
      const { naturalWidth: width, naturalHeight: height } = image;
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const at = data.findIndex((level, i) => i % 4 < 3 && level < 215);
      return Math.floor(at / 4 / width) / height;"""
    return float(driver.execute_script(script))


def words(driver: Chrome) -> str:
    return driver.find_element(By.ID, "crop-words").text


def crop(driver: Chrome) -> None:
    """Of the second photo, by the button below it; then of the first."""
    press(driver, "[data-job]:last-child [data-part=adjust-crop]")
    until(driver, lambda: "dpi" in words(driver))
    press(driver, ".crop .large-bar .button:last-child")
    until(driver, lambda: "dpi" in words(driver))


def test_the_file_has_its_size_in_print_and_the_head_where_it_belongs(
    page: Chrome, downloads: Path
) -> None:
    photo = file_of(page, downloads, "ann.png")
    assert (photo.format, photo.size) == ("JPEG", (413, 531))
    assert photo.info["dpi"] == (300, 300)
    assert photo.getpixel((5, 5)) == WHITE
    # A head of 34 of 45 mm leaves 11 mm, a third of them above it.
    assert abs(crown_of(photo, WHITE) - 11 / 3 / 25.4 * 300) < 8
    choose(page, "id-format", "2x2")
    choose(page, "id-density", "600")
    photo = file_of(page, downloads, "ann.png")
    assert (photo.size, photo.info["dpi"]) == ((1200, 1200), (600, 600))
    note = see(page, "[data-note=prints-coarsely]").text
    assert "pixels per inch" in note
    choose(page, "id-format", "35x45")
    choose(page, "id-density", "300")


def test_a_crop_is_moved_by_keys_and_by_dragging_and_taken_back(
    page: Chrome, downloads: Path
) -> None:
    before, other = (crown_of(file_of(page, downloads, name), WHITE) for name in NAMES)
    crop(page)
    assert "as asked (32 to 36 mm)" in words(page)
    ActionChains(page).send_keys(Keys.ARROW_DOWN * 6).perform()
    # Six hundredths of 45 mm further down.
    assert "6.4 mm below the edge" in words(page)
    stage = page.find_element(By.CSS_SELECTOR, ".crop-stage")
    window = page.find_element(By.CSS_SELECTOR, ".crop-window").size
    pointer = ActionChains(page).click_and_hold(stage)
    pointer.move_by_offset(0, round(window["height"] * 0.04)).release().perform()
    # The other photo, whose head becomes too large.
    press(page, ".crop .large-bar .button:last-child")
    until(page, lambda: "as asked" in words(page))
    stage.send_keys("+" * 8)
    until(page, lambda: words(page).startswith("Too large"))
    said = page.find_element(By.CSS_SELECTOR, ".crop [role=status]")
    until(page, lambda: str(said.get_property("textContent")).startswith("Too large"))
    press(page, ".crop .primary")
    moved = crown_of(file_of(page, downloads, "ann.png"), WHITE)
    # Six steps and a drag: a tenth of the frame.
    assert abs(moved - before - 0.1 * 531) < 6
    assert abs(crown_on_screen(page) - moved / 531) < 0.01
    assert crown_of(file_of(page, downloads, "bob.png"), WHITE) < other - 5
    ActionChains(page).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()
    assert crown_of(file_of(page, downloads, "bob.png"), WHITE) == other
    page.refresh()
    until(page, lambda: states(page) == ["done"] * 2)
    assert crown_of(file_of(page, downloads, "ann.png"), WHITE) == moved


def on_sheet(sheet: Image.Image, paper: str) -> Iterator[NDArray[np.int_]]:
    """Its copies, where they are to be, after a look at the lines around each."""
    golden: list[dict[str, Any]] = json.loads(GOLDEN.read_text())["sheets"]
    wanted = {"paper": paper, "format": "35x45", "density": 300}
    [plan] = [one for one in golden if wanted.items() <= one.items()]
    assert (sheet.format, sheet.info["dpi"]) == ("JPEG", (300, 300))
    assert list(sheet.size) == plan["size"]
    pixels = np.asarray(sheet.convert("RGB"), int)
    width, height = plan["photo"]
    for x, y in plan["places"]:
        # Right beside the copy, and in the margin, where nothing else is.
        assert pixels[y : y + height, x - 1].mean() < 215
        assert pixels[2, x + width].mean() < 215
        yield pixels[y : y + height, x : x + width]


def test_a_sheet_holds_the_photos_as_often_as_they_fit(page: Chrome, downloads: Path) -> None:
    photos = [np.asarray(file_of(page, downloads, name).convert("RGB"), int) for name in NAMES]
    choose(page, "id-sheet", "10x15")
    sheet = Image.open(BytesIO(saved(page, downloads, "[data-part=sheet]")))
    copies = list(on_sheet(sheet, "10x15"))
    assert len(copies) == 8
    for number, copy in enumerate(copies):
        assert np.abs(copy - photos[number // 4]).mean() < 2


def test_the_zip_has_a_sheet_beside_each_photo(page: Chrome, downloads: Path) -> None:
    choose(page, "id-sheet", "a4")
    with zipfile.ZipFile(BytesIO(saved(page, downloads, "[data-part=download-all]"))) as packed:
        names = packed.namelist()
        assert [name.split("-")[0].split(".")[0] for name in names] == ["ann", "ann", "bob", "bob"]
        for photo, beside in zip(names[::2], names[1::2], strict=True):
            assert beside == photo.replace(".jpg", "-sheet.jpg")
            single = np.asarray(Image.open(packed.open(photo)).convert("RGB"), int)
            copies = list(on_sheet(Image.open(packed.open(beside)), "a4"))
            assert len(copies) == 32
            assert max(np.abs(copy - single).mean() for copy in copies) < 2
