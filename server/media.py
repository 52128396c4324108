"""Media types, and how long a response may be kept. No Flask here."""

from __future__ import annotations

from pathlib import PurePosixPath

from server.asset_tree import SetupError

# The machine's own tables disagree (.js is text/plain on some, .mjs and .onnx are missing on most),
# and with nosniff a wrong type is a script that does not run.
MIME_TYPES = {
    ".archive": "application/octet-stream",
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".data": "application/octet-stream",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".onnx": "application/octet-stream",
    ".onnx_data": "application/octet-stream",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
}

_YEAR = 365 * 24 * 60 * 60  # seconds
IMMUTABLE = f"public, max-age={_YEAR}, immutable"
UNTOUCHED = f"{IMMUTABLE}, no-transform"
"""A transforming proxy would break Content-Length and ranges, which resumed downloads need."""
REVALIDATE = "no-cache"


def mime_type(name: str) -> str:
    """The media type for a file name. Raises SetupError for a suffix that is not in MIME_TYPES."""
    suffix = PurePosixPath(name).suffix
    if suffix not in MIME_TYPES:
        raise SetupError(
            f"{name}: no media type for {suffix!r}; server/media.py lists the known ones"
        )
    return MIME_TYPES[suffix]
