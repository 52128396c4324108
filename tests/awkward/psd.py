"""Photoshop files of each kind, packed by hand as Adobe's File Formats Specification has them."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]

BITMAP, GREY, INDEXED, RGB, CMYK, MULTICHANNEL, DUOTONE, LAB = 0, 1, 2, 3, 4, 7, 8, 9
RAW, RUNS, ZIP, PREDICTED = 0, 1, 2, 3
PROFILE, VERSION = 1039, 1057


@dataclass
class Psd:
    """What is written. `samples`: channels x height x width, as stored; of a bitmap packed bits."""

    samples: Samples
    mode: int = RGB
    width: int = 0
    depth: int = 8
    compression: int = RUNS
    large: bool = False
    palette: bytes = b""
    resources: dict[int, bytes] = field(default_factory=dict)
    #: Of the layers; below zero the channel behind the colours is the picture's transparency.
    layers: int = 0

    def __bytes__(self) -> bytes:
        channels, height, _ = self.samples.shape
        width = self.width or self.samples.shape[2]
        version = 2 if self.large else 1
        head = b"8BPS" + struct.pack(
            ">H6xH2I2H", version, channels, height, width, self.depth, self.mode
        )
        resources = b"".join(
            b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + bytes(len(data) % 2)
            for number, data in self.resources.items()
        )
        return b"".join(
            [
                head,
                sized(self.palette),
                sized(resources),
                sized(self._layers(), self.large),
                self._data(),
            ]
        )

    def _layers(self) -> bytes:
        if not self.layers:
            return b""
        count = struct.pack(">h", self.layers) + bytes(2)
        if self.depth == 8:
            return sized(count, self.large) + sized(b"")
        block = b"8BIM" + (b"Lr32" if self.depth == 32 else b"Lr16") + sized(count, self.large)
        other = b"8BIMPatt" + sized(bytes(4))
        return sized(b"", self.large) + sized(b"") + other + block

    def _data(self) -> bytes:
        order = self.samples.astype(self.samples.dtype.newbyteorder(">"))
        rows = [row.tobytes() for channel in order for row in channel]
        mark = struct.pack(">H", self.compression)
        match self.compression:
            case 0:
                return mark + b"".join(rows)
            case 1:
                packed = [runs(row) for row in rows]
                kind = "I" if self.large else "H"
                table = struct.pack(f">{len(packed)}{kind}", *map(len, packed))
                return mark + table + b"".join(packed)
            case 2:
                return mark + zlib.compress(b"".join(rows))
        return mark + zlib.compress(b"".join(differences(row, self.depth) for row in rows))


def sized(data: bytes, large: bool = False) -> bytes:
    return struct.pack(">Q" if large else ">I", len(data)) + data


def runs(row: bytes) -> bytes:
    """PackBits: runs of three or more, and the rest as it is."""
    out = b""
    at = 0
    while at < len(row):
        end = at + 1
        while end < len(row) and end - at < 128 and row[end] == row[at]:
            end += 1
        if end - at >= 3:
            out += bytes([257 - (end - at), row[at]])
            at = end
            continue
        end = at + 1
        while end < len(row) and end - at < 128 and row[end : end + 3] != row[end : end + 1] * 3:
            end += 1
        out += bytes([end - at - 1]) + row[at:end]
        at = end
    return out


def differences(row: bytes, depth: int) -> bytes:
    if depth == 16:
        values = np.frombuffer(row, ">u2").astype(np.int64)
        return np.diff(values, prepend=0).astype(np.uint16).astype(">u2").tobytes()
    values8 = np.frombuffer(row, np.uint8)
    if depth == 32:
        values8 = values8.reshape(-1, 4).T.reshape(-1)
    return np.diff(values8.astype(np.int64), prepend=0).astype(np.uint8).tobytes()


def on_white(colours: NDArray[np.float64], alpha: NDArray[np.float64]) -> NDArray[np.float64]:
    """As Photoshop flattens: straight colours of 0..1 on white."""
    return colours * alpha + (1 - alpha)
