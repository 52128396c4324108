"""Graphs that compute in halves, as exports for GPUs do, with what diffusion models are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.rehearsal.building import Building

Info = tuple[str, int, Sequence[int | str]]
"""A value's name, type (of TensorProto) and shape; an open dimension is its name."""


class Halves(Building):
    """A graph that grows. A `sketch` has weights of the right shapes and without numbers, for
    those who count and run nothing."""

    def __init__(self, seed: int, *, sketch: bool = False) -> None:
        super().__init__(seed)
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.sketch = sketch

    def weight(self, *shape: int, spread: float, mean: float = 0.0) -> str:
        """Random halves around `mean`."""
        name = f"weight_{len(self.shapes)}"
        self.shapes[name] = shape
        if not self.sketch:
            self.weights[name] = self.chance.normal(mean, spread, shape).astype(np.float16)
        return name

    @property
    def parameters(self) -> int:
        """How many numbers the weights have."""
        return sum(math.prod(shape) for shape in self.shapes.values())

    def constant(self, value: Any, kind: type = np.float16) -> str:
        """A node that gives `value`."""
        return super().constant(value, kind)

    def filled(self, value: float, *shape: int) -> str:
        """A node that gives `value` everywhere."""
        made = numpy_helper.from_array(np.array([value], np.float16))
        return self.op("ConstantOfShape", self.whole(shape), value=made)

    def frequencies(self, count: int) -> str:
        """What a time step is multiplied by, of a sine and a cosine each."""
        return self.constant([np.exp(-math.log(10000) * np.arange(count) / count)])

    def cast(self, x: str, to: int) -> str:
        """`x` as another type."""
        return self.op("Cast", x, to=to)

    def silu(self, x: str) -> str:
        """x times its sigmoid."""
        return self.op("Mul", x, self.op("Sigmoid", x))

    def group_norm(self, x: str, size: int, groups: int, side: int) -> str:
        """Normalised over groups of channels."""
        one, none = self.filled(1, groups), self.filled(0, groups)
        flat = self.reshape(x, 1, groups, -1)
        flat = self.op("InstanceNormalization", flat, one, none, epsilon=1e-5)
        y = self.reshape(flat, 1, size, side, side)
        scale, shift = (
            self.weight(size, 1, 1, spread=0.1, mean=1),
            self.weight(size, 1, 1, spread=0.1),
        )
        return self.op("Add", self.op("Mul", y, scale), shift)

    def up(self, x: str) -> str:
        """Twice as wide and high, each pixel four times."""
        scales = self.constant([1, 1, 2, 2], np.float32)
        return self.op(
            "Resize", x, "", scales, mode="nearest", nearest_mode="floor",
            coordinate_transformation_mode="asymmetric",
        )  # fmt: skip

    def down(self, x: str, channels: int, pads: Sequence[int] = (1, 1, 1, 1)) -> str:
        """Half as wide and high."""
        kernel = self.weight(channels, channels, 3, 3, spread=1 / math.sqrt(channels * 9))
        shift = self.weight(channels, spread=0.1)
        return self.op(
            "Conv", x, kernel, shift, kernel_shape=[3, 3], pads=list(pads), strides=[2, 2]
        )

    def finished(self, given: Sequence[Info], made: Sequence[Info], last: str) -> onnx.ModelProto:
        """The whole, from what it is given to the one output, which `last` becomes."""
        self.op("Identity", last)
        self.nodes[-1].output[0] = made[0][0]
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            self.nodes,
            "main_graph",
            [value(*info) for info in given],
            [value(*info) for info in made],
            [self._initializer(name) for name in self.shapes],
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        made_model = helper.make_model(
            graph, opset_imports=opsets, ir_version=8, producer_name="pytorch"
        )
        return cast(onnx.ModelProto, made_model)

    def _initializer(self, name: str) -> TensorProto:
        if not self.sketch:
            return numpy_helper.from_array(self.weights[name], name)
        told = TensorProto(name=name, data_type=TensorProto.FLOAT16, dims=self.shapes[name])
        told.data_location = TensorProto.EXTERNAL
        told.external_data.add(key="location", value="nowhere")
        return told
