"""A background made from words: consent, four pictures, the chosen one, and what is kept."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.finish.panel import (
    TOP,
    Pixels,
    at_rest,
    cut_out,
    empty,
    opened,
    put,
    reopened,
    saved,
    until,
    unzipped,
    values,
)
from tests.browser.finish.words import (
    KEPT_OF_RUNS,
    ROW,
    find,
    is_on,
    keys,
    listen,
    press,
    tab_to,
    wait_for,
)
from tests.harness import pretended_pictures, tiny_site
from tests.harness.driving import call, states
from tests.harness.site import Answer, Site, serving
from tests.rehearsal.sd_store import rehearse

PROMPT = "a quokka's table by the sea"
#: All that the server was asked: addresses, headers and bodies.
heard: list[str] = []


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The tiny model, and beside it a twin of what makes pictures from words."""
    rehearsal = rehearse(tmp_path_factory.mktemp("twin"), "float32")
    rehearsal.pull()
    folder = tmp_path_factory.mktemp("store")
    pipelines = (rehearsal.installed,)
    app = tiny_site.app(folder, pipelines=pipelines, keep="days")
    listen(app, heard)
    with serving(app) as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_is_kept(chromium: Chrome, tiny: Site) -> None:
    """Else the photo of the test before comes back, maybe behind the one that is chosen."""
    chromium.get(tiny.url("/healthz"))
    what = {"origin": tiny.url("").rstrip("/"), "storageTypes": "indexeddb"}
    chromium.execute_cdp_cmd("Storage.clearDataForOrigin", what)


def ask(driver: Chrome) -> WebElement:
    """Write, and press Enter; the field."""
    wait_for(driver, ".chip-words").click()
    field = wait_for(driver, f"{ROW} textarea")
    field.send_keys(PROMPT, Keys.ENTER)
    return field


def accept(driver: Chrome) -> None:
    """The licence, which is needed, and the download."""
    assert not find(driver, f"{ROW} [data-part=words-accept]")[0].is_enabled()
    find(driver, ".words-terms input")[0].click()
    press(driver, "accept")


def content(driver: Chrome, folder: Path) -> bytes:
    """Of the photo's file, once all is as it is wanted."""
    until(driver, lambda: states(driver) == ["done"])
    at_rest(driver)
    return saved(driver, folder).read_bytes()


def each(driver: Chrome, folder: Path) -> list[Pixels]:
    """What Download all saves, in the photos' order."""
    until(driver, lambda: set(states(driver)) == {"done"})
    at_rest(driver)
    empty(folder)
    every = wait_for(driver, "[data-part=download-all]")
    driver.execute_script("arguments[0].click()", every)
    return [values(Image.open(io.BytesIO(one))) for one in unzipped(folder).values()]


def without_pipelines(answer: Answer) -> Answer:
    return answer.with_body(json.dumps(json.loads(answer.body) | {"pipelines": []}).encode())


def assert_begins_with_the_photo(page: Chrome) -> None:
    """What that takes is asked for when it is wanted; the model gets the photo's background."""
    find(page, f"{ROW} [data-part=words-start]")[0].click()
    press(page, "make")
    assert "Download 68.4 MB first?" in wait_for(page, ".words-question").text
    # The licence was accepted, and can be read again.
    licence = wait_for(page, ".words-question a")
    assert licence.get_dom_attribute("href") == "licence.txt"
    assert licence.get_dom_attribute("rel") == "noopener noreferrer"
    press(page, "accept")
    until(page, lambda: len(find(page, ".words-picture")) == 4)
    starts = page.execute_async_script(
        "const done = arguments[0];"
        "Promise.all(globalThis.starts.map((one) => createImageBitmap(one)))"
        ".then((all) => done(all.map(({ width, height }) => [width, height])))"
    )
    assert len(starts) == 4
    assert all(max(size) <= 1024 for size in starts)
    find(page, f"{ROW} [data-part=words-start]")[0].click()


def assert_is_told_where_the_photos_are(page: Chrome) -> None:
    """How far pictures are, and a way to stop, also while the panel is about something else."""
    page.execute_script("globalThis.PRETENDED = { waits: true }")
    press(page, "more")
    elsewhere = find(page, "[data-part=words-elsewhere]")[0]
    assert not elsewhere.is_displayed()
    page.execute_script("document.querySelector('[name=background][value=colour]').click()")
    until(page, elsewhere.is_displayed)
    assert "Getting the picture maker ready" in elsewhere.text
    find(page, "[data-part=words-stop-elsewhere]")[0].click()
    until(page, lambda: not elsewhere.is_displayed())
    assert page.execute_script("return document.activeElement.id") == "photos-title"
    page.execute_script("document.querySelector('[name=background][value=words]').click()")
    assert wait_for(page, f"{ROW} [data-part=words-make]").is_enabled()
    page.execute_script("globalThis.PRETENDED = null")


def test_the_whole_way_with_the_keyboard_alone(
    page: Chrome, tiny: Site, badge: Path, downloads: Path
) -> None:
    pretended_pictures.pretend(tiny)
    reopened(page, tiny)
    cut_out(page, badge)
    wait_for(page, ".chip-words")
    tab_to(page, "None")
    keys(page, Keys.ARROW_LEFT)
    is_on(page, "Made from words")
    prompt = tab_to(page, "What should be behind your photos?")
    # Nothing is made of no words.
    keys(page, Keys.ENTER)
    assert wait_for(page, ".words-empty").text == "First write what you want to see."
    tab_to(page, "Linen cloth")
    keys(page, Keys.ENTER)
    assert "natural beige linen" in str(prompt.get_property("value"))
    tab_to(page, "Make four pictures")
    keys(page, Keys.ENTER)
    is_on(page, "Download 2.11 GB first?")
    keys(page, Keys.ESCAPE)
    is_on(page, "Make four pictures")
    assert not find(page, ".words-question")[0].is_displayed()
    keys(page, Keys.ENTER)
    is_on(page, "Download 2.11 GB first?")
    tab_to(page, "Read the licence")
    tab_to(page, "I have read the licence and accept it")
    keys(page, Keys.SPACE)
    page.execute_script("globalThis.PRETENDED = { waits: true }")
    tab_to(page, "Download 2.11 GB")
    keys(page, Keys.ENTER)
    is_on(page, "Stop")
    keys(page, Keys.ENTER)
    is_on(page, "Make four pictures")
    page.execute_script("globalThis.PRETENDED = null")
    keys(page, Keys.ENTER)
    is_on(page, "Download 2.11 GB first?")
    tab_to(page, "Download 2.11 GB")
    keys(page, Keys.ENTER)
    until(page, lambda: len(find(page, ".words-picture")) == 4)
    is_on(page, "Make four pictures")
    second = tab_to(page, "Use picture 2 as the background")
    keys(page, Keys.ENTER)
    until(page, lambda: second.get_attribute("aria-pressed") == "true")
    tab_to(page, "Match the light")
    keys(page, Keys.SPACE)
    content(page, downloads)
    pixels = values(opened(next(downloads.iterdir())))
    # The picture of seed 2, whose red is twice as strong as that of the first.
    assert pixels[..., 3].min() == 255
    assert abs(int(pixels[0, 0, 0]) - 80) <= 2
    # What photos stand on is kept with them, for the tests that come.
    page.execute_script("document.querySelector('[name=background][value=none]').click()")
    content(page, downloads)
    assert values(opened(next(downloads.iterdir())))[0, 0, 3] == 0


def test_what_is_asked_what_fails_and_what_a_device_cannot(
    page: Chrome, tiny: Site, badge: Path, downloads: Path
) -> None:
    pretended_pictures.pretend(tiny)
    # A browser may hold the true module of another site that was on this port.
    reopened(page, tiny)
    cut_out(page, badge)
    transparent = content(page, downloads)
    # Consent, true to the byte: what is here already is no part of it.
    field = ask(page)
    assert "Download 2.11 GB first?" in wait_for(page, ".words-question").text
    parts = [part.text for part in find(page, ".words-part")]
    assert "400 MB of 1.73 GB here" in parts[0]
    assert "already here" in parts[-1]
    # There is no picture yet whose light could be matched.
    light = find(page, ".finish [name=matchLight]")[0]
    assert not light.is_displayed()
    # What fails is told; words, photos and background stay as they were.
    page.execute_script("globalThis.PRETENDED = { fails: 1, code: 'out-of-memory' }")
    accept(page)
    assert "ran out of memory" in wait_for(page, f"{ROW} .failure").text
    assert field.get_attribute("value") == PROMPT
    assert content(page, downloads) == transparent
    page.execute_script("globalThis.PRETENDED = { fails: 1, code: 'gpu-lost' }")
    press(page, "make")
    until(page, lambda: "graphics card was lost" in wait_for(page, f"{ROW} .failure").text)
    assert not find(page, ".words-picture")
    assert content(page, downloads) == transparent
    # Nothing is asked twice, and the next seeds are others.
    page.execute_script("globalThis.PRETENDED = null; globalThis.asked = []")
    press(page, "make")
    until(page, lambda: len(find(page, ".words-picture")) == 4)
    assert light.is_displayed()
    assert not light.is_selected()
    press(page, "more")
    until(page, lambda: len(find(page, ".words-picture")) == 8)
    asked = page.execute_script("return globalThis.asked")
    assert asked == [[PROMPT, seed] for seed in range(1, 9)]
    assert_begins_with_the_photo(page)
    assert_is_told_where_the_photos_are(page)
    page.execute_script("document.querySelector('[name=background][value=none]').click()")
    assert content(page, downloads) == transparent

    detail = {"name": "maxBufferSize", "need": 256, "have": 128, "part": "unet"}
    pretended_pictures.pretend(tiny, why={"code": "limit-too-low", "detail": detail})
    page.refresh()
    wait_for(page, ".chip-words").click()
    told = wait_for(page, f"{ROW} [data-part=words-cannot]").text
    assert "maxBufferSize: 256 needed, 128 available" in told
    assert not find(page, f"{ROW} textarea")[0].is_displayed()

    tiny.faults["/catalog.json"] = without_pipelines
    page.refresh()
    assert content(page, downloads) == transparent
    assert not find(page, "[name=background][value=words]")


def test_a_selection_stands_on_one_picture_with_its_shadow_and_keeps_it(
    page: Chrome, tiny: Site, badge: Path, unsure: Path, tmp_path: Path, downloads: Path
) -> None:
    """The first and the last photo of three; a reload, and files made of what was kept."""
    pretended_pictures.pretend(tiny)
    reopened(page, tiny)
    last = tmp_path / "last.png"
    Image.open(badge).save(last, compress_level=1)
    cut_out(page, badge, unsure, last)
    plain = each(page, downloads)
    for i in (0, 2):
        page.execute_script("arguments[0].click()", find(page, "[data-job] [data-part=pick]")[i])
    ask(page)
    wait_for(page, ".words-question")
    accept(page)
    until(page, lambda: len(find(page, ".words-picture")) == 4)
    find(page, ".words-picture")[2].click()
    flat = each(page, downloads)
    put(page, shadow=True)
    shaded = each(page, downloads)
    # The third picture's red, on both; the photo between them stands on nothing still.
    assert np.array_equal(flat[0], flat[2])
    assert abs(int(flat[0][0, 0, 0]) - 120) <= 2
    assert flat[0][..., 3:].min(initial=255) == 255
    for found in (flat, shaded):
        assert np.array_equal(found[1], plain[1])
    darker = flat[0][..., :3].sum(-1) - shaded[0][..., :3].sum(-1)
    assert darker[:TOP].max() == 0
    assert darker.max() > 30
    page.refresh()
    until(page, lambda: states(page) == ["done"] * 3)
    for before, after in zip(shaded, each(page, downloads), strict=True):
        assert np.array_equal(before, after)


def assert_nobody_was_told_the_words(driver: Chrome, log: str) -> None:
    """They are with the photos that stand on the picture, on this device, and nowhere else."""
    assert any("unet.onnx" in one for one in heard)
    # Its text is opened by people alone, and nobody did.
    assert not [one for one in heard if "LICENSE" in one]
    console = json.dumps(driver.get_log("browser"))
    kept = driver.execute_async_script(KEPT_OF_RUNS)
    assert '"generate"' in kept
    shown = json.dumps(call(driver, "diagnostics"))
    for told in (*heard, log, console, kept, shown, driver.current_url):
        assert "quokka" not in told.lower()


def test_from_words_to_a_file_that_stays_the_same(
    page: Chrome, tiny: Site, badge: Path, downloads: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # The test before had a pretended one.
    reopened(page, tiny)
    cut_out(page, badge)
    heard.clear()
    ask(page)
    wait_for(page, ".words-question")
    accept(page)
    until(page, lambda: len(find(page, ".words-picture")) == 4, 150)
    pictures = [one.get_attribute("data-seed") for one in find(page, ".words-picture")]
    assert pictures == ["1", "2", "3", "4"]
    transparent = values(opened(saved(page, downloads)))
    find(page, ".words-picture")[1].click()
    before = content(page, downloads)
    standing = values(opened(next(downloads.iterdir())))
    # Opaque, and no gradient or plain colour of ours: what the model made varies.
    assert transparent[0, 0, 3] == 0
    assert standing[..., 3:].min(initial=255) == 255
    assert standing[:20, :, :3].std() > 1

    page.refresh()
    told = wait_for(page, f"{ROW} [data-part=words-chosen]").text
    assert "picture 2" in told
    assert PROMPT in told
    assert content(page, downloads) == before
    reports = call(page, "diagnostics")["reports"]
    assert "twin" in [report["model"]["id"] for report in reports]
    server_log = [one.getMessage() for one in caplog.records if "selenium" not in one.name]
    assert_nobody_was_told_the_words(page, "\n".join(server_log))
    page.execute_script("document.querySelector('[data-part=open-diagnostics]').click()")
    assert "SD-Turbo" in wait_for(page, ".diagnostics tbody").text
