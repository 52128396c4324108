"""Convolutions that ONNX Runtime Web computes wrongly on a GPU, and rightly once rewritten."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import ModelProto, helper

from model_store import native
from model_store.rewrite import rewrite
from tests.browser.test_gpu_demands import HERE, serving
from tests.harness import browsers
from tests.model_store.test_threes import RIGHT, WRONG, convolution

SCRIPT = (HERE / "gpu_run.js").read_text()


def side_by_side(models: list[ModelProto]) -> ModelProto:
    """One graph of them all, whose values are called by their number."""
    whole = ModelProto()
    whole.CopyFrom(models[0])
    for part in (whole.graph.node, whole.graph.input, whole.graph.output, whole.graph.initializer):
        del part[:]
    for number, model in enumerate(models):
        added = onnx.compose.add_prefix(model, f"{number}.").graph
        whole.graph.node.extend(added.node)
        whole.graph.input.extend(added.input)
        whole.graph.output.extend(added.output)
        whole.graph.initializer.extend(added.initializer)
    return helper.make_model(
        whole.graph, opset_imports=whole.opset_import, ir_version=whole.ir_version
    )


@pytest.mark.usefixtures("_chromium_is_here")
def test_those_that_are_wrong_are_so_no_longer_once_rewritten(tmp_path: Path) -> None:
    models = [convolution(*shape) for shape in (*WRONG, *RIGHT)]
    rng = np.random.default_rng(5)
    inputs = {
        f"{number}.in": rng.normal(size=(1, shape[0], 16, 16)).astype(np.float32)
        for number, shape in enumerate((*WRONG, *RIGHT))
    }
    given = {
        name: {"shape": value.shape, "values": base64.b64encode(value.tobytes()).decode()}
        for name, value in inputs.items()
    }
    plain = side_by_side(models)
    names = [output.name for output in plain.graph.output]
    true = native.session(plain.SerializeToString()).run(names, inputs)
    rewritten = rewrite(side_by_side(models), restore=False)
    apart = {}
    graph = tmp_path / "graph.onnx"
    for title, model in {"published": plain, "rewritten": rewritten}.items():
        onnx.save(model, graph)
        with serving(graph) as site, browsers.chromium(browsers.SOFTWARE_GPU) as driver:
            driver.get(f"{site}nothing")
            made = driver.execute_async_script(SCRIPT, given)
        assert isinstance(made, dict), made
        found = [np.frombuffer(base64.b64decode(made[name]), np.float32) for name in names]
        apart[title] = [
            float(np.abs(one - other.reshape(-1)).max() / np.abs(other).max())
            for one, other in zip(found, true, strict=True)
        ]
    assert max(apart["rewritten"]) < 1e-5
    # Where these are right one day, model_store/threes.py has done its work.
    assert min(apart["published"][: len(WRONG)]) > 0.1
    assert max(apart["published"][len(WRONG) :]) < 1e-5
