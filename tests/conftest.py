"""Tests see the models that come with Mattebox, whatever `make run` has installed here."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.harness.shipped_store import shipped_store

_folder: Path | None = None


def pytest_configure() -> None:
    global _folder  # noqa: PLW0603 (between two hooks, nothing else carries a value)
    _folder = Path(tempfile.mkdtemp(prefix="mattebox-tests-"))
    os.environ["MATTEBOX_MODEL_STORE"] = str(shipped_store(_folder / "model_store"))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if _folder:
        shutil.rmtree(_folder, ignore_errors=True)
