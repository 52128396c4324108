"""Models that make pictures from words: entries, twins of them installed, what they demand."""

from __future__ import annotations

import copy
import math
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx import helper

from model_store import catalog, commands, count, lockfile, native, pipeline_shop
from model_store.chance import without_chance
from model_store.errors import ModelRefused, StoreError
from model_store.generate_rules import sigma_of
from model_store.noise import noise, xoshiro
from tests.fixtures import generation
from tests.harness.shipped_store import shipped_store
from tests.rehearsal.diffusion import Widths
from tests.rehearsal.sd import SDXS, Twin
from tests.rehearsal.sd_store import NAME, Rehearsal, entry_of, rehearse

PUBLISHED = {
    "text-encoder": 681_393_168,
    "vae-encoder": 68_400_000,  # as it is shown
    "unet": 1_733_430_199,
    "vae-decoder": 99_094_314,
}


def test_the_scheduler_is_that_of_its_betas():
    sigma = sigma_of(0.00085, 0.012, 1000, 999)
    assert sigma == pytest.approx(14.614641229, abs=1e-9)
    assert math.sqrt(sigma**2 + 1) == pytest.approx(14.648813545, abs=1e-9)
    assert sigma == pytest.approx(generation.sigma_of(0.00085, 0.012, 1000, 999), abs=1e-11)


def test_noise_is_normal_and_its_numbers_are_of_xoshiro():
    # As other implementations have it for this state.
    first = list(islice(xoshiro([1, 2, 3, 4]), 4))
    assert first == [11520, 0, 5927040, 70819200]
    values = np.array(noise(1, 20_000))
    assert abs(values.mean()) < 0.02
    assert values.std() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("sigma", 14.6146, "expected 14.614641229, which the betas come to"),
        ("divisor", 14.6146, "expected 14.648813545, which the betas come to"),
        ("timestep", 1000, "a whole number from 0 to 999"),
    ],
)
def test_scheduler_numbers_that_are_wrong_are_refused(tmp_path, name, value, message):
    rules = entry_of("float32")["generate"]
    rules["scheduler"][name] = value
    rehearsal = rehearse(tmp_path, "float32", generate=rules)
    with pytest.raises(catalog.CatalogError) as caught:
        catalog.read(rehearsal.root)
    assert f"generate.scheduler.{name}: " in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize("export", ["float32", "float16", "sdxs"])
def test_a_twin_is_installed_tried_and_counted(tmp_path, export):
    rehearsal = rehearse(tmp_path, export)
    rehearsal.pull()
    entry = rehearsal.installed
    public = catalog.public_pipeline(entry)
    starts = ["vae-encoder"] if export == "float32" else []
    roles = ["text-encoder", *starts, "unet", "vae-decoder"]
    assert [file["role"] for file in public["files"]] == [
        *roles, "tokenizer", "tokenizer", "licence",
    ]  # fmt: skip
    assert [part["role"] for part in public["parts"]] == roles
    latent = "float16" if export == "float16" else "float32"
    unet = public["parts"][roles.index("unet")]
    # Export 1 has it in int64, and SDXS its ids, for which no browser has a kernel on a GPU.
    time = {"float32": "int32", "float16": "float16", "sdxs": "float32"}[export]
    assert [one["dtype"] for one in unet["inputs"]] == [latent, time, latent]
    assert public["parts"][0]["inputs"][0]["dtype"] == "int32"
    assert all(part["requirements"]["memory_mib"] > 64 for part in public["parts"])
    assert public["rules"]["terms"]["isRestricted"] is True
    for part in public["parts"]:
        (samples,) = part["canary"]["samples"].values()
        assert len(set(samples)) > 50
    if starts:
        assert_without_chance(rehearsal)


def assert_without_chance(rehearsal: Rehearsal) -> None:
    """As exporters write a VAE's encoder it draws another sample each time; installed, it gives
    the mean of them."""
    planes = np.random.default_rng(1).uniform(-1, 1, (1, 3, 64, 64)).astype(np.float32)
    drawn = native.session(rehearsal.upstream["vae-encoder"])
    one, other = (drawn.run(None, {"sample": planes})[0] for _ in range(2))
    assert np.abs(one - other).max() > 0.1
    path = next(file.path for file in rehearsal.installed.files if file.role == "vae-encoder")
    (still,) = native.session(path).run(None, {"sample": planes})
    mean = generation.mean_of(rehearsal.upstream["vae-encoder"], planes)
    # The mean is seen in halves there.
    assert np.abs(still - mean).max() < 0.002


@pytest.mark.parametrize(("dtype", "shape"), [(np.float16, [2, 3]), (np.float32, [4])])
def test_chance_of_a_fixed_shape_is_zeros_too(dtype, shape):
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    node = helper.make_node("RandomNormal", [], ["made"], shape=shape, dtype=kind)
    graph = helper.make_graph([node], "g", [], [helper.make_tensor_value_info("made", kind, shape)])
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    assert without_chance(model)
    assert not without_chance(model)
    (made,) = native.session(model.SerializeToString()).run(None, {})
    assert made.dtype == dtype
    assert not made.any()


@pytest.mark.parametrize(
    ("lacks", "timestep", "message"),
    [
        ("graph", 499, "generate.start: expected a table where there is a graph 'vae-encoder'"),
        ("start", 499, "generate.start: expected a table where there is a graph 'vae-encoder'"),
        ("", 749, "generate.start.timestep: expected 499, the last of 0.5 of 1000 steps"),
    ],
)
def test_a_start_and_its_graph_come_together(tmp_path, lacks, timestep, message):
    entry = entry_of("float32")
    entry["generate"]["start"]["timestep"] = timestep
    if lacks == "start":
        del entry["generate"]["start"]
    if lacks == "graph":
        entry["graphs"] = [one for one in entry["graphs"] if one["role"] != "vae-encoder"]
    changes = {key: entry[key] for key in ("generate", "graphs")}
    with pytest.raises(catalog.CatalogError) as caught:
        catalog.read(rehearse(tmp_path, "float32", **changes).root)
    assert message in str(caught.value)


def test_weights_of_a_large_graph_are_laid_beside_it(tmp_path, monkeypatch):
    """A browser's runtime holds a graph twice while a session is made, and files beside it once."""
    plain = rehearse(tmp_path / "plain", "sdxs")
    plain.pull()
    monkeypatch.setattr(pipeline_shop, "_LARGE", 64 << 10)
    apart = rehearse(tmp_path / "apart", "sdxs")
    apart.pull()
    public = catalog.public_pipeline(apart.installed)
    unet = next(part for part in public["parts"] if part["role"] == "unet")
    assert [file["role"] for file in unet["files"]] == ["graph", "external-data"]
    graph, weights = (
        next(one.path for one in apart.installed.files if one.name == file["name"])
        for file in unet["files"]
    )
    held = onnx.load(graph, load_external_data=False).graph.initializer
    outside = [one for one in held if one.data_location == onnx.TensorProto.EXTERNAL]
    told = [{item.key: item.value for item in one.external_data} for one in outside]
    assert {one["location"] for one in told} == {weights.name}
    assert sum(int(one["length"]) for one in told) > 0.9 * weights.stat().st_size > 100_000
    samples = [
        [part["canary"]["samples"] for part in catalog.public_pipeline(made.installed)["parts"]]
        for made in (plain, apart)
    ]
    assert samples[0] == samples[1]


@pytest.mark.parametrize(
    ("name", "whole", "unet", "where"),
    [
        ("sd-turbo", "2,515,502,262 and more", "1,733,430,199", "a GPU with shader-f16"),
        ("sd-turbo-light", "2,421,320,260 and more", "1,733,430,199", "a GPU with shader-f16"),
        ("sdxs-512", "882,094,377 and more", "631,766,742", "a GPU with shader-f16 or a processor"),
    ],
)
def test_list_says_what_each_would_take_before_it_is_fetched(tmp_path, name, whole, unet, where):
    group = commands.group(shipped_store(tmp_path / "store"))
    lines = CliRunner().invoke(group, ["list"]).output.splitlines()
    start = next(index for index, line in enumerate(lines) if line.split()[:1] == [name])
    assert lines[start].split()[1:5] == ["generate", "best", "not", "installed"]
    assert f" {whole} to fetch " in lines[start]
    assert "LicenseRef-" in lines[start]
    end = next(index for index in range(start, len(lines)) if "device memory" in lines[index])
    parts = {line.split()[0]: line for line in lines[start + 1 : end]}
    assert {"text-encoder", "unet", "vae-decoder", "tokenizer", "licence"} <= parts.keys()
    assert f" {unet} " in parts["unet"]
    assert "size not known" in parts["licence"]
    assert lines[end].endswith(f" {where}")


def test_an_export_of_other_types_is_refused(tmp_path):
    others = entry_of("float32")
    rehearsal = rehearse(tmp_path, "float16", graphs=others["graphs"], generate=others["generate"])
    with pytest.raises(ModelRefused) as caught:
        rehearsal.pull()
    assert "last_hidden_state" in str(caught.value)


def test_the_transposition_of_the_article_is_refused_at_start(tmp_path):
    """A sample told "unet 640 MB, text 1700 MB": the sizes of two parts, exchanged."""
    rehearsal = rehearse(tmp_path, "float32")
    rehearsal.pull()
    true = lockfile.read_raw(rehearsal.root)
    for field in ("bytes", "sha256"):
        records = copy.deepcopy(true)
        text, _, unet = records[NAME]["files"][:3]
        text[field], unet[field] = unet[field], text[field]
        lockfile.write_raw(rehearsal.root, records)
        with pytest.raises(catalog.CatalogError) as caught:
            catalog.load(rehearsal.root)
        wrong = {(problem.file, problem.field) for problem in caught.value.problems}
        assert wrong == {("text-encoder.onnx", field), ("unet.onnx", field)}


def test_sizes_that_are_published_are_refused_where_a_file_has_others(tmp_path):
    rehearsal = rehearse(tmp_path, "float32")
    text = (rehearsal.root / "catalog.toml").read_text(encoding="utf-8")
    sizes = {role: path.stat().st_size for role, path in rehearsal.upstream.items()}
    one, other = (f'"bytes" = {sizes[role]}' for role in ("text-encoder", "unet"))
    swapped = text.replace(one, "\0").replace(other, one).replace("\0", other)
    assert swapped != text
    (rehearsal.root / "catalog.toml").write_text(swapped, encoding="utf-8")
    with pytest.raises(StoreError, match=f"{sizes['text-encoder']}"):
        rehearsal.pull()


def sketched(twin: Twin, role: str) -> tuple[int, Any]:
    """Bytes of the weights of a part at full size, and its demands; nothing of it has numbers."""
    model = twin.parts()[role]
    weights = sum(2 * math.prod(tensor.dims) for tensor in model.graph.initializer)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        onnx.save(model, path)
        side = twin.widths.side
        sizes = {"batch_size": 1, "sequence_length": 77, "steps": 1, "num_channels": 4}
        sizes |= {"height": side, "width": side}
        if role == "vae-encoder":
            sizes |= {"num_channels": 3, "height": 8 * side, "width": 8 * side}
        if role == "vae-decoder":
            sizes = {"batch_size": 1, "num_channels_latent": 4, "num_channels": 3}
            sizes |= {"height_latent": side, "width_latent": side}
            sizes |= {"height": 8 * side, "width": 8 * side}
        return weights, count.demands_of(path, sizes)


@pytest.mark.parametrize("role", list(PUBLISHED))
def test_a_twin_at_full_size_has_the_published_bytes_and_fits_where_the_plan_says(role):
    """docs/measurements/generate.md"""
    weights, demands = sketched(Twin("float32", Widths(), sketch=True), role)
    assert weights == pytest.approx(PUBLISHED[role], rel=0.003)
    assert demands.features == ("shader-f16",)
    assert demands.allows("webgpu")
    assert demands.allows("wasm") == (role != "unet")
    assert demands.limits["maxStorageBufferBindingSize"] <= 256 << 20


@pytest.mark.parametrize(
    ("role", "published"),
    [("text-encoder", 246_275_486), ("unet", 631_766_742), ("vae-decoder", 2_467_568)],
)
def test_sdxs_at_full_size_fits_a_processor(role, published):
    weights, demands = sketched(Twin("sdxs", SDXS, sketch=True), role)
    assert weights == pytest.approx(published, rel=0.01)
    assert demands.allows("wasm")
    assert demands.heap_mib > demands.memory_mib
