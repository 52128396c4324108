"""A photo whose subject is known, cut out in a page with the Finish panel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome

from tests.browser.finish.panel import HEIGHT, WIDTH, cut_out, start_over
from tests.harness.driving import states
from tests.harness.site import Site


@pytest.fixture(scope="module")
def badge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture that is cut out already, so that it is known where its subject is."""
    file = tmp_path_factory.mktemp("photos") / 'so "called" 50% #1 \N{PEAR}.png'
    noise = np.random.default_rng(5).integers(0, 255, (HEIGHT // 8, WIDTH // 8, 3), np.uint8)
    photo = Image.fromarray(noise).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    alpha = np.zeros((HEIGHT, WIDTH), np.uint8)
    alpha[80:240, 60:180] = 255
    photo.putalpha(Image.fromarray(alpha))
    photo.save(file)
    return file


@pytest.fixture
def page(chromium: Chrome, tiny: Site) -> Chrome:
    """The page as at a first visit."""
    tiny.faults.clear()
    # From a page that uses nothing: what is cleared behind a page's back it may write again.
    chromium.get(tiny.url("/healthz"))
    chromium.execute_script("localStorage.clear()")
    chromium.get(tiny.url())
    return chromium


@pytest.fixture
def done(chromium: Chrome, badge: Path, request: pytest.FixtureRequest) -> Chrome:
    """The page with that photo, cut out as it is at first."""
    return with_photo(chromium, badge, request)


@pytest.fixture(scope="module")
def unsure(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of which the model is nowhere sure."""
    file = tmp_path_factory.mktemp("unsure") / "soft.png"
    noise = np.random.default_rng(6).integers(0, 255, (HEIGHT // 8, WIDTH // 8, 3), np.uint8)
    photo = Image.fromarray(noise).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    photo.save(file)
    return file


@pytest.fixture
def soft(chromium: Chrome, unsure: Path, request: pytest.FixtureRequest) -> Chrome:
    """The page with that photo."""
    return with_photo(chromium, unsure, request)


def with_photo(driver: Chrome, photo: Path, request: pytest.FixtureRequest) -> Chrome:
    """The page that the test before has left, if all it did to this photo was finish it."""
    whose = "return [window.photo, document.querySelectorAll('[role=alert]').length]"
    if driver.execute_script(whose) == [str(photo), 0] and states(driver) == ["done"]:
        start_over(driver)
        return driver
    request.getfixturevalue("page")
    cut_out(driver, photo)
    driver.execute_script("window.photo = arguments[0]", str(photo))
    return driver
