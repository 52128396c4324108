"""An update that is cut short, by whatever: the old release goes on, the new one comes later."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from selenium.webdriver import Chrome

from tests.harness import browsers
from tests.harness.drill import (
    Drill,
    Releases,
    assert_still_there,
    drilling,
    note,
)
from tests.harness.site import Answer, Fault, Held, listening


def with_status(status: str) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, status=status)


def broken_off(answer: Answer) -> Answer:
    """Announced in full, and half of it sent."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def login_page(answer: Answer) -> Answer:
    page = b"<!doctype html><title>Log in</title>"
    return replace(answer, headers=(("Content-Type", "text/html"),), body=b"").with_body(page)


def redirected(answer: Answer) -> Answer:
    elsewhere = answer.with_header("Location", "/healthz")
    return replace(elsewhere, status="302 Found", body=b"").with_body(b"")


@dataclass
class Struck:
    """A fault, and how often it has happened."""

    fault: Fault
    count: int = 0

    def __call__(self, answer: Answer) -> Answer:
        self.count += 1
        return self.fault(answer)


#: Those of one file come one after the other: what a look could have is kept for the next one, and
#: thrown away when a page is opened. Documents are fetched last, all at once.
FAULTS = {
    "the worker's script is refused": ("/sw.js", with_status("503 Service Unavailable")),
    "the worker's script breaks off": ("/sw.js", broken_off),
    "a login page in place of everything": ("", login_page),
    "a file is missing": ("shell.archive", with_status("404 Not Found")),
    "a file is altered": ("shell.archive", lambda answer: answer.with_body(answer.body + b" ")),
    "a file breaks off": ("shell.archive", broken_off),
    "a redirect in place of a file": ("shell.archive", redirected),
    "the last file breaks off": ("manifest.webmanifest", broken_off),
    "the catalog is another one": (
        "/catalog.json",
        lambda answer: answer.with_body(answer.body.replace(b"Tiny", b"Tony")),
    ),
}

#: After these the old release is looked at.
LAST = (
    "a login page in place of everything",
    "the last file breaks off",
    "the catalog is another one",
)


def test_an_update_that_cannot_be_had_whole(
    drill: Drill, releases: Releases, subtests: pytest.Subtests
) -> None:
    here, coming, app = releases.turn(drill)
    drill.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    drill.site.app = app
    for case, (part, fault) in FAULTS.items():
        with subtests.test(case):
            struck = Struck(fault)
            drill.site.faults = {part: struck}
            assert drill.look() in ("refused", "redundant")
            assert struck.count > 0
            if case in LAST:
                assert_still_there(drill, here)
    drill.site.faults.clear()
    drill.arrive()
    drill.open()
    for case in FAULTS:
        note(case, drill, here, drill.name)
    assert drill.name == coming
    assert drill.heavy_requests() == []


def test_half_of_the_servers_are_old(drill: Drill, releases: Releases) -> None:
    """A deployment in progress: the worker's script is new, the page still the old one."""
    here, coming, app = releases.turn(drill)
    before = drill.site.app

    def mixed(environ: dict[str, Any], start_response: Any) -> Any:
        return (before if environ["PATH_INFO"] == "/" else app)(environ, start_response)

    drill.site.app = mixed  # type: ignore[assignment]
    assert drill.look() == "redundant"
    assert_still_there(drill, here)
    drill.site.app = app
    drill.arrive()
    drill.open()
    note("half of the servers are old", drill, here, drill.name)
    assert drill.name == coming


def begin(drill: Drill) -> None:
    """An update, without waiting for its end."""
    script = "navigator.serviceWorker.getRegistration().then((one) => one.update());"
    drill.driver.execute_script(script)


def test_the_server_dies_in_the_middle(drill: Drill, releases: Releases) -> None:
    here, coming, app = releases.turn(drill)
    drill.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    drill.site.app = app
    held = Held(through=0)
    drill.site.faults["shell.archive"] = held
    begin(drill)
    drill.wait(lambda: held.is_holding)
    drill.fall_silent()
    held.released.set()
    assert_still_there(drill, here)
    drill.site.faults.clear()
    drill.site.requests.clear()
    drill.answer()
    drill.arrive()
    drill.open()
    note("the server dies in the middle", drill, here, drill.name)
    assert drill.name == coming
    assert drill.heavy_requests() == []


def test_the_disk_is_full(drill: Drill, releases: Releases) -> None:
    here, coming, app = releases.turn(drill)
    quota = {"origin": drill.site.url("")}
    drill.driver.execute_cdp_cmd("Storage.overrideQuotaForOrigin", quota | {"quotaSize": 1000})
    try:
        drill.site.app = app
        assert drill.look() == "redundant"
        assert_still_there(drill, here)
    finally:
        drill.driver.execute_cdp_cmd("Storage.overrideQuotaForOrigin", quota)
    drill.arrive()
    drill.open()
    note("the disk is full", drill, here, drill.name)
    assert drill.name == coming


@pytest.mark.usefixtures("_chromium_is_here")
def test_the_browser_is_killed_in_the_middle(releases: Releases, tmp_path: Path) -> None:
    killed = threading.Event()
    with browsers.chromium(profile=tmp_path) as first, drilling(first, releases.old) as drill:
        drill.settle(releases.old)
        drill.site.app = releases.new
        drill.site.faults["shell.archive"] = lambda answer: replace(answer, stall=killed)
        begin(drill)
        drill.wait(lambda: any("shell.archive" in one for one in drill.site.requests))
        kill(first)
        killed.set()
    drill.site.faults.clear()
    with listening(drill.site), browsers.chromium(profile=tmp_path) as second:
        again = Drill(second, drill.site)
        again.open()
        before = again.name
        again.arrive(is_asked=False)
        again.wait(lambda: "Update ready" in again.notices)
        again.site.requests.clear()
        again.open()
        again.wait(lambda: again.badge.startswith("Ready offline"))
        note("the browser is killed in the middle", again, before, again.name)
        assert (before, again.name) == ("old", "new")
        assert again.heavy_requests() == []


def kill(driver: Chrome) -> None:
    for process in psutil.Process(driver.service.process.pid).children(recursive=True):
        process.kill()
