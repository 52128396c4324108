"""Has a picture made larger after a convolution of single places, where that was done before it.

The last steps of BiRefNet enlarge what it has found to the size of the photo, put it beside what it
sees of the photo, and make one number of each pixel's 120 (of 240 in the large one). That picture
takes 480 MiB at 1024, and was the most that a run held. Its pyramids enlarge a mean so.
Interpolation and a convolution of 1 x 1 may change places: first one number for each place, then as
many pixels as the photo has. It is the same sum in another order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from model_store.links import Links, attribute
from model_store.shapes import Value, values_of

# Whose weights for one pixel sum to one, wherever it lies.
_MODES = frozenset({b"linear", b"nearest"})
_OUTSIDE = b"tf_crop_and_resize"


@dataclass(frozen=True)
class _Part:
    """Channels of what a convolution sees: `name`, which `resize` makes of `given`, if it does."""

    name: str
    given: str
    channels: int
    resize: NodeProto | None


def enlarge_late(model: ModelProto) -> int:
    """Rewrite the folded `model` in place; how many convolutions were. What is no longer used
    stays among its nodes."""
    links = Links(model.graph)
    found = [n for n in model.graph.node if n.op_type == "Conv" and _is_of_single_places(n, links)]
    if not found:
        return 0
    values = values_of(model)
    instead = {}
    for conv in found:
        parts = _parts(conv, links, values)
        if any(part.resize is not None for part in parts):
            instead[conv.output[0]] = _rewritten(model.graph, conv, parts, links)
    nodes = [one for node in model.graph.node for one in instead.get(node.output[0], [node])]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return len(instead)


def _is_of_single_places(conv: NodeProto, links: Links) -> bool:
    """Whether it is a convolution of 1 x 1 of what is put together for it alone."""
    join = links.maker(conv.input[0], "Concat")
    if join is None or len(join.input) < 2 or not links.taker(join.output[0], "Conv"):
        return False
    return (
        bool(conv.input[1])
        and links.is_constant(conv.input[1])
        and list(links.tensor(conv.input[1]).dims[2:]) == [1, 1]
        and attribute(conv, "group", 1) == 1
        and not any(attribute(conv, "pads", []))
        and set(attribute(conv, "strides", [1])) == {1}
        and attribute(conv, "auto_pad", b"NOTSET") in (b"NOTSET", b"VALID")
        and attribute(join, "axis") == 1
    )


def _parts(conv: NodeProto, links: Links, values: Mapping[str, Value]) -> list[_Part]:
    """What is put together for `conv`; none where it is not known how large it all is."""
    names = links.makers[conv.input[0]].input
    if any(name not in values or len(values[name].shape) != 4 for name in names):
        return []
    made = links.tensor(conv.input[1]).dims[0]
    parts = []
    for name in names:
        seen = values[name].shape
        resize = links.taker(name, "Concat") and _enlarging(name, links)
        given = values.get(resize.input[0]) if resize else None
        # Fewer channels are enlarged, and each of them is.
        gains = given and given.shape[1] == seen[1] > made and given.shape[2] < seen[2]
        if resize and gains:
            parts.append(_Part(name, resize.input[0], seen[1], resize))
        else:
            parts.append(_Part(name, name, seen[1], None))
    return parts


def _enlarging(name: str, links: Links) -> NodeProto | None:
    """The node that makes `name` by interpolation, to a size that it says."""
    node = links.maker(name, "Resize")
    if node is None or len(node.input) != 4 or any(node.input[1:3]):
        return None
    is_plain = (
        attribute(node, "mode", b"nearest") in _MODES
        and attribute(node, "coordinate_transformation_mode", b"half_pixel") != _OUTSIDE
        and attribute(node, "axes") is None
    )
    size = links.constant(node.input[3])
    return node if is_plain and size is not None and size.size == 4 else None


def _rewritten(
    graph: GraphProto, conv: NodeProto, parts: list[_Part], links: Links
) -> list[NodeProto]:
    """A convolution of each of `parts`, enlarged where that was, and their sum."""
    title, kernel = conv.output[0], links.constant(conv.input[1])
    nodes: list[NodeProto] = []
    start, bias, total = 0, list(conv.input[2:3]), ""
    for index, part in enumerate(parts):
        name = f"{title}.{index}"
        own = np.ascontiguousarray(kernel[:, start : start + part.channels])  # type: ignore[index]
        start += part.channels
        graph.initializer.append(numpy_helper.from_array(own, f"{name}.kernel"))
        small = f"{name}.small" if part.resize else name
        # The same for all pixels: it matters in which part it is added no more than when.
        given = [part.given, f"{name}.kernel", *bias]
        nodes.append(helper.make_node("Conv", given, [small], name=small, kernel_shape=[1, 1]))
        bias = []
        if part.resize:
            nodes.append(_resized(graph, part.resize, small, name, own.shape[0], links))
        if index:
            made = title if index == len(parts) - 1 else f"{name}.sum"
            nodes.append(helper.make_node("Add", [total, name], [made], name=f"{name}.add"))
            name = made
        total = name
    return nodes


def _resized(
    graph: GraphProto, resize: NodeProto, given: str, made: str, channels: int, links: Links
) -> NodeProto:
    """As `resize`, of so many `channels`."""
    size = np.array(links.constant(resize.input[3]))
    size[1] = channels
    graph.initializer.append(numpy_helper.from_array(size, f"{made}.size"))
    node = NodeProto()
    node.CopyFrom(resize)
    node.input[:] = [given, "", "", f"{made}.size"]
    node.output[:], node.name = [made], made
    return node
