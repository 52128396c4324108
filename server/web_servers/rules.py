"""What the application answers for each path, as patterns that every file server understands.

The values are those that the application itself sends (server/headers.py, server/media.py); the
tests hold each configuration against its answers. No Flask here.

Patterns are regular expressions over a path below the site's root, without a slash before it, in
what PCRE and RE2 have in common.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from server.headers import DOCUMENT_REALMS, METHODS, WORKER_REALMS, Realm
from server.media import IMMUTABLE, MIME_TYPES, REVALIDATE, UNTOUCHED
from server.variants import COMPRESSIBLE

SITE = "site"
"""The folder of the files as they are; all of them have a URL."""

COMPRESSED = "compressed"
"""The folder of the folders of compressed forms, by content-encoding, with the same names."""

HIDDEN = ("404.html", "_headers")
"""Files of the site that are for hosts who ask for them by these names, and have no URL."""

REFUSED = (400, 403, 404, 405, 408, 411, 412, 413, 414, 416, 431, 500, 501, 502, 503, 504, 505)
"""Every status that a server may answer by itself."""


@dataclass(frozen=True)
class Rule:
    """A value of a header for the paths that `pattern` matches as a whole."""

    pattern: str
    value: str


_TREE = "assets/[^/]+"
_RUNTIME = "runtime/[^/]+"
# The same from release to release.
_LASTING_NAMES = r"index\.html|api\.js|sw\.js|manifest(\.[A-Za-z-]+)?\.webmanifest|catalog\.json"

POLICIES = (
    *(Rule(re.escape(name), realm.policy) for name, realm in DOCUMENT_REALMS.items()),
    *(Rule(f"{_TREE}/{re.escape(name)}", realm.policy) for name, realm in WORKER_REALMS.items()),
    Rule(rf"{_RUNTIME}/[^/]+\.mjs", Realm.INFERENCE.policy),
)
"""Who has another policy than Realm.CLOSED."""

CACHING = (
    Rule("(assets|runtime)/.+", IMMUTABLE),
    Rule("models/.+", UNTOUCHED),
    Rule(_LASTING_NAMES, REVALIDATE),
)
"""What may be kept, and for how long. Everything else, refusals too: not at all."""

_SUFFIXES = "|".join(sorted(suffix.removeprefix(".") for suffix in COMPRESSIBLE))

VARYING = (
    rf"(assets|runtime)/.+\.({_SUFFIXES})"
    rf"|{_LASTING_NAMES}"
)
"""What differs with Accept-Encoding."""

MODEL = "models/([0-9a-f]{64})/[^/]+"
"""A model's file, whose tag is its digest: the page refuses a file with another tag. What else is
named by its content goes without one; browsers never ask whether it has changed."""

_QUALITY = r"( *; *q=(0?\.[0-9]*[1-9][0-9]*|1(\.0*)?))?"
ACCEPTS = {
    "br": rf"(^|[ ,])br{_QUALITY} *(,|$)",
    "gzip": rf"(^|[ ,])(x-)?gzip{_QUALITY} *(,|$)",
}
"""Accept-Encoding (in any case) that takes a form, by content-encoding, the best one first."""

RANGE = "bytes=[ \t]*([0-9]+-[0-9]*|-[0-9]+)[ \t]*"
"""The ranges that are answered in part; whatever else is asked for is answered with the whole."""

ALLOWED = ", ".join(METHODS)


def said(status: int) -> str:
    """What a refusal says, apart from 404, which the application words."""
    return f"{status} {HTTPStatus(status).phrase.replace('Request Entity', 'Content')}\n"


def media_types() -> Mapping[str, tuple[str, ...]]:
    """Suffixes, without a dot, by media type."""
    types: dict[str, tuple[str, ...]] = {}
    for suffix, kind in MIME_TYPES.items():
        types[kind] = (*types.get(kind, ()), suffix.removeprefix("."))
    return types


_PLAIN_TEXT = re.compile(r"[A-Za-z0-9._/:\[\]@+~-]*")

PLAIN = "text/plain; charset=utf-8"
"""The media type of what has no suffix, and of refusals."""

HTML = MIME_TYPES[".html"]


@dataclass(frozen=True)
class Tls:
    """Files with a certificate (and what leads to its authority) and its key, as PEM."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Place:
    """Where a file server finds the site, and where it listens.

    folder: the exported one, as that server sees it. address: "" for all of the machine's. name: of
    the host; "" for any. Raises ValueError for what no configuration can say.
    """

    folder: Path
    port: int = 8080
    address: str = ""
    name: str = ""
    tls: Tls | None = None

    def __post_init__(self) -> None:
        paths = (self.folder, self.tls.certificate, self.tls.key) if self.tls else (self.folder,)
        for text in (self.address, self.name, *map(str, paths)):
            if not _PLAIN_TEXT.fullmatch(text):
                raise ValueError(
                    f"{text!r} cannot be put into a configuration: use letters, digits, and / . - _"
                )


@dataclass(frozen=True)
class Exported:
    """What is served, for all file servers alike.

    prefix: "" or "/tools/mattebox". none: the page that says 404.
    """

    place: Place
    prefix: str
    none: str
