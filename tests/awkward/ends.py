"""Files that say less, or other things, than they should: cut, turned in odd ways, misplaced."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tests.awkward import bytes as raw

Size = tuple[int, int]
ORIENTATION = 0x0112
#: Types of a number in TIFF (TIFF 6.0, section 2) and how `struct` writes it.
NUMBERS = {"byte": (1, "B3x"), "short": (3, "H2x"), "long": (4, "I"), "slong": (9, "i")}


@dataclass(frozen=True)
class Cut:
    """A JPEG whose end is missing: what is left of it, and the note that the photo gets."""

    name: str
    data: bytes
    said: str


def cut(jpeg: bytes, progressive: bytes) -> Iterator[Cut]:
    """Ends that cameras and connections leave. Of each, most of the picture is there."""
    yield Cut("no-end.jpg", jpeg[:-2], "The whole picture is there")
    yield Cut("no-end-zeros.jpg", jpeg[:-2] + bytes(4096), "The whole picture is there")
    scan = jpeg.index(b"\xff\xda")
    most = scan + (len(jpeg) - scan) * 4 // 5
    yield Cut("cut-below.jpg", jpeg[:most], "A part of this photo is grey")
    yield Cut("cut-below-zeros.jpg", jpeg[:most] + bytes(4096), "A part of this photo is grey")
    yield Cut("coarse.jpg", progressive[: len(progressive) // 2], "may lack fine detail")


def whole(jpeg: bytes) -> Iterator[tuple[str, bytes]]:
    """Files that end otherwise than their picture."""
    yield "film-behind.jpg", jpeg + b"\0\0\0\x18ftypmp42" + bytes(3000)
    yield "zeros-behind.jpg", jpeg + bytes(3000)
    yield "cut-behind.jpg", jpeg + jpeg[:2000]


def turned(jpeg: bytes) -> Iterator[tuple[str, bytes]]:
    """A photo that `jpeg` stores turned by 6, which EXIF says as no camera should."""
    for order, name in (("<", "little"), (">", "big")):
        for kind in ("byte", "long", "slong"):
            number, written = NUMBERS[kind]
            exif = _exif(order, struct.pack(f"{order}HHI{written}", ORIENTATION, number, 1, 6))
            yield f"turned-{kind}-{name}.jpg", raw.with_segments(jpeg, 0xE1, [exif])


def _exif(order: str, entry: bytes) -> bytes:
    start = b"II*\0" if order == "<" else b"MM\0*"
    return (
        b"Exif\0\0" + start + struct.pack(f"{order}IH", 8, 1) + entry + struct.pack(f"{order}I", 0)
    )


def screens(gif: bytes, size: Size) -> Iterator[tuple[str, bytes, Size]]:
    """GIFs whose screen and first picture differ, and the size in which Pillow opens them."""
    width, height = size
    table = 3 * 2 ** ((gif[10] & 7) + 1)
    at = gif.index(b"\x2c" + struct.pack("<4H", 0, 0, *size), 13 + table)
    for name, screen, place in (
        ("no-screen", (0, 0), (0, 0)),
        ("no-screen-width", (0, height), (0, 0)),
        ("small-screen", (100, 80), (0, 0)),
        ("large-screen", (width + 90, height + 70), (20, 10)),
        ("beyond-screen", size, (width + 20, 30)),
    ):
        made = bytearray(gif)
        made[6:10] = struct.pack("<2H", *screen)
        made[at + 1 : at + 5] = struct.pack("<2H", *place)
        right, below = width + place[0], height + place[1]
        yield f"{name}.gif", bytes(made), (max(screen[0], right), max(screen[1], below))
