"""Faults in real answers, stores and files: each ends in a cutout or the right typed error."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from selenium.webdriver import Chrome

from tests.harness import tiny_model
from tests.harness.driving import PageError, call, cut_out
from tests.harness.photos import PHOTOS
from tests.harness.sabotage import bare_page
from tests.harness.site import Answer, Fault, Site

#: Where it matters that there is one, and not which; and where something is to be cancelled.
PHOTO = tiny_model.photo(1)[0]
LARGER = PHOTOS / "chelsea.png"
MODEL = "/models/"
RUNTIME = "threaded.wasm"
ROLES = {MODEL: "model", RUNTIME: "runtime"}


@pytest.fixture(scope="module")
def site(tiny: Site) -> Site:
    return tiny


@pytest.fixture(scope="module")
def stocked(chromium: Chrome, site: Site) -> Chrome:
    """A device that has everything."""
    chromium.get(bare_page(site))
    call(chromium, "preload")
    return chromium


@pytest.fixture
def page(stocked: Chrome, site: Site) -> Chrome:
    """A page with the seam alone, just opened: it does nothing by itself."""
    return opened(stocked, site)


def opened(driver: Chrome, site: Site) -> Chrome:
    site.faults.clear()
    driver.get(bare_page(site))
    return driver


@pytest.fixture(scope="module")
def same_page(stocked: Chrome, site: Site) -> Chrome:
    """One for all that is refused before anything is done."""
    return opened(stocked, site)


def lose(driver: Chrome, role: str) -> None:
    """The device has everything but this."""
    files = call(driver, "stored")["files"]
    [sha256] = [file["sha256"] for file in files if file["role"] == role]
    call(driver, "forget", {"sha256": sha256})


def small_png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (2, 2)).save(file, "PNG")
    return file.getvalue()


def missing(answer: Answer) -> Answer:
    return Answer("404 Not Found", (("Content-Length", "4"),), b"gone")


def unavailable(answer: Answer) -> Answer:
    return Answer("503 Service Unavailable", (("Content-Length", "4"),), b"busy")


def cut_short(answer: Answer) -> Answer:
    return answer.with_body(answer.body[:-1000])


def too_long(answer: Answer) -> Answer:
    return answer.with_body(answer.body + b"\0" * 1000)


def broken_off(answer: Answer) -> Answer:
    """The length announced is right; the connection ends before it."""
    return Answer(answer.status, answer.headers, answer.body[:100_000])


def flipped(answer: Answer) -> Answer:
    middle = len(answer.body) // 2
    changed = bytes([answer.body[middle] ^ 1])
    return answer.with_body(answer.body[:middle] + changed + answer.body[middle + 1 :])


def error_page(answer: Answer) -> Answer:
    page = b"<!doctype html><title>Login</title>" + b" " * 5000
    return answer.with_body(page).without("Content-Type").with_header("Content-Type", "text/html")


def redirected(answer: Answer) -> Answer:
    return Answer("302 Found", (("Location", "/healthz"), ("Content-Length", "0")), b"")


@pytest.mark.parametrize(
    ("part", "fault", "code"),
    [
        (MODEL, missing, "http-status"),
        (MODEL, unavailable, "http-status"),
        (MODEL, cut_short, "length-mismatch"),
        (MODEL, too_long, "length-mismatch"),
        (MODEL, broken_off, "network"),
        (MODEL, flipped, "model-corrupt"),
        (MODEL, error_page, "signed-out"),
        (MODEL, redirected, "signed-out"),
        (RUNTIME, cut_short, "length-mismatch"),
        (RUNTIME, flipped, "model-corrupt"),
        (RUNTIME, too_long, "length-mismatch"),
    ],
)
def test_download_faults(page: Chrome, site: Site, part: str, fault: Fault, code: str) -> None:
    lose(page, ROLES[part])
    site.faults[part] = fault

    with pytest.raises(PageError) as caught:
        call(page, "preload")

    assert caught.value.code == code
    assert caught.value.details["name"]
    if code == "length-mismatch":
        assert caught.value.details["expected"] != caught.value.details["received"]

    # Nothing of it was kept: once the fault is gone, everything works.
    site.faults.clear()
    assert cut_out(page, PHOTO).report["backend"] == "wasm"


def test_a_part_that_could_not_be_loaded_is_had_the_next_time(page: Chrome, site: Site) -> None:
    # A realm never asks twice for a module: the photo that comes next needs another worker.
    photo = PHOTOS / "rocket.webp"
    site.faults["heads/webp.js"] = unavailable
    page.execute_cdp_cmd("Network.clearBrowserCache", {})
    page.get(site.url())
    with pytest.raises(PageError) as caught:
        cut_out(page, photo)
    assert (caught.value.code, caught.value.details["name"]) == ("network", "webp.js")

    site.faults.clear()
    assert cut_out(page, photo).report["backend"] == "wasm"


def test_passing_fault_is_mended_by_another_try(page: Chrome, site: Site) -> None:
    lose(page, "model")
    tries = []

    def first_time_only(answer: Answer) -> Answer:
        tries.append(answer.status)
        return unavailable(answer) if len(tries) == 1 else answer

    site.faults[MODEL] = first_time_only

    call(page, "preload")

    assert tries == ["200 OK", "200 OK"]


@pytest.mark.parametrize("how", ["flip", "evict"])
@pytest.mark.parametrize("part", ["runtime", "model"])
def test_damaged_store_is_fetched_again(page: Chrome, site: Site, part: str, how: str) -> None:
    offered = call(page, "offer")
    size = next(entry["bytes"] for entry in offered["parts"] if entry["role"] == part)
    catalog = json.loads(site.app.test_client().get("/catalog.json").data)
    files = [
        catalog["runtime"]["builds"]["wasm"]["binary"],
        *catalog["models"][0]["files"],
    ]
    damaged = next(file["sha256"] for file in files if file["bytes"] == size)
    call(page, "damageStore", {"file": damaged, "how": how})
    opened(page, site)

    report = cut_out(page, PHOTO).report

    assert report["backend"] == "wasm"
    assert report["bytes"]["received"] == size


def edited(change: Callable[[dict[str, Any]], None]) -> Fault:
    """The catalog with one model's part changed."""

    def fault(answer: Answer) -> Answer:
        catalog = json.loads(answer.body)
        change(catalog["models"][0]["parts"][0])
        return answer.with_body(json.dumps(catalog).encode())

    return fault


@pytest.mark.parametrize(
    ("change", "code", "what"),
    [
        (lambda part: part["inputs"][0].update(name="other"), "model-interface", "inputs"),
        (lambda part: part["outputs"][0].update(name="other"), "model-interface", "outputs"),
        (lambda part: part["inputs"][0].update(shape=[9]), "model-interface", "input shape"),
        (lambda part: part["outputs"][0].update(shape=[1]), "model-interface", "output shape"),
        (lambda part: part["inputs"][0].update(dtype="float16"), "model-interface", "input type"),
        (lambda part: part["inputs"][0].update(mean=[0, 0, 0]), "canary-mismatch", None),
        (lambda part: part["canary"].update(seed=21), "canary-mismatch", None),
    ],
    ids=["input", "output", "input-shape", "output-shape", "input-type", "mean", "canary"],
)  # fmt: skip
def test_model_is_not_what_the_catalog_says(
    page: Chrome, site: Site, change: Callable[[dict[str, Any]], None], code: str, what: str | None
) -> None:
    site.faults["/catalog.json"] = edited(change)

    with pytest.raises(PageError) as caught:
        cut_out(page, PHOTO)

    assert caught.value.code == code
    assert caught.value.details.get("what") == what


def test_catalog_that_cannot_be_read(page: Chrome, site: Site) -> None:
    site.faults["/catalog.json"] = lambda answer: answer.with_body(b"{")
    with pytest.raises(PageError) as caught:
        cut_out(page, PHOTO)
    assert caught.value.code == "catalog-invalid"

    site.faults.clear()
    assert cut_out(page, PHOTO).report["backend"] == "wasm"


@pytest.mark.parametrize(
    ("data", "code", "type_"),
    [
        (b"", "empty-image", None),
        (b"hello, this is text", "unsupported-image", None),
        (b"%PDF-1.7 ...", "unsupported-image", "PDF"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "corrupt-image", "HEIC"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "corrupt-image", "JPEG"),
        (PHOTO[:60], "corrupt-image", "PNG"),
        (
            small_png()[:16] + (65536).to_bytes(4, "big") * 2 + small_png()[24:],
            "image-too-large",
            None,
        ),
    ],
    ids=["empty", "text", "pdf", "heic", "broken-jpeg", "cut-png", "bomb"],
)
def test_bad_images(same_page: Chrome, data: bytes, code: str, type_: str | None) -> None:
    with pytest.raises(PageError) as caught:
        cut_out(same_page, data)

    assert caught.value.code == code
    assert caught.value.details.get("type") == type_
    assert caught.value.message
    assert caught.value.advice


@pytest.mark.parametrize(
    "options",
    [
        {"backend": "gpu"},
        {"threads": 0},
        {"threads": 1.5},
        {"threads": "two"},
        {"output": {"type": "image/gif"}},
    ],
    ids=["backend", "no-thread", "half-a-thread", "thread-text", "type"],
)
def test_bad_options(same_page: Chrome, options: dict[str, Any]) -> None:
    with pytest.raises(PageError) as caught:
        cut_out(same_page, PHOTO, **options)
    assert caught.value.code == "bad-option"


def test_unknown_model(same_page: Chrome) -> None:
    with pytest.raises(PageError) as caught:
        cut_out(same_page, PHOTO, model="nonesuch")
    assert caught.value.code == "unknown-model"
    assert tiny_model.ID in caught.value.details["available"]


@pytest.mark.parametrize("stage", ["downloading", "preparing", "decoding", "running", "encoding"])
def test_cancel_in_every_stage(page: Chrome, stage: str) -> None:
    lose(page, "model")
    with pytest.raises(PageError) as caught:
        cut_out(page, LARGER, cancel_at=stage)
    assert caught.value.code == "cancelled"

    assert cut_out(page, PHOTO).report["backend"] == "wasm"


def test_crashed_worker_is_reported_and_replaced(page: Chrome, site: Site) -> None:
    crash = b"""
      addEventListener('message', ({ data }) => {
        if (data.kind === 'cutout' && data.args.source.size === %d) throw new Error('boom');
      });""" % len(small_png())
    site.faults["workers/model.js"] = lambda answer: answer.with_body(answer.body + crash)
    page.execute_cdp_cmd("Network.clearBrowserCache", {})

    with pytest.raises(PageError) as caught:
        cut_out(page, small_png())

    assert caught.value.code == "worker-crashed"
    assert caught.value.details["realm"] == "inference"
    assert cut_out(page, PHOTO).report["backend"] == "wasm"


def test_worker_that_cannot_be_loaded(page: Chrome, site: Site) -> None:
    site.faults["workers/model.js"] = missing
    page.execute_cdp_cmd("Network.clearBrowserCache", {})

    with pytest.raises(PageError) as caught:
        cut_out(page, PHOTO)

    assert caught.value.code == "worker-crashed"
