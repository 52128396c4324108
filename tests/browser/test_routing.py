"""Faults on the way to a backend: every photo comes out right, from where it should, with why."""

from __future__ import annotations

from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.browser.routes import CASES, LOOKED_AT, Case, worked
from tests.harness import tables, tiny_model
from tests.harness.driving import call
from tests.harness.sabotage import bare_page, sabotage
from tests.harness.site import Site


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
    """One line of the table: what ran and why, and what looking, failing and recovering took."""
    first, last = ends[0]["report"], ends[-1]["report"]
    failed = sum(attempt["ms"] for attempt in came_to_nothing(ends))
    recovered = [end["at"] - falls(end)[0] for end in ends if falls(end)]
    seconds = [ms / 1000 for ms in (first["ms"]["judge"], failed, max(recovered, default=0))]
    took = "judged {:3.1f}  failed {:5.1f}  recovered {:4.1f} s".format(*seconds)
    what = f"{case.name:34}{name_of(last):9}{last['reason']:20}{' '.join(codes):33}"
    return f"{what}{took}  {len(ends)} of {case.photos} done"


def falls(end: dict[str, Any]) -> list[float]:
    """When it went on to another attempt, in ms."""
    return [event["at"] for event in end["events"] if event["stage"] == "falling-back"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_route(gpu_device: Chrome, site: Site, case: Case) -> None:
    open_with(gpu_device, site, case)

    ends = worked(gpu_device, case.photos, **case.options)

    codes = [str(attempt["code"]) for attempt in came_to_nothing(ends)]
    tables.note("routes of a photo", row(case, ends, codes))
    report = ends[-1]["report"]
    assert (name_of(report), report["reason"], codes) == (case.ran, case.reason, [*case.codes])
    assert_struck(gpu_device, case)


@pytest.mark.parametrize("case", LOOKED_AT, ids=lambda case: case.name)
def test_what_looking_comes_to(gpu_device: Chrome, site: Site, case: Case) -> None:
    """Photos take the route that the seam tells: those of `test_route` with the same reasons do."""
    open_with(gpu_device, site, case)

    route = call(gpu_device, "route", {"model": tiny_model.ID, **case.options})

    first = route["attempts"][0]
    codes = [refused["code"] for refused in route["refused"]]
    tables.note("routes that looking decides", f"{case.name:34}{first['build']:9}{' '.join(codes)}")
    assert f"{first['build']} x{first['threads']}" == case.ran
    assert (route["reason"], codes) == (case.reason, [*case.codes])
    assert_struck(gpu_device, case)


def open_with(driver: Chrome, site: Site, case: Case) -> None:
    """The bare page, with the faults of this case in its workers."""
    tiny_model.offer(site, case.change)
    sabotage(site, case.faults)
    driver.get(bare_page(site, **case.page))


def assert_struck(driver: Chrome, case: Case) -> None:
    """The faults were met, and no others."""
    struck = set(driver.execute_script("return globalThis.struck"))
    meant = {fault["do"] for fault in case.faults if case.struck}
    assert struck & MUST_STRIKE == meant & MUST_STRIKE


#: The others change what is there from the start, or are never come to.
MUST_STRIKE = {
    "adapter", "device", "destroy", "out-of-memory", "internal", "validation", "throw", "close",
    "spin", "shader", "mapping", "result", "wasm", "memory", "threads",
}  # fmt: skip
