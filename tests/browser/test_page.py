"""What a person does with the page: choose, wait, compare, download, cancel, retry, start again."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.harness import tiny_site
from tests.harness.driving import forget_everything, states, unfold
from tests.harness.photos import PHOTOS, REFINED, reference
from tests.harness.site import Answer, Site, serving
from tests.harness.waiting import WebDriverWait
from tests.harness.walls import WALL_CHECK

NO_ADAPTER = "No available adapters."


@pytest.fixture
def tiny_page(chromium: Chrome, tiny: Site) -> Chrome:
    """The page without photos: the one that a test has left, unless it went to another."""
    tiny.faults.clear()
    if chromium.execute_script("return window.isLeft ?? false"):
        chromium.execute_script(EMPTY)
        wait_for(chromium)
    else:
        chromium.get(tiny.url())
        chromium.execute_script("window.isLeft = true")
    return chromium


#: All photos go, and what offers to bring them back is out of the way.
EMPTY = """
for (const one of document.querySelectorAll('details[open]')) one.open = false;
document.querySelector('[data-part=restart]').click();
const toast = document.querySelector('[data-part=toast]');
if (toast) toast.style.pointerEvents = 'none';
scrollTo({ top: 0, behavior: 'instant' });
"""


def choose(driver: Chrome, *photos: Path) -> None:
    """Through the one file input, which must be called "Choose images"."""
    inputs = driver.find_elements(By.CSS_SELECTOR, "input[type=file]")
    assert [element.accessible_name for element in inputs] == ["Choose images"]
    inputs[0].send_keys("\n".join(str(photo) for photo in photos))


def jobs(driver: Chrome) -> list[WebElement]:
    return driver.find_elements(By.CSS_SELECTOR, "[data-job]")


def wait_for(driver: Chrome, *expected: str, seconds: float = 90) -> None:
    """Until the jobs are in these states."""
    try:
        WebDriverWait(driver, seconds, 0.05).until(lambda page: states(page) == list(expected))
    except Exception as error:
        raise AssertionError(f"jobs are {states(driver)}, not {list(expected)}") from error


def button(scope: Chrome | WebElement, name: str) -> WebElement:
    """The one visible button or link whose accessible name begins with `name`."""
    found = scope.find_elements(By.CSS_SELECTOR, "button, a[download]")
    named = [one for one in found if one.is_displayed() and one.accessible_name.startswith(name)]
    assert len(named) == 1, [one.accessible_name for one in found]
    return named[0]


def downloaded(folder: Path, name: str) -> Path:
    file = folder / name
    deadline = time.monotonic() + 60
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return file


def test_from_photo_to_file(page: Chrome, downloads: Path) -> None:
    choose(page, PHOTOS / "chelsea.png")
    wait_for(page, "done")
    [job] = jobs(page)
    assert job.get_attribute("data-backend") == "wasm"
    button(job, "Download").click()

    file = Image.open(downloaded(downloads, "chelsea-cutout.png"))

    original = np.asarray(Image.open(PHOTOS / "chelsea.png").convert("RGB")).astype(int)
    rgba = np.asarray(file).astype(int)
    assert rgba.shape == (*original.shape[:2], 4)
    assert np.abs(rgba[..., 3] - reference("chelsea.png")).mean() <= REFINED
    opaque = rgba[..., 3] == 255
    assert np.array_equal(rgba[opaque][:, :3], original[opaque])
    unfold(page, "how")
    report = page.find_element(By.CSS_SELECTOR, "[data-part=report]").text
    assert "processor" in report
    assert "thread" in report
    assert "0 bytes of your photos left this device" in report


def test_every_state_is_passed_in_order(tiny_page: Chrome, tiny: Site) -> None:
    forget_everything(tiny_page, tiny)
    tiny_page.execute_script("""
      window.seen = [];
      new MutationObserver(() => {
        const state = document.querySelector('[data-job]')?.dataset.state;
        if (state && window.seen.at(-1) !== state) window.seen.push(state);
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
    """)
    choose(tiny_page, PHOTOS / "chelsea.png")
    wait_for(tiny_page, "done")
    seen = tiny_page.execute_script("return window.seen")
    order = ["queued", "loading", "decoding", "running", "encoding", "done"]
    assert seen == [state for state in order if state in seen]
    assert seen[-4:] == order[-4:]


def test_a_batch_goes_on_after_a_failure(tiny_page: Chrome, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    choose(tiny_page, PHOTOS / "chelsea.png", broken, PHOTOS / "coffee.png")
    wait_for(tiny_page, "done", "failed", "done")

    alert = jobs(tiny_page)[1].find_element(By.CSS_SELECTOR, "[role=alert]").text
    assert "incomplete" in alert
    assert "corrupt-image" in alert
    assert jobs(tiny_page)[0].find_elements(By.TAG_NAME, "img")
    button(jobs(tiny_page)[1], "Retry").click()
    wait_for(tiny_page, "done", "failed", "done")


#: As soon as something is done with the first photo: what becomes of it and of the last one.
CANCEL = """
  const jobs = () => [...document.querySelectorAll('[data-job]')];
  const watching = new MutationObserver(() => {
    const states = jobs().map(({ dataset }) => dataset.state);
    if (states.length < 3 || states[0] === 'queued') return;
    watching.disconnect();
    window.seen = states;
    for (const index of [0, 2]) jobs()[index].querySelector('[data-part=cancel]').click();
  });
  watching.observe(document.body, { subtree: true, childList: true, attributes: true });
"""


def test_one_at_a_time_and_cancel(tiny_page: Chrome) -> None:
    photos = [PHOTOS / name for name in ("chelsea.png", "coffee.png", "camera.png")]
    tiny_page.execute_script(CANCEL)
    choose(tiny_page, *photos)

    wait_for(tiny_page, "cancelled", "done", "cancelled")

    assert tiny_page.execute_script("return window.seen.slice(1)") == ["queued", "queued"]
    button(jobs(tiny_page)[0], "Retry").click()
    wait_for(tiny_page, "done", "done", "cancelled")


def test_start_again_leaves_nothing(tiny_page: Chrome) -> None:
    choose(tiny_page, PHOTOS / "chelsea.png", PHOTOS / "coffee.png")
    wait_for(tiny_page, "done", "done")
    unfold(tiny_page, "menu")
    button(tiny_page, "Start again").click()
    wait_for(tiny_page)
    choose(tiny_page, PHOTOS / "camera.png")
    wait_for(tiny_page, "done")


def test_download_failure_is_told_with_numbers_and_retried(tiny_page: Chrome, tiny: Site) -> None:
    forget_everything(tiny_page, tiny)

    def cut(answer: Answer) -> Answer:
        return answer.with_body(answer.body[:-1])

    tiny.faults["/models/"] = cut
    choose(tiny_page, PHOTOS / "chelsea.png")
    wait_for(tiny_page, "failed")
    alert = tiny_page.find_element(By.CSS_SELECTOR, "[role=alert]").text
    size = json.loads(tiny.app.test_client().get("/catalog.json").data)["models"][0]["bytes"]
    assert f"{size - 1:,}" in alert
    assert f"{size:,}" in alert

    tiny.faults.clear()
    button(jobs(tiny_page)[0], "Retry").click()
    wait_for(tiny_page, "done")


def test_offer_shows_what_will_be_downloaded(tiny_page: Chrome, tiny: Site) -> None:
    forget_everything(tiny_page, tiny)
    offer = tiny_page.find_element(By.ID, "offer")
    WebDriverWait(tiny_page, 60, 0.05).until(lambda _: "One download" in offer.text)
    for part in ("model", "program"):
        assert part in (offer.get_attribute("title") or "")
    choose(tiny_page, PHOTOS / "chelsea.png")
    wait_for(tiny_page, "done")
    tiny_page.get(tiny.url())
    again = tiny_page.find_element(By.ID, "offer")
    WebDriverWait(tiny_page, 60, 0.05).until(lambda _: "othing" in again.text)


def test_with_the_keyboard_alone(tiny_page: Chrome, tiny: Site) -> None:
    # From its top: where the keyboard was last counts.
    tiny_page.get(tiny.url())
    choose(tiny_page, PHOTOS / "chelsea.png")
    wait_for(tiny_page, "done")
    tiny_page.execute_script("document.activeElement.blur()")
    reached = []
    for _ in range(20):
        ActionChains(tiny_page).send_keys(Keys.TAB).perform()
        reached.append(tiny_page.switch_to.active_element.accessible_name)
        focus = "return getComputedStyle(document.activeElement).outlineStyle"
        assert reached[-1]
        if tiny_page.switch_to.active_element.get_attribute("type") == "range":
            slider = tiny_page.switch_to.active_element
            before = slider.get_property("value")
            slider.send_keys(Keys.ARROW_LEFT)
            assert slider.get_property("value") != before
        elif tiny_page.switch_to.active_element.tag_name in ("button", "a"):
            assert tiny_page.execute_script(focus) != "none", reached[-1]
        if reached[-1].startswith("Remove"):
            break
    for name in ("Skip", "Choose images", "More", "Compare", "Download", "Remove"):
        assert any(one.startswith(name) for one in reached), (name, reached)
    ActionChains(tiny_page).send_keys(Keys.ENTER).perform()
    wait_for(tiny_page)


@pytest.mark.parametrize("width", [360, 640])
def test_fits_small_screens(tiny_page: Chrome, width: int) -> None:
    """640 px is a 1280 px window at 200 % zoom."""
    metrics = {"width": width, "height": 700, "deviceScaleFactor": 1, "mobile": False}
    tiny_page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        overflow = "return document.documentElement.scrollWidth - innerWidth"
        assert tiny_page.execute_script(overflow) <= 0
        choose(tiny_page, PHOTOS / "chelsea.png")
        wait_for(tiny_page, "done")
        assert tiny_page.execute_script(overflow) <= 0
        # Inline links aside, whatever is pressed is at least 24 px in both directions.
        small = tiny_page.execute_script("""
          return [...document.querySelectorAll('button, label.button, a.button, summary')]
            .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
            .map(([text]) => text);
        """)
        assert small == []
    finally:
        tiny_page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_works_under_a_prefix(chromium: Chrome, tmp_path: Path) -> None:
    os.environ["MATTEBOX_PREFIX"] = "/tools/mattebox"
    try:
        app = tiny_site.app(tmp_path)
    finally:
        del os.environ["MATTEBOX_PREFIX"]
    with serving(app) as prefixed:
        chromium.get(prefixed.url("/tools/mattebox"))
        choose(chromium, PHOTOS / "chelsea.png")
        wait_for(chromium, "done")
        outside = [path for path in prefixed.requests if not path.startswith("/tools/mattebox")]
        assert outside == []


def test_console_is_clean(chromium: Chrome, tmp_path: Path) -> None:
    """At a first visit to a site that browsers keep."""
    with serving(tiny_site.app(tmp_path)) as site:
        site.is_kept = True
        # What the page of the test before had to say when it was left.
        chromium.get("about:blank")
        chromium.get_log("browser")
        chromium.get(site.url())
        choose(chromium, PHOTOS / "chelsea.png")
        wait_for(chromium, "done")
        # The browser's own remarks where it has no GPU to offer, and where a wall was run into.
        remarks = [
            line
            for line in chromium.get_log("browser")
            if NO_ADAPTER not in line["message"] and WALL_CHECK not in line["message"]
        ]
        assert remarks == []
        chromium.get("about:blank")


def test_a_picture_that_is_cut_out_already_is_kept(
    tiny_page: Chrome, downloads: Path, tmp_path: Path
) -> None:
    logo = Image.new("RGBA", (240, 160), (0, 0, 0, 0))
    ImageDraw.Draw(logo).ellipse((60, 20, 180, 140), fill="black")
    logo.save(tmp_path / "logo.png")

    choose(tiny_page, tmp_path / "logo.png")
    wait_for(tiny_page, "done")
    [job] = jobs(tiny_page)
    # Its words are loaded where there is something to say.
    noted = (By.CSS_SELECTOR, "[data-note]")
    [note] = WebDriverWait(tiny_page, 10, 0.05).until(lambda _: job.find_elements(*noted))
    assert note.get_attribute("data-note") == "already-cut-out"
    assert "kept as it is" in note.text
    unfold(tiny_page, "how")
    report = tiny_page.find_element(By.CSS_SELECTOR, "[data-part=report]").text
    assert "transparent background was kept" in report
    unfold(tiny_page, "menu")
    button(job, "Download").click()
    file = Image.open(downloaded(downloads, "logo-cutout.png"))
    assert np.array_equal(np.asarray(file)[..., 3], np.asarray(logo)[..., 3])

    button(job, "Cut out anyway").click()
    WebDriverWait(tiny_page, 60, 0.05).until(lambda _: job.get_attribute("data-backend"))
    wait_for(tiny_page, "done")
    [again] = jobs(tiny_page)
    assert again == job, "in the same card"
    assert not again.find_elements(By.CSS_SELECTOR, "[data-note=already-cut-out]")
