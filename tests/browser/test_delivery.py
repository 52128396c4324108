"""The download engine against a misbehaving server: a verified model or the right typed error."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from selenium.webdriver import Chrome

from tests.browser.download_faults import CASES, OK, Case, striking
from tests.harness import tables, tiny_model, tiny_site
from tests.harness.driving import PageError, call, cut_out, forget_everything
from tests.harness.site import Answer, Held, Site, listening
from tests.harness.small_segments import SEGMENT, CutModel, cut
from tests.harness.waiting import WebDriverWait

MODEL = "/models/"
SIZE = 9 * SEGMENT + 1000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with tiny_site.hurried(tmp_path_factory.mktemp("store"), SIZE) as running:
        yield running


@pytest.fixture(scope="module")
def prepared(chromium: Chrome, site: Site) -> CutModel:
    """Runtime and codec stored once; the model in small segments."""
    model = cut(site)
    chromium.get(site.url())
    forget_everything(chromium, site)
    call(chromium, "download")
    return model


@pytest.fixture
def device(chromium: Chrome, site: Site, prepared: CutModel) -> Chrome:
    """The page on a device that has everything but the model."""
    catalog = site.faults["/catalog.json"]
    site.faults.clear()
    site.faults["/catalog.json"] = catalog
    call(chromium, "forget", {"sha256": prepared.sha256})
    site.keeps_tags = True
    site.requests.clear()
    site.sent = 0
    return chromium


def stored_digest(driver: Chrome, model: CutModel) -> str | None:
    """SHA-256 of what lies in the store, computed apart from the client; None when not whole."""
    what = {"sha256": model.sha256, "segments": model.count}
    return call(driver, "digestOfStored", what)


EVERY_CASE = [
    pytest.param(case, position, id=f"{case.name} at {position}")
    for case in CASES
    for position in case.at
]


@pytest.mark.parametrize(("case", "position"), EVERY_CASE)
def test_fault(device: Chrome, site: Site, prepared: CutModel, case: Case, position: str) -> None:
    struck: list[int] = []
    site.faults[MODEL] = striking(case, position, prepared, struck)

    started = time.monotonic()
    details: dict[str, Any] = {}
    try:
        call(device, "download")
        ended = OK
    except PageError as error:
        ended = error.code
        details = error.details
    seconds = time.monotonic() - started

    row = f"{case.name:32} {position:7} struck {len(struck)}x  {ended:16} {seconds:5.1f} s"
    tables.note("faults put into downloads", row)
    assert struck, "the fault never happened"
    assert ended == case.ends
    digest = stored_digest(device, prepared)
    if ended == OK:
        assert digest == prepared.sha256
        return
    assert digest is None
    assert details["name"] == tiny_model.NAME
    if ended in ("length-mismatch", "range-mismatch", "file-changed", "model-corrupt"):
        assert details["expected"] != details["received"]
    if ended == "model-corrupt" and not case.everywhere:
        index = {"first": 0, "middle": prepared.count // 2, "last": prepared.count - 1}[position]
        assert details["segment"] == index

    # The server is well again: the download ends, with what had arrived before.
    site.faults[MODEL] = lambda answer: answer
    site.sent = 0
    call(device, "download")
    assert stored_digest(device, prepared) == prepared.sha256
    assert site.sent <= len(prepared.data)


def test_what_was_downloaded_under_faults_cuts_out(device: Chrome, site: Site) -> None:
    """The mask is the true one after a download that met a flipped bit and a broken line."""
    seen: list[Answer] = []

    def shaky(answer: Answer) -> Answer:
        seen.append(answer)
        if len(seen) == 2:
            return answer.with_body(bytes(len(answer.body)))
        return replace(answer, body=answer.body[:999]) if len(seen) == 5 else answer

    site.faults[MODEL] = shaky
    photo, truth = tiny_model.photo(1)
    assert (
        np.abs(cut_out(device, photo, output=tiny_model.AS_DRAWN).grey() - truth * 255).max() <= 1
    )


def test_pause_and_resume_after_a_reload(device: Chrome, site: Site, prepared: CutModel) -> None:
    one_at_a_time = threading.Lock()
    paused = threading.Event()

    def until_paused(answer: Answer) -> Answer:
        """Segments come singly, so that each is told of, and the last ones not at all."""
        with one_at_a_time:
            time.sleep(0.1)
        if answer.range and answer.range[0] > len(prepared.data) * 0.7:
            paused.wait(30)
        return answer

    site.faults[MODEL] = until_paused
    others = call(device, "offer")["parts"][:-1]
    before = sum(part["download"] for part in others if not part["stored"])
    with pytest.raises(PageError) as caught:
        call(device, "download", {"pauseAt": before + len(prepared.data) * 0.5})
    paused.set()
    assert caught.value.code == "cancelled"
    have = call(device, "offer")["parts"][-1]["have"]
    assert 0 < have < len(prepared.data)
    [unfinished] = [file for file in call(device, "stored")["files"] if not file["whole"]]
    assert (unfinished["sha256"], unfinished["name"]) == (prepared.sha256, tiny_model.NAME)

    device.get(site.url())
    have = call(device, "offer")["parts"][-1]["have"]
    site.sent = 0
    result = call(device, "download")

    assert site.sent == result["received"] == len(prepared.data) - have
    assert stored_digest(device, prepared) == prepared.sha256


def test_server_killed_and_restarted(chromium: Chrome, site: Site, tmp_path: Path) -> None:
    """The engine waits for it, goes on, and repeats at most a segment per interruption."""
    other = Site(tiny_site.app(tmp_path, SIZE))
    model = cut(other)
    held = Held(through=3)

    with listening(other):
        chromium.get(other.url())
        forget_everything(chromium, other)
        other.faults[MODEL] = held
        script = """
          window.outcome = import(new URL('api.js', document.baseURI).href)
            .then(({ download }) => download())
            .then((value) => ({ value }), ({ code, details }) => ({ code, details }));
        """
        chromium.execute_script(script)
        WebDriverWait(chromium, 60, 0.05).until(lambda _: held.is_holding)
    held.released.set()
    # Somebody comes in vain before the server is back.
    with socket.create_server(("127.0.0.1", other.port)) as nobody:
        nobody.settimeout(60)
        nobody.accept()[0].close()
    with listening(other):
        outcome = chromium.execute_async_script("window.outcome.then(arguments[0])")
        assert "value" in outcome, outcome
        assert stored_digest(chromium, model) == model.sha256
        assert len(model.data) <= other.sent <= len(model.data) + SEGMENT
    chromium.get(site.url())


@pytest.mark.parametrize("how", ["evict", "flip", "cut"])
@pytest.mark.parametrize("index", [0, 4, 9])
def test_only_what_is_lost_is_fetched_again(
    device: Chrome, site: Site, prepared: CutModel, how: str, index: int
) -> None:
    call(device, "download")
    call(device, "damageStore", {"file": prepared.sha256, "how": how, "index": index})
    site.faults[MODEL] = lambda answer: answer
    device.get(site.url())
    site.sent = 0

    assert cut_out(device, tiny_model.photo(2)[0]).report["backend"] == "wasm"

    start, end = prepared.span(index)
    assert site.sent == end - start
    assert stored_digest(device, prepared) == prepared.sha256


def one_waits_for_the_other(driver: Chrome) -> bool:
    """A file is fetched by whoever has its lock."""
    script = """
      const done = arguments[0];
      const isOfAFile = ({ name }) => name.startsWith('mattebox-file-');
      navigator.locks.query().then(({ pending }) => done(pending.some(isOfAFile)));
    """
    return bool(driver.execute_async_script(script))


def test_two_tabs_share_one_download(device: Chrome, site: Site, prepared: CutModel) -> None:
    both = threading.Event()

    def once_both_wait(answer: Answer) -> Answer:
        both.wait(60)
        # Slow enough that both are told of its progress.
        time.sleep(0.3)
        return answer

    site.faults[MODEL] = once_both_wait
    start = """
      window.events = [];
      window.outcome = import(new URL('api.js', document.baseURI).href)
        .then(({ download }) => download({ onProgress: (event) => window.events.push(event) }));
    """
    first = device.current_window_handle
    device.switch_to.new_window("tab")
    try:
        device.get(site.url())
        site.sent = 0
        device.execute_script(start)
        second = device.current_window_handle
        device.switch_to.window(first)
        device.execute_script(start)
        WebDriverWait(device, 60, 0.05).until(one_waits_for_the_other)
        both.set()
        results = [device.execute_async_script("window.outcome.then(arguments[0])")]
        progress = [device.execute_script("return window.events.length")]
        device.switch_to.window(second)
        results.append(device.execute_async_script("window.outcome.then(arguments[0])"))
        progress.append(device.execute_script("return window.events.length"))
    finally:
        if len(device.window_handles) > 1:
            device.close()
        device.switch_to.window(first)
    assert site.sent == len(prepared.data)
    assert sorted(result["received"] for result in results) == [0, len(prepared.data)]
    assert all(count > 1 for count in progress)


def test_store_is_listed_and_emptied(device: Chrome, prepared: CutModel) -> None:
    call(device, "download")
    listed = call(device, "stored")
    by_role = {file["role"]: file for file in listed["files"]}
    assert set(by_role) == {"runtime", "model"}
    assert by_role["model"]["bytes"] == by_role["model"]["have"] == len(prepared.data)
    assert by_role["model"]["models"] == [tiny_model.ID]
    assert all(file["whole"] for file in listed["files"])
    assert listed["usage"] > len(prepared.data)

    call(device, "forget", {"sha256": prepared.sha256})
    assert "model" not in {file["role"] for file in call(device, "stored")["files"]}
    call(device, "forget")
    assert call(device, "stored")["files"] == []


def test_old_versions_are_removed(page: Chrome, site: Site) -> None:
    with contextlib.suppress(PageError):
        call(page, "forget")
    cut(site)
    page.get(site.url())
    call(page, "preload")
    script = """
      const done = arguments[0];
      (async () => {
        const cache = await caches.open('mattebox-store-1');
        const old = 'ab'.repeat(32);
        const site = new URL('.', location.href).href;
        const key = (part) => new URL(`/mattebox-store/${old}/${part}`, location.href).href;
        await cache.put(key(0), new Response('old'));
        const record = { name: 'old.onnx', bytes: 3, sha256: old, site, storedAt: 1, usedAt: 1 };
        await cache.put(key('record'), Response.json(record));
      })().then(done);
    """
    page.execute_async_script(script)
    assert "old" in {file["role"] for file in call(page, "stored")["files"]}
    page.get(site.url())
    call(page, "preload")

    def roles(driver: Chrome) -> set[str]:
        return {file["role"] for file in call(driver, "stored")["files"]}

    WebDriverWait(page, 60, 0.05).until(lambda driver: "old" not in roles(driver))
    assert roles(page) == {"runtime", "model"}
