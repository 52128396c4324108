"""Looking through results: large, one after the other, those to check first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By

from tests.harness import tiny_model, tiny_site
from tests.harness.driving import see, states
from tests.harness.site import Site, serving
from tests.harness.waiting import WebDriverWait

NAMES = ["a.png", "b.png", "c.png", "paper.png", "broken.jpg"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Photos are kept: a person's mark outlives a reload."""
    keeping = tiny_site.app(
        tmp_path_factory.mktemp("store"), graph=tiny_model.decided(), keep="session"
    )
    with serving(keeping) as running:
        yield running


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three that are cut out already, one without a subject, one that is broken."""
    folder = tmp_path_factory.mktemp("photos")
    for name, level in (("a", 20), ("b", 120), ("c", 220)):
        picture = np.zeros((400, 600, 4), np.uint8)
        picture[100:300, 100:500] = (level, 60, 255 - level, 255)
        Image.fromarray(picture).save(folder / f"{name}.png")
    Image.fromarray(np.full((320, 240, 3), 246, np.uint8)).save(folder / "paper.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    return [folder / name for name in NAMES]


@pytest.fixture(scope="module")
def page(chromium: Chrome, tiny: Site, photos: list[Path]) -> Chrome:
    chromium.get(tiny.url())
    see(chromium, "[data-part=offer]")
    chromium.find_element(By.ID, "files").send_keys("\n".join(map(str, photos)))
    until(chromium, lambda: states(chromium) == ["done"] * 4 + ["failed"])
    return chromium


def until(driver: Chrome, holds: object) -> None:
    assert callable(holds)
    WebDriverWait(driver, 60, 0.05).until(lambda _: holds())


def shown(driver: Chrome) -> list[str]:
    """Names on the cards that are seen, in their order."""
    script = """
      return [...document.querySelectorAll('[data-job]')].filter((job) => !job.hidden)
        .map((job) => job.querySelector('[data-part=name]').textContent)"""
    return list(driver.execute_script(script))


def large(driver: Chrome) -> str:
    """The name of the photo that is seen large; empty for none."""
    script = "return document.querySelector('.large[open] .large-name')?.textContent ?? ''"
    return str(driver.execute_script(script))


def keys(driver: Chrome, *pressed: str) -> None:
    ActionChains(driver).send_keys(*pressed).perform()


def card(driver: Chrome, name: str) -> str:
    """A selector for the card of that photo."""
    script = """
      const jobs = [...document.querySelectorAll('[data-job]')];
      const named = (job) => job.querySelector('[data-part=name]').textContent === arguments[0];
      return `[data-job="${jobs.find(named).dataset.job}"]`"""
    return str(driver.execute_script(script, name))


def focused(driver: Chrome) -> str:
    return str(driver.switch_to.active_element.accessible_name)


def test_all_results_are_looked_through_with_the_keyboard(page: Chrome) -> None:
    see(page, f"{card(page, 'a.png')} [data-part=view]").send_keys(Keys.ENTER)
    until(page, lambda: large(page) == "a.png")
    # What failed has nothing to be seen.
    seen = []
    for _ in range(4):
        keys(page, Keys.ARROW_RIGHT)
        seen.append(large(page))
    assert seen == ["b.png", "c.png", "paper.png", "a.png"]
    keys(page, Keys.END)
    assert large(page) == "paper.png"
    keys(page, Keys.ARROW_LEFT)
    assert large(page) == "c.png"
    assert "600 \N{MULTIPLICATION SIGN} 400" in see(page, ".large-place").text
    keys(page, Keys.ESCAPE)
    until(page, lambda: large(page) == "")
    assert focused(page) == "See it large c.png"


def test_a_click_shows_it_large_and_a_double_click_opens_the_editor(page: Chrome) -> None:
    picture = page.find_element(By.CSS_SELECTOR, f"{card(page, 'b.png')} .compare")
    ActionChains(page).move_to_element(picture).click().perform()
    until(page, lambda: large(page) == "b.png")
    keys(page, " ")
    until(page, lambda: large(page) == "")
    ActionChains(page).move_to_element(picture).double_click().perform()
    see(page, "dialog.editor[open]")
    assert large(page) == ""
    page.back()
    until(page, lambda: not page.find_elements(By.CSS_SELECTOR, "dialog[open]"))


def test_zoom_and_the_original(page: Chrome) -> None:
    see(page, f"{card(page, 'c.png')} [data-part=view]").send_keys(Keys.ENTER)
    until(page, lambda: large(page) == "c.png")
    plate = see(page, ".large-plate")
    whole = plate.size["width"]
    assert 600 < whole <= 1200
    keys(page, "1", "+", "+", "+")
    until(page, lambda: plate.size["width"] > 1280)
    left = plate.location["x"]
    ActionChains(page).drag_and_drop_by_offset(see(page, ".large-stage"), 60, 0).perform()
    assert plate.location["x"] > left
    keys(page, "0")
    assert plate.size["width"] == whole
    image = page.find_element(By.CSS_SELECTOR, ".large-after")
    assert image.get_attribute("alt") == "Result: c.png"
    keys(page, "o")
    assert image.get_attribute("alt") == "Original: c.png"
    keys(page, "o")
    assert image.get_attribute("alt") == "Result: c.png"
    loaded = "return arguments[0].complete && arguments[0].naturalWidth"
    until(page, lambda: page.execute_script(loaded, image) == 600)

    # Beside each other, up to a line that the keyboard moves too; so for the next photo as well.
    before = page.find_element(By.CSS_SELECTOR, ".large-before")
    assert not before.is_displayed()
    keys(page, "s")
    until(page, lambda: page.execute_script(loaded, before) == 600)
    assert before.get_attribute("alt") == "Original: c.png"
    cut = """
      return parseFloat(getComputedStyle(arguments[0].parentElement).getPropertyValue('--split'))"""
    assert 49 < page.execute_script(cut, before) < 51
    line = page.find_element(By.CSS_SELECTOR, ".large .divider input")
    page.execute_script("arguments[0].focus()", line)
    keys(page, Keys.HOME)
    assert page.execute_script(cut, before) == 0
    assert large(page) == "c.png"
    see(page, ".large-stage").click()
    keys(page, Keys.ARROW_LEFT)
    assert (large(page), before.get_attribute("alt")) == ("b.png", "Original: b.png")
    keys(page, "s", Keys.ESCAPE)


def choose(driver: Chrome, name: str) -> None:
    driver.execute_script(
        "document.querySelector(arguments[0]).click()", f"[name=filter][value={name}]"
    )


def order_by(driver: Chrome, value: str) -> None:
    script = """
      const order = document.querySelector('#order');
      order.value = arguments[0];
      order.dispatchEvent(new Event('change'));"""
    driver.execute_script(script, value)


def assert_as_wide_as_a_phone(driver: Chrome) -> None:
    """Also where the scroll bar takes some of the width."""
    phone = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        script = "const it = document.documentElement; return [it.scrollWidth, it.clientWidth]"
        whole, seen = driver.execute_script(script)
        assert whole <= seen < 360
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_what_is_doubted_is_to_check_until_a_person_says_otherwise(
    page: Chrome, tiny: Site
) -> None:
    paper = card(page, "paper.png")
    see(page, f"{paper} [data-part=check]", "To check")
    labels = [
        one.text for one in page.find_elements(By.CSS_SELECTOR, ".filters .filter") if one.text
    ]
    assert labels == ["All 5", "To check 1", "Failed 1"]
    assert_as_wide_as_a_phone(page)
    choose(page, "check")
    assert shown(page) == ["paper.png"]
    choose(page, "failed")
    assert shown(page) == ["broken.jpg"]
    choose(page, "all")

    # The way to the tool that looks here.
    see(page, f"{paper} [data-part=view]").send_keys(Keys.ENTER)
    see(page, ".large-reasons", "Have a look: Hardly anything was found to cut out.")
    see(page, ".large [data-command=look]").click()
    see(page, "dialog.editor[open]")
    assert (
        page.execute_script("return document.querySelector('.editor-tool :checked').value")
        == "look"
    )
    page.back()
    until(page, lambda: not page.find_elements(By.CSS_SELECTOR, "dialog[open]"))

    # A person's mark wins, also after a reload.
    see(page, f"{paper} [data-part=view]").send_keys(Keys.ENTER)
    see(page, ".large [data-command=fine]").click()
    keys(page, Keys.HOME, "c", Keys.ESCAPE)
    see(page, f"{card(page, 'a.png')} [data-part=check]", "To check")
    assert not page.find_element(By.CSS_SELECTOR, f"{paper} [data-part=check]").is_displayed()
    order_by(page, "doubt")
    assert shown(page) == ["a.png", "b.png", "c.png", "paper.png", "broken.jpg"]
    order_by(page, "name")
    assert shown(page) == ["a.png", "b.png", "broken.jpg", "c.png", "paper.png"]
    see(page, "[data-part=kept]", "5 photos are kept")
    page.refresh()
    until(page, lambda: len(states(page)) == 5)
    see(page, ".filters label")
    choose(page, "check")
    until(page, lambda: shown(page) == ["a.png"])
    choose(page, "all")


def test_a_result_is_copied_as_a_png(page: Chrome) -> None:
    page.execute_script("""
      navigator.clipboard.write = async ([item]) => {
        window.copied = await item.getType('image/png');
      };
    """)
    see(page, f"{card(page, 'b.png')} [data-part=view]").send_keys(Keys.ENTER)
    see(page, ".large [data-command=copy]").click()
    see(page, ".large-said", "The picture was copied.")
    assert page.execute_script("return window.copied.type") == "image/png"
    assert page.execute_script("return window.copied.size") > 100
    assert not page.find_element(By.CSS_SELECTOR, ".large [data-command=share]").is_displayed()
    keys(page, Keys.ESCAPE)
