"""What a device remembers of its runs, in a real browser: two tabs, reloads, blocked storage."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.harness import tiny_model
from tests.harness.driving import PageError, call, cut_out, forget_everything
from tests.harness.site import Site

# All databases, caches' names and storage of the origin, as text: nothing hides in a field.
STORED = """
const done = arguments[0];
const ask = (request) => new Promise((good, bad) => {
  request.onsuccess = () => good(request.result);
  request.onerror = () => bad(request.error);
});
(async () => {
  const dump = { local: { ...localStorage }, caches: await caches.keys() };
  for (const { name } of await indexedDB.databases()) {
    const database = await ask(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      dump[name] = await ask(database.transaction(store).objectStore(store).getAll());
    }
    database.close();
  }
  return dump;
})().then((dump) => done(JSON.stringify(dump)), (error) => done(`failed: ${error}`));
"""
NAMED = """
const [photo, done] = arguments;
const bytes = Uint8Array.from(atob(photo), (character) => character.charCodeAt(0));
import(new URL('api.js', document.baseURI).href)
  .then(({ removeBackground }) => removeBackground(new File([bytes], 'anna-at-the-beach.png')))
  .then(({ report }) => done(report), (error) => done({ failed: error.code }));
"""
CLEAR = """
const done = arguments[0];
import(new URL('api.js', document.baseURI).href).then((api) => api.clearDiagnostics()).then(done);
"""
BLOCKED = """
for (const name of ['indexedDB', 'localStorage']) {
  const get = () => { throw new DOMException('', 'SecurityError'); };
  Object.defineProperty(globalThis, name, { get });
}
"""
PHOTO = tiny_model.photo(1)[0]


@pytest.fixture
def device(page: Chrome, site: Site) -> Chrome:
    """The page with a model that runs at once, on a device that has run nothing yet."""
    tiny_model.offer(site)
    forget_everything(page, site)
    return page


def cutouts(driver: Chrome) -> list[str | None]:
    """Error codes of the photos that are remembered, newest first; the page warms up as well."""
    entries = call(driver, "diagnostics")["entries"]
    photos = [entry for entry in entries if entry["kind"] == "cutout"]
    return [entry["error"] and entry["error"]["code"] for entry in photos]


def learned(driver: Chrome) -> dict[str, Any]:
    """What is known of the one way in which the model has run."""
    (way,) = call(driver, "diagnostics")["learned"][tiny_model.ID].values()
    return dict(way)


def test_runs_outlive_the_page_and_are_shared_by_tabs(device: Chrome, site: Site) -> None:
    first = device.current_window_handle
    result = cut_out(device, PHOTO)
    # What is kept of a first run is written two seconds later, or when somebody asks for it.
    assert cutouts(device) == [None]
    device.switch_to.new_window("tab")
    device.get(site.url())
    with pytest.raises(PageError, match="corrupt-image"):
        cut_out(device, PHOTO[:60])
    assert cutouts(device) == ["corrupt-image", None]
    device.close()
    device.switch_to.window(first)
    assert cutouts(device) == ["corrupt-image", None]

    device.refresh()

    reports = call(device, "diagnostics")["reports"]
    assert result.report in reports
    way = learned(device)
    assert (way["runs"], way["failure"]) == (1, None)
    assert way["runMs"] == pytest.approx(result.report["ms"]["run"], abs=1)
    device.execute_async_script(CLEAR)
    assert cutouts(device) == []


def test_what_is_stored_knows_no_photo(device: Chrome) -> None:
    report = device.execute_async_script(NAMED, base64.b64encode(PHOTO).decode())
    assert report["backend"] == "wasm"
    assert cutouts(device) == [None]

    stored = device.execute_async_script(STORED)

    kept: dict[str, Any] = json.loads(stored)
    assert set(kept) == {"local", "caches", "mattebox-diagnostics"}
    assert report in [entry["report"] for entry in kept["mattebox-diagnostics"]]
    assert "anna" not in stored
    assert "beach" not in stored
    assert base64.b64encode(PHOTO).decode()[:40] not in stored


def test_blocked_storage_costs_no_cutout(device: Chrome, site: Site) -> None:
    script = device.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": BLOCKED})
    try:
        device.get(site.url())
        assert cut_out(device, PHOTO).report["backend"] == "wasm"
        assert cutouts(device) == [None]
        assert learned(device)["runs"] == 1
    finally:
        device.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
