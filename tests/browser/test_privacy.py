"""Photos cannot leave the device: the browser refuses, and working on them asks for nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.browser.conftest import PHOTOS
from tests.browser.driving import call, cut_out
from tests.browser.site import Answer, Site


class Eavesdropper(ThreadingHTTPServer):
    """Another origin, which would take whatever it is sent and allows everyone to send it."""

    heard: list[str]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Eavesdropper)
        self.server.heard.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_OPTIONS = do_GET  # noqa: N815

    def log_message(self, *_args: Any) -> None:
        """Heard, not printed."""


@pytest.fixture(scope="module")
def eavesdropper() -> Iterator[Eavesdropper]:
    server = Eavesdropper(("127.0.0.1", 0), _Handler)
    server.heard = []
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


#: Ways out, each a function of a target's URL: one that works reports "open" or is heard.
WAYS_OUT = {
    "fetch": "fetch(url).then(() => 'open', () => 'refused')",
    "fetch-post": """fetch(url, { method: 'POST', body: 'pixels', mode: 'no-cors' })
        .then(() => 'open', () => 'refused')""",
    "XMLHttpRequest": """new Promise((tell) => {
        const request = new XMLHttpRequest();
        request.onload = () => tell('open');
        request.onerror = () => tell('refused');
        try { request.open('GET', url); request.send(); } catch { tell('refused'); }
    })""",
    "WebSocket": """new Promise((tell) => {
        try {
            const socket = new WebSocket(url.replace('http', 'ws'));
            socket.onopen = () => tell('open');
            socket.onerror = () => tell('refused');
        } catch { tell('refused'); }
    })""",
}
ONLY_ON_A_PAGE = {
    # A beacon tells nothing but whether it was queued: what counts is what arrives.
    "sendBeacon": "Promise.resolve(navigator.sendBeacon(url, 'pixels')).then(() => 'refused')",
    "EventSource": """new Promise((tell) => {
        const source = new EventSource(url);
        source.onopen = () => tell('open');
        source.onerror = () => { source.close(); tell('refused'); };
    })""",
    "img": """new Promise((tell) => {
        const image = new Image();
        image.onload = () => tell('open');
        image.onerror = () => tell('refused');
        image.src = url;
    })""",
    "form": """new Promise((tell) => {
        const form = Object.assign(document.createElement('form'), { action: url, method: 'POST' });
        document.body.append(form);
        addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
            tell(effectiveDirective === 'form-action' ? 'refused' : effectiveDirective);
        }, { once: true });
        form.submit();
        setTimeout(() => tell('no violation'), 2000);
    })""",
}


def try_on_page(driver: Chrome, way: str, url: str) -> str:
    script = f"const [url, done] = arguments; ({way}).then(done, (error) => done(String(error)));"
    return str(driver.execute_async_script(script, url))


@pytest.mark.parametrize("name", [*WAYS_OUT, *ONLY_ON_A_PAGE])
def test_page_has_no_way_out(
    page: Chrome, site: Site, eavesdropper: Eavesdropper, name: str
) -> None:
    way = {**WAYS_OUT, **ONLY_ON_A_PAGE}[name]
    for target in (f"http://127.0.0.1:{eavesdropper.server_port}/{name}", site.url(f"/{name}")):
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
    target = f"http://127.0.0.1:{eavesdropper.server_port}/control-{name}"
    try_on_page(page, {**WAYS_OUT, **ONLY_ON_A_PAGE}[name], target)
    time.sleep(0.3)
    assert [heard for heard in eavesdropper.heard if f"control-{name}" in heard]


def probing(answer: Answer) -> Answer:
    """The worker's own script and headers, and a probe behind it that tries a way when told."""
    ways = ", ".join(f"'{name}': (url) => {way}" for name, way in WAYS_OUT.items())
    probe = f"""
      const ways = {{ {ways} }};
      addEventListener('message', async ({{ data }}) => {{
        if (data.probe) postMessage({{ type: 'probe', verdict: await ways[data.probe](data.url) }});
      }});"""
    return answer.with_body(answer.body + probe.encode())


def try_in_worker(driver: Chrome, realm: str, name: str, url: str) -> str:
    script = """
      const [realm, probe, url, done] = arguments;
      const api = new URL(document.querySelector('script[type=module]').src);
      const worker = new Worker(new URL(`./${realm}/worker.js?probe`, api), { type: 'module' });
      worker.onmessage = ({ data }) => data.type === 'probe' && done(data.verdict);
      worker.onerror = (event) => done(`error ${event.message}`);
      worker.postMessage({ probe, url });
    """
    return str(driver.execute_async_script(script, realm, name, url))


@pytest.mark.parametrize("name", WAYS_OUT)
def test_inference_worker_has_no_way_out(
    page: Chrome, site: Site, eavesdropper: Eavesdropper, name: str
) -> None:
    site.faults["inference/worker.js"] = probing
    for target in (
        f"http://127.0.0.1:{eavesdropper.server_port}/worker-{name}",
        site.url(f"/worker-{name}"),
    ):
        assert try_in_worker(page, "inference", name, target) == "refused", target
    assert not [heard for heard in eavesdropper.heard if f"worker-{name}" in heard]
    assert f"/worker-{name}" not in site.requests


def test_delivery_worker_reaches_its_own_origin_only(
    page: Chrome, site: Site, eavesdropper: Eavesdropper
) -> None:
    site.faults["delivery/worker.js"] = probing
    elsewhere = f"http://127.0.0.1:{eavesdropper.server_port}/delivery"
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
