"""Files that Pillow does not write, byte by byte."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.uint8] | NDArray[np.uint16]

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: PNG's colour type by the number of channels (PNG specification, 11.2.1).
_COLOUR_TYPE = {1: 0, 2: 4, 3: 2, 4: 6}
#: Adam7: first column, first row, and the steps (PNG specification, 8.1).
_PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_FRAME_MARKERS = {0xC0, 0xC1, 0xC2}


def png(samples: Samples, *, interlaced: bool = False) -> bytes:
    """A PNG of H x W x channels, 8 or 16 bit."""
    height, width, channels = samples.shape
    depth = samples.itemsize * 8
    parts = [samples]
    if interlaced:
        parts = [samples[y::dy, x::dx] for x, y, dx, dy in _PASSES]
    lines = b"".join(_unfiltered(part) for part in parts if part.size)
    head = png_head(width, height, depth, _COLOUR_TYPE[channels], interlace=int(interlaced))
    return head + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def png_head(
    width: int, height: int, depth: int = 8, colour: int = 2, *, interlace: int = 0
) -> bytes:
    """Signature and IHDR."""
    fields = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return PNG_SIGNATURE + chunk(b"IHDR", fields)


def chunk(name: bytes, data: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _unfiltered(samples: Samples) -> bytes:
    big = samples.astype(samples.dtype.newbyteorder(">"))
    return b"".join(b"\0" + row.tobytes() for row in big)


def _segments(jpeg: bytes) -> Iterator[tuple[int, int, int]]:
    """Each marker segment before the first scan: marker, where it begins, and its length."""
    at = 2
    while jpeg[at + 1] != 0xDA:
        (length,) = struct.unpack_from(">H", jpeg, at + 2)
        yield jpeg[at + 1], at, length + 2
        at += length + 2


def _frame_at(jpeg: bytes) -> int:
    return next(at for marker, at, _ in _segments(jpeg) if marker in _FRAME_MARKERS)


def with_frame(jpeg: bytes, marker: int, precision: int) -> bytes:
    """The same JPEG announced as another process (ITU-T T.81, table B.1)."""
    at = _frame_at(jpeg)
    return (
        jpeg[: at + 1]
        + bytes([marker])
        + jpeg[at + 2 : at + 4]
        + bytes([precision])
        + jpeg[at + 5 :]
    )


def with_frame_size(jpeg: bytes, width: int, height: int) -> bytes:
    """The same JPEG announced in another size."""
    at = _frame_at(jpeg)
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def with_segments(jpeg: bytes, marker: int, bodies: Sequence[bytes]) -> bytes:
    """More marker segments before everything else."""
    extra = (struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for body in bodies)
    return jpeg[:2] + b"".join(extra) + jpeg[2:]


def with_fill_bytes(jpeg: bytes, count: int) -> bytes:
    """Fill bytes before a marker, which are allowed (ITU-T T.81, B.1.1.2)."""
    return jpeg[:2] + b"\xff" * count + jpeg[2:]


def tiled_tiff(samples: NDArray[np.uint8], tile: int) -> bytes:
    """An RGB TIFF in deflated tiles of `tile` x `tile` pixels."""
    height, width, channels = samples.shape
    padded = np.pad(samples, ((0, -height % tile), (0, -width % tile), (0, 0)))
    tiles = [
        zlib.compress(padded[y : y + tile, x : x + tile].tobytes())
        for y in range(0, padded.shape[0], tile)
        for x in range(0, padded.shape[1], tile)
    ]
    where = {322: tile, 323: tile, 324: tiles}
    return _tiff(
        {256: width, 257: height, 258: [8] * channels, 259: 8, 262: 2, 277: channels, **where}
    )


def planar_tiff(samples: NDArray[np.uint16]) -> bytes:
    """An RGB TIFF of 16 bit, one plane after the other."""
    return plain_tiff(samples, photometric=2, planar=True)


def plain_tiff(
    samples: NDArray[Any],
    photometric: int,
    *,
    planar: bool = False,
    extra: int | None = None,
    profile: bytes | None = None,
) -> bytes:
    """An unpacked TIFF in one strip, or one of each plane. `extra`: what the last channel is."""
    height, width, channels = samples.shape
    little = samples.astype(samples.dtype.newbyteorder("<"))
    strips = [little[..., i].tobytes() for i in range(channels)] if planar else [little.tobytes()]
    bits = [samples.dtype.itemsize * 8] * channels
    fields: dict[int, Any] = {256: width, 257: height, 258: bits, 259: 1, 262: photometric}
    fields |= {273: strips, 277: channels, 278: height, 284: 2 if planar else 1}
    if extra is not None:
        fields[338] = extra
    if profile is not None:
        fields[34675] = profile
    return _tiff(fields)


#: Where the data of strips and tiles is, and the tag of their lengths.
_LENGTHS = {273: 279, 324: 325}


def _tiff(fields: dict[int, Any]) -> bytes:
    """A little-endian TIFF (TIFF 6.0, section 2). A list of bytes becomes offsets and lengths."""
    body = bytearray()
    values: dict[int, list[int] | bytes] = {}
    for tag, value in fields.items():
        if tag not in _LENGTHS:
            values[tag] = value if isinstance(value, list | bytes) else [value]
            continue
        offsets = []
        for piece in value:
            offsets.append(8 + len(body))
            body += piece
        values[tag], values[_LENGTHS[tag]] = offsets, [len(piece) for piece in value]
    entries = b""
    for tag, numbers in sorted(values.items()):
        is_raw = isinstance(numbers, bytes)
        data = numbers if isinstance(numbers, bytes) else struct.pack(f"<{len(numbers)}I", *numbers)
        if len(data) > 4:
            data, at = struct.pack("<I", 8 + len(body)), data
            body += at
        entries += struct.pack("<HHI", tag, 7 if is_raw else 4, len(numbers)) + data
    directory = struct.pack("<H", len(values)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(body)) + bytes(body) + directory
