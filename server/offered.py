"""What an application gives to visitors, as it says itself."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask

FILES = "files"
"""Name among an application's extensions of the paths of its assets and runtime files."""

PREFIX = "prefix"
"""Name among an application's extensions of the path that it is mounted under."""


def catalog_of(app: Flask) -> dict[str, Any]:
    """What `app` answers to /catalog.json."""
    path = f"{app.extensions[PREFIX]}/catalog.json"
    answer = app.test_client().get(path, headers={"Accept-Encoding": "identity"})
    catalog: dict[str, Any] = json.loads(answer.data)
    return catalog


def offered(catalog: dict[str, Any]) -> list[dict[str, Any]]:
    """All models of a catalog: those that draw mattes, and those of other tasks."""
    return [*catalog["models"], *catalog["pipelines"]]


def models_of(app: Flask) -> list[str]:
    """Paths of the models' files that `app` offers, relative to the site's root."""
    return sorted({file["url"] for model in offered(catalog_of(app)) for file in model["files"]})
