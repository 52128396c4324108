"""A browser decodes all of a picture that it shows: a card has a large photo at its own size."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver import Chrome

from tests.browser.finish.panel import until
from tests.harness.driving import states
from tests.harness.site import Held, Site

SHOWN = """
const before = document.querySelector('[data-job] .compare-before');
if (!before || (before instanceof HTMLImageElement && !before.naturalWidth)) return null;
const { width, height } = before.getBoundingClientRect();
return {
  kind: before.localName,
  name: before.getAttribute('aria-label') ?? before.alt,
  size: [before.naturalWidth ?? before.width, before.naturalHeight ?? before.height],
  ratio: width / height,
};
"""

COUNTED = """
globalThis.reducedHere = 0;
const make = createImageBitmap;
globalThis.createImageBitmap = (...call) => { reducedHere += 1; return make(...call); };
"""
"""A browser makes a picture smaller on the thread that asks for it: not on the page's."""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """9 megapixels, larger than a thumbnail is worth while; to be turned by a quarter."""
    file = tmp_path / "large.jpg"
    exif = Image.Exif()
    exif[274] = 6
    large = Image.effect_noise((3600, 2400), 60).convert("RGB")
    large.save(file, quality=80, exif=exif)
    assert file.stat().st_size > 2_000_000
    return file


def test_before_and_after_it_is_cut_out(page: Chrome, tiny: Site, photo: Path) -> None:
    held = Held(through=0)
    tiny.faults["/models/"] = held
    page.execute_script(COUNTED)
    try:
        page.find_element("id", "files").send_keys(str(photo))
        until(page, lambda: page.execute_script(SHOWN))
        waiting = page.execute_script(SHOWN)
        assert states(page) != ["done"]
        assert waiting["kind"] == "canvas"
        assert photo.name in waiting["name"]
        assert page.execute_script("return reducedHere") == 0
    finally:
        held.released.set()
        tiny.faults.clear()
    until(page, lambda: states(page) == ["done"], 90)
    until(page, lambda: page.execute_script(SHOWN)["kind"] == "img")
    settled = page.execute_script(SHOWN)
    assert settled["name"] == waiting["name"]
    for shown in (waiting, settled):
        width, height = shown["size"]
        assert max(width, height) <= 2400
        assert width * height < 9e6 / 2
        assert abs(width / height - 2 / 3) < 0.01
