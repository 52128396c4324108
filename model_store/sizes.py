"""Frees a graph of the one size it was exported for, and fixes it to another. Needs onnx.

A graph with named dimensions is one file for all sizes; a session that is told their values folds
the same constants as one whose graph says them, and is as fast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper

from model_store.entry import DIMENSIONS, Model

# What the constants of these say holds for every size; Resize is seen to.
_SIZELESS = frozenset(
    {"Add", "Cast", "Concat", "Conv", "MaxPool", "Mul", "Relu", "Resize", "Sigmoid"}
)


def open_size(folded: ModelProto, model: Model) -> None:
    """Name height and width of input and output instead of fixing them, and have each Resize
    multiply what it is given instead of aiming at one size.

    Raises ValueError where that cannot be, and where another operator may hold the size in its
    constants.
    """
    graph = folded.graph
    if foreign := {node.op_type for node in graph.node} - _SIZELESS:
        raise ValueError(f"{', '.join(sorted(foreign))}: may hold for one size only")
    shapes = _shapes(folded)
    constants = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Resize":
            wanted = numpy_helper.to_array(constants[node.input[3]])
            factors = _factors(node.name, np.array(shapes[node.input[0]]), wanted)
            name = f"{node.output[0]}.factors"
            graph.initializer.append(numpy_helper.from_array(factors, name))
            node.input[:] = [node.input[0], "", name]
    # What was noted of values in between is of the old size.
    del graph.value_info[:]
    for side in (*model.sizes, *model.input.shape[2:3]):
        _set_size(graph, (side, side))
        if _shapes(folded)[graph.output[0].name] != [*model.output.shape[:2], side, side]:
            raise ValueError(f"the matte is not {side} x {side} when the input is")
    _set_size(graph, DIMENSIONS)


def _shapes(model: ModelProto) -> dict[str, list[int]]:
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
    return {
        info.name: [dim.dim_value for dim in info.type.tensor_type.shape.dim]
        for info in (*inferred.input, *inferred.value_info, *inferred.output)
    }


def _factors(name: str, given: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.float32]:
    if (wanted % given).any():
        raise ValueError(f"{name} makes {list(wanted)} of {list(given)}, which is no multiple")
    return (wanted // given).astype(np.float32)


def _set_size(graph: GraphProto, size: Sequence[str | int]) -> None:
    for value in (graph.input[0], graph.output[0]):
        shape = [dim.dim_value for dim in value.type.tensor_type.shape.dim[:2]]
        value.CopyFrom(
            helper.make_tensor_value_info(value.name, TensorProto.FLOAT, [*shape, *size])
        )


def close_size(graph: GraphProto, dimensions: Mapping[str, int]) -> None:
    """Give the named dimensions of inputs and outputs their values."""
    for value in (*graph.input, *graph.output):
        for dim in value.type.tensor_type.shape.dim:
            if dim.dim_param in dimensions:
                dim.dim_value = dimensions[dim.dim_param]
