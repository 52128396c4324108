"""Sources are data: each kind is read strictly, what is wrong is named."""

from __future__ import annotations

import re
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


# As two or more public projects state them of the revision: bytes, how SHA-256 begins, where it can
# run, licence. Nobody states the digest of birefnet-512.
OF_2026 = {
    "birefnet-lite-1024": ([(114_834_127, "4059896039df")], ("webgpu",), "MIT"),
    "birefnet-lite-512": ([(191_877_254, "1cb0fb360dad")], ("wasm",), "MIT"),
    "birefnet-general-lite": ([(224_005_088, "5600024376f5")], ("wasm",), "MIT"),
    "birefnet-general": ([(972_666_916, "58f621f00f5d")], ("wasm",), "MIT"),
    "birefnet-512": ([(473_435_223, None)], ("webgpu",), "MIT"),
    "ben2": ([(219_121_675, "dfdc25f421f3")], ("webgpu",), "MIT"),
    "modnet": ([(25_888_640, "07c308cf0fc7")], ("webgpu", "wasm"), "Apache-2.0"),
    "silueta": ([(44_173_029, "75da6c8d2f80")], ("webgpu", "wasm"), "Apache-2.0"),
    "u2net": ([(175_997_641, "8d10d2f3bb75")], ("webgpu", "wasm"), "Apache-2.0"),
    "edgetam": (
        [
            (192_225, "ed068218eba9"),
            (19_532_576, "21e75dba7077"),
            (213_114, "d3668299ec3e"),
            (20_958_208, "dfa2125e30d0"),
        ],
        ("webgpu", "wasm"),
        "Apache-2.0",
    ),
    "mobilesam": (
        [(28_157_093, "580f5fb648ea"), (16_501_323, "93915fc7c993")],
        ("webgpu", "wasm"),
        "Apache-2.0",
    ),
}


@pytest.mark.parametrize(("name", "expected"), OF_2026.items(), ids=OF_2026)
def test_an_entry_of_2026_names_one_revision_and_what_it_is(name, expected):
    entry = next(one for one in catalog.read(STORE).entries if one.id == name)
    sources, backends, licence = expected
    found = [(one.bytes, one.sha256[:12] if one.sha256 else None) for one in entry.sources]
    assert (found, entry.backends, entry.licence) == (sources, backends, licence)
    assert 20 <= len(entry.summary) <= 90
    for source in entry.sources:
        assert (source.sha256 is None) == source.first_use
        # A release, or a commit: what lies behind the address cannot become another file.
        assert re.match(
            r"https://(github\.com/[\w-]+/[\w-]+/releases/download/v[\d.]+"
            r"|huggingface\.co/[\w-]+/[\w.-]+/resolve/[0-9a-f]{40})/",
            source.origin,
        )


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
    assert [name for name, model in models.items() if not model.install] == [
        "u2netp",
        "u2netp-light",
    ]
    assert [name for name, model in models.items() if not model.is_alone] == ["u2netp-light"]
    for model in models.values():
        assert model.licence in ("Apache-2.0", "MIT")
        assert all(source.is_pinned or source.first_use for source in model.sources)
        # In a browser's list: long enough to choose by, short enough to be read.
        assert 20 <= len(model.summary) <= 90
