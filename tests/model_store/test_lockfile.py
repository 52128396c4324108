"""A lock file that is wrong in any field, or about any byte, is never used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from model_store import catalog, lockfile
from model_store.catalog import CatalogError, public_entry
from tests.model_store.test_catalog import keys, place

SOURCE = {"kind": "https", "url": "https://example.org/m.onnx", "md5": "0" * 32}
PARTS = {"graph": b"g" * 700, "external_data": b"d" * 9000}

WRONG: list[tuple[str, Any, str]] = [
    ("files", [], "one or more tables"),
    ("files.0.role", "external-data", "one file whose role is 'graph'"),
    ("files.1.role", "graph", "one file whose role is 'graph'"),
    ("files.0.role", "unet", "'graph'"),
    ("files.0.name", "../graph.bin", "plain file name"),
    ("files.1.name", "graph.bin", "each name once"),
    ("files.0.bytes", -700, "from 1"),
    ("files.0.bytes", 700.0, "whole number"),
    ("files.0.sha256", "F" * 64, "lower-case hex"),
    ("files.0.segments", "x", "lower-case hex"),
    ("graph", [], "a table"),
    ("graph.input", "", "a text"),
    ("graph.output", 7, "a text"),
    ("samples", [0.5] * 255, "256 numbers"),
    ("samples", [2.0] * 256, "from 0 to 1"),
    ("samples", ["dark"] + [0.5] * 255, "from 0 to 1"),
    ("seed", "dark", "a whole number"),
    ("rules", "", "a text"),
    ("rules", "0" * 16, "pull it again"),
    ("story", "long", "a table"),
]


def refusal(store) -> CatalogError:
    with pytest.raises(CatalogError) as caught:
        catalog.load(store.write())
    assert "models verify" in str(caught.value)
    return caught.value


@pytest.fixture
def record(store):
    """Model "big" of two parts, installed by hand."""
    store.offer("big", SOURCE)
    return store.record("big", **PARTS)


def test_a_model_is_offered_once_it_is_installed(store):
    store.offer("big", SOURCE)
    assert [model.id for model in catalog.load(store.write()).models] == ["small", "large"]
    store.record("big", **PARTS)
    *_, big = catalog.load(store.root).models
    assert (big.id, big.bytes, big.input.name, big.output.name) == ("big", 9700, "in", "out")
    assert [(file.role, file.bytes) for file in big.files] == [
        ("graph", 700),
        ("external-data", 9000),
    ]
    public = public_entry(big)
    assert public["bytes"] == sum(file["bytes"] for file in public["files"]) == 9700
    assert all(file.path.stat().st_size == file.bytes for file in big.files)
    assert len(public["parts"][0]["canary"]["samples"]) == 256


@pytest.mark.parametrize(("path", "value", "expected"), WRONG)
def test_a_wrong_field_is_refused_with_what_was_expected(store, record, path, value, expected):
    container, key = place(record, path)
    container[key] = value
    store.lock(big=record)
    error = refusal(store)
    assert error.path.name == "installed.json"
    assert "model 'big'" in str(error)
    assert expected in str(error)


def test_every_field_is_needed(store, record):
    original = json.dumps(record)
    for path in keys(record):
        bent = json.loads(original)
        container, key = place(bent, path)
        del container[key]
        store.lock(big=bent)
        assert f"{key}: expected" in str(refusal(store)), path


@pytest.mark.parametrize("path", ["", "files.0", "graph"])
def test_an_unknown_field_is_refused(store, record, path):
    container, _ = place(record, f"{path}.x".lstrip("."))
    container["colour_space"] = "p3"
    store.lock(big=record)
    assert "colour_space" in str(refusal(store))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1}', '{"version": 2, "models": {}}', "\xff"]
)
def test_what_is_no_lock_file_is_refused(store, text):
    lockfile.path_in(store.root).write_bytes(text.encode("latin-1"))
    assert refusal(store).problems[0].field == "installed.json"


@pytest.mark.parametrize("raw", [None, 3, [], "big"])
def test_a_record_that_is_no_table_is_refused(store, raw):
    store.offer("big", SOURCE)
    store.lock(big=raw)
    assert "expected a table" in str(refusal(store))


@pytest.mark.parametrize("fields", [("bytes",), ("sha256",), ("segments",), ("bytes", "sha256")])
def test_facts_transposed_between_the_parts_of_one_model_are_refused(store, record, fields):
    graph, data = record["files"]
    for field in fields:
        graph[field], data[field] = data[field], graph[field]
    store.lock(big=record)
    error = refusal(store)
    assert {problem.file for problem in error.problems} == {"graph.bin", "external_data.bin"}
    assert len(error.problems) == 2 * len(fields)
    if "bytes" in fields:
        for problem in error.problems[:: len(fields)]:
            assert "700" in str(problem)
            assert "9000" in str(problem)


def test_sizes_whose_sum_is_right_are_refused_part_by_part(store, record):
    record["files"][0]["bytes"] += 1
    record["files"][1]["bytes"] -= 1
    store.lock(big=record)
    assert [problem.field for problem in refusal(store).problems] == ["bytes", "bytes"]


def test_facts_transposed_between_two_models_are_refused(store, record):
    store.offer("huge", SOURCE)
    other = store.record("huge", graph=b"G" * 800, external_data=b"D" * 12000)
    mine, others = record["files"][1], other["files"][1]
    mine["bytes"], others["bytes"] = others["bytes"], mine["bytes"]
    store.lock(big=record, huge=other)
    problems = refusal(store).problems
    assert [(p.model, p.file, p.field) for p in problems] == [
        ("big", "external_data.bin", "bytes"),
        ("huge", "external_data.bin", "bytes"),
    ]
    assert "12000" in str(problems[0])
    assert "9000" in str(problems[0])


def test_parts_whose_files_were_exchanged_are_refused(store, record):
    folder = lockfile.folder_of(store.root, "big")
    (folder / "graph.bin").rename(folder / "kept")
    (folder / "external_data.bin").rename(folder / "graph.bin")
    (folder / "kept").rename(folder / "external_data.bin")
    assert {problem.file for problem in refusal(store).problems} == {
        "graph.bin",
        "external_data.bin",
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("input.scale", "max"),
        ("input.mean", [0, 0, 0]),
        ("output.range", "logits"),
        ("canary.seed", 7),
        ("install.optimise", "fp16"),
    ],
)
def test_a_model_installed_under_other_rules_is_refused(store, record, path, value):
    # Its samples were computed with those: every device would fail its canary.
    container, key = place(store.content["models"][-1], path)
    container[key] = value
    assert "pull it again" in str(refusal(store))


def test_words_about_a_model_may_change(store, record):
    store.content["models"][-1] |= {"title": "Better", "summary": "Otherwise.", "tier": "best"}
    assert catalog.load(store.write()).models[-1].title == "Better"


def test_a_part_that_is_missing_is_refused(store, record):
    (lockfile.folder_of(store.root, "big") / "external_data.bin").unlink()
    assert "9000 bytes in weights/big/external_data.bin" in str(refusal(store))


def test_a_record_of_a_model_nobody_knows_is_refused(store, record):
    store.content["models"].pop()
    assert "expected a model of catalog.toml" in str(refusal(store))


def test_a_record_of_a_model_that_comes_with_the_store_is_refused(store, record):
    store.lock(small=record)
    assert "it comes with Mattebox" in str(refusal(store))


def test_the_default_must_be_installed(store, record):
    store.content["default"] = "big"
    assert catalog.load(store.write()).default == "big"
    store.lock()
    with pytest.raises(CatalogError, match="one of what is installed, small, large, found 'big'"):
        catalog.load(store.root)


def test_another_default_goes_before_the_catalogs(store, record):
    assert catalog.load(store.root, default="large").default == "large"
    with pytest.raises(CatalogError, match=r"MATTEBOX_DEFAULT_MODEL .* found 'none'"):
        catalog.load(store.root, default="none")


def test_catalog_sizes_are_the_sizes_on_disk_of_all_that_is_installed_here():
    for entry in catalog.load().entries:
        assert entry.files
        for file in entry.files:
            assert file.path.stat().st_size == file.bytes
        assert entry.bytes == sum(file.path.stat().st_size for file in entry.files)
