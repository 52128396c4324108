"""Photos cannot leave the device: the browser refuses, and working on them asks for nothing."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome

from tests.browser.ways_out import (
    assert_no_way_out_of_a_page,
    assert_no_way_out_of_a_worker,
    assert_ways_out_without_policy,
)
from tests.harness import tiny_model
from tests.harness.driving import call, cut_out
from tests.harness.photos import PHOTOS
from tests.harness.site import Site
from tests.harness.walls import (
    WAYS_OUT,
    Eavesdropper,
    probing,
    try_in_worker,
)


@pytest.fixture(scope="module")
def site(tiny: Site) -> Site:
    return tiny


def test_page_has_no_way_out(
    page: Chrome, site: Site, eavesdropper: Eavesdropper, subtests: pytest.Subtests
) -> None:
    assert_no_way_out_of_a_page(page, site, eavesdropper, subtests)


def test_page_gave_up_what_its_policy_cannot_close(page: Chrome) -> None:
    names = ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"]
    kept = "return arguments[0].filter((name) => typeof globalThis[name] !== 'undefined')"
    assert page.execute_script(kept, names) == []


def test_without_the_policy_there_would_be_a_way_out(
    page: Chrome, site: Site, eavesdropper: Eavesdropper
) -> None:
    """The tests above can fail: the same attempts succeed on a page without its policy."""
    ways = (*WAYS_OUT, "EventSource", "sendBeacon")
    assert_ways_out_without_policy(page, ways, site, eavesdropper)


@pytest.mark.parametrize("worker", ["model", "pixels", "probe"])
def test_a_worker_that_sees_pixels_has_no_way_out(
    page: Chrome, site: Site, eavesdropper: Eavesdropper, worker: str, subtests: pytest.Subtests
) -> None:
    assert_no_way_out_of_a_worker(page, worker, site, eavesdropper, subtests)


def test_delivery_worker_reaches_its_own_origin_only(
    page: Chrome, site: Site, eavesdropper: Eavesdropper
) -> None:
    site.faults["workers/delivery.js"] = probing
    elsewhere = eavesdropper.url("/delivery")
    assert try_in_worker(page, "delivery", "fetch", elsewhere) == "refused"
    assert not eavesdropper.has_heard("/delivery")
    # The probe itself works: what is allowed does arrive.
    assert try_in_worker(page, "delivery", "fetch", site.url("/healthz")) == "open"
    assert "/healthz" in site.requests


#: What the page itself loads behind a first photo, or when somebody looks at its claim, has come.
SETTLED = """
  const [done] = arguments;
  performance.setResourceTimingBufferSize(2000);
  document.querySelector('[data-part=promise]').open = true;
  let known = -1;
  const look = () => {
    const { length } = performance.getEntriesByType('resource');
    if (length === known) { done(); return; }
    known = length;
    setTimeout(look, 500);
  };
  look();
"""


def test_no_request_while_photos_are_worked_on(page: Chrome, site: Site) -> None:
    call(page, "preload")
    page.execute_async_script(SETTLED)
    site.requests.clear()

    for photo in sorted(PHOTOS.iterdir())[:3]:
        cut_out(page, photo)

    assert site.requests == []


#: A string where code is expected.
SINKS = {
    "innerHTML": "document.createElement('p').innerHTML = '<b>bold</b>'",
    "DOMParser": "new DOMParser().parseFromString('<b>bold</b>', 'text/html')",
    "Worker": "new Worker(new URL('./workers/model.js', main)).terminate()",
    "a policy of its own": "trustedTypes.createPolicy('mine', { createHTML: (text) => text })",
    "a script that is none of ours": "ownScript(new URL('./main.js', main))",
}
TRY_SINKS = f"""
  const [done] = arguments;
  const main = new URL(document.querySelector('script[type=module]').src);
  const tried = (way) => {{
    try {{ way(); return 'taken'; }} catch ({{ name }}) {{ return name; }}
  }};
  import(new URL('./shared/trusted.js', main)).then(({{ ownScript }}) => ({{
    {", ".join(f"'{name}': tried(() => {way})" for name, way in SINKS.items())}
  }})).then(done, (error) => done(String(error)));
"""


def test_no_string_becomes_code(page: Chrome) -> None:
    assert page.execute_async_script(TRY_SINKS) == dict.fromkeys(SINKS, "TypeError")
    # What our own code needs is let through, the runtime's threads too.
    report = cut_out(page, tiny_model.photo(1)[0], backend="wasm", threads=2).report
    assert report["threads"] == {"asked": 2, "got": 2}
