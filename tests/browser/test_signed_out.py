"""Behind a login whose session has ended: it is said, and the way to sign in is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.harness import tiny_model
from tests.harness.driving import call, states
from tests.harness.ports import port_of_its_own
from tests.harness.releases import impatient, release, store_with_two_models
from tests.harness.site import Site, listening
from tests.harness.waiting import WebDriverWait
from tests.harness.walls import eavesdropping

LOGIN = b"<!doctype html><title>Login</title><h1>Who are you?</h1>"
#: What a gate answers to those who are not signed in: a status, and where it sends them.
KINDS = {
    "a redirect": ("302 Found", "/login"),
    "a redirect elsewhere": ("302 Found", "{elsewhere}"),
    "401": ("401 Unauthorized", None),
    "403 with a page": ("403 Forbidden", None),
    "a page": ("200 OK", None),
}


@dataclass
class Gate:
    """A login in front of the site, which lets /healthz through as many do."""

    app: Any
    elsewhere: str
    kind: str = "401"
    is_open: bool = True
    #: What is asked for only after this many answers finds the gate closed.
    closes_at: str | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if self.closes_at and self.closes_at in path:
            self.is_open, self.closes_at = False, None
        if self.is_open or path == "/healthz":
            answer: Iterable[bytes] = self.app(environ, start_response)
            return answer
        status, target = KINDS[self.kind]
        headers = [("Content-Type", "text/html"), ("Content-Length", str(len(LOGIN)))]
        if path == "/login":
            status = "200 OK"
        elif target:
            headers.append(("Location", target.format(elsewhere=self.elsewhere)))
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [LOGIN]


def wait(driver: Chrome, seconds: float = 60) -> WebDriverWait[Chrome]:
    return WebDriverWait(driver, seconds, 0.05)


def notices(driver: Chrome) -> str:
    return driver.find_element(By.CSS_SELECTOR, "[data-part=notices]").text


def sign_in(driver: Chrome) -> None:
    found = driver.find_elements(By.CSS_SELECTOR, ".notice [data-part=action]")
    next(button for button in found if button.text == "Sign in").click()


def choose(driver: Chrome, folder: Path, name: str = "photo.png") -> None:
    path = folder / name
    path.write_bytes(tiny_model.photo(1)[0])
    driver.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(path))


@pytest.fixture(scope="module")
def office(chromium: Chrome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site behind a gate, whose page a browser has kept."""
    folder = tmp_path_factory.mktemp("office")
    app = release(folder, "office", change=impatient, model_store=store_with_two_models(folder))
    with eavesdropping() as elsewhere:
        gate = Gate(app, elsewhere.url("/login"))
        site = Site(gate, port_of_its_own(), is_kept=True)  # type: ignore[arg-type]
        with listening(site):
            chromium.get(site.url())
            chromium.execute_async_script("""
              const done = arguments[0];
              navigator.serviceWorker.ready.then(() => done());
            """)
            yield site


@pytest.fixture
def gate(chromium: Chrome, office: Site) -> Iterator[Gate]:
    """Open, with a browser that holds no model."""
    gate: Gate = office.app  # type: ignore[assignment]
    gate.is_open, gate.closes_at = True, None
    chromium.get(office.url())
    call(chromium, "forget")
    yield gate
    gate.is_open = True
    first, *others = chromium.window_handles
    for other in others:
        chromium.switch_to.window(other)
        chromium.close()
    chromium.switch_to.window(first)


@pytest.mark.parametrize("kind", KINDS)
def test_photos_wait_for_the_person_to_sign_in(
    chromium: Chrome, office: Site, gate: Gate, tmp_path: Path, kind: str
) -> None:
    gate.kind, gate.is_open = kind, False
    chromium.get(office.url(f"/?model={tiny_model.ID}"))
    wait(chromium).until(lambda page: "You are signed out." in notices(page))
    assert "No connection" not in notices(chromium)
    choose(chromium, tmp_path)
    wait(chromium).until(lambda page: "your photos stay here" in notices(page))
    assert states(chromium) == ["queued"]
    here = chromium.current_window_handle

    sign_in(chromium)

    wait(chromium).until(lambda page: len(page.window_handles) == 2)
    chromium.switch_to.window(next(one for one in chromium.window_handles if one != here))
    if kind != "a redirect elsewhere":
        wait(chromium).until(lambda page: page.title == "Login")
    else:
        wait(chromium).until(lambda page: page.current_url == gate.elsewhere)
    gate.is_open = True
    # Where a gate sends people back to.
    chromium.get(office.url("/?sign-in"))
    assert chromium.title == "Mattebox"
    chromium.close()
    chromium.switch_to.window(here)
    wait(chromium, 60).until(lambda page: states(page) == ["done"])
    assert "signed out" not in notices(chromium)


def test_without_photos_it_is_this_page_that_signs_in(
    chromium: Chrome, office: Site, gate: Gate
) -> None:
    gate.kind, gate.is_open = "a redirect", False
    chromium.get(office.url(f"/?model={tiny_model.ID}&backend=wasm"))
    wait(chromium).until(lambda page: "You are signed out." in notices(page))

    sign_in(chromium)

    wait(chromium).until(lambda page: page.title == "Login")
    assert len(chromium.window_handles) == 1


def test_signed_out_while_a_model_is_downloaded(
    chromium: Chrome, office: Site, gate: Gate, tmp_path: Path
) -> None:
    chromium.execute_cdp_cmd("Network.clearBrowserCache", {})
    chromium.get(office.url(f"/?model={tiny_model.ID}"))
    gate.kind, gate.closes_at = "a redirect", "/models/"
    choose(chromium, tmp_path)
    choose(chromium, tmp_path, "another.png")
    wait(chromium, 60).until(lambda page: "You are signed out." in notices(page))
    wait(chromium).until(lambda page: states(page) == ["failed", "queued"])
    [failed] = chromium.find_elements(By.CSS_SELECTOR, "[data-job][data-state=failed]")
    assert "You are signed out of this site." in failed.text

    gate.is_open = True
    wait(chromium, 60).until(lambda page: states(page) == ["failed", "done"])
    failed.find_element(By.CSS_SELECTOR, "[data-part=retry]").click()
    wait(chromium, 60).until(lambda page: states(page) == ["done", "done"])
