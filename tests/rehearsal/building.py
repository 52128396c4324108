"""Writes graphs as PyTorch's exporter does: constants are nodes, weights are initializers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

Array = NDArray[Any]
# Exporters begin each weight on one, so that a file can be mapped.
_PAGE = 4096


class Building:
    """A graph that grows. Values are names; weights come from one seeded source."""

    def __init__(self, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        self.nodes: list[NodeProto] = []
        self.weights: dict[str, Array] = {}
        self.told: list[onnx.ValueInfoProto] = []
        self._count: Counter[str] = Counter()

    @property
    def parameters(self) -> int:
        """How many numbers the weights have."""
        return sum(weight.size for weight in self.weights.values())

    def op(self, kind: str, *given: str, **attributes: Any) -> str:
        """The one output of a new node."""
        return self.several(kind, 1, *given, **attributes)[0]

    def several(self, kind: str, outputs: int, *given: str, **attributes: Any) -> list[str]:
        """The outputs of a new node."""
        self._count[kind] += 1
        name = f"/{kind}_{self._count[kind]}"
        made = [f"{name}_output_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(kind, given, made, name=name, **attributes))
        return made

    def constant(self, value: Any, kind: type = np.float32) -> str:
        """A node that gives `value`."""
        return self.op("Constant", value=numpy_helper.from_array(np.asarray(value, kind)))

    def whole(self, value: Any) -> str:
        """A node that gives whole numbers, as shapes and indices are."""
        return self.constant(value, np.int64)

    def weight(self, *shape: int, spread: float, mean: float = 0.0) -> str:
        """Random numbers around `mean`."""
        name = f"weight_{len(self.weights)}"
        values = self.chance.normal(mean, spread, shape).astype(np.float32)
        self.weights[name] = values
        return name

    # What layers are made of

    def conv(
        self, x: str, given: int, made: int, side: int = 1, *, bias: bool = True, gain: float = 1.4
    ) -> str:
        """A convolution of that many channels which keeps height and width."""
        kernel = self.weight(made, given, side, side, spread=gain / np.sqrt(given * side**2))
        more = [self.weight(made, spread=0.1)] if bias else []
        return self.op(
            "Conv", x, kernel, *more, kernel_shape=[side, side], pads=[side // 2] * 4,
            strides=[1, 1], dilations=[1, 1], group=1,
        )  # fmt: skip

    def linear(self, x: str, given: int, made: int, *, bias: bool = True, gain: float = 1.0) -> str:
        """A matrix product over the last axis."""
        y = self.op("MatMul", x, self.weight(given, made, spread=gain / np.sqrt(given)))
        return self.op("Add", self.weight(made, spread=0.05), y) if bias else y

    def norm(self, x: str, size: int) -> str:
        """A layer normalisation over the last axis."""
        scale, shift = self.weight(size, spread=0.1, mean=1), self.weight(size, spread=0.1)
        return self.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-5)

    def batch_norm(self, x: str, size: int) -> str:
        """A batch normalisation that the exporter could not take into a convolution."""
        scale, shift = self.weight(size, spread=0.1, mean=1), self.weight(size, spread=0.1)
        mean = self.weight(size, spread=0.1)
        variance = self.weight(size, spread=0, mean=1)
        return self.op(
            "BatchNormalization", x, scale, shift, mean, variance, epsilon=1e-5, momentum=0.9
        )

    def reshape(self, x: str, *shape: int) -> str:
        """`x` in another shape."""
        return self.op("Reshape", x, self.whole(shape))

    def resize(self, x: str, channels: int, side: int) -> str:
        """`x` made `side` x `side`, its corners kept."""
        return self.op(
            "Resize", x, "", "", self.whole([1, channels, side, side]), mode="linear",
            coordinate_transformation_mode="align_corners", cubic_coeff_a=-0.75,
            nearest_mode="floor",
        )  # fmt: skip

    def slice(self, x: str, axis: int, start: int, end: int) -> str:
        """Part of `x` along an axis."""
        starts, ends, axes = self.whole([start]), self.whole([end]), self.whole([axis])
        return self.op("Slice", x, starts, ends, axes, self.whole([1]))

    def model(
        self, given: tuple[str, Sequence[int]], made: tuple[str, Sequence[int]], opset: int = 17
    ) -> onnx.ModelProto:
        """The whole: from the one input to the one output, names and shapes."""
        value = helper.make_tensor_value_info
        return self.whole_of(
            [value(given[0], TensorProto.FLOAT, given[1])],
            [value(made[0], TensorProto.FLOAT, made[1])],
            opset,
        )

    def whole_of(
        self,
        given: Sequence[onnx.ValueInfoProto],
        made: Sequence[onnx.ValueInfoProto],
        opset: int,
    ) -> onnx.ModelProto:
        """The whole, from several inputs to several outputs."""
        graph = helper.make_graph(
            self.nodes,
            "main_graph",
            given,
            made,
            self.stored(),
        )
        opsets = [helper.make_opsetid("", opset)]
        made_model = helper.make_model(
            graph, opset_imports=opsets, ir_version=8 if opset < 19 else 9, producer_name="pytorch"
        )
        return cast(onnx.ModelProto, made_model)

    def stored(self) -> list[TensorProto]:
        """The weights as the graph has them."""
        return [numpy_helper.from_array(array, name) for name, array in self.weights.items()]


class Beside(Building):
    """A graph whose weights lie in the file at `path`, none of them in memory.

    `apart`: bytes between one and the next that nothing is written to; a disk does not store them.
    """

    def __init__(self, seed: int, path: Path, apart: int = 0) -> None:
        super().__init__(seed)
        self._path, self._apart, self._end = path, apart, 0
        self._stored: dict[str, TensorProto] = {}
        path.write_bytes(b"")

    def weight(self, *shape: int, spread: float, mean: float = 0.0) -> str:
        """As in memory, in the order in which they are asked for."""
        name = super().weight(*shape, spread=spread, mean=mean)
        values = self.weights[name]
        # What is left has its shape and takes no memory.
        self.weights[name] = np.broadcast_to(np.float32(0), shape)
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        where = -(-self._end // _PAGE) * _PAGE
        told = {"location": self._path.name, "offset": where, "length": values.nbytes}
        for key, value in told.items():
            tensor.external_data.add(key=key, value=str(value))
        with self._path.open("r+b") as file:
            file.seek(where)
            file.write(values.tobytes())
        self._end = where + values.nbytes + self._apart
        self._stored[name] = tensor
        return name

    def stored(self) -> list[TensorProto]:
        """Where each weight is; what was made otherwise is in the graph."""
        return [
            self._stored.get(name) or numpy_helper.from_array(array, name)
            for name, array in self.weights.items()
        ]
