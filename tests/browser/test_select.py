"""What a press takes into the cutout and out of it, by mouse and keys; and what the file is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.editing import BRIGHT, DARK, SIZE, WHITE, Editor, opened
from tests.harness import tiny_model, tiny_segmenter, tiny_site
from tests.harness.driving import see, states
from tests.harness.site import Site, serving

BLUE = (20, 40, 110)
LEFT, RIGHT = (160, 250), (640, 250)
#: What is not in the cutout, below it, while one selects (client/editor/surface.js).
FAINT = (205, 187, 190)
ALT = 1  # as the browser's own protocol has it
READY = ".editor-modes:not([data-waits])"


@pytest.fixture(scope="module")
def selecting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a model that selects, where photos are kept on the device."""
    folder = tmp_path_factory.mktemp("selecting")
    with serving(tiny_site.app(folder, 0, tiny_model.decided(), keep="days")) as site:
        tiny_segmenter.offer(site)
        yield site


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    photo = Image.new("RGB", SIZE, BRIGHT)
    draw = ImageDraw.Draw(photo)
    draw.rectangle((40, 100, 280, 400), fill=DARK)
    draw.rectangle((520, 100, 760, 400), fill=BLUE)
    path = tmp_path_factory.mktemp("two") / "two.png"
    photo.save(path)
    return path


def mouse(editor: Editor, kind: str, point: tuple[int, int], keys: int = 0) -> None:
    x, y = editor.at(point)
    event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1, "modifiers": keys}
    event |= {"button": "none", "clickCount": 0} if kind == "mouseMoved" else {}
    editor.page.execute_cdp_cmd("Input.dispatchMouseEvent", event)


def press(editor: Editor, point: tuple[int, int], keys: int = 0) -> None:
    for kind in ("mousePressed", "mouseReleased"):
        mouse(editor, kind, point, keys)


def tint(editor: Editor, point: tuple[int, int]) -> tuple[int, ...]:
    """What is drawn over a point of the photo, RGBA."""
    script = """
      const context = document.querySelectorAll('.editor-canvas')[1].getContext('2d');
      return [...context.getImageData(arguments[0], arguments[1], 1, 1).data];
    """
    x, y = editor.corner
    return tuple(editor.page.execute_script(script, x + point[0], y + point[1]))


def is_out(editor: Editor, point: tuple[int, int]) -> None:
    """With another tool, which does not show what is not in the cutout; then back."""
    editor.keys("b")
    editor.shows(point, WHITE)
    editor.keys("w")


def test_a_press_takes_in_and_out_and_the_file_is_what_was_seen_and_kept(
    chromium: Chrome, selecting: Site, two: Path, downloads: Path
) -> None:
    editor = opened(chromium, selecting, two)
    editor.shows(RIGHT, BLUE)
    editor.keys("w")
    # Nothing is fetched before somebody says yes.
    see(chromium, ".editor-panel .editor-hint", tiny_segmenter.TITLE)
    see(chromium, ".editor-panel .button", "Download").click()
    see(chromium, READY)
    mouse(editor, "mouseMoved", RIGHT)
    editor.settled(lambda: tint(editor, (560, 300))[1] > 150)
    assert tint(editor, LEFT)[3] == 0
    mouse(editor, "mouseMoved", (RIGHT[0] + 1, RIGHT[1]), ALT)
    editor.settled(lambda: tint(editor, (560, 300))[0] > 150)
    assert not editor.is_enabled("Undo")
    press(editor, RIGHT, ALT)
    editor.settled(lambda: editor.said().startswith("Taken away"))
    is_out(editor, RIGHT)
    editor.shows(LEFT, DARK)
    press(editor, RIGHT)
    editor.shows(RIGHT, BLUE)
    editor.chord(Keys.CONTROL, "z")
    is_out(editor, RIGHT)
    # A box, of which nothing but what is in it is left.
    see(chromium, ".editor-mode", "Only this").click()
    editor.drag((510, 80), (600, 200), (775, 420))
    editor.shows(RIGHT, BLUE)
    is_out(editor, LEFT)
    editor.keys("b")
    shown = editor.seen()
    editor.button("Done").click()
    see(chromium, "a[data-part=download]").click()
    path = downloads / "two-cutout.png"
    WebDriverWait(chromium, 60, 0.05).until(lambda _: path.exists())
    file = np.asarray(Image.open(path)).astype(int)
    assert file[RIGHT[1], RIGHT[0]].tolist() == [*BLUE, 255]
    assert file[LEFT[1], LEFT[0], 3] == 0
    alpha = file[..., 3:] / 255
    # Canvases keep colours multiplied by alpha, in 8 bits.
    assert np.abs(file[..., :3] * alpha + 255 * (1 - alpha) - shown[..., :3]).max() <= 2
    see(chromium, ".kept", "1 photo is kept")
    chromium.refresh()
    WebDriverWait(chromium, 60, 0.05).until(lambda page: states(page) == ["done"])
    editor.open()
    editor.keys("g")
    editor.shows(LEFT, WHITE)
    editor.settled(lambda: editor.is_enabled("Undo"))
    editor.chord(Keys.CONTROL, "z")
    editor.shows(LEFT, DARK)
    with_the_keyboard_alone(editor)


def with_the_keyboard_alone(editor: Editor) -> None:
    editor.keys("w")
    # The model is here by now: nobody is asked.
    see(editor.page, READY)
    editor.keys(Keys.ARROW_UP)
    for _ in range(30):
        place = re.match(r"(\d+) from the left, (\d+) from", editor.said())
        if place and int(place[1]) < 260 and 110 < int(place[2]) < 390:
            break
        editor.chord(Keys.SHIFT, Keys.ARROW_LEFT)
    editor.chord(Keys.ALT, Keys.ENTER)
    editor.settled(lambda: editor.said().startswith("Taken away"))
    editor.shows(LEFT, FAINT)
    editor.keys(Keys.ENTER)
    editor.shows(LEFT, DARK)
