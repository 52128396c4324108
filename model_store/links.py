"""Who makes and who takes each value of a graph, for whoever looks for patterns in it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, helper

from model_store.constants import array_of


class OtherError(Exception):
    """What was looked at is not the pattern that is looked for."""


class Links:
    """The nodes of `graph` by their values, as it is now."""

    def __init__(self, graph: GraphProto) -> None:
        self.makers = {name: node for node in graph.node for name in node.output if name}
        self.takers: dict[str, list[NodeProto]] = {}
        for node in graph.node:
            for name in dict.fromkeys(node.input):
                self.takers.setdefault(name, []).append(node)
        self._constants = {tensor.name: tensor for tensor in graph.initializer}

    def maker(self, name: str, kind: str) -> NodeProto | None:
        """The node that makes the value `name`, if it is one of that kind."""
        node = self.makers.get(name)
        return node if node is not None and node.op_type == kind else None

    def taker(self, name: str, kind: str) -> NodeProto | None:
        """The only node that takes the value `name`, if there is one and it is of that kind."""
        takers = self.takers.get(name, [])
        return takers[0] if len(takers) == 1 and takers[0].op_type == kind else None

    def is_constant(self, name: str) -> bool:
        """Whether the value is known before anything is run; a left out input is."""
        return not name or name in self._constants

    def constant(self, name: str) -> NDArray[Any] | None:
        """What a constant holds."""
        tensor = self._constants.get(name)
        return None if tensor is None else array_of(tensor)

    def tensor(self, name: str) -> TensorProto:
        """A constant as the graph stores it."""
        return self._constants[name]


def attribute(node: NodeProto, name: str, default: Any = None) -> Any:
    """What an attribute of `node` says."""
    return next((helper.get_attribute_value(a) for a in node.attribute if a.name == name), default)


def says(value: NDArray[Any] | None, *wanted: float) -> bool:
    """Whether a constant holds just these numbers."""
    return value is not None and np.array_equal(value.reshape(-1), wanted)
