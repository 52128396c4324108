"""What one run of a graph asks of a device, as values and as the lock file holds them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from model_store.table import Table

# ONNX Runtime Web 1.30.0 makes a GPU buffer of the next of these sizes and binds all of it:
# u2netp's largest value has 52,428,800 bytes, its buffer 58,982,400 (seen in Chromium). Beyond the
# last it makes what is needed; it knows smaller ones than the first, which every device offers.
_BUFFER_SIZES = (
    *(1 << 20, 2 << 20, 4 << 20, 8 << 20, 12 << 20, 16 << 20, 25 << 20, 32 << 20),
    *(44_236_800, 58_982_400, 64 << 20, 128 << 20, 160 << 20),
)

# WebAssembly's heap after a run, in ONNX Runtime Web 1.30.0 on one thread, is nearly 60 MiB + 2 x
# weights + 1.5 x alive: u2netp 220 MiB, BiRefNet lite's twin at 512 792 and at 1024 2044, with its
# deformable convolutions taken apart 2166 at 512 (docs/measurements/models.md). The arena grows in
# powers of two, so a graph may fall unluckily: none of these is above what is counted here.
# Processors have no arithmetic in halves: a graph in them holds its weights in full besides (a twin
# of a U-Net, 232 MiB: 1005), and what it computes takes twice as much.
_MIB = 1 << 20
_RUNTIME_MIB, _HELD, _SPREAD, _WIDENED = 64, 2, 1.75, 2
HEAP_MIB = 4096
"""What WebAssembly of 32 bits can have at most."""


def least_mib(weights: int) -> int:
    """MiB of the heap that so many bytes of weights take, whatever is computed with them."""
    return _RUNTIME_MIB + math.ceil(_HELD * weights / _MIB)


@dataclass(frozen=True)
class Demands:
    """Counted in the graph itself.

    gflop: floating-point operations of one run in thousand millions; a multiplication and an
        addition are two.
    largest: bytes of its largest value: an input, an output, a weight or what is between nodes.
    buffers: the most values that one node reads and writes.
    half: whether it computes in fp16. integer: whether products are of whole numbers, for which
        ONNX Runtime Web has no GPU kernels: it multiplies on the processor and copies to and fro.
    weights: bytes that a session holds; alive: bytes of the values that exist at once. Earlier
        releases have counted neither.
    no_gpu: the operators in it for which ONNX Runtime Web has no GPU kernel either.
    """

    gflop: float
    largest: int
    buffers: int
    half: bool
    integer: bool
    weights: int | None = None
    alive: int | None = None
    no_gpu: tuple[str, ...] = ()

    @property
    def memory_mib(self) -> int | None:
        """MiB of WebAssembly's heap that it takes; None where it was not counted."""
        if self.weights is None or self.alive is None:
            return None
        return _RUNTIME_MIB + math.ceil((_HELD * self.weights + _SPREAD * self.alive) / _MIB)

    @property
    def heap_mib(self) -> int | None:
        """The same where processors compute it, which they do in floats."""
        if self.weights is None or self.alive is None or not self.half:
            return self.memory_mib
        held, spread = _HELD + _WIDENED, _SPREAD * _WIDENED
        return _RUNTIME_MIB + math.ceil((held * self.weights + spread * self.alive) / _MIB)

    def allows(self, backend: str) -> bool:
        """Whether it can be run by `backend` at all, on the best of devices."""
        if backend == "webgpu":
            return not (self.integer or self.no_gpu)
        return (self.heap_mib or 0) <= HEAP_MIB

    @property
    def features(self) -> tuple[str, ...]:
        """The WebGPU features it needs."""
        return ("shader-f16",) if self.half else ()

    @property
    def limits(self) -> Mapping[str, int]:
        """The WebGPU limits it needs, whether or not every device has them."""
        size = next((size for size in _BUFFER_SIZES if size >= self.largest), self.largest)
        return {
            "maxBufferSize": size,
            "maxStorageBufferBindingSize": size,
            "maxStorageBuffersPerShaderStage": self.buffers,
        }

    def as_json(self) -> dict[str, Any]:
        """The demands as a record holds them."""
        told = asdict(self) | {"no_gpu": list(self.no_gpu)}
        return {name: value for name, value in told.items() if value not in (None, [])}


def together(several: Sequence[Demands], *, at_once: bool) -> Demands:
    """What graphs demand that are run one after the other. `at_once`: all are up meanwhile; else
    each goes before the next one comes."""
    known = [(one.weights, one.alive) for one in several]
    counted = [(held, alive) for held, alive in known if held is not None and alive is not None]
    weights: int | None = None
    alive: int | None = None
    if len(counted) == len(several):
        weights, alive = max(counted, key=lambda one: _HELD * one[0] + _SPREAD * one[1])
        if at_once:
            weights, alive = sum(held for held, _ in counted), max(run for _, run in counted)
    return Demands(
        gflop=sum(one.gflop for one in several),
        largest=max(one.largest for one in several),
        buffers=max(one.buffers for one in several),
        half=any(one.half for one in several),
        integer=any(one.integer for one in several),
        weights=weights,
        alive=alive,
        no_gpu=tuple(sorted({name for one in several for name in one.no_gpu})),
    )


def read_demands(table: Table) -> Demands:
    """What `table` of a record says. Problems go to its list."""
    demands = Demands(
        gflop=table.number("gflop", 0, 1e7),
        largest=table.integer("largest", 1),
        buffers=table.integer("buffers", 1),
        half=table.truth("half"),
        integer=table.truth("integer"),
        weights=table.integer("weights", 0) if table.has("weights") else None,
        alive=table.integer("alive", 1) if table.has("alive") else None,
        no_gpu=table.texts("no_gpu", r"\w+", "operators") if table.has("no_gpu") else (),
    )
    table.finish()
    return demands
