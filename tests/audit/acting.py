"""What a person does on the page, where the harness has no word for it."""

from __future__ import annotations

from pathlib import Path

from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from tests.harness.driving import see


def choose(driver: Chrome, *photos: Path) -> None:
    """Hand photos to the page's one file input."""
    driver.find_element(By.ID, "files").send_keys("\n".join(str(photo) for photo in photos))


def pick(driver: Chrome, name: str, value: str) -> None:
    """Choose of a list in the finish panel. Letters typed there would be added to those before."""
    driver.execute_script(
        "arguments[0].value = arguments[1];"
        "arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
        see(driver, f".finish [name={name}]"),
        value,
    )


def press(driver: Chrome, selector: str) -> None:
    """With the keyboard, which finds it even while what stands above it is still coming."""
    see(driver, selector).send_keys(Keys.ENTER)


def fold(driver: Chrome, name: str, *, is_open: bool) -> None:
    """The settings of a phone, which are seen without on a large screen."""
    driver.execute_script(
        "document.querySelector(`[data-part=${arguments[0]}]`)"
        ".toggleAttribute('data-open', arguments[1])",
        name,
        is_open,
    )
