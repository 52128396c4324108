"""Choosing a large model: nothing is fetched without a yes; what is stored can be deleted."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.harness import tiny_model
from tests.harness.driving import call, forget_everything, see, states
from tests.harness.made_models import add_model
from tests.harness.photos import PHOTOS
from tests.harness.site import Answer, Site
from tests.harness.waiting import WebDriverWait

PADDING = random.Random(3).randbytes(12_000_000)  # noqa: S311, the same at every run


@pytest.fixture(scope="module")
def site(tiny: Site) -> Site:
    return tiny


@pytest.fixture(scope="module")
def graph(site: Site) -> bytes:
    served = site.app.test_client()
    [model] = json.loads(served.get("/catalog.json").data)["models"]
    return served.get(f"/{model['files'][0]['url']}").data


@pytest.fixture
def shop(page: Chrome, site: Site, graph: bytes) -> Iterator[Chrome]:
    """A page that offers a tiny model, stored, and one of two parts, the same graph and 12 MB."""
    add_model(site, "big", "Big one", {"big.onnx": graph, "big.onnx.data": PADDING})
    forget_everything(page, site)
    call(page, "preload", {"model": tiny_model.ID})
    page.get(site.url())
    site.requests.clear()
    yield page
    page.execute_script("localStorage.clear()")


def choose_model(driver: Chrome, model: str) -> None:
    if not driver.find_element(By.CSS_SELECTOR, "details.models").get_property("open"):
        see(driver, "details.models summary").click()
    see(driver, f"[data-model={model}] label").click()


def choose_photo(driver: Chrome) -> None:
    driver.find_element(By.ID, "files").send_keys(str(PHOTOS / "chelsea.png"))


def wait_for(driver: Chrome, *expected: str) -> None:
    WebDriverWait(driver, 60, 0.05).until(lambda page: states(page) == list(expected))


def big_requests(site: Site) -> list[str]:
    return [path for path in site.requests if "big.onnx" in path]


def test_declining_changes_nothing(shop: Chrome, site: Site) -> None:
    choose_model(shop, "big")
    # The graph is the tiny model's, so it is here already.
    assert "12.0 MB" in see(shop, ".consent").text
    choose_photo(shop)
    assert states(shop) == ["queued"]
    see(shop, ".consent [data-part=decline]").click()

    # The choice is what it was, and so is what photos are cut out with.
    wait_for(shop, "done")
    chosen = "return document.querySelector('[name=model]:checked').value"
    assert shop.execute_script(chosen) == tiny_model.ID
    assert shop.find_elements(By.CSS_SELECTOR, ".consent") == []
    assert big_requests(site) == []
    assert call(shop, "diagnostics")["reports"][-1]["model"]["id"] == tiny_model.ID


def test_consent_pause_resume_and_cut_out(shop: Chrome, site: Site) -> None:
    sound = site.faults["/big.onnx.data"]
    paused = threading.Event()
    site.faults["/big.onnx.data"] = lambda answer: replace(sound(answer), stall=paused)
    choose_model(shop, "big")
    choose_photo(shop)
    see(shop, ".consent [data-part=accept]").click()
    numbers = see(shop, ".download[data-phase=loading] [data-part=numbers]")
    WebDriverWait(shop, 60, 0.05).until(lambda _: "MB" in numbers.text)
    assert states(shop) == ["queued"]
    see(shop, "[data-part=pause]").click()
    see(shop, ".download[data-phase=paused]")
    paused.set()
    site.faults["/big.onnx.data"] = sound

    see(shop, "[data-part=resume]").click()
    wait_for(shop, "done")

    report = call(shop, "diagnostics")["reports"][-1]
    assert report["model"]["id"] == "big"
    # A part that another model has brought is shared, not fetched again.
    assert not [path for path in big_requests(site) if path.endswith(".onnx")]
    shop.get(site.url())
    assert call(shop, "offer", {"model": "big"})["download"] == 0


def test_download_failure_in_the_panel(shop: Chrome, site: Site) -> None:
    sound = site.faults["/big.onnx.data"]
    site.faults["/big.onnx.data"] = lambda answer: sound(answer).with_body(b"cut")
    choose_model(shop, "big")
    see(shop, ".consent [data-part=accept]").click()
    failed = see(shop, ".download[data-phase=failed]")
    assert "3 bytes instead of" in failed.text

    site.faults["/big.onnx.data"] = sound
    see(shop, "[data-part=retry]").click()
    WebDriverWait(shop, 60, 0.05).until(
        lambda page: call(page, "offer", {"model": "big"})["download"] == 0
    )


def test_stored_on_this_device(shop: Chrome) -> None:
    see(shop, "[data-part=open-stored]").click()
    dialog = see(shop, "dialog.stored")
    WebDriverWait(shop, 60, 0.05).until(lambda _: "300 kB" in dialog.text, dialog.text)
    for part in ("Tiny", "Program that cuts out", "14.2 MB", "The files below"):
        assert part in dialog.text
    rows = dialog.find_elements(By.CSS_SELECTOR, ".stored-file")
    model = next(row for row in rows if "Tiny" in row.text)
    model.find_element(By.CSS_SELECTOR, "[data-part=delete]").click()
    see(shop, ".stored-file [data-part=yes]").click()

    def roles(driver: Chrome) -> set[str]:
        return {file["role"] for file in call(driver, "stored")["files"]}

    WebDriverWait(shop, 60, 0.05).until(lambda driver: roles(driver) == {"runtime"})


def test_a_finer_model_is_offered_beside_the_photos(shop: Chrome, site: Site) -> None:
    offered = site.faults["/catalog.json"]

    def recommending(answer: Answer) -> Answer:
        told = offered(answer)
        return told.with_body(json.dumps(json.loads(told.body) | {"recommended": "big"}).encode())

    site.faults["/catalog.json"] = recommending
    shop.get(site.url())
    choose_photo(shop)
    wait_for(shop, "done")
    assert "12.0 MB, once" in see(shop, ".finer").text
    see(shop, "[data-part=finer-decline]").click()
    see(shop, ".toast [data-part=undo]").click()
    see(shop, "[data-part=finer-accept]").click()

    see(shop, ".job-state", "Big one")
    wait_for(shop, "done")
    assert shop.find_elements(By.CSS_SELECTOR, ".finer, .consent") == []
    assert call(shop, "diagnostics")["reports"][-1]["model"]["id"] == "big"
    # What it was can be had back, and photos to come are cut out with the finer one.
    see(shop, ".toast [data-part=undo]").click()
    see(shop, ".job-state", "Tiny")
    shop.get(site.url())
    chosen = "return document.querySelector('[name=model]:checked')?.value"
    WebDriverWait(shop, 60, 0.05).until(lambda page: page.execute_script(chosen) == "big")
