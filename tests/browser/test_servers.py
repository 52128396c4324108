"""One visit to each documented way of serving, by plain http and by TLS with http/2.

What a visitor is promised, in a browser that trusts an authority of ours: an isolated page whose
walls stand, a cutout, a download that goes on where it stopped, and the page without the server.
`make test-servers` runs these; tests/browser/test_exported.py is one of them for every day.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from model_store.digest import SEGMENT_BYTES, file_digest
from server import export
from server.config import Settings
from server.web_servers import nginx_proxy
from server.web_servers.rules import Place, Tls
from tests.harness import browsers, tiny_model, tiny_site
from tests.harness.driving import call, cut_out
from tests.harness.walls import WAYS_OUT, Eavesdropper, try_on_page
from tests.server import proxies, web_servers
from tests.server.conftest import Site
from tests.server.processes import free_port, gunicorn_of

pytestmark = [pytest.mark.servers, pytest.mark.timeout(500)]

SIZE = 2 * SEGMENT_BYTES + 1000
BEHIND = "gunicorn behind nginx"
ALONE = "gunicorn alone"
PROTOCOLS = {"http": "http/1.1", "https": "h2"}
ENFORCED = {"page": "enforced", "inference": "enforced", "delivery": "enforced"}

Serving = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Chromium keeps the authorities that its user trusts: a home of the test's own."""
    home = tmp_path / "home"
    (home / ".pki" / "nssdb").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    return home


def trusted(home: Path, folder: Path) -> Tls:
    """A certificate for localhost, and its authority among those that the browser trusts."""
    certutil = proxies.need("certutil")
    ours_alone = trustme.CA()
    authority, issued = folder / "authority.pem", folder / "issued.pem"
    ours_alone.cert_pem.write_to_path(authority)
    one = ours_alone.issue_cert("localhost")
    for index, part in enumerate((one.private_key_pem, *one.cert_chain_pems)):
        part.write_to_path(issued, append=index > 0)
    issued.chmod(0o644)  # who serves may be nobody
    store = f"sql:{home / '.pki' / 'nssdb'}"
    subprocess.run([certutil, "-d", store, "-N", "--empty-password"], check=True)
    words = ["-A", "-t", "C,,", "-n", "ours", "-i", str(authority)]
    subprocess.run([certutil, "-d", store, *words], check=True)
    return Tls(issued, issued)


@contextmanager
def behind_nginx(folder: Path, model: Path, port: int, tls: Tls | None) -> Iterator[None]:
    socket = folder / "socket"
    block = nginx_proxy.proxy(Settings(), f"127.0.0.1:{port}", f"http://unix:{socket}:", tls=tls)
    started = gunicorn_of(f"tests.harness.tiny_site:app_in({str(model)!r}, {SIZE})", folder)
    with started(f"--bind=unix:{socket}"), proxies.nginx(folder, block, Site(port, folder)):
        yield


@contextmanager
def alone(folder: Path, model: Path, port: int, tls: Tls | None) -> Iterator[None]:
    flags = ["--certfile", str(tls.certificate), "--keyfile", str(tls.key)] if tls else []
    started = gunicorn_of(f"tests.harness.tiny_site:app_in({str(model)!r}, {SIZE})", folder)
    with started(f"--bind=127.0.0.1:{port}", *flags):
        yield


@contextmanager
def exported(name: str, folder: Path, model: Path, port: int, tls: Tls | None) -> Iterator[None]:
    place = Place(folder / "out", port, "127.0.0.1", "localhost" if tls else "", tls)
    export.write(tiny_site.app(model, SIZE), place.folder, place)
    own = folder / "own"
    own.mkdir()
    with web_servers.SERVERS[name](own, place.folder, Site(port, folder)):
        yield


@pytest.mark.parametrize("scheme", PROTOCOLS)
@pytest.mark.parametrize("way", [*web_servers.SERVERS, BEHIND, ALONE])
@pytest.mark.usefixtures("_chromium_is_here")
def test_a_visit(way: str, scheme: str, home: Path, eavesdropper: Eavesdropper) -> None:
    with TemporaryDirectory() as name, ExitStack() as serving:
        folder, model = Path(name), home.parent
        folder.chmod(0o755)
        tls = trusted(home, folder) if scheme == "https" else None
        port = free_port()
        ways = {BEHIND: behind_nginx, ALONE: alone}
        started = ways.get(way) or (lambda *rest: exported(way, *rest))
        serving.enter_context(started(folder, model, port, tls))
        address = f"{scheme}://localhost:{port}/"
        photo = tiny_model.photo(2)[0]
        with browsers.chromium(profile=home.parent / "profile") as driver:
            driver.get(address)
            spoken = driver.execute_script(
                "return performance.getEntriesByType('navigation')[0].nextHopProtocol"
            )
            # gunicorn by itself speaks no HTTP/2.
            assert spoken == ("http/1.1" if way == ALONE else PROTOCOLS[scheme])
            assert driver.execute_script("return crossOriginIsolated")
            first = cut_out(driver, photo, threads=2)
            assert first.report["threads"]["got"] == 2
            assert call(driver, "preload")["walls"] == ENFORCED
            for way_out in WAYS_OUT.values():
                assert try_on_page(driver, way_out, eavesdropper.url("/photo")) == "refused"
            assert not eavesdropper.has_heard("/photo")
            again = _resumed(driver, address, photo, model)
            assert again.report["bytes"]["received"] == SEGMENT_BYTES
            badge = (By.CSS_SELECTOR, "[data-part=offline]")
            WebDriverWait(driver, 90, 0.05).until(
                lambda page: page.find_element(*badge).text.startswith("Ready offline")
            )
            serving.close()
            driver.get(address)
            without = cut_out(driver, photo, threads=2)
        assert without.report["bytes"]["received"] == 0
        assert first.cutout == again.cutout == without.cutout


def _resumed(driver: Chrome, address: str, photo: bytes, model: Path):
    """The cutout after one segment of the model's file has been lost."""
    sha256 = file_digest(model / tiny_model.NAME).sha256
    call(driver, "damageStore", {"file": sha256, "how": "evict", "index": 1})
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    driver.get(address)
    return cut_out(driver, photo, threads=2)
