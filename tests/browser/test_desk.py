"""How one begins, and where photos stand: starting points, a sample photo, and photos first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
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
#: Where the name of each photo begins, by where its card ends: cards of a row end together.
NAMES = """
  const rows = {};
  for (const card of document.querySelectorAll('[data-job]')) {
    const row = rows[Math.round(card.getBoundingClientRect().bottom)] ??= [];
    row.push(Math.round(card.querySelector('[data-part=name]').getBoundingClientRect().top));
  }
  return Object.values(rows);
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


@pytest.fixture
def five(tmp_path: Path) -> list[Path]:
    """Photos of which the second is cut off."""
    paths = [tmp_path / f"{number}.jpg" for number in range(5)]
    for path in paths:
        photo = Image.new("RGB", (640, 480), (235, 240, 250))
        ImageDraw.Draw(photo).rectangle((160, 120, 480, 360), fill=(20, 40, 30))
        photo.save(path)
    whole = paths[1].read_bytes()
    paths[1].write_bytes(whole[: len(whole) // 3])
    return paths


def test_names_stand_in_line_beside_one_that_failed(
    chromium: Chrome, keeping: Site, five: list[Path]
) -> None:
    chromium.get(keeping.url())
    chromium.find_element(By.ID, "files").send_keys("\n".join(map(str, five)))
    wait_for(chromium, "done", "failed", "done", "done", "done")
    see(chromium, ".kept", "5 photos are kept")
    made = "return document.querySelectorAll('[data-made] .job-actions').length === 5"
    try:
        for language, width, height in (("en", 1440, 900), ("de", 1280, 720), ("ar", 390, 844)):
            metrics = {
                "width": width,
                "height": height,
                "deviceScaleFactor": 1,
                "mobile": width < 500,
            }
            chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            chromium.get(keeping.url(f"?lang={language}"))
            WebDriverWait(chromium, 60, 0.05).until(lambda page: page.execute_script(made))
            rows = chromium.execute_script(NAMES)
            assert len(rows[0]) > 1, language
            assert [len(set(row)) for row in rows] == [1] * len(rows), language
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_what_fails_is_counted_once_and_what_is_refused_never(
    fresh: Chrome, five: list[Path], tmp_path: Path
) -> None:
    refused = tmp_path / "scan.jpg"
    refused.write_bytes(b"%PDF-1.7\n1 0 obj")
    field = fresh.find_element(By.ID, "files")
    field.send_keys("\n".join(map(str, [*five, refused])))
    for _ in range(2):
        wait_for(fresh, "done", "failed", "done", "done", "done")
        see(fresh, "[data-part=summary]", "4 of 5 photos done")
        see(fresh, "[data-part=failures-title]", "1 photo failed")
        shown = [one.text for one in fresh.find_elements(By.CSS_SELECTOR, ".filters .filter")]
        assert [words for words in shown if words][:1] == ["All 5"]
        assert "Failed 1" in shown
        assert fresh.title == "1 photo failed \N{MIDDLE DOT} Mattebox"
        assert "(4)" in see(fresh, "[data-part=download-all]").text
        fresh.execute_script("document.querySelector('[data-part=retry-all]').click()")
