"""The schema of one catalog entry: which keys it has, of which type, within which bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from model_store.entry import (
    Entry,
    Fusion,
    Install,
    Model,
    ModelFile,
)
from model_store.matting_schema import read_matting
from model_store.offers import Composite, Reference
from model_store.pipeline import Pipeline
from model_store.pipeline_schema import read_graphs, report_files
from model_store.requirements import Requirements
from model_store.source_schema import (
    FILE_NAME,
    PIPELINE_ROLES,
    ROLES,
    SHA256,
    SHA256_WORDS,
    read_source,
)
from model_store.table import Table
from model_store.tasks import TASKS

ID = r"[a-z0-9][a-z0-9-]*"  # also a folder name and part of URLs
PART_ROLES = ("detail", "presence")
UNKNOWN = "generation"
"""What a person's own model of several graphs is called, that no page runs."""
LICENCE = r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*"
LOCAL = "local"  # the origin of a model that somebody added and said nothing of
ORIGIN = rf"https://\S+|{LOCAL}"
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


def read_entry(table: Table, root: Path) -> Entry:
    """The model `table` describes, in the store at `root`. What comes with Mattebox has its files
    in weights/, or in parts/ if it is offered as a part only: weights/ may lie elsewhere, filled by
    an earlier release, and what a later one adds to the parts is to be there all the same.

    What is wrong is added to the table's problems; the value returned then is of no use.
    """
    if table.has("parts"):
        return _composite(table)
    # Without a table `install` the model comes with Mattebox, and everything must be there.
    apart = table.has("install")
    task = table.choice("task", ("matting", UNKNOWN, *TASKS))
    parts = roles_of(task)
    part_only = task == "matting" and table.has("part_only") and table.truth("part_only")
    folder = "parts" if part_only else "weights"
    facts: dict[str, Any] = {
        **_shown(table),
        "task": task,
        "licence": table.text("licence", LICENCE, "SPDX"),
        "origin": table.text("origin", ORIGIN, "an https:// address"),
        "backends": table.choices("backends", BACKENDS, least=1),
        "files": () if apart else _files(table, root / folder, parts),
        "requirements": _requirements(table.table("requirements")),
        "sources": tuple(read_source(item, parts) for item in table.tables("sources")),
        "install": _install(table.table("install")) if apart else None,
    }
    entry: Entry
    if task in TASKS:
        pipeline = Pipeline(**facts, **read_graphs(table, task))
        if not apart:
            report_files(table, pipeline.files, pipeline.graphs, task)
        entry = pipeline
    elif task == UNKNOWN:
        entry = Pipeline(**facts)
    else:
        matting = read_matting(table, facts["install"])
        entry = Model(**matting, **facts, is_alone=not part_only)
    table.finish()
    return entry


def roles_of(task: str) -> tuple[str, ...]:
    """The roles that files of a model may have which does `task`."""
    if task in TASKS:
        return TASKS[task].roles
    return PIPELINE_ROLES if task == UNKNOWN else ROLES


def _shown(table: Table) -> dict[str, Any]:
    """What tells people one entry from another."""
    return {
        "id": table.text("id", ID, "lower-case letters, digits and hyphens"),
        "title": table.text("title"),
        "summary": table.text("summary"),
        "tier": table.choice("tier", ("instant", "fast", "best")),
    }


def _composite(table: Table) -> Composite:
    """An entry made of others. Whether there are such is not seen here."""
    needs, rule = table.table("requirements"), table.table("fusion")
    made_of = tuple(_reference(part) for part in table.tables("parts"))
    roles = sorted(part.role for part in made_of)
    if roles != sorted(PART_ROLES) and all(roles):
        table.report("parts", f"one part each of {' and '.join(PART_ROLES)}", ", ".join(roles))
    entry = Composite(
        **_shown(table),
        task=table.choice("task", ("matting",)),
        made_of=made_of,
        fusion=Fusion(
            rule=rule.choice("rule", ("presence",)), threshold=rule.number("threshold", 0, 1)
        ),
        requirements=Requirements(needs.integer("memory_mib", 1), (), {}),
        licence="",
        origin="",
        backends=(),
        files=(),
        sources=(),
    )
    for part in (needs, rule, table):
        part.finish()
    return entry


def _reference(table: Table) -> Reference:
    reference = Reference(
        model=table.text("model", ID, "the id of a model"),
        size=table.integer("size", 1),
        role=table.choice("role", PART_ROLES),
    )
    table.finish()
    return reference


def _files(table: Table, folder: Path, roles: tuple[str, ...]) -> tuple[ModelFile, ...]:
    files = tuple(read_file(item, folder, roles) for item in table.tables("files"))
    names = [file.name for file in files]
    for index, name in enumerate(names):
        if name and name in names[:index]:
            table.report("files", "each name once", f"{name} again")
    graphs = sum(file.role == "graph" for file in files)
    if roles == ROLES and files and graphs != 1 and all(file.role for file in files):
        table.report("files", "one file whose role is 'graph'", f"{graphs} of them")
    return files


def _install(table: Table) -> Install:
    install = Install(table.choice("optimise", ("none", "trim", "fp16", "int8")))
    table.finish()
    return install


def read_file(table: Table, folder: Path, roles: tuple[str, ...]) -> ModelFile:
    """One file of a model, expected in `folder`. Problems go to the table's list."""
    name = table.text("name", FILE_NAME, "a plain file name")
    table.file = name or None
    file = ModelFile(
        role=table.choice("role", roles),
        name=name,
        path=folder / name,
        bytes=table.integer("bytes", 1),
        sha256=table.text("sha256", SHA256, SHA256_WORDS),
        segments=table.texts("segments", SHA256, f"a list of {SHA256_WORDS} each"),
    )
    table.finish()
    return file


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
