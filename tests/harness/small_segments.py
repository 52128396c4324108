"""A model in small segments: a file of 2 MB that downloads like one of 80."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from tests.harness.made_models import described
from tests.harness.site import Answer, Site

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
    served = site.app.test_client()
    told = json.loads(served.get("/catalog.json").data)["models"][0]["files"][0]
    data = served.get(f"/{told['url']}").data
    root = Path(__file__).parents[2]
    wasm = root / "node_modules" / "onnxruntime-web" / "dist" / "ort-wasm-simd-threaded.wasm"

    def recut(answer: Answer) -> Answer:
        catalog = json.loads(answer.body)
        catalog["segment_bytes"] = SEGMENT
        pairs = (
            (catalog["runtime"]["builds"]["wasm"]["binary"], wasm.read_bytes()),
            (catalog["models"][0]["files"][0], data),
        )
        for file, source in pairs:
            file.update(described(source, SEGMENT))
        return answer.with_body(json.dumps(catalog).encode())

    site.faults["/catalog.json"] = recut
    return CutModel(data)
