"""Every word of the page is a message: the pseudo-locale has each in brackets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tests.harness import browsers, tiny_site
from tests.harness.driving import states, unfold
from tests.harness.photos import PHOTOS
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

SCRIPT = (Path(__file__).parent / "messages.js").read_text()
# What is called so in every language: files, formats, units, models, licences, addresses.
NAMES = (
    *("Mattebox", "Tiny", "Apache-2.0", "chelsea.png", "PNG", "WebP", "AVIF", "JPEG", "webgpu"),
    *("MB", "kB", "GB", "ms", "min", "GFLOP", "AM", "PM", "ONNX", "Runtime", "Web", "wasm", "auto"),
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with tiny_site.hurried(tmp_path_factory.mktemp("store"), 300_000) as running:
        yield running


@pytest.fixture(scope="module")
def page(_chromium_is_here: None, site: Site) -> Iterator[Chrome]:
    with browsers.chromium("--window-size=1280,900") as driver:
        driver.get(f"{site.url()}?lang=en-XA")
        yield driver


def unsaid(page: Chrome) -> list[str]:
    return list(page.execute_script(SCRIPT, list(NAMES)))


def until(page: Chrome, selector: str) -> None:
    WebDriverWait(page, 60, 0.05).until(
        lambda one: "⟦" in one.find_element(By.CSS_SELECTOR, selector).text
    )


def press(page: Chrome, selector: str) -> None:
    page.execute_script("document.querySelector(arguments[0]).click()", selector)


def test_the_page_says_nothing_but_messages(page: Chrome, tmp_path: Path) -> None:
    until(page, "[data-part=offer]")
    press(page, ".promise summary")
    until(page, "[data-part=claim]")
    assert unsaid(page) == []
    assert page.execute_script("return document.documentElement.lang") == "en-XA"

    until(page, "[data-part=runs-chosen]")
    press(page, "[data-part=runs] summary")
    until(page, "[data-part=runs] [data-part=line]")
    assert unsaid(page) == []

    files = page.find_element(By.CSS_SELECTOR, "input[type=file]")
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    files.send_keys(f"{PHOTOS / 'chelsea.png'}\n{broken}\n{Path(__file__)}")
    WebDriverWait(page, 90, 0.05).until(lambda one: states(one) == ["done", "failed"])
    unfold(page, "how")
    until(page, "[data-part=report]")
    press(page, "[data-part=more]")
    for kind in ("colour", "gradient", "image", "blur"):
        press(page, f"[name=background][value={kind}]")
        assert unsaid(page) == []
    for size, kind in (("custom", "webp"), ("id-photo", "avif"), ("original", "matte")):
        page.execute_script(
            """for (const [name, value] of Object.entries(arguments[0])) {
              const control = document.querySelector(`[name=${name}]`);
              control.value = value;
              control.dispatchEvent(new Event('input', { bubbles: true }));
            }""",
            {"size": size, "format": kind},
        )
        assert unsaid(page) == []

    press(page, "[data-part=open-stored]")
    until(page, "dialog[data-part=stored] .stored-file")
    assert unsaid(page) == []
    press(page, "dialog[data-part=stored] [data-part=close]")

    press(page, "[data-part=open-diagnostics]")
    until(page, ".diagnostics [data-part=facts]")
    press(page, ".diagnostics tbody button")
    assert unsaid(page) == []


def test_english_is_seen_where_it_is_no_message(page: Chrome) -> None:
    page.execute_script("document.querySelector('main').append('Not translated')")
    assert any("Not translated" in one for one in unsaid(page))


def test_a_language_that_nobody_knows_is_english(page: Chrome, site: Site) -> None:
    page.get(f"{site.url()}?lang=tlh")
    heading = page.find_element(By.ID, "dropzone-title")
    assert heading.text == "Remove the background"
    assert page.execute_script("return document.documentElement.lang") == "en"


def test_a_language_is_chosen_in_the_page_and_remembered(page: Chrome, site: Site) -> None:
    page.get(f"{site.url()}?lang=de")
    until_said(page, "#dropzone-title", "Hintergrund entfernen")
    WebDriverWait(page, 60, 0.05).until(
        lambda one: one.find_elements(By.CSS_SELECTOR, "#language option[value=ar]")
    )
    assert page.find_element(By.CSS_SELECTOR, "#language").get_attribute("value") == "de"
    Select(page.find_element(By.CSS_SELECTOR, "#language")).select_by_value("ar")
    until_said(page, "#dropzone-title", "إزالة الخلفية")
    root = page.find_element(By.TAG_NAME, "html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("ar", "rtl")
    assert "lang=" not in page.current_url
    manifest = page.find_element(By.CSS_SELECTOR, "link[rel=manifest]").get_attribute("href")
    assert (manifest or "").endswith("/manifest.ar.webmanifest")


def until_said(page: Chrome, selector: str, words: str) -> None:
    WebDriverWait(page, 60, 0.05).until(
        lambda one: (
            [found.text for found in one.find_elements(By.CSS_SELECTOR, selector)] == [words]
        )
    )
