"""What a visitor's service worker keeps, so that the page opens without a network. No Flask here.

Invariant: a shell's version covers every byte of it, the worker's own source included, so a browser
that holds a version holds all of one release and nothing of another.

The tree's files travel and are kept in archives, one for the page and one for each language: a line
of JSON, `{"headers": [{name: value}], "files": [[name, bytes, which headers]]}`, and then the
files one after the other. So an archive's digest covers the policies of its files as well.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from server.asset_tree import AssetTree, Runtime, load_tree
from server.headers import CSP, SECURITY_HEADERS, asset_realm
from server.media import IMMUTABLE, mime_type
from server.variants import Asset, VariantStore

PAGE = "./"
"""The page's path relative to the site root, as the other keys of a shell are."""

# What a language says beside English, which every page has: kept by those who read it.
_LANGUAGE = re.compile(r"messages/(?!en/)([^/]+)/[^/]+\.js")

# The archive of the page, and those of languages, by their names in the tree.
_PAGE_ARCHIVE = "shell.archive"
_LANGUAGE_ARCHIVE = re.compile(r"shell\.[^./]+\.archive")

# Pictures of the manifest, which carries them itself; and three megabytes that few photos need.
_UNASKED = ("icon.svg", "icons/", "vendor/heic-to/")


def load_site(client: Path, node_modules: Path, store: VariantStore, salt: str = "") -> AssetTree:
    """As `load_tree`, and beside the files the archives of them. Raises OSError as well."""
    tree = load_tree(client, node_modules, store, salt)
    archives: dict[str, list[Asset]] = {}
    for name, asset in tree.assets.items():
        if not name.startswith(_UNASKED) and not name.endswith(".wasm"):
            archives.setdefault(_archive_of(name), []).append(asset)
    packed = {name: store.asset_of(name, pack(files)) for name, files in archives.items()}
    return replace(tree, assets=tree.assets | packed)


def _archive_of(name: str) -> str:
    """Name in the tree of the archive that holds a file of it."""
    spoken = _LANGUAGE.fullmatch(name)
    return f"shell.{spoken[1]}.archive" if spoken else _PAGE_ARCHIVE


def pack(files: Iterable[Asset]) -> bytes:
    """An archive of files of the tree, each with the headers that it is sent with."""
    bodies, kinds, listed = [], dict[tuple[str, str], int](), []
    for asset in files:
        body = asset.identity.read()
        kind = (mime_type(asset.name), asset_realm(asset.name).policy)
        listed.append([asset.name, len(body), kinds.setdefault(kind, len(kinds))])
        bodies.append(body)
    headers = [
        {"Content-Type": media, "Cache-Control": IMMUTABLE, CSP: policy, **SECURITY_HEADERS}
        for media, policy in kinds
    ]
    head = json.dumps({"headers": headers, "files": listed}, separators=(",", ":"))
    return b"".join([head.encode(), b"\n", *bodies])


def lasting_files(tree: AssetTree, runtime: Runtime) -> dict[str, str]:
    """The files whose URL names their content -> integrity.

    Binaries are left out: delivery brings them, and the client's store keeps them. So are languages
    but English, see `language_files`.
    """
    glue = {
        runtime.url(name): _integrity(asset)
        for name, asset in runtime.assets.items()
        if not name.endswith(".wasm")
    }
    return {tree.base + _PAGE_ARCHIVE: _integrity(tree.assets[_PAGE_ARCHIVE])} | glue


def language_files(tree: AssetTree) -> dict[str, str]:
    """Words that are kept of the languages that are spoken on a device: path -> integrity."""
    return {
        tree.base + name: _integrity(asset)
        for name, asset in tree.assets.items()
        if _LANGUAGE_ARCHIVE.fullmatch(name)
    }


def _integrity(asset: Asset) -> str:
    return integrity([bytes.fromhex(asset.digest.sha256)])


def integrity(digests: Iterable[bytes]) -> str:
    """SHA-256 digests as Subresource Integrity metadata: any one of them will do."""
    return " ".join(f"sha256-{b64encode(digest).decode()}" for digest in digests)


def integrity_of(bodies: Iterable[bytes]) -> str:
    """As `integrity`, for the forms that one document may have."""
    return integrity(hashlib.sha256(body).digest() for body in dict.fromkeys(bodies))


def version_of(tree: AssetTree, files: Mapping[str, str], source: bytes) -> str:
    """The tree's digest, which open pages go by, and a digest of everything else.

    `source`: the service worker's own, before it is given this version.
    """
    lines = [f"{path} {digests}" for path, digests in sorted(files.items())]
    digest = hashlib.sha256("\n".join(lines).encode() + source).hexdigest()
    return f"{tree.digest}-{digest[:12]}"
