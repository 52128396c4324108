"""The catalog is read strictly: what is wrong is named, with what was expected and found."""

from __future__ import annotations

import json
from typing import Any

import pytest

from model_store import catalog
from model_store.catalog import CatalogError, public_entry

# Where in a model's entry, what is put there, and a word of what should have been there.
WRONG: list[tuple[str, Any, str]] = [
    ("id", "No Spaces", "lower-case letters"),
    ("title", "", "a text"),
    ("summary", 7, "a text"),
    ("tier", "quick", "'instant'"),
    ("task", "upscaling", "'matting'"),
    ("licence", "(see website)", "SPDX"),
    ("origin", "http://example.org", "https://"),
    ("backends", [], "1 or more"),
    ("backends", ["wasm", "wasm"], "different"),
    ("backends", ["cuda"], "wasm, webgpu"),
    ("files", [], "one or more tables"),
    ("files.0.role", "vae", "'graph'"),
    ("files.0.name", "../small.onnx", "plain file name"),
    ("files.0.name", ".hidden", "plain file name"),
    ("files.0.bytes", 0, "from 1"),
    ("files.0.bytes", "1000", "whole number"),
    ("files.0.bytes", True, "whole number"),
    ("files.0.sha256", "A" * 64, "lower-case hex"),
    ("files.0.segments", ["xyz"], "lower-case hex"),
    ("input.name", "", "a text"),
    ("input.shape", [1, 3, 32], "[1, 3, height, width]"),
    ("input.shape", [2, 3, 32, 48], "[1, 3, height, width]"),
    ("input.shape", [1, 3, 32, 0], "[1, 3, height, width]"),
    ("input.shape", [1, 3, 32, 48.0], "[1, 3, height, width]"),
    ("input.layout", "NHWC", "'NCHW'"),
    ("input.dtype", "float16", "'float32'"),
    ("input.resize", "bilinear", "'lanczos3'"),
    ("input.scale", 0, "'max' or a positive number"),
    ("input.scale", "min", "'max' or a positive number"),
    ("output.name", 1959, "a text"),
    ("output.shape", [1, 3, 32, 48], "[1, 1, height, width]"),
    ("output.dtype", "uint8", "'float32'"),
    ("output.range", "sigmoid", "'logits', 'probability'"),
    ("output.normalise", "max", "'none', 'minmax'"),
    ("requirements.memory_mib", 0, "from 1"),
    ("requirements.webgpu.features", ["f16"], "shader-f16"),
    ("requirements.webgpu.limits.maxBufferSize", -1, "from 1"),
    ("canary.recipe", "stripes", "'blocks-v1'"),
    ("canary.seed", 2**32, "4294967295"),
    ("canary.grid", 8, "from 16 to 16"),
    ("canary.tolerance.mean", 0, "above 0"),
    ("canary.tolerance.max", 2, "at most 1"),
    ("sources", [], "one or more tables"),
    ("sources.0.kind", "ftp", "'pypi'"),
    ("sources.0.package", "some model", "package name"),
    ("sources.0.version", ">=1", "exact version"),
    ("sources.0.member", "/etc/passwd", "path inside the wheel"),
    ("sources.0.bytes", 0, "from 1"),
    ("sources.0.md5", "0" * 31, "32 lower-case hex"),
    ("sources.0.sha256", "", "64 lower-case hex"),
]

# The same for lists of numbers, which are too long to quote: the item, or how many there are.
WRONG_NUMBERS: list[tuple[str, list[Any], str, str]] = [
    ("input.mean", [0.5, 0.5], "input.mean: expected 3 numbers", "2 values"),
    ("input.mean", [0.5, "0.5", 0.5], "input.mean[1]: expected a number", "'0.5'"),
    ("input.std", [1, 1, 0], "input.std[2]: expected a number from 1e-06", "found 0"),
    ("canary.samples", [0.5] * 255, "expected 256 numbers", "255 values"),
    ("canary.samples", [1.5] + [0.5] * 255, "canary.samples[0]: expected a number from 0", "1.5"),
]

TABLES = ["", "files.0", "input", "output", "requirements", "requirements.webgpu"]
TABLES += ["requirements.webgpu.limits", "canary", "canary.tolerance", "sources.0"]


def place(entry: dict[str, Any], path: str) -> tuple[Any, Any]:
    """The container and the key that `path` leads to."""
    here: Any = entry
    *way, last = path.split(".")
    for step in way:
        here = here[int(step) if step.isdigit() else step]
    return here, int(last) if last.isdigit() else last


def keys(value: Any, path: str = "") -> list[str]:
    """Every key of every table in `value`, as paths."""
    found: list[str] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += [f"{path}{key}", *keys(inner, f"{path}{key}.")]
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += keys(inner, f"{path}{index}.")
    return found


def refusal(store) -> str:
    with pytest.raises(CatalogError) as caught:
        catalog.load(store.write())
    return str(caught.value)


def test_a_valid_store_is_read(store):
    known = catalog.load(store.write())
    assert known.default == "small"
    small, large = known.models
    assert small.bytes == small.files[0].bytes == 1000
    assert large.files[0].path.read_bytes() == b"L" * 5000
    assert (small.input.scale, small.input.std) == (255, (1, 1, 1))


@pytest.mark.parametrize(("path", "value", "expected"), WRONG)
def test_a_wrong_value_is_refused_with_both_values(store, path, value, expected):
    container, key = place(store.content["models"][0], path)
    container[key] = value
    message = refusal(store)
    assert f"model {store.content['models'][0]['id']!r}" in message
    assert expected in message
    assert f"found {value!r}" in message


@pytest.mark.parametrize(("path", "value", "expected", "found"), WRONG_NUMBERS)
def test_wrong_numbers_are_refused_with_both_values(store, path, value, expected, found):
    container, key = place(store.content["models"][0], path)
    container[key] = value
    message = refusal(store)
    assert expected in message
    assert found in message


@pytest.mark.parametrize("path", TABLES)
def test_an_unknown_key_is_refused(store, path):
    container, _ = place(store.content["models"][1], f"{path}.x".lstrip("."))
    container["colour_space"] = "p3"
    message = refusal(store)
    assert "model 'large'" in message
    assert "colour_space" in message
    assert "'p3'" in message


def test_every_key_is_needed(store):
    model = store.content["models"][0]
    original = json.dumps(model)
    optional = "requirements.webgpu.limits."
    for path in keys(model):
        if path.startswith(optional):
            continue
        bent = json.loads(original)
        container, key = place(bent, path)
        del container[key]
        store.content["models"][0] = bent
        message = refusal(store)
        assert f"{key}: expected" in message, path
        assert "found nothing" in message, path


def test_unknown_keys_at_the_top_are_refused(store):
    store.content["defualt"] = "small"
    assert "defualt" in refusal(store)


def test_the_default_must_exist(store):
    store.content["default"] = "medium"
    message = refusal(store)
    assert "'medium'" in message
    assert "'small', 'large'" in message


def test_what_is_recommended_must_be_known_and_need_not_be_installed(store):
    assert catalog.load(store.write()).recommended is None
    store.content["recommended"] = "medium"
    assert "'medium'" in refusal(store)
    store.offer("medium", {"kind": "file", "path": "/x", "bytes": 1, "sha256": "0" * 64})
    assert catalog.load(store.write()).recommended == "medium"


def test_an_id_may_be_used_once(store):
    store.content["models"][1]["id"] = "small"
    message = refusal(store)
    assert "each id once" in message
    assert "'small' again" in message


def test_several_mistakes_are_reported_together(store):
    store.content["models"][0]["tier"] = "quick"
    store.content["models"][1]["input"]["layout"] = "NHWC"
    message = refusal(store)
    assert "'quick'" in message
    assert "'NHWC'" in message
    assert "model 'small'" in message
    assert "model 'large'" in message


@pytest.mark.parametrize("text", ["default = ", "\xff"])
def test_what_is_no_toml_is_refused(store, text):
    root = store.write()
    (root / "catalog.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(CatalogError, match="readable TOML"):
        catalog.load(root)


def test_a_missing_catalog_is_refused(tmp_path):
    with pytest.raises(CatalogError, match="readable TOML"):
        catalog.load(tmp_path)


def test_the_public_form_is_plain_json_without_sources(store):
    model = catalog.load(store.write()).models[0]
    public = public_entry(model)
    assert json.loads(json.dumps(public)) == public
    assert "sources" not in public
    written = store.content["models"][0]
    assert public["files"] == written["files"]
    assert public["bytes"] == 1000
    same = ("id", "title", "tier", "task", "backends", "gflop", "requirements")
    assert {key: public[key] for key in same} == {key: written[key] for key in same}
    assert public["fusion"] is None
    (part,) = public["parts"]
    assert (part["files"], part["canary"]) == (written["files"], written["canary"])
    assert (part["inputs"], part["outputs"]) == ([written["input"]], [written["output"]])
    assert (part["model"], part["role"], part["dimensions"]) == ("small", "detail", {})
