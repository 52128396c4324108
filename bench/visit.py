"""Pages of a checkout in a browser, for benchmarks that work them as a person does."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.remote_connection import RemoteConnection

from bench.measure import WATCH, PageFailedError
from bench.photos import Photo
from tests.harness import browsers
from tests.harness.ports import port_of_its_own

LONG = 3000
"""Seconds: fifty photos of 12 megapixels on a small machine."""


@contextmanager
def serving(checkout: Path) -> Iterator[str]:
    """The address of that checkout's own server."""
    port = port_of_its_own()
    python = checkout / ".venv" / "bin" / "python"
    command = [str(python), "-m", "flask", "--app", "wsgi", "run", "--port", str(port)]
    with subprocess.Popen(command, cwd=checkout, stderr=subprocess.DEVNULL) as server:
        try:
            _until_up(port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def _until_up(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nobody listens at {port}")


@contextmanager
def opened(url: str, height: int = 900) -> Iterator[Chrome]:
    """A browser of its own with the page, watched from its first moment."""
    with browsers.chromium(f"--window-size=1440,{height}") as driver:
        driver.set_script_timeout(LONG)
        remote = cast("RemoteConnection", driver.command_executor)
        remote.client_config.timeout = LONG + 20
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        driver.get(url)
        yield driver


def drop(driver: Chrome, photos: list[Photo]) -> None:
    """Choose photos."""
    driver.find_element(By.ID, "files").send_keys("\n".join(str(photo.path) for photo in photos))


def choose(driver: Chrome, photos: list[Photo]) -> None:
    """Choose photos, and have times count from then on."""
    driver.execute_script("benchWatch.chosenMs = null")
    drop(driver, photos)


def ask(driver: Chrome, script: str, task: str, **given: Any) -> Any:
    """What a task of a script for the page comes to. Raises PageFailedError where it fails."""
    answer = driver.execute_async_script(script, task, given)
    if "error" in answer:
        raise PageFailedError(answer["error"])
    return answer.get("value")
