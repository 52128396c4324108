"""The schema of one catalog entry: which keys it has, of which type, within which bounds."""

from __future__ import annotations

from pathlib import Path

from model_store.entry import (
    Canary,
    Model,
    ModelFile,
    ModelInput,
    ModelOutput,
    PypiSource,
    Requirements,
)
from model_store.table import Table

ROLES = ("graph",)
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

_SHA256 = r"[0-9a-f]{64}"
_SHA256_WORDS = "64 lower-case hex digits"
# A file name becomes a path and a URL segment: no separators, no leading dot, nothing to escape.
_FILE_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_GRID = 16  # the recipe's sampling arithmetic, (2i + 1) * H >> 5, holds for this grid only


def read_model(table: Table, weights: Path) -> Model:
    """The model `table` describes, its files expected in `weights`.

    What is wrong is added to the table's problems; the value returned then is of no use.
    """
    model = Model(
        id=table.text("id", r"[a-z0-9][a-z0-9-]*", "lower-case letters, digits and hyphens"),
        title=table.text("title"),
        summary=table.text("summary"),
        tier=table.choice("tier", ("instant", "fast", "best")),
        task=table.choice("task", ("matting",)),
        licence=table.text("licence", r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*", "SPDX"),
        origin=table.text("origin", r"https://\S+", "an https:// address"),
        backends=table.choices("backends", BACKENDS, least=1),
        files=tuple(_file(item, weights) for item in table.tables("files")),
        input=_input(table.table("input")),
        output=_output(table.table("output")),
        requirements=_requirements(table.table("requirements")),
        canary=_canary(table.table("canary")),
        sources=tuple(_source(item) for item in table.tables("sources")),
    )
    table.finish()
    return model


def _file(table: Table, weights: Path) -> ModelFile:
    name = table.text("name", _FILE_NAME, "a plain file name")
    table.file = name or None
    file = ModelFile(
        role=table.choice("role", ROLES),
        name=name,
        path=weights / name,
        bytes=table.integer("bytes", 1),
        sha256=table.text("sha256", _SHA256, _SHA256_WORDS),
        segments=table.texts("segments", _SHA256, f"a list of {_SHA256_WORDS} each"),
    )
    table.finish()
    return file


def _input(table: Table) -> ModelInput:
    red, green, blue = table.numbers("mean", 3, -1e6, 1e6)
    std = table.numbers("std", 3, 1e-6, 1e6)
    given = ModelInput(
        name=table.text("name"),
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


def _output(table: Table) -> ModelOutput:
    output = ModelOutput(
        name=table.text("name"),
        shape=table.shape("shape", channels=1),
        dtype=table.choice("dtype", ("float32",)),
        range=table.choice("range", ("logits", "probability")),
        normalise=table.choice("normalise", ("none", "minmax")),
    )
    table.finish()
    return output


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


def _canary(table: Table) -> Canary:
    tolerance = table.table("tolerance")
    canary = Canary(
        recipe=table.choice("recipe", ("blocks-v1",)),
        seed=table.integer("seed", 0, 2**32 - 1),
        grid=table.integer("grid", _GRID, _GRID),
        samples=table.numbers("samples", _GRID * _GRID, 0, 1),
        tolerance_mean=tolerance.number("mean", 0, 1),
        tolerance_max=tolerance.number("max", 0, 1),
    )
    tolerance.finish()
    table.finish()
    return canary


def _source(table: Table) -> PypiSource:
    source = PypiSource(
        kind=table.choice("kind", ("pypi",)),
        package=table.text("package", r"[A-Za-z0-9][A-Za-z0-9._-]*", "a package name"),
        version=table.text("version", r"[0-9][A-Za-z0-9.+!-]*", "an exact version"),
        member=table.text("member", r"[^/\s]\S*", "a path inside the wheel"),
        bytes=table.integer("bytes", 1),
        md5=table.text("md5", r"[0-9a-f]{32}", "32 lower-case hex digits"),
        sha256=table.text("sha256", _SHA256, _SHA256_WORDS),
    )
    table.finish()
    return source
