"""Attempts to carry something out of a realm, and a server elsewhere that would hear of it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.remote.webdriver import WebDriver

from tests.harness.site import Answer


class Eavesdropper(ThreadingHTTPServer):
    """Another origin, which would take whatever it is sent and allows everyone to send it."""

    heard: list[str]
    #: Browsers connect ahead of need: the next server on this port would not hear that request.
    open: set[socket.socket]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def has_heard(self, path: str) -> bool:
        return any(one.endswith(f" {path}") for one in self.heard)


class _Handler(BaseHTTPRequestHandler):
    server: Eavesdropper

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self.server.heard.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_OPTIONS = do_GET  # noqa: N815

    def log_message(self, *_args: Any) -> None:
        """Heard, not printed."""


@contextmanager
def eavesdropping(port: int = 0) -> Iterator[Eavesdropper]:
    """On this port of the loopback interface, or a free one."""
    server = Eavesdropper(("127.0.0.1", port), _Handler)
    server.heard, server.open = [], set()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
    for connection in list(server.open):
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


#: In the browser's own lines about what the page tries, on purpose, and is refused.
WALL_CHECK = "/wall-check.js"


def complaints(driver: Chrome, source: str = "") -> list[str]:
    """Errors on the browser's console since it was last read, of one source or all.

    What the page tries on purpose and is refused, in whichever of its workers starts late, is none.
    """
    severe = [line for line in driver.get_log("browser") if line["level"] == "SEVERE"]
    heard = [line["message"] for line in severe if source in ("", line["source"])]
    return [message for message in heard if WALL_CHECK not in message]


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
        try {
            const source = new EventSource(url);
            source.onopen = () => tell('open');
            source.onerror = () => { source.close(); tell('refused'); };
        } catch { tell('refused'); }
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
            // The page's own check of its walls is told by the same event.
            if (effectiveDirective === 'form-action') tell('refused');
        });
        try { form.submit(); } catch { tell('refused'); }
        setTimeout(() => tell('no violation'), 2000);
    })""",
}


def try_on_page(driver: WebDriver, way: str, url: str) -> str:
    script = f"const [url, done] = arguments; ({way}).then(done, (error) => done(String(error)));"
    return str(driver.execute_async_script(script, url))


def probe_script() -> str:
    """What makes a worker try a way out when it is told to, and say what came of it."""
    ways = ", ".join(f"'{name}': (url) => {way}" for name, way in WAYS_OUT.items())
    return f"""
      const ways = {{ {ways} }};
      addEventListener('message', async ({{ data }}) => {{
        if (data.probe) postMessage({{ type: 'probe', verdict: await ways[data.probe](data.url) }});
      }});"""


def probing(answer: Answer) -> Answer:
    """The worker's own script and headers, and a probe behind it."""
    return answer.with_body(answer.body + probe_script().encode())


def try_in_worker(driver: WebDriver, worker: str, name: str, url: str) -> str:
    script = """
      const [name, probe, url, done] = arguments;
      const api = new URL(document.querySelector('script[type=module]').src);
      import(new URL('./shared/trusted.js', api)).then(({ ownScript }) => {
        const address = ownScript(new URL(`./workers/${name}.js?probe`, api));
        const worker = new Worker(address, { type: 'module' });
        worker.onmessage = ({ data }) => data.type === 'probe' && done(data.verdict);
        worker.onerror = (event) => done(`error ${event.message}`);
        worker.postMessage({ probe, url });
      }).catch((error) => done(String(error)));
    """
    return str(driver.execute_async_script(script, worker, name, url))
