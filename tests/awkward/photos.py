"""Files that break decoders, drawn when a test wants them: a photo in many formats, and no photos.

Nothing here comes from the code under test: Pillow, libheif and bytes written by hand.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from tests.awkward import bytes as raw
from tests.awkward import ends, psd
from tests.awkward.profiles import DISPLAY_P3, SWAPPED
from tests.awkward.raw import raws
from tests.fixtures import tone
from tests.fixtures.icc import CMYK, SCANNER, grey_profile
from tests.harness.photos import PHOTOS

Size = tuple[int, int]
JXLS = PHOTOS.parent / "golden" / "jxls.json"

#: Tag of the orientation in EXIF (CIPA DC-008, 4.6.5.1).
ORIENTATION = 0x0112
#: What stores an upright picture so that a reader who obeys the tag sees it upright.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Awkward:
    """A file, and what should come of it: the size of a cutout, or one of these error codes."""

    name: str
    data: bytes
    size: Size | None = None
    codes: tuple[str, ...] = ()
    #: It is no photo, and gets no card.
    is_other: bool = False


def photo() -> Image.Image:
    """The subject: 240 x 160, RGB. Two hundred files are made of it, and cut out one by one."""
    return Image.open(PHOTOS / "coffee.png").convert("RGB").resize((240, 160))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The bytes of a file that Pillow writes."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def oriented(image: Image.Image, kind: str, orientation: int, **options: object) -> bytes:
    """`image` stored so that EXIF `orientation` turns it upright again."""
    how = STORED[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return saved(image if how is None else image.transpose(how), kind, exif=exif, **options)


#: Files as large as with the encoder's own patience, in less than half the time.
SOON = {"preset": "veryfast"}


def heic(image: Image.Image, **options: object) -> bytes:
    """The bytes of a HEIC file, as good as lossless."""
    file = io.BytesIO()
    chosen = {"quality": 95, "enc_params": SOON} | options
    pillow_heif.from_pillow(image).save(file, **chosen)
    return file.getvalue()


def full_chroma(image: Image.Image, quality: int) -> bytes:
    """HEIC in 4:4:4 with scaling lists, as phones write a photo that was edited."""
    lists = {"x265:scaling-list": "default", **SOON}
    return heic(image, quality=quality, chroma=444, enc_params=lists)


def premultiplied_heic(image: Image.Image) -> bytes:
    """HEIC whose colours are multiplied by its alpha, which it says."""
    rgba = np.asarray(image).astype(float)
    rgba[..., :3] *= rgba[..., 3:] / 255
    file = pillow_heif.from_pillow(Image.fromarray(np.rint(rgba).astype(np.uint8), "RGBA"))
    file[0].premultiplied_alpha = True
    out = io.BytesIO()
    file.save(out, quality=95, enc_params=SOON)
    return out.getvalue()


def turned_heic(image: Image.Image, orientation: int) -> bytes:
    """HEIC that `irot` and `imir` turn upright.

    pillow-heif turns what EXIF says before it stores it, and stores that it is to be turned again.
    """
    how = STORED[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = image.copy() if how is None else image.transpose(how).transpose(how)
    stored.info["exif"] = exif.tobytes()
    return heic(stored)


def depth16(image: Image.Image) -> NDArray[np.uint16]:
    """The same picture in 16 bit, H x W x channels."""
    return np.asarray(image).astype(np.uint16) * 257


def veiled(image: Image.Image) -> Image.Image:
    """RGBA, opaque at the right and clear at the left."""
    ramp = np.linspace(0, 255, image.width).astype(np.uint8)
    alpha = np.broadcast_to(np.minimum(255, ramp.astype(int) * 2), (image.height, image.width))
    return Image.merge("RGBA", [*image.split(), Image.fromarray(alpha.astype(np.uint8))])


def orientations() -> Iterator[Awkward]:
    """One photo eight times."""
    image = photo()
    for number in STORED:
        data = oriented(image, "JPEG", number, quality=97, subsampling=0)
        yield Awkward(f"orientation-{number}.jpg", data, image.size)


def incomplete() -> list[ends.Cut]:
    """One photo whose end is missing in many ways."""
    image = photo()
    baseline = saved(image, "JPEG", quality=92)
    return list(ends.cut(baseline, saved(image, "JPEG", quality=92, progressive=True)))


def oddities() -> Iterator[Awkward]:
    """What is cut, turned by what no camera writes, or does not fit."""
    image = photo()
    for one in incomplete():
        yield Awkward(one.name, one.data, image.size)
    baseline = saved(image, "JPEG", quality=92)
    for name, data in ends.whole(baseline):
        yield Awkward(name, data, image.size)
    tenth = baseline[: baseline.index(b"\xff\xda") + len(baseline) // 10]
    yield Awkward("tenth.jpg", tenth, codes=("corrupt-image",))
    lying = image.transpose(Image.Transpose.ROTATE_90)
    for name, data in ends.turned(saved(lying, "JPEG", quality=97, subsampling=0)):
        yield Awkward(name, data, image.size)
    for name, data, size in ends.screens(saved(image, "GIF"), image.size):
        yield Awkward(name, data, size)


def jpegs() -> Iterator[Awkward]:
    """What cameras, scanners and print shops write, and what no browser reads."""
    image = photo()
    size = image.size
    baseline = saved(image, "JPEG", quality=92)
    yield Awkward("baseline.jpg", baseline, size)
    yield Awkward("progressive.jpg", saved(image, "JPEG", progressive=True), size)
    yield Awkward("grey.jpg", saved(image.convert("L"), "JPEG"), size)
    yield Awkward("cmyk.jpg", saved(image.convert("CMYK"), "JPEG", quality=92), size)
    yield Awkward("swapped.jpg", saved(image, "JPEG", quality=97, icc_profile=SWAPPED), size)
    yield Awkward("scanner.jpg", saved(image, "JPEG", quality=97, icc_profile=SCANNER), size)
    inks = saved(image.convert("CMYK"), "JPEG", quality=97, icc_profile=CMYK)
    yield Awkward("inks.jpg", inks, size)
    yield Awkward("p3.jpg", saved(image, "JPEG", quality=97, icc_profile=DISPLAY_P3), size)
    yield Awkward("long-exif.jpg", raw.with_segments(baseline, 0xE2, [bytes(65000)] * 9), size)
    yield Awkward("padded.jpg", raw.with_fill_bytes(baseline, 40), size)
    yield Awkward("one-pixel.jpg", saved(image.resize((1, 1)), "JPEG"), (1, 1))
    for name, marker, precision in (
        ("12-bit.jpg", 0xC1, 12),
        ("lossless.jpg", 0xC3, 8),
        ("arithmetic.jpg", 0xC9, 8),
    ):
        data = raw.with_frame(baseline, marker, precision)
        yield Awkward(name, data, codes=("unsupported-image",))
    bomb = raw.with_frame_size(baseline, 65535, 65535)
    yield Awkward("bomb.jpg", bomb, codes=("image-too-large",))
    yield Awkward("no-width.jpg", raw.with_frame_size(baseline, 0, 0), codes=("corrupt-image",))
    yield Awkward("only-head.jpg", baseline[:400], codes=("corrupt-image",))
    yield Awkward("looping.jpg", baseline[:2] + b"\xff\xe1\x00\x00" * 9, codes=("corrupt-image",))


def pngs() -> Iterator[Awkward]:
    """All colour types, and heads that lie."""
    image = photo()
    size = image.size
    plain = saved(image, "PNG")
    rgba = np.asarray(veiled(image))
    grey = np.asarray(veiled(image).convert("LA"))
    yield Awkward("named.jpg", plain, size)
    yield Awkward("no-extension", plain, size)
    yield Awkward("16-bit.png", raw.png(depth16(image)), size)
    yield Awkward("16-bit-alpha.png", raw.png(rgba.astype(np.uint16) * 257), size)
    yield Awkward("grey-alpha.png", raw.png(grey), size)
    yield Awkward("grey-alpha-16.png", raw.png(grey.astype(np.uint16) * 257), size)
    yield Awkward("grey-16.png", raw.png(depth16(image.convert("L"))[..., None]), size)
    yield Awkward("interlaced.png", raw.png(np.asarray(image), interlaced=True), size)
    palette = image.convert("P", palette=Image.Palette.ADAPTIVE, colors=200)
    yield Awkward("palette.png", saved(palette, "PNG", transparency=3), size)
    yield Awkward("bilevel.png", saved(image.convert("1"), "PNG"), size)
    frames = [image.convert("RGBA"), ImageOps.mirror(image).convert("RGBA")]
    yield Awkward(
        "animated.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:]), size
    )
    yield Awkward("swapped.png", saved(image, "PNG", icc_profile=SWAPPED), size)
    yield Awkward("row.png", saved(image.resize((3000, 1)), "PNG"), (3000, 1))
    yield Awkward("column.png", saved(image.resize((1, 3000)), "PNG"), (1, 3000))
    yield Awkward("one-pixel.png", saved(image.resize((1, 1)), "PNG"), (1, 1))
    yield Awkward("bomb.png", raw.png_head(65536, 65536) + plain[33:], codes=("image-too-large",))
    yield Awkward("empty-head.png", raw.png_head(0, 10) + plain[33:], codes=("corrupt-image",))
    yield Awkward("signature.png", plain[:8], codes=("corrupt-image",))
    yield Awkward("flipped.png", plain[:60] + bytes(200) + plain[260:], codes=("corrupt-image",))


def others() -> Iterator[Awkward]:
    """The rest of what browsers read."""
    image = photo()
    size = image.size
    clear = veiled(image)
    frames = [image, ImageOps.mirror(image)]
    animated = {"save_all": True, "append_images": frames[1:]}
    yield Awkward("lossy.webp", saved(image, "WEBP"), size)
    yield Awkward("lossless.webp", saved(clear, "WEBP", lossless=True, exact=True), size)
    yield Awkward("animated.webp", saved(image, "WEBP", **animated), size)
    yield Awkward("p3.webp", saved(image, "WEBP", lossless=True, icc_profile=DISPLAY_P3), size)
    scanner = saved(image, "WEBP", lossless=True, icc_profile=SCANNER)
    yield Awkward("scanner.webp", scanner, size)
    yield Awkward("plain.avif", saved(image, "AVIF"), size)
    yield Awkward("alpha.avif", saved(clear, "AVIF"), size)
    yield Awkward("turned.avif", oriented(image, "AVIF", 6), size)
    yield Awkward("swapped.avif", saved(image, "AVIF", quality=95, icc_profile=SWAPPED), size)
    yield Awkward("animated.gif", saved(frames[0], "GIF", **animated), size)
    yield Awkward("plain.bmp", saved(image, "BMP"), size)
    yield Awkward("palette.bmp", saved(image.convert("P"), "BMP"), size)
    sizes = [(16, 16), (96, 96), (32, 32)]
    yield Awkward("sizes.ico", saved(image.resize((96, 96)), "ICO", sizes=sizes), (96, 96))
    yield Awkward("truncated.webp", saved(image, "WEBP")[:2000], codes=("corrupt-image",))
    yield Awkward("truncated.avif", saved(image, "AVIF")[:400], codes=("corrupt-image",))


def tiffs() -> Iterator[Awkward]:
    """Shops and scanners."""
    image = photo()
    size = image.size
    tiff = partial(saved, kind="TIFF")
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        yield Awkward(f"{compression}.tiff", tiff(image, compression=compression), size)
    yield Awkward("predicted.tiff", tiff(image, compression="tiff_lzw", tiffinfo={317: 2}), size)
    yield Awkward("grey.tiff", tiff(image.convert("L")), size)
    yield Awkward("grey-16.tiff", tiff(image.convert("L").convert("I;16")), size)
    yield Awkward("palette.tiff", tiff(image.convert("P")), size)
    yield Awkward("bilevel.tiff", tiff(image.convert("1")), size)
    yield Awkward("alpha.tiff", tiff(veiled(image)), size)
    yield Awkward("cmyk.tiff", tiff(image.convert("CMYK")), size)
    yield Awkward("tiles.tiff", raw.tiled_tiff(np.asarray(image), 128), size)
    yield Awkward("planes.tiff", raw.planar_tiff(depth16(image)), size)
    yield Awkward("p3.tiff", tiff(image, icc_profile=DISPLAY_P3), size)
    yield Awkward("inks.tiff", tiff(image.convert("CMYK"), icc_profile=CMYK), size)
    yield Awkward("scanner.tiff", tiff(image, icc_profile=SCANNER), size)
    yield Awkward("linear-grey.tiff", tiff(image.convert("L"), icc_profile=grey_profile(1)), size)
    for number in (3, 6):
        how = STORED[number]
        turned = image.transpose(how) if how is not None else image
        data = tiff(turned, tiffinfo={ORIENTATION: number})
        yield Awkward(f"orientation-{number}.tiff", data, size)
    plain = tiff(image)
    yield Awkward("cut.tiff", plain[:5000], codes=("corrupt-image",))
    yield Awkward("looping.tiff", b"II*\0\x08\0\0\0\0\0\x08\0\0\0", codes=("corrupt-image",))
    for name, mode, options in (
        ("fax.tiff", "1", {"compression": "group4"}),
        ("jpeg-inside.tiff", "RGB", {"compression": "jpeg"}),
        ("jpeg-inside-cmyk.tiff", "CMYK", {"compression": "jpeg"}),
        ("ycbcr.tiff", "YCbCr", {}),
        ("lab.tiff", "LAB", {}),
        ("float.tiff", "F", {}),
        ("big.tiff", "RGB", {"big_tiff": True}),
    ):
        yield Awkward(name, tiff(in_mode(image, mode), **options), size)


def hdr_heic(image: Image.Image, transfer: str) -> bytes:
    """HEIC of 10 bit, as cameras write it."""
    file = pillow_heif.from_bytes("RGB;16", image.size, tone.hdr(image, transfer).tobytes())
    out = io.BytesIO()
    named = {"color_primaries": 9, "matrix_coefficients": 9, "full_range_flag": 1}
    number = 16 if transfer == "pq" else 18
    named |= {"transfer_characteristics": number}
    file.save(out, quality=95, save_nclx_profile=True, enc_params=SOON, **named)
    return out.getvalue()


def hdrs() -> Iterator[Awkward]:
    """Cameras and phones that go beyond a normal screen."""
    image = photo()
    for transfer in ("pq", "hlg"):
        yield Awkward(f"{transfer}.heic", hdr_heic(image, transfer), image.size)
        yield Awkward(f"{transfer}.avif", tone.hdr_avif(image, transfer), image.size)


def heics() -> Iterator[Awkward]:
    """Phones."""
    image = photo()
    size = image.size
    plain = heic(image)
    yield Awkward("plain.heic", plain, size)
    yield Awkward("named-heic.jpg", plain, size)
    yield Awkward("alpha.heic", heic(veiled(image)), size)
    image.info["icc_profile"] = DISPLAY_P3
    yield Awkward("p3.heic", heic(image), size)
    image.info["icc_profile"] = SCANNER
    yield Awkward("scanner.heic", heic(image), size)
    del image.info["icc_profile"]
    named = {"color_primaries": 12, "transfer_characteristics": 13, "matrix_coefficients": 6}
    yield Awkward("named-p3.heic", heic(image, save_nclx_profile=True, **named), size)
    for quality in (30, 60, 80):
        yield Awkward(f"full-chroma-{quality}.heic", full_chroma(image, quality), size)
    yield Awkward("premultiplied.heic", premultiplied_heic(veiled(image)), size)
    for number in STORED:
        yield Awkward(f"orientation-{number}.heic", turned_heic(image, number), size)
    yield Awkward("cut.heic", plain[: len(plain) // 3], codes=("corrupt-image",))


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """`image` in other colours; floating point from 0 to 1."""
    if mode == "LAB":
        made = ImageCms.profileToProfile(
            image, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
        assert made is not None
        return made
    return (
        image.convert(mode).point(lambda value: value / 255) if mode == "F" else image.convert(mode)
    )


def layered() -> Iterator[Awkward]:
    """Photoshop."""
    image = photo()
    stored = np.asarray(image).transpose(2, 0, 1)
    yield Awkward("layers.psd", bytes(psd.Psd(stored, layers=3)), image.size)
    deep = stored.astype(np.uint16) * 257
    yield Awkward("deep.psb", bytes(psd.Psd(deep, depth=16, large=True)), image.size)
    inks = 255 - np.asarray(image.convert("CMYK")).transpose(2, 0, 1)
    yield Awkward("inks.psd", bytes(psd.Psd(inks, psd.CMYK)), image.size)
    empty = psd.Psd(stored, resources={psd.VERSION: b"\0\0\0\1\0" + bytes(9)})
    yield Awkward("no-composite.psd", bytes(empty), codes=("unsupported-image",))
    cut = bytes(psd.Psd(stored))[:5000]
    yield Awkward("cut.psd", cut, codes=("corrupt-image",))


def jxls() -> Iterator[Awkward]:
    """JPEG XL, which Pillow does not write: files of tests/fixtures."""
    for number, entry in enumerate(json.loads(JXLS.read_text())):
        size = (entry["width"], entry["height"])
        yield Awkward(f"{number}.jxl", base64.b64decode(entry["file"]), size)


def camera_raws() -> Iterator[Awkward]:
    """Cameras, by the preview that they put into their raw files."""
    size = (640, 160)
    for raw_file in raws(photo().resize(size)):
        upright = size if raw_file.orientation < 5 else (size[1], size[0])
        if raw_file.preview:
            yield Awkward(raw_file.name, raw_file.data, upright)
        else:
            yield Awkward(raw_file.name, raw_file.data, codes=("unsupported-image",))


def drawings() -> Iterator[Awkward]:
    """Vector graphics, which the page draws: at least 1024 pixels long, and so better not high."""
    body = "<circle cx='50' cy='40' r='30' fill='#c33'/>"
    xmlns = "xmlns='http://www.w3.org/2000/svg'"
    box = f"<svg {xmlns} viewBox='0 0 100 80'>{body}</svg>"
    yield Awkward("box.svg", box.encode(), (1024, 819))
    start = "<?xml version='1.0'?><!-- a drawing -->"
    sized = f"{start}<svg {xmlns} width='2000' height='90'>{body}</svg>"
    yield Awkward("sized.svg", sized.encode(), (2000, 90))
    outside = (
        f"<svg {xmlns} viewBox='0 0 800 80'><image href='https://example.com/x.png'/>{body}</svg>"
    )
    yield Awkward("outside.svg", outside.encode(), (1024, 102))
    size = (1200, 90)
    shape = "width='1200' height='90'"
    for name, text in (
        ("no-namespace", f"<svg {shape}>{body}</svg>"),
        ("https", f"<svg xmlns='https://www.w3.org/2000/svg' {shape}>{body}</svg>"),
        ("linked", f"<svg {xmlns} {shape}>{body}<use xlink:href='#none'/></svg>"),
        ("commented", f"<!-- {'x' * 9000} -->\n<svg {xmlns} {shape}>{body}</svg>"),
        ("declared", f"<?xml version='1.0'?><?a b>c?><svg {xmlns} {shape}>{body}</svg>"),
        (
            "entities",
            f"<!DOCTYPE svg [<!ENTITY red '#c33'>]><svg {xmlns} {shape} fill='&red;'>{body}</svg>",
        ),
    ):
        yield Awkward(f"{name}.svg", text.encode(), size)
        yield Awkward(f"{name}-16.svg", text.encode("utf-16"), size)
        yield Awkward(f"{name}.svgz", gzip.compress(text.encode()), size)
    another = f"<svg xmlns='urn:another' {shape}>{body}</svg>"
    yield Awkward("another.svg", another.encode(), codes=("unsupported-image",))
    packed = gzip.compress(b"a text")
    yield Awkward("packed.svgz", packed, is_other=True)
    broken = f"<svg {xmlns} viewBox='0 0 100 80'><g>"
    yield Awkward("broken.svg", broken.encode(), codes=("corrupt-image",))


def no_photos() -> Iterator[Awkward]:
    """What people drop by mistake, or on purpose."""
    yield Awkward("zero.png", b"", is_other=True)
    yield Awkward("text.png", b"This is no picture at all.\n" * 40, is_other=True)
    for start in (b"BM", b"GIF89a", b"II*\0", b"\0\0\1\0", b"....WEBP"):
        name = f"text-{start[:2].hex()}.jpg"
        yield Awkward(name, start + b"W 3 series, prices\n" * 40, is_other=True)
    page = b"<!doctype html><title>404</title><p>Not found</p>"
    yield Awkward("page.jpg", page, is_other=True)
    yield Awkward("paper.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", is_other=True)
    noise = zlib.compress(struct.pack(">4096I", *range(4096)))
    yield Awkward("noise.webp", noise, is_other=True)


def everything() -> list[Awkward]:
    """All of them, each name once."""
    makers = (
        orientations,
        oddities,
        jpegs,
        pngs,
        others,
        tiffs,
        heics,
        hdrs,
        camera_raws,
        layered,
        jxls,
        drawings,
        no_photos,
    )
    return [file for maker in makers for file in maker()]
