"""Photos cannot leave the device: the browser refuses, and working on them asks for nothing."""

from __future__ import annotations

import time

import pytest
from selenium.webdriver import Chrome

from tests.harness.driving import call, cut_out
from tests.harness.photos import PHOTOS
from tests.harness.site import Site
from tests.harness.walls import (
    ONLY_ON_A_PAGE,
    WAYS_OUT,
    Eavesdropper,
    probing,
    try_in_worker,
    try_on_page,
)


@pytest.mark.parametrize("name", [*WAYS_OUT, *ONLY_ON_A_PAGE])
def test_page_has_no_way_out(
    page: Chrome, site: Site, eavesdropper: Eavesdropper, name: str
) -> None:
    way = {**WAYS_OUT, **ONLY_ON_A_PAGE}[name]
    for target in (eavesdropper.url(f"/{name}"), site.url(f"/{name}")):
        assert try_on_page(page, way, target) == "refused", target
    time.sleep(0.3)
    assert not [heard for heard in eavesdropper.heard if name in heard]
    assert f"/{name}" not in site.requests


@pytest.mark.parametrize("name", ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"])
def test_page_gave_up_what_its_policy_cannot_close(page: Chrome, name: str) -> None:
    assert page.execute_script(f"return typeof {name}") == "undefined"


@pytest.mark.parametrize("name", [*WAYS_OUT, "EventSource", "sendBeacon"])
def test_without_the_policy_there_would_be_a_way_out(
    page: Chrome, site: Site, eavesdropper: Eavesdropper, name: str
) -> None:
    """The tests above can fail: the same attempts succeed on a page without its policy."""
    site.faults[""] = lambda answer: answer.without("Content-Security-Policy")
    page.get(site.url())
    target = eavesdropper.url(f"/control-{name}")
    try_on_page(page, {**WAYS_OUT, **ONLY_ON_A_PAGE}[name], target)
    time.sleep(0.3)
    assert [heard for heard in eavesdropper.heard if f"control-{name}" in heard]


@pytest.mark.parametrize("worker", ["model", "pixels", "probe"])
@pytest.mark.parametrize("name", WAYS_OUT)
def test_a_worker_that_sees_pixels_has_no_way_out(
    page: Chrome, site: Site, eavesdropper: Eavesdropper, worker: str, name: str
) -> None:
    site.faults[f"workers/{worker}.js"] = probing
    for target in (
        eavesdropper.url(f"/{worker}-{name}"),
        site.url(f"/{worker}-{name}"),
    ):
        assert try_in_worker(page, worker, name, target) == "refused", target
    assert not [heard for heard in eavesdropper.heard if f"{worker}-{name}" in heard]
    assert f"/{worker}-{name}" not in site.requests


def test_delivery_worker_reaches_its_own_origin_only(
    page: Chrome, site: Site, eavesdropper: Eavesdropper
) -> None:
    site.faults["workers/delivery.js"] = probing
    elsewhere = eavesdropper.url("/delivery")
    assert try_in_worker(page, "delivery", "fetch", elsewhere) == "refused"
    assert "GET /delivery" not in eavesdropper.heard
    # The probe itself works: what is allowed does arrive.
    assert try_in_worker(page, "delivery", "fetch", site.url("/healthz")) == "open"
    assert "/healthz" in site.requests


def test_no_request_while_photos_are_worked_on(page: Chrome, site: Site) -> None:
    call(page, "preload")
    site.requests.clear()

    for photo in sorted(PHOTOS.iterdir())[:3]:
        cut_out(page, photo)

    assert site.requests == []
