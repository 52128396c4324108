"""What a person takes away: one ZIP as the folders were, a folder of their own, a drag."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.finish.panel import complete
from tests.harness.driving import see, states
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

#: Where the album's photos come from, when they were changed last (local time), and their colour.
ALBUM = {
    "album/cat.png": ((2019, 5, 4, 3, 2, 0), 10),
    "album/b\N{LATIN SMALL LETTER E WITH ACUTE}b\N{LATIN SMALL LETTER E WITH ACUTE}/cat.png": (
        (2021, 1, 31, 23, 58, 30),
        90,
    ),
    "album/below/deep/\N{CAT FACE}.png": ((2024, 2, 29, 12, 0, 2), 170),
    # Windows knows no such file.
    "album/con.png": ((1975, 6, 1, 12, 0, 0), 240),
}
#: A real folder of the browser's, which keeps files as a disk does, in the place of the one that a
#: person would choose: no driver can press buttons of the system's own window.
OWN_FOLDER = """
window.showDirectoryPicker = async () => {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle('taken', { create: true });
};
"""
READ_FOLDER = """
const done = arguments[0];
const found = {};
async function walk(folder, path) {
  for await (const [name, entry] of folder.entries()) {
    if (entry.kind === 'directory') await walk(entry, `${path}${name}/`);
    else found[path + name] = await (await entry.getFile()).text().then((text) => text.length);
  }
}
navigator.storage.getDirectory()
  .then((root) => root.getDirectoryHandle('taken'))
  .then((folder) => walk(folder, ''))
  .then(() => done(found), (error) => done(String(error)));
"""
DRAG = """
const dataTransfer = new DataTransfer();
const event = new DragEvent('dragstart', { dataTransfer, bubbles: true });
document.querySelector('[data-part=download]').dispatchEvent(event);
const [file] = dataTransfer.files;
return [dataTransfer.getData('DownloadURL'), file?.name, file?.size];
"""


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures that are cut out already, so that it is known what comes of each."""
    top = tmp_path_factory.mktemp("photos")
    for name, (changed, level) in ALBUM.items():
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        picture = np.zeros((40, 60, 4), np.uint8)
        picture[10:30, 10:50] = (level, 0, 255 - level, 255)
        Image.fromarray(picture).save(file)
        at = time.mktime((*changed, 0, 0, -1))
        os.utime(file, (at, at))
    return top / "album"


@pytest.fixture
def page(chromium: Chrome, tiny: Site, album: Path, downloads: Path) -> Chrome:
    """The page with the album dropped on it, all done."""
    for file in downloads.iterdir():
        file.unlink()
    if not chromium.current_url.startswith(tiny.url()) or len(states(chromium)) != len(ALBUM):
        chromium.get(tiny.url())
        see(chromium, "[data-part=offer]")
        data = {"items": [], "files": [str(album)], "dragOperationsMask": 1}
        for what in ("dragEnter", "dragOver", "drop"):
            where = {"type": what, "x": 400, "y": 300, "data": data}
            chromium.execute_cdp_cmd("Input.dispatchDragEvent", where)
        waiting = WebDriverWait(chromium, 90, 0.05)
        waiting.until(lambda driver: states(driver) == ["done"] * len(ALBUM))
    return chromium


def press(driver: Chrome, part: str) -> None:
    driver.execute_script("document.querySelector(arguments[0]).click()", f"[data-part={part}]")


def test_the_zip_is_as_the_folders_were(page: Chrome, downloads: Path) -> None:
    press(page, "download-all")
    assert complete(downloads, 1) == [".zip"]
    with zipfile.ZipFile(next(downloads.iterdir())) as archive:
        assert archive.testzip() is None
        found = {entry.filename: entry for entry in archive.infolist()}
        expected = {
            name.replace("/con.png", "/con-cutout.png").replace("cat.png", "cat-cutout.png")
            .replace("\N{CAT FACE}.png", "\N{CAT FACE}-cutout.png"): value
            for name, value in ALBUM.items()
        }  # fmt: skip
        assert set(found) == set(expected)
        for name, (changed, level) in expected.items():
            with archive.open(name) as file:
                picture = np.asarray(Image.open(file))
            assert picture[20, 20].tolist() == [level, 0, 255 - level, 255], name
            assert picture[0, 0, 3] == 0
            # A ZIP counts from 1980 on, in steps of two seconds.
            if changed[0] >= 1980:
                assert found[name].date_time == changed
            else:
                assert found[name].date_time[0] == 1980


def test_a_pattern_names_every_file(page: Chrome, downloads: Path) -> None:
    names = "return [...document.querySelectorAll('a[download]')].map((link) => link.download)"
    before = page.execute_script(names)
    press(page, "names")
    pattern = see(page, "#names-pattern")
    pattern.clear()
    pattern.send_keys("shop {number} {width}x{height} {date}?")
    first = "shop 01 60x40 2024-02-29_.png"
    see(page, "dialog output", first)
    see(page, "dialog .primary").click()
    assert page.execute_script(names)[0] == first
    press(page, "download-all")
    assert complete(downloads, 1) == [".zip"]
    with zipfile.ZipFile(next(downloads.iterdir())) as archive:
        assert sorted(name.rpartition("/")[2] for name in archive.namelist()) == [
            "shop 01 60x40 2024-02-29_.png",
            "shop 02 60x40 2019-05-04_.png",
            "shop 03 60x40 2021-01-31_.png",
            "shop 04 60x40 1975-06-01_.png",
        ]
    # Remembered, and taken back.
    press(page, "names")
    assert str(see(page, "#names-pattern").get_property("value")).startswith("shop {number}")
    see(page, "dialog .quiet").click()
    see(page, "dialog .primary").click()
    assert page.execute_script(names) == before


def saved(driver: Chrome) -> dict[str, Any]:
    return dict(driver.execute_async_script(READ_FOLDER))


def test_into_a_folder_nothing_is_written_over_unasked(page: Chrome) -> None:
    page.execute_script(OWN_FOLDER)
    said = "[data-part=status]"

    def heard(words: str) -> None:
        script = f"return document.querySelector('{said}').textContent"
        waiting = WebDriverWait(page, 60, 0.05)
        waiting.until(lambda driver: words in driver.execute_script(script))
        page.execute_script(f"document.querySelector('{said}').textContent = ''")

    press(page, "save-folder")
    heard("4 files were saved in the folder.")
    first = saved(page)
    assert len(first) == 4
    assert "album/below/deep/\N{CAT FACE}-cutout.png" in first
    assert all(first.values())

    press(page, "save-folder")
    see(page, "dialog h2", "4 files of those names are in the folder already: ")
    see(page, "dialog button", "Cancel").click()
    WebDriverWait(page, 60, 0.05).until(
        lambda _: not page.find_elements(By.CSS_SELECTOR, "dialog[open]")
    )
    assert saved(page) == first

    press(page, "save-folder")
    see(page, "dialog button", "Replace 4 files").click()
    heard("4 files were saved in the folder.")
    assert saved(page) == first

    press(page, "save-folder")
    see(page, "dialog button", "Keep both").click()
    heard("4 files were saved in the folder.")
    assert set(saved(page)) == {*first, *(name.replace(".png", " (2).png") for name in first)}


def test_a_file_can_be_dragged_out(page: Chrome) -> None:
    address, name, size = page.execute_script(DRAG)
    kind, file, url = address.split(":", 2)
    assert (kind, file) == ("image/png", name)
    assert url.startswith("blob:")
    assert size > 0
