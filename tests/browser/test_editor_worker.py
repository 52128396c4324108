"""The editor's worker in a browser: an opened document, drawn on and looked at, is its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.remote.webdriver import WebDriver

from tests.harness.site import Site

SCRIPT = (Path(__file__).parent / "editor_worker.js").read_text()


def ask(browser: WebDriver, site: Site, task: str) -> Any:
    browser.get(site.url())
    return browser.execute_async_script(SCRIPT, task)


def test_what_is_drawn_is_what_the_file_holds(chromium: Chrome, tiny: Site) -> None:
    assert_same(ask(chromium, tiny, "file"))


def assert_same(found: Any) -> None:
    assert found == {"edits": 3, "done": 3, "wrongAlpha": 0, "farthest": found["farthest"]}
    # Pictures and canvases hold colours times alpha, each rounded; WebKit rounds once more.
    assert found["farthest"] < 2


def test_ended_it_answers_nothing_more(chromium: Chrome, tiny: Site) -> None:
    assert ask(chromium, tiny, "end") == {"open": "cancelled", "after": "cancelled"}


def test_a_photo_that_cannot_be_opened_is_told_so(chromium: Chrome, tiny: Site) -> None:
    assert ask(chromium, tiny, "broken") == "corrupt-image"


def test_an_opening_that_is_given_up_ends_the_worker(chromium: Chrome, tiny: Site) -> None:
    assert ask(chromium, tiny, "abort") == "cancelled"
