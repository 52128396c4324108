"""The application below a path: mounted by a setting, or behind a proxy that strips the path."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server import toy_site
from tests.server.conftest import Site, serving
from tests.server.test_headers import assert_guarded

PREFIX = "/tools/mattebox"


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("mounted")
    app = toy_site.start(toy_site.build(folder, prefix=PREFIX))
    with serving(app, folder) as running:
        yield running


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("proxied")
    app = toy_site.start(toy_site.build(folder, proxy_hops=1))
    with serving(app, folder) as running:
        yield running


def test_every_url_works_below_the_prefix(mounted: Site, site: Site) -> None:
    below = Site(mounted.port, mounted.folder, PREFIX)
    for path in ("/", "/catalog.json", "/api.js", "/sw.js", "/healthz", below.model_url()):
        answer, plain = below.ask(path), site.ask(path)
        assert (answer.status, answer.body) == (200, plain.body)
    assert below.ask(below.asset_url("ui/view.js")).status == 200
    assert below.ask(below.runtime_url(".wasm")).status == 200


def test_the_folder_without_its_slash_redirects_relatively(mounted: Site) -> None:
    for method in ("GET", "HEAD"):
        answer = mounted.ask(PREFIX, method)
        assert answer.status == 308
        assert answer.headers["location"] == "./mattebox/"
        assert_guarded(answer)
    answer = mounted.ask(f"{PREFIX}?model=toy&threads=1")
    assert answer.headers["location"] == "./mattebox/?model=toy&threads=1"


def test_nothing_exists_outside_the_prefix(mounted: Site) -> None:
    for path in ("/", "/catalog.json", "/healthz", "/tools", "/tools/", f"{PREFIX}x/"):
        answer = mounted.ask(path)
        assert answer.status == 404, path
        assert answer.headers["cache-control"] == "no-store"
        assert_guarded(answer)
        assert mounted.ask(path, "POST").status == 405


def test_a_proxy_may_name_the_prefix_it_stripped(proxied: Site) -> None:
    answer = proxied.ask("/catalog.json", X_Forwarded_Prefix=PREFIX)
    assert (answer.status, answer.body) == (200, proxied.ask("/catalog.json").body)
    assert proxied.ask("/", X_Forwarded_Prefix=PREFIX).status == 200


def test_an_untrusted_prefix_is_ignored(site: Site) -> None:
    answer = site.ask("/", X_Forwarded_Prefix="/evil", X_Forwarded_Host="evil.example")
    assert answer.status == 200
    assert b"evil" not in answer.body
