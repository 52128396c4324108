"""One server for the tests of a module, and a browser that modules have one after the other.

Each test opens the page anew.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.remote.webdriver import WebDriver

from model_store.digest import FileDigest, file_digest
from server import create_app, kept_files, variants
from server.config import ROOT
from tests.harness import browsers, tables, tiny_model, tiny_parts, tiny_site
from tests.harness.drill import Drill, Releases, drilling, two_releases
from tests.harness.driving import call, forget_everything
from tests.harness.shared_browser import SharedBrowser
from tests.harness.site import Site, serving
from tests.harness.walls import Eavesdropper, eavesdropping

# A page opened anew has no photos of the test before; tests/browser/test_kept.py has them kept.
os.environ.setdefault("MATTEBOX_KEEP", "never")
browsers.are_many = True


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process that ran some of the tests is through: what it noted is the run's."""
    for what, rows in getattr(node, "workeroutput", {}).get("tables", {}).items():
        tables.note(what, *rows)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tables"] = tables.TABLES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What each case of the large tables came to."""
    for what, rows in tables.TABLES.items():
        terminalreporter.section(f"{len(rows)} {what}")
        for row in rows:
            terminalreporter.write_line(row)


#: What takes longest begins first, so that both processes end together.
LONGEST = [
    "test_awkward.py",
    "test_engines.py",
    "test_routing.py",
    "test_offline.py",
    "test_updates.py",
    "test_editor.py",
    "test_killed_tab.py",
    "test_finish_panel.py",
    "test_finish_files.py",
    "test_delivery.py",
    "test_cutout.py",
    "test_page.py",
    "test_routing_gpu.py",
    "test_finish_words.py",
    "test_placement.py",
    "test_walls.py",
    "test_failures.py",
    "test_chooser.py",
    "test_batch.py",
    "test_desk.py",
    "test_offline_engines.py",
    "test_generate_gpu.py",
    "test_kept.py",
    "test_parts.py",
    "test_update_faults.py",
    "test_signed_out.py",
    "test_finish_background.py",
    "test_session_gate.py",
    "test_gpu_demands.py",
    "test_choose.py",
    "test_remembered_canary.py",
    "test_install.py",
    "test_degraded.py",
    "test_outputs.py",
    "test_look.py",
    "test_id_photo.py",
    "test_birefnet.py",
    "test_privacy.py",
    "test_generate.py",
    "test_early_preview.py",
    "test_arrivals.py",
    "test_select.py",
    "test_review.py",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def need(missing: list[str]) -> None:
    """Skip where a browser is missing; in CI, where `make test` installs them, fail."""
    if missing:
        reason = f"not on this machine: {', '.join(missing)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _files_are_worked_on_once() -> Iterator[None]:
    """Not by each of the many applications of a run: 0.4 s each takes so, and 1.3 s otherwise."""
    check, lengths = kept_files.intact_length, dict[tuple[Path, str], int]()
    digests = dict[tuple[Path, int, int], FileDigest]()

    def checked(kept: Path, encoding: str, digest: FileDigest) -> int | None:
        if (kept, encoding) not in lengths:
            length = check(kept, encoding, digest)
            if length is None:
                return None
            lengths[kept, encoding] = length
        return lengths[kept, encoding]

    def digested(path: Path) -> FileDigest:
        status = path.stat()
        key = (path, status.st_mtime_ns, status.st_size)
        if key not in digests:
            digests[key] = file_digest(path)
        return digests[key]

    with (
        patch.object(variants, "intact_length", checked),
        patch.object(variants, "file_digest", digested),
        patch.object(variants, "compress", cache(variants.compress)),
    ):
        with in_turn(ROOT / ".cache" / "tests.lock"):
            create_app()
        yield


@contextmanager
def in_turn(lock: Path) -> Iterator[None]:
    """The first process compresses what a fresh clone lacks; the others find it done."""
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def _shared_chromium(
    _chromium_is_here: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedBrowser]:
    shared = SharedBrowser(tmp_path_factory.mktemp("downloads"))
    yield shared
    shared.end()


@pytest.fixture(scope="module")
def downloads(_shared_chromium: SharedBrowser) -> Path:
    """Where `chromium` saves files; empty when a module begins."""
    for file in _shared_chromium.downloads.iterdir():
        file.unlink()
    return _shared_chromium.downloads


@pytest.fixture(scope="session")
def _chromium_is_here() -> None:
    names = ("chromium", "chromedriver")
    need([name for name, path in zip(names, browsers.chromium_programs(), strict=True) if not path])


@pytest.fixture(scope="session")
def webkit_is_here() -> None:
    names = ("MiniBrowser", "WebKitWebDriver", "Xvfb")
    need([name for name, path in zip(names, browsers.webkit_programs(), strict=True) if not path])


@pytest.fixture(scope="session")
def firefox_is_here() -> None:
    need([] if browsers.firefox_program() else ["firefox-esr"])


@pytest.fixture(scope="session")
def lavapipe_is_here() -> None:
    need([] if browsers.lavapipe() else ["lavapipe"])


@pytest.fixture(scope="module")
def eavesdropper() -> Iterator[Eavesdropper]:
    with eavesdropping() as server:
        yield server


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The real application with the real model."""
    with serving(create_app()) as running:
        yield running


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same with a model that takes no time, for what does not depend on it."""
    with tiny_site.hurried(tmp_path_factory.mktemp("store"), 300_000) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(_shared_chromium: SharedBrowser) -> Iterator[Chrome]:
    """One browser for a module; what a test stores is still there for the next one."""
    with _shared_chromium.lent() as driver:
        yield driver


@pytest.fixture(scope="module")
def gpu_chromium(_chromium_is_here: None) -> Iterator[Chrome]:
    """Chromium that offers a WebGPU adapter, which is played on the CPU."""
    with browsers.chromium(browsers.SOFTWARE_GPU, "--window-size=1280,900") as driver:
        yield driver


@pytest.fixture
def gpu_device(gpu_chromium: Chrome, site: Site) -> Chrome:
    """That browser with what it has stored, and nothing learned yet."""
    site.faults.clear()
    # From a page that uses nothing yet: what is cleared behind a page's back it may write again.
    gpu_chromium.get(site.url("/healthz"))
    gpu_chromium.execute_script("localStorage.clear()")
    runs = {"origin": site.url(""), "storageTypes": "indexeddb"}
    gpu_chromium.execute_cdp_cmd("Storage.clearDataForOrigin", runs)
    return gpu_chromium


@pytest.fixture
def page(chromium: Chrome, site: Site) -> Chrome:
    """The page, just opened, with nothing wrong and nothing recorded."""
    site.faults.clear()
    site.keeps_tags = False
    chromium.get(site.url())
    site.requests.clear()
    return chromium


@pytest.fixture
def empty_page(page: Chrome, site: Site) -> Chrome:
    """The page on a device that has stored nothing yet."""
    forget_everything(page, site)
    return page


@pytest.fixture
def tiny_page(chromium: Chrome, tiny: Site) -> Chrome:
    """The page, just opened, where the model does not matter."""
    tiny.faults.clear()
    chromium.get(tiny.url())
    return chromium


@pytest.fixture(scope="module")
def intranet(chromium: Chrome) -> Chrome:
    """A browser for which the server is `http://mattebox.test` as well, not a secure context."""
    return chromium


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest) -> Iterator[WebDriver]:
    request.getfixturevalue(f"{request.param}_is_here")
    with getattr(browsers, request.param)() as driver:
        yield driver


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site where photos are kept, with a model that is sure of what it sees."""
    folder = tmp_path_factory.mktemp("store")
    with serving(tiny_site.app(folder, 0, tiny_model.decided(), keep="days")) as running:
        yield running


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    return two_releases(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="module")
def drill(chromium: Chrome, releases: Releases) -> Iterator[Drill]:
    with drilling(chromium, releases.old) as there:
        yield there


@pytest.fixture
def shop(page: Chrome, site: Site) -> Chrome:
    """A device that has what the model of two parts needs, and has never run it."""
    tiny_parts.offer(site)
    forget_everything(page, site)
    call(page, "download", {"model": "both"})
    return page


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """One that this model cuts out."""
    path = tmp_path / "photo.png"
    path.write_bytes(tiny_parts.photo(1)[0])
    return path
