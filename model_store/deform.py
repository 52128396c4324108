"""Restores deformable convolutions that an exporter took apart into index arithmetic.

Before opset 19 there was no such operator, and the usual exporter (deform-conv2d-onnx-exporter)
writes some forty nodes: where each sample lies, the four pixels around it, their weighted sum, a
mask, and a plain convolution of all samples. BiRefNet has twenty of them. At 1024 x 1024 the
samples of one take 784 MiB, and several such values exist at once; the operator makes them one
after the other.

A pattern is taken for one only where arithmetic, constants and corners are what they have to be;
how the samples are laid out between is for the comparison of whole mattes, which follows in any
case. The operator measures from the picture's edge, not from that of its margin: the last digits
round otherwise.
"""

from __future__ import annotations

from onnx import ModelProto, helper, version_converter

from model_store.deform_pattern import Found, Reader
from model_store.links import Links, OtherError
from model_store.shapes import values_of

OPSET = 19
"""The first that has the operator."""


def restore(model: ModelProto) -> ModelProto:
    """`model` with the operator in the place of all that is one, and of its opset where one is.

    It may be the same one, changed. Raises ValueError where the other nodes cannot be had in that
    opset.
    """
    if not _all(model):
        return model
    standard = [opset for opset in model.opset_import if opset.domain in ("", "ai.onnx")]
    if standard[0].version < OPSET:
        try:
            model = version_converter.convert_version(model, OPSET)
        except RuntimeError as error:
            raise ValueError(f"opset {OPSET} cannot be had: {error}") from error
        wanted = helper.find_min_ir_version_for([helper.make_opsetid("", OPSET)])
        model.ir_version = max(model.ir_version, wanted)
    for found in _all(model):
        found.last.CopyFrom(
            helper.make_node(
                "DeformConv",
                found.given,
                list(found.last.output),
                name=f"{found.last.name}.deformable",
                kernel_shape=[found.side] * 2,
                pads=[found.pad] * 4,
                strides=[1, 1],
                offset_group=1,
            )
        )
    return model


def _all(model: ModelProto) -> list[Found]:
    totals = [n for n in model.graph.node if n.op_type == "Sum" and len(n.input) == 4]
    if not totals:
        return []
    reader, found = Reader(Links(model.graph), values_of(model)), []
    for node in totals:
        try:
            found.append(reader.read(node))
        except OtherError:
            continue
    return found
