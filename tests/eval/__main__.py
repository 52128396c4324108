"""The evaluation set through the real pipeline in a browser, scored against ground truth.

    python -m tests.eval FOLDER [--models u2netp,isnet,isnet-duo] [--only TEXT] [--out build/eval]

Each photograph with the matte refined, without, and as rembg has it of the same model (for a
composite, of its first part). Writes scores.json, report.md and pictures of the worst five.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model_store import catalog
from model_store.catalog import STORE
from server import create_app
from tests.eval import data, report
from tests.eval.data import Case, EvaluationSet
from tests.eval.rembg import RULES, Rembg
from tests.harness import browsers
from tests.harness.driving import call, cut_out
from tests.harness.site import serving

MODELS = ("u2netp", "isnet", "isnet-duo")
PUBLISHED = {"isnet-duo": "isnet"}

Mattes = Iterator[tuple[str, Case, str, NDArray[np.uint8]]]


def main() -> int:
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    evaluation = data.load(options.folder, options.only)
    scores: dict[str, Any] = {}
    for mattes in (_native, _browser):
        for model, case, variant, matte in mattes(options.models, evaluation.cases):
            values = evaluation.score(case, matte)
            scores.setdefault(model, {}).setdefault(variant, {})[case.name] = values
            _keep(options.out / "mattes" / model / variant / f"{case.name}.png", matte)
            print(model, variant, case.name, *(f"{k} {v:.4f}" for k, v in values.items()))
    _write(options.out, evaluation, scores)
    return 0


def _native(models: list[str], cases: tuple[Case, ...]) -> Mattes:
    installed = {entry.id: entry for entry in catalog.load(STORE).models}
    for name in dict.fromkeys(PUBLISHED.get(model, model) for model in models):
        if name not in RULES or name not in installed:
            continue
        session = Rembg(name, installed[name].files[0].path)
        for case in cases:
            matte = session.matte(case.image())
            for model in models:
                if PUBLISHED.get(model, model) == name:
                    yield model, case, "rembg", matte


def _browser(models: list[str], cases: tuple[Case, ...]) -> Mattes:
    with serving(create_app()) as site, browsers.chromium() as driver:
        driver.command_executor.client_config.timeout = 900  # type: ignore[union-attr]
        driver.set_script_timeout(900)
        driver.get(site.url())
        offered = {model["id"] for model in call(driver, "catalog")["models"]}
        for model in models:
            if model not in offered:
                print(f"{model} is not installed")
                continue
            for case in cases:
                for variant, refine in (("plain", False), ("refined", True)):
                    result = cut_out(driver, case.photo, model=model, output={"refine": refine})
                    yield model, case, variant, result.grey()


def _keep(path: Path, matte: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(matte).save(path)


def _write(out: Path, evaluation: EvaluationSet, scores: dict[str, Any]) -> None:
    kept = [case.name for case in evaluation.cases if case.kept_apart]
    (out / "scores.json").write_text(json.dumps({"kept_apart": kept, "scores": scores}, indent=1))
    text = report.markdown(scores, [case.name for case in evaluation.cases], kept)
    (out / "report.md").write_text(text + "\n")
    for model, variants in scores.items():
        if "refined" in variants:
            report.pictures(out, model, variants["refined"], evaluation.cases)
    print(text)
    print(f"{out / 'report.md'}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("folder", type=Path, help="photos/, gt/, manifest.json, score.py")
    parser.add_argument("--models", type=lambda text: text.split(","), default=list(MODELS))
    parser.add_argument("--only", default="", help="photos with this in their name")
    parser.add_argument("--out", type=Path, default=Path("build/eval"))
    return parser.parse_args()


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
