"""What the constants of a graph hold, in it or in a file beside it. Needs numpy and onnx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, TensorProto, helper, numpy_helper
from onnx.external_data_helper import ExternalDataInfo, uses_external_data


def array_of(tensor: TensorProto) -> NDArray[Any]:
    """The numbers of a constant. Those of a file (`locate`) are read where they are used, so a
    graph's weights need not fit into memory, nor into the 2 GiB of a protobuf."""
    if not uses_external_data(tensor):
        return np.asarray(numpy_helper.to_array(tensor))
    told = ExternalDataInfo(tensor)
    kind = helper.tensor_dtype_to_np_dtype(tensor.data_type)
    shape = tuple(tensor.dims)
    return np.asarray(np.memmap(told.location, kind, "r", int(told.offset or 0), shape))


def locate(graph: GraphProto, folder: Path) -> None:
    """Have each constant that lies in a file of `folder` say where that is."""
    for tensor in graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = str(folder / entry.value)


def has_data_beside(graph: GraphProto) -> bool:
    """Whether any of its constants lies in a file."""
    return any(uses_external_data(tensor) for tensor in graph.initializer)
