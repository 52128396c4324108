"""The walk of a shop owner: twelve photos become white squares in one ZIP, in few actions."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.finish.panel import complete
from tests.harness.driving import see, states
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

COUNT = 12
#: After the drop, at most.
MOST_ACTIONS = 4


def test_twelve_photos_become_white_squares_in_one_zip(
    chromium: Chrome, tiny: Site, tmp_path: Path, downloads: Path
) -> None:
    for number in range(COUNT):
        picture = np.zeros((60, 80, 4), np.uint8)
        picture[10:50, 20:60] = (number * 20, 90, 60, 255)
        Image.fromarray(picture).save(tmp_path / f"product {number:02}.png")
    chromium.get(tiny.url())
    see(chromium, "[data-part=offer]")
    photos = "\n".join(str(file) for file in sorted(tmp_path.glob("*.png")))
    chromium.find_element(By.ID, "files").send_keys(photos)
    see(chromium, "[data-job]")

    actions = 0
    # What a choice in a list comes to, and a press.
    size = see(chromium, ".finish [name=size]")
    chromium.execute_script(
        "arguments[0].value = 'marketplace';"
        "arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
        size,
    )
    actions += 1
    WebDriverWait(chromium, 90, 0.05).until(lambda _: states(chromium) == ["done"] * COUNT)
    see(chromium, "[data-part=download-all]").click()
    actions += 1
    assert actions <= MOST_ACTIONS

    assert complete(downloads, 1) == [".zip"]
    [archive] = downloads.iterdir()
    with zipfile.ZipFile(BytesIO(archive.read_bytes())) as packed:
        assert packed.testzip() is None
        assert len(packed.namelist()) == COUNT
        for name in packed.namelist():
            with packed.open(name) as file:
                square = Image.open(file)
                square.load()
            assert (square.format, square.size) == ("JPEG", (2000, 2000))
            corners = [square.getpixel(at) for at in ((0, 0), (1999, 0), (0, 1999), (1999, 1999))]
            assert corners == [(255, 255, 255)] * 4
