"""Working the panel of backgrounds that are made from words, with a mouse and without one."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from flask import Flask
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.finish.panel import until

ROW = ".finish [data-when^='background=words']"
# What a device keeps of its runs, as text.
KEPT_OF_RUNS = """
const done = arguments[0];
const opening = indexedDB.open('mattebox-diagnostics');
opening.onsuccess = async () => {
  const database = opening.result;
  const read = (name) => new Promise((good) => {
    const asked = database.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => good(asked.result);
  });
  const rows = await Promise.all([...database.objectStoreNames].map(read));
  database.close();
  done(JSON.stringify([rows, { ...localStorage }]));
};
"""


def listen(app: Flask, heard: list[str]) -> None:
    """Add to `heard` all that `app` is asked: addresses, headers and bodies."""
    answer = app.wsgi_app

    def listening(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        told = {name: value for name, value in environ.items() if isinstance(value, str)}
        heard.append(f"{told} {body!r}")
        return answer(environ, start_response)

    app.wsgi_app = listening  # type: ignore[method-assign]


def find(driver: Chrome, selector: str) -> list[WebElement]:
    return driver.find_elements(By.CSS_SELECTOR, selector)


def wait_for(driver: Chrome, selector: str) -> WebElement:
    until(driver, lambda: [one for one in find(driver, selector) if one.is_displayed()])
    return next(one for one in find(driver, selector) if one.is_displayed())


def press(driver: Chrome, name: str) -> None:
    wait_for(driver, f"{ROW} [data-part=words-{name}]").click()


def keys(driver: Chrome, *pressed: str) -> None:
    ActionChains(driver).send_keys(*pressed).perform()


def focused_name(driver: Chrome) -> str:
    return driver.switch_to.active_element.accessible_name.replace("\N{NO-BREAK SPACE}", " ")


def tab_to(driver: Chrome, name: str) -> WebElement:
    """Onwards to the control of that name."""
    seen = []
    for _ in range(60):
        keys(driver, Keys.TAB)
        seen.append(focused_name(driver))
        if seen[-1] == name:
            return driver.switch_to.active_element
    raise AssertionError(f"no {name!r} is reached, but {seen}")


def is_on(driver: Chrome, name: str) -> None:
    until(driver, lambda: focused_name(driver) == name, 20)
