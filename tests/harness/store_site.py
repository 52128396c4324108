"""The application over a store of models that a test has filled."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from server import create_app
from tests.harness.site import Site, serving


@contextmanager
def serving_store(root: Path) -> Iterator[Site]:
    """The site whose models are those of the store at `root`; all else is as it is."""
    with patch.dict(os.environ, {"MATTEBOX_MODEL_STORE": str(root)}):
        app = create_app()
    with serving(app) as site:
        yield site
