"""Security headers and policies on every response, and no way to hand the server a body."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from server.asset_tree import RUNTIME_FILES
from tests.server import toy_site
from tests.server.conftest import Answer, Site, serving

EXPECTED = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
CLOSED_ANYWAY = {"form-action": "'none'", "base-uri": "'none'"}


def policy(answer: Answer) -> dict[str, str]:
    """The Content-Security-Policy as directive -> sources."""
    parts = answer.headers["content-security-policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def assert_guarded(answer: Answer) -> None:
    assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED
    assert "camera=()" in answer.headers["permissions-policy"]
    assert policy(answer)["default-src"] == "'none'"
    assert policy(answer).items() >= CLOSED_ANYWAY.items()


def test_every_status_carries_every_header(site: Site) -> None:
    model = site.model_url()
    etag = site.ask(model).headers["etag"]
    by_status = {
        200: [site.ask("/"), site.ask("/healthz"), site.ask("/", "HEAD"), site.ask(model)],
        206: [site.ask(model, Range="bytes=0-0")],
        304: [site.ask(model, If_None_Match=etag), site.ask("/catalog.json", If_None_Match="*")],
        404: [site.ask("/none"), site.ask("/assets/x/y"), site.ask("/models//x")],
        405: [site.ask("/", "POST"), site.ask("/none", "DELETE")],
        412: [site.ask(model, If_Match='"other"')],
        413: [site.ask("/", body=b"pixels")],
        416: [site.ask(model, Range="bytes=999999-")],
    }
    for status, answers in by_status.items():
        for answer in answers:
            assert answer.status == status
            assert_guarded(answer)
    assert_guarded(site.ask("/", "OPTIONS"))


def test_an_error_of_ours_carries_every_header(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    with serving(toy_site.start(settings), tmp_path) as site:
        url = site.asset_url("styles.css")
        (settings.client / "styles.css").unlink()
        answer = site.ask(url)
    assert answer.status == 500
    assert answer.headers["cache-control"] == "no-store"
    assert_guarded(answer)


def test_errors_are_never_cached(site: Site) -> None:
    for answer in (site.ask("/none"), site.ask("/", "PUT"), site.ask("/", body=b"x")):
        assert answer.headers["cache-control"] == "no-store"


def test_the_page_may_not_connect(site: Site) -> None:
    assert policy(site.ask("/")) == {
        "default-src": "'none'",
        "connect-src": "'none'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "blob: data:",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "mattebox-scripts mattebox-pasted mattebox-drawing 'allow-duplicates'",
    }


def test_the_inference_worker_may_compile_wasm_but_not_connect(site: Site) -> None:
    # The runtime's glue is the script its own pthread workers start with.
    for url in (site.asset_url("workers/model.js"), site.runtime_url(".mjs")):
        allowed = policy(site.ask(url))
        assert allowed["script-src"] == "'self' 'wasm-unsafe-eval'"
        assert allowed["worker-src"] == "'self'"
        assert allowed["connect-src"] == "'none'"


def test_wherever_a_script_runs_no_string_becomes_one(site: Site) -> None:
    trusted = {
        site.asset_url("workers/model.js"): "default",
        site.runtime_url(".mjs"): "default",
        site.asset_url("workers/delivery.js"): "'none'",
        "/sw.js": "'none'",
    }
    for url, names in trusted.items():
        found = policy(site.ask(url))
        assert found["require-trusted-types-for"] == "'script'"
        assert found["trusted-types"] == names


def test_only_delivery_and_service_worker_may_connect(site: Site) -> None:
    tree = site.catalog()["tree"]
    urls = [
        "/",
        "/api.js",
        "/sw.js",
        "/catalog.json",
        "/manifest.webmanifest",
        "/manifest.de.webmanifest",
        "/healthz",
        "/none",
    ]
    urls += [f"/assets/{tree}/{name}" for name in toy_site.CLIENT if name != "index.html"]
    urls += [f"/runtime/{toy_site.RUNTIME_VERSION}/{name}" for name in RUNTIME_FILES]
    urls += [site.model_url()]
    able = [url for url in urls if policy(site.ask(url))["connect-src"] != "'none'"]
    assert able == ["/sw.js", f"/assets/{tree}/workers/delivery.js"]
    service, delivery = (policy(site.ask(url)) for url in able)
    assert (delivery["connect-src"], delivery["script-src"]) == ("'self'", "'self'")
    assert service["connect-src"] == "'self'"


def test_other_scripts_are_closed_as_workers(site: Site) -> None:
    for url in (site.asset_url("main.js"), site.asset_url("runtime/ort.js"), "/api.js", "/sw.js"):
        allowed = policy(site.ask(url))
        assert "script-src" not in allowed
        assert "worker-src" not in allowed


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"])
@pytest.mark.parametrize("path", ["/", "/catalog.json", "/unknown", "/models/x/y", "/healthz"])
def test_methods_that_could_carry_a_body_do_not_exist(site: Site, method: str, path: str) -> None:
    for body in (None, b"pixels"):
        answer = site.ask(path, method, body)
        assert answer.status == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_options_names_the_methods(site: Site) -> None:
    for path in ("/", "/catalog.json", site.model_url(), site.asset_url("main.js")):
        answer = site.ask(path, "OPTIONS")
        assert answer.status == 200
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 6\r\n\r\npixels",
        b"Transfer-Encoding: chunked\r\n\r\n6\r\npixels\r\n0\r\n\r\n",
    ],
)
def test_an_allowed_method_with_a_body_is_refused(site: Site, method: str, framing: bytes) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as raw:
        raw.sendall(method.encode() + b" / HTTP/1.1\r\nHost: x\r\n" + framing)
        raw.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: raw.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"\r\nConnection: close" in head
    assert body == (b"" if method == "HEAD" else b"413 Content Too Large\n")


def test_an_announced_empty_body_is_no_body(site: Site) -> None:
    assert site.ask("/healthz", body=b"").status == 200


def test_no_response_holds_an_absolute_url(site: Site) -> None:
    for path in ("/", "/api.js", "/catalog.json", "/manifest.webmanifest"):
        text = site.ask(path).body.decode()
        assert "http://" not in text
        assert '"/' not in text
        assert "=/" not in text


def test_the_api_module_leads_to_the_tree(site: Site) -> None:
    tree = site.catalog()["tree"]
    answer = site.ask("/api.js")
    assert answer.body == f'export * from "./assets/{tree}/api.js";\n'.encode()
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


def test_health(site: Site) -> None:
    answer = site.ask("/healthz")
    assert (answer.status, answer.body) == (200, b"ok")
    assert answer.headers["cache-control"] == "no-store"
