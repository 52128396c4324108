"""The editor, worked as a person does, and what can be seen of the photo in it."""

from __future__ import annotations

import base64
import io
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from tests.harness.driving import states
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

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


class Editor:
    """The editor of a page, and what can be seen of the photo in it."""

    def __init__(self, page: WebDriver) -> None:
        self.page = page

    def open(self, index: int = 0) -> None:
        # Of photos that come back, cards are made a moment after their states are known.
        buttons = (By.CSS_SELECTOR, "[data-part=touch-up]")
        self.settled(lambda: len(self.page.find_elements(*buttons)) > index)
        self.page.find_elements(*buttons)[index].click()
        self.ready()

    def ready(self) -> None:
        try:
            self.settled(lambda: self.page.execute_script(f"return Boolean({STAGE_AT_REST})"))
        except TimeoutException as error:
            raise AssertionError(self.page.execute_script(STANDING)) from error

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
        # Asking the driver for the name of every button takes longer than what is waited for.
        script = """
          const says = (one) => one.ariaLabel ?? one.textContent;
          return [...document.querySelectorAll('.editor button')]
            .filter((one) => one.checkVisibility() && says(one).trim().includes(arguments[0]));
        """
        buttons = self.page.execute_script(script, name)
        [named] = [one for one in buttons if one.accessible_name == name]
        assert named.is_displayed()
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

    def draw(self, *points: tuple[int, int]) -> None:
        """The same by WebDriver's own actions, which every engine knows."""
        actions = ActionBuilder(self.page)
        mouse = actions.pointer_action
        for i, point in enumerate(points):
            mouse.move_to_location(*map(round, self.at(point)))
            if i == 0:
                mouse.pointer_down()
        mouse.pointer_up()
        actions.perform()

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

    def colour(self, point: tuple[int, int]) -> tuple[int, ...] | None:
        """Of one point of what `seen` gives, or None before all is drawn: a picture takes long."""
        script = f"""
          const stage = {STAGE_AT_REST};
          if (!stage) return null;
          const box = stage.getBoundingClientRect();
          const [x, y, width, height, foot] = arguments;
          const [left, top] = [(box.width - width) / 2, (box.height - foot - height) / 2];
          const context = document.querySelector('.editor-canvas').getContext('2d');
          return [...context.getImageData(Math.round(left) + x, Math.round(top) + y, 1, 1).data];
        """
        found = self.page.execute_script(script, *point, *SIZE, FOOT)
        return found and tuple(found[:3])

    def settled(self, condition: Any, seconds: float = 60) -> None:
        WebDriverWait(self.page, seconds, 0.05).until(lambda _: condition())

    def shows(self, point: tuple[int, int], colour: tuple[int, int, int]) -> None:
        """Until it does, within what rounding does to a colour."""
        try:
            self.settled(lambda: is_near(self.colour(point), colour))
        except Exception as error:
            raise AssertionError(f"{self.colour(point)} at {point}, not {colour}") from error


def is_near(found: tuple[int, ...] | None, colour: tuple[int, int, int]) -> bool:
    return found is not None and bool(np.abs(np.subtract(found, colour)).max() <= 2)


WHITE = (255, 255, 255)
#: An expression for the editor's stage, if it is open and all is drawn.
STAGE_AT_REST = """
  [...document.querySelectorAll(
    '.editor[open]:not([data-opening]) .editor-stage[aria-busy=false]',
  )].find((stage) => stage.checkVisibility())
"""


#: What is there instead: of the dialog, of its stage, and what the page says.
STANDING = """
  const tag = (one) => one?.outerHTML.slice(0, one.outerHTML.indexOf('>') + 1);
  return [
    tag(document.querySelector('.editor')), tag(document.querySelector('.editor-stage')),
    ...[...document.querySelectorAll('.notice')].map((notice) => notice.textContent),
  ];
"""


def opened(driver: WebDriver, site: Site, *photos: Path) -> Editor:
    """The editor with the first of these photos, as at first, in the page that a test has left."""
    editor = Editor(driver)
    if not _is_left(editor, site):
        driver.get(site.url())
        driver.execute_script("window.editing = arguments[0]", site.url())
    chooser = driver.find_element(By.CSS_SELECTOR, "input[type=file]")
    chooser.send_keys("\n".join(str(photo) for photo in photos))
    WebDriverWait(driver, 90, 0.05).until(lambda page: states(page) == ["done"] * len(photos))
    editor.open()
    # The tool it begins with, and the ground that a file is laid on below to be compared.
    driver.execute_script("""
      for (const value of ['restore', 'white']) {
        document.querySelector(`.editor input[value=${value}]`).click();
      }
    """)
    return editor


def _is_left(editor: Editor, site: Site) -> bool:
    """Whether a page of this site is here, which then has no photos any more."""
    if editor.page.execute_script("return window.editing") != site.url():
        return False
    with suppress(WebDriverException):
        if editor.is_open():
            editor.button("Done").click()
            editor.settled(lambda: not editor.is_open(), 10)
        editor.page.execute_script("document.querySelector('[data-part=restart]').click()")
        editor.settled(lambda: states(editor.page) == [], 10)
        # What offers to bring them back lies over the page for a while.
        toast = "document.querySelector('[data-part=toast]').style.pointerEvents = 'none'"
        editor.page.execute_script(toast)
        return True
    return False
