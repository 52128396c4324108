"""Sources are data: each kind is read strictly, what is wrong is named."""

from __future__ import annotations

from typing import Any

import pytest

from model_store import catalog
from model_store.catalog import STORE, CatalogError

SHA = {"sha256": "0" * 64}
NPM = {"kind": "npm", "package": "@some/model", "version": "1.0.0", "bytes": 3} | SHA
CHUNKS = {"chunks": {"index": "dist/resources.json", "key": "/models/medium"}}
WEB = {"kind": "https", "url": "https://example.org/files/m.onnx"}
DISK = {"kind": "file", "path": "m.onnx", "bytes": 3} | SHA

RIGHT: list[dict[str, Any]] = [
    NPM | CHUNKS,
    NPM | {"member": "dist/m.onnx"},
    WEB | SHA,
    WEB | {"md5": "0" * 32},
    WEB | SHA | {"md5": "0" * 32, "bytes": 3},
    WEB | {"pin": "first-use", "bytes": 3},
    DISK,
    DISK | {"role": "external-data", "name": "m.onnx.data"},
]
WRONG: list[tuple[dict[str, Any], str]] = [
    (NPM, "sources[0].chunks: expected a table"),
    (NPM | CHUNKS | {"member": "x"}, "sources[0].member: expected no such key"),
    (NPM | {"chunks": {"index": "/x", "key": "k"}}, "a path inside the package"),
    (NPM | {"chunks": {"index": "x"}}, "sources[0].chunks.key"),
    (NPM | CHUNKS | {"package": "Some/Model"}, "a package name"),
    (NPM | CHUNKS | {"version": "^1.0.0"}, "an exact version"),
    (NPM | CHUNKS | {"sha256": None}, "sha256"),
    (WEB, "a digest, md5 or sha256"),
    (WEB | {"pin": "never"}, "'first-use'"),
    (WEB | SHA | {"pin": "first-use"}, "no such key beside a digest"),
    (DISK | {"pin": "first-use"}, "no such key"),
    (WEB | SHA | {"url": "http://example.org/m.onnx"}, "an https:// address"),
    (WEB | SHA | {"url": "https://example.org/"}, "a plain file name"),
    (WEB | SHA | {"url": "https://example.org/a?file=m.onnx"}, "a plain file name"),
    (WEB | SHA | {"bytes": 0}, "from 1"),
    (DISK | {"path": ""}, "sources[0].path"),
    (DISK | {"role": "vae"}, "'graph', 'external-data'"),
    (DISK | {"name": "a/b"}, "a plain file name"),
    (DISK | {"colour": 1}, "no such key"),
]


@pytest.mark.parametrize("source", RIGHT)
def test_a_source_is_read(store, source):
    store.offer("big", source)
    *_, big = catalog.read(store.write()).models
    (read,) = big.sources
    for key, value in source.items():
        assert read.first_use if key == "pin" else vars(read)[key] == value or key == "chunks"


@pytest.mark.parametrize(("source", "expected"), WRONG)
def test_a_wrong_source_is_refused(store, source, expected):
    store.offer("big", {key: value for key, value in source.items() if value is not None})
    with pytest.raises(CatalogError) as caught:
        catalog.read(store.write())
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"install": {"optimise": "int4"}}, "'none', 'trim', 'fp16', 'int8'"),
        ({"install": {}}, "install.optimise"),
        ({"install": {"optimise": "none", "x": 1}}, "no such key"),
        ({"files": []}, "files: expected no such key"),
        ({"task": "generation"}, "input: expected no such key"),
    ],
)
def test_an_entry_to_install_says_how_and_no_more_than_it_can_know(store, changes, expected):
    store.offer("big", WEB | SHA, **changes)
    with pytest.raises(CatalogError) as caught:
        catalog.read(store.write())
    assert expected in str(caught.value)


def test_the_shipped_catalog_offers_what_was_decided():
    found = catalog.read(STORE)
    models = {model.id: model for model in found.models}
    tiers = {entry.id: entry.tier for entry in (*found.models, *found.composites)}
    assert tiers["u2netp"] == "instant"
    assert tiers["isnet-duo"] == tiers["isnet-small"] == "fast"
    assert tiers["isnet"] == "best"
    assert tiers["birefnet-lite-512"] == tiers["birefnet-general"] == tiers["ben2"] == "best"
    assert models["birefnet-lite-512"].backends == ("wasm",)
    assert models["birefnet-lite-1024"].backends == models["ben2"].backends == ("webgpu",)
    assert [name for name, model in models.items() if not model.install] == ["u2netp"]
    for model in models.values():
        assert model.licence in ("Apache-2.0", "MIT")
        assert all(source.is_pinned or source.first_use for source in model.sources)
        # In a browser's list: long enough to choose by, short enough to be read.
        assert 20 <= len(model.summary) <= 90
