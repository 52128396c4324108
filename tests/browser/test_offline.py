"""Without server and network: the page opens, is isolated, cuts out, and says what is missing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from server.offered import catalog_of
from tests.browser.editing import Editor
from tests.harness import browsers, tiny_model
from tests.harness.driving import Cutout, call, cut_out, see, states, unfold
from tests.harness.photos import PHOTOS
from tests.harness.ports import port_of_its_own
from tests.harness.releases import (
    add_model,
    impatient,
    process,
    release,
    store_with_two_models,
)
from tests.harness.site import Site, listening
from tests.harness.waiting import WebDriverWait
from tests.harness.walls import (
    ONLY_ON_A_PAGE,
    WAYS_OUT,
    complaints,
    eavesdropping,
    probe_script,
    try_in_worker,
    try_on_page,
)

PHOTO = PHOTOS / "chelsea.png"
#: The model that visitors get who have chosen none. It is as small as the other one.
FIRST = "first"
TITLES = {FIRST: "First", tiny_model.ID: "Tiny"}
#: Where the page is, and the models that are cut out with there.
PLACES = {"": (FIRST, tiny_model.ID), "/tools/mattebox": (tiny_model.ID,)}
#: What is said of a page that is ready, in the language that is chosen at one place.
READY = {"": "Ready offline", "/tools/mattebox": "جاهز دون اتصال"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = store_with_two_models(tmp_path_factory.mktemp("store"))
    add_model(store, FIRST, TITLES[FIRST], tiny_model.graph(seed=12))
    return store


def wait(driver: Chrome, seconds: float = 60) -> WebDriverWait[Chrome]:
    return WebDriverWait(driver, seconds, 0.05)


def badge(driver: Chrome) -> str:
    """What the head of the page says, empty while it says nothing."""
    return driver.find_element(By.CSS_SELECTOR, "[data-part=offline]").text


def wait_until_ready(driver: Chrome, title: str, words: str = "Ready offline") -> None:
    wait(driver).until(lambda page: title in badge(page))
    assert badge(driver).startswith(words)


def notices(driver: Chrome) -> str:
    return driver.find_element(By.CSS_SELECTOR, "[data-part=notices]").text


def cut_off(driver: Chrome) -> None:
    """Airplane mode, as far as the page's own requests go."""
    nothing = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", nothing)


def choose_model(driver: Chrome, model: str) -> None:
    chooser = driver.find_element(By.CSS_SELECTOR, "details[data-part=models]")
    if not chooser.get_property("open"):
        chooser.find_element(By.TAG_NAME, "summary").click()
    driver.find_element(By.CSS_SELECTOR, f"[data-model={model}] label").click()


@pytest.mark.timeout(400)
@pytest.mark.usefixtures("_chromium_is_here")
def test_a_cutout_on_a_plane_is_the_one_at_home(
    tmp_path: Path, store: Path, subtests: pytest.Subtests
) -> None:
    """One browser that has been at both places, and is started again without a server."""
    profile = tmp_path / "profile"
    addresses, at_home = dict[str, str](), dict[tuple[str, str], Cutout]()
    with ExitStack() as servers, browsers.chromium(profile=profile) as driver:
        for prefix, (first, *others) in PLACES.items():
            settings = {
                "MATTEBOX_MODEL_STORE": str(store),
                "MATTEBOX_DEFAULT_MODEL": FIRST,
                "MATTEBOX_PREFIX": prefix,
            }
            folder = tmp_path / f"server{len(prefix)}"
            folder.mkdir()
            port, _kill = servers.enter_context(process(folder, **settings))
            # A choice is remembered, and the address wins.
            query = "" if others else f"?model={first}"
            address = addresses[prefix] = f"http://127.0.0.1:{port}{prefix}/{query}"
            driver.get(address)
            at_home[prefix, first] = cut_out(driver, PHOTO, model=first)
            driver.get(address)
            wait_until_ready(driver, TITLES[first])
            # A second model, later.
            for model in others:
                choose_model(driver, model)
                wait(driver).until(lambda page: badge(page) == "")
                at_home[prefix, model] = cut_out(driver, PHOTO, model=model)
            driver.get(address)
            wait_until_ready(driver, TITLES[PLACES[prefix][-1]])
            if not others:
                Select(driver.find_element(By.ID, "language")).select_by_value("ar")
                wait_until_ready(driver, TITLES[first], READY[prefix])

    with browsers.chromium(profile=profile) as driver:
        cut_off(driver)
        for prefix, models in PLACES.items():
            with subtests.test(prefix or "/"):
                driver.get(addresses[prefix])
                wait_until_ready(driver, TITLES[models[-1]], READY[prefix])
                facts = driver.execute_script("return [crossOriginIsolated, navigator.onLine]")
                assert facts == [True, False]
                assert spoken(driver) == (
                    ("en", "", "Remove the background", "manifest.webmanifest")
                    if not prefix
                    else ("ar", "rtl", "إزالة الخلفية", "manifest.ar.webmanifest")
                )
                for model in models:
                    on_the_plane = cut_out(driver, PHOTO, model=model)
                    before = at_home[prefix, model]
                    assert on_the_plane.cutout == before.cutout
                    assert on_the_plane.matte == before.matte
                    assert on_the_plane.report["threads"] == before.report["threads"]
                    assert on_the_plane.report["bytes"]["received"] == 0
                use_every_part_of_the_page(driver)
                assert complaints(driver) == []


def spoken(driver: Chrome) -> tuple[str, str, str, str]:
    """Language and direction of the page, its heading, and the manifest that it names."""
    script = """
      const { lang, dir } = document.documentElement;
      const manifest = document.querySelector('link[rel=manifest]').getAttribute('href');
      return [lang, dir, document.getElementById('dropzone-title').textContent, manifest];
    """
    lang, way, heading, manifest = driver.execute_script(script)
    return lang, way, heading, manifest


def use_every_part_of_the_page(driver: Chrome) -> None:
    """What is loaded only when it is asked for is here as well."""
    driver.find_element(By.ID, "files").send_keys(str(PHOTO))
    wait(driver, 90).until(lambda page: states(page) == ["done"])
    editor = Editor(driver)
    editor.open()
    editor.keys(Keys.ESCAPE)
    wait(driver).until(lambda _page: not editor.is_open())
    see(driver, "[data-job] [data-part=view]").send_keys(Keys.ENTER)
    see(driver, "dialog.large[open]").send_keys(Keys.ESCAPE)
    unfold(driver, "how")
    for opener in ("open-stored", "open-diagnostics"):
        driver.find_element(By.CSS_SELECTOR, f"[data-part={opener}]").click()
        wait(driver).until(lambda page: len(_text_of_dialog(page)) > 100)
        driver.execute_script("document.querySelector('dialog[open]').close()")


def _text_of_dialog(driver: Chrome) -> str:
    return "".join(one.text for one in driver.find_elements(By.CSS_SELECTOR, "dialog[open]"))


@pytest.fixture(scope="module")
def away(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that browsers keep. It is reachable only while a test has it `listening`."""
    folder = tmp_path_factory.mktemp("release")
    app = release(folder, "away", change=impatient, model_store=store, default_model=FIRST)
    return Site(app, port_of_its_own(), is_kept=True)


@pytest.fixture(scope="module")
def kept(chromium: Chrome, away: Site) -> Chrome:
    """A browser that has been there once and has its first model."""
    with listening(away):
        chromium.get(away.url())
        call(chromium, "download")
        chromium.get(away.url())
        wait_until_ready(chromium, TITLES[FIRST])
    return chromium


@pytest.fixture
def visitor(kept: Chrome, away: Site) -> Iterator[Chrome]:
    """The same, with the server gone."""
    kept.get(away.url())
    yield kept
    kept.execute_script("localStorage.clear()")


def test_a_model_that_is_not_here_says_what_it_needs(visitor: Chrome, away: Site) -> None:
    visitor.get(away.url(f"/?model={tiny_model.ID}"))
    wait(visitor).until(lambda page: "is not on this device" in notices(page))
    said = notices(visitor)
    assert "No connection, and Tiny is not on this device." in said
    assert re.search(r"It needs [\d.]+\s(bytes|kB) once: connect to get it\.", said)
    assert badge(visitor) == ""

    visitor.find_element(By.ID, "files").send_keys(str(PHOTO))
    wait(visitor).until(lambda page: "Your photos wait here" in notices(page))
    assert states(visitor) == ["queued"]
    [other] = visitor.find_elements(By.CSS_SELECTOR, ".notice [data-part=action]")
    assert other.text == f"Use {TITLES[FIRST]} instead"
    other.click()
    wait(visitor, 90).until(lambda page: states(page) == ["done"])
    assert "is not on this device" not in notices(visitor)


def test_photos_that_wait_go_on_when_the_server_is_back(visitor: Chrome, away: Site) -> None:
    visitor.get(away.url(f"/?model={tiny_model.ID}"))
    wait(visitor).until(lambda page: "is not on this device" in notices(page))
    visitor.find_element(By.ID, "files").send_keys(str(PHOTO))
    wait(visitor).until(lambda page: states(page) == ["queued"])

    with listening(away):
        wait(visitor, 60).until(lambda page: states(page) == ["done"])
        wait_until_ready(visitor, "Tiny")
    call(visitor, "forget", {"sha256": hashlib.sha256(tiny_model.graph()).hexdigest()})


def test_a_connection_that_is_lost_holds_the_other_photos_back(visitor: Chrome, away: Site) -> None:
    away.requests.clear()
    with listening(away):
        visitor.get(away.url(f"/?model={tiny_model.ID}"))
        wait(visitor).until(lambda page: " once" in page.find_element(By.ID, "main").text)
        visitor.execute_async_script(
            "const [done] = arguments; navigator.serviceWorker.ready.then(() => done())"
        )
        wait(visitor).until(lambda _page: "/catalog.json" in away.requests)
    visitor.find_element(By.ID, "files").send_keys(f"{PHOTO}\n{PHOTOS / 'coffee.png'}")
    wait(visitor).until(lambda page: "Tiny is not on this device" in notices(page))
    # The first one finds out, unless the page, which asks when its service worker is ready, did so
    # before it.
    wait(visitor).until(lambda page: states(page)[0] in {"failed", "queued"})
    first, other = states(visitor)
    assert other == "queued"
    with listening(away):
        visitor.execute_script("dispatchEvent(new Event('online'))")
        ends = ["failed" if first == "failed" else "done", "done"]
        wait(visitor).until(lambda page: states(page) == ends)
    call(visitor, "forget", {"sha256": hashlib.sha256(tiny_model.graph()).hexdigest()})


def _sha256(driver: Chrome, model: str) -> str:
    models = call(driver, "catalog")["models"]
    return str(next(one for one in models if one["id"] == model)["files"][0]["sha256"])


def test_ready_is_said_only_while_it_is_true(visitor: Chrome, away: Site) -> None:
    wait_until_ready(visitor, TITLES[FIRST])
    script = """
      const done = arguments[0];
      (async () => {
        const name = (await caches.keys()).find((one) => one.startsWith('mattebox-shell-'));
        const shell = await caches.open(name);
        const [first] = await shell.keys();
        window.gone = [shell, first, await shell.match(first)];
        await shell.delete(first);
        dispatchEvent(new Event('offline'));
      })().then(done);
    """
    # Else the missing piece would come from there.
    visitor.execute_cdp_cmd("Network.clearBrowserCache", {})
    visitor.execute_async_script(script)
    choose_model(visitor, tiny_model.ID)
    choose_model(visitor, FIRST)
    wait(visitor).until(lambda page: badge(page) == "")
    # The missing piece comes again as soon as the server is there.
    with listening(away):
        choose_model(visitor, tiny_model.ID)
        choose_model(visitor, FIRST)
        wait_until_ready(visitor, TITLES[FIRST])

    call(visitor, "damageStore", {"file": _sha256(visitor, FIRST), "how": "evict"})
    visitor.get(away.url())
    wait(visitor).until(lambda page: "stored on this device" in page.page_source)
    # The page has asked the same before, and of the same worker.
    assert call(visitor, "stored")["files"]
    assert badge(visitor) == ""
    with listening(away):
        call(visitor, "download")
        visitor.get(away.url())
        wait_until_ready(visitor, TITLES[FIRST])


@pytest.mark.usefixtures("visitor")
def test_each_realm_has_its_headers_from_the_shell(visitor: Chrome, away: Site) -> None:
    """What is kept of a file is what the server sends with it."""
    script = """
      const done = arguments[0];
      (async () => {
        const name = (await caches.keys()).find((one) => one.startsWith('mattebox-shell-'));
        const shell = await caches.open(name);
        const found = {};
        const keep = (url, headers) => {
          found[new URL(url).pathname] = Object.fromEntries(new Headers(headers));
        };
        for (const { url } of await shell.keys()) {
          const answer = await shell.match(url, { ignoreVary: true });
          keep(url, answer.headers);
          if (!url.endsWith('.archive')) continue;
          const { headers, files } = JSON.parse((await answer.text()).split('\\n', 1)[0]);
          for (const [name, , kind] of files) keep(new URL(name, url), headers[kind]);
        }
        return found;
      })().then(done);
    """
    found = visitor.execute_async_script(script)
    names = [
        "content-security-policy",
        "cross-origin-opener-policy",
        "cross-origin-embedder-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
        "referrer-policy",
        "x-content-type-options",
        "content-type",
    ]
    client = away.app.test_client()
    assert len(found) > 80
    for path, headers in found.items():
        online = client.get(path).headers
        assert {name: headers.get(name) for name in names} == {
            name: online.get(name) for name in names
        }, path


def test_the_page_from_the_shell_has_no_way_out(
    visitor: Chrome, away: Site, subtests: pytest.Subtests
) -> None:
    """Both ends of the way exist: another origin, and something where the server has been."""
    with eavesdropping() as elsewhere, eavesdropping(away.port) as instead:
        for name, way in {**WAYS_OUT, **ONLY_ON_A_PAGE}.items():
            with subtests.test(name):
                for target in (elsewhere, instead):
                    assert try_on_page(visitor, way, target.url(f"/{name}")) == "refused"
                heard = elsewhere.heard + instead.heard
                assert not [one for one in heard if one.endswith(f" /{name}")]


def test_workers_from_the_shell_are_walled(
    visitor: Chrome, away: Site, subtests: pytest.Subtests
) -> None:
    for worker in ("model", "delivery"):
        put_a_probe_into(visitor, away, worker)
    with eavesdropping() as elsewhere, eavesdropping(away.port) as instead:
        for worker, name in product(("model", "delivery"), WAYS_OUT):
            with subtests.test(f"{name} in {worker}"):
                path = f"/{worker}/{name}"
                assert try_in_worker(visitor, worker, name, elsewhere.url(path)) == "refused"
                assert not elsewhere.has_heard(path)
                verdict = try_in_worker(visitor, worker, name, instead.url(path))
                if worker == "model":
                    assert (verdict, instead.has_heard(path)) == ("refused", False)
                elif name != "WebSocket":
                    # The probe works: delivery may reach where it came from.
                    assert instead.has_heard(path), verdict


def put_a_probe_into(driver: Chrome, site: Site, worker: str) -> None:
    """Beside the worker's script in the shell, one more that tries ways out, with its headers."""
    script = """
      const [path, text, headers, done] = arguments;
      (async () => {
        const name = (await caches.keys()).find((one) => one.startsWith('mattebox-shell-'));
        const shell = await caches.open(name);
        await shell.put(`${path}?probe`, new Response(text, { headers }));
      })().then(done);
    """
    client = site.app.test_client()
    tree = catalog_of(site.app)["tree"]
    path = f"/assets/{tree}/workers/{worker}.js"
    sound = client.get(path)
    driver.execute_async_script(script, path, sound.text + probe_script(), dict(sound.headers))


def test_no_request_while_photos_are_worked_on(visitor: Chrome, away: Site) -> None:
    with listening(away):
        visitor.get(away.url(f"/?model={tiny_model.ID}"))
        call(visitor, "preload", {"model": tiny_model.ID})
        wait_until_ready(visitor, "Tiny")
        away.requests.clear()
        for photo in sorted(PHOTOS.iterdir())[:3]:
            cut_out(visitor, photo, model=tiny_model.ID)
        # The browser looks for a new release on its own, a moment after a visit.
        assert set(away.requests) <= {"/sw.js"}


def test_plain_http_is_as_it_was(intranet: Chrome, away: Site) -> None:
    """No service worker where browsers have none, and not a word about it."""
    site = Site(away.app, is_kept=True)
    with listening(site):
        intranet.get(site.url(host="mattebox.test"))
        wait(intranet).until(lambda page: "not secure (http)" in notices(page))
        assert intranet.execute_script("return 'serviceWorker' in navigator") is False
        assert call(intranet, "offer")["download"] > 0
        assert badge(intranet) == ""
        told = intranet.find_elements(By.CSS_SELECTOR, "[data-notice]")
        losses = {"insecure-context", "one-core"}
        assert {one.get_attribute("data-notice") for one in told} <= losses
        assert "/sw.js" not in site.requests
