"""Graphs of 8-bit whole numbers whose sums saturate in 16 bits, and what they come to exactly."""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

SIDE = 8
_STEP = np.float32(0.05)


def _conversions() -> list[NodeProto]:
    """A convolution in floating point between conversions, twice, as `quantize` writes it."""
    return [
        helper.make_node("DequantizeLinear", ["whole", "step", "none"], ["photo"]),
        helper.make_node("DequantizeLinear", ["kernel", "step", "zero"], ["weights"]),
        helper.make_node("Conv", ["photo", "weights"], ["sums"]),
        helper.make_node("QuantizeLinear", ["sums", "wide", "none"], ["again"]),
        helper.make_node("DequantizeLinear", ["again", "wide", "none"], ["second"]),
        helper.make_node("DequantizeLinear", ["mixing", "step", "zero"], ["mix"]),
        helper.make_node("Conv", ["second", "mix"], ["last"]),
        helper.make_node("QuantizeLinear", ["last", "wider", "none"], ["stored"]),
    ]


def _operators() -> list[NodeProto]:
    """The same as operators of whole numbers."""
    return [
        helper.make_node(
            "QLinearConv",
            ["whole", "step", "none", "kernel", "step", "zero", "wide", "none"],
            ["again"],
        ),
        helper.make_node(
            "QLinearConv",
            ["again", "wide", "none", "mixing", "step", "zero", "wider", "none"],
            ["stored"],
        ),
    ]


def graph(form: str) -> bytes:
    """`form`: "conversions" or "operators". Large bytes times large bytes, two channels."""
    nodes = _conversions() if form == "conversions" else _operators()
    body = helper.make_graph(
        [
            helper.make_node("QuantizeLinear", ["in", "fine", "none"], ["whole"]),
            *nodes,
            helper.make_node("DequantizeLinear", ["stored", "wider", "none"], ["out"]),
        ],
        "whole",
        [helper.make_tensor_value_info("in", TensorProto.FLOAT, [1, 16, SIDE, SIDE])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in _constants().items()],
    )
    opset = [helper.make_opsetid("", 21)]
    return bytes(helper.make_model(body, opset_imports=opset, ir_version=10).SerializeToString())


def _constants() -> dict[str, NDArray[np.generic] | np.generic]:
    chance = np.random.default_rng(5)
    return {
        "fine": np.float32(1 / 255),
        "none": np.uint8(0),
        "zero": np.int8(0),
        "step": _STEP,
        "wide": np.float32(60),
        "wider": np.float32(6000),
        "kernel": chance.choice([-127, 100, 127], (16, 16, 3, 3)).astype(np.int8),
        "mixing": chance.choice([-127, 100, 127], (16, 16, 3, 3)).astype(np.int8),
    }


def given() -> NDArray[np.float32]:
    """A picture of nearly the greatest bytes."""
    return np.random.default_rng(6).uniform(0.8, 1, (1, 16, SIDE, SIDE)).astype(np.float32)


def truth(content: bytes) -> NDArray[np.float32]:
    """What onnx's own reference implementation, which is numpy, makes of it."""
    (out,) = ReferenceEvaluator(onnx.load_model_from_string(content)).run(None, {"in": given()})
    return out
