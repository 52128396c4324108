"""What a serving process does once it serves: compresses what was not, and reads what it believed.

In a thread of its own in each process, at the lowest priority, one process after the other. It is
started by the first request, since threads do not survive the fork that makes a worker.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger(__name__)

_LOWEST = 19


class Afterwards:
    """WSGI layer that starts `work` once in each process. `lock`: a file that processes share."""

    def __init__(self, app: WSGIApplication, work: Callable[[], None], lock: Path) -> None:
        self._app = app
        self._work = work
        self._lock = lock
        self._started_in = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on."""
        if self._started_in != os.getpid():
            self._started_in = os.getpid()
            threading.Thread(target=self._run, name="afterwards", daemon=True).start()
        return self._app(environ, start_response)

    def _run(self) -> None:
        be_patient()
        try:
            with _turn(self._lock):
                self._work()
        except (OSError, RuntimeError, ValueError):
            _log.exception("what was to be done after the start has failed; serving goes on")


class _turn:  # noqa: N801 - reads as a word where it is used
    """Held by one process at a time, where the file can be written; it ends with its process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1

    def __enter__(self) -> None:
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        except OSError as error:
            _log.debug("%s: %s", self._path, error)

    def __exit__(self, *_: object) -> None:
        if self._handle >= 0:
            os.close(self._handle)


def be_patient() -> None:
    """Give this thread the lowest priority, where threads have one of their own (Linux)."""
    if hasattr(os, "setpriority"):
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)
        except OSError as error:
            _log.debug("priority: %s", error)
