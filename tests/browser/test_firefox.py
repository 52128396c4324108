"""Another WebGPU than Chromium's: Firefox's on Mesa's software Vulkan, which gives no name away."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.test_probe import assert_measured
from tests.harness import browsers, tiny_model
from tests.harness.driving import Cutout, cut_out
from tests.harness.site import Site

#: Firefox keeps WebGPU from pages on Linux, and Mesa's software devices from everyone.
WEBGPU = {
    "dom.webgpu.enabled": True,
    "dom.webgpu.workers.enabled": True,
    "gfx.webgpu.ignore-blocklist": True,
}


@pytest.fixture(scope="module")
def firefox(firefox_is_here: None, lavapipe_is_here: None) -> Iterator[WebDriver]:
    with browsers.firefox(**WEBGPU) as driver:
        yield driver


@pytest.fixture
def page(firefox: WebDriver, site: Site) -> WebDriver:
    site.faults.clear()
    tiny_model.offer(site)
    firefox.get(site.url())
    site.requests.clear()
    return firefox


def fetched_builds(site: Site) -> set[str]:
    names = {path.rpartition("/")[2] for path in site.requests if "/runtime/" in path}
    return {name.removesuffix(".wasm") for name in names if name.endswith(".wasm")}


def assert_true(result: Cutout, number: int) -> None:
    assert np.abs(result.grey() - tiny_model.photo(number)[1] * 255).max() <= 1


def test_the_nameless_software_gpu_is_refused(page: WebDriver, site: Site) -> None:
    result = cut_out(page, tiny_model.photo(1)[0], output=tiny_model.AS_DRAWN)

    assert_true(result, 1)
    report = result.report
    assert (report["backend"], report["reason"]) == ("wasm", "fallback-adapter")
    assert (report["adapter"]["vendor"], report["adapter"]["fallback"]) == ("", True)
    assert report["verdict"]["verdict"] == "degraded"
    assert fetched_builds(site) == {"ort-wasm-simd-threaded"}


def test_the_gpu_path_runs_when_forced(page: WebDriver, site: Site) -> None:
    result = cut_out(page, tiny_model.photo(2)[0], backend="webgpu", output=tiny_model.AS_DRAWN)

    assert_true(result, 2)
    report = result.report
    assert (report["backend"], report["reason"]) == ("webgpu", "requested")
    assert report["runtime"]["build"] == "jspi"
    assert fetched_builds(site) == {"ort-wasm-simd-threaded.jspi"}


def test_the_product_is_right_and_tells_software_from_hardware(
    firefox: WebDriver, site: Site
) -> None:
    site.faults.clear()
    assert_measured(firefox, site)
