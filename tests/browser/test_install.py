"""The installed app: installable anywhere, opens files and shares here, asks to be kept."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from server import create_app
from server.config import Settings
from tests.fixtures import icons
from tests.harness import browsers
from tests.harness.driving import forget_everything, see
from tests.harness.made_models import add_model
from tests.harness.photos import PHOTOS
from tests.harness.site import Site, listening
from tests.harness.waiting import WebDriverWait

PREFIX = "/tools/mattebox"
GRAPH = (Path(__file__).parents[2] / "model_store" / "weights" / "u2netp.onnx").read_bytes()

#: A form of another origin that posts files to where the share menu does.
SHARE = """
const [action, photos] = arguments;
const fileOf = ({ name, type, data }) =>
  new File([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))], name, { type });
const transfer = new DataTransfer();
for (const photo of photos) transfer.items.add(fileOf(photo));
const form = document.createElement('form');
Object.assign(form, { action, method: 'post', enctype: 'multipart/form-data' });
const input = document.createElement('input');
Object.assign(input, { type: 'file', name: 'photos', multiple: true, files: transfer.files });
form.append(input);
document.body.append(form);
form.submit();
"""
#: How many photos the service worker still keeps for a page.
LEFT = """
const done = arguments[0];
const count = async (name) =>
  name.startsWith('mattebox-inbox') ? (await (await caches.open(name)).keys()).length : 0;
caches.keys()
  .then((names) => Promise.all(names.map(count)))
  .then((counts) => done(counts.reduce((sum, one) => sum + one, 0)));
"""


@dataclass
class Place(Site):
    """The site under a prefix."""

    prefix: str = ""

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return super().url(self.prefix + path, host)

    @property
    def origin(self) -> str:
        return super().url("")


@pytest.fixture(scope="module")
def chromium(_chromium_is_here: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Chromium that takes DevTools' commands for installed apps, which it does on a pipe only."""
    home = str(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        # An installed app gets an entry in the desktop's menu.
        for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, home)
        with browsers.chromium("--window-size=1280,900", "--remote-debugging-pipe") as driver:
            yield driver


@contextmanager
def serving(prefix: str) -> Iterator[Place]:
    place = Place(create_app(replace(Settings.from_environment(), prefix=prefix)), prefix=prefix)
    with listening(place):
        yield place


@pytest.fixture(scope="module")
def site() -> Iterator[Place]:
    with serving("") as place:
        yield place


@pytest.fixture
def page(chromium: Chrome, site: Place) -> Chrome:
    """The page with its service worker at work."""
    visit(chromium, site)
    return chromium


def visit(driver: Chrome, site: Place) -> None:
    site.faults.clear()
    # How a photo ends is others' business, and costs seconds.
    site.faults["/models/"] = lambda answer: replace(answer, status="404 Not Found")
    site.is_kept = True
    driver.get(site.url())
    wait_for_worker(driver)
    site.requests.clear()


def wait_for_worker(driver: Chrome) -> None:
    driver.execute_async_script(
        "navigator.serviceWorker.ready.then(() => arguments[0](), () => arguments[0]())"
    )


def jobs(driver: Chrome) -> list[str]:
    """The names of the photos on the page."""
    return [one.text for one in driver.find_elements(By.CSS_SELECTOR, "[data-job] .job-name")]


def wait_for_jobs(driver: Chrome, *names: str) -> None:
    WebDriverWait(driver, 60, 0.05).until(lambda page: jobs(page) == list(names))


def share(driver: Chrome, site: Place, *photos: tuple[str, str, bytes]) -> None:
    """Hand files over as the system does, by a navigation that this site did not begin."""
    driver.get("about:blank")
    told = [
        {"name": name, "type": kind, "data": b64encode(data).decode()}
        for name, kind, data in photos
    ]
    driver.execute_script(SHARE, site.url("/share"), told)
    WebDriverWait(driver, 60, 0.05).until(lambda page: page.current_url == site.url())


def test_it_can_be_installed(page: Chrome, site: Place) -> None:
    assert_installable(page, site)


def test_it_can_be_installed_under_a_prefix_too(chromium: Chrome) -> None:
    with serving(PREFIX) as site:
        visit(chromium, site)
        assert_installable(chromium, site)
        share(chromium, site, ("a.png", "image/png", (PHOTOS / "retina.jpg").read_bytes()))
        wait_for_jobs(chromium, "a.png")
        assert [path for path in site.requests if "share" in path] == []


def assert_installable(page: Chrome, site: Place) -> None:
    told = page.execute_cdp_cmd("Page.getAppManifest", {})
    assert told["errors"] == []
    assert page.execute_cdp_cmd("Page.getInstallabilityErrors", {})["installabilityErrors"] == []
    # Two sites of one origin are two apps: no id of the manifest could say that relatively.
    assert page.execute_cdp_cmd("Page.getAppId", {})["appId"] == site.url()
    manifest = json.loads(told["data"])
    assert told["manifest"]["shareTarget"]["action"] == site.url("/share")
    assert {"theme_color", "categories", "shortcuts", "file_handlers"} <= set(manifest)
    assert {(icon["purpose"], icon["sizes"]) for icon in manifest["icons"]} == {
        (purpose, size) for purpose in ("any", "maskable") for size in ("any", "192x192", "512x512")
    }
    assert len(told["data"]) < 24_000


def test_files_are_opened_in_the_page_that_is_there(page: Chrome, site: Place) -> None:
    app = {"manifestId": site.url()}
    page.execute_cdp_cmd("PWA.install", {**app, "installUrlOrBundleUrl": site.url()})
    page.execute_script("window.mark = 1")
    for names in (["chelsea.png", "rocket.webp"], ["flower.jpg"]):
        files = [str(PHOTOS / name) for name in names]
        page.execute_cdp_cmd("PWA.launchFilesInApp", {**app, "files": files})
    wait_for_jobs(page, "chelsea.png", "rocket.webp", "flower.jpg")

    page.execute_cdp_cmd("PWA.launch", {**app, "url": f"{site.url()}#stored"})
    see(page, "dialog.stored")
    # A batch is not lost by it.
    assert page.execute_script("return window.mark") == 1
    assert len(page.window_handles) == 1
    page.execute_cdp_cmd("PWA.uninstall", app)


def test_shortcuts_lead_somewhere_once(page: Chrome, site: Place) -> None:
    manifest = json.loads(page.execute_cdp_cmd("Page.getAppManifest", {})["data"])
    for shortcut in manifest["shortcuts"]:
        address = site.url(f"/{shortcut['url'].removeprefix('./')}")
        page.get("about:blank")
        page.get(address)
        see(page, "dialog[open] h2", shortcut["name"])
        page.refresh()
        assert page.find_elements(By.CSS_SELECTOR, "dialog[open]") == []
        # On a page that is there already.
        page.get(address)
        see(page, "dialog[open] h2", shortcut["name"])


def test_shared_photos_stay_on_this_device(page: Chrome, site: Place) -> None:
    photo = (PHOTOS / "chelsea.png").read_bytes()
    share(page, site, ("Über 100 %.png", "image/png", photo), ("b.png", "image/png", photo))
    wait_for_jobs(page, "Über 100 %.png", "b.png")

    queued = (By.CSS_SELECTOR, "[data-job][data-state=queued]")
    WebDriverWait(page, 60, 0.05).until(lambda driver: not driver.find_elements(*queued))
    assert [path for path in site.requests if "share" in path or "inbox" in path] == []
    # Nothing stays behind for a later visit.
    page.get(site.url())
    assert page.execute_async_script(LEFT) == 0
    assert jobs(page) == []


def test_a_share_without_photos_is_told(page: Chrome, site: Place) -> None:
    share(page, site)
    see(page, ".notices .notice", "No picture was shared")
    assert jobs(page) == []


def test_a_share_that_finds_no_room_is_told(page: Chrome, site: Place) -> None:
    quota = {"origin": site.origin}
    noise = np.random.default_rng(3).bytes(3_000_000)
    page.execute_cdp_cmd("Storage.overrideQuotaForOrigin", {**quota, "quotaSize": 1})
    try:
        share(page, site, ("a.png", "image/png", noise))
        see(page, ".notices .notice", "could not be kept")
    finally:
        page.execute_cdp_cmd("Storage.overrideQuotaForOrigin", quota)
    assert not [path for path in site.requests if "share" in path]


def test_the_browser_is_asked_to_keep_a_large_model(page: Chrome, site: Place) -> None:
    """Once it is stored, and its answer is shown."""
    site.faults.clear()
    add_model(site, "big", "Big one", {"big.onnx": GRAPH, "big.onnx.data": bytes(9_000_000)})
    counting = """
      window.asked = 0;
      StorageManager.prototype.persist = async () => { window.asked += 1; return false; };
    """
    script = page.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": counting})
    site.is_kept = False
    try:
        forget_everything(page, site)
        see(page, "details.models summary").click()
        see(page, "[data-model=big] label").click()
        accept = see(page, ".consent [data-part=accept]")
        assert page.execute_script("return window.asked") == 0
        accept.click()
        WebDriverWait(page, 60, 0.05).until(lambda _: page.execute_script("return window.asked"))
        see(page, "[data-part=open-stored]").click()
        see(page, "dialog.stored [data-part=keeping]", "did not promise")
        assert page.execute_script("return window.asked") == 1
    finally:
        page.execute_script("localStorage.clear()")
        page.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


@pytest.mark.parametrize(("drawing", "sizes"), icons.DRAWINGS.items(), ids=str)
def test_icons_are_their_drawings(chromium: Chrome, drawing: Path, sizes: tuple[int, ...]) -> None:
    for pixels in sizes:
        drawn = np.asarray(icons.draw(chromium, drawing, pixels)).astype(int)
        stored = Image.open(icons.icon_path(drawing, pixels))
        kept = np.asarray(stored.convert("RGBA" if drawn.shape[2] == 4 else "RGB")).astype(int)
        assert kept.shape == drawn.shape == (pixels, pixels, drawn.shape[2])
        assert np.abs(kept - drawn).mean() < 2
        if drawing.stem.endswith("maskable"):
            assert drawn.shape[2] == 3, "a maskable icon covers its whole square"
            assert_safe(drawn)


def assert_safe(icon: np.ndarray) -> None:
    """The pear stands within the inner 80 %, which no mask may cut (W3C, Manifest, 5.1.2)."""
    pixels = len(icon)
    y, x = np.mgrid[:pixels, :pixels] + 0.5
    outside = np.hypot(x - pixels / 2, y - pixels / 2) > 0.4 * pixels
    # Ground, paper and checks; and between each two of them, what softens their edge.
    colours = np.array([(11, 92, 69), (244, 242, 236), (211, 207, 196)])
    beside = (outside & (np.abs(x - pixels / 2) > 1))[..., None]
    pears = np.array([(127, 178, 60), (183, 221, 108), (122, 78, 42)])
    near = np.abs(icon[:, :, None, :] - pears).sum(-1).min(-1, keepdims=True) < 60
    assert not (near & beside).any()
    assert (np.abs(icon[0, 0] - colours).sum(-1) < 12).any()
