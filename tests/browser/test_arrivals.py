"""What people drop and paste: real folders with what systems leave there, and what is no photo."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.harness import tiny_site
from tests.harness.driving import states
from tests.harness.photos import PHOTOS
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait
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
const head = new Uint8Array([0xff, 0xd8, 0xff]);
for (const name of files) clipboardData.items.add(new File([head], name));
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
    chromium.execute_script(LISTEN)
    return chromium


def drop(driver: Chrome, *paths: Path) -> None:
    """As a person does from the system's file manager."""
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for what in ("dragEnter", "dragOver", "drop"):
        where = {"type": what, "x": 400, "y": 300, "data": data}
        driver.execute_cdp_cmd("Input.dispatchDragEvent", where)


#: Notes what a screen reader is told: the next sentence takes the place of the one before.
LISTEN = """
window.heard = [];
const status = document.querySelector('[data-part=status]');
new MutationObserver(() => heard.push(status.textContent)).observe(status, {
  characterData: true, childList: true, subtree: true,
});
"""
#: The names on the cards, the titles of the notices, and what was heard.
SEEN = """
const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
return [texts('[data-job] [data-part=name]'), texts('.notice [data-part=title]'), heard];
"""


def until(driver: Chrome, cards: list[str], notices: list[str]) -> None:
    """Until these are the cards and the notices, which are heard, too."""

    def are_there(_: Chrome) -> bool:
        found, told, heard = driver.execute_script(SEEN)
        are_heard = all(any(notice in words for words in heard) for notice in notices)
        return [found, told] == [cards, notices] and are_heard

    try:
        WebDriverWait(driver, 60, 0.05).until(are_there)
    except Exception as error:
        raise AssertionError(driver.execute_script(SEEN)) from error
    driver.execute_script("heard.length = 0")


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
    drop(page, album / ".DS_Store")
    until(page, ["IMG_10.png", "IMG_2.png"], ["That was not a picture file."])


def press(driver: Chrome, name: str) -> None:
    buttons = driver.find_elements(By.CSS_SELECTOR, ".notices button, .job button")
    [button] = [one for one in buttons if one.is_displayed() and one.accessible_name == name]
    button.click()


def test_the_same_file_twice_is_told_and_added_only_when_wished(page: Chrome, album: Path) -> None:
    drop(page, album)
    here = ["IMG_1.png", "IMG_2.png", "IMG_10.png"]
    until(page, here, [])
    field = page.find_element(By.ID, "files")
    again, other = album / "IMG_10.png", album / "IMG_3.png"
    other.write_bytes(PHOTO)
    field.send_keys(f"{again}\n{other}")
    until(page, [*here, "IMG_3.png"], ["1 photo is here already: IMG_10.png."])
    press(page, "Add again")
    until(page, [*here, "IMG_3.png", "IMG_10.png"], [])
    # Its bytes are others now, at the same length and time.
    before = other.stat()
    other.write_bytes(PHOTO[:-9] + bytes(9))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    field.send_keys(str(other))
    until(page, [*here, "IMG_3.png", "IMG_10.png", "IMG_3.png"], [])


def test_what_is_no_photo_is_refused_at_once(page: Chrome, tmp_path: Path) -> None:
    (tmp_path / "scan.jpg").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")
    drop(page, tmp_path / "scan.jpg")
    until(page, [], ["1 file was left out: scan.jpg."])
    [body] = page.find_elements(By.CSS_SELECTOR, "[data-notice=leftOut] [data-part=body]")
    assert body.text.startswith("This is a PDF document, not a photo. Save")
    assert not page.find_element(By.CSS_SELECTOR, "[data-part=photos]").is_displayed()

    # A batch goes on, and the photos that are under way do, too.
    others = {
        "film.jpg": b"\0\0\0\x18ftypisom\0\0\0\0" + bytes(20),
        "letter.png": b"PK\x03\x04" + bytes(40),
        "notes.webp": b"Dear all,\n" * 9,
        "nothing.png": b"",
        "old.png": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40),
    }
    for name, data in others.items():
        (tmp_path / name).write_bytes(data)
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(PHOTO)
    drop(page, tmp_path / "a.png", *(tmp_path / name for name in others))
    drop(page, tmp_path / "b.png")
    until(page, ["a.png", "b.png"], [])
    WebDriverWait(page, 60, 0.05).until(lambda driver: states(driver) == ["done", "done"])

    drop(page, *(tmp_path / name for name in others))
    until(
        page,
        ["a.png", "b.png"],
        ["5 files were left out: film.jpg, letter.png, notes.webp and 2 more."],
    )
    details = page.find_element(By.CSS_SELECTOR, "[data-notice=leftOut] details")
    details.find_element(By.TAG_NAME, "summary").click()
    assert details.text.splitlines() == ["All 5 names", *others]
    assert page.find_element(By.CSS_SELECTOR, "[data-part=summary]").text == "2 photos"


def test_a_phone_offers_its_camera(page: Chrome, tiny: Site, tmp_path: Path) -> None:
    assert page.find_elements(By.ID, "camera") == []
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    # What browsers with a camera have, and a desktop's has not.
    source = "Object.defineProperty(HTMLInputElement.prototype, 'capture', { value: '' });"
    script = page.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    page.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        page.get(tiny.url())
        page.execute_script(LISTEN)
        camera = WebDriverWait(page, 60, 0.05).until(
            lambda driver: driver.find_element(By.ID, "camera")
        )
        assert camera.accessible_name == "Take a photo"
        assert camera.get_dom_attribute("capture") == "environment"
        assert page.find_element(By.ID, "files").accessible_name == "Choose images"
        places = [one.rect for one in page.find_elements(By.CSS_SELECTOR, "input[type=file]")]
        assert places[1]["y"] >= places[0]["y"] + places[0]["height"]
        assert places[1]["height"] >= 44
        (tmp_path / "image.png").write_bytes(PHOTO)
        camera.send_keys(str(tmp_path / "image.png"))
        until(page, ["image.png"], [])
    finally:
        page.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


#: What is pasted, and what is told of it: never the same as of the one before.
NO_PICTURES: dict[str, tuple[dict[str, str], str]] = {
    "address": ({"text/plain": "https://example.org/cat.png"}, ADDRESS),
    "text": ({"text/plain": "Dear all, https://example.org/"}, TEXT),
    "word": ({"text/html": WORD, "text/plain": "Dear all,"}, ADDRESS),
    "html": ({"text/html": "<b>Dear all</b>", "text/plain": "Dear all"}, TEXT),
    "broken": ({"text/html": '<img src="data:image/png;base64,%%%">'}, ADDRESS),
    "nothing": ({}, "No picture was copied."),
}


def test_what_is_pasted_and_no_picture_is_told(page: Chrome, subtests: pytest.Subtests) -> None:
    for name, (parts, title) in NO_PICTURES.items():
        with subtests.test(name):
            page.execute_script(PASTE, "body", parts, [])
            until(page, [], [title])


def test_pictures_come_out_of_pasted_html_and_replace_what_was_told(page: Chrome) -> None:
    page.execute_script(PASTE, "body", {"text/plain": "Dear all"}, [])
    until(page, [], [TEXT])
    html = f'<p>Both:<img src="{DATA}"><img src="https://example.org/a.png"><img src="{DATA}">'
    page.execute_script(PASTE, "body", {"text/html": html}, [])
    until(page, ["picture.png"] * 2, [])
    page.execute_script(PASTE, "body", {"text/html": html}, ["image.png", "._image.png", "two.png"])
    until(page, ["picture.png", "picture.png", "image.png", "two.png"], [])
    # What is pasted into a field is the field's.
    number = ".finish [name=width]"
    assert page.execute_script(PASTE, number, {"text/plain": "640"}, []), "not prevented"
    page.execute_script(PASTE, "body", {"text/plain": "640"}, [])
    until(page, ["picture.png", "picture.png", "image.png", "two.png"], [TEXT])
