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


def test_forwarded_headers_change_nothing(site: Site) -> None:
    # So a proxy that strips the path works with any setting, and a forged header does nothing.
    forged = {
        "X_Forwarded_Prefix": PREFIX,
        "X_Forwarded_Host": "other.example",
        "X_Forwarded_Proto": "https",
        "X_Script_Name": PREFIX,
    }
    for path in ("/", "/catalog.json", "/api.js", "/manifest.webmanifest", "/none"):
        plain, forwarded = site.ask(path), site.ask(path, **forged)  # type: ignore[arg-type]
        for answer in (plain, forwarded):
            answer.headers.pop("date")
        assert forwarded == plain
