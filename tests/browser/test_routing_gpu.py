"""On a GPU played by the CPU: refused for real work, and good enough to try the GPU's path."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.routes import FORCED, GOOD_GPU, clocks, on_gpu, worked
from tests.harness import tiny_model
from tests.harness.driving import PageError, call, cut_out
from tests.harness.photos import PHOTOS, REFINED, reference
from tests.harness.sabotage import Sabotage, bare_page, fault, sabotage
from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait

PICTURE = tiny_model.photo(0)[0]
TINY = {"model": tiny_model.ID}


def opened(driver: Chrome, site: Site, *faults: Sabotage, **change: Any) -> Chrome:
    """The bare page on a site that offers the tiny model, and with these faults in its workers."""
    tiny_model.offer(site, lambda model: model.update(change))
    sabotage(site, faults)
    driver.get(bare_page(site))
    return driver


def forget_files(driver: Chrome, site: Site) -> None:
    everything = {"origin": site.url(""), "storageTypes": "all"}
    driver.execute_cdp_cmd("Storage.clearDataForOrigin", everything)
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    site.requests.clear()


def runtimes(site: Site) -> set[str]:
    """Which files of the runtime were asked for: binaries, their glue and the library's own."""
    names = {Path(path).name for path in site.requests}
    return {name for name in names if re.match(r"ort[.-].*(mjs|wasm)$", name)}


BUILDS = {
    "wasm": {
        "ort.wasm.min.mjs",
        "ort-wasm-simd-threaded.mjs",
        "ort-wasm-simd-threaded.wasm",
    },
    "jspi": {
        "ort.jspi.min.mjs",
        "ort-wasm-simd-threaded.jspi.mjs",
        "ort-wasm-simd-threaded.jspi.wasm",
    },
}


def test_swiftshader_is_refused_and_costs_no_download(gpu_device: Chrome, site: Site) -> None:
    """The smallest real model gave nothing in 550 s on it, against 1.2 s on the CPU's threads."""
    forget_files(gpu_device, site)
    gpu_device.get(bare_page(site))

    result = cut_out(gpu_device, PHOTOS / "chelsea.png", model="u2netp")

    report = result.report
    assert (report["backend"], report["reason"]) == ("wasm", "fallback-adapter")
    assert [attempt["outcome"] for attempt in report["attempts"]] == ["refused", "ran"]
    assert report["verdict"] == {
        "verdict": "degraded",
        "reason": "fallback-adapter",
        "detail": {"name": "SwiftShader"},
    }
    assert runtimes(site) == BUILDS["wasm"]
    assert report["bytes"]["received"] == report["bytes"]["expected"]
    assert np.abs(result.grey() - reference("chelsea.png")).mean() <= REFINED


def test_forced_it_runs_on_the_gpu_from_end_to_end(gpu_device: Chrome, site: Site) -> None:
    forget_files(gpu_device, site)
    opened(gpu_device, site)

    (end,) = worked(gpu_device, 1, **FORCED)

    report = end["report"]
    assert (report["backend"], report["reason"]) == ("webgpu", "requested")
    assert report["attempts"][0] == report["attempts"][-1]
    assert report["runtime"]["build"] == "jspi"
    assert (report["adapter"]["architecture"], report["adapter"]["fallback"]) == (
        "swiftshader",
        True,
    )
    assert report["verdict"]["verdict"] == "degraded"
    assert report["ms"]["canary"] > 0
    assert runtimes(site) == BUILDS["jspi"]


def test_what_it_offers_is_what_it_fetches(gpu_device: Chrome, site: Site) -> None:
    forget_files(gpu_device, site)
    opened(gpu_device, site)
    catalog = call(gpu_device, "catalog")["runtime"]["builds"]
    for options, build in ((TINY | FORCED, "jspi"), (TINY, "wasm")):
        parts = call(gpu_device, "offer", options)["parts"]
        (runtime,) = [part for part in parts if part["role"] == "runtime"]
        assert runtime["name"] == catalog[build]["binary"]["name"]
    assert runtimes(site) == set()


def test_a_sabotaged_model_is_refused_everywhere(gpu_device: Chrome, site: Site) -> None:
    """And speaks against the model, not against the device's GPU."""
    opened(gpu_device, site, *GOOD_GPU)
    # Another kernel: the file is a model, and the catalog is right about its bytes.
    tiny_model.offer(site, data=tiny_model.graph(seed=12))
    gpu_device.get(bare_page(site))

    with pytest.raises(PageError) as caught:
        cut_out(gpu_device, PICTURE, **TINY)

    assert caught.value.code == "canary-mismatch"
    tried = [(one["build"], one["threads"]) for one in caught.value.details["attempts"]]
    assert tried == [("jspi", 1), ("wasm", 2), ("wasm", 1)]
    tiny_model.offer(site)
    gpu_device.get(bare_page(site))
    (end,) = worked(gpu_device, 1)
    assert end["report"]["backend"] == "webgpu"


def test_only_a_gpu_would_do(gpu_device: Chrome, site: Site) -> None:
    opened(gpu_device, site, fault("adapter", "null"), backends=["webgpu"])
    with pytest.raises(PageError) as caught:
        cut_out(gpu_device, PICTURE, **TINY)
    assert (caught.value.code, caught.value.details["cause"]) == ("gpu-unavailable", "no-adapter")


@pytest.mark.parametrize("stage", ["judging", "falling-back"])
def test_cancelled_on_the_way(gpu_device: Chrome, site: Site, stage: str) -> None:
    lost = on_gpu("destroy", at="device")
    opened(gpu_device, site, *GOOD_GPU, lost)
    with pytest.raises(PageError) as caught:
        cut_out(gpu_device, PICTURE, cancel_at=stage, **TINY)
    assert caught.value.code == "cancelled"

    (end,) = worked(gpu_device, 1)
    assert end["report"]["reason"] == "gpu-lost"


def test_what_was_measured_is_remembered(gpu_device: Chrome, site: Site) -> None:
    opened(gpu_device, site, *GOOD_GPU)
    first = call(gpu_device, "route", TINY)
    gpu_device.get(bare_page(site))
    second = call(gpu_device, "route", TINY)

    assert not first["findings"]["remembered"]
    assert second["findings"]["remembered"]
    assert second["findings"]["gpu"] == first["findings"]["gpu"]
    assert second["reason"] == "hardware-adapter"
    # Nothing was opened to measure it.
    assert "device" not in gpu_device.execute_script("return globalThis.struck")

    assert not call(gpu_device, "measure")["remembered"]
    assert "device" in gpu_device.execute_script("return globalThis.struck")


def test_a_gpu_that_was_wrong_is_not_tried_again(gpu_device: Chrome, site: Site) -> None:
    opened(gpu_device, site, *GOOD_GPU, on_gpu("result", "flipped"))
    worked(gpu_device, 1)
    gpu_device.get(bare_page(site))
    site.requests.clear()

    (end,) = worked(gpu_device, 1)

    assert (end["report"]["backend"], end["report"]["reason"]) == ("wasm", "failed-before")
    assert not any("jspi" in path or "asyncify" in path for path in site.requests)

    # Until somebody asks for it to be looked at again.
    sabotage(site, GOOD_GPU)
    gpu_device.get(bare_page(site))
    call(gpu_device, "measure")
    (end,) = worked(gpu_device, 1)
    assert (end["report"]["backend"], end["report"]["reason"]) == ("webgpu", "hardware-adapter")


@pytest.mark.parametrize(
    ("quick", "backend", "reason"),
    [("webgpu", "webgpu", "learned-faster"), ("wasm", "wasm", "learned-slower")],
)
def test_what_is_faster_here_is_learned(
    gpu_device: Chrome, site: Site, quick: str, backend: str, reason: str
) -> None:
    paces = clocks(1e-3, 100) if quick == "webgpu" else clocks(1, 1)
    opened(gpu_device, site, *GOOD_GPU[:3], *paces)
    # Both show what they can on a photo: the GPU by its looks, the CPU because it is asked for.
    (by_looks,) = worked(gpu_device, 1)
    assert by_looks["report"]["reason"] == "hardware-adapter"
    worked(gpu_device, 1, backend="wasm")
    gpu_device.get(bare_page(site))

    (end,) = worked(gpu_device, 1)

    assert (end["report"]["backend"], end["report"]["reason"]) == (backend, reason)


def test_a_batch_in_the_page_loses_no_job(gpu_device: Chrome, site: Site, tmp_path: Path) -> None:
    photos = [tmp_path / f"{number}.png" for number in range(4)]
    for number, path in enumerate(photos):
        path.write_bytes(tiny_model.photo(number)[0])
    tiny_model.offer(site)
    sabotage(site, (*GOOD_GPU, on_gpu("destroy", at="submitted", photo=2)))
    gpu_device.get(site.url(f"/?model={tiny_model.ID}"))

    chooser = gpu_device.find_element(By.CSS_SELECTOR, "input[type=file]")
    chooser.send_keys("\n".join(str(photo) for photo in photos))

    script = "return [...document.querySelectorAll('[data-job]')].map((job) => job.dataset.%s)"
    all_done = ["done"] * len(photos)
    WebDriverWait(gpu_device, 90, 0.1).until(
        lambda page: page.execute_script(script % "state") == all_done
    )
    made_by = gpu_device.execute_script(script % "backend")
    # The next photo finds the GPU again; the second loss is one too many.
    assert made_by == ["webgpu", "wasm", "webgpu", "wasm"]
    kept = call(gpu_device, "diagnostics")["reports"]
    codes = [attempt["code"] for report in kept for attempt in report["attempts"]]
    assert codes.count("gpu-lost") == 2
