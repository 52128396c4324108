"""Graphs of a few hundred bytes that draw mattes of 32 x 48."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def matting(
    *, logits: bool = False, side_output: bool = False, open_size: bool = False, channels: int = 8
) -> onnx.ModelProto:
    """1x3x32x48 "in" to 1x1x32x48 "out": a convolution to `channels` and back, then a sigmoid."""
    rng = np.random.default_rng(3)
    constants = {
        "wide": rng.normal(0, 0.5, (channels, 3, 3, 3)).astype(np.float32),
        "narrow": rng.normal(0, 0.5, (1, channels, 3, 3)).astype(np.float32),
    }
    node = helper.make_node
    nodes = [
        node("Conv", ["in", "wide"], ["a"], pads=[1, 1, 1, 1]),
        node("Relu", ["a"], ["b"]),
        node("Conv", ["b", "narrow"], ["c"], pads=[1, 1, 1, 1]),
        node("Identity" if logits else "Sigmoid", ["c"], ["out"]),
        node("Exp", ["b"], ["side"]),
    ]
    size = ["h", "w"] if open_size else [32, 48]
    value = helper.make_tensor_value_info
    outputs = [value("out", TensorProto.FLOAT, [1, 1, *size])]
    if side_output:
        outputs.append(value("side", TensorProto.FLOAT, [1, channels, *size]))
    graph = helper.make_graph(
        nodes if side_output else nodes[:-1],
        "toy",
        [value("in", TensorProto.FLOAT, [1, 3, *size])],
        outputs,
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def save_apart(model: onnx.ModelProto, path: Path, data: str) -> None:
    """Write the graph to `path` and its weights beside it, to `data`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save_model(model, path, save_as_external_data=True, location=data, size_threshold=0)


def save_far_apart(model: onnx.ModelProto, path: Path, data: str, apart: int) -> None:
    """As `save_apart`, with `apart` bytes before each weight that no disk stores."""
    path.parent.mkdir(parents=True, exist_ok=True)
    far = onnx.ModelProto()
    far.CopyFrom(model)
    with (path.parent / data).open("wb") as file:
        for tensor in far.graph.initializer:
            where, content = file.seek(apart, 1), numpy_helper.to_array(tensor).tobytes()
            file.write(content)
            tensor.ClearField("raw_data")
            tensor.data_location = TensorProto.EXTERNAL
            told = {"location": data, "offset": where, "length": len(content)}
            for key, value in told.items():
                tensor.external_data.add(key=key, value=str(value))
    path.write_bytes(far.SerializeToString())


def resizing(side: int) -> onnx.ModelProto:
    """1x3xSxS "in" to 1x1xSxS "out": down and up again, to sizes fixed as exporters fix them."""
    rng = np.random.default_rng(5)
    constants = {
        "wide": rng.normal(0, 0.5, (8, 3, 3, 3)).astype(np.float32),
        "narrow": rng.normal(0, 0.5, (1, 16, 3, 3)).astype(np.float32),
        "size": np.array([1, 8, side, side], np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Conv", ["in", "wide"], ["a"], pads=[1, 1, 1, 1]),
        node("Relu", ["a"], ["b"]),
        node("MaxPool", ["b"], ["c"], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
        node("Resize", ["c", "", "", "size"], ["d"], mode="linear"),
        node("Concat", ["b", "d"], ["e"], axis=1),
        node("Conv", ["e", "narrow"], ["f"], pads=[1, 1, 1, 1]),
        node("Sigmoid", ["f"], ["out"]),
    ]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "resizing",
        [value("in", TensorProto.FLOAT, [1, 3, side, side])],
        [value("out", TensorProto.FLOAT, [1, 1, side, side])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
