"""Where photos run and why: looked at, exported, cleared, chosen; and a slow GPU asked about."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from tests.browser.routes import GOOD_GPU, LIMIT, needs, on_gpu
from tests.harness import tiny_model
from tests.harness.driving import call, see, unfold
from tests.harness.sabotage import Sabotage, fault, sabotage
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

SOFTWARE = "simulated graphics card (SwiftShader)"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "grandmother.png"
    file.write_bytes(tiny_model.photo(1)[0])
    return file


@pytest.fixture(scope="module")
def _stocked(gpu_chromium: Chrome, site: Site) -> None:
    """What each backend needs is stored, so that nothing is asked about downloads."""
    tiny_model.offer(site)
    gpu_chromium.get(site.url())
    for backend in ("webgpu", "wasm"):
        call(gpu_chromium, "preload", {"backend": backend})
    gpu_chromium.get("about:blank")


@pytest.fixture
def device(_stocked: None, gpu_device: Chrome, site: Site) -> Iterator[Chrome]:
    """A device whose GPU is SwiftShader, and a model that is quick even on it."""
    tiny_model.offer(site)
    yield gpu_device
    gpu_device.get("about:blank")


def until_text(driver: Chrome, selector: str, words: str) -> str:
    """The text of an element, once it holds these words."""
    element = driver.find_element(By.CSS_SELECTOR, selector)
    try:
        WebDriverWait(driver, 60, 0.05).until(lambda _: words in element.text)
    except Exception as error:
        raise AssertionError(f"{selector} says {element.text!r}, not {words!r}") from error
    return element.text


def open_page(driver: Chrome, site: Site, query: str = "") -> None:
    driver.get(site.url(f"/{query}"))
    see(driver, "details.runs")


def break_workers(driver: Chrome, site: Site, *faults: Sabotage) -> None:
    """Nothing sound is kept by the browser, which takes assets to be immutable."""
    sabotage(site, faults)
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})


def open_runs(driver: Chrome) -> None:
    see(driver, "details.runs summary").click()
    WebDriverWait(driver, 60, 0.05).until(lambda _: describes(driver, "webgpu"))


def describes(driver: Chrome, backend: str) -> bool:
    """Whether somebody has looked at it."""
    return see(driver, f"#runs-{backend}").text not in ("", "Not checked yet")


def choose(driver: Chrome, backend: str) -> None:
    see(driver, f".run:has([value={backend}]) label").click()


def chosen(driver: Chrome) -> str:
    script = "return document.querySelector('[name=backend]:checked').value"
    return str(driver.execute_script(script))


def add(driver: Chrome, photo: Path) -> None:
    driver.find_element(By.ID, "files").send_keys(str(photo))


def wait_for(driver: Chrome, state: str) -> WebElement:
    return see(driver, f"[data-job][data-state={state}]", seconds=60)


def last_report(driver: Chrome) -> dict[str, Any]:
    report: dict[str, Any] = call(driver, "diagnostics")["reports"][-1]
    return report


def focused(driver: Chrome) -> str | None:
    return driver.switch_to.active_element.get_attribute("data-part")


def press(driver: Chrome, *keys: str) -> None:
    ActionChains(driver).send_keys(*keys).perform()


def test_diagnostics_by_keyboard(device: Chrome, site: Site, photo: Path, tmp_path: Path) -> None:
    folder = {"behavior": "allow", "downloadPath": str(tmp_path)}
    device.execute_cdp_cmd("Browser.setDownloadBehavior", folder)
    allowed = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    device.execute_cdp_cmd("Browser.grantPermissions", allowed)
    open_page(device, site)
    add(device, photo)
    wait_for(device, "done")
    unfold(device, "how")
    assert SOFTWARE in device.find_element(By.CSS_SELECTOR, "[data-part=report]").text
    assert not [path for path in site.requests if "diagnostics-panel" in path]

    # The model's test follows the photo.
    WebDriverWait(device, 60, 0.05).until(lambda page: kinds(page)[:2] == ["proof", "cutout"])
    see(device, "[data-part=open-diagnostics]").send_keys(Keys.ENTER)
    panel = see(device, "dialog.diagnostics")
    assert focused(device) == "heading"
    line = until_text(device, ".diagnostics [data-part=line]", SOFTWARE)
    assert line.startswith("Photos are cut out on the processor, with 2 threads. ")
    run = panel.find_elements(By.CSS_SELECTOR, "tbody tr:has(button)")[1]
    for words in ("Tiny", "CPU, 2 threads", "software GPU refused"):
        assert words in run.text
    bar = run.find_element(By.TAG_NAME, "svg")
    assert "Model" in (bar.get_attribute("aria-label") or "")

    details = run.find_element(By.TAG_NAME, "button")
    details.send_keys(Keys.ENTER)
    assert details.get_attribute("aria-expanded") == "true"
    assert "GPU: not tried, fallback-adapter" in panel.text

    see(device, "[data-part=copy]").send_keys(Keys.ENTER)
    until_text(device, "[data-part=said]", "Copied")
    read = "navigator.clipboard.readText().then(arguments[0])"
    copied = json.loads(device.execute_async_script(read))
    see(device, "[data-part=export]").send_keys(Keys.ENTER)
    exported = exported_file(tmp_path)
    assert json.loads(exported) == copied
    assert copied["entries"][1]["report"]["reason"] == "fallback-adapter"
    assert "grandmother" not in exported

    see(device, "[data-part=clear] [data-part=delete]").send_keys(Keys.ENTER)
    assert focused(device) == "no"
    see(device, "[data-part=clear] [data-part=yes]").send_keys(Keys.ENTER)
    until_text(device, "[data-part=no-runs]", "Nothing has run")
    assert call(device, "diagnostics")["entries"] == []

    see(device, "[data-part=measure]").send_keys(Keys.ENTER)
    until_text(device, "[data-part=said]", "Measured")
    press(device, Keys.ESCAPE)
    assert not panel.is_displayed()
    assert focused(device) == "open-diagnostics"


def kinds(driver: Chrome) -> list[str]:
    """Of the runs that are remembered, the latest first."""
    return [entry["kind"] for entry in call(driver, "diagnostics")["entries"]]


def exported_file(folder: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = list(folder.glob("mattebox-diagnostics-*.json"))
        if found and found[0].stat().st_size > 0:
            return found[0].read_text()
        time.sleep(0.05)
    raise AssertionError(f"nothing was saved in {folder}")


def test_a_choice_is_remembered_and_the_address_wins(
    device: Chrome, site: Site, photo: Path
) -> None:
    open_page(device, site)
    open_runs(device)
    choose(device, "wasm")
    Select(see(device, "#threads")).select_by_value("1")
    until_text(device, "[data-part=runs] [data-part=line]", "with 1 thread.")

    open_page(device, site)
    until_text(device, "[data-part=runs-state]", "your choice")
    add(device, photo)
    wait_for(device, "done")
    report = last_report(device)
    assert (report["requested"], report["threads"]) == ("wasm", {"asked": 1, "got": 1})

    open_page(device, site, "?backend=auto&threads=2")
    until_text(device, "[data-part=runs-state]", "set by the address")
    open_runs(device)
    until_text(device, ".runs [data-part=line]", "backend=auto and threads=2")
    assert not see(device, "[name=backend][value=wasm]").is_enabled()
    assert not see(device, "#threads").is_enabled()
    add(device, photo)
    wait_for(device, "done")
    report = last_report(device)
    assert (report["requested"], report["threads"]["got"]) == ("auto", 2)
    # For the visit, not for good.
    open_page(device, site)
    open_runs(device)
    until_text(device, "[data-part=runs] [data-part=line]", "with 1 thread.")


def test_a_slow_gpu_is_asked_about_and_stopped(device: Chrome, site: Site, photo: Path) -> None:
    break_workers(device, site, fault("mapping", "never", "cutout", backend="webgpu"))
    open_page(device, site)
    open_runs(device)
    choose(device, "webgpu")
    assert SOFTWARE in see(device, ".runs-question").text
    see(device, "[data-part=keep]").click()
    assert chosen(device) == "auto"

    choose(device, "webgpu")
    see(device, "[data-part=force]").click()
    until_text(device, "[data-part=runs-chosen]", "Graphics card")
    add(device, photo)
    wait_for(device, "running")
    see(device, "[data-part=use-cpu]").click()
    job = wait_for(device, "done")
    assert job.get_attribute("data-backend") == "wasm"
    assert chosen(device) == "wasm"


def test_a_slow_gpu_in_the_address_waits_for_an_answer(
    device: Chrome, site: Site, photo: Path
) -> None:
    open_page(device, site, "?backend=webgpu")
    add(device, photo)
    assert "The address asks for the graphics card" in see(device, ".runs-question").text
    wait_for(device, "queued")
    # Enter, meant for the file dialog, must not answer.
    WebDriverWait(device, 60, 0.05).until(lambda _: focused(device) == "title")
    press(device, Keys.ENTER)
    wait_for(device, "queued")
    see(device, "[data-part=force]").click()
    job = wait_for(device, "done")
    assert job.get_attribute("data-backend") == "webgpu"
    assert last_report(device)["reason"] == "requested"

    # The yes held for that visit.
    open_page(device, site)
    until_text(device, "[data-part=runs-state]", "chosen automatically")


def test_a_gpu_that_cannot_be_used_says_why(device: Chrome, site: Site) -> None:
    tiny_model.offer(site, lambda model: needs(model, limits={LIMIT: 2**40}))
    open_page(device, site)
    open_runs(device)
    assert see(device, "#runs-webgpu").text == "Cannot be used here"
    assert not see(device, "[name=backend][value=webgpu]").is_enabled()
    until_text(device, ".runs [data-part=line]", f"{LIMIT}: 1,099,511,627,776 needed")

    open_page(device, site, "?backend=webgpu")
    until_text(device, ".notices", "asks for the graphics card, which cannot be used here")


def test_a_photo_that_moves_to_the_cpu_says_why(device: Chrome, site: Site, photo: Path) -> None:
    break_workers(device, site, *GOOD_GPU, on_gpu("destroy", at="cutout begins"))
    open_page(device, site)
    until_text(device, "[data-part=runs-chosen]", "Graphics card")
    add(device, photo)
    job = wait_for(device, "done")
    assert job.get_attribute("data-backend") == "wasm"
    unfold(device, "how")
    until_text(device, "[data-part=report]", "The connection to the graphics card was lost.")
    see(device, "[data-part=open-diagnostics]").click()
    see(device, ".diagnostics tbody tr")
    until_text(device, ".diagnostics tbody", "The connection to the graphics card was lost.")
