"""The configurations that pages for operators show, taken from there and run."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme

from server.config import ROOT, Settings
from server.web_servers import nginx_proxy
from tests.server import proxies
from tests.server.conftest import Answer, Site
from tests.server.processes import free_port, gunicorn
from tests.server.test_metrics import counts
from tests.server.test_proxy_mode import comparable

PAGES = ROOT / "docs" / "operating"


def block(page: str, language: str) -> str:
    [found] = re.findall(rf"```{language}\n(.*?)```", (PAGES / f"{page}.md").read_text(), re.DOTALL)
    return found


def certificate(folder: Path) -> tuple[Path, Path]:
    pem, key = folder / "photos.pem", folder / "photos.key"
    one = trustme.CA().issue_cert("photos.example.org")
    one.cert_chain_pems[0].write_to_path(pem)
    one.private_key_pem.write_to_path(key)
    return pem, key


def placed(text: str, folder: Path, socket: Path) -> str:
    """The text with this machine's paths in place of the operator's."""
    for name, path in zip(("pem", "key"), certificate(folder), strict=True):
        text = text.replace(f"/etc/ssl/photos.{name}", str(path))
    return text.replace("/run/mattebox.sock", str(socket))


def caddy(folder: Path, socket: Path, site: Site) -> AbstractContextManager[None]:
    # By plain http, since what is compared is what comes through.
    text = placed(block("caddy", "caddyfile"), folder, socket)
    text = re.sub(r"\ttls .*\n", "", text)
    text = text.replace("photos.example.org {", f"http://127.0.0.1:{site.port} {{")
    return proxies.caddy(folder, f"{{\n\tadmin off\n}}\n{text}", site)


def apache(folder: Path, socket: Path, site: Site) -> AbstractContextManager[None]:
    text = placed(block("apache", "apache"), folder, socket)
    text = re.sub(r"  (SSL|Protocols).*\n", "", text).replace("*:443", f"127.0.0.1:{site.port}")
    lines = [f"Listen 127.0.0.1:{site.port}", *text.splitlines()]
    return proxies.apache(folder, lines, site, ("authz_core", "proxy", "proxy_http"))


@pytest.mark.parametrize("start", [caddy, apache], ids=["Caddy", "Apache"])
def test_answers_come_through_a_proxy_as_they_are(
    start: Callable[[Path, Path, Site], AbstractContextManager[None]], tmp_path: Path
) -> None:
    # A socket's path may have a hundred characters.
    with TemporaryDirectory() as name:
        socket = Path(name) / "socket"
        socket.parent.chmod(0o755)
        behind = Site(free_port(), tmp_path)
        with (
            gunicorn(tmp_path, f"--bind=unix:{socket}", TOY_METRICS="on") as plain,
            start(Path(name), socket, behind),
        ):
            socket.chmod(0o777)
            model, worker = plain.model_url(), plain.asset_url("workers/model.js")
            for path in ("/", "/sw.js", "/catalog.json", "/none", model, worker):
                for method in ("GET", "HEAD", "POST"):
                    ours, theirs = (one.ask(path, method) for one in (plain, behind))
                    assert same(theirs) == same(ours), (method, path)
            ours, theirs = (one.ask(model, Range="bytes=5-14") for one in (plain, behind))
            assert same(theirs) == same(ours)
            assert counts(plain)["requests_in_flight", "health"] == 1
            assert behind.ask("/metrics").status == 404


def same(answer: Answer) -> Answer:
    plain = comparable(answer)
    for name in ("via", "alt-svc"):
        plain.headers.pop(name, None)
    return plain


def test_whole_configurations_are_accepted(tmp_path: Path) -> None:
    """As they stand on the page, with certificates."""
    socket = tmp_path / "socket"
    port = free_port()
    text = placed(block("caddy", "caddyfile"), tmp_path, socket)
    text = text.replace("photos.example.org {", f"https://photos.example.org:{port} {{")
    options = "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"
    with proxies.caddy(tmp_path, options + text, Site(port, tmp_path)):
        pass
    port = free_port()
    text = placed(block("apache", "apache"), tmp_path, socket).replace("*:443", f"*:{port}")
    modules = ("authz_core", "proxy", "proxy_http", "ssl", "http2", "socache_shmcb")
    lines = [f"Listen 127.0.0.1:{port}", *text.splitlines()]
    with proxies.apache(tmp_path, lines, Site(port, tmp_path), modules):
        pass


def test_the_limit_for_nginx_holds(tmp_path: Path) -> None:
    limits = block("nginx", "nginx").replace("mattebox 200", "mattebox 1")
    with TemporaryDirectory() as name, gunicorn(tmp_path, f"--bind=unix:{name}/socket"):
        behind = Site(free_port(), tmp_path)
        at, upstream = f"127.0.0.1:{behind.port}", f"http://unix:{name}/socket:"
        with proxies.nginx(tmp_path, limits + nginx_proxy.proxy(Settings(), at, upstream), behind):
            assert behind.ask("/").status == 200
