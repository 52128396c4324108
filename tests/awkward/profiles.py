"""ICC profiles made from the one that littlecms builds for sRGB (ICC.1:2010, 7.3 and 10.31)."""

from __future__ import annotations

import struct

from PIL import ImageCms

_HEAD = 128
_ENTRY = 12


def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _entries(profile: bytes) -> dict[bytes, tuple[int, int, int]]:
    """Tag -> where its entry in the table is, and where its data is and how long."""
    (count,) = struct.unpack_from(">I", profile, _HEAD)
    table = {}
    for index in range(count):
        at = _HEAD + 4 + index * _ENTRY
        tag, offset, length = struct.unpack_from(">4sII", profile, at)
        table[tag] = (at, offset, length)
    return table


def _swapped() -> bytes:
    profile = bytearray(_srgb())
    table = _entries(bytes(profile))
    for tag, instead in ((b"rXYZ", b"gXYZ"), (b"gXYZ", b"bXYZ"), (b"bXYZ", b"rXYZ")):
        at = table[tag][0]
        profile[at : at + 4] = instead
    return bytes(profile)


def _with_primaries(primaries: dict[bytes, tuple[float, float, float]]) -> bytes:
    profile = bytearray(_srgb())
    table = _entries(bytes(profile))
    for tag, xyz in primaries.items():
        fixed = (round(value * 65536) for value in xyz)
        struct.pack_into(">3i", profile, table[tag][1] + 8, *fixed)
    return bytes(profile)


#: What the file calls red is green, green is blue, and blue is red.
SWAPPED = _swapped()
#: Display P3's primaries, adapted to D50, with sRGB's curve: what phones write.
DISPLAY_P3 = _with_primaries(
    {
        b"rXYZ": (0.51512, 0.24120, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
    }
)
