"""From samples to medians, and from medians to the aims. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

LONG_TASK = 50
"""Milliseconds; browsers report no shorter task."""

STAGES = ("decode", "pre", "run", "post", "compose", "encode")


@dataclass(frozen=True)
class Aim:
    """A number that has to stay below another one."""

    name: str
    value: float
    limit: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether the number is at most its limit."""
        return self.value <= self.limit


def spread(values: Iterable[float]) -> dict[str, float]:
    """Median, minimum and maximum."""
    known = sorted(values)
    return {"median": median(known), "min": known[0], "max": known[-1], "n": len(known)}


def pairs(samples: list[dict[str, Any]]) -> dict[str, Any]:
    """Of one photo's pairs: the ratios, both times, and the stages with what is left over."""
    stages = {name: spread(s["stages"][name] for s in samples) for name in STAGES}
    # Reading the file, messages between the realms, scheduling.
    rest = [s["cutout_ms"] - sum(s["stages"][name] for name in STAGES) for s in samples]
    return {
        "ratio": spread(s["cutout_ms"] / s["bare_ms"] for s in samples),
        "cutout_ms": spread(s["cutout_ms"] for s in samples),
        "bare_ms": spread(s["bare_ms"] for s in samples),
        "stages_ms": stages | {"rest": spread(rest)},
    }


def visits(samples: list[dict[str, Any]]) -> dict[str, Any]:
    """Of several visits in which one photo was chosen: what blocked the page, how long it took."""
    return {
        "opening_task_ms": spread(max(tasks(s, before=True), default=0) for s in samples),
        "working_task_ms": spread(max(tasks(s, before=False), default=0) for s in samples),
        "opening_gap_ms": spread(max(gaps(s, before=True), default=0) for s in samples),
        "working_gap_ms": spread(max(gaps(s, before=False), default=0) for s in samples),
        "shown_ms": spread(s["shown_ms"] for s in samples),
    }


def tasks(visit: dict[str, Any], *, before: bool) -> list[float]:
    """Durations in ms of the page's tasks of 50 ms and more, before or after the photo was chosen.

    Scripts are in `long_tasks`, rendering is in `frames`; a task may be in both.
    """
    scripts = [(entry["at"], entry["ms"]) for entry in visit["long_tasks"]]
    renderings = [(entry["renderAt"], entry["renderMs"]) for entry in visit["frames"]]
    long = [(at, ms) for at, ms in scripts + renderings if ms >= LONG_TASK]
    return [ms for at, ms in long if (at < visit["chosen_ms"]) == before]


def gaps(visit: dict[str, Any], *, before: bool) -> list[float]:
    """How late the page's heartbeat was in ms, before or after the photo was chosen."""
    return [gap["ms"] for gap in visit["gaps"] if (gap["at"] < visit["chosen_ms"]) == before]


def summarise(samples: dict[str, Any]) -> dict[str, Any]:
    """Every group of samples that was taken, as medians."""
    result: dict[str, Any] = {}
    result["pairs"] = {label: pairs(taken) for label, taken in samples["pairs"].items() if taken}
    for group in ("first_visits", "warm_visits"):
        result[group] = {label: visits(taken) for label, taken in samples[group].items() if taken}
    first = [visit for taken in samples["first_visits"].values() for visit in taken]
    if first:
        result["first_cutout_bytes"] = spread(visit["traffic"]["bytes"] for visit in first)
    if samples["reloads"]:
        result["reload"] = {
            "ready_ms": spread(s["ready_ms"] for s in samples["reloads"]),
            "create_ms": spread(s["stages"]["create"] for s in samples["reloads"]),
            "canary_ms": spread(s["stages"]["canary"] for s in samples["reloads"]),
            "requests": spread(s["traffic"]["requests"] for s in samples["reloads"]),
            "bytes": spread(s["traffic"]["bytes"] for s in samples["reloads"]),
        }
    return result


def aims(summary: dict[str, Any]) -> list[Aim]:
    """What the project promises itself, as far as it was measured.

    The page's thread is judged by its longest task in any visit: a median would hide a freeze.
    """
    found = []
    if "1 MP" in summary["pairs"]:
        ratio = summary["pairs"]["1 MP"]["ratio"]["median"]
        found.append(Aim("end-to-end / bare run, 1 MP", ratio, 1.35, ""))
    groups = [group for name in ("first_visits", "warm_visits") for group in summary[name].values()]
    if groups:
        names = ("opening_task_ms", "working_task_ms")
        worst = max(group[name]["max"] for group in groups for name in names)
        found.append(Aim("longest page task", worst, 50, "ms"))
    if "first_cutout_bytes" in summary:
        megabytes = summary["first_cutout_bytes"]["median"] / 1e6
        found.append(Aim("bytes to the first cutout", megabytes, 6.5, "MB"))
    return found
