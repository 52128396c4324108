"""A store of its own with what comes with Mattebox, whatever the checkout has installed besides."""

from __future__ import annotations

import shutil
from pathlib import Path

from model_store import catalog
from model_store.catalog import STORE


def shipped_store(root: Path) -> Path:
    """The shipped catalog and its files at `root`, nothing installed."""
    (root / "weights").mkdir(parents=True)
    shutil.copy(STORE / "catalog.toml", root)
    for entry in catalog.read(STORE).entries:
        for file in entry.files:
            target = root / file.path.relative_to(STORE)
            target.parent.mkdir(exist_ok=True)
            shutil.copy(file.path, target)
    return root
