"""Gives convolutions that GPUs compute wrongly a number of channels that they compute rightly.

On a GPU, ONNX Runtime Web 1.30.0 gives something else for a convolution where 3 divides the number
of its channels and 4 does not, and 4 divides the number that it gives: seen with SwiftShader, from
6 to 102 channels, kernels of 2 x 2 to 7 x 7. The 3 of a photo, kernels of 1 x 1 and groups are
computed rightly. MODNet has one, 99 to 64. onnxruntime's issue 29651 may be the same.
"""

from __future__ import annotations

import math

import numpy as np
from onnx import ModelProto, NodeProto, helper, numpy_helper

from model_store.links import Links, attribute

_PADS_ARE_AN_INPUT = 11  # from this opset on


def is_wrong_on_gpus(node: NodeProto, kernel: tuple[int, ...]) -> bool:
    """Whether `node` is such a convolution, of a kernel of that shape."""
    if node.op_type != "Conv" or len(kernel) != 4 or attribute(node, "group", 1) != 1:
        return False
    drawn, channels, *sides = kernel
    in_threes = channels > 3 and channels % 3 == 0 and channels % 4 != 0
    return in_threes and drawn % 4 == 0 and math.prod(sides) > 1


def make_fours(model: ModelProto) -> None:
    """Add channels of zeros to such convolutions and what they are given, until 4 divides them."""
    graph, links = model.graph, Links(model.graph)
    nodes: list[NodeProto] = []
    for node in graph.node:
        kernel = links.constant(node.input[1]) if node.op_type == "Conv" else None
        if kernel is not None and is_wrong_on_gpus(node, kernel.shape):
            more = -kernel.shape[1] % 4
            title = node.output[0]
            wider = np.pad(kernel, ((0, 0), (0, more), (0, 0), (0, 0)))
            graph.initializer.append(numpy_helper.from_array(wider, f"{title}.kernel4"))
            nodes.append(_padded(model, node.input[0], f"{title}.given4", more))
            node.input[0], node.input[1] = f"{title}.given4", f"{title}.kernel4"
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)


def _padded(model: ModelProto, name: str, made: str, more: int) -> NodeProto:
    pads = [0, 0, 0, 0, 0, more, 0, 0]
    opset = next(one.version for one in model.opset_import if one.domain in ("", "ai.onnx"))
    if opset < _PADS_ARE_AN_INPUT:
        return helper.make_node("Pad", [name], [made], name=f"{made}.pad", pads=pads)
    pads_of = numpy_helper.from_array(np.array(pads, np.int64), f"{made}.pads")
    model.graph.initializer.append(pads_of)
    return helper.make_node("Pad", [name, pads_of.name], [made], name=f"{made}.pad")
