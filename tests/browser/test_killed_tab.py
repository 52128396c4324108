"""A tab that dies at ten moments of a photo's life: what comes back, and that it is the right one.

The page is held at the moment (a worker's answer, a call to it, or a transaction of IndexedDB that
does not end), its renderer is crashed, and another tab takes over what was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.editing import Editor
from tests.browser.test_kept import digest, fill, is_back, kept, names, until
from tests.harness import browsers, tables
from tests.harness.driving import see, states
from tests.harness.site import Site

#: Put into a page before its own scripts. `hold` names the moment: a `stage` that a model's worker
#: tells of, a `call` to a worker once all photos are in this `state`, or a `method` of the table of
#: photos in IndexedDB, whose transaction is kept from ending. `reached` says that it has come.
HOLD = """
(() => {
  globalThis.hold = {};
  const Ordinary = Worker;
  globalThis.Worker = class extends Ordinary {
    constructor(...given) {
      super(...given);
      let isSilent = false;
      this.addEventListener('message', (event) => {
        if (isSilent) event.stopImmediatePropagation();
        const stage = event.data?.event?.stage;
        if (stage && stage === hold.stage) isSilent = globalThis.reached = true;
      });
    }
    postMessage(message, ...rest) {
      const jobs = [...document.querySelectorAll('[data-job]')];
      const isDue = !hold.state || jobs.every(({ dataset }) => dataset.state === hold.state);
      if (message?.kind && message.kind === hold.call && isDue) globalThis.reached = true;
      else super.postMessage(message, ...rest);
    }
  };
  for (const method of ['put', 'delete', 'getAll']) {
    const plain = IDBObjectStore.prototype[method];
    IDBObjectStore.prototype[method] = function (...given) {
      const request = plain.apply(this, given);
      if (hold.method === method && this.name === 'photos') {
        globalThis.reached = true;
        const again = () => { this.count().onsuccess = again; };
        again();
      }
      return request;
    };
  }
})();
"""


@pytest.fixture(scope="module")
def site(keeping: Site) -> Site:
    return keeping


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Dark boxes on a bright ground, each of a colour of its own."""
    folder = tmp_path_factory.mktemp("photos")
    paths = [folder / f"{name}.png" for name in ("blue", "red")]
    for path, colour in zip(paths, ((10, 20, 90), (90, 10, 20)), strict=True):
        photo = Image.new("RGB", (60, 40), (235, 240, 250))
        ImageDraw.Draw(photo).rectangle((15, 10, 44, 29), fill=colour)
        photo.save(path)
    return paths


@dataclass(frozen=True)
class Bench:
    """`spare`: a tab that lives through all of it."""

    driver: Chrome
    site: Site
    photos: list[Path]
    downloads: Path
    spare: str

    @contextmanager
    def tab(self, hold: str = "{}") -> Iterator[None]:
        """Another tab with the page, in front; it is closed or has crashed afterwards."""
        self.driver.switch_to.new_window("tab")
        tab = self.driver.current_window_handle
        source = {"source": f"{HOLD}; hold = {hold};"}
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", source)
        self.driver.get(self.site.url())
        try:
            yield
        finally:
            self.driver.switch_to.window(self.spare)
            self.driver.execute_cdp_cmd("Target.closeTarget", {"targetId": tab})

    def hold(self, moment: str) -> None:
        self.driver.execute_script(f"hold = {moment}; reached = false")

    def add(self) -> None:
        chosen = "\n".join(map(str, self.photos))
        self.driver.find_element(By.ID, "files").send_keys(chosen)

    def fill(self) -> None:
        fill(self.driver, self.photos)

    def press(self, selector: str) -> None:
        self.driver.execute_script("document.querySelector(arguments[0]).click()", selector)

    def reached(self) -> None:
        until(self.driver, lambda: self.driver.execute_script("return globalThis.reached === true"))

    def stored(self, count: int) -> None:
        until(self.driver, lambda: len(kept(self.driver).get("photos", [])) == count)

    def crash(self) -> None:
        # It does not live to answer.
        with suppress(WebDriverException):
            self.driver.execute_cdp_cmd("Page.crash", {})

    def files(self) -> dict[str, str]:
        """Digests of the pixels of each photo's file, by the photo's name."""
        links = "[...document.querySelectorAll('.job a[data-part=download][href]')]"
        until(self.driver, lambda: self.driver.execute_script(f"return {links}.length") == 2)
        found = self.driver.execute_script(f"return {links}.map((link) => link.href)")
        return {
            name: digest(self.driver, address)
            for name, address in zip(names(self.driver), found, strict=True)
        }

    def clear(self) -> None:
        what = {"origin": self.site.url(""), "storageTypes": "indexeddb"}
        self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", what)


@pytest.fixture(scope="module")
def bench(
    site: Site, photos: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    downloads = tmp_path_factory.mktemp("downloads")
    with browsers.chromium("--window-size=1280,900", downloads=downloads) as driver:
        yield Bench(driver, site, photos, downloads, driver.current_window_handle)


@pytest.fixture(scope="module")
def truth(bench: Bench) -> dict[str, str]:
    """The files of photos that nothing happens to."""
    with bench.tab():
        bench.fill()
        found = bench.files()
    bench.clear()
    assert len(set(found.values())) == 2
    return found


def just_dropped(bench: Bench) -> None:
    bench.hold("{ call: 'draft' }")
    bench.add()
    bench.stored(2)


def in_stage(stage: str) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        bench.hold(f"{{ stage: '{stage}' }}")
        bench.add()
        bench.reached()
        bench.stored(2)

    return act


def before_the_file(bench: Bench) -> None:
    bench.hold("{ call: 'file', state: 'done' }")
    bench.fill()
    bench.reached()


def file_made(bench: Bench) -> None:
    bench.fill()
    bench.files()


def correcting(bench: Bench) -> None:
    bench.fill()
    bench.files()
    editor = Editor(bench.driver)
    bench.press("[data-part=touch-up]")
    editor.ready()
    editor.tool("Erase")
    box = "const b = arguments[0].getBoundingClientRect();"
    middle = f"{box} return [b.x + b.width / 2, b.y + (b.height - 56) / 2]"
    x, y = bench.driver.execute_script(middle, editor.stage)
    for kind, buttons in (("mousePressed", 1), ("mouseMoved", 1), ("mouseReleased", 0)):
        event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
        bench.driver.execute_cdp_cmd("Input.dispatchMouseEvent", event | {"buttons": buttons})
    editor.settled(lambda: editor.is_enabled("Undo"))
    bench.hold("{ method: 'put' }")
    editor.button("Done").click()
    bench.reached()


def zipping(bench: Bench) -> None:
    bench.hold("{ call: 'file', state: 'done' }")
    bench.fill()
    see(bench.driver, "[data-part=download-all]").click()
    bench.reached()


def clearing(bench: Bench) -> None:
    bench.fill()
    bench.hold("{ method: 'delete' }")
    see(bench.driver, ".kept button", "Clear").click()
    bench.reached()


def redoing(bench: Bench) -> None:
    bench.fill()
    bench.files()
    bench.hold("{ stage: 'running' }")
    bench.press("[data-part=pick]")
    see(bench.driver, "[data-part=redo-chosen]").click()
    bench.reached()


def restoring(bench: Bench) -> None:
    bench.fill()
    bench.crash()


MOMENTS: dict[str, Callable[[Bench], None]] = {
    "just dropped": just_dropped,
    "while a photo is decoded": in_stage("decoding"),
    "while the model runs": in_stage("running"),
    "preview shown, file not made": before_the_file,
    "file made": file_made,
    "while a correction is stored": correcting,
    "while the ZIP is written": zipping,
    "while Clear runs": clearing,
    "while a photo is redone": redoing,
    "while photos come back": restoring,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_comes_back_of_a_tab_that_dies(
    bench: Bench, truth: dict[str, str], moment: str
) -> None:
    with bench.tab():
        MOMENTS[moment](bench)
        before = states(bench.driver) if moment != "while photos come back" else ["done", "done"]
        bench.crash()
    if moment == "while photos come back":
        with bench.tab("{ method: 'getAll' }"):
            bench.reached()
            bench.crash()
    with bench.tab():
        is_back(bench.driver, bench.photos)
        # Whatever was under way: under each name its own picture, whole, and nothing beside it.
        assert bench.files() == truth
        rows = kept(bench.driver)
        assert [len(rows[table]) for table in ("photos", "files")] == [2, 2]
    bench.clear()
    assert list(bench.downloads.iterdir()) == []
    was = " and ".join(dict.fromkeys(before))
    tables.note("faults", f"tab killed {moment:30} ({was}): both photos are back, files the same")
