"""What a visitor's service worker keeps, so that the page opens without a network. No Flask here.

Invariant: a shell's version covers every byte of it, the worker's own source included, so a browser
that holds a version holds all of one release and nothing of another.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.asset_tree import AssetTree, Runtime

PAGE = "./"
"""The page's path relative to the site root, as the other keys of a shell are."""

# What a language says beside English, which every page has: kept by those who read it.
_LANGUAGE = re.compile(r"messages/(?!en/)[^/]+/[^/]+\.js")

# Pictures of the manifest, which carries them itself; and three megabytes that few photos need.
_UNASKED = ("icon.svg", "icons/", "vendor/heic-to/")


@dataclass(frozen=True, slots=True)
class Shell:
    """`files`: path relative to the site root -> integrity (SRI): the digests it may have."""

    version: str
    files: Mapping[str, str]


def lasting_files(tree: AssetTree, runtime: Runtime) -> dict[str, str]:
    """The files whose URL names their content -> integrity.

    Binaries are left out: delivery brings them, and the client's store keeps them. So are languages
    but English, see `language_files`.
    """
    assets = {tree.base + name: asset for name, asset in tree.assets.items() if _is_asked(name)}
    glue = {runtime.url(name): asset for name, asset in runtime.assets.items()}
    return {
        url: integrity([bytes.fromhex(asset.digest.sha256)])
        for url, asset in (assets | glue).items()
        if not url.endswith(".wasm")
    }


def language_files(tree: AssetTree) -> dict[str, str]:
    """Words that are kept of the languages that are spoken on a device: path -> integrity."""
    return {
        tree.base + name: integrity([bytes.fromhex(asset.digest.sha256)])
        for name, asset in tree.assets.items()
        if _LANGUAGE.fullmatch(name)
    }


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


def _is_asked(name: str) -> bool:
    return not name.startswith(_UNASKED) and not _LANGUAGE.fullmatch(name)
