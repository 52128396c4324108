"""Waiting for what a browser shows, without keeping it busy by looking."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Literal, TypeVar

from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver.remote.webdriver import WebDriver

#: Seconds between two looks at first, how much longer each pause is than the last, and the longest.
#: A look takes 5 ms of a processor (a script) to 15 ms (the text of an element) from what is
#: being waited for, and from what is tested beside it.
FIRST, GROWTH, LONGEST = 0.05, 1.3, 0.2

_NOT_THERE = (NoSuchElementException, StaleElementReferenceException)

D = TypeVar("D", bound=WebDriver)
T = TypeVar("T")


class WebDriverWait(Generic[D]):
    """As Selenium's, with looks that come ever less often, at most `poll` seconds if that is more.

    What is not there yet, or not any more, is waited for.
    """

    def __init__(self, driver: D, timeout: float, poll: float = FIRST) -> None:
        self._driver, self._timeout, self._poll = driver, timeout, poll

    def until(self, method: Callable[[D], Literal[False] | T], message: str = "") -> T:
        """What `method` gives of the driver, once that is true.

        Raises TimeoutException when it is not after `timeout` seconds.
        """
        deadline, pause = time.monotonic() + self._timeout, self._poll
        while True:
            with suppress(*_NOT_THERE):
                if value := method(self._driver):
                    return value
            if time.monotonic() > deadline:
                raise TimeoutException(message)
            time.sleep(pause)
            pause = min(pause * GROWTH, max(self._poll, LONGEST))
