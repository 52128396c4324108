"""The evaluation set: photographs with known mattes, in a folder outside the project.

The folder holds `photos/`, `gt/`, `manifest.json` and `score.py`; scoring is that file's, imported
from where it is.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

METRICS = ("MAE", "IoU", "maxF", "bMAE", "tMAE")


@dataclass(frozen=True)
class Case:
    """A photograph and its true matte."""

    name: str
    photo: Path
    truth: Path
    kind: str
    #: Nothing was chosen by looking at its scores.
    kept_apart: bool

    def image(self) -> Image.Image:
        with Image.open(self.photo) as image:
            return ImageOps.exif_transpose(image).convert("RGB")


@dataclass(frozen=True)
class EvaluationSet:
    """All photographs whose matte is real ground truth, and the scorer that came with them."""

    cases: tuple[Case, ...]
    scorer: ModuleType

    def score(self, case: Case, matte: NDArray[np.uint8]) -> dict[str, float]:
        """Of a matte at the photo's size, 8 bit."""
        truth, _ = self.scorer.load_matte(str(case.truth))
        values, _ = self.scorer.score_one(matte / 255.0, truth, case.kind)
        return {name: float(values[name]) for name in METRICS}


def load(folder: Path, only: str = "", scorer: Path | None = None) -> EvaluationSet:
    """Proxy mattes, which another network made, are left out: they measure likeness to it.

    `scorer`: where score.py is, if not in the folder.
    """
    manifest = json.loads((folder / "manifest.json").read_text())
    about: dict[str, dict[str, Any]] = {photo["name"]: photo for photo in manifest["photos"]}
    cases = []
    for truth in sorted((folder / "gt").glob("*.png")):
        name = truth.stem
        meta = about.get(name, {})
        if only not in name or meta.get("tier", "gt") != "gt":
            continue
        photo = next((folder / "photos").glob(f"{name}.*"))
        kind = str(meta.get("gt_type", "alpha"))
        cases.append(Case(name, photo, truth, kind, is_kept_apart(name)))
    return EvaluationSet(tuple(cases), _imported(scorer or folder / "score.py"))


def is_kept_apart(name: str) -> bool:
    """Half of the names, by a digest: what is tuned looks at the others only."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 == 1


def _imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
