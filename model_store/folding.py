"""Folds what the fixed shape of an input decides, by ONNX Runtime's basic optimisations, which only
rewrite standard operators: constants folded, dead nodes gone."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import onnx
from onnx import GraphProto, ModelProto, TensorProto, ValueInfoProto, helper, numpy_helper

from model_store import native
from model_store.constants import array_of, locate
from model_store.shapes import SMALL


def fold(model: ModelProto) -> ModelProto:
    """`model`, whose weights are in it, folded."""
    with tempfile.TemporaryDirectory() as folder:
        folded = Path(folder) / "folded.onnx"
        native.write_folded(model.SerializeToString(), folded)
        return onnx.load(folded)


def fold_beside(model: ModelProto, beside: Path, scratch: Path) -> ModelProto:
    """`model`, whose weights are files of the folder `beside`, folded. The weights then lie in the
    folder `scratch`, and are in memory neither before nor afterwards."""
    folded = scratch / "folded.onnx"
    native.write_folded(model.SerializeToString(), folded, beside)
    made = onnx.load(folded, load_external_data=False)
    locate(made.graph, scratch)
    return made


def fold_shapes(model: ModelProto, beside: Path) -> ModelProto:
    """`model`, in place, folded as far as the numbers of its large weights do not matter, which are
    not looked at. Raises OSError where a small one lies in a file that is not in `beside`."""
    locate(model.graph, beside)
    large = _ask_for_large(model.graph)
    folded = fold(model)
    given = [value for value in folded.graph.input if value.name not in large]
    del folded.graph.input[:]
    folded.graph.input.extend(given)
    folded.graph.initializer.extend(large.values())
    return folded


def check(model: ModelProto) -> None:
    """Raise onnx.checker.ValidationError, or InferenceError, where `model` is not valid. Of its
    large weights, which checking would copy several times over, only type and shape are seen."""
    light = ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    whole, graph = model.graph, light.graph
    graph.name = whole.name
    graph.node.extend(whole.node)
    for field in ("input", "output", "value_info"):
        getattr(graph, field).extend(getattr(whole, field))
    for tensor in whole.initializer:
        if _is_large(tensor):
            graph.input.append(_asked(tensor))
        else:
            graph.initializer.append(tensor)
    onnx.checker.check_model(light, full_check=True)


def _is_large(tensor: TensorProto) -> bool:
    return bool(math.prod(tensor.dims) > SMALL)


def _asked(tensor: TensorProto) -> ValueInfoProto:
    """An input, of which nobody knows the numbers, in the place of a weight."""
    return helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)


def _ask_for_large(graph: GraphProto) -> dict[str, TensorProto]:
    """Make the large weights inputs, and have the small ones in the graph; the former by name."""
    large = {tensor.name: tensor for tensor in graph.initializer if _is_large(tensor)}
    small = [
        numpy_helper.from_array(array_of(tensor), tensor.name)
        for tensor in graph.initializer
        if tensor.name not in large
    ]
    del graph.initializer[:]
    graph.initializer.extend(small)
    graph.input.extend(map(_asked, large.values()))
    return large
