"""A small site whose models come and go as the commands have them come and go."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from model_store import lockfile
from model_store.digest import file_digest
from tests.model_store.conftest import Store
from tests.server import toy_site


class Traffic:
    """`contents`: of the models "one", "two" and "three", which the store knows."""

    def __init__(self, folder: Path, size: int = 5000) -> None:
        self.folder = folder
        self.settings = toy_site.build(folder)
        (self.settings.model_store / "toy.onnx").unlink()
        self.store = Store(self.settings.model_store)
        self.contents = {
            name: hashlib.shake_128(name.encode()).digest(size) for name in ("one", "two", "three")
        }
        for name in self.contents:
            self.store.offer(
                name, {"kind": "file", "path": "/none", "bytes": 1, "sha256": "0" * 64}
            )
        self.store.write()

    def environment(self) -> dict[str, str]:
        """What has the real entry point serve this site."""
        settings = self.settings
        return {
            "MATTEBOX_CLIENT": str(settings.client),
            "MATTEBOX_NODE_MODULES": str(settings.node_modules),
            "MATTEBOX_MODEL_STORE": str(settings.model_store),
            "MATTEBOX_VARIANTS": str(settings.variants),
        }

    def install(self, name: str, *, written: bytes | None = None, **changes: Any) -> None:
        """Put the model in place, then record it. `written`: bytes on the disk that are not what is
        recorded. `changes`: of the record."""
        root = self.store.root
        fresh = root / "weights" / f".new-{name}"
        fresh.mkdir()
        path = fresh / "graph.bin"
        path.write_bytes(self.contents[name])
        facts = vars(file_digest(path))
        path.write_bytes(self.contents[name] if written is None else written)
        home = lockfile.folder_of(root, name)
        if home.exists():
            home.rename(home.with_name(f".old-{name}"))
        fresh.rename(home)
        record = {
            "files": [{"role": "graph", "name": path.name, **facts}],
            "graph": {"input": "in", "output": "out"},
            "samples": [0.5] * 256,
            "rules": self.store.rules(name),
            "story": {},
        }
        lockfile.write_raw(root, lockfile.read_raw(root) | {name: record | changes})
