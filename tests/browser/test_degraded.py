"""Where the browser withholds things, the cutout still comes and the page says what is lost."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.harness import browsers, tables, tiny_model
from tests.harness.driving import Cutout, PageError, call, forget_everything, unfold
from tests.harness.driving import cut_out as cut
from tests.harness.site import Answer, Site
from tests.harness.waiting import WebDriverWait
from tests.harness.walls import complaints

PHOTO, TRUTH = tiny_model.photo(1)


def cut_out(driver: Chrome, photo: bytes) -> Cutout:
    return cut(driver, photo, output=tiny_model.AS_DRAWN)


def assert_true_cutout(result: Cutout) -> None:
    assert np.abs(result.grey() - TRUTH * 255).max() <= 1


def notice(driver: Chrome) -> str:
    """The visible notices' text, once there is one."""
    found = (By.CSS_SELECTOR, ".notices .notice")
    WebDriverWait(driver, 60, 0.05).until(lambda page: page.find_elements(*found))
    return " ".join(element.text for element in driver.find_elements(*found))


@pytest.fixture(scope="module")
def site(tiny: Site) -> Site:
    return tiny


def test_plain_http_on_a_host_name(intranet: Chrome, site: Site) -> None:
    site.faults.clear()
    intranet.get(site.url(host="mattebox.test"))
    assert "not secure (http)" in notice(intranet)

    first = cut_out(intranet, PHOTO)

    assert_true_cutout(first)
    report = first.report
    assert (report["secure"], report["isolated"]) == (False, False)
    assert report["threads"]["got"] == 1
    assert report["bytes"]["received"] > report["bytes"]["stored"] == 0
    assert call(intranet, "diagnostics")["environment"]["losses"][0] == "insecure-context"
    # The session stays in memory: a second photo needs no second download.
    assert cut_out(intranet, PHOTO).report["bytes"]["received"] == 0


def test_plain_http_still_checks_what_it_fetches(intranet: Chrome, site: Site) -> None:
    """Without crypto.subtle the digests are computed by our own SHA-256."""
    intranet.get(site.url(host="mattebox.test"))
    intranet.execute_cdp_cmd("Network.clearBrowserCache", {})
    site.faults["/models/"] = lambda answer: answer.with_body(answer.body[:-1] + b"?")
    with pytest.raises(PageError) as caught:
        cut_out(intranet, PHOTO)
    site.faults.clear()

    assert caught.value.code == "model-corrupt"


def test_without_cross_origin_isolation(page: Chrome, site: Site) -> None:
    def unwrapped(answer: Answer) -> Answer:
        return answer.without("Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy")

    site.faults[""] = unwrapped
    forget_everything(page, site)
    assert "one part of the processor" in notice(page)

    result = cut_out(page, PHOTO)

    assert_true_cutout(result)
    assert (result.report["secure"], result.report["isolated"]) == (True, False)
    assert result.report["threads"]["got"] == 1


BLOCK_STORAGE = b"""
CacheStorage.prototype.open = () => Promise.reject(new DOMException('blocked', 'SecurityError'));
"""


def test_without_cache_storage(empty_page: Chrome, site: Site) -> None:
    """As in a private window, where asking for the storage is refused."""
    site.faults["storage/store.js"] = lambda answer: answer.with_body(BLOCK_STORAGE + answer.body)
    forget_everything(empty_page, site)

    result = cut_out(empty_page, PHOTO)

    assert_true_cutout(result)
    assert result.report["bytes"]["stored"] == 0
    assert empty_page.execute_async_script("caches.keys().then(arguments[0])") == []
    tables.note("faults", "storage is refused, as in a private window: the cutout is the same")


@pytest.mark.usefixtures("_chromium_is_here")
def test_blocked_by_the_persons_own_settings(site: Site, tmp_path: Path) -> None:
    """The storage is there, and everything asked of it is refused."""
    site.faults.clear()
    preferences = tmp_path / "Default" / "Preferences"
    preferences.parent.mkdir()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    preferences.write_text(json.dumps(blocked))
    with browsers.chromium(profile=tmp_path) as driver:
        site.is_kept = True
        try:
            driver.get(site.url())
        finally:
            site.is_kept = False
        assert "This browser stores nothing for this page" in notice(driver)
        offer = driver.find_element(By.ID, "offer")
        WebDriverWait(driver, 60, 0.05).until(lambda _: "at each visit" in offer.text)
        driver.find_element(By.CSS_SELECTOR, "[data-part=open-stored]").click()
        panel = driver.find_element(By.CSS_SELECTOR, "dialog.stored")
        WebDriverWait(driver, 60, 0.05).until(lambda _: "cannot store anything" in panel.text)
        assert "keep it" not in panel.text

        result = cut_out(driver, PHOTO)

        assert_true_cutout(result)
        assert result.report["storage"] == {"code": "no-cache-storage"}
        assert complaints(driver) == []


def test_full_disk_costs_the_store_not_the_cutout(empty_page: Chrome, site: Site) -> None:
    quota = {"origin": site.url(""), "quotaSize": 3_000_000}
    empty_page.execute_cdp_cmd("Storage.overrideQuotaForOrigin", quota)
    try:
        result = cut_out(empty_page, PHOTO)
        assert_true_cutout(result)
        told = result.report["bytes"]
        # Some disks are known to be full only by writing: what has come by then is not lost.
        assert told["received"] == told["expected"]
        trouble = result.report["storage"]
        assert trouble["code"] == "storage-full"
        assert trouble["needed"] > 14_000_000
        assert call(empty_page, "offer")["parts"][0]["stored"] is False
    finally:
        empty_page.execute_cdp_cmd("Storage.overrideQuotaForOrigin", {"origin": site.url("")})


def test_one_thread_by_url(page: Chrome, site: Site, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(PHOTO)
    page.get(site.url("/?threads=1&backend=wasm"))
    page.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(photo))
    done = (By.CSS_SELECTOR, "[data-job][data-state=done]")
    WebDriverWait(page, 90).until(lambda driver: driver.find_elements(*done))

    report = call(page, "diagnostics")["reports"][-1]
    assert report["threads"] == {"asked": 1, "got": 1}
    unfold(page, "how")
    assert "1 thread" in page.find_element(By.CSS_SELECTOR, "[data-part=report]").text
