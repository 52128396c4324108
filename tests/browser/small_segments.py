"""The real model in small segments: a file of 2 MB that downloads like one of 80."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from tests.browser.made_models import described
from tests.browser.site import Answer, Site

SEGMENT = 256 * 1024


@dataclass(frozen=True)
class CutModel:
    """What the catalog then says of the model's one file."""

    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def count(self) -> int:
        return -(-len(self.data) // SEGMENT)

    def span(self, index: int) -> tuple[int, int]:
        """First byte of a segment, and the one behind its last."""
        return index * SEGMENT, min((index + 1) * SEGMENT, len(self.data))


def cut(site: Site) -> CutModel:
    """Have the site's catalog describe its files in segments of `SEGMENT` bytes."""
    root = Path(__file__).parents[2]
    path = root / "model_store" / "weights" / "u2netp.onnx"
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
            file.update(described(source.read_bytes(), SEGMENT))
        return answer.with_body(json.dumps(catalog).encode())

    site.faults["/catalog.json"] = recut
    return CutModel(path.read_bytes())
