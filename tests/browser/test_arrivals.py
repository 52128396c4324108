"""What people drop and paste: real folders with what systems leave there, and what is no photo."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.harness import tiny_site
from tests.harness.photos import PHOTOS
from tests.harness.site import Site
from tests.harness.walls import complaints

PHOTO = (PHOTOS / "chelsea.png").read_bytes()
DATA = f"data:image/png;base64,{base64.b64encode(PHOTO).decode()}"
WORD = '<p>Dear all,</p><img src="file:///C:/Users/a/AppData/Local/Temp/clip_image001.png">'
ADDRESS = "Only the address of a picture was copied, not the picture itself."
TEXT = "What was copied is text, not a picture."

PASTE = """
const [selector, parts, files] = arguments;
const clipboardData = new DataTransfer();
for (const [type, text] of Object.entries(parts)) clipboardData.setData(type, text);
for (const name of files) clipboardData.items.add(new File(['x'], name));
const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
return document.querySelector(selector).dispatchEvent(event);
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with tiny_site.hurried(tmp_path_factory.mktemp("store"), 0) as running:
        yield running


@pytest.fixture
def page(chromium: Chrome, tiny: Site) -> Chrome:
    chromium.get(tiny.url())
    ready = "return document.querySelector('[data-part=offer]').textContent"
    WebDriverWait(chromium, 60, 0.05).until(lambda driver: driver.execute_script(ready))
    chromium.get_log("browser")
    return chromium


def drop(driver: Chrome, *paths: Path) -> None:
    """As a person does from the system's file manager."""
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for what in ("dragEnter", "dragOver", "drop"):
        where = {"type": what, "x": 400, "y": 300, "data": data}
        driver.execute_cdp_cmd("Input.dispatchDragEvent", where)


#: The names on the cards, the titles of the notices, and what a screen reader is told.
SEEN = """
const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
return [
  texts('[data-job] [data-part=name]'),
  texts('.notice [data-part=title]'),
  texts('[data-part=status]'),
];
"""


def until(driver: Chrome, cards: list[str], notices: list[str]) -> None:
    """Until these are the cards and the notices, which are heard, too."""
    try:
        WebDriverWait(driver, 60, 0.05).until(
            lambda _: driver.execute_script(SEEN)[:2] == [cards, notices]
        )
    except Exception as error:
        raise AssertionError(driver.execute_script(SEEN)) from error
    [heard] = driver.execute_script(SEEN)[2]
    assert all(notice in heard for notice in notices)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """A folder with photos, and with what lies between them on people's disks."""
    top = tmp_path / "album"
    for folder in ("below", "@eaDir", "__MACOSX"):
        (top / folder).mkdir(parents=True)
    for name in ("IMG_2.png", "IMG_10.png", "below/IMG_1.png"):
        (top / name).write_bytes(PHOTO)
    system = ("._IMG_2.png", ".DS_Store", "Thumbs.db", "desktop.ini", "Icon\r")
    hidden = ("@eaDir/SYNOPHOTO_THUMB_XL.jpg", "@eaDir/IMG_2.png", "__MACOSX/IMG_2.png")
    for name in (*system, *hidden):
        (top / name).write_bytes(b"\0\5\x16\7 no photo")
    return top


def test_a_folder_brings_its_photos_and_not_what_systems_put_there(
    page: Chrome, album: Path
) -> None:
    drop(page, album)
    until(page, ["IMG_1.png", "IMG_2.png", "IMG_10.png"], [])


def test_what_is_left_out_and_what_cannot_be_read_is_named(page: Chrome, album: Path) -> None:
    for name in ("notes.txt", "plan.docx", "a.mov", "b.mov"):
        (album / name).write_bytes(b"no photo")
    (album / "round").symlink_to(album)
    # A browser that lists a file and then cannot read it: moved meanwhile, or not permitted.
    page.execute_script("""
      const { webkitGetAsEntry } = DataTransferItem.prototype;
      const refuse = (_, reject) => reject(new DOMException('', 'NotReadableError'));
      DataTransferItem.prototype.webkitGetAsEntry = function () {
        const entry = webkitGetAsEntry.call(this);
        const readers = Object.getPrototypeOf(entry.createReader());
        const { readEntries } = readers;
        readers.readEntries = function (resolve, reject) {
          readEntries.call(this, (entries) => {
            for (const one of entries) if (one.name === 'IMG_2.png') one.file = refuse;
            resolve(entries);
          }, reject);
        };
        return entry;
      };
    """)
    drop(page, album)
    expected = [
        "1 item could not be read: IMG_2.png.",
        "4 files were left out: a.mov, b.mov, notes.txt and 1 more.",
    ]
    until(page, ["IMG_1.png", "IMG_10.png"], expected)
    # What no handler caught. A service worker that this site does not have is told by the network.
    assert complaints(page, "javascript") == []


def test_a_folder_without_photos(page: Chrome, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    drop(page, tmp_path / "empty")
    until(page, [], ["No pictures were found in that folder."])
    (tmp_path / "broken.jpg").symlink_to(tmp_path / "nowhere.jpg")
    drop(page, tmp_path)
    until(page, [], ["No pictures were found in that folder."])


def test_loose_files_bring_nothing_that_systems_put_there(page: Chrome, album: Path) -> None:
    loose = [album / name for name in ("IMG_10.png", "._IMG_2.png", ".DS_Store", "IMG_2.png")]
    drop(page, *loose)
    until(page, ["IMG_10.png", "IMG_2.png"], [])
    page.find_element(By.ID, "files").send_keys("\n".join(str(file) for file in loose))
    until(page, ["IMG_10.png", "IMG_2.png"] * 2, [])
    drop(page, album / ".DS_Store")
    until(page, ["IMG_10.png", "IMG_2.png"] * 2, ["That was not a picture file."])


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ({"text/plain": "https://example.org/cat.png"}, ADDRESS),
        ({"text/html": WORD, "text/plain": "Dear all,"}, ADDRESS),
        ({"text/html": '<img src="data:image/png;base64,%%%">'}, ADDRESS),
        ({"text/plain": "Dear all, https://example.org/"}, TEXT),
        ({"text/html": "<b>Dear all</b>", "text/plain": "Dear all"}, TEXT),
        ({}, "No picture was copied."),
    ],
    ids=["address", "word", "broken", "text", "html", "nothing"],
)
def test_what_is_pasted_and_no_picture_is_told(
    page: Chrome, parts: dict[str, str], title: str
) -> None:
    page.execute_script(PASTE, "body", parts, [])
    until(page, [], [title])


def test_pictures_come_out_of_pasted_html_and_replace_what_was_told(page: Chrome) -> None:
    page.execute_script(PASTE, "body", {"text/plain": "Dear all"}, [])
    until(page, [], [TEXT])
    html = f'<p>Both:<img src="{DATA}"><img src="https://example.org/a.png"><img src="{DATA}">'
    page.execute_script(PASTE, "body", {"text/html": html}, [])
    until(page, ["picture.png"] * 2, [])
    page.execute_script(PASTE, "body", {"text/html": html}, ["image.png", "._image.png"])
    until(page, ["picture.png", "picture.png", "image.png"], [])
    # What is pasted into a field is the field's.
    number = ".finish [name=width]"
    assert page.execute_script(PASTE, number, {"text/plain": "640"}, []), "not prevented"
    page.execute_script(PASTE, "body", {"text/plain": "640"}, [])
    until(page, ["picture.png", "picture.png", "image.png"], [TEXT])
