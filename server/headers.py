"""The one place where security headers and the rule "no request has a body" are written.

Invariant: every response carries every header below. That holds for errors and redirects too,
because `Gate` is the outermost WSGI layer and not a hook that a failing view could skip.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from enum import Enum
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

METHODS = ("GET", "HEAD", "OPTIONS")


def _policy(**directives: str) -> str:
    """A Content-Security-Policy that allows nothing but what is named.

    form-action, base-uri and frame-ancestors do not fall back to default-src (CSP3 section 6.1),
    so they are always written out.
    """
    closed = {
        "default-src": "'none'",
        "connect-src": "'none'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    named = {name.replace("_", "-"): value for name, value in directives.items()}
    return "; ".join(f"{name} {value}" for name, value in (closed | named).items())


def _trusting(*policies: str) -> dict[str, str]:
    """Trusted Types: a string becomes code by one of these of the client's policies, or not at all.

    Where no script may run (Realm.CLOSED), nothing is left for it to forbid.
    """
    names = " ".join(policies) or "'none'"
    return {"require_trusted_types_for": "'script'", "trusted_types": names}


class Realm(Enum):
    """Who runs the response, and so which walls the browser puts around it.

    A dedicated worker takes its policy from the response its own script came in, so a script
    that is no entry point is CLOSED: started as a worker it could reach nothing.
    """

    PAGE = _policy(
        script_src="'self'",
        style_src="'self'",
        img_src="blob: data:",
        worker_src="'self'",
        manifest_src="'self'",
        frame_ancestors="'self'",
        # A module that is loaded twice makes its policy twice.
        **_trusting(
            "mattebox-scripts", "mattebox-pasted", "mattebox-drawing", "'allow-duplicates'"
        ),
    )
    # ONNX Runtime's glue is the entry script of its own pthread workers and needs this one as well.
    # The glue starts them by a plain address, which the default policy of runtime/ort.js knows.
    INFERENCE = _policy(
        script_src="'self' 'wasm-unsafe-eval'", worker_src="'self'", **_trusting("default")
    )
    DELIVERY = _policy(script_src="'self'", connect_src="'self'", **_trusting())
    # The service worker fetches the page's files. Of photos it sees those that the system's share
    # menu hands to the installed app, and those it may only put into the store.
    SERVICE = _policy(connect_src="'self'", **_trusting())
    CLOSED = _policy()

    @property
    def policy(self) -> str:
        """The value of the Content-Security-Policy header."""
        return self.value


# What has a name of its own below the site's root.
DOCUMENT_REALMS = {
    "index.html": Realm.PAGE,
    "api.js": Realm.CLOSED,
    "manifest.webmanifest": Realm.CLOSED,
    "sw.js": Realm.SERVICE,
}

# The scripts that workers start with; every other script of the tree is closed as a worker.
WORKER_REALMS = {
    "workers/model.js": Realm.INFERENCE,
    "workers/pixels.js": Realm.INFERENCE,
    "workers/editor.js": Realm.INFERENCE,
    "workers/probe.js": Realm.INFERENCE,
    "workers/delivery.js": Realm.DELIVERY,
}


def asset_realm(name: str) -> Realm:
    """Who runs a file of the tree."""
    return WORKER_REALMS.get(name, Realm.CLOSED)


def runtime_realm(name: str) -> Realm:
    """Who runs a file of the runtime."""
    # The glue starts its pthread workers from its own URL.
    return Realm.INFERENCE if name.endswith(".mjs") else Realm.CLOSED


CSP = "Content-Security-Policy"

_REFUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "usb",
    "xr-spatial-tracking",
)

SECURITY_HEADERS = {
    # The first two make the page cross-origin isolated: SharedArrayBuffer, hence wasm threads.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _REFUSED_FEATURES),
}


def fingerprint() -> str:
    """SHA-256 over every header value here.

    An immutable response keeps its headers as long as its body, so the asset tree's digest covers
    them: a changed policy reaches browsers that have the same script cached.
    """
    values = [*SECURITY_HEADERS.values(), *(realm.policy for realm in Realm)]
    return hashlib.sha256("\n".join(values).encode()).hexdigest()


_ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class Gate:
    """WSGI layer: refuses methods and bodies nobody needs, and completes every response's headers.

    405 for all methods but GET, HEAD and OPTIONS on any path; 413 for an allowed method that
    brings a body. Neither reads the body. Whether the connection can go on is the server's to
    decide (PEP 3333 keeps hop-by-hop headers from applications): Werkzeug's closes after each
    response, gunicorn discards the rest of the body or closes.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as PEP 3333 asks."""

        def complete(
            status: str, headers: list[tuple[str, str]], exc_info: _ExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            return start_response(status, _completed(headers), exc_info)

        if environ["REQUEST_METHOD"] not in METHODS:
            return _refuse(complete, "405 Method Not Allowed", environ)
        if _has_body(environ):
            return _refuse(complete, "413 Content Too Large", environ)
        return self._app(environ, complete)


def _completed(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    named = {name.lower() for name, _ in headers}
    defaults = {
        CSP: Realm.CLOSED.policy,
        # 404 and 405 may be cached heuristically (RFC 9111 section 4.2.2), which would outlive the
        # restart that makes the URL exist.
        "Cache-Control": "no-store",
    }
    missing = [(name, value) for name, value in defaults.items() if name.lower() not in named]
    fixed = {name.lower() for name in SECURITY_HEADERS}
    kept = [(name, value) for name, value in headers if name.lower() not in fixed]
    return [*kept, *missing, *SECURITY_HEADERS.items()]


def refusal(status: HTTPStatus) -> bytes:
    """A whole answer to a request that could not be read, and the end of its connection."""
    line = f"{status.value} {status.phrase}"
    body = f"{line}\n".encode()
    own = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
    ]
    fields = "".join(f"{name}: {value}\r\n" for name, value in _completed(own))
    return f"HTTP/1.1 {line}\r\n{fields}\r\n".encode() + body


def _has_body(environ: WSGIEnvironment) -> bool:
    length = environ.get("CONTENT_LENGTH") or "0"
    return length.strip("0") != "" or "HTTP_TRANSFER_ENCODING" in environ


def _refuse(start_response: StartResponse, status: str, environ: WSGIEnvironment) -> list[bytes]:
    body = f"{status}\n".encode()
    # RFC 9110 section 15.5.6 asks for it, and of no other status.
    allowed = [("Allow", ", ".join(METHODS))] if status.startswith("405") else []
    start_response(
        status,
        [
            *allowed,
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
        ],
    )
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
