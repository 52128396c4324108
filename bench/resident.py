"""How much memory a browser's pages hold, as the operating system counts it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from selenium.webdriver import Chrome

EVERY = 0.02
"""Seconds between two looks."""


@dataclass
class Peak:
    """The most bytes that were seen, once the measurement is over."""

    bytes: int = 0


def renderers(root: int) -> list[int]:
    """Processes below `root` that run pages and their workers."""
    found = []
    for process in psutil.Process(root).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "--type=renderer" in process.cmdline():
                found.append(process.pid)
    return found


def resident(pids: list[int]) -> int:
    """Bytes of memory of their own that these processes hold: heaps, WebAssembly, decoded pictures.

    Files they have mapped, the browser's program among them, are left out.
    """
    return sum(_private(pid) for pid in pids)


def _private(pid: int) -> int:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        fields = dict(line.split(":", 1) for line in lines if ":" in line)
        return sum(int(fields[name].split()[0]) * 1024 for name in ("RssAnon", "RssShmem"))
    return 0


@contextmanager
def peak_of(pids: list[int]) -> Iterator[Peak]:
    """The most these processes hold at once while the body runs."""
    peak = Peak(resident(pids))
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.is_set():
            peak.bytes = max(peak.bytes, resident(pids))
            time.sleep(EVERY)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        is_over.set()
        watcher.join()


def most_held(driver: Chrome) -> int:
    """Bytes that the largest process of the browser has held at most: the tab's."""
    family = psutil.Process(driver.service.process.pid).children(recursive=True)
    return max((_high_water(process.pid) for process in family), default=0)


def _high_water(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = next((line.split()[1] for line in status.splitlines() if "VmHWM" in line), "0")
    return int(found) * 1024
