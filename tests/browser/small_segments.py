"""The real model in small segments: a file of 2 MB that downloads like one of 80."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.site import Answer, Site

SEGMENT = 256 * 1024


@dataclass(frozen=True)
class CutModel:
    """What the catalog then says of the model's one file."""

    path: Path
    data: bytes
    sha256: str

    @property
    def count(self) -> int:
        return -(-len(self.data) // SEGMENT)

    def span(self, index: int) -> tuple[int, int]:
        """First byte of a segment, and the one behind its last."""
        return index * SEGMENT, min((index + 1) * SEGMENT, len(self.data))


def described(file: dict[str, Any], data: bytes) -> None:
    """Rewrite a catalog's file entry so that it tells the truth about `data` in small segments."""
    pieces = [data[start : start + SEGMENT] for start in range(0, len(data), SEGMENT)]
    file["bytes"] = file["download"] = len(data)
    file["sha256"] = hashlib.sha256(data).hexdigest()
    file["segments"] = [hashlib.sha256(piece).hexdigest() for piece in pieces]


def cut(site: Site) -> CutModel:
    """Have the site's catalog describe its files in segments of `SEGMENT` bytes."""
    root = Path(__file__).parents[2]
    path = root / "model_store" / "weights" / "u2netp.onnx"
    data = path.read_bytes()
    wasm = root / "node_modules" / "onnxruntime-web" / "dist" / "ort-wasm-simd-threaded.wasm"
    codec = root / "node_modules" / "@jsquash" / "png" / "codec" / "pkg" / "squoosh_png_bg.wasm"

    def recut(answer: Answer) -> Answer:
        catalog = json.loads(answer.body)
        catalog["segment_bytes"] = SEGMENT
        pairs = (
            (catalog["runtime"]["builds"]["wasm"]["binary"], wasm),
            (catalog["codecs"]["png"], codec),
            (next(m for m in catalog["models"] if m["id"] == "u2netp")["files"][0], path),
        )
        for file, source in pairs:
            wire = file["download"]
            described(file, source.read_bytes())
            if file["name"].endswith(".wasm"):
                file["download"] = wire
        return answer.with_body(json.dumps(catalog).encode())

    site.faults["/catalog.json"] = recut
    return CutModel(path, data, hashlib.sha256(data).hexdigest())
