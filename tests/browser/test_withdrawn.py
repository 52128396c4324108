"""On the CPU the first photo goes before the model's test, and is taken back if that fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.harness import tiny_parts
from tests.harness.driving import call, see, states
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

#: From now on: the states of the card, each once, with whether it had a file to be saved.
WATCH = """
window.seen = [];
new MutationObserver(() => {
  for (const { dataset } of document.querySelectorAll('[data-job]')) {
    if (seen.at(-1) !== dataset.state) seen.push(dataset.state);
  }
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-state'] });
"""


def wrong(models: dict[str, Any]) -> None:
    models["both"]["parts"][1]["canary"]["seed"] += 1


def drop(driver: Chrome, site: Site, photo: Path) -> None:
    driver.get(site.url("?model=both&backend=wasm"))
    driver.execute_script(WATCH)
    driver.find_element(By.ID, "files").send_keys(str(photo))


def wait_for(driver: Chrome, state: str) -> None:
    WebDriverWait(driver, 60, 0.05).until(lambda page: states(page) == [state])


def cutouts(driver: Chrome) -> list[dict[str, Any]]:
    entries = call(driver, "diagnostics")["entries"]
    return [entry["report"] for entry in entries if entry["kind"] == "cutout"]


def proofs(driver: Chrome) -> list[dict[str, Any]]:
    entries = call(driver, "diagnostics")["entries"]
    return [entry for entry in entries if entry["kind"] == "proof"]


def test_the_photo_goes_first_and_the_test_follows(shop: Chrome, site: Site, photo: Path) -> None:
    drop(shop, site, photo)
    wait_for(shop, "done")
    [report] = cutouts(shop)
    assert (report["canary"], report["ms"]["canary"]) == ("later", 0)
    WebDriverWait(shop, 60).until(proofs)
    [proof] = proofs(shop)
    assert (proof["error"], proof["report"]["canary"]) == (None, "passed")
    assert proof["report"]["ms"]["canary"] > 0
    assert states(shop) == ["done"]
    drop(shop, site, photo)
    WebDriverWait(shop, 60).until(lambda page: len(cutouts(page)) == 2)
    assert cutouts(shop)[0]["canary"] == "remembered"


def test_what_was_wrong_is_taken_back_in_words(shop: Chrome, site: Site, photo: Path) -> None:
    tiny_parts.offer(site, wrong)
    drop(shop, site, photo)
    alert = see(shop, "[data-job] [role=alert]", "was taken back")
    assert "done" in shop.execute_script("return seen")
    assert states(shop) == ["failed"]
    assert "Do not use a file that you saved of it" in alert.text
    assert not shop.find_elements(By.CSS_SELECTOR, "[data-job] .compare-after")
    link = shop.find_element(By.CSS_SELECTOR, "[data-job] [data-part=download]")
    assert (link.get_attribute("href"), link.is_displayed()) == (None, False)
    assert shop.find_element(By.CSS_SELECTOR, "[data-job]").get_attribute("data-backend") is None
    # Tested first from now on: it is never shown again.
    shop.execute_script("seen.length = 0")
    see(shop, "[data-job] [data-part=retry]").click()
    see(
        shop,
        "[data-job] [role=alert]",
        "got a test picture wrong on this device, so it was not used",
    )
    assert "done" not in shop.execute_script("return seen")
