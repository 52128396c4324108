"""Conditions, encodings, media types, caching, and HEAD as the mirror of GET."""

from __future__ import annotations

import gzip
import hashlib

import brotli
import pytest

from tests.server.conftest import Site
from tests.server.toy_site import CLIENT, MODEL_BYTES, sha256

IMMUTABLE = "public, max-age=31536000, immutable"
MUTABLE = [
    "/",
    "/sw.js",
    "/catalog.json",
    "/api.js",
    "/manifest.webmanifest",
    "/manifest.de.webmanifest",
]


def fixed_urls(site: Site) -> list[str]:
    names = [name for name in CLIENT if name != "index.html"]
    names.append("vendor/jsquash-webp/webp_enc_simd.wasm")
    runtime = [site.runtime_url(".mjs"), site.runtime_url(".wasm")]
    return [*(site.asset_url(name) for name in names), *runtime]


def test_head_has_the_headers_of_get(site: Site) -> None:
    for url in [*MUTABLE, *fixed_urls(site), site.model_url(), "/healthz", "/none"]:
        for accepted in ("identity", "gzip", "br"):
            get = site.ask(url, Accept_Encoding=accepted)
            head = site.ask(url, "HEAD", Accept_Encoding=accepted)
            for answer in (get, head):
                answer.headers.pop("date")
            assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")
            assert int(get.headers["content-length"]) == len(get.body)


@pytest.mark.parametrize("url", MUTABLE)
def test_what_a_release_may_change_is_revalidated(site: Site, url: str) -> None:
    first = site.ask(url)
    assert first.headers["cache-control"] == "no-cache"
    again = site.ask(url, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_what_a_digest_names_is_kept_for_a_year(site: Site) -> None:
    for url in fixed_urls(site):
        answer = site.ask(url)
        assert (answer.status, answer.headers["cache-control"]) == (200, IMMUTABLE)
        assert answer.headers["etag"] == f'"{hashlib.sha256(answer.body).hexdigest()}"'


def test_not_modified_carries_what_a_cache_updates(site: Site) -> None:
    url = site.asset_url("main.js")
    whole = site.ask(url, Accept_Encoding="br")
    answer = site.ask(url, Accept_Encoding="br", If_None_Match=whole.headers["etag"])
    assert answer.status == 304
    for name in ("etag", "cache-control", "vary", "content-security-policy"):
        assert answer.headers[name] == whole.headers[name]
    assert "content-length" not in answer.headers
    assert "content-encoding" not in answer.headers


def test_if_none_match(site: Site) -> None:
    url = site.model_url()
    etag = site.ask(url).headers["etag"]
    for value in (etag, f"W/{etag}", f'"a", {etag}', f'"a",W/{etag} , "b"', "*"):
        assert site.ask(url, If_None_Match=value).status == 304, value
    for value in ('"a"', '"a", "b"', f'"{etag[1:-2]}"', f'{etag[:-1]}-br"'):
        assert site.ask(url, If_None_Match=value).status == 200, value


def test_if_match(site: Site) -> None:
    url = site.model_url()
    etag = site.ask(url).headers["etag"]
    assert site.ask(url, If_Match=etag).status == 200
    assert site.ask(url, If_Match="*").status == 200
    assert site.ask(url, If_Match=f"W/{etag}").status == 412


def test_a_date_is_no_condition(site: Site) -> None:
    url = site.model_url()
    assert "last-modified" not in site.ask(url).headers
    assert site.ask(url, If_Modified_Since="Fri, 31 Dec 9999 23:59:59 GMT").status == 200


NEGOTIATED = {
    "": "identity",
    "br": "br",
    "gzip": "gzip",
    "gzip, deflate, br, zstd": "br",
    "br;q=0.1, gzip;q=0.2": "gzip",
    "br;q=0.5, gzip;q=0.5": "br",
    "br;q=0, gzip": "gzip",
    "br;q=0, *": "gzip",
    "*": "br",
    "*;q=0": "identity",
    "gzip;q=0, br;q=0": "identity",
    "x-gzip": "gzip",
    "X-GZIP;q=0.5": "gzip",
    "x-gzip;q=0": "identity",
    "x-gzip, gzip;q=0": "identity",
    "identity, br;q=0.5": "identity",
    "identity;q=0.5, br;q=0.5": "br",
    "identity;q=0": "identity",
    "BR": "br",
    "deflate, zstd": "identity",
    "brotli": "identity",
    "br; q=0.001": "br",
    ";;,q=1,=": "identity",
}


@pytest.mark.parametrize(("accepted", "encoding"), NEGOTIATED.items())
def test_negotiation(site: Site, accepted: str, encoding: str) -> None:
    for url in (site.asset_url("main.js"), site.runtime_url(".wasm"), "/", "/catalog.json"):
        answer = site.ask(url, Accept_Encoding=accepted)
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert answer.headers["vary"] == "Accept-Encoding"


def test_the_forms_unpack_to_the_same_bytes_and_have_their_own_tags(site: Site) -> None:
    for url in (site.asset_url("main.js"), site.runtime_url(".wasm")):
        plain, br, gz = (site.ask(url, Accept_Encoding=e) for e in ("identity", "br", "gzip"))
        assert brotli.decompress(br.body) == plain.body == gzip.decompress(gz.body)
        assert len(br.body) < len(plain.body)
        assert len({answer.headers["etag"] for answer in (plain, br, gz)}) == 3
        assert site.ask(url, Accept_Encoding="gzip", If_None_Match=br.headers["etag"]).status == 200


def test_a_form_that_is_not_smaller_is_not_offered(site: Site) -> None:
    answer = site.ask(site.asset_url("workers/delivery.js"), Accept_Encoding="br, gzip")
    assert "content-encoding" not in answer.headers
    assert answer.body == CLIENT["workers/delivery.js"].encode()


def test_a_model_is_never_encoded_and_never_transformed(site: Site) -> None:
    for accepted in ("br", "gzip", "br;q=1, identity;q=0", "*"):
        answer = site.ask(site.model_url(), Accept_Encoding=accepted)
        assert answer.body == MODEL_BYTES
        assert "content-encoding" not in answer.headers
        assert "vary" not in answer.headers
        assert answer.headers["cache-control"] == f"{IMMUTABLE}, no-transform"
        assert answer.headers["etag"] == f'"{sha256(MODEL_BYTES)}"'
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["content-type"] == "application/octet-stream"


def test_media_types(site: Site) -> None:
    expected = {
        "/": "text/html; charset=utf-8",
        "/manifest.webmanifest": "application/manifest+json",
        "/manifest.de.webmanifest": "application/manifest+json",
        "/catalog.json": "application/json",
        site.asset_url("main.js"): "text/javascript; charset=utf-8",
        site.asset_url("styles.css"): "text/css; charset=utf-8",
        site.asset_url("icons/icon.svg"): "image/svg+xml",
        site.asset_url("icons/icon-192.png"): "image/png",
        site.runtime_url(".mjs"): "text/javascript; charset=utf-8",
        site.runtime_url(".wasm"): "application/wasm",
    }
    for url, mime in expected.items():
        assert site.ask(url).headers["content-type"] == mime


def test_urls_that_name_nothing(site: Site) -> None:
    tree, model = site.catalog()["tree"], site.model_url()
    version = site.runtime_url("").split("/")[2]
    for url in (
        "/assets/0123/main.js",
        f"/assets/{tree}/index.html",
        f"/assets/{tree}/sw.js",
        f"/assets/{tree}/",
        f"/assets/{tree}/../{tree}/main.js",
        f"/assets/{tree}/%2e%2e/node_modules/onnxruntime-web/package.json",
        f"/assets/{tree}/..%2fmain.js",
        f"/assets/{tree}//main.js",
        f"/assets/{tree}/vendor/onnxruntime-web/package.json",
        "/runtime/1.0/ort-wasm-simd-threaded.wasm",
        f"/runtime/{version}/ort-wasm-simd-threaded.jsep.wasm",
        f"/runtime/{version}/package.json",
        model.replace("toy.onnx", "other.onnx"),
        model.replace(sha256(MODEL_BYTES), "0" * 64),
        f"{model}/",
        "/catalog.json/",
        "/favicon.ico",
        "/static/main.js",
    ):
        assert site.ask(url).status == 404, url


def test_the_index_lists_what_main_imports(site: Site) -> None:
    base = f"assets/{site.catalog()['tree']}/"
    page = site.ask("/").body.decode()
    assert f'src="{base}main.js"' in page
    for module in ("main.js", "app.js", "ui/view.js"):
        assert f"<link rel=modulepreload href={base}{module}>" in page
    assert "workers/" not in page
