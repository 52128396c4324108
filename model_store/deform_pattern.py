"""Reads the forty nodes of a deformable convolution that an exporter took apart (deform)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto

from model_store.links import Links, OtherError, attribute, says
from model_store.shapes import Value

_LAYOUT = ("Reshape", "Transpose", "Unsqueeze", "Squeeze", "Identity")
_AXIS = 3  # of the coordinates y and x


@dataclass(frozen=True)
class _Term:
    """One of four pixels around each sample. `down` and `right` of it, or not; `x` padded by
    `margin`; `place`: where the samples lie.
    """

    down: bool
    right: bool
    x: str
    margin: int
    place: str


@dataclass(frozen=True)
class Found:
    """`last`: the plain convolution of the samples, whose output is that of the whole."""

    last: NodeProto
    given: tuple[str, ...]  # as the operator takes them
    side: int
    pad: int


@dataclass(frozen=True)
class Reader:
    """Of a graph that is folded; `values`: types and shapes of what is in it."""

    links: Links
    values: Mapping[str, Value]

    def read(self, total: NodeProto) -> Found:
        """The convolution whose samples are four terms in the sum `total`. Raises OtherError."""
        terms = [self._term(name) for name in total.input]
        one = terms[0]
        corners = {(term.down, term.right) for term in terms}
        _must(len(corners) == 4 and len({(t.x, t.margin, t.place) for t in terms}) == 1)
        offset, side, first = self._offset(one.place)
        pad = one.margin - first
        _must(pad >= 0)
        channels, *area = self._shape(one.x)[1:]
        taken = self._shape(offset)[2:]
        _must([size + 2 * pad - side + 1 for size in area] == list(taken))
        mask, last = self._onwards(total.output[0])
        _must(not mask or self._shape(mask) == (1, side * side, *taken))
        self._is_over_samples(last, side, channels)
        bias = last.input[2] if len(last.input) > 2 else ""
        given = [one.x, last.input[1], offset, bias, mask]
        while not given[-1]:
            given.pop()
        return Found(last, tuple(given), side, pad)

    def _term(self, name: str) -> _Term:
        """A pixel's value times its share."""
        sides = [self._node(self._before(side)) for side in self._made(name, "Mul").input]
        pixels = next((node for node in sides if node and node.op_type == "GatherND"), None)
        share = next((node for node in sides if node and node.op_type == "Mul"), None)
        if pixels is None or share is None:
            raise OtherError
        field = self._made(self._before(pixels.input[0]), "Pad")
        pads = self.links.constant(field.input[1])
        margin = int(pads.max()) if pads is not None else 0
        _must(margin > 0 and says(pads, *[0, 0, margin, margin] * 2))
        _must(attribute(field, "mode", b"constant") == b"constant")
        _must(len(field.input) < 3 or says(self.links.constant(field.input[2]), 0))
        parts = self._made(self._before(pixels.input[1]), "Concat").input
        _must(len(parts) == 2)
        area = [size + 2 * margin for size in self._shape(field.input[0])[2:]]
        corner, places = [], set()
        for axis, part in enumerate(parts):
            further, place = self._index(self._before(part), axis, area[axis])
            corner.append(further)
            places.add(place)
        _must(len(places) == 1 and self._share(share, *places) == tuple(corner))
        return _Term(corner[0], corner[1], field.input[0], margin, places.pop())

    def _index(self, name: str, axis: int, size: int) -> tuple[bool, str]:
        """Whether a coordinate is the further one of two, and of which places it is."""
        clip = self._made(name, "Clip")
        _must(says(self.links.constant(clip.input[1]), 0))
        _must(says(self.links.constant(clip.input[2]), size - 1))
        further = self._node(clip.input[0])
        name = clip.input[0]
        if further is not None and further.op_type == "Add":
            name, one = self._with_constant(further)
            _must(says(one, 1))
        cast = self._made(self._line(name, axis), "Cast")
        floor = self._made(cast.input[0], "Floor")
        return further is not None and further.op_type == "Add", floor.input[0]

    def _share(self, share: NodeProto, place: str) -> tuple[bool, ...]:
        """Of which of the four pixels it is the share."""
        found: dict[int, bool] = {}
        for name in share.input:
            inverse = self._node(name)
            if inverse is not None and inverse.op_type == "Sub":
                _must(says(self.links.constant(inverse.input[0]), 1))
                name = inverse.input[1]
            for axis in (0, 1):
                try:
                    apart = self._made(self._line(name, axis), "Sub")
                except OtherError:
                    continue
                floor = self._made(apart.input[1], "Floor")
                _must(apart.input[0] == place == floor.input[0])
                found[axis] = inverse is None or inverse.op_type != "Sub"
        _must(len(found) == 2)
        return found[0], found[1]

    def _offset(self, place: str) -> tuple[str, int, int]:
        """What moves the samples, the side of the kernel, and where the first sample lies."""
        moved, fixed = self._with_constant(self._made(place, "Add"))
        _must(fixed.ndim == 6 and fixed.shape[:2] == (1, 1) and fixed.shape[3] == 2)
        _, _, taps, _, height, width = fixed.shape
        side, first = math.isqrt(taps), int(fixed.flat[0])
        _must(np.array_equal(fixed, _places(side, first, height, width)))
        offset = self._before(moved)
        _must(self._shape(offset) == (1, 2 * taps, height, width))
        return offset, side, first

    def _onwards(self, name: str) -> tuple[str, NodeProto]:
        """The mask, if there is one, and the convolution that follows."""
        mask = ""
        while True:
            (taker,) = takers if len(takers := self.links.takers.get(name, [])) == 1 else (None,)
            if taker is None:
                raise OtherError
            if taker.op_type == "Conv" and taker.input[0] == name:
                return mask, taker
            if taker.op_type == "Mul" and not mask:
                other = taker.input[1] if taker.input[0] == name else taker.input[0]
                mask = self._before(other)
            else:
                _must(taker.op_type in _LAYOUT)
            name = taker.output[0]

    def _is_over_samples(self, last: NodeProto, side: int, channels: int) -> None:
        kernel = self._shape(last.input[1])
        _must(kernel[1:] == (channels, side, side) and attribute(last, "group", 1) == 1)
        _must(list(attribute(last, "strides", [1, 1])) == [side, side])
        _must(not any(attribute(last, "pads", [])))
        _must(attribute(last, "auto_pad", b"NOTSET") == b"NOTSET")

    def _line(self, name: str, axis: int) -> str:
        """The coordinates of which `name` is the line `axis`."""
        part = self._made(name, "Slice")
        starts, ends, axes = (self.links.constant(part.input[index]) for index in (1, 2, 3))
        _must(says(starts, axis) and says(ends, axis + 1) and says(axes, _AXIS))
        return str(part.input[0])

    def _with_constant(self, node: NodeProto) -> tuple[str, NDArray[np.float32]]:
        """The one input of two that is no constant, and what the other one holds."""
        for name, other in (node.input, reversed(node.input)):
            value = self.links.constant(other)
            if value is not None:
                return str(name), value
        raise OtherError

    def _before(self, name: str) -> str:
        """The value before it was laid out otherwise."""
        node = self.links.makers.get(name)
        while node is not None and node.op_type in _LAYOUT:
            name = node.input[0]
            node = self.links.makers.get(name)
        return name

    def _made(self, name: str, kind: str) -> NodeProto:
        node = self.links.makers.get(name)
        if node is None or node.op_type != kind:
            raise OtherError
        return node

    def _node(self, name: str) -> NodeProto | None:
        return self.links.makers.get(name)

    def _shape(self, name: str) -> tuple[int, ...]:
        if name not in self.values:
            raise OtherError
        return self.values[name].shape


def _must(holds: bool) -> None:
    if not holds:
        raise OtherError


def _places(side: int, first: int, height: int, width: int) -> NDArray[np.float32]:
    """Where each tap of each pixel lies before it is moved: 1, 1, side², 2, height, width."""
    y, x = np.mgrid[:height, :width] + first
    rows, columns = np.mgrid[:side, :side]
    both = [rows.reshape(-1, 1, 1) + y, columns.reshape(-1, 1, 1) + x]
    return np.stack(both, axis=1)[None, None].astype(np.float32)
