"""ONNX Runtime on this machine, whose result is the truth that devices are held to.

The only module that imports it, so that every session is one of these: products of 8-bit whole
numbers are the same here on every processor. By default they are not: without VNNI instructions,
ONNX Runtime's kernels for unsigned by signed bytes add pairs in 16 bits, which saturate. What a
graph computes in floating point beside them still differs in its last bit, and then rounds to
another whole number here and there (`optimize.py` says how far that goes). Needs onnx and
onnxruntime.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

# It would tell its makers that it was imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnx
import onnxruntime as ort
from onnx import TensorProto

Session: TypeAlias = ort.InferenceSession

REFUSALS: tuple[type[Exception], ...] = tuple(
    kind
    for kind in vars(ort.capi.onnxruntime_pybind11_state).values()
    if isinstance(kind, type) and issubclass(kind, Exception)
)
"""What ONNX Runtime raises; it has no common ancestor of its own."""

_PROVIDERS = ("CPUExecutionProvider",)
_EXACT = {
    # Between conversions, compute in floating point what a graph says in floating point.
    "session.disable_quant_qdq": "1",
    # Compute what it says in whole numbers with kernels that do not saturate.
    "session.x64quantprecision": "1",
}
# What 1.32 says where a constant that it makes ready for these kernels is read by two nodes.
_SHARED = "Attempt to replace the existing tensor"
_WORTH_A_FILE = 1 << 14
_WEIGHTS_BESIDE = "session.model_external_initializers_file_folder_path"


def session(
    graph: bytes | Path, dimensions: Mapping[str, int] | None = None, *, optimise: bool = True
) -> Session:
    """A session that computes `graph` exactly; `dimensions` are the values of what it leaves open.

    `optimise`: False has every node run as it is, and operators of whole numbers saturate. Raises
    REFUSALS for what it does not run.
    """
    options = ort.SessionOptions()
    for key, value in _EXACT.items():
        options.add_session_config_entry(key, value)
    for name, size in (dimensions or {}).items():
        options.add_free_dimension_override_by_name(name, size)
    if not optimise:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    # By its path, a graph finds the external data beside it.
    given = str(graph) if isinstance(graph, Path) else graph
    try:
        return ort.InferenceSession(given, options, providers=_PROVIDERS)
    except REFUSALS as error:
        if _SHARED not in str(error):
            raise
    if isinstance(graph, Path):
        options.add_session_config_entry(_WEIGHTS_BESIDE, str(graph.parent))
    return ort.InferenceSession(_each_its_own(graph), options, providers=_PROVIDERS)


def _each_its_own(graph: bytes | Path) -> bytes:
    """`graph`, in which no two nodes read the same constant of signed bytes."""
    path = isinstance(graph, Path)
    model = onnx.load(graph, load_external_data=False) if path else onnx.load_from_string(graph)
    constants = {t.name: t for t in model.graph.initializer if t.data_type == TensorProto.INT8}
    read: set[str] = set()
    for number, node in enumerate(model.graph.node):
        for index, name in enumerate(node.input):
            if name in read:
                copy = model.graph.initializer.add()
                copy.CopyFrom(constants[name])
                copy.name = node.input[index] = f"{name}.{number}.{index}"
            elif name in constants:
                read.add(name)
    return bytes(model.SerializeToString())


def write_folded(graph: bytes, path: Path, beside: Path | None = None) -> None:
    """Write what the basic level makes of `graph`: constants folded, dead nodes gone. `beside`:
    where its external data is; what is written has large weights in a file beside `path`."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(path)
    if beside is not None:
        # Weights are mapped from their files, and copied from one to the other piece by piece.
        more = {
            _WEIGHTS_BESIDE: str(beside),
            "session.optimized_model_external_initializers_file_name": f"{path.name}.data",
            "session.optimized_model_external_initializers_min_size_in_bytes": str(_WORTH_A_FILE),
            "session.disable_prepacking": "1",
        }
        for key, value in more.items():
            options.add_session_config_entry(key, value)
    ort.InferenceSession(graph, options, providers=_PROVIDERS)
