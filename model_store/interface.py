"""What an ONNX file says of itself: inputs, outputs, and the files its weights lie in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError
from onnx import GraphProto, ModelProto, TensorProto, external_data_helper

from model_store.entry import Model
from model_store.errors import ModelRefused


@dataclass(frozen=True)
class Value:
    """An input or an output; a dimension is None where the graph leaves it open."""

    name: str
    dtype: str
    shape: tuple[int | None, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.dtype} [{', '.join(str(d or '?') for d in self.shape)}]"

    def may_be(self, shape: tuple[int, ...]) -> bool:
        """Whether `shape` is what the graph says, wherever it says something."""
        return not self.shape or (
            len(self.shape) == len(shape)
            and all(d in (None, wanted) for d, wanted in zip(self.shape, shape, strict=True))
        )


@dataclass(frozen=True)
class Interface:
    """`external`: where the graph looks for weights, relative to its own folder."""

    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    external: tuple[str, ...]


def load(path: Path) -> ModelProto:
    """The graph at `path` without its external data. Raises ModelRefused for what is no ONNX."""
    try:
        graph = onnx.load(path, load_external_data=False)
    except DecodeError as error:
        raise ModelRefused(path.name, f"is no ONNX file ({error})") from error
    if not graph.graph.output:
        raise ModelRefused(path.name, "is no ONNX graph: it has no outputs")
    return graph


def read(path: Path) -> Interface:
    """The interface of the graph at `path`. Raises ModelRefused."""
    return interface_of(load(path))


def interface_of(model: ModelProto) -> Interface:
    """The interface of a loaded graph. Inputs with a constant behind them are none."""
    graph = model.graph
    constants = {tensor.name for tensor in graph.initializer}
    return Interface(
        tuple(_value(value) for value in graph.input if value.name not in constants),
        tuple(_value(value) for value in graph.output),
        tuple(dict.fromkeys(_location(tensor) for tensor in _external(model))),
    )


def relocate(model: ModelProto, names: Mapping[str, str]) -> None:
    """Have the graph look for its external data under new names."""
    for tensor in _external(model):
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = names.get(entry.value, entry.value)


def settle(entry: Model, found: Interface) -> tuple[str, str]:
    """The names of the input and the output that `entry` means.

    Where the catalog leaves a name out it is the graph's only input, or its first output.
    Raises ModelRefused when the graph has no such value, or one of another type or shape.
    """
    names = []
    pairs = (
        ("input", entry.input, found.inputs, entry.input.name or _only(entry, found.inputs)),
        ("output", entry.output, found.outputs, entry.output.name or found.outputs[0].name),
    )
    for what, wanted, there, name in pairs:
        value = next((value for value in there if value.name == name), None)
        if value is None:
            held = ", ".join(map(str, there))
            raise ModelRefused(entry.id, f"the {what} should be {name!r}, the graph has {held}")
        if value.dtype != wanted.dtype or not value.may_be(wanted.shape):
            shape = f"{wanted.dtype} {list(wanted.shape)}"
            raise ModelRefused(entry.id, f"the {what} should be {shape}, the graph has {value}")
        names.append(name)
    return names[0], names[1]


def is_plain(entry: Model, found: Interface) -> bool:
    """Whether the graph has exactly the catalog's input and output, all dimensions fixed."""
    return [(value.name, value.shape) for value in (*found.inputs, *found.outputs)] == [
        (entry.input.name, entry.input.shape),
        (entry.output.name, entry.output.shape),
    ]


def _only(entry: Model, inputs: tuple[Value, ...]) -> str:
    if len(inputs) != 1:
        raise ModelRefused(entry.id, f"one input is needed, the graph has {len(inputs)}")
    return inputs[0].name


def _value(value: onnx.ValueInfoProto) -> Value:
    kind = value.type.tensor_type
    dtype = TensorProto.DataType.Name(kind.elem_type).lower()
    shape = tuple(dim.dim_value or None for dim in kind.shape.dim)
    return Value(value.name, {"float": "float32", "double": "float64"}.get(dtype, dtype), shape)


def _external(model: ModelProto) -> list[TensorProto]:
    tensors = [*model.graph.initializer, *_in_attributes(model.graph)]
    return [tensor for tensor in tensors if external_data_helper.uses_external_data(tensor)]


def _in_attributes(graph: GraphProto) -> list[TensorProto]:
    """Tensors that nodes carry, those of inner graphs included."""
    found: list[TensorProto] = []
    for attribute in (attribute for node in graph.node for attribute in node.attribute):
        found += [attribute.t, *attribute.tensors]
        for inner in (attribute.g, *attribute.graphs):
            found += [*inner.initializer, *_in_attributes(inner)] if inner.node else []
    return found


def _location(tensor: TensorProto) -> str:
    return next(str(e.value) for e in tensor.external_data if e.key == "location")
