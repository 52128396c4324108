"""The Finish panel itself: what it remembers, what it says, and who can use it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By

from tests.browser.finish.panel import (
    BY,
    HEIGHT,
    WIDTH,
    ask,
    at_rest,
    complete,
    control,
    cut_out,
    empty,
    link,
    picture,
    put,
    reopened,
    saved,
    start_over,
    unfold,
    until,
    unzipped,
    values,
)
from tests.harness.driving import call, forget_everything, states
from tests.harness.site import Site


def test_photos_that_are_done_follow_fine_edges_or_not_and_need_no_model(
    soft: Chrome, downloads: Path
) -> None:
    fine = values(picture(soft, downloads))
    put(soft, refine=False)
    plain = values(picture(soft, downloads))
    assert np.abs(fine[..., 3] - plain[..., 3]).max() > 0
    assert not soft.find_element(By.CSS_SELECTOR, "[data-job] [data-part=redo]").is_displayed()
    put(soft, refine=True)
    assert np.array_equal(values(picture(soft, downloads)), fine)
    assert len(soft.find_elements(By.CSS_SELECTOR, "[data-job]")) == 1


def test_settings_survive_a_reload_and_hold_for_new_photos(
    done: Chrome, tiny: Site, badge: Path, downloads: Path
) -> None:
    put(done, background="colour", colour="#102030", format="jpeg", size="square-1024")
    done.get(tiny.url())
    cut_out(done, badge)
    note = "return document.querySelector('[data-part=finish-note]').textContent"
    assert done.execute_script(note) == "", "made so at once, not made over"
    assert control(done, "background", "colour").is_selected()
    assert control(done, "size").get_property("value") == "square-1024"
    image = picture(done, downloads)
    assert (image.format, image.size) == ("JPEG", (1024, 1024))
    assert np.abs(values(image)[5, 5] - [0x10, 0x20, 0x30]).max() <= 6

    unfold(done)
    done.find_element(By.CSS_SELECTOR, ".finish [data-part=reset]").click()
    until(done, lambda: str(link(done).get_attribute("download")).endswith(".png"))
    at_rest(done)
    image = picture(done, downloads)
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))


def test_the_newest_settings_win(done: Chrome, downloads: Path) -> None:
    done.execute_script("""
      window.files = [];
      const link = document.querySelector('[data-job] [data-part=download]');
      new MutationObserver(() => window.files.push(link.href))
        .observe(link, { attributeFilter: ['href'] });
    """)
    control(done, "background", "colour").click()
    own = done.find_element(By.CSS_SELECTOR, ".finish [name=colour][type=color]")
    colours = [f"#{step:02x}0000" for step in range(0, 250, 10)] + ["#00ff00"]
    done.execute_script(
        """
        for (const colour of arguments[1]) {
          arguments[0].value = colour;
          arguments[0].dispatchEvent(new Event('input', { bubbles: true }));
        }
        """,
        own,
        colours,
    )
    at_rest(done)
    assert values(picture(done, downloads))[0, 0, :3].tolist() == [0, 255, 0]
    assert len(done.execute_script("return window.files")) <= 2


#: Keeps files from being made between two words of the page.
GATE = b"""
const gate = new BroadcastChannel('gate');
const waiting = [];
let isClosed = false;
addEventListener('message', (event) => {
  if (event.data.kind !== 'file' || !isClosed) return;
  event.stopImmediatePropagation();
  waiting.push(event.data);
  gate.postMessage('held');
}, true);
gate.onmessage = ({ data: word }) => {
  if (word === 'held' || word === 'closed') return;
  isClosed = word === 'close';
  if (isClosed) gate.postMessage('closed');
  else for (const data of waiting.splice(0)) dispatchEvent(new MessageEvent('message', { data }));
};
"""


@pytest.fixture
def gated(chromium: Chrome, tiny: Site, request: pytest.FixtureRequest) -> Chrome:
    """A page without photos and with that gate, open: the one that the test before has left."""
    if chromium.execute_script("return window.gate === undefined"):
        request.getfixturevalue("page")
        # Before the worker listens itself: who listens first hears first, whatever is captured.
        tiny.faults["workers/pixels.js"] = lambda answer: answer.with_body(GATE + answer.body)
        reopened(chromium, tiny)
        chromium.execute_script("""
          window.gate = new BroadcastChannel('gate');
          window.gate.onmessage = ({ data }) => window.said.push(data);
        """)
    else:
        start_over(chromium)
        chromium.execute_script("document.querySelector('[data-part=restart]').click()")
        until(chromium, lambda: states(chromium) == [])
        chromium.execute_script("document.querySelector('[data-part=status]').textContent = ''")
    chromium.execute_script("window.said = []")
    return chromium


def close(gated: Chrome) -> None:
    gated.execute_script("window.gate.postMessage('close')")
    # Previews have a worker of their own.
    closed = "return window.said.filter((word) => word === 'closed').length"
    until(gated, lambda: gated.execute_script(closed) == 2)


@pytest.mark.parametrize("key", [None, Keys.ENTER])
def test_a_file_that_is_not_as_chosen_yet_is_waited_for(
    gated: Chrome, badge: Path, downloads: Path, key: str | None
) -> None:
    cut_out(gated, badge)
    # What is said of the cutout is said a little later, and nothing after it.
    status = gated.find_element(By.CSS_SELECTOR, "[data-part=status]")
    until(gated, lambda: "ready" in str(status.get_property("textContent")))
    close(gated)
    empty(downloads)
    ask(gated, format="webp")
    # Nothing to open in a tab or to save from a menu.
    assert not link(gated).is_displayed()
    assert link(gated).get_attribute("href") is None
    waiting = gated.find_element(By.CSS_SELECTOR, "[data-job] [data-part=prepare]")
    assert waiting.text == "Download"
    if key:
        waiting.send_keys(key)
    else:
        waiting.click()
    assert waiting.text == "Preparing…"
    assert waiting.get_attribute("aria-disabled") == "true"
    assert "being prepared" in str(status.get_property("textContent"))
    until(gated, lambda: gated.execute_script("return window.said.includes('held')"))
    assert list(downloads.iterdir()) == []

    gated.execute_script("window.gate.postMessage('open')")
    [suffix] = complete(downloads, 1)
    assert suffix == ".webp"
    assert link(gated).is_displayed()
    assert link(gated).text == "Download"


def test_all_are_saved_as_they_were_chosen_last(
    gated: Chrome, badge: Path, downloads: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.png"
    Image.open(badge).save(other)
    cut_out(gated, badge, other)
    close(gated)
    gated.execute_cdp_cmd(
        "Browser.setDownloadBehavior",
        {"behavior": "allow", "downloadPath": str(downloads)},
    )
    empty(downloads)
    ask(gated, format="webp")
    every = gated.find_element(By.CSS_SELECTOR, "[data-part=download-all]")
    every.click()
    assert every.text == "Stop (0 of 2)"
    until(gated, lambda: gated.execute_script("return window.said.includes('held')"))
    ask(gated, format="jpeg")
    gated.execute_script("window.gate.postMessage('open')")
    names = ["so _called_ 50% #1 \N{PEAR}-cutout.jpg", "other-cutout.jpg"]
    assert list(unzipped(downloads)) == names
    until(gated, lambda: every.text == "Download all (2)")


def test_putting_all_together_can_be_stopped(
    gated: Chrome, badge: Path, downloads: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.png"
    Image.open(badge).save(other)
    cut_out(gated, badge, other)
    close(gated)
    empty(downloads)
    ask(gated, format="webp")
    every = gated.find_element(By.CSS_SELECTOR, "[data-part=download-all]")
    every.click()
    until(gated, lambda: gated.execute_script("return window.said.includes('held')"))
    every.click()
    until(gated, lambda: every.text == "Download all (2)")
    gated.execute_script("window.gate.postMessage('open')")
    at_rest(gated)
    assert list(downloads.iterdir()) == []
    assert not gated.find_elements(By.CSS_SELECTOR, ".notice")


def test_a_failure_keeps_the_cutout_and_can_be_tried_again(
    page: Chrome, tiny: Site, badge: Path, downloads: Path, tmp_path: Path
) -> None:
    """And what has to be fetched for a type of file is told until it is here."""
    forget_everything(page, tiny)
    other = tmp_path / "other.png"
    Image.open(badge).save(other)
    cut_out(page, badge, other)
    cost = call(page, "catalog")["codecs"]["avif"]["download"]
    told = page.find_element(By.CSS_SELECTOR, "[data-part=avif-cost]")
    until(page, lambda: told.get_property("textContent"))
    size = str(told.get_property("textContent"))
    assert f"{round(cost / 1000)}\u00a0kB" in size or f"{cost / 1e6:.2f}\u00a0MB" in size
    before = link(page).get_attribute("href")
    # The encoder alone: a module that is loaded ahead would be remembered as missing for a year.
    tiny.faults["avif_enc.wasm"] = lambda answer: replace(answer, status="404 Not Found")
    ask(page, format="avif")
    alert = "[data-job] [role=alert]"
    until(page, lambda: page.find_elements(By.CSS_SELECTOR, alert), 60)
    assert "404" in page.find_element(By.CSS_SELECTOR, alert).text
    at_rest(page)
    assert states(page) == ["done", "done"]
    assert told.get_property("textContent") == size
    assert link(page).get_attribute("href") == before
    assert link(page).text == "Download earlier PNG"
    assert picture(page, downloads).format == "PNG"
    page.find_element(By.CSS_SELECTOR, "[data-part=download-all]").click()
    notice = ".notice [data-part=title]"
    until(page, lambda: page.find_elements(By.CSS_SELECTOR, notice))
    words = page.find_element(By.CSS_SELECTOR, notice).text
    assert words == "2 photos were not downloaded."

    tiny.faults.clear()
    for again in page.find_elements(By.CSS_SELECTOR, "[data-job] [data-part=refinish]"):
        again.click()
    at_rest(page)
    assert not page.find_elements(By.CSS_SELECTOR, alert)
    assert link(page).text == "Download"
    assert picture(page, downloads).format == "AVIF"
    until(page, lambda: not told.get_property("textContent"))


def test_a_photo_that_is_too_large_can_be_worked_on_at_a_smaller_size(
    page: Chrome, tiny: Site, downloads: Path, tmp_path: Path
) -> None:
    # The device says that it has a quarter of a GiB.
    poor = b"\nObject.defineProperty(navigator, 'deviceMemory', { value: 0.25 });"
    for worker in ("workers/model.js", "workers/pixels.js"):
        tiny.faults[worker] = lambda answer: answer.with_body(answer.body + poor)
    photo = tmp_path / "large.png"
    Image.new("RGB", (2500, 2000), (90, 120, 60)).save(photo)
    reopened(page, tiny)
    page.find_element(By.ID, "files").send_keys(str(photo))
    until(page, lambda: states(page) == ["failed"], 60)
    assert "image-too-large" in page.find_element(By.CSS_SELECTOR, "[role=alert]").text
    told = page.find_element(By.CSS_SELECTOR, "[data-job] [data-part=details]")
    details = json.loads(str(told.get_property("textContent")))
    width, height = details["reduced"]["width"], details["reduced"]["height"]
    assert (details["width"], details["height"]) == (2500, 2000)
    assert width * height <= details["limit"]
    assert abs(width / height - 1.25) < 0.01
    reduce = page.find_element(By.CSS_SELECTOR, "[data-job] [data-part=reduce]")
    assert reduce.text == f"Use a smaller copy ({width:,}{BY}{height:,})"
    reduce.click()
    until(page, lambda: states(page) == ["done"], 90)
    assert picture(page, downloads).size == (width, height)
    put(page, background="colour")
    assert picture(page, downloads).size == (width, height)
    tiny.faults.clear()
    page.execute_cdp_cmd("Network.clearBrowserCache", {})


def test_with_the_keyboard_alone(done: Chrome, downloads: Path) -> None:
    control(done, "background", "none").send_keys(Keys.ARROW_RIGHT)
    focused = done.switch_to.active_element
    assert (focused.accessible_name, focused.is_selected()) == ("Colour", True)
    reached = []
    for _ in range(20):
        ActionChains(done).send_keys(Keys.TAB).perform()
        focused = done.switch_to.active_element
        reached.append(focused.accessible_name)
        assert reached[-1], focused.get_attribute("outerHTML")
        if reached[-1] == "More":
            ActionChains(done).send_keys(Keys.ENTER).perform()
        elif reached[-1] == "File type":
            # One letter: a second one that came late would begin another word.
            ActionChains(done).send_keys("J").perform()
        elif reached[-1] == "Soft shadow":
            ActionChains(done).send_keys(Keys.SPACE).perform()
        elif reached[-1] == "Strength":
            before = focused.get_property("value")
            ActionChains(done).send_keys(Keys.ARROW_RIGHT).perform()
            assert focused.get_property("value") != before
            assert focused.get_attribute("aria-valuetext") == f"{focused.get_property('value')}%"
        elif reached[-1].startswith("Compare"):
            break
    expected = [
        "White",
        "Another colour",
        "Size",
        "File type",
        "Quality",
        "More",
        "Soft shadow",
        "Strength",
    ]
    assert [name for name in reached if name in expected] == expected
    assert reached[-1].startswith("Compare")
    at_rest(done)
    assert picture(done, downloads).format == "JPEG"


@pytest.mark.parametrize("width", [360, 640])
def test_fits_small_screens_with_everything_open(done: Chrome, width: int) -> None:
    """640 px is a 1280 px window at 200 % zoom."""
    metrics = {"width": width, "height": 700, "deviceScaleFactor": 1, "mobile": False}
    done.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    sheet = done.find_element(By.CSS_SELECTOR, "[data-part=panel-toggle]")
    if sheet.get_attribute("aria-expanded") == "false":
        sheet.click()
    try:
        put(done, size="custom", format="webp", shadow=True, webpLossless=False)
        for background in ("colour", "gradient", "image", "blur"):
            put(done, background=background)
            overflow = "return document.documentElement.scrollWidth - innerWidth"
            assert done.execute_script(overflow) <= 0, background
        small = done.execute_script("""
          return [...document.querySelectorAll('.finish :is(button, select, input)')]
            .map((one) => [one, one.closest('label') ?? one])
            .map(([one, target]) => [one.name, target.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
            .map(([name]) => name);
        """)
        assert small == []
    finally:
        done.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_everything_is_saved_as_it_was_asked_for(
    page: Chrome, downloads: Path, tmp_path: Path
) -> None:
    """Also where "Download all" is pressed before all photos are as they are wanted."""
    photos = [tmp_path / f"{name}.png" for name in ("猫 é", "b", "B")]
    for photo in photos:
        Image.effect_noise((200, 150), 90).convert("RGB").save(photo)
    (tmp_path / "again").mkdir()
    photos.append(tmp_path / "again" / "b.png")
    photos[-1].write_bytes(photos[1].read_bytes())
    cut_out(page, *photos)
    empty(downloads)
    ask(page, format="jpeg")
    page.find_element(By.CSS_SELECTOR, "[data-part=download-all]").click()
    files = unzipped(downloads)
    assert list(files) == [
        "猫 é-cutout.jpg",
        "b-cutout.jpg",
        "B-cutout (2).jpg",
        "b-cutout (3).jpg",
    ]
    # The same photo twice gives the same file; and it is the one that its card saves.
    assert files["b-cutout.jpg"] == files["b-cutout (3).jpg"]
    at_rest(page)
    assert saved(page, downloads).read_bytes() == files["猫 é-cutout.jpg"]
