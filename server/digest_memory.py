"""Digests of the last start, by what tells a file from another without reading it. No Flask here.

A start with gigabytes of models would read all of them before the first answer. What has the same
inode, time and size as then is believed to have the same content, and read afterwards, in the
background (`doubts`): believing is for the time until then.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model_store.digest import FileDigest, file_digest
from server.facts import Facts, facts_of

if TYPE_CHECKING:
    from server.held import Body

_log = logging.getLogger(__name__)

_SETTLED_NS = 2_000_000_000
"""A file that was written within so many nanoseconds before it was read is not remembered: it may
be written again within one tick of the file system's clock, and would have the same time."""

_VERSION = 1


class DigestMemory:
    """Remembers digests in a JSON file. One that cannot be read or written costs only time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known = _read(file)
        self._new: dict[str, tuple[Facts, FileDigest]] = {}
        self._believed: dict[Path, tuple[Facts, FileDigest]] = {}
        self._lock = threading.Lock()

    def digest(self, body: Body) -> FileDigest:
        """As `file_digest`, without reading what has not changed since it was remembered."""
        return self.recall(body) or self.keep(body, facts_of(body), file_digest(body))

    def recall(self, body: Body) -> FileDigest | None:
        """What is remembered of this very file."""
        known = self._known.get(str(body))
        if known is None or known[0] != facts_of(body):
            return None
        with self._lock:
            self._believed[Path(str(body))] = known
            self._new[str(body)] = known
        return known[1]

    def keep(self, body: Body, facts: Facts, digest: FileDigest) -> FileDigest:
        """Remember it. `facts`: of before it was read."""
        if time.time_ns() - facts.mtime_ns > _SETTLED_NS and facts_of(body) == facts:
            with self._lock:
                self._new[str(body)] = (facts, digest)
        return digest

    def save(self) -> None:
        """Write what this start has met; the rest is forgotten."""
        if self._new == self._known:
            return
        entries = {
            name: [*facts, digest.sha256, list(digest.segments)]
            for name, (facts, digest) in sorted(self._new.items())
        }
        temporary = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps({"version": _VERSION, "files": entries}))
            temporary.replace(self._file)
        except OSError as error:
            _log.info("digests are not remembered, the next start reads every file: %s", error)
            return
        self._known = dict(self._new)

    def doubts(self, digest: Callable[[Path], FileDigest] = file_digest) -> Iterator[str]:
        """Read what was believed, and give the SHA-256 of each file that is not what it was then.

        Files whose facts have changed meanwhile are left out: these are refused by that.
        """
        with self._lock:
            believed, self._believed = self._believed, {}
        for path, (facts, known) in believed.items():
            try:
                is_other = digest(path) != known and facts_of(path) == facts
            except OSError:
                continue  # missing, which is noticed when it is asked for
            if is_other:
                _log.error("%s: its content has changed and its time has not; it is refused", path)
                self.forget(path)
                yield known.sha256

    def forget(self, path: Path) -> None:
        """Have the next start read it."""
        with self._lock:
            self._new.pop(str(path), None)
        self.save()


def _read(file: Path) -> dict[str, tuple[Facts, FileDigest]]:
    try:
        return _parsed(json.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _parsed(document: Any) -> dict[str, tuple[Facts, FileDigest]]:
    if document["version"] != _VERSION:
        return {}
    return {
        name: (Facts(inode, mtime_ns, size), FileDigest(size, sha256, tuple(segments)))
        for name, (inode, mtime_ns, size, sha256, segments) in document["files"].items()
    }
