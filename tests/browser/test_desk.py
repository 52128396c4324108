"""How one begins, and where photos stand: starting points, a sample photo, and photos first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.harness.driving import see, states
from tests.harness.photos import PHOTOS
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

#: Where the first photo stands, in pixels of the page.
PLACE = """
  const stage = document.querySelector('[data-job] .stage');
  const { top, width, height } = stage.getBoundingClientRect();
  return { top, width, height, gone: document.documentElement.scrollWidth - innerWidth };
"""


@pytest.fixture
def fresh(tiny_page: Chrome) -> Iterator[Chrome]:
    """The empty page; nothing that was chosen is remembered afterwards."""
    yield tiny_page
    tiny_page.execute_script("localStorage.clear()")


def wait_for(driver: Chrome, *expected: str) -> None:
    WebDriverWait(driver, 90, 0.05).until(lambda page: states(page) == list(expected))


def start(driver: Chrome) -> str | None:
    """What photos are begun with, where that is one of the starting points."""
    script = "return document.querySelector('[name=start]:checked')?.value ?? null"
    chosen: str | None = driver.execute_script(script)
    return chosen


def test_what_was_chosen_last_time_is_told_and_taken_back(fresh: Chrome, tiny: Site) -> None:
    see(fresh, ".starts")
    assert start(fresh) == "cut-out"
    see(fresh, ".start:has([value=shop])").click()
    see(fresh, ".starts-line", "Marketplace")

    fresh.get(tiny.url())
    see(fresh, ".starts-line", "Same as last time. Background: White")
    assert start(fresh) == "shop"
    fresh.find_element(By.ID, "files").send_keys(str(PHOTOS / "chelsea.png"))
    wait_for(fresh, "done")
    assert see(fresh, ".finish [name=size]").get_property("value") == "marketplace"
    assert see(fresh, ".finish [name=format]").get_property("value") == "jpeg"

    fresh.get(tiny.url())
    see(fresh, "[data-part=start-reset]").click()
    WebDriverWait(fresh, 60, 0.05).until(lambda page: start(page) == "cut-out")
    assert not fresh.find_element(By.CSS_SELECTOR, ".starts-line").is_displayed()


def test_a_sample_photo_can_be_tried(fresh: Chrome) -> None:
    see(fresh, "[data-part=sample]:enabled").click()
    see(fresh, "[data-job] .job-name", "coffee.jpg")
    wait_for(fresh, "done")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844), (360, 740)])
def test_photos_come_first(fresh: Chrome, width: int, height: int) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    fresh.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        fresh.find_element(By.ID, "files").send_keys(str(PHOTOS / "chelsea.png"))
        wait_for(fresh, "done")
        place = fresh.execute_script(PLACE)
        assert place["gone"] <= 0
        assert place["top"] < height / 3
        if width > height:
            assert place["width"] * place["height"] >= width * height / 2
    finally:
        fresh.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
