"""The promise is tried at each visit, and the page says what came of it.

What a proxy on the way does to the header Content-Security-Policy is done here to real answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from server.headers import CSP
from tests.harness import browsers, tiny_model
from tests.harness.driving import PageError, call, cut_out, forget_everything, states, unfold
from tests.harness.ports import port_of_its_own
from tests.harness.releases import release, store_with_two_models
from tests.harness.site import Answer, Fault, Site, listening
from tests.harness.waiting import WebDriverWait

ALL = {"page": "enforced", "inference": "enforced", "delivery": "enforced"}
PHOTO = tiny_model.photo(1)[0]

#: Of answers that carry this type; the page is the only HTML here.
PAGE = "text/html"


def wait(driver: WebDriver, seconds: float = 60) -> WebDriverWait[WebDriver]:
    return WebDriverWait(driver, seconds, 0.05)


def kept_by_nobody(answer: Answer) -> Answer:
    return answer.without("Cache-Control").with_header("Cache-Control", "no-store")


def dropped(answer: Answer) -> Answer:
    return kept_by_nobody(answer.without(CSP))


def replaced(policy: str) -> Fault:
    return lambda answer: dropped(answer).with_header(CSP, policy)


def added(policy: str) -> Fault:
    return lambda answer: kept_by_nobody(answer).with_header(CSP, policy)


def on(kind: str, fault: Fault) -> Fault:
    """`fault`, for answers of this content type."""

    def some(answer: Answer) -> Answer:
        is_meant = any(
            name.lower() == "content-type" and value.startswith(kind)
            for name, value in answer.headers
        )
        return fault(answer) if is_meant else answer

    return some


def walls(driver: WebDriver) -> dict[str, str]:
    found: dict[str, str] = call(driver, "environment")["walls"]
    return found


def visit(driver: WebDriver, site: Site, faults: dict[str, Fault]) -> None:
    """The page with a model that runs at once, over a proxy of this kind."""
    site.faults.clear()
    tiny_model.offer(site)
    site.faults.update(faults)
    driver.get(site.url())
    wait_until_tried(driver)


def wait_until_tried(driver: WebDriver) -> None:
    """The page has tried its own wall."""
    tried = ".promise[data-state] [data-wall]:first-child:not([data-wall=unknown])"
    look = "document.querySelector('.promise').open = true"
    wait(driver).until(
        lambda page: page.execute_script(look) or page.find_elements(By.CSS_SELECTOR, tried)
    )


def said(driver: WebDriver) -> str:
    """What the head of the page says of the photos, opened."""
    script = "const it = document.querySelector('.promise'); it.open = true; return it.innerText"
    return str(driver.execute_script(script))


def notices(driver: WebDriver) -> str:
    return driver.find_element(By.CSS_SELECTOR, "[data-part=notices]").text


def report(driver: WebDriver) -> str:
    unfold(driver, "how")
    return driver.find_element(By.CSS_SELECTOR, "[data-part=report]").text


def choose(driver: WebDriver, folder: Path) -> None:
    """A photo given to the page itself, until it is done."""
    path = folder / "photo.png"
    path.write_bytes(PHOTO)
    driver.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(path))
    agree = "document.querySelector('[data-part=consent] .primary')?.click()"
    wait(driver, 100).until(lambda page: page.execute_script(agree) or "done" in states(page))


@pytest.fixture(scope="module")
def stored(chromium: Chrome, site: Site) -> Chrome:
    site.faults.clear()
    forget_everything(chromium, site)
    tiny_model.offer(site)
    chromium.get(site.url())
    call(chromium, "preload")
    return chromium


@pytest.fixture
def browser(stored: Chrome, site: Site) -> Iterator[Chrome]:
    """With the model in its store, and no script that came otherwise than it would now."""
    stored.execute_cdp_cmd("Network.clearBrowserCache", {})
    yield stored
    site.faults.clear()


def test_a_wall_that_stands_is_proven(browser: Chrome, site: Site, tmp_path: Path) -> None:
    visit(browser, site, {})
    assert "has not tried yet" in said(browser) or walls(browser) == ALL
    site.requests.clear()

    choose(browser, tmp_path)

    wait(browser).until(lambda page: "never leave this device" in said(page))
    assert said(browser).count("The browser refused.") == 3
    wait(browser).until(lambda page: "0 bytes of your photos left this device." in report(page))
    assert "make sure" not in notices(browser)
    # What was tried reached nobody.
    assert "/healthz" not in site.requests
    # A report says what was known at its end: this one ends now.
    assert call(browser, "preload")["walls"] == ALL
    assert call(browser, "diagnostics")["entries"][0]["report"]["walls"] == ALL


def watched(answer: Answer) -> Answer:
    """A policy that tells of what it would refuse, and refuses nothing."""
    policy = "default-src 'none'; connect-src 'none'"
    return dropped(answer).with_header(f"{CSP}-Report-Only", policy)


#: What a proxy does, by parts of addresses -> which realms are told to lack their wall, as what.
GAPS: dict[str, tuple[dict[str, Fault], dict[str, str]]] = {
    "dropped everywhere": ({"": dropped}, dict.fromkeys(ALL, "missing")),
    "dropped where photos are read": ({"workers/model.js": dropped}, {"inference": "missing"}),
    "dropped everywhere else": (
        {"workers/delivery.js": dropped, "": on(PAGE, dropped)},
        {"page": "missing", "delivery": "missing"},
    ),
    "replaced by a common one": (
        {"": replaced("default-src 'self' blob: data: 'wasm-unsafe-eval'; frame-ancestors 'self'")},
        dict.fromkeys(ALL, "replaced"),
    ),
    "one that opens delivery, and others that only watch": (
        {
            "workers/delivery.js": replaced("default-src 'none'; script-src 'self'; connect-src *"),
            "": watched,
        },
        {"page": "missing", "inference": "missing", "delivery": "replaced"},
    ),
}


#: Those tried with a photo. In the others the same workers only get ready for one.
WITH_A_PHOTO = ("dropped everywhere", "dropped where photos are read")


@pytest.mark.parametrize("case", GAPS)
def test_a_wall_that_is_gone_is_told(
    browser: Chrome, site: Site, tmp_path: Path, case: str
) -> None:
    faults, gaps = GAPS[case]
    visit(browser, site, faults)

    if case in WITH_A_PHOTO:
        choose(browser, tmp_path)
    else:
        call(browser, "preload")

    expected = ALL | gaps
    wait(browser).until(lambda page: walls(page) == expected, str(walls(browser)))
    told = "the browser does not make sure that photos stay on your device."
    wait(browser).until(lambda page: told in notices(page))
    assert "never leave" not in said(browser)
    assert "Content-Security-Policy" in said(browser)
    assert "0 bytes" not in report(browser)
    if case in WITH_A_PHOTO:
        assert "the browser does not make sure of that on this site." in report(browser)
    # A report says what was known at its end: this one ends now.
    assert call(browser, "preload")["walls"] == expected
    assert call(browser, "diagnostics")["entries"][0]["report"]["walls"] == expected


#: A policy beside ours -> what fails of it, and the directive that is to blame.
BLOCKED: dict[str, tuple[str, Fault, str, str]] = {
    "no compiling": (
        "",
        added("default-src 'self' blob: data:; connect-src 'self'"),
        "runtime-failed",
        "script-src",
    ),
    "no workers": (
        "",
        added("default-src * blob: data: 'unsafe-inline' 'unsafe-eval'; worker-src 'none'"),
        "worker-crashed",
        "worker-src",
    ),
    "no connections": (
        "",
        added("default-src 'self' blob: data: 'wasm-unsafe-eval'; connect-src 'none'"),
        "network",
        "connect-src",
    ),
    "no scripts in workers": (
        "workers/model.js",
        added("script-src 'none'"),
        "runtime-failed",
        "script-src-elem",
    ),
}


@pytest.mark.parametrize("case", BLOCKED)
def test_a_policy_that_stops_the_engine_is_named(browser: Chrome, site: Site, case: str) -> None:
    part, fault, code, directive = BLOCKED[case]
    site.faults.clear()
    tiny_model.offer(site)
    site.faults[part] = fault
    browser.get(site.url())

    with pytest.raises(PageError) as caught:
        cut_out(browser, PHOTO)

    error = caught.value
    assert error.code == code, error
    assert error.details["reason"] == "policy"
    assert error.details["directive"] == directive
    assert "rule that does not come from Mattebox" in error.message
    assert f"“{directive}”" in error.advice


def test_offline_is_neither_proof_nor_breach(browser: Chrome, site: Site) -> None:
    """Refusals are the browser's, network or not; a failed connection is none."""
    nothing = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    visit(browser, site, {"": on(PAGE, dropped)})
    assert walls(browser)["page"] == "missing"
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", nothing)
    try:
        script = "const [api, done] = arguments; import(api).then((it) => it.tryWalls()).then(done)"
        api = browser.execute_script("return new URL('api.js', document.baseURI).href")
        browser.execute_async_script(script, api)
        # What needs no network was let through all the same.
        assert walls(browser)["page"] == "missing"
    finally:
        online = nothing | {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
        browser.execute_cdp_cmd("Network.emulateNetworkConditions", online)


@pytest.mark.usefixtures("_chromium_is_here")
def test_plain_http_is_walled_as_well(site: Site) -> None:
    site.faults.clear()
    tiny_model.offer(site)
    with browsers.chromium("--host-resolver-rules=MAP mattebox.test 127.0.0.1") as driver:
        driver.get(site.url(host="mattebox.test"))
        assert cut_out(driver, PHOTO, output=tiny_model.AS_DRAWN).report["secure"] is False
        wait(driver).until(lambda page: walls(page) == ALL)
        site.faults[""] = dropped
        driver.get(site.url(host="mattebox.test"))
        wait(driver).until(lambda page: walls(page)["page"] == "missing")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that browsers keep, with a model that runs at once."""
    folder = tmp_path_factory.mktemp("shop")
    app = release(folder, "shop", model_store=store_with_two_models(folder))
    return Site(app, port_of_its_own(), is_kept=True)


def forget(driver: Chrome, site: Site) -> None:
    """What a visitor's browser keeps of the page; not the models."""
    kinds = {"origin": site.url(""), "storageTypes": "service_workers"}
    driver.execute_cdp_cmd("Storage.clearDataForOrigin", kinds)
    driver.execute_async_script("""
      const done = arguments[0];
      caches.keys().then((names) => names.filter((one) => one.includes('shell')))
        .then((names) => Promise.all(names.map((one) => caches.delete(one)))).then(done, done);
    """)
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})


def installed(driver: Chrome) -> bool:
    """Try to install the service worker, to the end."""
    script = """
      const done = arguments[0];
      (async () => {
        const site = document.baseURI;
        const scope = new URL('./', site);
        const main = document.querySelector('script[type=module]').src;
        const { ownScript } = await import(new URL('shared/trusted.js', main));
        const address = ownScript(new URL('sw.js', site));
        const it = await navigator.serviceWorker.register(address, { scope });
        const worker = it.installing ?? it.waiting ?? it.active;
        while (['parsed', 'installing', 'installed'].includes(worker.state)) {
          await new Promise((next) => worker.addEventListener('statechange', next, { once: true }));
        }
        return worker.state !== 'redundant';
      })().then(done, () => done(false));
    """
    return bool(driver.execute_async_script(script))


def test_what_a_proxy_took_away_is_not_kept(
    chromium: Chrome, shop: Site, subtests: pytest.Subtests
) -> None:
    """Nor does the browser's own cache, which keeps files for good, bring it back once mended."""

    def taken(answer: Answer) -> Answer:
        return answer.without(CSP)

    with listening(shop):
        for part in ("/sw.js", "shell.archive", "/runtime/", ""):
            with subtests.test(part):
                chromium.get(shop.url("/healthz"))
                forget(chromium, shop)
                shop.faults = {part: taken}
                chromium.get(shop.url())
                assert not installed(chromium)
        # All that the browser has came without its policy. This one goes on to: an archive has it.
        shop.faults = {"workers/model.js": taken}
        chromium.get(shop.url())
        assert installed(chromium)
        chromium.get(shop.url())
        call(chromium, "preload", {"model": tiny_model.ID})
        wait(chromium).until(lambda page: walls(page) == ALL, str(walls(chromium)))
        # From now on what was kept counts, whatever becomes of the proxy.
        shop.faults = {"": taken}
        chromium.get(shop.url())
        wait(chromium).until(lambda page: walls(page)["page"] == "enforced")
        cut_out(chromium, PHOTO, model=tiny_model.ID)
        wait(chromium).until(lambda page: walls(page) == ALL, str(walls(chromium)))
