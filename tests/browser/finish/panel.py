"""Working the Finish panel as a person does, and opening what it saves."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.harness.driving import states
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

#: Above and below the subject of `badge`, transparent whatever the model says.
TOP, BOTTOM = 20, -20
WIDTH, HEIGHT = 240, 320
SUFFIXES = (".png", ".webp", ".avif", ".jpg", ".zip")
BY = " \N{MULTIPLICATION SIGN} "
Pixels = NDArray[np.int64]


def cut_out(driver: Chrome, *photos: Path) -> None:
    driver.find_element(By.ID, "files").send_keys("\n".join(str(photo) for photo in photos))
    until(driver, lambda: states(driver).count("done") >= len(photos), 90)
    at_rest(driver)


def reopened(driver: Chrome, site: Site) -> None:
    """The page anew, its scripts from the server again."""
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    driver.get(site.url())


def until(driver: Chrome, holds: Callable[[], Any], seconds: float = 60) -> None:
    WebDriverWait(driver, seconds, 0.05).until(lambda _: holds())


def control(driver: Chrome, name: str, value: str = "") -> WebElement:
    """A control by the setting it is named after; a radio by its value, too."""
    which = f"[value='{value}']" if value else ""
    return driver.find_element(By.CSS_SELECTOR, f".finish [name={name}]{which}")


def unfold(driver: Chrome) -> None:
    more = driver.find_element(By.CSS_SELECTOR, ".finish [data-part=more]")
    if more.get_attribute("aria-expanded") == "false":
        more.click()


def start_over(driver: Chrome) -> None:
    """All settings as they are at first, and the panel folded."""
    unfold(driver)
    reset = driver.find_element(By.CSS_SELECTOR, ".finish [data-part=reset]")
    # It is there while something is otherwise.
    if reset.is_displayed():
        reset.click()
        at_rest(driver)
    driver.find_element(By.CSS_SELECTOR, ".finish [data-part=more]").click()


def put(driver: Chrome, **settings: str | float | bool) -> None:
    """Choose, one control after the other, and wait until the photos are as chosen."""
    ask(driver, **settings)
    at_rest(driver)


def ask(driver: Chrome, **settings: str | float | bool) -> None:
    """Choose, and do not wait. Not by typing: what is typed slowly begins anew."""
    unfold(driver)
    for name, value in settings.items():
        first = driver.find_elements(By.CSS_SELECTOR, f".finish [name={name}]")[0]
        kind = first.get_attribute("type")
        ready_made = driver.find_elements(
            By.CSS_SELECTOR, f".finish [name={name}][value='{value}']"
        )
        if kind == "radio" and ready_made:
            ready_made[0].click()
        elif kind == "checkbox":
            if first.is_selected() != value:
                first.click()
        else:
            # What typing, dragging or picking ends in; a browser's own picker is out of reach.
            driver.execute_script(
                "arguments[0].value = arguments[1];"
                "arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
                driver.find_element(By.CSS_SELECTOR, f".finish [name={name}]:not([type=radio])"),
                value,
            )


def at_rest(driver: Chrome) -> None:
    """Nothing is being finished, files included, and what was is on the screen."""
    note = driver.find_element(By.CSS_SELECTOR, "[data-part=finish-note]")
    pending = "return document.querySelector('[data-part=prepare]:not([hidden])') === null"
    until(driver, lambda: not note.get_property("textContent") and driver.execute_script(pending))
    shown = "return document.querySelectorAll('.compare-after').length"
    until(driver, lambda: driver.execute_script(shown) <= len(states(driver)))


def link(driver: Chrome) -> WebElement:
    return driver.find_element(By.CSS_SELECTOR, "[data-job] [data-part=download]")


def empty(folder: Path) -> None:
    """Nothing that was saved there is left."""
    for old in folder.iterdir():
        old.unlink(missing_ok=True)


def saved(driver: Chrome, folder: Path) -> Path:
    """What the first photo's Download saves, once there is one."""
    empty(folder)
    # A photo that came back is done before its file is made.
    until(driver, lambda: link(driver).is_displayed())
    link(driver).click()
    complete(folder, 1)
    return next(folder.iterdir())


def complete(folder: Path, count: int) -> list[str]:
    """The suffixes of what has been saved there, once it is so many files."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        # Until it is complete, Chromium has a file of its own, and an empty one of this name.
        with contextlib.suppress(FileNotFoundError):
            files = list(folder.iterdir())
            whole = [one for one in files if one.suffix in SUFFIXES and one.stat().st_size]
            if len(whole) == len(files) == count:
                return [one.suffix for one in whole]
        time.sleep(0.05)
    raise AssertionError(f"downloaded: {list(folder.iterdir())}")


def picture(driver: Chrome, folder: Path) -> Image.Image:
    """The first photo's file, opened by Pillow."""
    return opened(saved(driver, folder))


def unzipped(folder: Path) -> dict[str, bytes]:
    """The one ZIP that is saved there, by Python's own reader: the files in it, by name."""
    assert complete(folder, 1) == [".zip"]
    with zipfile.ZipFile(next(folder.iterdir())) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def opened(file: Path) -> Image.Image:
    return Image.open(io.BytesIO(file.read_bytes()))


def values(image: Image.Image) -> Pixels:
    return np.asarray(image).astype(int)


def over(cutout: Pixels, ground: Any) -> NDArray[np.float64]:
    """The cutout on that ground, as arithmetic has it."""
    alpha = cutout[..., 3:] / 255
    return cutout[..., :3] * alpha + np.asarray(ground, float) * (1 - alpha)
