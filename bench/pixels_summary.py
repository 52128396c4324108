"""From the samples of bench.pixels to medians, aims and a table. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.summary import Aim, spread
from bench.table import aim_line, load_lines, spread_line

STAGES = ("decode", "pre", "run", "post", "compose", "encode")
MEGABYTE = 1e6
PEAKS = {"12 MP": 600, "50 MP": 1500}
BATCH_PHOTO = "12 MP"
"""Of the three sizes, what phones make."""


def summarise(samples: dict[str, Any]) -> dict[str, Any]:
    """Every group of samples that was taken, as medians; of memory the most that was seen."""
    result: dict[str, Any] = {}
    if "stages" in samples:
        result["stages"] = {
            size: {label: _cutouts(taken) for label, taken in types.items()}
            for size, types in samples["stages"].items()
        }
    if "alternatives" in samples:
        result["alternatives"] = {
            size: {name: _pairs(taken) for name, taken in pairs.items()}
            for size, pairs in samples["alternatives"].items()
        }
    if "batch" in samples:
        result["batch"] = _batch(samples["batch"])
    return result


def _cutouts(samples: list[dict[str, Any]]) -> dict[str, Any]:
    # The first has compilers to wait for; where there is no other, it is better than nothing.
    warm = samples[1:] or samples
    stages = {name: spread(s["stages"].get(name, 0) for s in warm) for name in STAGES}
    work = (sum(s["stages"].get(name, 0) for name in STAGES if name != "run") for s in warm)
    return {
        "stages_ms": stages,
        "all_but_model_ms": spread(work),
        "cutout_ms": spread(s["ms"] for s in warm),
        "page_task_ms": max(s["page"]["task"] for s in samples),
        "page_gap_ms": max(s["page"]["gap"] for s in samples),
        "over_session_mb": max(s["over_session"] for s in samples) / MEGABYTE,
        "file_bytes": samples[-1]["bytes"],
    }


def _pairs(samples: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "ours_ms": spread(pair["ours"]["ms"] for pair in samples),
        "canvas_ms": spread(pair["canvas"]["ms"] for pair in samples),
        "ratio": spread(pair["ours"]["ms"] / pair["canvas"]["ms"] for pair in samples),
        "bytes": {by: pair.get("bytes") for by, pair in samples[-1].items()},
    }


def _batch(batch: dict[str, Any]) -> dict[str, Any]:
    held = {name: value / MEGABYTE for name, value in batch["resident"].items()}
    summary = {
        "photos": len(batch["times_ms"]),
        "ms": spread(batch["times_ms"]),
        "resident_mb": held,
        "resident_ratio": held["end"] / held["begin"],
    }
    if batch["begin"] and batch["end"]:
        begin, end = (batch[name]["bytes"] / MEGABYTE for name in ("begin", "end"))
        summary |= {"begin_mb": begin, "end_mb": end, "ratio": end / begin}
    return summary


def aims(summary: dict[str, Any]) -> list[Aim]:
    """What the project promises itself, as far as it was measured. PNG is the default."""
    found = []
    stages = summary.get("stages", {})
    if "12 MP" in stages:
        work = stages["12 MP"]["PNG"]["all_but_model_ms"]["median"]
        found.append(Aim("all but the model, 12 MP PNG", work, 900, "ms"))
    found.extend(
        Aim(f"peak over session, {size}", stages[size]["PNG"]["over_session_mb"], limit, "MB")
        for size, limit in PEAKS.items()
        if size in stages
    )
    if stages:
        every = [cutouts for types in stages.values() for cutouts in types.values()]
        worst = max(cutouts["page_task_ms"] for cutouts in every)
        found.append(Aim("longest page task", worst, 50, "ms"))
    batch = summary.get("batch", {})
    if "ratio" in batch:
        found.append(Aim("memory after / before a batch", batch["ratio"], 1.05, ""))
    return found


def lines(result: dict[str, Any], found: list[Aim]) -> Iterator[str]:
    """A short table: the aims first, then what lies behind them."""
    yield f"{result['machine']['cpu']}, {result['machine']['cores']} cores"
    yield ""
    yield from (aim_line(aim) for aim in found)
    summary = result["summary"]
    for size, types in summary.get("stages", {}).items():
        for label, cutouts in types.items():
            yield from _cutout_lines(f"{size}, {label}", cutouts)
    for size, pairs in summary.get("alternatives", {}).items():
        yield ""
        yield f"{size}, against a canvas           median  (min .. max)"
        for name, pair in pairs.items():
            for by in ("ours", "canvas"):
                size_of_file = pair["bytes"][by] or ""
                yield f"  {name:<16} {by:<9} ms {spread_line(pair[f'{by}_ms'])} {size_of_file}"
            yield f"  {name:<16} ratio        {spread_line(pair['ratio'], 2)}"
    if "batch" in summary:
        yield from _batch_lines(summary["batch"])
    yield from load_lines(result)


def _cutout_lines(title: str, cutouts: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"{title}: {cutouts['file_bytes']} bytes"
    for name, values in cutouts["stages_ms"].items():
        yield f"  {name:<26} ms {spread_line(values)}"
    yield f"  {'all but the model':<26} ms {spread_line(cutouts['all_but_model_ms'])}"
    yield f"  {'peak over session':<26} MB {cutouts['over_session_mb']:>8.0f}"
    task, gap = cutouts["page_task_ms"], cutouts["page_gap_ms"]
    yield f"  {'page: longest task, gap':<26} ms {task:>8.0f}, {gap:.0f}"


def _batch_lines(batch: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"batch of {batch['photos']}; each          ms {spread_line(batch['ms'])}"
    if "ratio" in batch:
        yield f"  JS + wasm MB, begin, end   {batch['begin_mb']:>8.1f} {batch['end_mb']:>8.1f}"
    begin, peak, end = (batch["resident_mb"][name] for name in ("begin", "peak", "end"))
    yield f"  resident MB, begin, peak, end {begin:.0f} {peak:.0f} {end:.0f}"
