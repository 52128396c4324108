"""The three things that are done in a browser, each giving raw samples and nothing computed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from bench import machine
from bench.machine import Neighbours
from bench.meter import Meter
from bench.photos import Photo
from tests.harness import browsers
from tests.harness.site import Answer, Site

HERE = Path(__file__).parent
PAIRS, SHOWN, WATCH, READY, CONTROL, BARE = (
    (HERE / f"{name}.js").read_text()
    for name in ("pairs", "shown", "watch", "ready", "control", "bare")
)

SETTLE = 1.0
"""Seconds after an event in which what it sets off must show: late requests, late entries."""


class PageFailedError(RuntimeError):
    """The page could not do what is being timed; the message is the page's own."""


class Deadline:
    """The moment after which no further repetition is begun."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def allows(self, seconds: float) -> bool:
        """Whether something that takes so long would still end in time."""
        return time.monotonic() + seconds <= self._end

    def rounds(self, wanted: int) -> Iterator[int]:
        """Count to `wanted`, or as far as the time allows, going by the longest round so far."""
        slowest = 0.0
        for index in range(wanted):
            if not self.allows(slowest):
                return
            started = time.monotonic()
            yield index
            slowest = max(slowest, time.monotonic() - started)


@contextmanager
def _browser() -> Iterator[Chrome]:
    with browsers.chromium("--window-size=1280,900") as driver:
        driver.set_script_timeout(120)
        # A browser that has just been started is busy with itself; a visitor's has been open.
        machine.await_quiet(driver.service.process.pid)
        yield driver


@contextmanager
def _in_every_page(driver: Chrome, script: str) -> Iterator[None]:
    command = "Page.{}ScriptToEvaluateOnNewDocument"
    added = driver.execute_cdp_cmd(command.format("add"), {"source": script})
    yield
    driver.execute_cdp_cmd(command.format("remove"), added)


def _ask(driver: Chrome, script: str, *arguments: Any) -> Any:
    answer = driver.execute_async_script(script, *arguments)
    if "error" in answer:
        raise PageFailedError(answer["error"])
    return answer.get("value")


def _with_bare_run(answer: Answer) -> Answer:
    return answer.with_body(answer.body + BARE.encode())


def paired_runs(site: Site, photos: list[Photo], wanted: int, deadline: Deadline) -> dict[str, Any]:
    """Bare runs and cutouts in turn, in one inference worker whose session is up.

    Which of the two comes first changes from pair to pair, so that a machine that is getting
    slower (or faster) favours neither. The first pair of each photo warms up, compilers included,
    and is kept apart: a person's first photo is like it.
    """
    site.faults["workers/model.js"] = _with_bare_run
    result: dict[str, Any] = {"pairs": {photo.label: [] for photo in photos}, "warm_up": {}}
    with _browser() as driver:
        result["browser"] = driver.capabilities["browserVersion"]
        driver.get(site.url())
        result["product"] = _ask(driver, PAIRS, "catalog")
        result["preload"] = _ask(driver, PAIRS, "preload")
        _ask(driver, PAIRS, "input")
        neighbours = Neighbours()
        for photo in photos:
            driver.find_element(By.ID, "bench-photo").send_keys(str(photo.path))
            _ask(driver, PAIRS, "prepareBare")
            result["warm_up"][photo.label] = _pair(driver, photo, 0)
            for index in deadline.rounds(wanted):
                result["pairs"][photo.label].append(_pair(driver, photo, index))
        result["neighbours_cores"] = neighbours.cores()
    site.faults.clear()
    return result


def _pair(driver: Chrome, photo: Photo, index: int) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    neighbours = Neighbours()
    for task in ("bare", "cutout") if index % 2 == 0 else ("cutout", "bare"):
        answers[task] = _ask(driver, PAIRS, task)
    cutout = answers["cutout"]
    if cutout["size"] != {"width": photo.width, "height": photo.height}:
        raise PageFailedError(f"{photo.label}: the cutout's size is {cutout['size']}")
    return {
        "first": "bare" if index % 2 == 0 else "cutout",
        "bare_ms": answers["bare"]["ms"],
        "cutout_ms": cutout["ms"],
        "stages": cutout["stages"],
        "cutout_bytes": cutout["bytes"],
        "threads": cutout["threads"],
        "backend": cutout["backend"],
        "neighbours_cores": neighbours.cores(),
    }


def first_visit(site: Site, meter: Meter, photo: Photo) -> dict[str, Any]:
    """A browser that has never been here, and a person who chooses a photo at once."""
    with _browser() as driver, _in_every_page(driver, WATCH):
        meter.account()
        driver.get(site.url())
        return _choose_photo(driver, meter, photo)


def later_visits(
    site: Site, meter: Meter, photos: list[Photo], wanted: int, deadline: Deadline
) -> dict[str, Any]:
    """In a browser that has everything: reloads until ready, and reloads with a photo chosen."""
    result: dict[str, Any] = {"reloads": [], "warm_visits": {photo.label: [] for photo in photos}}
    with _browser() as driver:
        driver.get(site.url())
        driver.find_element(By.ID, "files").send_keys(str(photos[0].path))
        _ask(driver, SHOWN)
        with _in_every_page(driver, READY):
            for _ in deadline.rounds(wanted):
                result["reloads"].append(_reload(driver, meter))
        with _in_every_page(driver, WATCH):
            for photo in photos:
                for _ in deadline.rounds(wanted):
                    meter.account()
                    driver.refresh()
                    result["warm_visits"][photo.label].append(_choose_photo(driver, meter, photo))
    return result


def _choose_photo(driver: Chrome, meter: Meter, photo: Photo) -> dict[str, Any]:
    """As a person does, in a page that has just been opened. All times since the navigation."""
    neighbours = Neighbours()
    driver.find_element(By.ID, "files").send_keys(str(photo.path))
    shown = _ask(driver, SHOWN)
    busy = neighbours.cores()
    traffic = meter.account()
    return {"shown_ms": shown, "traffic": traffic, "neighbours_cores": busy, **_watched(driver)}


def _reload(driver: Chrome, meter: Meter) -> dict[str, Any]:
    """Milliseconds since the navigation until a photo would not have to wait for the model."""
    neighbours = Neighbours()
    meter.account()
    driver.refresh()
    until = time.monotonic() + 60
    while not (ready := driver.execute_script("return benchReadiness"))["ms"]:
        if ready["error"] or time.monotonic() > until:
            raise PageFailedError(
                f"not ready after a reload: {ready['error'] or '60 s have passed'}"
            )
        # Each question is a task in the page, so they are few; the page notes the moment by itself.
        time.sleep(0.2)
    busy = neighbours.cores()
    time.sleep(SETTLE)
    return {
        "ready_ms": ready["ms"],
        "stages": ready["stages"],
        "traffic": meter.account(),
        "neighbours_cores": busy,
    }


def _watched(driver: Chrome) -> dict[str, Any]:
    """What was observed in the page since it was opened."""
    seen = driver.execute_script("return benchWatch")
    if not _ask(driver, CONTROL):
        raise PageFailedError("the browser did not report a task of 80 ms")
    return {
        "chosen_ms": seen["chosenMs"],
        "long_tasks": seen["longTasks"],
        "gaps": seen["gaps"],
        "frames": seen["frames"],
    }
