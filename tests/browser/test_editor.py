"""What a person puts right in the editor: with mouse, pen, fingers, keys; and what the file is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By

from tests.browser.editing import BRIGHT, DARK, HOLE, SUBJECT, WHITE, opened, saved
from tests.browser.test_choose import would_ask
from tests.harness import tiny_model, tiny_site
from tests.harness.driving import see, states
from tests.harness.site import Site, serving
from tests.harness.waiting import WebDriverWait


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("ring"), "ring.png", (80, 40, 720, 460), hole=True)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    blocks = ((40, 100, 280, 400), (520, 100, 760, 400))
    return saved(tmp_path_factory.mktemp("two"), "two.png", *blocks)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("decided")
    with serving(tiny_site.app(folder, 0, tiny_model.decided())) as site:
        yield site


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same, and photos are kept on the device."""
    folder = tmp_path_factory.mktemp("keeping")
    with serving(tiny_site.app(folder, 0, tiny_model.decided(), keep="days")) as site:
        yield site


def test_what_was_done_is_undone_and_done_again(
    chromium: Chrome, decided: Site, ring: Path
) -> None:
    editor = opened(chromium, decided, ring)
    editor.shows(SUBJECT, DARK)
    assert not editor.is_enabled("Undo")
    editor.keys("e")
    editor.drag((140, 100), (220, 100))
    editor.shows(SUBJECT, WHITE)
    editor.settled(lambda: editor.is_enabled("Undo"))
    editor.chord(Keys.CONTROL, "z")
    editor.shows(SUBJECT, DARK)
    editor.chord(Keys.CONTROL, Keys.SHIFT, "z")
    editor.shows(SUBJECT, WHITE)
    editor.button("Reset").click()
    editor.shows(SUBJECT, DARK)
    editor.chord(Keys.CONTROL, "z")
    editor.shows(SUBJECT, WHITE)
    editor.chord(Keys.CONTROL, "z")
    editor.shows(SUBJECT, DARK)
    editor.chord(Keys.CONTROL, "y")
    editor.shows(SUBJECT, WHITE)


def test_edits_are_there_again_and_another_photo_is_a_key_away(
    chromium: Chrome, decided: Site, ring: Path, two: Path
) -> None:
    editor = opened(chromium, decided, ring, two)
    address = chromium.current_url
    editor.keys("e")
    editor.drag((140, 100), (220, 100))
    editor.shows(SUBJECT, WHITE)
    editor.keys(Keys.PAGE_DOWN)
    editor.ready()
    assert chromium.current_url != address
    editor.shows((400, 250), WHITE)
    editor.shows((160, 250), DARK)
    editor.keys(Keys.PAGE_UP)
    editor.ready()
    editor.shows(SUBJECT, WHITE)
    assert editor.is_enabled("Undo")
    chromium.back()
    editor.settled(lambda: not editor.is_open())
    assert chromium.switch_to.active_element.accessible_name == "Touch up ring.png"
    chromium.forward()
    editor.ready()
    assert chromium.current_url == address
    editor.shows(SUBJECT, WHITE)


def test_with_the_keyboard_alone(chromium: Chrome, decided: Site, ring: Path) -> None:
    editor = opened(chromium, decided, ring)
    editor.keys(Keys.ESCAPE)
    assert not editor.is_open()
    compare = see(chromium, "[data-job] .compare").find_element(By.CSS_SELECTOR, "input")
    compare.send_keys(Keys.ENTER)
    editor.ready()
    assert chromium.switch_to.active_element == editor.stage
    # From the middle to the left, into the subject, and from there upwards in a straight line.
    editor.keys("e", *[Keys.ARROW_LEFT] * 22, Keys.ENTER)
    editor.shows((180, 250), WHITE)
    editor.keys(*[Keys.ARROW_UP] * 16)
    editor.chord(Keys.SHIFT, Keys.ENTER)
    editor.shows((180, 170), WHITE)
    editor.keys("?")
    help_sheet = see(chromium, ".editor-help", "Restore")
    editor.keys(Keys.ESCAPE)
    editor.settled(lambda: not help_sheet.is_displayed())
    assert editor.is_open()
    editor.keys("2")
    assert see(chromium, ".editor-scale").text == "200%"
    editor.keys("-", "-")
    assert see(chromium, ".editor-scale").text == "100%"


def test_a_finger_paints_and_two_of_them_zoom(chromium: Chrome, decided: Site, ring: Path) -> None:
    editor = opened(chromium, decided, ring)
    editor.tool("Erase")
    editor.touch("touchStart", editor.at((140, 100)))
    editor.touch("touchMove", editor.at((180, 100)))
    editor.touch("touchMove", editor.at((220, 100)))
    editor.touch("touchEnd")
    editor.shows(SUBJECT, WHITE)
    editor.settled(lambda: editor.is_enabled("Undo"))
    editor.chord(Keys.CONTROL, "z")
    editor.shows(SUBJECT, DARK)
    x, y = editor.at(HOLE)
    editor.touch("touchStart", (x - 50, y))
    editor.touch("touchStart", (x - 50, y), (x + 50, y))
    editor.touch("touchMove", (x - 100, y), (x + 100, y))
    editor.touch("touchEnd")
    assert see(chromium, ".editor-scale").text == "200%"
    # The first finger was not meant to paint.
    editor.keys("0")
    editor.shows(SUBJECT, DARK)
    assert not editor.is_enabled("Undo")


def test_a_pen_that_is_pressed_lightly_paints_a_thin_line(
    chromium: Chrome, decided: Site, ring: Path
) -> None:
    editor = opened(chromium, decided, ring)
    editor.tool("Erase")
    editor.drag((120, 100), (400, 100), (680, 100), how="pen", force=0.25)
    editor.shows((400, 100), WHITE)
    light = int((editor.seen()[40:160, 400, 0] > 200).sum())
    editor.chord(Keys.CONTROL, "z")
    editor.shows((400, 100), DARK)
    editor.drag((120, 100), (400, 100), (680, 100), how="pen", force=1)
    editor.shows((400, 100), WHITE)
    full = int((editor.seen()[40:160, 400, 0] > 200).sum())
    assert 0.15 * full < light < 0.55 * full


def test_a_part_goes_and_comes_back(chromium: Chrome, decided: Site, two: Path) -> None:
    editor = opened(chromium, decided, two)
    editor.tool("Parts")
    editor.settled(lambda: len(chromium.find_elements(By.CSS_SELECTOR, ".editor-parts li")) == 2)
    left, right = (160, 250), (640, 250)
    editor.shows(left, DARK)
    editor.drag(right)
    editor.shows(right, WHITE)
    editor.shows(left, DARK)
    ticks = chromium.find_elements(By.CSS_SELECTOR, ".editor-parts input")
    editor.settled(lambda: sorted(tick.is_selected() for tick in ticks) == [False, True])
    [gone] = [tick for tick in ticks if not tick.is_selected()]
    gone.send_keys(Keys.SPACE)
    editor.shows(right, DARK)
    # They are there when the editor is opened with this tool once more.
    editor.button("Done").click()
    editor.open()
    editor.settled(lambda: len(chromium.find_elements(By.CSS_SELECTOR, ".editor-parts li")) == 2)


def test_a_box_is_looked_at_again(chromium: Chrome, decided: Site, two: Path) -> None:
    editor = opened(chromium, decided, two)
    left, right = (160, 250), (640, 250)
    # Nobody installed a model that selects by a press: there is no such tool, and it is said here.
    editor.keys("w")
    assert not chromium.find_element(By.CSS_SELECTOR, "label:has([value=select])").is_displayed()
    editor.tool("Look here")
    see(chromium, ".editor-panel .editor-hint", "can install a model")
    only = see(chromium, ".editor-panel label", "Only this")
    only.click()
    editor.drag((10, 60), (200, 300), (330, 440))
    editor.shows(right, WHITE)
    editor.shows(left, DARK)
    editor.chord(Keys.CONTROL, "z")
    editor.shows(right, DARK)
    # Where nothing stands out it is told, and nothing is lost.
    editor.drag((350, 20), (400, 50), (450, 80))
    see(chromium, ".editor-panel [role=alert]", "Nothing stands out")
    assert not editor.is_enabled("Undo")
    # By keys: a box from nothing, moved and resized, is read out.
    editor.keys(Keys.ESCAPE, Keys.ARROW_LEFT)
    assert ", 200 from the left" in editor.said()
    editor.keys(Keys.ARROW_LEFT)
    editor.chord(Keys.SHIFT, Keys.ARROW_RIGHT)
    assert ", 192 from the left" in editor.said()
    assert editor.said().startswith("408")


def test_the_wheel_zooms_where_it_is_and_space_moves(
    chromium: Chrome, decided: Site, ring: Path
) -> None:
    editor = opened(chromium, decided, ring)
    outside, inside = (60, 20), (190, 150)
    editor.shows(inside, DARK)
    # At the corner of the subject, which stays between them.
    x, y = editor.at((80, 40))
    for _ in range(3):
        wheel = {"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": -120}
        chromium.execute_cdp_cmd("Input.dispatchMouseEvent", wheel)
    editor.settled(lambda: see(chromium, ".editor-scale").text == "178%")
    editor.shows(outside, WHITE)
    editor.shows(inside, DARK)
    chain = ActionChains(chromium).key_down(" ").move_to_element(editor.stage).click_and_hold()
    chain.move_by_offset(150, 110).release().key_up(" ").perform()
    editor.shows(inside, WHITE)
    assert not editor.is_enabled("Undo")


@pytest.mark.parametrize(("width", "height"), [(360, 740), (640, 360)])
def test_fits_a_phone(
    chromium: Chrome, decided: Site, ring: Path, two: Path, width: int, height: int
) -> None:
    editor = opened(chromium, decided, ring, two)
    metrics = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        editor.button("Options").click()
        see(chromium, ".editor-panel")
        script = """
          const all = '.editor :is(button, label:has(input[type=radio]))';
          return [...document.querySelectorAll(all)]
            .filter((one) => one.checkVisibility() && !one.closest('.editor-strip'))
            .map((one) => [one, one.getBoundingClientRect()])
            .map(([one, box]) => [one.outerHTML, box.left, box.top, box.right, box.bottom]);
        """
        targets = chromium.execute_script(script)
        assert len(targets) > 10
        for name, left, top, right, bottom in targets:
            assert (left >= 0, top >= 0, right <= width, bottom <= height) == (True,) * 4, name
            assert (right - left >= 43.5, bottom - top >= 43.5) == (True, True), name
        editor.keys(Keys.ESCAPE)
        editor.settled(
            lambda: not chromium.find_element(By.CSS_SELECTOR, ".editor-panel").is_displayed()
        )
        assert editor.is_open()
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_hole_is_filled_and_the_file_is_what_was_seen(
    chromium: Chrome, decided: Site, ring: Path, downloads: Path
) -> None:
    editor = opened(chromium, decided, ring)
    editor.shows(HOLE, WHITE)
    editor.tool("Restore")
    editor.keys(*"]]]]]]")
    editor.drag((300, 210), (500, 210), (500, 290), (300, 290))
    editor.shows(HOLE, BRIGHT)
    editor.tool("Erase")
    editor.drag((140, 80), (240, 120))
    editor.shows(SUBJECT, WHITE)
    # As its worker has it: a stroke is shown ahead of that, with coarser edges.
    editor.chord(Keys.CONTROL, "z")
    editor.shows(SUBJECT, DARK)
    editor.chord(Keys.CONTROL, Keys.SHIFT, "z")
    editor.shows(SUBJECT, WHITE)
    shown = editor.seen()
    editor.button("Done").click()
    assert not editor.is_open()
    see(chromium, "a[data-part=download]").click()
    path = downloads / "ring-cutout.png"
    WebDriverWait(chromium, 60, 0.05).until(lambda _: path.exists())
    file = np.asarray(Image.open(path)).astype(int)
    assert file[HOLE[1], HOLE[0]].tolist() == [*BRIGHT, 255]
    assert file[SUBJECT[1], SUBJECT[0], 3] == 0
    alpha = file[..., 3:] / 255
    laid = file[..., :3] * alpha + 255 * (1 - alpha)
    # Canvases keep colours multiplied by alpha, in 8 bits.
    assert np.abs(laid - shown[..., :3]).max() <= 2


def test_what_was_edited_is_there_after_a_reload(
    chromium: Chrome, keeping: Site, ring: Path
) -> None:
    editor = opened(chromium, keeping, ring)
    editor.keys("e")
    editor.drag((140, 100), (220, 100))
    editor.shows(SUBJECT, WHITE)
    editor.settled(lambda: editor.is_enabled("Undo"))
    editor.button("Done").click()
    see(chromium, "a[data-part=download][href]")
    see(chromium, ".kept", "1 photo is kept")
    # As it is now.
    editor.settled(lambda: not would_ask(chromium))
    chromium.refresh()
    WebDriverWait(chromium, 60, 0.05).until(lambda page: states(page) == ["done"])
    editor.open()
    editor.keys("g")
    editor.shows(SUBJECT, WHITE)
    editor.settled(lambda: editor.is_enabled("Undo"))
    editor.chord(Keys.CONTROL, "z")
    editor.shows(SUBJECT, DARK)
