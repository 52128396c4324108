"""The schema of one catalog entry: which keys it has, of which type, within which bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from model_store.entry import (
    Canary,
    Entry,
    Install,
    Model,
    ModelFile,
    ModelInput,
    ModelOutput,
    Pipeline,
    Requirements,
)
from model_store.source_schema import (
    FILE_NAME,
    PIPELINE_ROLES,
    ROLES,
    SHA256,
    SHA256_WORDS,
    read_source,
)
from model_store.table import Table

ID = r"[a-z0-9][a-z0-9-]*"  # also a folder name and part of URLs
TASKS = ("matting", "generation")
LOCAL = "local"  # the origin of a model that somebody added and said nothing of
BACKENDS = ("wasm", "webgpu")
WEBGPU_FEATURES = ("shader-f16", "subgroups", "timestamp-query")
# The limits a compute-only client can need more of; names as in the WebGPU specification.
WEBGPU_LIMITS = (
    "maxBufferSize",
    "maxStorageBufferBindingSize",
    "maxStorageBuffersPerShaderStage",
    "maxUniformBufferBindingSize",
    "maxUniformBuffersPerShaderStage",
    "maxBindingsPerBindGroup",
    "maxComputeWorkgroupStorageSize",
    "maxComputeInvocationsPerWorkgroup",
    "maxComputeWorkgroupSizeX",
    "maxComputeWorkgroupSizeY",
    "maxComputeWorkgroupSizeZ",
    "maxComputeWorkgroupsPerDimension",
)

_GRID = 16  # the recipe's sampling arithmetic, (2i + 1) * H >> 5, holds for this grid only


def read_entry(table: Table, weights: Path) -> Entry:
    """The model `table` describes, its files expected in `weights`.

    What is wrong is added to the table's problems; the value returned then is of no use.
    """
    # Without a table `install` the model comes with Mattebox, and everything must be there.
    apart = table.has("install")
    task = table.choice("task", TASKS)
    parts = PIPELINE_ROLES if task == "generation" else ROLES
    facts: dict[str, Any] = {
        "id": table.text("id", ID, "lower-case letters, digits and hyphens"),
        "title": table.text("title"),
        "summary": table.text("summary"),
        "tier": table.choice("tier", ("instant", "fast", "best")),
        "task": task,
        "licence": table.text(
            "licence", r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*", "SPDX"
        ),
        "origin": table.text("origin", rf"https://\S+|{LOCAL}", "an https:// address"),
        "backends": table.choices("backends", BACKENDS, least=1),
        "files": () if apart else _files(table, weights, parts),
        "requirements": _requirements(table.table("requirements")),
        "sources": tuple(read_source(item, parts) for item in table.tables("sources")),
        "install": _install(table.table("install")) if apart else None,
    }
    entry: Entry
    if task == "generation":
        entry = Pipeline(**facts)
    else:
        entry = Model(
            input=_input(table.table("input"), apart),
            output=_output(table.table("output"), apart),
            canary=_canary(table.table("canary"), apart),
            gflop=None if apart and not table.has("gflop") else table.number("gflop", 0, 1e7),
            **facts,
        )
    table.finish()
    return entry


def _files(table: Table, weights: Path, roles: tuple[str, ...]) -> tuple[ModelFile, ...]:
    files = tuple(read_file(item, weights, roles) for item in table.tables("files"))
    names = [file.name for file in files]
    for index, name in enumerate(names):
        if name and name in names[:index]:
            table.report("files", "each name once", f"{name} again")
    graphs = sum(file.role == "graph" for file in files)
    if roles == ROLES and files and graphs != 1 and all(file.role for file in files):
        table.report("files", "one file whose role is 'graph'", f"{graphs} of them")
    return files


def _install(table: Table) -> Install:
    install = Install(table.choice("optimise", ("none", "trim", "fp16")))
    table.finish()
    return install


def read_file(table: Table, weights: Path, roles: tuple[str, ...]) -> ModelFile:
    """One file of a model, expected in `weights`. Problems go to the table's list."""
    name = table.text("name", FILE_NAME, "a plain file name")
    table.file = name or None
    file = ModelFile(
        role=table.choice("role", roles),
        name=name,
        path=weights / name,
        bytes=table.integer("bytes", 1),
        sha256=table.text("sha256", SHA256, SHA256_WORDS),
        segments=table.texts("segments", SHA256, f"a list of {SHA256_WORDS} each"),
    )
    table.finish()
    return file


def _input(table: Table, apart: bool) -> ModelInput:
    red, green, blue = table.numbers("mean", 3, -1e6, 1e6)
    std = table.numbers("std", 3, 1e-6, 1e6)
    given = ModelInput(
        name=_name(table, apart),
        shape=table.shape("shape", channels=3),
        layout=table.choice("layout", ("NCHW",)),
        dtype=table.choice("dtype", ("float32",)),
        resize=table.choice("resize", ("lanczos3",)),
        scale=table.number_or("scale", "max"),
        mean=(red, green, blue),
        std=(std[0], std[1], std[2]),
    )
    table.finish()
    return given


def _output(table: Table, apart: bool) -> ModelOutput:
    output = ModelOutput(
        name=_name(table, apart),
        shape=table.shape("shape", channels=1),
        dtype=table.choice("dtype", ("float32",)),
        range=table.choice("range", ("logits", "probability")),
        normalise=table.choice("normalise", ("none", "minmax")),
    )
    table.finish()
    return output


def _name(table: Table, apart: bool) -> str:
    """The name of the input or the output; a graph that is still to come says it itself."""
    return "" if apart and not table.has("name") else table.text("name")


def _requirements(table: Table) -> Requirements:
    webgpu = table.table("webgpu")
    limits = webgpu.table("limits")
    requirements = Requirements(
        memory_mib=table.integer("memory_mib", 1),
        webgpu_features=webgpu.choices("features", WEBGPU_FEATURES, least=0),
        webgpu_limits=limits.integers(WEBGPU_LIMITS),
    )
    for part in (limits, webgpu, table):
        part.finish()
    return requirements


def _canary(table: Table, apart: bool) -> Canary:
    tolerance = table.table("tolerance")
    canary = Canary(
        recipe=table.choice("recipe", ("blocks-v1",)),
        seed=table.integer("seed", 0, 2**32 - 1),
        grid=table.integer("grid", _GRID, _GRID),
        samples=() if apart else read_samples(table),
        tolerance_mean=tolerance.number("mean", 0, 1),
        tolerance_max=tolerance.number("max", 0, 1),
    )
    tolerance.finish()
    table.finish()
    return canary


def read_samples(table: Table) -> tuple[float, ...]:
    """The canary's samples. Problems go to the table's list."""
    return table.numbers("samples", _GRID * _GRID, 0, 1)
