"""Firefox, and WebKit, which is Safari's engine: no GPU for pages, else all that Chromium does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from server import create_app
from tests.browser.editing import DARK, SUBJECT, WHITE, saved
from tests.browser.editing import opened as editor_with
from tests.browser.test_editor_worker import ask, assert_same
from tests.browser.test_walls import choose, dropped, said, wait_until_tried
from tests.browser.ways_out import (
    assert_no_way_out_of_a_page,
    assert_no_way_out_of_a_worker,
    assert_ways_out_without_policy,
)
from tests.harness import tiny_model, tiny_site
from tests.harness.driving import Cutout, call, cut_out
from tests.harness.photos import PHOTOS, reference, upright_rgb
from tests.harness.site import Site, serving
from tests.harness.waiting import WebDriverWait
from tests.harness.walls import (
    Eavesdropper,
)


@pytest.fixture(scope="module")
def opened(engine: WebDriver) -> Iterator[WebDriver]:
    """The page with the real model, opened once: these engines take long to start it."""
    with serving(create_app()) as real:
        engine.get(real.url())
        yield engine


@pytest.fixture(scope="module")
def site(tiny: Site) -> Site:
    return tiny


@pytest.fixture
def visit(engine: WebDriver, site: Site) -> WebDriver:
    """The page, just opened, with nothing wrong and nothing recorded."""
    site.faults.clear()
    engine.get(site.url())
    site.requests.clear()
    return engine


@pytest.mark.parametrize("name", ["chelsea.png", "astronaut-sideways.jpg", "rocket.webp"])
def test_cutout_equals_the_reference(opened: WebDriver, name: str) -> None:
    original = upright_rgb(name)

    plain = {"refine": False, "decontaminate": False, "hidden": "keep"}
    result = cut_out(opened, PHOTOS / name, output=plain)

    rgba = result.rgba()
    assert rgba.shape == (*original.shape[:2], 4)
    assert np.abs(result.grey() - reference(name)).mean() <= 2
    # The engines' decoders round differently from Pillow's: no pixel is far off.
    difference = np.abs(rgba[..., :3] - original)
    assert difference.mean() <= 1
    assert np.array_equal(rgba[..., 3], result.grey())


@pytest.fixture(scope="module")
def first(engine: WebDriver, site: Site) -> Cutout:
    """The first visit of a device without a GPU: one photo, and the page stays open after it."""
    site.faults.clear()
    engine.get(site.url())
    site.requests.clear()
    return cut_out(engine, tiny_model.photo(1)[0], threads=2, output=tiny_model.AS_DRAWN)


def test_threads_without_a_gpu(first: Cutout, site: Site) -> None:
    assert np.abs(first.grey() - tiny_model.photo(1)[1] * 255).max() <= 1
    report = first.report
    assert (report["requested"], report["backend"], report["reason"]) == (
        "auto",
        "wasm",
        "no-webgpu",
    )
    assert [(tried["build"], tried["threads"]) for tried in report["attempts"][1:]] == [("wasm", 2)]
    assert report["threads"] == {"asked": 2, "got": 2}
    assert report["isolated"] is True
    assert report["adapter"] is None
    names = {path.rpartition("/")[2] for path in site.requests}
    runtimes = {name for name in names if name.startswith("ort-")}
    assert runtimes <= {"ort-wasm-simd-threaded.wasm", "ort-wasm-simd-threaded.mjs"}


@pytest.mark.usefixtures("first")
def test_asking_for_the_gpu_says_why_not(engine: WebDriver) -> None:
    route = call(engine, "route", {"backend": "webgpu"})

    assert (route["attempts"][0]["backend"], route["reason"]) == ("wasm", "no-webgpu")
    [refused] = route["refused"]
    assert (refused["backend"], refused["outcome"], refused["code"]) == (
        "webgpu",
        "refused",
        "no-webgpu",
    )


@pytest.mark.usefixtures("first")
def test_a_person_chooses_a_photo_and_removes_its_file(engine: WebDriver, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(tiny_model.photo(2)[0])
    engine.find_element(By.ID, "files").send_keys(str(photo))
    wait_for(engine, "[data-job][data-state=done][data-backend=wasm][data-held]")
    photo.unlink()

    chosen = "document.querySelector('.finish [name=background][value=colour]').click()"
    before = engine.execute_script(SHOWN)
    engine.execute_script(chosen)

    WebDriverWait(engine, 60, 0.05).until(lambda driver: driver.execute_script(SHOWN) != before)
    assert not engine.find_elements(By.CSS_SELECTOR, "[role=alert]")


SHOWN = "return document.querySelector('[data-job] .compare-after').src"


def wait_for(driver: WebDriver, selector: str) -> None:
    try:
        WebDriverWait(driver, 60, 0.05).until(
            lambda _: driver.find_elements(By.CSS_SELECTOR, selector)
        )
    except TimeoutException as error:
        raise AssertionError(driver.find_element(By.TAG_NAME, "body").text) from error


@pytest.mark.usefixtures("first")
def test_second_visit(engine: WebDriver, site: Site) -> None:
    """Under automation WebKit's Cache Storage is emptied by a reload, at times in mid-use."""
    engine.get(site.url())
    site.requests.clear()

    report = cut_out(engine, tiny_model.photo(3)[0]).report

    assert report["backend"] == "wasm"
    if engine.name == "firefox":
        assert report["bytes"]["received"] == 0 < report["bytes"]["stored"]
        assert not [path for path in site.requests if "/models/" in path]


def test_a_photo_chosen_before_the_scripts_ran(engine: WebDriver, site: Site) -> None:
    site.faults["/main.js"] = lambda answer: replace(answer, status="503 Service Unavailable")
    engine.get(site.url())
    engine.find_element(By.ID, "files").send_keys(str(PHOTOS / "chelsea.png"))
    site.faults.clear()

    main = "document.querySelector('script[type=module]').src"
    engine.execute_async_script(f"import({main} + '?late').then(arguments[0], arguments[0])")

    WebDriverWait(engine, 60, 0.05).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, "[data-job]")
    )


def test_page_has_no_way_out(
    visit: WebDriver, site: Site, eavesdropper: Eavesdropper, subtests: pytest.Subtests
) -> None:
    assert_no_way_out_of_a_page(visit, site, eavesdropper, subtests)


def test_inference_worker_has_no_way_out(
    visit: WebDriver, site: Site, eavesdropper: Eavesdropper, subtests: pytest.Subtests
) -> None:
    assert_no_way_out_of_a_worker(visit, "model", site, eavesdropper, subtests)


def test_without_the_policy_there_would_be_a_way_out(
    engine: WebDriver, site: Site, eavesdropper: Eavesdropper
) -> None:
    """The tests above can fail: the same attempts succeed on a page without its policy."""
    assert_ways_out_without_policy(engine, ("fetch", "WebSocket", "sendBeacon"), site, eavesdropper)


def test_the_promise_is_tried_here_too(
    engine: WebDriver, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """WebKit tells a worker of no refusal: there, what fails and what does not is found out."""
    with serving(tiny_site.app(tmp_path_factory.mktemp("walled"))) as walled:
        # These keep what they are given: what is not to be kept comes first.
        for fault, count in ((dropped, 0), (lambda answer: answer, 3)):
            walled.faults[""] = fault
            engine.get(walled.url())
            wait_until_tried(engine)
            choose(engine, tmp_path)
            until = WebDriverWait(engine, 60, 0.05).until
            until(lambda page: "not tried yet" not in said(page))
            assert said(engine).count("The browser refused.") == count, said(engine)
            assert said(engine).count("and could") == (0 if count else 2), said(engine)


def test_what_is_drawn_is_what_the_file_holds(engine: WebDriver, site: Site) -> None:
    site.faults.clear()
    assert_same(ask(engine, site, "file"))


def test_the_editor_paints_and_undoes(
    engine: WebDriver, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    engine.set_window_size(1280, 900)
    ring = saved(tmp_path, "ring.png", (80, 40, 720, 460), hole=True)
    store = tmp_path_factory.mktemp("decided")
    with serving(tiny_site.app(store, graph=tiny_model.decided())) as decided:
        editor = editor_with(engine, decided, ring)
        editor.shows(SUBJECT, DARK)
        engine.find_element(By.CSS_SELECTOR, ".editor-tools input[value=erase]").click()
        editor.draw((140, 100), (180, 100), (220, 100))
        editor.shows(SUBJECT, WHITE)
        editor.chord(Keys.CONTROL, "z")
        editor.shows(SUBJECT, DARK)
        engine.get("about:blank")
