"""The public seam, driven from Python through a page that is open in a browser."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

_SCRIPT = (Path(__file__).parent / "drive.js").read_text()


class PageError(Exception):
    """The client's typed error, as the page's own code would catch it."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['code']}: {error['text']} {error['details']}")
        self.code = error["code"]
        self.details = error["details"]
        self.message = error["message"]
        self.advice = error["advice"]


@dataclass(frozen=True)
class Cutout:
    """What `removeBackground` gave: PNG files, report and progress events."""

    cutout: bytes
    matte: bytes
    types: list[str]
    report: dict[str, Any]
    events: list[dict[str, Any]]

    @property
    def stages(self) -> list[str]:
        """Stages in the order they came, each once."""
        return list(dict.fromkeys(event["stage"] for event in self.events))

    def rgba(self) -> NDArray[np.uint8]:
        return np.asarray(Image.open(io.BytesIO(self.cutout)))

    def grey(self) -> NDArray[np.uint8]:
        return np.asarray(Image.open(io.BytesIO(self.matte)))


def call(driver: WebDriver, task: str, arguments: Any = None) -> Any:
    """Run a task of drive.js. Raises PageError when it rejects."""
    answer = driver.execute_async_script(_SCRIPT, task, arguments or {})
    if "error" in answer:
        raise PageError(answer["error"])
    return answer["value"]


def cut_out(
    driver: WebDriver, photo: Path | bytes, *, cancel_at: str | None = None, **options: Any
) -> Cutout:
    """`removeBackground(photo, options)`; `cancel_at` aborts when that stage begins."""
    data = photo if isinstance(photo, bytes) else photo.read_bytes()
    encoded = base64.b64encode(data).decode()
    value = call(driver, "cutOut", {"photo": encoded, "options": options, "cancelAt": cancel_at})
    return Cutout(
        cutout=base64.b64decode(value["cutout"]),
        matte=base64.b64decode(value["matte"]),
        types=value["types"],
        report=value["report"],
        events=value["events"],
    )


def states(driver: WebDriver) -> list[str]:
    """Of each photo in the page's list."""
    script = "return [...document.querySelectorAll('[data-job]')].map((job) => job.dataset.state)"
    return list(driver.execute_script(script))


def forget_everything(driver: Chrome, site: Site) -> None:
    """Cache Storage and HTTP cache emptied, and the page opened anew."""
    driver.execute_cdp_cmd(
        "Storage.clearDataForOrigin", {"origin": site.url(""), "storageTypes": "all"}
    )
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    driver.get(site.url())
    site.requests.clear()


def see(driver: WebDriver, selector: str, words: str = "", seconds: float = 60) -> WebElement:
    """The first visible element that matches and holds these words, once there is one."""

    def visible(page: WebDriver) -> list[WebElement]:
        found = page.find_elements(By.CSS_SELECTOR, selector)
        return [element for element in found if element.is_displayed() and words in element.text]

    message = f"no visible {selector} with {words!r}"
    return WebDriverWait(driver, seconds, 0.05).until(visible, message)[0]


def unfold(driver: WebDriver, name: str) -> None:
    """Open what stands behind a button in the head of the page: `how` it runs, or the `menu`.

    While the page has no photos, how it runs is on the page itself.
    """
    script = """
      const one = document.querySelector(`[data-part=${arguments[0]}]`);
      if (getComputedStyle(one).display !== 'none') one.open = true;
    """
    driver.execute_script(script, name)
