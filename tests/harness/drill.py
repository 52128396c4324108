"""A site whose release changes under a browser that has been there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.harness import tables, tiny_model
from tests.harness.driving import call, states
from tests.harness.photos import PHOTOS
from tests.harness.ports import port_of_its_own
from tests.harness.releases import release, store_with_two_models
from tests.harness.site import Site, listening
from tests.harness.waiting import WebDriverWait

PHOTO = PHOTOS / "chelsea.png"
#: The page does the same photo once only.
ANOTHER = PHOTOS / "camera.png"
ADDRESS = f"/?model={tiny_model.ID}"


@dataclass(frozen=True)
class Releases:
    """Two of them, and where they were made."""

    folder: Path
    store: Path
    old: Flask
    new: Flask

    def turn(self, drill: Drill) -> tuple[str, str, Flask]:
        """Settled on one of them, its name, the other's name, and the other."""
        is_new = drill.site.app is self.new
        drill.settle(self.new if is_new else self.old)
        return ("new", "old", self.old) if is_new else ("old", "new", self.new)


def two_releases(folder: Path) -> Releases:
    """Alike but for their names."""
    store = store_with_two_models(folder)
    old, new = (release(folder, name, model_store=store) for name in ("old", "new"))
    return Releases(folder, store, old, new)


@dataclass
class Drill:
    """A site whose release changes, and a browser that has been there."""

    driver: Chrome
    site: Site
    _reached: ExitStack = field(default_factory=ExitStack)

    def answer(self) -> None:
        """Have the server reachable."""
        self._reached.enter_context(listening(self.site))

    def fall_silent(self) -> None:
        self._reached.close()

    def wait(self, condition: Callable[[], Any], seconds: float = 60, poll: float = 0.05) -> Any:
        return WebDriverWait(self.driver, seconds, poll).until(lambda _driver: condition())

    def open(self, address: str = ADDRESS) -> None:
        self.driver.get(self.site.url(address))

    @property
    def name(self) -> str:
        """Of the release that the open page is of."""
        script = "return document.querySelector('meta[name=test]')?.content ?? ''"
        return str(self.driver.execute_script(script))

    def look(self) -> str:
        """Have the browser look for a release, as it does by itself at a visit. How that ended."""
        script = """
          const done = arguments[0];
          (async () => {
            const registration = await navigator.serviceWorker.ready;
            try { await registration.update(); } catch { return 'refused'; }
            const { installing } = registration;
            if (!installing) return 'nothing new';
            await new Promise((resolve) => {
              const ends = ['installed', 'activated', 'redundant'];
              const isOver = () => ends.includes(installing.state);
              if (isOver()) resolve();
              installing.addEventListener('statechange', () => isOver() && resolve());
            });
            return installing.state;
          })().then(done);
        """
        return str(self.driver.execute_async_script(script))

    def arrive(self, *, is_asked: bool = True) -> None:
        """What is deployed is what opens next. `is_asked`: do not wait until the browser looks."""
        deployed = self.deployed
        if is_asked:
            self.look()
        # Whoever is asked looks through all that it keeps.
        self.wait(lambda: self.hurried()[1] == deployed, 100, poll=0.5)

    @property
    def deployed(self) -> str:
        """The version that the server has."""
        script = self.site.app.test_client().get("/sw.js").text
        return re.findall(r"VERSION = '(.+)'", script)[0]

    def hurried(self) -> tuple[bool, str]:
        """Whether a worker waits, and the version of the one that does not."""
        waits = self.hurry()
        script = """
          const done = arguments[0];
          (async () => {
            const { active } = await navigator.serviceWorker.ready;
            const { port1, port2 } = new MessageChannel();
            const answer = new Promise((resolve) => {
              port1.onmessage = ({ data }) => resolve(data);
            });
            active.postMessage({ ask: 'state', release: '' }, [port2]);
            const nothing = { version: '' };
            const late = new Promise((resolve) => { setTimeout(resolve, 20_000, nothing); });
            const { version } = await Promise.race([answer, late]);
            return version;
          })().then(done);
        """
        return waits, str(self.driver.execute_async_script(script))

    def hurry(self) -> bool:
        """Have a worker that waits take over. Whether there was one.

        Chromium at times lets one that was just being started go on for five minutes before the
        next one takes over: seen with a driver attached, and never without one.
        """
        script = """
          const done = arguments[0];
          navigator.serviceWorker.getRegistration().then((it) => done(Boolean(it?.waiting)));
        """
        waits = bool(self.driver.execute_async_script(script))
        if waits:
            self.driver.execute_cdp_cmd("ServiceWorker.enable", {})
            scope = {"scopeURL": self.site.url()}
            self.driver.execute_cdp_cmd("ServiceWorker.skipWaiting", scope)
        return waits

    def settle(self, app: Flask) -> None:
        """The page of this release, with nothing else about."""
        self.site.faults.clear()
        self.site.app = app
        self.open()
        if self.hurried()[1] != self.deployed:
            self.arrive()
            self.open()
        if call(self.driver, "offer", {"model": tiny_model.ID})["download"]:
            call(self.driver, "download", {"model": tiny_model.ID})
            self.open()
        self.wait(lambda: self.badge.startswith("Ready offline"))
        while len(self.shells()) > 1:
            self.open()
            self.wait(lambda: self.badge.startswith("Ready offline"))
        self.site.requests.clear()

    @property
    def badge(self) -> str:
        return self.driver.find_element(By.CSS_SELECTOR, "[data-part=offline]").text

    @property
    def notices(self) -> str:
        return self.driver.find_element(By.CSS_SELECTOR, "[data-part=notices]").text

    def states(self) -> list[str]:
        return states(self.driver)

    def shells(self) -> list[str]:
        script = """
          const done = arguments[0];
          caches.keys().then((names) => done(names.filter((name) => name.includes('-shell-'))));
        """
        return list(self.driver.execute_async_script(script))

    def choose(self, *photos: Path) -> None:
        self.driver.find_element(By.ID, "files").send_keys("\n".join(map(str, photos)))

    def press(self, label: str) -> None:
        buttons = self.driver.find_elements(By.CSS_SELECTOR, ".notice button")
        next(button for button in buttons if button.text == label).click()

    def cut_out(self) -> None:
        """By the open page itself: /api.js may be a newer release's."""
        count = len(self.states())
        self.choose(ANOTHER if count else PHOTO)
        self.wait(lambda: self.states() == [*["done"] * (count + 1)], 90)

    def heavy_requests(self) -> list[str]:
        """For models and runtimes."""
        return [path for path in self.site.requests if path.endswith((".onnx", ".wasm"))]


@contextmanager
def drilling(driver: Chrome, app: Flask) -> Iterator[Drill]:
    """The browser at a site of its own, with the tiny model stored."""
    drill = Drill(driver, Site(app, port_of_its_own(), is_kept=True))
    drill.answer()
    try:
        drill.open()
        call(driver, "preload", {"model": tiny_model.ID})
        yield drill
    finally:
        drill.fall_silent()


def note(case: str, drill: Drill, before: str, after: str) -> None:
    again = len(drill.heavy_requests())
    row = f"{case:46} {before:>6} -> {after:7} models and runtimes fetched: {again}"
    tables.note("updates from one release to another", row)


def assert_still_there(drill: Drill, name: str) -> None:
    """Also without the server."""
    drill.open()
    assert drill.name == name
    drill.wait(lambda: drill.badge.startswith("Ready offline"))
    assert "Update" not in drill.notices
