"""Scores as tables, and the photographs that came out worst as pictures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.eval.data import METRICS, Case

Scores = dict[str, dict[str, float]]

VARIANTS = ("rembg", "plain", "refined")
WORST = 5
SIDE = 480


def mean(scores: Scores, names: Iterable[str], metric: str) -> float:
    """Over the photographs that have the metric; NaN where none has."""
    values = [scores[name][metric] for name in names if name in scores]
    known = [value for value in values if not math.isnan(value)]
    return float(np.mean(known)) if known else math.nan


def markdown(scores: dict[str, dict[str, Scores]], names: Sequence[str], kept: list[str]) -> str:
    """Means over all photographs and over those kept apart, then every photograph."""
    groups = {"all": list(names), "kept apart": kept}
    groups["looked at"] = [name for name in names if name not in kept]
    lines = ["# Mattes against ground truth", ""]
    for model, variants in scores.items():
        lines += [f"## {model}", "", *_summary(variants, groups), "", *_images(variants, names), ""]
    return "\n".join(lines)


def _summary(variants: dict[str, Scores], groups: dict[str, list[str]]) -> Iterator[str]:
    yield from _head("photographs", "matte", *METRICS)
    for group, names in groups.items():
        present = [name for name in VARIANTS if name in variants]
        for variant in present:
            cells = (f"{mean(variants[variant], names, metric):.4f}" for metric in METRICS)
            yield _row(f"{group} ({len(names)})", variant, *cells)
        for other in present:
            if other != "refined" and "refined" in variants:
                cells = (_ratio(variants, other, names, metric) for metric in METRICS)
                yield _row("", f"refined / {other}", *cells)


def _ratio(variants: dict[str, Scores], other: str, names: list[str], metric: str) -> str:
    before, after = (mean(variants[one], names, metric) for one in (other, "refined"))
    return f"x{after / before:.3f}" if before else "-"


def _images(variants: dict[str, Scores], names: Sequence[str]) -> Iterator[str]:
    present = [name for name in VARIANTS if name in variants]
    yield from _head("photograph", *(f"{metric} {one}" for metric in METRICS for one in present))
    for name in names:
        cells = (
            _number(variants[one][name][metric]) if name in variants[one] else "-"
            for metric in METRICS
            for one in present
        )
        yield _row(name, *cells)


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4f}"


def _head(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield _row(*("---" for _ in cells))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def pictures(out: Path, model: str, scores: Scores, cases: Sequence[Case]) -> None:
    """Photo, truth, matte as the model gave it and refined, side by side, for the worst by MAE."""
    known = [case for case in cases if case.name in scores]
    worst = sorted(known, key=lambda case: -scores[case.name]["MAE"])[:WORST]
    for place, case in enumerate(worst, 1):
        mattes: list[Any] = [
            out / "mattes" / model / one / f"{case.name}.png" for one in VARIANTS[1:]
        ]
        panels = [
            case.image(),
            *(Image.open(path).convert("RGB") for path in (case.truth, *mattes)),
        ]
        for panel in panels:
            panel.thumbnail((SIDE, SIDE))
        width, height = panels[0].size
        sheet = Image.new("RGB", (width * len(panels), height))
        for index, panel in enumerate(panels):
            sheet.paste(panel, (width * index, 0))
        folder = out / "worst" / model
        folder.mkdir(parents=True, exist_ok=True)
        sheet.save(folder / f"{place}-{case.name}.png")
