"""The schema of one source of a catalog entry, and of the words it shares with files."""

from __future__ import annotations

from typing import Any

from model_store.source import (
    Chunks,
    FileSource,
    HttpsSource,
    NpmSource,
    PypiSource,
    Source,
)
from model_store.table import Table

ROLES = ("graph", "external-data")
PIPELINE_ROLES = (
    "text-encoder",
    "text-encoder-2",
    "tokenizer",
    "unet",
    "vae",
    "vae-encoder",
    "vae-decoder",
    "external-data",
)
SHA256 = r"[0-9a-f]{64}"
SHA256_WORDS = "64 lower-case hex digits"
# A file name becomes a path and a URL segment: no separators, no leading dot, nothing to escape.
FILE_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"

_VERSION = r"[0-9][A-Za-z0-9.+!-]*"


def read_source(table: Table, roles: tuple[str, ...]) -> Source:
    """The source `table` describes. What is wrong is added to the table's problems."""
    kind = table.choice("kind", ("pypi", "npm", "https", "file"))
    readers = {"npm": _npm, "https": _https, "file": _file}
    source = readers.get(kind, _pypi)(table, _pins(table, kind, roles))
    table.finish()
    return source


def _pins(table: Table, kind: str, roles: tuple[str, ...]) -> dict[str, Any]:
    """Size, digests and part. A web server's file may come with one digest and no size, or with
    none where `pin` says so.

    A package client says nothing of a file inside a package, so there the catalog says it all.
    """
    lax = kind == "https"
    pins: dict[str, Any] = {"bytes": None, "md5": None, "sha256": None}
    if lax and table.has("pin"):
        pins["first_use"] = table.choice("pin", ("first-use",)) == "first-use"
        if table.has("md5") or table.has("sha256"):
            table.report("pin", "no such key beside a digest", "'first-use'")
    elif lax and not (table.has("md5") or table.has("sha256")):
        table.report("md5", 'a digest, md5 or sha256, or pin = "first-use"', "nothing")
    if table.has("bytes") or not lax:
        pins["bytes"] = table.integer("bytes", 1)
    if table.has("md5") or kind in ("pypi", ""):
        pins["md5"] = table.text("md5", r"[0-9a-f]{32}", "32 lower-case hex digits")
    if table.has("sha256") or not lax:
        pins["sha256"] = table.text("sha256", SHA256, SHA256_WORDS)
    if table.has("role") or "graph" not in roles:
        pins["role"] = table.choice("role", roles)
    if table.has("name"):
        pins["name"] = table.text("name", FILE_NAME, "a plain file name")
    return pins


def _pypi(table: Table, pins: dict[str, Any]) -> Source:
    return PypiSource(
        kind="pypi",
        package=table.text("package", r"[A-Za-z0-9][A-Za-z0-9._-]*", "a package name"),
        version=table.text("version", _VERSION, "an exact version"),
        member=_member(table, "member", "wheel"),
        **pins,
    )


def _npm(table: Table, pins: dict[str, Any]) -> Source:
    chunks = None
    if table.has("chunks") or not table.has("member"):
        inner = table.table("chunks")
        chunks = Chunks(index=_member(inner, "index", "package"), key=inner.text("key"))
        inner.finish()
    return NpmSource(
        kind="npm",
        package=table.text("package", r"(@[a-z0-9._-]+/)?[a-z0-9][a-z0-9._-]*", "a package name"),
        version=table.text("version", _VERSION, "an exact version"),
        member=None if chunks else _member(table, "member", "package"),
        chunks=chunks,
        download=table.integer("download", 1) if table.has("download") else None,
        **pins,
    )


def _https(table: Table, pins: dict[str, Any]) -> Source:
    address = rf"https://[^\s/?#]+/(\S*/)?{FILE_NAME}"
    url = table.text("url", address, "an https:// address that ends in a plain file name")
    return HttpsSource(kind="https", url=url, **pins)


def _file(table: Table, pins: dict[str, Any]) -> Source:
    return FileSource(kind="file", path=table.text("path"), **pins)


def _member(table: Table, key: str, where: str) -> str:
    return table.text(key, r"[^/\s]\S*", f"a path inside the {where}")
