"""A model of several graphs is one entry with parts, each shown and checked by itself."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
from click.testing import CliRunner

from model_store import catalog, commands, lockfile, native
from tests.model_store.graphs import matting, save_apart

ANSWERS = ["--licence", "MIT", "--yes"]


def pipeline(folder: Path) -> list[str]:
    """Options for three parts as in SD-Turbo; two of them have weights of the same name."""
    options = []
    for role, channels in (("text-encoder", 4), ("unet", 16), ("vae", 8)):
        path = folder / role / "model.onnx"
        path.parent.mkdir()
        if role == "text-encoder":
            onnx.save(matting(channels=channels), path)
        else:
            save_apart(matting(channels=channels), path, "model.onnx_data")
        options += ["--part", f"{role}={path}"]
    return options


def test_a_pipeline_is_one_entry_with_parts(store, run, folder):
    result = run(*pipeline(folder), "--id", "sd-turbo", *ANSWERS)
    assert result.exit_code == 0, result.output
    known = catalog.load(store.root)
    (entry,) = known.pipelines
    assert [(file.role, file.name) for file in entry.files] == [
        ("text-encoder", "text-encoder.onnx"),
        ("unet", "unet.onnx"),
        ("external-data", "unet.onnx.data"),
        ("vae", "vae.onnx"),
        ("external-data", "vae.onnx.data"),
    ]
    sizes = [file.path.stat().st_size for file in entry.files]
    assert [file.bytes for file in entry.files] == sizes
    assert entry.bytes == sum(sizes)
    assert "sd-turbo" not in [model.id for model in known.models]
    for file in entry.files:
        if file.role != "external-data":
            native.session(file.path)
    graphs = lockfile.read_raw(store.root)["sd-turbo"]["story"]["graphs"]
    assert graphs["unet"]["inputs"] == ["in float32 [1, 3, 32, 48]"]


def test_list_shows_each_part_and_the_sum(store, run, folder):
    run(*pipeline(folder), "--id", "sd-turbo", *ANSWERS)
    (entry,) = catalog.load(store.root).pipelines
    shown = CliRunner().invoke(commands.group(store.root), ["list"]).output.splitlines()
    start = next(index for index, line in enumerate(shown) if line.startswith("sd-turbo"))
    assert f"{entry.bytes:,}" in shown[start]
    for file, line in zip(entry.files, shown[start + 1 :], strict=False):
        assert file.role in line
        assert f" {file.bytes:,} " in line


@pytest.mark.parametrize("fields", [("bytes",), ("sha256",), ("bytes", "sha256", "segments")])
def test_facts_transposed_between_the_parts_of_a_pipeline_are_refused(store, run, folder, fields):
    run(*pipeline(folder), "--id", "sd-turbo", *ANSWERS)
    records = lockfile.read_raw(store.root)
    unet, vae = (records["sd-turbo"]["files"][index] for index in (2, 4))
    for field in fields:
        unet[field], vae[field] = vae[field], unet[field]
    lockfile.write_raw(store.root, records)
    with pytest.raises(catalog.CatalogError) as caught:
        catalog.load(store.root)
    assert {problem.file for problem in caught.value.problems} == {
        "unet.onnx.data",
        "vae.onnx.data",
    }
    result = CliRunner().invoke(commands.group(store.root), ["verify"])
    assert result.exit_code == 1
    assert "unet.onnx.data" in result.output
