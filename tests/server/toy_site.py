"""A complete site of a few kilobytes, so that a test starts a real server in milliseconds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from flask import Flask

import model_store.catalog
from model_store.catalog import STORE, Catalog, read
from model_store.digest import FileDigest, file_digest
from server import create_app
from server.config import Settings

RUNTIME_VERSION = "9.8.7"
MODEL_BYTES = bytes(range(256)) * 5 + b"end"
LONG_TEXT = "whatCompresses(well);\n" * 200

CLIENT = {
    "index.html": '<!doctype html><script type="module" src="{{ base }}main.js"></script>'
    "{% for url in preload %}<link rel=modulepreload href={{ url }}>{% endfor %}"
    "<meta name=mattebox-release content={{ release }}>",
    "main.js": 'import { start } from "./app.js";\nstart();\n' + LONG_TEXT,
    "app.js": 'export { start } from "./ui/view.js";\n',
    "ui/view.js": "export function start() {}\n",
    "api.js": "export const removeBackground = 1;\n",
    "messages/de/page.js": "export default {\n  'page.description': 'Ohne Hintergrund',\n};\n",
    "workers/model.js": 'import "../runtime/ort.js";\n',
    "runtime/ort.js": 'import "../vendor/onnxruntime-web/ort.wasm.min.mjs";\n',
    "workers/delivery.js": "postMessage(1);\n",
    "styles.css": "body { margin: 0 }\n",
    "icons/icon-192.png": "not really a picture",
    "icons/icon.svg": "<svg/>",
}
NODE_MODULES = {
    "onnxruntime-web/package.json": f'{{"version": "{RUNTIME_VERSION}"}}',
    "onnxruntime-web/dist/ort.wasm.min.mjs": "export default 1;\n",
    "onnxruntime-web/dist/ort.jspi.min.mjs": "export default 4;\n",
    "onnxruntime-web/dist/ort.webgpu.min.mjs": "export default 5;\n",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.mjs": "export default 2;\n" + LONG_TEXT,
    "onnxruntime-web/dist/ort-wasm-simd-threaded.wasm": "\0asm" * 5000,
    "onnxruntime-web/dist/ort-wasm-simd-threaded.jspi.mjs": "export default 6;\n",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.jspi.wasm": "\0asm" * 6000,
    "onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.mjs": "export default 7;\n",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm": "\0asm" * 7000,
    "@jsquash/webp/codec/enc/webp_enc_simd.js": "export default 9;\n",
    "@jsquash/webp/codec/enc/webp_enc_simd.wasm": "\0asm" * 200,
    "@jsquash/avif/codec/enc/avif_enc.js": "export default 10;\n",
    "@jsquash/avif/codec/enc/avif_enc.wasm": "\0asm" * 300,
    "@imagemagick/magick-wasm/dist/index.js": "export default 13;\n",
    "@imagemagick/magick-wasm/dist/x86/magick.wasm": "\0asm" * 600,
    "@jsquash/jxl/codec/dec/jxl_dec.js": "export default 11;\n",
    "@jsquash/jxl/codec/dec/jxl_dec.wasm": "\0asm" * 350,
    "@jsquash/avif/codec/dec/avif_dec.js": "export default 13;\n",
    "@jsquash/avif/codec/dec/avif_dec.wasm": "\0asm" * 600,
    "libheif-js/libheif-wasm/libheif.js": "var libheif;\n",
    "libheif-js/libheif-wasm/libheif.wasm": "\0asm" * 400,
    "heic-to/src/lib/libheif-without-unsafe-eval.js": "export default 11;\n",
    "lcms-wasm/dist/lcms.min.js": "export default 12;\n",
    "lcms-wasm/dist/lcms.wasm": "\0asm" * 500,
    "fzstd/esm/index.mjs": "export const decompress = 12;\n",
    "idb/build/index.js": "export default 8;\n",
    "client-zip/index.js": "export default 25;\n",
    "@huggingface/tokenizers/dist/tokenizers.min.mjs": "export default 26;\n",
    "@noble/hashes/sha2.js": "export const sha256 = 11;\n",
    "@noble/hashes/_md.js": "export {};\n",
    "@noble/hashes/_u64.js": "export {};\n",
    "@noble/hashes/utils.js": "export {};\n",
}


def build(folder: Path, **changes: object) -> Settings:
    """Write the site below `folder` and return its settings."""
    for name, text in CLIENT.items():
        write(folder / "client" / name, text.encode())
    for name, text in NODE_MODULES.items():
        write(folder / "node_modules" / name, text.encode())
    write(folder / "model_store" / "toy.onnx", MODEL_BYTES)
    return settings_of(folder, **changes)


def settings_of(folder: Path, **changes: object) -> Settings:
    """The settings of a site that `build` wrote."""
    settings = {
        "client": folder / "client",
        "node_modules": folder / "node_modules",
        "model_store": folder / "model_store",
        "variants": folder / "variants",
    }
    return Settings(**(settings | changes))  # type: ignore[arg-type]


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def start(settings: Settings, *, at_once: bool = False) -> Flask:
    """The application over a catalog of one model, whose own checks are tested elsewhere."""
    with patch.object(model_store.catalog, "load", toy_catalog):
        return create_app(settings, at_once=at_once)


def start_in(folder: str) -> Flask:
    """For gunicorn, which is given an expression. MATTEBOX_* settings do not apply.

    The site is there already: of workers that start at the same time, one would read what another
    writes.
    """
    sent_by = os.environ.get("TOY_FILES_SENT_BY", "mattebox")
    counts = "TOY_METRICS" in os.environ
    return start(settings_of(Path(folder), files_sent_by=sent_by, metrics=counts))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def toy_catalog(
    root: Path,
    digest: Callable[[Path], FileDigest] = file_digest,
    _default: str | None = None,
) -> Catalog:
    """Every .onnx file below `root` as a file of one model, the rest as in the shipped catalog."""
    shipped = read(STORE).models[0]
    files = []
    for path in sorted(root.glob("*.onnx")):
        facts = vars(digest(path))
        files.append(replace(shipped.files[0], name=path.name, path=path, **facts))
    return Catalog("toy", (replace(shipped, id="toy", files=tuple(files)),))
