"""The summary as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.summary import LONG_TASK, Aim


def lines(result: dict[str, Any], found: list[Aim]) -> Iterator[str]:
    """A short table: the aims first, then what lies behind them."""
    summary, samples = result["summary"], result["samples"]
    yield f"Mattebox {result['product']['version']}, {result['browser']}"
    yield f"{result['machine']['cpu']}, {result['machine']['cores']} cores"
    yield ""
    yield from (aim_line(aim) for aim in found)
    yield from _pairs(summary, samples)
    yield from _visits(summary)
    yield from _traffic(samples)
    yield from load_lines(result)


def aim_line(aim: Aim) -> str:
    """What was aimed at, and whether it was met."""
    # 0 says that the browser reported nothing, and it reports what is longer than 50 ms.
    value = "none > 50" if aim.unit == "ms" and aim.value == 0 else f"{aim.value:.2f}"
    verdict = "met" if aim.met else "MISSED"
    return f"{aim.name:<30} {value:>10} {aim.unit:<3} aim <= {aim.limit:g} {aim.unit:<3} {verdict}"


def spread_line(values: dict[str, float], digits: int = 0) -> str:
    """Median, and what it lies between."""
    median, least, most = (f"{values[key]:.{digits}f}" for key in ("median", "min", "max"))
    return f"{median:>8}  ({least} .. {most}, n={values['n']})"


def _pairs(summary: dict[str, Any], samples: dict[str, Any]) -> Iterator[str]:
    for label, taken in summary["pairs"].items():
        threads = samples["pairs"][label][0]["threads"]["got"]
        yield ""
        yield f"{label}, session up, {threads} threads        median  (min .. max)"
        yield f"  end-to-end / bare run        {spread_line(taken['ratio'], 2)}"
        yield f"  end-to-end ms                {spread_line(taken['cutout_ms'])}"
        yield f"  bare run ms                  {spread_line(taken['bare_ms'])}"
        for stage, values in taken["stages_ms"].items():
            yield f"    {stage:<10} ms              {spread_line(values)}"
        yield f"  end-to-end ms, very first    {samples['warm_up'][label]['cutout_ms']:>8.0f}"


def _visits(summary: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "page thread, 0: no task of 50 ms or more; opening: before the photo was chosen"
    names = {"first_visits": "first visit", "warm_visits": "stored"}
    for group, name in names.items():
        for label, taken in summary[group].items():
            yield f"{name}, {label}"
            yield f"  longest task, opening ms     {spread_line(taken['opening_task_ms'])}"
            yield f"  longest task, working ms     {spread_line(taken['working_task_ms'])}"
            yield f"  heartbeat late, opening ms   {spread_line(taken['opening_gap_ms'])}"
            yield f"  heartbeat late, working ms   {spread_line(taken['working_gap_ms'])}"
            yield f"  opened to cutout shown ms    {spread_line(taken['shown_ms'])}"
    if "reload" in summary:
        reload = summary["reload"]
        yield "reload, everything stored"
        yield f"  navigation to ready ms       {spread_line(reload['ready_ms'])}"
        yield f"    session created ms         {spread_line(reload['create_ms'])}"
        yield f"    canary checked ms          {spread_line(reload['canary_ms'])}"
        yield f"  requests                     {spread_line(reload['requests'])}"
        yield f"  bytes                        {spread_line(reload['bytes'])}"


def _traffic(samples: dict[str, Any]) -> Iterator[str]:
    first = next((visit for taken in samples["first_visits"].values() for visit in taken), None)
    if first is None:
        return
    traffic = first["traffic"]
    yield ""
    yield f"sent until the first cutout: {traffic['bytes']} bytes in {traffic['requests']} requests"
    for kind, part in sorted(traffic["kinds"].items()):
        yield f"  {kind:<10} {part['bytes']:>10} bytes  {part['requests']:>3} requests"
    yield f"  of which headers, estimated: {traffic['head_bytes']} bytes"


def load_lines(result: dict[str, Any]) -> Iterator[str]:
    """How much of the machine others used meanwhile."""
    busy = result["neighbours_cores"]
    before = result["machine"]["load_1min_before"]
    yield ""
    yield f"load before: {before}; cores busy with other programs meanwhile: {busy}"
    if busy > 0.1:
        yield "The machine was not quiet: expect these numbers to be too high."


def culprits(samples: dict[str, Any]) -> Iterator[str]:
    """Frames with a long task of the page's own, and what the browser says was running in them."""
    for group in ("first_visits", "warm_visits"):
        for label, taken in samples[group].items():
            for visit in taken:
                for frame in visit["frames"]:
                    # What has no file is the benchmark's.
                    scripts = [script for script in frame["scripts"] if script["file"]]
                    if max([frame["renderMs"], *(s["ms"] for s in scripts)]) >= LONG_TASK:
                        ran = [
                            f"{s['ms']:.0f} ms {s['file']} {s['at']} ({s['by']})" for s in scripts
                        ]
                        parts = [f"rendering {frame['renderMs']:.0f} ms", *ran]
                        yield f"  {group} {label}: frame at {frame['at']:.0f}: {', '.join(parts)}"
