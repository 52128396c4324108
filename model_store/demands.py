"""What one run of a graph asks of a device, as values and as the lock file holds them."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True)
class Demands:
    """Counted in the graph itself.

    gflop: floating-point operations of one run in thousand millions; a multiplication and an
        addition are two.
    largest: bytes of its largest value: an input, an output, a weight or what is between nodes.
    buffers: the most values that one node reads and writes.
    half: whether it computes in fp16. integer: whether products are of whole numbers, for which
        ONNX Runtime Web has no GPU kernels: it multiplies on the processor and copies to and fro.
    """

    gflop: float
    largest: int
    buffers: int
    half: bool
    integer: bool

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
        return asdict(self)


def read_demands(table: Table) -> Demands:
    """What `table` of a record says. Problems go to its list."""
    demands = Demands(
        gflop=table.number("gflop", 0, 1e7),
        largest=table.integer("largest", 1),
        buffers=table.integer("buffers", 1),
        half=table.truth("half"),
        integer=table.truth("integer"),
    )
    table.finish()
    return demands
