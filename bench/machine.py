"""Where the numbers come from, and how much of the machine others were using meanwhile."""

from __future__ import annotations

import os
import platform
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import psutil


def facts() -> dict[str, Any]:
    """Processor, cores, memory and system. No names of the machine or of its user."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_1min_before": round(os.getloadavg()[0], 2),
    }


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def _clock() -> tuple[float, float, float]:
    """Seconds: wall, busy on all cores, busy in this process and its descendants."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    # Guest time is part of user time already.
    total = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return time.monotonic(), total - idle, _used(psutil.Process())


def _used(root: psutil.Process) -> float:
    """Seconds of processor time that a process and its living descendants have used."""
    seconds = 0.0
    for process in [root, *root.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds += times.user + times.system
    return seconds


@dataclass
class Neighbours:
    """Cores that were busy with anything but this benchmark, its server and its browser.

    The processes counted as ours must be running both at the start and at the end.
    """

    _start: tuple[float, float, float] = field(default_factory=_clock)

    def cores(self) -> float:
        """Mean number of cores since the start."""
        wall, busy, ours = (now - then for now, then in zip(_clock(), self._start, strict=True))
        return max(0.0, round((busy - ours) / wall, 2)) if wall > 0 else 0.0


def end_within(seconds: int) -> None:
    """End this process after so long, or when asked to, with its servers and browsers."""
    for signum in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(signum, _unwind)
    signal.alarm(seconds)


def _unwind(signum: int, _frame: FrameType | None) -> None:
    sys.exit(f"ended by {signal.Signals(signum).name}")


def await_quiet(pid: int, *, below: float = 0.1, at_most: float = 15) -> None:
    """Return when process `pid` and its descendants use less than `below` cores for a second.

    After `at_most` seconds return anyway: what follows is then measured on a busy machine.
    """
    until = time.monotonic() + at_most
    while time.monotonic() < until:
        before = _used(psutil.Process(pid))
        time.sleep(1)
        if _used(psutil.Process(pid)) - before < below:
            return
