"""The same smoke test in WebKit, Safari's engine."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser import browsers
from tests.browser.conftest import PHOTOS, reference, upright_rgb
from tests.browser.driving import call, cut_out
from tests.browser.site import Site


@pytest.fixture(scope="module")
def safari(webkit_is_here: None, site: Site) -> Iterator[WebDriver]:
    with browsers.webkit() as driver:
        driver.set_script_timeout(150)
        driver.get(site.url())
        yield driver


@pytest.mark.parametrize("name", ["chelsea.png", "astronaut-sideways.jpg", "rocket.webp"])
def test_cutout_equals_the_reference(safari: WebDriver, name: str) -> None:
    original = upright_rgb(name)

    result = cut_out(safari, PHOTOS / name)

    rgba = result.rgba()
    assert rgba.shape == (*original.shape[:2], 4)
    assert np.abs(result.grey() - reference(name)).mean() <= 2
    # WebKit's decoders round differently from Pillow's: no pixel is far off.
    difference = np.abs(rgba[..., :3] - original)
    assert difference.mean() <= 1
    assert np.array_equal(rgba[..., 3], result.grey())


def test_threads_and_isolation(safari: WebDriver) -> None:
    report = cut_out(safari, PHOTOS / "chelsea.png", threads=2).report

    assert report["isolated"] is True
    assert report["threads"] == {"asked": 2, "got": 2}


def test_second_visit_works_although_automation_forgets_what_is_stored(
    safari: WebDriver, site: Site
) -> None:
    """Under automation WebKit's Cache Storage is emptied by a reload, at times in mid-use."""
    call(safari, "preload")
    safari.get(site.url())

    report = cut_out(safari, PHOTOS / "chelsea.png").report

    assert report["backend"] == "wasm"
