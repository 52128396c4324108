"""A native run is the truth, so it is exact: without VNNI too, where ONNX Runtime by itself is not.

`make test-avx2` runs these on a processor without it.
"""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import onnx
import pytest

from model_store import native
from tests.model_store import whole_numbers


def drawn(session: native.Session) -> np.ndarray:
    (out,) = session.run(None, {"in": whole_numbers.given()})
    return out


@pytest.fixture(params=["conversions", "operators"])
def graph(request) -> bytes:
    return whole_numbers.graph(request.param)


def test_sums_of_whole_numbers_are_the_exact_ones(graph):
    truth = whole_numbers.truth(graph)
    assert np.unique(truth).size > 20
    assert (drawn(native.session(graph)) == truth).all()


def test_they_are_with_the_weights_in_a_file_of_their_own(graph, tmp_path):
    path = tmp_path / "whole.onnx"
    model = onnx.load_model_from_string(graph)
    onnx.save(model, path, save_as_external_data=True, location="beside.bin", size_threshold=1000)
    assert (tmp_path / "beside.bin").stat().st_size >= 2 * 16 * 16 * 9
    assert (drawn(native.session(path)) == whole_numbers.truth(graph)).all()


def test_what_it_does_not_run_is_refused_as_onnx_runtime_does():
    with pytest.raises(native.REFUSALS):
        native.session(b"no graph")


def test_onnx_runtime_is_imported_without_its_telemetry():
    script = "from model_store import native; import os; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    bare = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=bare, capture_output=True, text=True, check=True
    )
    assert done.stdout == "1\n"
