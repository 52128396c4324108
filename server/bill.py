"""`flask bill`: what is served and what serves it, as a CycloneDX list (ECMA-424)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask

from server.asset_tree import RUNTIME_FILES, VENDOR_FILES
from server.doctor import ASSETS
from server.offered import catalog_of, offered

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;]+)", re.MULTILINE)


def bill(app: Flask, node_modules: Path, requirements: Path) -> dict[str, Any]:
    """The document: npm packages with the files of them that are served, models with theirs, and
    the Python packages that serve. Nothing in it is of this machine."""
    components = [*_packages(app, node_modules), *_models(app), *_python(requirements)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "mattebox",
                "name": "mattebox",
                "version": catalog_of(app)["version"],
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
    }


def _packages(app: Flask, node_modules: Path) -> Iterator[dict[str, Any]]:
    served = {asset.name: asset for asset in app.extensions[ASSETS]}
    sources = VENDOR_FILES | {name: f"onnxruntime-web/dist/{name}" for name in RUNTIME_FILES}
    files: dict[str, list[dict[str, Any]]] = {}
    for name, source in sorted(sources.items()):
        package = "/".join(source.split("/")[: 2 if source.startswith("@") else 1])
        digest = {"alg": "SHA-256", "content": served[name].digest.sha256}
        files.setdefault(package, []).append({"type": "file", "name": source, "hashes": [digest]})
    for package, own in files.items():
        told = json.loads((node_modules / package / "package.json").read_bytes())
        reference = f"pkg:npm/{quote(package)}@{told['version']}"
        yield {
            "type": "library",
            "bom-ref": reference,
            "name": package,
            "version": told["version"],
            "purl": reference,
            **_licences(told.get("license")),
            "components": own,
        }


def _models(app: Flask) -> Iterator[dict[str, Any]]:
    for model in offered(catalog_of(app)):
        files = [
            {
                "type": "file",
                "name": file["name"],
                "hashes": [{"alg": "SHA-256", "content": file["sha256"]}],
            }
            for file in model["files"]
        ]
        yield {
            "type": "machine-learning-model",
            "bom-ref": f"model:{model['id']}",
            "name": model["id"],
            **_licences(model.get("licence")),
            "components": files,
        }


def _python(requirements: Path) -> Iterator[dict[str, Any]]:
    for match in _PIN.finditer(requirements.read_text(encoding="utf-8")):
        name, version = match["name"].lower().replace("_", "-"), match["version"]
        reference = f"pkg:pypi/{name}@{version}"
        yield {
            "type": "library",
            "bom-ref": reference,
            "name": name,
            "version": version,
            "purl": reference,
        }


def _licences(said: object) -> dict[str, Any]:
    """By the name that its package has for it: not all are SPDX's."""
    return {"licenses": [{"license": {"name": said}}]} if isinstance(said, str) else {}
