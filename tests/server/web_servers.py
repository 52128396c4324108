"""The real web servers over an exported site, with the configuration that came with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from server.web_servers import apache
from tests.server import proxies
from tests.server.conftest import Site

Starting = Callable[[Path, Path, Site], AbstractContextManager[None]]
"""Runs a server in a folder of its own, over an export, reachable as `site`."""


@contextmanager
def nginx(folder: Path, exported: Path, site: Site) -> Iterator[None]:
    with proxies.nginx(
        folder, (exported / "nginx.conf").read_text(), site, proxies.unprivileged(folder)
    ):
        yield


@contextmanager
def caddy(folder: Path, exported: Path, site: Site) -> Iterator[None]:
    with proxies.caddy(
        folder, (exported / "Caddyfile").read_text(), site, proxies.unprivileged(folder)
    ):
        yield


@contextmanager
def httpd(folder: Path, exported: Path, site: Site) -> Iterator[None]:
    text = (exported / "apache.conf").read_text()
    modules = text.splitlines()[0].removeprefix("# a2enmod ").split()
    assert set(apache.MODULES) <= set(modules)
    extra = ("socache_shmcb",) if "ssl" in modules else ()
    with proxies.apache(
        folder, text.splitlines(), site, (*modules, *extra), proxies.unprivileged(folder)
    ):
        yield


SERVERS: dict[str, Starting] = {"nginx": nginx, "Caddy": caddy, "Apache": httpd}
