"""What an operator makes of the page: its name, words, logo and colour. No Flask here.

Invariant: all of it is data. Words reach the page as text, a logo as the source of an `<img>`,
where an SVG runs no script, and a colour only as six hexadecimal digits: none of it can bring
markup, style or script into the page.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree

from server.media import MIME_TYPES

DEFAULT_TITLE = "Mattebox"
LARGEST_LOGO = 64 * 1024
"""Bytes: the logo is in the page, which is fetched at each visit."""

# Of styles.css: what stands on the accent colour, and what it stands on.
_WHITE = "#ffffff"
_PAPER, _PAPER_DARK = "#f6f5f1", "#141613"
LEAST_CONTRAST = 4.5
"""Text on a plain ground (WCAG 2.2, 1.4.3): white words on buttons, and words in the colour."""
_WELL_READ = 7.0

_NOTHING: Mapping[str, str] = MappingProxyType({})
_MAGIC = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg", b"RIFF": ".webp"}


class BrandingError(ValueError):
    """What an operator wants cannot be used; the message says why, with the number."""


@dataclass(frozen=True)
class Branding:
    """title: of the page. intro, support_note: sentences by language tag, "" for all others.
    logo: a data: URL. accent: six colours, `accents`."""

    title: str = DEFAULT_TITLE
    intro: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    support_note: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    logo: str = ""
    accent: tuple[str, ...] = ()


def logo_url(path: Path) -> str:
    """A picture as a data: URL. Raises BrandingError for what is none, or too large."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BrandingError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > LARGEST_LOGO:
        raise BrandingError(f"{path} has {len(data):,} bytes; expected at most {LARGEST_LOGO:,}")
    kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
    if kind is None and _is_svg(data):
        kind = ".svg"
    if kind is None:
        raise BrandingError(f"{path} is no PNG, JPEG, WebP or SVG picture")
    return f"data:{MIME_TYPES[kind]};base64,{b64encode(data).decode()}"


def _is_svg(data: bytes) -> bool:
    # A document type could name entities, which grow without end; a picture needs none.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return False
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - without a document type, no entities
    except ElementTree.ParseError:
        return False
    return root.tag == "{http://www.w3.org/2000/svg}svg"


def accents(colour: str) -> tuple[str, ...]:
    """The colour and what goes with it: for a light page the accent, one that is stronger and one
    that is soft, then the same for a dark one, whose accent is made lighter until it is read well.

    Raises BrandingError with the contrast where it is too low.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise BrandingError(f"{colour!r} is no colour; expected six digits such as #0b5c45")
    for ground, what in ((_WHITE, "white words on it"), (_PAPER, "words in it on the page")):
        reached = contrast(colour, ground)
        if reached < LEAST_CONTRAST:
            raise BrandingError(
                f"{colour} has a contrast of {reached:.2f} for {what}; expected {LEAST_CONTRAST} or"
                " more: choose a darker colour"
            )
    light = next(
        mixed
        for share in range(0, 101, 2)
        if contrast(mixed := _mixed(colour, _WHITE, share / 100), _PAPER_DARK) >= _WELL_READ
    )
    return (
        colour.lower(),
        _mixed(colour, "#000000", 0.25),
        _mixed(colour, _WHITE, 0.88),
        light,
        _mixed(light, _WHITE, 0.35),
        _mixed(colour, _PAPER_DARK, 0.75),
    )


def contrast(one: str, other: str) -> float:
    """1..21, as WCAG 2.2 defines it (relative luminance of sRGB)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = (
        part / 12.92 if (part := value / 255) <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for value in _channels(colour)
    )
    return sum(
        weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


def _mixed(one: str, other: str, share: float) -> str:
    """`share`, 0..1, of the other."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
