"""The page with photos on it, in states that take a model of another kind, or a quick one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from selenium.common.exceptions import TimeoutException
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.audit.acting import choose, fold, pick, press
from tests.harness import pretended_pictures, tiny_model, tiny_segmenter, tiny_site
from tests.harness.driving import call, see, states
from tests.harness.made_models import add_model
from tests.harness.photos import PHOTOS
from tests.harness.site import Answer, Site, serving
from tests.rehearsal.sd_store import rehearse

NAMES = ("chelsea.png", "coffee.png", "camera.png", "rocket.webp")
LONG = "a name that somebody made as long as names may be " * 3 + "and longer.png"
#: Above what is fetched without asking.
LARGE = bytes(12_000_000)
TOOLS = ("restore", "erase", "edge", "select", "look", "parts")
OPENED = ".editor[open]:not([data-opening]) .editor-stage[aria-busy=false]"


def desk_states(driver: Chrome, scratch: Path) -> Iterator[str]:
    """On a site of its own, which has a model that selects, and is believed to have one that makes
    pictures."""
    twin = rehearse(scratch / "twin", "float32")
    twin.pull()
    store = scratch / "store"
    store.mkdir()
    graph = tiny_model.decided()
    app = tiny_site.app(store, graph=graph, pipelines=(twin.installed,), keep="never")
    with serving(app) as site:
        _offer_all(site, graph)
        pretended_pictures.pretend(site)
        driver.get(site.url())
        call(driver, "preload", {"model": tiny_model.ID})
        driver.get(site.url())
        yield from _many(driver, site, scratch)
        yield from _large(driver)
        yield from _editor(driver)
        yield from _words(driver)
        yield from _id_photo(driver, site)


def _offer_all(site: Site, graph: bytes) -> None:
    """Beside the tiny model a finer one, one that selects, and what pictures are made with."""
    add_model(site, "big", "Big one", {"big.onnx": graph, "big.onnx.data": LARGE})
    models = site.faults["/catalog.json"]
    tiny_segmenter.offer(site)
    segmenter = site.faults["/catalog.json"]

    def catalog(answer: Answer) -> Answer:
        whole = json.loads(models(answer).body) | {"recommended": "big"}
        whole["pipelines"] += json.loads(segmenter(answer).body)["pipelines"]
        return answer.with_body(json.dumps(whole).encode())

    site.faults["/catalog.json"] = catalog


def _many(driver: Chrome, site: Site, scratch: Path) -> Iterator[str]:
    broken = scratch / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    named = scratch / LONG
    named.write_bytes((PHOTOS / "coffee.png").read_bytes() + b"once more")
    see(driver, "[data-part=sample]")
    choose(driver, *(PHOTOS / name for name in NAMES), named, broken)
    _settled(driver, 6)
    see(driver, ".finer")
    yield "the offer beside the photos"
    press(driver, "[data-part=finer-decline]")
    press(driver, "[data-part=failures] summary")
    yield "failures in one list"
    press(driver, "[data-part=failures] summary")
    for number in (1, 2, 3):
        _act(driver, f".job:nth-child({number}) .pick")
    _act(driver, ".finish .chip input[value=colour]")
    _settled(driver, 6)
    see(driver, ".job-own")
    yield "three chosen, with choices of their own"
    _act(driver, "[data-part=choose-none]")
    released = threading.Event()
    site.faults["client-zip"] = lambda answer: replace(answer, stall=released)
    see(driver, "[data-part=download-all]").click()
    see(driver, "[data-part=download-all]:not(.primary), [data-part=download-all]", "Stop")
    yield "a ZIP being made"
    released.set()
    see(driver, "[data-part=download-all]", "Download")


def _large(driver: Chrome) -> Iterator[str]:
    _act(driver, ".job:nth-child(2) [data-part=view]")
    see(driver, ".large[open]")
    ActionChains(driver).send_keys("s").perform()
    see(driver, ".large[open] .divider")
    yield "large view, both beside each other"
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()


def _editor(driver: Chrome) -> Iterator[str]:
    _act(driver, ".job:nth-child(2) [data-part=touch-up]")
    see(driver, OPENED)
    for tool in TOOLS:
        _act(driver, f".editor-tools input[value={tool}]")
        yield f"editor, {tool}"
    # On a phone; elsewhere they are seen without.
    _act(driver, ".editor-toggle")
    yield "editor, options open"
    ActionChains(driver).send_keys("?").perform()
    see(driver, ".editor-help")
    yield "editor, help"
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    _act(driver, ".editor-bar .primary")


def _words(driver: Chrome) -> Iterator[str]:
    fold(driver, "panel", is_open=True)
    _act(driver, ".chip-words input")
    see(driver, ".words-prompt").send_keys("a table by the sea", Keys.ENTER)
    see(driver, ".words-question")
    yield "made from words, asking"
    _act(driver, ".words-terms input")
    press(driver, "[data-part=words-accept]")
    WebDriverWait(driver, 60).until(
        lambda page: len(page.find_elements(By.CSS_SELECTOR, ".words-pictures img")) == 4
    )
    yield "made from words, four pictures"


def _id_photo(driver: Chrome, site: Site) -> Iterator[str]:
    driver.execute_script("localStorage.clear()")
    driver.get(site.url())
    see(driver, "[data-part=sample]")
    choose(driver, PHOTOS / "chelsea.png")
    _settled(driver, 1)
    pick(driver, "size", "id-photo")
    see(driver, "[data-part=adjust-crop]")
    yield "an ID photo"
    _act(driver, "[data-part=adjust-crop]")
    see(driver, "#crop-words", "dpi")
    yield "the crop of an ID photo"


def _settled(driver: Chrome, count: int) -> None:
    def is_over(page: Chrome) -> bool:
        found = states(page)
        return len(found) == count and set(found) <= {"done", "failed"}

    try:
        WebDriverWait(driver, 240, 0.05).until(is_over)
    except TimeoutException:
        raise RuntimeError(f"photos are {states(driver)}") from None


def _act(driver: Chrome, selector: str) -> None:
    """A press on what is seen only while it is pointed at, or behind something that is seen."""
    see_it = "return document.querySelector(arguments[0])"
    element = WebDriverWait(driver, 60, 0.05).until(
        lambda _: driver.execute_script(see_it, selector)
    )
    driver.execute_script("arguments[0].click()", element)
