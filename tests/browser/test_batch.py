"""Many photos in one drop, worked as a shop owner does, and what faults leave of them."""

from __future__ import annotations

import io
import os
import signal
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.editing import Editor
from tests.browser.finish.panel import complete
from tests.browser.test_arrivals import drop
from tests.browser.test_kept import browser_of, kept
from tests.harness import browsers, tables
from tests.harness.driving import cut_out, see, states
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

#: What photos are called in each folder: two hold the same names.
FOLDERS = {
    "shop": "a",
    "shop/su\N{LATIN SMALL LETTER E WITH ACUTE}de": "b",
    "shop/below/deep/\N{CAT FACE}": "b",
}
EACH = 20
BROKEN = "shop/below/deep/\N{CAT FACE}/b-07"
#: In the order of the page, which is that of names.
CORRECTED = ("shop/a-00", "shop/a-01", "shop/a-02")
ON_WHITE = tuple(f"shop/a-{number:02}" for number in range(4, 9))
WHITE = {"kind": "colour", "colour": "#ffffff"}
SIZE = (60, 40)
CHANGED = (2023, 4, 5, 6, 7)


@pytest.fixture(scope="module")
def site(keeping: Site) -> Site:
    return keeping


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dark boxes on a bright ground, each of a colour of its own, and one file that is no photo."""
    root = tmp_path_factory.mktemp("photos")
    for place, (folder, letter) in enumerate(FOLDERS.items()):
        (root / folder).mkdir(parents=True)
        for number in range(EACH):
            path = root / folder / f"{letter}-{number:02}.png"
            photo = Image.new("RGB", SIZE, (235, 240, 250))
            box = ImageDraw.Draw(photo)
            box.rectangle((15, 10, 44, 29), fill=(20 + 4 * number, 10, 10 + 30 * place))
            photo.save(path)
            if f"{folder}/{path.stem}" == BROKEN:
                path.write_bytes(path.read_bytes()[:60])
            changed = time.mktime((*CHANGED, 2 * number, 0, 0, -1))
            os.utime(path, (changed, changed))
    return root


def until(driver: Chrome, claim: Any) -> None:
    WebDriverWait(driver, 60, 0.05).until(lambda _: claim())


def press(driver: Chrome, part: str) -> None:
    driver.execute_script("document.querySelector(arguments[0]).click()", f"[data-part={part}]")


def counted(driver: Chrome) -> Counter[str]:
    return Counter(states(driver))


Taken = dict[str, tuple[tuple[int, ...], NDArray[np.uint8]]]


def taken(driver: Chrome, folder: Path) -> Taken:
    """All as one ZIP, by Python's own reader: dates and pictures by name. It is removed again."""
    see(driver, "[data-part=download-all]").click()
    assert complete(folder, 1) == [".zip"]
    [path] = folder.iterdir()
    found: Taken = {}
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            picture = np.asarray(Image.open(io.BytesIO(archive.read(entry))).convert("RGBA"))
            found[entry.filename] = (entry.date_time, picture)
    path.unlink()
    return found


def killed(driver: Chrome) -> None:
    browser = int(driver.capabilities.get("goog:processID") or browser_of(driver))
    for process in (psutil.Process(browser), *psutil.Process(browser).children(recursive=True)):
        os.kill(process.pid, signal.SIGKILL)


def paused_cancelled_and_begun_again(driver: Chrome) -> None:
    """What holds for all that wait, and the way back from each."""
    see(driver, "[data-part=pause-photos]", "Pause").click()
    see(driver, "[data-part=pause-photos]", "Resume")
    until(driver, lambda: set(states(driver)) <= {"queued", "done", "failed"})
    waiting = counted(driver)["queued"]
    assert waiting > 0
    assert driver.title.endswith("done, paused \N{MIDDLE DOT} Mattebox")
    press(driver, "cancel-rest")
    until(driver, lambda: counted(driver)["cancelled"] == waiting)
    see(driver, "[data-part=toast]", f"{waiting} photos were cancelled.")
    press(driver, "undo")
    until(driver, lambda: counted(driver)["cancelled"] == 0)
    if driver.execute_script("return document.querySelector('[data-paused=true]') !== null"):
        press(driver, "pause-photos")


def corrected(driver: Chrome) -> None:
    """What the model left is erased in the middle of some."""
    for index in range(len(CORRECTED)):
        editor = Editor(driver)
        script = "document.querySelectorAll('[data-part=touch-up]')[arguments[0]].click()"
        driver.execute_script(script, index)
        editor.ready()
        if index == 0:
            editor.tool("Erase")
        middle = "const b = arguments[0].getBoundingClientRect();"
        middle += "return [b.x + b.width / 2, b.y + (b.height - 56) / 2]"
        x, y = driver.execute_script(middle, editor.stage)
        for kind, buttons in (("mousePressed", 1), ("mouseMoved", 1), ("mouseReleased", 0)):
            event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            driver.execute_cdp_cmd("Input.dispatchMouseEvent", event | {"buttons": buttons})
        editor.settled(lambda one=editor: one.is_enabled("Undo"))
        editor.button("Done").click()


def on_white(driver: Chrome) -> None:
    """Five that stand side by side, among them one that is out of view, on another background."""
    boxes = driver.find_elements(By.CSS_SELECTOR, "[data-part=pick]")
    driver.execute_script("arguments[0].click()", boxes[4])
    event = "arguments[0].dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }))"
    driver.execute_script(event, boxes[8])
    see(driver, "[data-part=chosen]", "5 of 60 chosen")
    colour = "document.querySelector('.finish [name=background][value=colour]').click()"
    driver.execute_script(colour)
    see(driver, ".job [data-part=own]", "White")
    press(driver, "choose-none")


def test_sixty_photos_are_worked_taken_away_and_come_back(
    site: Site, shop: Path, tmp_path: Path
) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    own = {"profile": tmp_path / "profile", "downloads": downloads}
    with browsers.chromium("--window-size=1280,900", **own) as driver:
        driver.get(site.url())
        see(driver, "[data-part=dropzone]")
        drop(driver, shop / "shop")
        until(driver, lambda: len(states(driver)) == 60)
        paused_cancelled_and_begun_again(driver)
        until(driver, lambda: counted(driver) == {"done": 59, "failed": 1})
        assert driver.title == "1 photo failed \N{MIDDLE DOT} Mattebox"
        see(driver, "[data-part=failures] summary").click()
        see(driver, ".failures-names button", "b-07.png").click()
        seen = "return document.activeElement.closest('.job')?.dataset.state"
        assert driver.execute_script(seen) == "failed"
        corrected(driver)
        on_white(driver)
        first = taken(driver, downloads)
        names = {f"{name}-cutout.png" for name in expected()}
        assert set(first) == names
        for name in expected():
            changed, picture = first[f"{name}-cutout.png"]
            assert changed == (*CHANGED, 2 * int(name[-2:]))
            same_as_the_seams(driver, shop / f"{name}.png", name, picture)
        a_zip_without_room_is_told(driver, downloads)
        see(driver, ".kept", "60 photos are kept")
        killed(driver)
    with browsers.chromium("--window-size=1280,900", **own) as driver:
        driver.get(site.url())
        until(driver, lambda: counted(driver) == {"done": 59, "failed": 1})
        again = taken(driver, downloads)
        assert again.keys() == first.keys()
        for name, (changed, picture) in again.items():
            assert changed == first[name][0]
            assert np.array_equal(picture, first[name][1]), name
        tables.note("faults", "the browser is killed: 60 photos are back, and their files the same")
        nothing_is_left(driver)


def expected() -> list[str]:
    every = [f"{folder}/{one}-{n:02}" for folder, one in FOLDERS.items() for n in range(EACH)]
    return [name for name in every if name != BROKEN]


def same_as_the_seams(driver: Chrome, photo: Path, name: str, picture: NDArray[np.uint8]) -> None:
    output = {"background": WHITE} if name in ON_WHITE else {}
    plain = cut_out(driver, photo, output=output).rgba()
    truth = np.asarray(Image.fromarray(plain).convert("RGBA"))
    if name not in CORRECTED:
        assert np.array_equal(picture, truth), name
        return
    height, width = truth.shape[:2]
    # The edge of a brush is soft.
    assert picture[height // 2, width // 2, 3] < 128, name
    assert truth[height // 2, width // 2, 3] == 255
    # Far from the stroke nothing is another.
    assert np.array_equal(picture[:, :8], truth[:, :8])


def a_zip_without_room_is_told(driver: Chrome, downloads: Path) -> None:
    """As Chromium does it: a blob is given, and its bytes cannot be read."""
    driver.execute_script("""
      const { blob } = Response.prototype;
      Response.prototype.blob = async function () {
        const made = await blob.call(this);
        if (made.type !== 'application/zip') return made;
        Response.prototype.blob = blob;
        return new Blob();
      };
    """)
    press(driver, "download-all")
    see(driver, ".notice", "The files could not be put together.")
    assert list(downloads.iterdir()) == []
    assert counted(driver) == {"done": 59, "failed": 1}
    tables.note("faults", "no room for the ZIP: told, no file is saved, all photos are there")


#: Files of every kind that an origin can keep, by where they are.
LEFT = """
const done = arguments[arguments.length - 1];
(async () => {
  const names = [];
  for (const key of await caches.keys()) {
    for (const { url } of await (await caches.open(key)).keys()) names.push(url);
  }
  const files = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
  return { names, files };
})().then(done, (error) => done(String(error)));
"""


def nothing_is_left(driver: Chrome) -> None:
    """After "Clear" no part of a photo is in IndexedDB, Cache Storage or OPFS."""
    before = driver.execute_async_script(LEFT)
    see(driver, ".kept button", "Clear").click()
    see(driver, ".kept", "Nothing is kept of these photos any more")
    tables_left = kept(driver)
    assert tables_left["photos"] == tables_left["files"] == []
    left = driver.execute_async_script(LEFT)
    assert left["files"] == []
    # The model's segments and nothing else, as before.
    assert left["names"] == before["names"]
    assert not [name for name in left["names"] if ".png" in name]
    tables.note("faults", "Clear: nothing in IndexedDB, OPFS empty, Cache Storage holds the model")


def test_where_nothing_can_be_kept_photos_are_worked_and_that_is_told(
    site: Site, shop: Path
) -> None:
    with browsers.chromium() as driver:
        blocked = "Object.defineProperty(window, 'indexedDB', { get() { return undefined; } });"
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": blocked})
        driver.get(site.url())
        driver.find_element(By.ID, "files").send_keys(str(shop / "shop" / "a-00.png"))
        until(driver, lambda: states(driver) == ["done"])
        see(driver, ".kept", "This browser cannot keep photos here")
    tables.note("faults", "IndexedDB blocked: told, photos are worked on all the same")
