"""Camera raw files of each structure, as the public descriptions have them (ExifTool's tags, the
DNG specification, libopenraw's notes on CR3 and RAF): built by hand, for no camera was at hand.

What a sensor saw is a few bytes that nobody reads; the previews are JPEGs that Pillow writes.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from tests.awkward.bytes import with_frame, with_frame_size

ORIENTATION, ARTIST, COPYRIGHT = 0x0112, 0x013B, 0x8298
SUB, EXIF, NOTE = 0x014A, 0x8769, 0x927C
OFFSET, LENGTH = 0x0201, 0x0202
STRIP, STRIP_BYTES = 0x0111, 0x0117
RIGHTS = {ARTIST: b"Ada L\0", COPYRIGHT: b"(c) Ada L\0"}

#: A value that stands elsewhere: bytes whose place is meant, or directories.
At = tuple[str, Any]
Fields = dict[int, Any]


@dataclass(frozen=True)
class Raw:
    """A raw file, the JPEG in it that is to be found, and how it is to be turned."""

    name: str
    data: bytes
    preview: bytes | None
    orientation: int = 1


def jpeg(image: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=60, **options)
    return file.getvalue()


def place(data: bytes) -> At:
    """A LONG that says where `data` is."""
    return ("data", data)


def below(*directories: Fields) -> At:
    return ("directories", directories)


def directory(fields: Fields, at: int, order: str) -> bytes:
    """One directory at `at`, and behind it all it refers to; it says that none follows."""
    table, rest = b"", b""
    behind = at + 2 + 12 * len(fields) + 4
    for tag, value in sorted(fields.items()):
        kind, count, body = 4, 1, b""
        match value:
            case int():
                body = struct.pack(order + "I", value)
            case bytes():
                kind, count, body = (2 if tag in RIGHTS else 7), len(value), value
            case ("shorts", values):
                kind, count, body = 3, len(values), struct.pack(f"{order}{len(values)}H", *values)
            case ("data", data):
                body = struct.pack(order + "I", behind + len(rest))
                rest += data + bytes(len(data) % 2)
            case ("directories", parts):
                places = []
                for part in parts:
                    places.append(behind + len(rest))
                    rest += directory(part, places[-1], order)
                count, body = len(places), struct.pack(f"{order}{len(places)}I", *places)
        if kind == 4 and count == 1 and tag in (ORIENTATION, 0x0103, 0x0106):
            kind, body = 3, struct.pack(order + "H", value) + bytes(2)
        if len(body) > 4:
            where = struct.pack(order + "I", behind + len(rest))
            rest += body + bytes(len(body) % 2)
            body = where
        table += struct.pack(order + "HHI", tag, kind, count) + body.ljust(4, b"\0")
    return struct.pack(order + "H", len(fields)) + table + bytes(4) + rest


def tiff(*chain: Fields, order: str = "<", magic: bytes = b"II*\0", mark: bytes = b"") -> bytes:
    """Directories that follow each other, the first one behind `mark`."""
    out = magic + struct.pack(order + "I", 8 + len(mark)) + mark
    for i, fields in enumerate(chain):
        made = bytearray(directory(fields, len(out), order))
        if i + 1 < len(chain):
            struct.pack_into(order + "I", made, 2 + 12 * len(fields), len(out) + len(made))
        out += made
    return out


def big(*chain: Fields) -> bytes:
    """The same with the high byte first."""
    return tiff(*chain, order=">", magic=b"MM\0*")


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def strip(data: bytes, compression: int) -> Fields:
    return {0x0103: compression, STRIP: place(data), STRIP_BYTES: len(data)}


def interchange(data: bytes) -> Fields:
    return {0x0103: 6, OFFSET: place(data), LENGTH: len(data)}


def sensor(kind: int, data: bytes = b"what the sensor saw") -> Fields:
    return {0x0106: 32803, **strip(data, kind)}


def cr3(large: bytes, screen: bytes, orientation: int) -> bytes:
    """ISO boxes: Exif and a track in `moov`, the screen's JPEG in a box of its own, `mdat`."""
    exif = tiff({ORIENTATION: orientation, **RIGHTS})
    canon = box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + box(b"CMT1", exif))
    start = box(b"ftyp", b"crx \0\0\0\1crx isom")
    shown = bytes(4) + struct.pack(">4HI", 1, 1620, 1080, 1, len(screen)) + screen
    preview = box(
        b"uuid",
        bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16") + bytes(7) + b"\1" + box(b"PRVW", shown),
    )

    def movie(at: int) -> bytes:
        sizes = box(b"stsz", struct.pack(">3I", 0, len(large), 1))
        places = box(b"co64", struct.pack(">2IQ", 0, 1, at))
        table = box(b"stbl", box(b"stsd", bytes(8)) + sizes + places)
        return box(b"moov", canon + box(b"trak", box(b"mdia", box(b"minf", table))))

    ahead = len(start) + len(movie(0)) + len(preview)
    return start + movie(ahead + 8) + preview + box(b"mdat", large + b"raw")


def raf(preview: bytes) -> bytes:
    head = b"FUJIFILMCCD-RAW 0201FF389501" + b"X-E1".ljust(32, b"\0") + b"0100" + bytes(20)
    return head + struct.pack(">6I", 108, len(preview), 0, 0, 0, 0) + preview + b"raw"


def olympus(preview: bytes) -> bytes:
    """A note whose places are counted from its own start."""
    fields = {0x2020: below({0x0101: place(preview), 0x0102: len(preview)})}
    return b"OLYMPUS\0II\x03\0" + directory(fields, 12, "<")


def nikon(preview: bytes) -> bytes:
    """A note that is a TIFF of its own."""
    fields = {0x0011: below({OFFSET: place(preview), LENGTH: len(preview)})}
    return b"Nikon\0\x02\x10\0\0" + big(fields)


def raws(image: Image.Image) -> Iterator[Raw]:
    """`image` has 640 pixels or more on its longer side."""
    full = jpeg(image)
    own = Image.Exif()
    own[ORIENTATION] = 6
    photo = jpeg(image, exif=own)
    small = jpeg(image.resize((160, 120)))
    lossless = with_frame(with_frame_size(small, 6000, 4000), 0xC3, 8)
    thumb = {0x00FE: 1, **strip(bytes(36), 1), 0x0106: 2}
    dng = {0xC612: b"\1\4\0\0"}
    rights = {ORIENTATION: 6, **RIGHTS}
    inside: Sequence[Fields] = ({0x00FE: 1, **strip(full, 7)}, sensor(7, lossless))
    yield Raw("raw.dng", tiff({**thumb, **dng, **rights, SUB: below(*inside)}), full, 6)
    canon = tiff(
        {ORIENTATION: 8, **strip(full, 6)},
        interchange(small),
        strip(bytes(36), 1),
        strip(lossless, 6),
        mark=b"CR\2\0\0\0\0\0",
    )
    yield Raw("raw.cr2", canon, full, 8)
    yield Raw("raw.cr3", cr3(full, jpeg(image.resize((320, 214))), 3), full, 3)
    both = below(interchange(full), sensor(34713))
    yield Raw("raw.nef", big({**thumb, SUB: both}), full)
    noted = {**thumb, SUB: below(sensor(34713)), EXIF: below({NOTE: nikon(full)})}
    yield Raw("raw.nrw", tiff(noted), full)
    sony = {0x00FE: 1, **interchange(full), SUB: below(sensor(32767)), ORIENTATION: 6}
    yield Raw("raw.arw", tiff(sony, interchange(small)), full, 6)
    yield Raw("raw.raf", raf(photo), photo, 6)
    exif = below({NOTE: olympus(full)})
    yield Raw("raw.orf", tiff({ORIENTATION: 3, EXIF: exif}, magic=b"IIRO"), full, 3)
    # The raw file says nothing else than the photo in it.
    yield Raw("raw.rw2", tiff({0x002E: photo, ORIENTATION: 6}, magic=b"IIU\0"), photo, 6)
    pentax = (sensor(65535), interchange(small), interchange(full))
    yield Raw("raw.pef", big(*pentax), full)
    yield Raw("raw.srw", tiff({**thumb, SUB: below(interchange(full), sensor(32770))}), full)
    # Nothing that can be shown, however large.
    only = below({**strip(small, 7)}, {0x0106: 34892, **strip(lossless, 7)})
    yield Raw("no-preview.dng", tiff({**thumb, **dng, SUB: only}), None)
