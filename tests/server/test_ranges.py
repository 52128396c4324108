"""Byte ranges as RFC 9110 section 14 defines them, on the wire."""

from __future__ import annotations

import pytest

from server.files import Span, parse_range
from tests.server.conftest import Site
from tests.server.toy_site import MODEL_BYTES

N = len(MODEL_BYTES)

SATISFIABLE = {
    "bytes=0-0": (0, 1),
    "bytes=0-": (0, N),
    f"bytes={N - 1}-": (N - 1, N),
    "bytes=-1": (N - 1, N),
    "bytes=-3": (N - 3, N),
    f"bytes=-{N}": (0, N),
    f"bytes=-{N + 100}": (0, N),
    "bytes=100-199": (100, 200),
    f"bytes=1000-{N + 5}": (1000, N),
    "BYTES=5-6": (5, 7),
    "bytes= 7-8": (7, 9),
    "bytes=0000000000000000000000000000-1": (0, 2),
    "bytes=0-" + "9" * 5000: (0, N),
    "bytes=" + "0" * 25 + "5-10": (5, 11),
    "bytes=5-" + "0" * 25 + "10": (5, 11),
    "bytes=-" + "0" * 25 + "3": (N - 3, N),
}
UNSATISFIABLE = [f"bytes={N}-", f"bytes={N}-{N + 1}", "bytes=-0", "bytes=" + "9" * 5000 + "-"]
IGNORED = [
    "bytes=5-2",
    "bytes=-",
    "bytes=",
    "bytes",
    "bytes=a-b",
    "bytes=1-2-3",
    "bytes=--1",
    "bytes=+1-2",
    "bytes=1.5-2",
    "bytes=\u00b2-3",
    "items=0-0",
    "0-0",
]
SEVERAL = ["bytes=0-0,5-6", "bytes=0-0, -1", "bytes=0-0,", f"bytes=0-0,{N}-"]


@pytest.mark.parametrize(("value", "expected"), SATISFIABLE.items(), ids=lambda v: str(v)[:40])
def test_a_range_gives_exactly_its_bytes(site: Site, value: str, expected: tuple[int, int]) -> None:
    start, end = expected
    answer = site.ask(site.model_url(), Range=value)
    assert answer.status == 206
    assert answer.body == MODEL_BYTES[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{N}"
    assert answer.headers["content-length"] == str(end - start)
    assert answer.headers["etag"] == site.ask(site.model_url()).headers["etag"]


@pytest.mark.parametrize("value", UNSATISFIABLE, ids=lambda v: v[:40])
def test_a_range_past_the_end_is_refused_with_the_length(site: Site, value: str) -> None:
    answer = site.ask(site.model_url(), Range=value)
    assert (answer.status, answer.body) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{N}"
    assert answer.headers["content-length"] == "0"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("value", IGNORED + SEVERAL)
def test_what_is_no_single_range_gets_the_whole(site: Site, value: str) -> None:
    answer = site.ask(site.model_url(), Range=value)
    assert (answer.status, answer.body) == (200, MODEL_BYTES)
    assert "content-range" not in answer.headers
    assert answer.headers["accept-ranges"] == "bytes"


def test_if_range_counts_only_as_the_exact_strong_etag(site: Site) -> None:
    url = site.model_url()
    etag = site.ask(url).headers["etag"]
    assert site.ask(url, Range="bytes=0-0", If_Range=etag).status == 206
    date = "Wed, 21 Oct 2015 07:28:00 GMT"
    for other in (f"W/{etag}", '"other"', etag.strip('"'), date, "*", f'{etag}, "b"'):
        answer = site.ask(url, Range="bytes=0-0", If_Range=other)
        assert (answer.status, answer.body) == (200, MODEL_BYTES), other


def test_if_range_that_fails_hides_an_unsatisfiable_range(site: Site) -> None:
    assert site.ask(site.model_url(), Range=f"bytes={N}-", If_Range='"other"').status == 200


def test_a_condition_is_weighed_before_the_range(site: Site) -> None:
    etag = site.ask(site.model_url()).headers["etag"]
    for value in ("bytes=0-0", f"bytes={N}-"):
        assert site.ask(site.model_url(), Range=value, If_None_Match=etag).status == 304


def test_head_ignores_ranges(site: Site) -> None:
    answer = site.ask(site.model_url(), "HEAD", Range="bytes=0-0")
    assert (answer.status, answer.headers["content-length"]) == (200, str(N))


def test_a_range_of_a_compressible_file_is_cut_from_its_plain_bytes(site: Site) -> None:
    url = site.asset_url("main.js")
    plain = site.ask(url)
    answer = site.ask(url, Range="bytes=3-9", Accept_Encoding="br, gzip")
    assert answer.status == 206
    assert answer.body == plain.body[3:10]
    assert "content-encoding" not in answer.headers
    assert answer.headers["etag"] == plain.headers["etag"]
    assert answer.headers["vary"] == "Accept-Encoding"


def test_if_range_with_the_tag_of_a_compressed_form_gets_the_whole(site: Site) -> None:
    url = site.asset_url("main.js")
    packed = site.ask(url, Accept_Encoding="br")
    answer = site.ask(url, Range="bytes=3-9", Accept_Encoding="br", If_Range=packed.headers["etag"])
    assert (answer.status, answer.body) == (200, packed.body)
    assert answer.headers["content-encoding"] == "br"


def test_nothing_of_an_empty_file_can_be_a_range() -> None:
    for value in ("bytes=0-", "bytes=-1", "bytes=0-0"):
        span = parse_range(value, 0)
        assert isinstance(span, Span)
        assert span.length == 0
