"""Faults on the way to a backend: every photo comes out right, from where it should, with why."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome

from tests.browser import tiny_model
from tests.browser.conftest import ROUTES
from tests.browser.driving import call
from tests.browser.routes import CASES, Case
from tests.browser.sabotage import bare_page, sabotage
from tests.browser.site import Site


@pytest.fixture
def device(gpu_chromium: Chrome, site: Site) -> Chrome:
    """A device with the files in store that has learned nothing yet."""
    site.faults.clear()
    forgotten = {"origin": site.url(""), "storageTypes": "local_storage,indexeddb"}
    gpu_chromium.execute_cdp_cmd("Storage.clearDataForOrigin", forgotten)
    return gpu_chromium


def worked(driver: Chrome, photos: int, **options: Any) -> list[dict[str, Any]]:
    """So many different photos handed over at once: how each ended, each with its true matte."""
    pictures = [tiny_model.photo(number) for number in range(photos)]
    encoded = [base64.b64encode(file).decode() for file, _ in pictures]
    told = {"photos": encoded, "options": {"model": tiny_model.ID, **options}}
    ends: list[dict[str, Any]] = call(driver, "batch", told)
    for end, (_, true) in zip(ends, pictures, strict=True):
        assert "error" not in end, end["error"]
        matte = np.asarray(Image.open(io.BytesIO(base64.b64decode(end["matte"])))) / 255
        assert np.abs(matte - true).max() < 0.01
    return ends


def name_of(report: dict[str, Any]) -> str:
    build = report["runtime"]["build"]
    return f"wasm x{report['threads']['got']}" if build == "wasm" else str(build)


def came_to_nothing(ends: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Attempts that did not run. A session that is kept tells with every photo what led to it."""
    new: list[dict[str, Any]] = []
    before: list[dict[str, Any]] = []
    for end in ends:
        attempts = [one for one in end["report"]["attempts"] if one["outcome"] != "ran"]
        new += attempts[len(before) :] if attempts[: len(before)] == before else attempts
        before = attempts
    return new


def row(case: Case, ends: list[dict[str, Any]], codes: list[str]) -> str:
    """One line of the table: times are the first photo's that met the fault."""
    struck = next((end for end in ends if falls(end)), None)
    report = ends[-1]["report"]
    lost = sum(one["ms"] for one in came_to_nothing(ends)) / 1000
    again = (struck["at"] - falls(struck)[0]) / 1000 if struck else 0
    return (
        f"{case.name:34} {name_of(report):8} {report['reason']:19} {' '.join(codes):33}"
        f" lost {lost:5.1f} s  recovered in {again:4.1f} s  {len(ends)} of {case.photos} done"
    )


def falls(end: dict[str, Any]) -> list[float]:
    """When it went on to another attempt, in ms."""
    return [event["at"] for event in end["events"] if event["stage"] == "falling-back"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_route(device: Chrome, site: Site, case: Case) -> None:
    tiny_model.offer(site, case.change)
    sabotage(site, case.faults)
    device.get(bare_page(site, **case.page))

    ends = worked(device, case.photos, **case.options)

    codes = [str(attempt["code"]) for attempt in came_to_nothing(ends)]
    ROUTES.append(row(case, ends, codes))
    report = ends[-1]["report"]
    assert (name_of(report), report["reason"], codes) == (case.ran, case.reason, [*case.codes])
    struck = set(device.execute_script("return globalThis.struck"))
    assert struck >= {fault["do"] for fault in case.faults if fault["do"] in MUST_STRIKE}


#: The others change what is there from the start, or are never come to.
MUST_STRIKE = {
    "adapter", "device", "destroy", "out-of-memory", "internal", "validation", "throw", "close",
    "spin", "shader", "mapping", "result", "wasm", "memory", "threads",
}  # fmt: skip
