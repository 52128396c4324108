"""How much nearer to the truth a matte is after a person has painted with the edge brush.

    python -m tests.eval.edge FOLDER [--model isnet-duo-light] [--only TEXT] [--out DIR]

Photographs whose matte was measured. The model runs natively; refining, the person (`painter.js`)
and the brush are the client's code under Node. Errors are means under the strokes. Status 1 when
the brush does less than is asked of it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model_store import catalog, native
from model_store.catalog import STORE
from model_store.entry import Model, Role
from tests.eval import data
from tests.eval.data import Case
from tests.fixtures.fusion import fused

LANCZOS = Image.Resampling.LANCZOS
PROGRAM = Path(__file__).with_suffix(".js")
# What is asked of the brush: ratios of the error after to that before, on average and at most.
MEAN, MOST = 0.75, 1.05

Matte = NDArray[np.float32]
Part = tuple[Model, native.Session]


def main() -> int:
    options = _options()
    cases = [case for case in data.load(options.folder, options.only).cases if case.kind == "alpha"]
    parts, threshold = _parts(options.model)
    options.out.mkdir(parents=True, exist_ok=True)
    about = [_prepare(case, parts, threshold, options.out) for case in cases]
    (options.out / "cases.json").write_text(json.dumps(about))
    ran = subprocess.run(
        ["node", str(PROGRAM), str(options.out)], check=True, capture_output=True, text=True
    )
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    ratios = [row["after"] / row["before"] for row in rows]
    print("\n".join(_table(rows, ratios)))
    return 0 if np.mean(ratios) <= MEAN and max(ratios) <= MOST else 1


def _table(rows: Sequence[dict[str, Any]], ratios: Sequence[float]) -> list[str]:
    lines = ["| photograph | strokes | painted | before | after | ratio |", "|" + "---|" * 6]
    for row, ratio in zip(rows, ratios, strict=True):
        cells = (
            row["name"],
            str(row["strokes"]),
            f"{row['painted']:.1%}",
            f"{row['before']:.4f}",
            f"{row['after']:.4f}",
            f"x{ratio:.3f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    before, after = (float(np.mean([row[key] for row in rows])) for key in ("before", "after"))
    means = f"{before:.4f} | {after:.4f} | x{np.mean(ratios):.3f}"
    return [*lines, f"| mean | | | {means} |", f"| of the means | | | | | x{after / before:.3f} |"]


def _parts(model: str) -> tuple[dict[Role, Part], float]:
    """The parts of a composite by their role, and from which difference on both are heard."""
    offered = {composite.id: composite for composite in catalog.load(STORE).composites}
    if model not in offered:
        sys.exit(f"{model} is not installed: flask --app wsgi models pull {model}")
    parts = {
        part.role: (part.model, native.session(part.model.files[0].path))
        for part in offered[model].parts
    }
    return parts, offered[model].fusion.threshold


def _prepare(case: Case, parts: dict[Role, Part], threshold: float, out: Path) -> dict[str, Any]:
    image = case.image()
    small = fused(_matte(image, *parts["detail"]), _matte(image, *parts["presence"]), threshold)
    opaque = np.full((image.height, image.width, 1), 255, np.uint8)
    with Image.open(case.truth) as truth:
        contents = {
            "small": small.astype("<f4"),
            "rgba": np.concatenate([np.asarray(image), opaque], axis=2),
            "truth": np.asarray(truth.convert("L")),
        }
    for suffix, content in contents.items():
        (out / f"{case.name}.{suffix}").write_bytes(content.tobytes())
    rows, columns = small.shape
    sizes = {"width": image.width, "height": image.height, "columns": columns, "rows": rows}
    return {"name": case.name, **sizes}


def _matte(image: Image.Image, model: Model, session: native.Session) -> Matte:
    rule = model.input
    size = rule.shape[2]
    levels = np.asarray(image.resize((size, size), LANCZOS), np.float32)
    levels = levels / (max(float(levels.max()), 1e-6) if rule.scale == "max" else rule.scale)
    tensor = (
        (levels - np.array(rule.mean, np.float32)) / np.array(rule.std, np.float32)
    ).transpose(2, 0, 1)[None]
    raw = session.run(None, {rule.name: tensor.astype(np.float32)})[0][0, 0]
    if model.output.normalise == "minmax":
        raw = (raw - raw.min()) / (raw.max() - raw.min())
    return np.asarray(raw.clip(0, 1), np.float32)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.eval.edge", description=__doc__)
    parser.add_argument("folder", type=Path, help="photos/, gt/, manifest.json, score.py")
    parser.add_argument("--model", default="isnet-duo-light", help="one of two parts")
    parser.add_argument("--only", default="", help="photos with this in their name")
    parser.add_argument("--out", type=Path, default=Path("build/eval-edge"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
