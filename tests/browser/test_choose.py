"""What a person does with some of the photos, and takes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.harness import tiny_model, tiny_site
from tests.harness.driving import see, states
from tests.harness.made_models import add_model
from tests.harness.site import Site, serving
from tests.harness.waiting import WebDriverWait

#: Timers that end a toast wait in `window.ends` for the test to let their time pass.
TIMERS = """
window.ends = new Map();
const [wait, clear] = [setTimeout, clearTimeout];
window.setTimeout = (work, ms, ...rest) => {
  if (!(ms > 8000 && ms <= 10000)) return wait(work, ms, ...rest);
  const id = 1e9 + window.ends.size + Math.random();
  window.ends.set(id, work);
  return id;
};
window.clearTimeout = (id) => window.ends.delete(id) || clear(id);
"""


#: In the middle of the screen, once it stands still.
MIDDLE = """
const [box, done] = arguments;
box.scrollIntoView({ block: 'center', behavior: 'instant' });
let before = null;
const look = () => {
  const { x, y, width, height } = box.getBoundingClientRect();
  if (before === y) done({ x: x + width / 2, y: y + height / 2 });
  else requestAnimationFrame(look);
  before = y;
};
look();
"""


@pytest.fixture(scope="module")
def chromium(chromium: Chrome) -> Chrome:
    chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": TIMERS})
    return chromium


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("photos")
    paths = [folder / f"{name}.png" for name in "abcd"]
    for number, path in enumerate(paths, 1):
        path.write_bytes(tiny_model.photo(number)[0])
    return paths


@pytest.fixture
def desk(chromium: Chrome, tiny: Site, photos: list[Path]) -> Chrome:
    """Four photos that are done, as at first: those of the test before, where it left them so."""
    tiny.faults.clear()
    there = left(chromium)
    if there not in ("", "abcd"):
        # From a page that uses nothing: what is cleared behind a page's back it may write again.
        chromium.get(tiny.url("/healthz"))
        chromium.execute_script("localStorage.clear()")
        chromium.get(tiny.url())
        chromium.execute_script("window.isDesk = true")
    if there != "abcd":
        chromium.find_element(By.ID, "files").send_keys("\n".join(map(str, photos)))
        until(chromium, lambda: states(chromium) == ["done"] * 4)
    return chromium


def left(driver: Chrome) -> str | None:
    """The photos that a test has left, with none chosen and no toast; None if they are changed."""
    if not driver.execute_script("return window.isDesk ?? false"):
        return None
    driver.execute_script("document.querySelector('[data-part=choose-none]')?.click()")
    driver.execute_script("scrollTo({ top: 0, behavior: 'instant' })")
    time_passes(driver)
    until(driver, lambda: is_toast_gone(driver))
    as_at_first = "return document.querySelector('.finish [data-part=reset]').hidden"
    is_changed = (
        set(states(driver)) - {"done"}
        or chosen(driver)
        or any(own(driver, name) for name in names(driver))
        or not driver.execute_script(as_at_first)
    )
    return None if is_changed else "".join(names(driver))


def until(driver: Chrome, claim: Any, seconds: float = 60) -> None:
    WebDriverWait(driver, seconds, 0.05).until(lambda _: claim())


def names(driver: Chrome) -> list[str]:
    script = "return [...document.querySelectorAll('.job [data-part=name]')].map((e) => e.title)"
    return [name.removesuffix(".png") for name in driver.execute_script(script)]


def card(driver: Chrome, name: str) -> WebElement:
    found = driver.find_elements(By.CSS_SELECTOR, "[data-job]")
    return found[names(driver).index(name)]


def press(driver: Chrome, name: str, button: str) -> None:
    script = "arguments[0].querySelector(`[data-part=${arguments[1]}]`).click()"
    driver.execute_script(script, card(driver, name), button)


def toast(driver: Chrome, words: str) -> WebElement:
    return see(driver, "[data-part=toast]", words)


def is_toast_gone(driver: Chrome) -> bool:
    return not driver.find_element(By.CSS_SELECTOR, "[data-part=toast]").is_displayed()


def undo_by_keys(driver: Chrome) -> None:
    ActionChains(driver).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()


def time_passes(driver: Chrome) -> None:
    driver.execute_script("for (const end of [...window.ends.values()]) end()")


def would_ask(driver: Chrome) -> bool:
    """Whether leaving the page now is asked about."""
    script = "const e = new Event('beforeunload', { cancelable: true }); return !dispatchEvent(e)"
    return bool(driver.execute_script(script))


def test_what_was_removed_is_put_back_in_its_place(desk: Chrome, tiny: Site) -> None:
    address = "return arguments[0].querySelector('[data-part=download]').href"
    until(desk, lambda: desk.execute_script(address, card(desk, "b")))
    tiny.requests.clear()
    press(desk, "b", "remove")
    press(desk, "d", "remove")
    assert names(desk) == ["a", "c"]
    undo = toast(desk, "d.png was removed.").find_element(By.CSS_SELECTOR, "[data-part=undo]")
    assert undo.accessible_name == "Undo"
    undo.click()
    assert names(desk) == ["a", "c", "d"]
    # One at a time, and the one before is not lost.
    toast(desk, "b.png was removed.")
    undo_by_keys(desk)
    assert names(desk) == ["a", "b", "c", "d"]
    assert states(desk) == ["done"] * 4
    assert is_toast_gone(desk)
    until(desk, lambda: desk.execute_script(address, card(desk, "b")))


def test_ctrl_z_in_a_field_is_the_fields(desk: Chrome) -> None:
    press(desk, "a", "remove")
    desk.execute_script("""
      const field = document.createElement('input');
      document.querySelector('main').append(field);
      field.focus();
    """)
    undo_by_keys(desk)
    assert names(desk) == ["b", "c", "d"]
    desk.execute_script("document.activeElement.remove()")
    undo_by_keys(desk)
    assert names(desk) == ["a", "b", "c", "d"]


def chosen(driver: Chrome) -> str:
    script = """
      const names = [...document.querySelectorAll('.job[data-chosen] [data-part=name]')];
      return names.map((name) => name.title[0]).join('');
    """
    return str(driver.execute_script(script))


def tick(driver: Chrome, name: str) -> WebElement:
    return card(driver, name).find_element(By.CSS_SELECTOR, "[data-part=pick]")


def keys(driver: Chrome, *pressed: str, held: str = "") -> None:
    actions = ActionChains(driver)
    if held:
        actions.key_down(held)
    actions.send_keys(*pressed)
    if held:
        actions.key_up(held)
    actions.perform()


def click(driver: Chrome, target: WebElement, held: str) -> None:
    ActionChains(driver).key_down(held).click(target).key_up(held).perform()


def own(driver: Chrome, name: str) -> str:
    found = card(driver, name).find_elements(By.CSS_SELECTOR, "[data-part=own]")
    return found[0].text if found else ""


def put(driver: Chrome, name: str, value: str) -> None:
    """As a person picks it in the panel."""
    script = """
      const [name, value] = arguments;
      const all = [...document.querySelectorAll(`.finish [name="${name}"]`)];
      const one = all.find((input) => input.type !== 'radio' || input.value === value);
      if (one.type === 'radio') one.checked = true;
      else one.value = value;
      for (const type of ['input', 'change']) one.dispatchEvent(new Event(type, { bubbles: true }));
    """
    driver.execute_script(script, name, value)


def file_of(driver: Chrome, name: str, kind: str) -> None:
    """Wait until the photo's file is one of that type."""
    script = "return arguments[0].querySelector('a[data-part=download][href]')?.download ?? ''"
    until(driver, lambda: driver.execute_script(script, card(driver, name)).endswith(kind))


def test_photos_are_chosen_with_the_mouse(desk: Chrome) -> None:
    tick(desk, "b").click()
    assert chosen(desk) == "b"
    assert tick(desk, "b").accessible_name == "Choose b.png"
    click(desk, tick(desk, "d"), Keys.SHIFT)
    assert chosen(desk) == "bcd"
    click(desk, card(desk, "a").find_element(By.CSS_SELECTOR, ".compare"), Keys.CONTROL)
    click(desk, card(desk, "c").find_element(By.CSS_SELECTOR, "[data-part=name]"), Keys.CONTROL)
    assert chosen(desk) == "abd"
    assert see(desk, "[data-part=chosen]").text == "3 of 4 chosen"
    see(desk, "[data-part=choose-none]").click()
    assert chosen(desk) == ""
    see(desk, "[data-part=choose-all]").click()
    assert chosen(desk) == "abcd"
    see(desk, "[data-part=remove-chosen]").click()
    assert names(desk) == []
    undo_by_keys(desk)
    assert names(desk) == ["a", "b", "c", "d"]


def test_photos_are_chosen_with_the_keyboard(desk: Chrome) -> None:
    stops = "return [...document.querySelectorAll('.pick')].filter((e) => e.tabIndex === 0).length"
    assert desk.execute_script(stops) == 1, "one stop of the Tab key"
    desk.execute_script("arguments[0].focus()", tick(desk, "a"))
    keys(desk, Keys.ARROW_RIGHT, Keys.SPACE)
    assert chosen(desk) == "b"
    keys(desk, Keys.ARROW_RIGHT, held=Keys.SHIFT)
    assert chosen(desk) == "bc"
    keys(desk, Keys.ARROW_LEFT, held=Keys.SHIFT)
    assert chosen(desk) == "b"
    keys(desk, Keys.END)
    assert desk.switch_to.active_element == tick(desk, "d")
    keys(desk, "a", held=Keys.CONTROL)
    assert chosen(desk) == "abcd"
    keys(desk, Keys.ESCAPE)
    assert chosen(desk) == ""
    assert desk.execute_script(stops) == 1


def test_photos_are_chosen_by_touch(desk: Chrome) -> None:
    desk.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    desk.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        for name in "ac":
            box = tick(desk, name)
            assert (box.size["width"], box.size["height"]) >= (44, 44)
            assert box.value_of_css_property("opacity") == "1"
            middle = desk.execute_async_script(MIDDLE, box)
            for kind, points in (("touchStart", [middle]), ("touchEnd", [])):
                event = {"type": kind, "touchPoints": points}
                desk.execute_cdp_cmd("Input.dispatchTouchEvent", event)
            until(desk, lambda name=name: name in chosen(desk))
        assert chosen(desk) == "ac"
    finally:
        desk.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        desk.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_leaving_is_asked_about_until_all_is_downloaded(desk: Chrome) -> None:
    assert would_ask(desk)
    link = "return arguments[0].querySelector('a[data-part=download][href]')"
    for name in "abcd":
        until(desk, lambda name=name: desk.execute_script(link, card(desk, name)))
        assert would_ask(desk)
        press(desk, name, "download")
    assert not would_ask(desk)


def test_start_again_can_be_taken_back_until_its_time_is_over(desk: Chrome) -> None:
    restart = "document.querySelector('[data-part=restart]').click()"
    desk.execute_script(restart)
    toast(desk, "4 photos were removed.")
    assert names(desk) == []
    undo_by_keys(desk)
    until(desk, lambda: states(desk) == ["done"] * 4)
    assert names(desk) == ["a", "b", "c", "d"]
    desk.execute_script(restart)
    undo = toast(desk, "4 photos were removed.").find_element(By.CSS_SELECTOR, "[data-part=undo]")
    desk.execute_script("arguments[0].focus()", undo)
    assert desk.execute_script("return window.ends.size") == 0, "not while it has the focus"
    desk.execute_script("document.activeElement.blur()")
    time_passes(desk)
    until(desk, lambda: is_toast_gone(desk))
    undo_by_keys(desk)
    assert names(desk) == []


def test_some_photos_are_finished_otherwise_and_each_is_given_as_it_is_wanted(
    desk: Chrome,
) -> None:
    tick(desk, "b").click()
    click(desk, tick(desk, "c"), Keys.SHIFT)
    assert see(desk, "[data-part=finish-for]").text == "For 2 chosen photos"
    put(desk, "format", "jpeg")
    put(desk, "background", "colour")
    until(desk, lambda: [own(desk, name) for name in "ad"] == ["", ""])
    until(desk, lambda: own(desk, "b") == own(desk, "c") != "")
    assert own(desk, "b").startswith("Only this photo: White")
    assert "JPEG" in own(desk, "b")
    for name, kind in zip("abcd", (".png", ".jpg", ".jpg", ".png"), strict=True):
        file_of(desk, name, kind)
    # What all others become leaves them alone.
    keys(desk, Keys.ESCAPE)
    assert see(desk, "[data-part=finish-for]").text == "For all photos"
    put(desk, "format", "webp")
    for name, kind in zip("abcd", (".webp", ".jpg", ".jpg", ".webp"), strict=True):
        file_of(desk, name, kind)
    # "All like this" finds them again, and they can follow the others.
    tick(desk, "c").click()
    see(desk, "[data-part=choose-like]").click()
    assert chosen(desk) == "bc"
    see(desk, "[data-part=as-others]").click()
    for name in "abcd":
        file_of(desk, name, ".webp")
        assert own(desk, name) == ""
    undo_by_keys(desk)
    file_of(desk, "b", ".jpg")
    assert own(desk, "b") != ""


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that keeps photos."""
    with serving(tiny_site.app(tmp_path_factory.mktemp("store"), keep="days")) as running:
        yield running


def test_own_choices_come_back_with_the_photos(
    chromium: Chrome, lasting: Site, photos: list[Path]
) -> None:
    chromium.get(lasting.url())
    chromium.find_element(By.ID, "files").send_keys("\n".join(map(str, photos[:2])))
    until(chromium, lambda: states(chromium) == ["done"] * 2)
    tick(chromium, "b").click()
    put(chromium, "format", "jpeg")
    file_of(chromium, "b", ".jpg")
    see(chromium, ".kept", "2 photos are kept")
    until(chromium, lambda: not would_ask(chromium))
    chromium.refresh()
    until(chromium, lambda: states(chromium) == ["done"] * 2)
    file_of(chromium, "b", ".jpg")
    file_of(chromium, "a", ".png")
    assert own(chromium, "b") == "Only this photo: JPEG"


@pytest.fixture(params=["sound"])
def two_models(
    chromium: Chrome, tiny: Site, photos: list[Path], request: pytest.FixtureRequest
) -> Iterator[Chrome]:
    """Two photos that are done, and another model."""
    tiny.faults.clear()
    [model] = json.loads(tiny.app.test_client().get("/catalog.json").data)["models"]
    graph = tiny.app.test_client().get(f"/{model['files'][0]['url']}").data
    other = graph if request.param == "sound" else b"no model"
    add_model(tiny, "other", "Other one", {"other.onnx": other})
    chromium.get(tiny.url("/healthz"))
    chromium.execute_script("localStorage.clear()")
    chromium.get(tiny.url())
    chromium.find_element(By.ID, "files").send_keys("\n".join(map(str, photos[:2])))
    until(chromium, lambda: states(chromium) == ["done"] * 2)
    yield chromium
    tiny.faults.clear()


def test_redo_all_replaces_in_place_and_is_taken_back(two_models: Chrome) -> None:
    page = two_models
    first = [
        element.get_attribute("data-job")
        for element in page.find_elements(By.CSS_SELECTOR, "[data-job]")
    ]
    page.execute_script("document.querySelector('[data-model=other] input').click()")
    again = "return !document.querySelector('[data-part=redo-all]').hidden"
    until(page, lambda: page.execute_script(again))
    page.execute_script("document.querySelector('[data-part=redo-all]').click()")
    toast(page, "2 photos were redone.")
    assert [
        element.get_attribute("data-job")
        for element in page.find_elements(By.CSS_SELECTOR, "[data-job]")
    ] == first
    assert states(page) == ["done"] * 2
    assert not page.execute_script(again), "all are the other model's"
    undo_by_keys(page)
    until(page, lambda: page.execute_script(again))
    assert states(page) == ["done"] * 2


@pytest.mark.parametrize("two_models", ["broken"], indirect=True)
def test_a_failed_redo_keeps_what_there_was(two_models: Chrome) -> None:
    page = two_models
    page.execute_script("document.querySelector('[data-model=other] input').click()")
    see(page, "[data-part=redo]")
    press(page, "a", "redo")
    words = see(page, "[role=alert]", "The earlier cutout is still here")
    assert states(page) == ["done"] * 2
    assert (
        card(page, "a").find_element(By.CSS_SELECTOR, "[data-part=download]").get_attribute("href")
    )
    assert len(words.text.splitlines()) > 1, "and what failed"
