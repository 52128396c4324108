"""What follows from the models that are installed, swapped whole while the server runs. No Flask.

`models pull`, `add` and `remove` replace the lock file, last and by a rename. Each request for what
depends on it looks at that file's inode, time and size, which takes microseconds; after a change,
the first one makes a new generation and the others wait for it. So no process answers with a list
of models that is older than the file, and several agree without speaking to one another.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from server.variants import Asset

_log = logging.getLogger(__name__)

KEPT_SECONDS = 600.0
"""How long files of models that are not offered any longer are handed out after the last request
for them: a page that is open goes on with the models it knows, segment by segment."""

PATIENCE = 5.0
"""Seconds that a request waits while another one makes a new generation; then it gets the old one.
Hashing again takes a second for each gigabyte, so this is for the largest models."""

PAUSING = "mattebox-pausing"
"""The name among an application's extensions under which lies what has a `pause`."""

_STEP = 0.01

Key = tuple[str, str]
"""A model file by SHA-256 and name."""

Signature = tuple[int, int, int] | None


@dataclass(frozen=True)
class Generation:
    """documents: what is rendered of the models, by name. files: of the models, verified."""

    documents: Mapping[str, Asset]
    files: Mapping[Key, Asset]


@dataclass
class _Left:
    asset: Asset
    asked: float


class Generations:
    """The generation that is offered now, and what open pages may still ask for.

    lock_file: what the commands replace. make: reads it and makes all that follows, or raises one
    of `refusals`; then the old generation stays, and the reason is logged once.
    """

    def __init__(
        self,
        lock_file: Path,
        make: Callable[[], Generation],
        refusals: tuple[type[Exception], ...],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lock_file = lock_file
        self._make = make
        self._refusals = refusals
        self._clock = clock
        self.pause: Callable[[float], None] = time.sleep
        """Waits so many seconds while others go on: where these are greenlets, their own sleep."""
        self._turn = threading.Lock()
        self._left: dict[Key, _Left] = {}
        # Before it is read: a change meanwhile is another signature.
        self._seen = signature_of(lock_file)
        self._now = make()

    def current(self) -> Generation:
        """The generation that follows from the lock file as it is."""
        self._look(PATIENCE)
        self._forget()
        return self._now

    def file(self, key: Key) -> Asset | None:
        """A model file: offered now, or by another process already, or lately."""
        if key not in self._now.files and key not in self._left:
            self._look(math.inf)
        if asset := self._now.files.get(key):
            return asset
        left = self._left.get(key)
        if left is None:
            return None
        left.asked = self._clock()
        return left.asset

    def renew(self) -> None:
        """Make all that follows anew, since files of the page have been compressed."""
        with self._turn:
            self._renew(signature_of(self._lock_file), "compressed forms are there now")

    def _look(self, patience: float) -> None:
        if signature_of(self._lock_file) == self._seen:
            return
        ends = time.monotonic() + patience
        # Not by a wait of the lock's own, which would keep the greenlet that has it from going on.
        while not self._turn.acquire(blocking=False):
            if time.monotonic() >= ends:
                return
            self.pause(_STEP)
        try:
            signature = signature_of(self._lock_file)
            if signature != self._seen:
                self._renew(signature)
        finally:
            self._turn.release()

    def _renew(self, signature: Signature, why: str = "what is installed has changed") -> None:
        try:
            made = self._make()
        except self._refusals as error:
            _log.error("the models that were offered before stay: %s", error)
            self._seen = signature
            return
        replaced = {key: _Left(asset, self._clock()) for key, asset in self._now.files.items()}
        left = self._left | replaced
        # Before the new one is there, so that a file is always in one of them.
        self._left = left
        self._now = made
        self._left = {key: one for key, one in left.items() if key not in made.files}
        self._seen = signature
        _log.info("%s: %s model files are offered", why, len(made.files))

    def _forget(self) -> None:
        """Let go of files that no page has asked for lately."""
        left, now = self._left, self._clock()
        if any(now - one.asked >= KEPT_SECONDS for one in left.values()):
            self._left = {k: one for k, one in left.items() if now - one.asked < KEPT_SECONDS}


def signature_of(path: Path) -> Signature:
    """What tells one version of the file at `path` from the next; None where there is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_ino, facts.st_mtime_ns, facts.st_size
