"""@imgly/background-removal on a page of its own, as its documentation has one host it oneself.

The package asks `publicPath` for resources.json, which names the pieces of each file. Its own data
package of that version cannot be had from npm: an older one holds the same weights.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort

HOME = Path(__file__).parent / "imgly"
PIECE = 4 * 2**20
"""Bytes of one piece, as the package's own data is cut."""

MODEL = "/models/isnet_fp16"
"""What the package uses when nothing is said."""


@dataclass(frozen=True)
class Piece:
    """One file below `publicPath`."""

    body: bytes
    mime: str


class MissingRivalError(RuntimeError):
    """The package is not installed; the message says how to."""


def create_rival() -> Flask:
    """An application with the page at `/` and everything it fetches below `/public/`."""
    modules = HOME / "node_modules"
    if not modules.is_dir():
        raise MissingRivalError("bench/imgly/node_modules is missing; run `make bench-matte`")
    resources, pieces = _resources(modules)
    files = {
        "": Piece((HOME / "page.html").read_bytes(), "text/html"),
        "bundle.js": Piece(_bundle(modules), "text/javascript"),
        "public/resources.json": Piece(json.dumps(resources).encode(), "application/json"),
        **{f"public/{name}": piece for name, piece in pieces.items()},
    }
    app = Flask(__name__, static_folder=None)

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def send(path: str) -> Response:
        piece = files.get(path) or abort(404)
        response = Response(piece.body, content_type=piece.mime)
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        response.headers["Cache-Control"] = "max-age=31536000" if path else "no-cache"
        return response

    return app


def _resources(modules: Path) -> tuple[dict[str, Any], dict[str, Piece]]:
    runtime = modules / "onnxruntime-web" / "dist"
    names = ("ort-wasm-simd-threaded.wasm", "ort-wasm-simd-threaded.mjs")
    whole = {f"/onnxruntime-web/{name}": (runtime / name).read_bytes() for name in names}
    whole[MODEL] = _weights(modules / "@imgly" / "background-removal-data" / "dist")
    resources: dict[str, Any] = {}
    pieces: dict[str, Piece] = {}
    for key, body in whole.items():
        mime = "text/javascript" if key.endswith(".mjs") else "application/octet-stream"
        chunks = []
        for start in range(0, len(body), PIECE):
            part = body[start : start + PIECE]
            name = hashlib.sha256(part).hexdigest()
            pieces[name] = Piece(part, mime)
            span = [start, start + len(part)]
            chunks.append({"name": name, "hash": name, "offsets": span})
        resources[key] = {"size": len(body), "mime": mime, "chunks": chunks}
    return resources, pieces


def _weights(data: Path) -> bytes:
    chunks = json.loads((data / "resources.json").read_text())["/models/medium"]["chunks"]
    return b"".join((data / chunk["hash"]).read_bytes() for chunk in chunks)


def _bundle(modules: Path) -> bytes:
    built = subprocess.run(
        [
            modules / ".bin" / "esbuild",
            HOME / "entry.mjs",
            "--bundle",
            "--minify",
            "--format=iife",
            "--global-name=rival",
            "--log-level=error",
        ],
        check=True,
        capture_output=True,
    )
    # `--global-name` declares a variable, which a module keeps to itself.
    return built.stdout + b"\nglobalThis.rival = rival;\n"
