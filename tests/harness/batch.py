"""Many files dropped on the page at once, and what came of each."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from tests.harness.waiting import WebDriverWait

_SCRIPT = (Path(__file__).parent / "batch.js").read_text()


@dataclass(frozen=True)
class Outcome:
    """What a card says: the size of the cutout, or the error and its sentences.

    What is no photo gets no card: its state is "refused", and what is said is the page's.
    """

    name: str
    state: str
    ms: int
    size: tuple[int, int] | None
    code: str
    said: str
    notes: tuple[str, ...]
    original: tuple[int, int] | None
    details: dict[str, object]

    @property
    def told(self) -> str:
        """In short."""
        return (
            f"{self.size[0]} x {self.size[1]}"
            if self.size
            else f"{self.code or self.state}: {self.said}"
        )


def drop_all(driver: WebDriver, files: Sequence[Path], seconds: float) -> list[Outcome]:
    """Choose all `files` on the page that is open, and wait until nothing is under way.

    Those that are no photos come last. What is not settled after so many seconds is told as it is.
    """
    _call(driver, "watch")
    driver.find_element(By.ID, "files").send_keys("\n".join(str(file) for file in files))
    waiting = WebDriverWait(driver, seconds, 0.5)
    waiting.until(
        lambda page: len(_call(page, "states")) + _call(page, "refused")["count"] == len(files)
    )
    settled = {"done", "failed", "cancelled"}
    with suppress(TimeoutException):
        waiting.until(lambda page: set(_call(page, "states")) <= settled)
    cards = outcomes(driver)
    known = {card.name for card in cards}
    said = _call(driver, "refused")["said"]
    others = [file.name for file in files if file.name not in known]
    return [*cards, *(Outcome(name, "refused", 0, None, "", said, (), None, {}) for name in others)]


def outcomes(driver: WebDriver) -> list[Outcome]:
    """What the cards say now."""
    return [
        Outcome(
            name=card["name"],
            state=card["state"],
            ms=card["ms"] or 0,
            size=tuple(card["size"]) if "size" in card else None,
            code=card.get("code", ""),
            said=card.get("said", ""),
            notes=tuple(card.get("notes", ())),
            original=tuple(card["original"]) if card.get("original") else None,
            details=card.get("details", {}),
        )
        for card in _call(driver, "read")
    ]


def cutouts(driver: WebDriver, names: Sequence[str]) -> list[NDArray[np.uint8]]:
    """The finished pictures of those files, H x W x 4."""
    return [
        np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)
        for width, height, text in _call(driver, "pixels", list(names))
    ]


def _call(driver: WebDriver, task: str, arguments: object = None) -> Any:
    answer = driver.execute_async_script(_SCRIPT, task, arguments)
    assert "error" not in answer, answer
    return answer["value"]
