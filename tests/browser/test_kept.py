"""Photos are kept on this device: a reload, a killed browser and a new one bring them back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.harness import browsers, tables, tiny_model, tiny_site
from tests.harness.driving import see, states, unfold
from tests.harness.site import Site, serving
from tests.harness.waiting import WebDriverWait

#: All that is kept, by table, as [desk, order] and bytes of the file.
KEPT = """
const done = arguments[arguments.length - 1];
(async () => {
  const found = {};
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('mattebox-photos')) continue;
    const database = await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    for (const table of database.objectStoreNames) {
      const reading = database.transaction(table).objectStore(table).getAll();
      await new Promise((resolve) => { reading.onsuccess = resolve; });
      found[table] = reading.result.map((row) => [row.desk ?? row.id, row.file?.size ?? 0]);
    }
    database.close();
  }
  return found;
})().then(done, (error) => done(String(error)));
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Photos are kept as the product does where nobody says otherwise."""
    with serving(tiny_site.app(tmp_path_factory.mktemp("store"), keep="days")) as running:
        yield running


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("photos")
    paths = [folder / f"photo-{number}.png" for number in (1, 2)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(tiny_model.photo(number)[0])
    return paths


@pytest.fixture
def desk(chromium: Chrome, site: Site, photos: list[Path]) -> Chrome:
    """Two photos that are done and kept, and nothing else: those that a test has left there."""
    site.faults.clear()
    if not is_left(chromium, site, photos):
        chromium.get(site.url("/healthz"))
        # Not what the model needs.
        what = {"origin": site.url(""), "storageTypes": "indexeddb,local_storage"}
        chromium.execute_cdp_cmd("Storage.clearDataForOrigin", what)
        chromium.execute_script("sessionStorage.clear()")
        chromium.get(site.url())
        fill(chromium, photos)
    return chromium


def is_left(driver: Chrome, site: Site, photos: list[Path]) -> bool:
    return (
        driver.current_url == site.url()
        and names(driver) == [path.name for path in photos]
        and states(driver) == ["done", "done"]
        and not driver.find_elements(By.CSS_SELECTOR, ".notice")
        and not any(
            toast.is_displayed()
            for toast in driver.find_elements(By.CSS_SELECTOR, "[data-part=toast]")
        )
        and "2 photos are kept" in driver.find_element(By.CSS_SELECTOR, ".kept").text
        and {table: len(rows) for table, rows in kept(driver).items() if table != "desks"}
        == {"photos": 2, "files": 2}
        and len(kept(driver)["desks"]) == 1
    )


def fill(driver: Chrome, photos: list[Path]) -> None:
    driver.find_element(By.ID, "files").send_keys("\n".join(map(str, photos)))
    until(driver, lambda: states(driver) == ["done"] * len(photos))
    see(driver, ".kept", f"{len(photos)} photos are kept")


def until(driver: Chrome, claim: Any, seconds: float = 60) -> None:
    WebDriverWait(driver, seconds, 0.05).until(lambda _: claim())


def names(driver: Chrome) -> list[str]:
    script = "return [...document.querySelectorAll('.job [data-part=name]')].map((e) => e.title)"
    return list(driver.execute_script(script))


def kept(driver: Chrome) -> dict[str, list[list[Any]]]:
    found = driver.execute_async_script(KEPT)
    assert isinstance(found, dict), found
    return found


def is_back(driver: Chrome, photos: list[Path]) -> None:
    until(driver, lambda: states(driver) == ["done"] * len(photos))
    assert names(driver) == [path.name for path in photos]
    see(driver, ".kept", f"{len(photos)} photos are kept")


def test_a_reload_loses_nothing_and_runs_no_model(
    desk: Chrome, site: Site, photos: list[Path]
) -> None:
    before = saved_file(desk)
    # Whatever would start a model would now fail.
    site.faults["workers/model.js"] = lambda answer: answer.with_body(b"throw new Error()")
    desk.refresh()
    is_back(desk, photos)
    assert saved_file(desk) == before


#: The page gets no answer on who holds its desk until it is let go on.
HELD_BACK = """
  const { query } = LockManager.prototype;
  const going = new Promise((resolve) => { window.goOn = resolve; });
  LockManager.prototype.query = async function () { await going; return query.call(this); };
"""


def test_a_photo_that_comes_while_photos_come_back_is_there_once(
    desk: Chrome, photos: list[Path], tmp_path: Path
) -> None:
    other = tmp_path / "photo-3.png"
    other.write_bytes(tiny_model.photo(3)[0])
    holding = {"source": HELD_BACK}
    held = desk.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", holding)
    try:
        desk.refresh()
        # The browser says of both that they are the same files.
        desk.find_element(By.ID, "files").send_keys(f"{photos[0]}\n{other}")
        desk.execute_script("window.goOn()")
    finally:
        desk.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", held)
    is_back(desk, [*photos, other])
    see(desk, ".notice", f"1 photo is here already: {photos[0].name}.")
    desk.refresh()
    is_back(desk, [*photos, other])


def saved_file(driver: Chrome) -> str:
    """Digest of the first photo's file, once it is made."""
    link = see(driver, ".job a[data-part=download][href]")
    return digest(driver, link.get_attribute("href") or "")


def digest(driver: Chrome, address: str) -> str:
    """The page may fetch nothing, its own pictures it may draw."""
    script = """
        const [address, done] = arguments;
        const image = new Image();
        image.onload = () => {
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          crypto.subtle.digest('SHA-256', data)
            .then((hash) => done([...new Uint8Array(hash)].join()));
        };
        image.src = address;
    """
    return str(driver.execute_async_script(script, address))


def test_a_photo_that_is_removed_is_removed_from_the_device(
    desk: Chrome, photos: list[Path]
) -> None:
    desk.find_element(By.CSS_SELECTOR, ".job [data-part=remove]").click()
    see(desk, ".kept", "1 photo is kept")
    desk.refresh()
    until(desk, lambda: names(desk) == [photos[1].name])
    assert [len(rows) for table, rows in kept(desk).items() if table != "desks"] == [1, 1]


def test_a_photo_that_is_put_back_is_kept_again_and_one_that_is_not_goes(
    desk: Chrome, photos: list[Path]
) -> None:
    remove = "document.querySelector('.job [data-part=remove]').click()"
    desk.execute_script(remove)
    see(desk, ".kept", "1 photo is kept")
    see(desk, "[data-part=undo]").click()
    is_back(desk, photos)
    desk.refresh()
    is_back(desk, photos)
    desk.execute_script(remove)
    see(desk, "[data-part=toast-close]").click()
    until(desk, lambda: [len(kept(desk)[table]) for table in ("photos", "files")] == [1, 1])


def test_clear_can_be_taken_back_from_what_is_on_the_page(desk: Chrome, photos: list[Path]) -> None:
    see(desk, ".kept button", "Clear").click()
    see(desk, "[data-part=toast]", "The copies on this device were removed.")
    assert kept(desk)["photos"] == kept(desk)["files"] == []
    see(desk, "[data-part=undo]").click()
    is_back(desk, photos)


def test_clear_leaves_nothing_and_keeps_nothing_until_told_to(
    desk: Chrome, photos: list[Path]
) -> None:
    see(desk, ".kept button", "Clear").click()
    see(desk, ".kept", "Nothing is kept of these photos any more")
    assert kept(desk)["photos"] == kept(desk)["files"] == []
    assert states(desk) == ["done", "done"]
    see(desk, "[data-part=toast-close]").click()
    see(desk, ".kept button", "Keep them").click()
    is_back(desk, photos)
    desk.refresh()
    is_back(desk, photos)


def test_two_tabs_do_not_write_over_each_other(
    desk: Chrome, site: Site, photos: list[Path]
) -> None:
    first = desk.current_window_handle
    desk.switch_to.new_window("tab")
    try:
        desk.get(site.url())
        # Those of the other tab are its own while it lives.
        fill(desk, [photos[1], photos[0]])
        desk.refresh()
        is_back(desk, [photos[1], photos[0]])
    finally:
        desk.close()
        desk.switch_to.window(first)
    desk.refresh()
    is_back(desk, photos)
    assert len(kept(desk)["desks"]) == 2
    tables.note("faults", "two tabs: each is back with its own photos after a reload")


@pytest.mark.usefixtures("_chromium_is_here")
def test_a_browser_that_was_killed_finds_them_again(
    site: Site, photos: list[Path], tmp_path: Path
) -> None:
    with browsers.chromium(profile=tmp_path / "profile") as driver:
        driver.get(site.url())
        fill(driver, photos)
        browser = int(driver.capabilities.get("goog:processID") or browser_of(driver))
        for process in (psutil.Process(browser), *psutil.Process(browser).children(recursive=True)):
            os.kill(process.pid, signal.SIGKILL)
    with browsers.chromium(profile=tmp_path / "profile") as driver:
        driver.get(site.url())
        is_back(driver, photos)


def browser_of(driver: Chrome) -> int:
    """Process of the browser that a driver has started."""
    children = psutil.Process(driver.service.process.pid).children()
    return next(child.pid for child in children if "chrom" in child.name())


#: The browser's own answer where there is no room: when it comes is up to the browser.
FULL = """
const { put } = IDBObjectStore.prototype;
IDBObjectStore.prototype.put = function (row) {
  if (row.order > 2) throw new DOMException('', 'QuotaExceededError');
  return put.call(this, row);
};
"""


def test_a_full_device_is_told_and_loses_nothing(desk: Chrome, photos: list[Path]) -> None:
    desk.execute_script(FULL)
    desk.find_element(By.ID, "files").send_keys(str(photos[0]))
    see(desk, ".notice button", "Add again").click()
    see(desk, ".kept", "the storage of this device is full")
    until(desk, lambda: states(desk) == ["done"] * 3)
    desk.refresh()
    is_back(desk, photos)
    tables.note("faults", "no room to keep photos: told, all are worked, those before are back")


def test_nothing_is_kept_where_the_person_says_so(desk: Chrome, photos: list[Path]) -> None:
    unfold(desk, "how")
    desk.find_element(By.CSS_SELECTOR, "[data-part=open-stored]").click()
    term = see(desk, "#kept-term")
    assert "2 photos" in see(desk, ".stored-term").text
    term.find_element(By.CSS_SELECTOR, "[value=never]").click()
    until(desk, lambda: kept(desk)["photos"] == [])
    desk.refresh()
    fill_unkept(desk, photos)
    desk.refresh()
    see(desk, "[data-part=dropzone]")
    assert states(desk) == []
    desk.execute_script("localStorage.clear()")


def fill_unkept(driver: Chrome, photos: list[Path]) -> None:
    driver.find_element(By.ID, "files").send_keys("\n".join(map(str, photos)))
    until(driver, lambda: states(driver) == ["done"] * len(photos))
    see(driver, ".kept", "Photos are not kept on this device")
