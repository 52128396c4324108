"""`flask check URL` says in words what is between the server and the visitor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from server.asking import UnreachableError
from server.check import differences
from server.web_servers import nginx_proxy as nginx
from tests.server import proxies, toy_site
from tests.server.conftest import Site, serving
from tests.server.processes import free_port

PREFIX = "/tools/mattebox"


@dataclass(frozen=True)
class Installed:
    """What should be, and where it runs."""

    app: Flask
    site: Site


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("installed")
    app = toy_site.start(toy_site.build(folder))
    with serving(app, folder) as site:
        yield Installed(app, site)


def behind(installed: Installed, folder: Path, lines: str) -> dict[str, list[str]]:
    """What is said of nginx with these lines in its location."""
    proxied = Site(free_port(), folder)
    upstream = f"http://127.0.0.1:{installed.site.port}"
    server = (
        f"server {{ listen 127.0.0.1:{proxied.port};"
        f" location / {{ proxy_pass {upstream}; proxy_http_version 1.1; {lines} }} }}"
    )
    with proxies.nginx(folder, server, proxied):
        return differences(f"http://127.0.0.1:{proxied.port}/", installed.app)


def test_where_nothing_differs_nothing_is_said(installed: Installed, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{installed.site.port}"
    assert differences(url, installed.app) == {}
    assert differences(f"{url}/", installed.app, whole=False) == {}
    assert behind(installed, tmp_path, "") == {}


def test_behind_the_printed_configuration_nothing_differs(
    installed: Installed, tmp_path: Path
) -> None:
    proxied = Site(free_port(), tmp_path)
    upstream = f"http://127.0.0.1:{installed.site.port}"
    settings = toy_site.settings_of(installed.site.folder)
    block = nginx.proxy(settings, f"127.0.0.1:{proxied.port}", upstream)
    with proxies.nginx(tmp_path, block, proxied):
        assert differences(f"http://127.0.0.1:{proxied.port}/", installed.app) == {}


def test_below_a_prefix(tmp_path: Path) -> None:
    app = toy_site.start(toy_site.build(tmp_path, prefix=PREFIX))
    with serving(app, tmp_path) as site:
        assert differences(f"http://127.0.0.1:{site.port}{PREFIX}/", app) == {}
        assert differences(f"http://127.0.0.1:{site.port}/", app) != {}


@pytest.mark.parametrize(
    ("lines", "said", "path"),
    [
        (
            (
                "gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any;"
                " proxy_set_header Accept-Encoding '';"
            ),
            "It is compressed on its way (gzip): downloads cannot resume.",
            "models/",
        ),
        (
            "proxy_hide_header Content-Security-Policy;",
            (
                "The policy that keeps photos on the device is missing: a proxy hides it, or sends"
                " files in Mattebox's place."
            ),
            "",
        ),
        (
            "add_header Content-Security-Policy \"default-src 'self'\";",
            "A second policy was added, and browsers enforce both: default-src 'self'.",
            "sw.js",
        ),
        (
            (
                "proxy_hide_header Content-Security-Policy;"
                " add_header Content-Security-Policy \"default-src 'self'\" always;"
            ),
            "The policy that keeps photos on the device was replaced by \"default-src 'self'\".",
            "",
        ),
        (
            "proxy_hide_header Cross-Origin-Embedder-Policy;",
            (
                "The header Cross-Origin-Embedder-Policy is missing: browsers give the page no"
                " threads without it."
            ),
            "",
        ),
        (
            "proxy_hide_header Cache-Control; add_header Cache-Control max-age=3600;",
            "The service worker may be cached (max-age=3600), so updates come late.",
            "sw.js",
        ),
        (
            (
                "sub_filter '<!doctype html>' '<!doctype html><script></script>';"
                " proxy_set_header Accept-Encoding '';"
            ),
            (
                "Other bytes arrive than the server has: something changes them on their way, or"
                " another release runs there."
            ),
            "",
        ),
        (
            "proxy_set_header Range '';",
            "GET with Range bytes=0-65535 is answered with 200 instead of 206.",
            "models/",
        ),
        ("limit_except GET { deny all; }", "POST is answered with 403 instead of 405.", ""),
    ],
    ids=["gzip", "no CSP", "two CSP", "other CSP", "no COEP", "cached", "changed", "range", "POST"],
)
def test_what_a_proxy_changes_is_said_in_words(
    installed: Installed, tmp_path: Path, lines: str, said: str, path: str
) -> None:
    found = behind(installed, tmp_path, lines)
    assert said in found
    assert any(one.startswith(path) for one in found[said])


def test_another_release_is_noticed(installed: Installed, tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    (settings.client / "app.js").write_text("export const start = 2;\n")
    found = differences(f"http://127.0.0.1:{installed.site.port}/", toy_site.start(settings))
    assert "GET is answered with 404 instead of 200." in found


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mattebox.example", "is no address such as"),
        ("ftp://127.0.0.1/", "is no address such as"),
        ("http://127.0.0.1:1/", "ConnectionRefusedError"),
    ],
)
def test_where_nothing_answers_that_is_said(installed: Installed, url: str, said: str) -> None:
    with pytest.raises(UnreachableError, match=said):
        differences(url, installed.app)
