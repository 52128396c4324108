"""*Look here* against the truth: the plain matte, and with the model's look at the subject's box.

    python -m tests.eval.look FOLDER [FOLDER ...] [--models u2netp] [--contexts 0.2] [--under 0.25]

The subject's box is the truth's. Models run natively, mattes are made by the client's own stages
under Node. Each photograph whose subject covers less than `--under` of it is scored four times: the
plain matte and the same with nothing outside of the box, with what was seen in the box, and with
nothing but that. Writes look.json and look.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.eval import data
from tests.eval.native_models import Matte, NativeModel

STAGES = Path(__file__).with_name("stages.js")
#: Part of the box's longer side that is seen around it (client/document/derive/look.js).
CONTEXT = 0.2
#: What can be seen (client/image/matte/levels.js).
VISIBLE = 1 / 16
METRICS = ("IoU", "bMAE")

Box = dict[str, int]
Scores = dict[str, dict[str, dict[str, float]]]


def main() -> int:
    options = _options()
    scores: dict[str, Scores] = {}
    areas: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, _stages() as make:
        for name in options.models:
            model = NativeModel(name)
            scores[name] = {}
            for folder_of, case, truth in _cases(options):
                key = f"{folder_of.name}/{case.name}"
                areas[key] = float(truth.mean())
                mattes = _mattes(model, case.image(), _box(truth), options, Path(folder), make)
                scores[name][key] = {
                    variant: _score(folder_of, matte, truth) for variant, matte in mattes.items()
                }
                print(name, key, _line(scores[name][key]), flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "look.json").write_text(json.dumps({"areas": areas, "scores": scores}, indent=1))
    text = "\n".join(_report(scores, areas))
    (options.out / "look.md").write_text(text + "\n")
    print(text)
    return 0


def _cases(options: argparse.Namespace) -> Iterator[tuple[Path, data.Case, Matte]]:
    for folder in options.folders:
        for case in _load(folder):
            with Image.open(case.truth) as image:
                truth = np.asarray(image.convert("L"), np.float32) / np.float32(255)
            if truth.mean() < options.under and (truth > VISIBLE).any():
                yield folder, case, truth


_SETS: dict[Path, data.EvaluationSet] = {}


def _load(folder: Path) -> Sequence[data.Case]:
    """A folder inside of another has that one's scorer."""
    if folder not in _SETS:
        scorer = next(one for one in (folder, folder.parent) if (one / "score.py").exists())
        _SETS[folder] = data.load(folder, scorer=scorer / "score.py")
    return _SETS[folder].cases


def _score(folder: Path, matte: NDArray[np.uint8], truth: Matte) -> dict[str, float]:
    """IoU of the halves, and the mean error within 5 pixels of the truth's edge."""
    seen, known = matte / 255.0, truth >= 0.5
    both, either = (known & (seen >= 0.5)).sum(), (known | (seen >= 0.5)).sum()
    band = _SETS[folder].scorer.edge_band(known)
    return {"IoU": float(both / either), "bMAE": float(np.abs(seen - truth)[band].mean())}


def _box(truth: Matte) -> Box:
    rows, columns = np.nonzero(truth > VISIBLE)
    x, y = int(columns.min()), int(rows.min())
    return {"x": x, "y": y, "width": int(columns.max()) - x + 1, "height": int(rows.max()) - y + 1}


def _seen(box: Box, size: tuple[int, int], context: float) -> Box:
    more = round(max(box["width"], box["height"]) * context)
    x, y = max(0, box["x"] - more), max(0, box["y"] - more)
    right = min(size[0], box["x"] + box["width"] + more)
    bottom = min(size[1], box["y"] + box["height"] + more)
    return {"x": x, "y": y, "width": right - x, "height": bottom - y}


def _mattes(
    model: NativeModel,
    image: Image.Image,
    box: Box,
    options: argparse.Namespace,
    folder: Path,
    make: Any,
) -> dict[str, NDArray[np.uint8]]:
    looks, names = [], []
    for context in options.contexts:
        seen = _seen(box, image.size, context)
        part = image.crop(
            (seen["x"], seen["y"], seen["x"] + seen["width"], seen["y"] + seen["height"])
        )
        small = _written(folder / f"{context}.small", model.matte(part))
        for only in (False, True):
            variant = f"{'only ' if only else ''}{context:g}"
            names.append(variant)
            look = {"box": box, "seen": seen, "isOnly": only, "small": small}
            looks.append({**look, "out": str(folder / f"{variant}.matte")})
    rgba = folder / "photo"
    rgba.write_bytes(image.convert("RGBA").tobytes())
    make(
        {
            "photo": {"path": str(rgba), "width": image.width, "height": image.height},
            "whole": _written(folder / "whole.small", model.matte(image)),
            "looks": looks,
            "out": str(folder / "plain.matte"),
        }
    )
    shape = (image.height, image.width)
    mattes = {
        name: np.fromfile(folder / f"{name}.matte", np.uint8).reshape(shape)
        for name in ("plain", *names)
    }
    rows = slice(box["y"], box["y"] + box["height"])
    columns = slice(box["x"], box["x"] + box["width"])
    alone = np.zeros_like(mattes["plain"])
    alone[rows, columns] = mattes["plain"][rows, columns]
    return {"plain": mattes.pop("plain"), "only plain": alone, **mattes}


def _written(path: Path, matte: Matte) -> dict[str, Any]:
    path.write_bytes(np.ascontiguousarray(matte, np.float32).tobytes())
    return {"path": str(path), "columns": matte.shape[1], "rows": matte.shape[0]}


@contextmanager
def _stages() -> Iterator[Any]:
    """A function that has the client's stages do a task, and returns when its files are there."""
    command = ["node", str(STAGES)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def make(task: dict[str, Any]) -> None:
            print(json.dumps(task), file=process.stdin, flush=True)
            if not process.stdout.readline():  # type: ignore[union-attr]
                raise RuntimeError("the client's stages failed")

        yield make
        process.stdin.close()


def _line(variants: dict[str, dict[str, float]]) -> str:
    return "  ".join(f"{name} {one['IoU']:.3f} {one['bMAE']:.3f}" for name, one in variants.items())


def _report(scores: dict[str, Scores], areas: dict[str, float]) -> Iterator[str]:
    for model, cases in scores.items():
        for title, names in _groups(cases, areas):
            yield from ("", f"## {model}, {title} ({len(names)})", "")
            yield "| matte | IoU | bMAE | better, worse by 0.01 | 95 % of the mean IoU gained |"
            yield "|---|---|---|---|---|"
            for variant in next(iter(cases.values())):
                base = "only plain" if variant.startswith("only") else "plain"
                rows = [cases[name] for name in names]
                iou, edge = (np.array([row[variant][metric] for row in rows]) for metric in METRICS)
                gain = iou - np.array([row[base]["IoU"] for row in rows])
                low, high = _interval(gain)
                counts = f"{(gain > 0.01).sum()}, {(gain < -0.01).sum()}"
                cells = (f"{iou.mean():.4f}", f"{np.nanmean(edge):.4f}", counts)
                yield f"| {variant} | {' | '.join(cells)} | {low:+.4f} .. {high:+.4f} |"


def _groups(cases: Scores, areas: dict[str, float]) -> Iterator[tuple[str, list[str]]]:
    yield "all", list(cases)
    small = [name for name in cases if areas[name] < 0.1]
    if small:
        yield "subject under a tenth of the frame", small
    missed = [name for name in cases if cases[name]["plain"]["IoU"] < 0.7]
    if missed:
        yield "plain IoU under 0.7", missed


def _interval(gains: NDArray[np.float64]) -> tuple[float, float]:
    """Bootstrap, 95 %."""
    chance = np.random.default_rng(0)
    means = chance.choice(gains, (2000, len(gains))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.eval.look", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="photos/, gt/, manifest.json")
    parser.add_argument("--models", type=lambda text: text.split(","), default=["u2netp"])
    parser.add_argument(
        "--contexts",
        type=lambda text: [float(one) for one in text.split(",")],
        default=[CONTEXT],
        help="parts of the box's longer side that are seen around it",
    )
    parser.add_argument("--under", type=float, default=0.25, help="part of the frame")
    parser.add_argument("--out", type=Path, default=Path("build/eval"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
