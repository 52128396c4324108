"""Takes chance out of graphs. Needs numpy and onnx."""

from __future__ import annotations

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper


def without_chance(model: ModelProto) -> bool:
    """Have each normal random tensor be zeros; whether there was one.

    Exporters write the encoder of a VAE with the draw of a sample in it: mean + deviation x noise.
    That is another picture each time, and no GPU in a browser has a kernel for it. With zeros it is
    the mean, the most likely of all samples.
    """
    found = False
    for node in model.graph.node:
        made = list(node.output)
        if node.op_type == "RandomNormalLike":
            # Of the same shape and type: finite numbers less themselves.
            like = node.input[0]
            zeros = helper.make_node("Sub", [like, like], made, name=node.name)
        elif node.op_type == "RandomNormal":
            told = {one.name: helper.get_attribute_value(one) for one in node.attribute}
            kind = helper.tensor_dtype_to_np_dtype(told.get("dtype", TensorProto.FLOAT))
            value = numpy_helper.from_array(np.zeros(told["shape"], kind))
            zeros = helper.make_node("Constant", [], made, name=node.name, value=value)
        else:
            continue
        found = True
        node.CopyFrom(zeros)
    return found
