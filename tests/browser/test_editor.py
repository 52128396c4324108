"""What a person puts right in the editor: with mouse, pen, fingers, keys; and what the file is."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.harness import browsers, tiny_model, tiny_site
from tests.harness.driving import see, states
from tests.harness.site import Site, serving

#: Small enough to be shown pixel by pixel in the window of the tests.
SIZE = (800, 500)
BRIGHT, DARK = (235, 240, 250), (90, 30, 40)
#: Where the model, to which only what is dark is a subject, leaves a hole; and in the subject.
HOLE, SUBJECT = (400, 250), (180, 100)
#: CSS pixels below the photo that the bar takes which says how it is seen (client/editor/stage.js).
FOOT = 56


def saved(folder: Path, name: str, *dark: tuple[int, int, int, int], hole: bool = False) -> Path:
    photo = Image.new("RGB", SIZE, BRIGHT)
    draw = ImageDraw.Draw(photo)
    for box in dark:
        draw.rectangle(box, fill=DARK)
    if hole:
        draw.rectangle((250, 150, 550, 350), fill=BRIGHT)
    path = folder / name
    photo.save(path)
    return path


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("ring"), "ring.png", (80, 40, 720, 460), hole=True)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    blocks = ((40, 100, 280, 400), (520, 100, 760, 400))
    return saved(tmp_path_factory.mktemp("two"), "two.png", *blocks)


@pytest.fixture(scope="module")
def chromium(_chromium_is_here: None, downloads: Path) -> Iterator[Chrome]:
    with browsers.chromium("--window-size=1280,900", downloads=downloads) as driver:
        driver.set_script_timeout(60)
        yield driver


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("decided")
    with serving(tiny_site.app(folder, 0, tiny_model.decided())) as site:
        yield site


class Editor:
    """The editor of a page, and what can be seen of the photo in it."""

    def __init__(self, page: Chrome) -> None:
        self.page = page

    def open(self, index: int = 0) -> None:
        self.page.find_elements(By.CSS_SELECTOR, "[data-part=touch-up]")[index].click()
        self.ready()

    def ready(self) -> None:
        see(self.page, ".editor[open]:not([data-opening]) .editor-stage[aria-busy=false]")

    def is_open(self) -> bool:
        return bool(self.page.find_elements(By.CSS_SELECTOR, ".editor[open]"))

    @property
    def stage(self) -> WebElement:
        return self.page.find_element(By.CSS_SELECTOR, ".editor-stage")

    def tool(self, name: str) -> None:
        inputs = self.page.find_elements(By.CSS_SELECTOR, ".editor-tools input")
        [named] = [one for one in inputs if one.accessible_name == name]
        named.click()

    def button(self, name: str) -> WebElement:
        buttons = self.page.find_elements(By.CSS_SELECTOR, ".editor button")
        [named] = [one for one in buttons if one.is_displayed() and one.accessible_name == name]
        return named

    def is_enabled(self, name: str) -> bool:
        return self.button(name).get_attribute("aria-disabled") == "false"

    def keys(self, *keys: str) -> None:
        ActionChains(self.page).send_keys(*keys).perform()

    def chord(self, *keys: str) -> None:
        chain = ActionChains(self.page)
        for key in keys[:-1]:
            chain.key_down(key)
        chain.send_keys(keys[-1])
        for key in reversed(keys[:-1]):
            chain.key_up(key)
        chain.perform()

    def said(self) -> str:
        status = self.page.find_element(By.CSS_SELECTOR, ".editor-status [role=status]")
        return str(status.get_attribute("textContent"))

    @property
    def corner(self) -> tuple[int, int]:
        """Of the photo on the stage, where it is shown pixel by pixel in the middle."""
        room = self.stage.size
        return (
            round((room["width"] - SIZE[0]) / 2),
            round((room["height"] - FOOT - SIZE[1]) / 2),
        )

    def at(self, point: tuple[int, int]) -> tuple[float, float]:
        """A point of the photo, in the window."""
        script = "const { x, y } = arguments[0].getBoundingClientRect(); return [x, y]"
        left, top = self.page.execute_script(script, self.stage)
        x, y = self.corner
        return left + x + point[0], top + y + point[1]

    def drag(self, *points: tuple[int, int], how: str = "mouse", force: float = 0.5) -> None:
        """Press at the first, move over the others, and let go."""
        for i, point in enumerate([*points, points[-1]]):
            last = len(points)
            kind = "mousePressed" if i == 0 else "mouseReleased" if i == last else "mouseMoved"
            x, y = self.at(point)
            event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            event |= {"buttons": 0 if i == last else 1, "pointerType": how, "force": force}
            self.page.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        command = {"type": kind, "touchPoints": touches}
        self.page.execute_cdp_cmd("Input.dispatchTouchEvent", command)

    def seen(self) -> NDArray[np.int64]:
        """The photo as the stage shows it once all is drawn, height x width x RGBA."""
        self.ready()
        script = "return document.querySelector('.editor-canvas').toDataURL().split(',')[1]"
        shown = Image.open(io.BytesIO(base64.b64decode(self.page.execute_script(script))))
        x, y = self.corner
        return np.asarray(shown.convert("RGBA").crop((x, y, x + SIZE[0], y + SIZE[1]))).astype(int)

    def colour(self, point: tuple[int, int]) -> tuple[int, ...]:
        return tuple(self.seen()[point[1], point[0], :3])

    def settled(self, condition: Any, seconds: float = 20) -> None:
        WebDriverWait(self.page, seconds, 0.05).until(lambda _: condition())

    def shows(self, point: tuple[int, int], colour: tuple[int, int, int]) -> None:
        """Until it does, within what rounding does to a colour."""
        try:
            self.settled(lambda: np.abs(np.subtract(self.colour(point), colour)).max() <= 2)
        except Exception as error:
            raise AssertionError(f"{self.colour(point)} at {point}, not {colour}") from error


WHITE = (255, 255, 255)


def opened(driver: Chrome, site: Site, *photos: Path) -> Editor:
    driver.get(site.url())
    chooser = driver.find_element(By.CSS_SELECTOR, "input[type=file]")
    chooser.send_keys("\n".join(str(photo) for photo in photos))
    WebDriverWait(driver, 60, 0.05).until(lambda page: states(page) == ["done"] * len(photos))
    editor = Editor(driver)
    editor.open()
    # The ground that a file is laid on below to be compared.
    editor.keys("g")
    return editor


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
    editor.settled(lambda: editor.is_enabled("Undo"))
    shown = editor.seen()
    editor.button("Done").click()
    assert not editor.is_open()
    see(chromium, "a[data-part=download]").click()
    path = downloads / "ring-cutout.png"
    WebDriverWait(chromium, 20, 0.05).until(lambda _: path.exists())
    file = np.asarray(Image.open(path)).astype(int)
    assert file[HOLE[1], HOLE[0]].tolist() == [*BRIGHT, 255]
    assert file[SUBJECT[1], SUBJECT[0], 3] == 0
    alpha = file[..., 3:] / 255
    laid = file[..., :3] * alpha + 255 * (1 - alpha)
    # Canvases keep colours multiplied by alpha, in 8 bits.
    assert np.abs(laid - shown[..., :3]).max() <= 2


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
    assert see(chromium, ".editor-scale").text == "200 %"
    editor.keys("-", "-")
    assert see(chromium, ".editor-scale").text == "100 %"


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
    assert see(chromium, ".editor-scale").text == "200 %"
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


def test_a_box_is_looked_at_again(chromium: Chrome, decided: Site, two: Path) -> None:
    editor = opened(chromium, decided, two)
    left, right = (160, 250), (640, 250)
    editor.tool("Look here")
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
    editor.settled(lambda: see(chromium, ".editor-scale").text == "178 %")
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
