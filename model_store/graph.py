"""The rewriting of an upstream graph into the one we ship: exact steps, then one rounding.

Keep the one output the catalog names; fold everything that the fixed input shape decides (ONNX
Runtime's basic optimisations, which only rewrite standard operators); rewrite what browsers cannot
run (rewrite); where the catalog has other sizes, open height and width again; merge equal
constants; store weights as fp16 behind a Cast (arithmetic stays fp32); write nodes and constants in
an order that follows from the graph alone, so that the same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from model_store.constants import array_of, has_data_beside
from model_store.entry import Model
from model_store.folding import check, fold, fold_beside
from model_store.quantize import Calibration, quantize
from model_store.rewrite import rewrite
from model_store.sizes import open_size

_FP16_MAX = float(np.finfo(np.float16).max)
# A kernel of fewer numbers than this saves less than its Cast node costs to store.
_LEAST_WEIGHTS = 64
# Beyond it, fp16's error of half a step moves a sum by more than 0.01 (32 * 2^-11).
_CALM_BIAS = 32.0


def optimize(
    upstream: bytes | Path,
    model: Model,
    *,
    halve: bool = True,
    whole_numbers: Calibration | None = None,
) -> bytes:
    """The graph to ship for `model`, serialised; `halve`: store kernels as fp16; `whole_numbers`:
    what to compute in 8-bit ones.

    A graph that upstream computes in fp16 computes in fp32 afterwards: on a processor that is
    faster than casting back and forth around each step, and nearer to what was trained.

    Raises ValueError when the upstream graph has no such input or output, or a weight that fp16
    cannot hold; onnx.checker.ValidationError when the result is not a valid model.
    """
    if isinstance(upstream, bytes):
        return _optimize(onnx.load_model_from_string(upstream), model, halve, whole_numbers)
    graph = onnx.load(upstream, load_external_data=False)
    if not has_data_beside(graph.graph):
        return _optimize(graph, model, halve, whole_numbers)
    with tempfile.TemporaryDirectory(dir=upstream.parent) as scratch:
        return _optimize(graph, model, halve, whole_numbers, (upstream.parent, Path(scratch)))


def _optimize(
    graph: ModelProto,
    model: Model,
    halve: bool,
    whole_numbers: Calibration | None,
    beside: tuple[Path, Path] | None = None,
) -> bytes:
    """As `optimize`. `beside`: the folder of the graph's external data, and an empty one."""
    keep_interface(graph.graph, model)
    if halve:
        _widen(graph.graph, beside[0] if beside else Path())
    folded = fold_beside(graph, *beside) if beside else fold(graph)
    del graph
    folded = rewrite(folded, restore="webgpu" not in model.backends)
    if model.sizes:
        open_size(folded, model)
    if whole_numbers:
        quantize(folded, whole_numbers)
    _merge_equal_constants(folded.graph)
    if halve:
        _halve_weights(folded.graph)
    shipped = _rebuild(folded, model)
    del folded
    check(shipped)
    content: bytes = shipped.SerializeToString(deterministic=True)
    return content


def keep_interface(graph: GraphProto, model: Model) -> None:
    """Leave one input of the catalog's shape and one output, under the catalog's names."""
    _only(graph.input, model.input.name, "input")
    _only(graph.output, model.output.name, "output")
    for value, shape in (
        (graph.input[0], model.input.shape),
        (graph.output[0], model.output.shape),
    ):
        fixed = helper.make_tensor_value_info(value.name, TensorProto.FLOAT, shape)
        value.CopyFrom(fixed)


def _widen(graph: GraphProto, beside: Path) -> None:
    """Compute in fp32 what upstream computes in fp16; stored values become fp32 exactly. `beside`:
    the folder of external data."""
    half, full = TensorProto.FLOAT16, TensorProto.FLOAT
    for tensor in graph.initializer:
        if tensor.data_type == half:
            _make_fp32(tensor, beside)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.name == "to" and node.op_type == "Cast" and attribute.i == half:
                attribute.i = full
            elif attribute.type == onnx.AttributeProto.TENSOR and attribute.t.data_type == half:
                _make_fp32(attribute.t, beside)
    # Types noted for values in between would contradict; shapes are inferred again.
    del graph.value_info[:]


def _make_fp32(tensor: TensorProto, beside: Path) -> None:
    values = numpy_helper.to_array(tensor, str(beside)).astype(np.float32)
    tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))


def _only(values: list[onnx.ValueInfoProto], name: str, what: str) -> None:
    names = [value.name for value in values]
    if name not in names:
        raise ValueError(f"the catalog's {what} is {name!r}, the graph has {', '.join(names)}")
    kept = values[names.index(name)]
    del values[:]
    values.append(kept)


def _merge_equal_constants(graph: GraphProto) -> None:
    """Let nodes share constants of equal type, shape and content."""
    first: dict[tuple[int, tuple[int, ...], bytes], str] = {}
    instead: dict[str, str] = {}
    for tensor in graph.initializer:
        digest = hashlib.sha256(np.ascontiguousarray(array_of(tensor)).data).digest()
        key = (tensor.data_type, tuple(tensor.dims), digest)
        instead[tensor.name] = first.setdefault(key, tensor.name)
    for node in graph.node:
        node.input[:] = [instead.get(name, name) for name in node.input]


def _halve_weights(graph: GraphProto) -> None:
    """Store each kernel as fp16 and cast it to fp32 under its old name.

    Exempt are vectors (biases are 1 % of the bytes; shapes and scales must be exact), kernels too
    small to gain, and kernels whose sums cancel.
    """
    exempt = cancelling(graph)
    casts: list[NodeProto] = []
    for tensor in graph.initializer:
        weights = array_of(tensor)
        small = weights.ndim < 2 or weights.size < _LEAST_WEIGHTS
        if tensor.data_type != TensorProto.FLOAT or small:
            continue
        if tensor.name in exempt and not _is_fp16(weights):
            continue
        name, stored = tensor.name, f"{tensor.name}.fp16"
        tensor.CopyFrom(numpy_helper.from_array(_as_fp16(weights, name), stored))
        casts.append(
            helper.make_node("Cast", [stored], [name], name=f"{name}.cast", to=TensorProto.FLOAT)
        )
    graph.node.extend(casts)


def cancelling(graph: GraphProto) -> set[str]:
    """The convolution kernels whose sums are large, going by the bias that takes them back.

    Such a pair is left where training met an almost constant channel and batch normalisation was
    folded in: the sum is about -bias, and rounding the kernel costs 2^-11 of it. In U-2-Net-p one
    such kernel out of 119 (bias 1361) made 97 % of the difference from the upstream matte.
    """
    biases = {t.name: array_of(t) for t in graph.initializer if len(t.dims) == 1}
    return {
        node.input[1]
        for node in graph.node
        if node.op_type == "Conv" and len(node.input) > 2 and node.input[2] in biases
        if np.abs(biases[node.input[2]]).max() > _CALM_BIAS
    }


def _is_fp16(weights: NDArray[np.float32]) -> bool:
    """Whether upstream's values came from fp16, so that storing them so loses nothing."""
    with np.errstate(over="ignore"):
        return bool((weights.astype(np.float16).astype(np.float32) == weights).all())


def _as_fp16(weights: NDArray[np.float32], name: str) -> NDArray[np.float16]:
    largest = float(np.abs(weights).max())
    if not largest <= _FP16_MAX:
        raise ValueError(f"{name}: {largest} is more than fp16 holds ({_FP16_MAX})")
    return weights.astype(np.float16)


def _rebuild(folded: ModelProto, model: Model) -> ModelProto:
    """A model with the used nodes and constants only, in the order a walk from the output gives.

    Nothing of the producer remains; the ir version and the standard opset are upstream's.
    """
    graph = folded.graph
    nodes = list(_walk(graph))
    constants = {tensor.name: tensor for tensor in graph.initializer}
    used = dict.fromkeys(name for node in nodes for name in node.input if name in constants)
    standard = [opset for opset in folded.opset_import if opset.domain in ("", "ai.onnx")]
    foreign = {node.domain for node in nodes} - {"", "ai.onnx"}
    if foreign:
        raise ValueError(f"operators of {', '.join(sorted(foreign))}: only ai.onnx is shipped")
    return helper.make_model(
        helper.make_graph(
            [_plain(node) for node in nodes],
            model.id,
            list(graph.input),
            list(graph.output),
            # One after the other: a list would hold all weights once more.
            (_tensor(constants[name]) for name in used),
        ),
        opset_imports=[helper.make_opsetid("", standard[0].version)],
        ir_version=folded.ir_version,
    )


def _walk(graph: GraphProto) -> Iterator[NodeProto]:
    """Every node the outputs need, producers first, by a depth-first walk along the inputs."""
    producers = {name: node for node in graph.node for name in node.output}
    done: set[str] = set()
    pending: list[tuple[str, bool]] = [(value.name, False) for value in graph.output]
    while pending:
        name, ready = pending.pop()
        node = producers.get(name)
        if node is None or (name in done):
            continue
        if ready:
            done.update(node.output)
            yield node
            continue
        pending.append((name, True))
        pending.extend((needed, False) for needed in reversed(node.input))


def _plain(node: NodeProto) -> NodeProto:
    """`node` without doc string or metadata, its attributes by name."""
    plain = helper.make_node(node.op_type, node.input, node.output, name=node.name)
    plain.attribute.extend(sorted(node.attribute, key=lambda attribute: attribute.name))
    for attribute in plain.attribute:
        attribute.doc_string = ""
    return plain


def _tensor(tensor: TensorProto) -> TensorProto:
    """`tensor` in the one encoding numpy_helper writes."""
    return numpy_helper.from_array(array_of(tensor), tensor.name)
