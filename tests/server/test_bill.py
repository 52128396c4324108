"""The CycloneDX list names every byte that is served and comes from somebody else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from server.asset_tree import RUNTIME_FILES, VENDOR_FILES
from server.bill import bill
from server.config import ROOT
from tests.server import toy_site
from tests.server.test_pins import pinned


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("listed")
    settings = toy_site.build(folder)
    packages = {
        "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
        for name in toy_site.NODE_MODULES
    }
    for package in packages - {"onnxruntime-web"}:
        text = json.dumps({"version": "1.2.3", "license": "MIT"})
        toy_site.write(settings.node_modules / package / "package.json", text.encode())
    app = toy_site.start(settings)
    return folder, bill(app, settings.node_modules, ROOT / "requirements.txt")


def test_every_served_file_of_a_package_is_named_with_its_digest(told: tuple[Path, Any]) -> None:
    folder, document = told
    files = {
        file["name"]: file["hashes"]
        for one in document["components"]
        if one.get("purl", "").startswith("pkg:npm/")
        for file in one["components"]
    }
    sources = {*VENDOR_FILES.values(), *(f"onnxruntime-web/dist/{name}" for name in RUNTIME_FILES)}
    assert files.keys() == sources
    for name, hashes in files.items():
        digest = hashlib.sha256((folder / "node_modules" / name).read_bytes()).hexdigest()
        assert hashes == [{"alg": "SHA-256", "content": digest}]


def test_packages_models_and_what_serves_have_names_versions_licences(
    told: tuple[Path, Any],
) -> None:
    _, document = told
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    by_reference = {one["bom-ref"]: one for one in document["components"]}
    assert len(by_reference) == len(document["components"])
    assert by_reference["pkg:npm/%40jsquash/webp@1.2.3"]["licenses"] == [
        {"license": {"name": "MIT"}}
    ]
    assert f"pkg:npm/onnxruntime-web@{toy_site.RUNTIME_VERSION}" in by_reference
    model = by_reference["model:toy"]
    assert model["type"] == "machine-learning-model"
    digest = toy_site.sha256(toy_site.MODEL_BYTES)
    assert model["components"][0]["hashes"] == [{"alg": "SHA-256", "content": digest}]
    python = {
        one["name"]: one["version"] for one in document["components"] if "pypi" in one["bom-ref"]
    }
    assert python == {name: version for name, (version, _) in pinned("requirements").items()}


def test_nothing_in_it_is_of_this_machine(told: tuple[Path, Any]) -> None:
    folder, document = told
    assert str(folder) not in json.dumps(document)
