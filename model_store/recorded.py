"""What a record of the lock file makes of an entry: the model as it is installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from model_store.demands import Demands, read_demands
from model_store.entry import DIMENSIONS, Entry, Model
from model_store.lockfile import folder_of, rules_of
from model_store.matting_schema import read_samples, read_seed
from model_store.pipeline import Pipeline, Samples
from model_store.pipeline_schema import read_samples as read_several
from model_store.pipeline_schema import report_files
from model_store.schema import read_entry, read_file, roles_of
from model_store.table import Problem, Table


def installed(
    root: Path, name: str, raw: object, known: Mapping[str, Entry], problems: list[Problem]
) -> Entry | None:
    """The catalog's entry, or the record's own, completed by the record `raw`.

    What is wrong is added to `problems`, and None returned.
    """
    before = len(problems)
    table = Table({"record": raw}, name, "", problems).table("record")
    table.where = ""
    entry = _entry(table, name, known)
    if entry is None:
        return None
    entry = _complete(entry, table, folder_of(root, name))
    return entry if len(problems) == before else None


def _entry(table: Table, name: str, known: Mapping[str, Entry]) -> Entry | None:
    own = table.has("entry")
    given = known.get(name)
    if own and given:
        table.report("entry", f"no entry, since catalog.toml has {name!r}", "nothing but its own")
        return None
    if own:
        before = len(table.problems)
        inner = table.table("entry")
        inner.where = "entry"
        entry = read_entry(inner, Path())
        if entry.install is None and len(table.problems) == before:
            inner.report("install", "a table", "nothing")
        if entry.id != name:
            inner.report("id", repr(name), entry.id)
        return entry if len(table.problems) == before else None
    if given is None:
        table.report("id", "a model of catalog.toml", name)
    elif given.install is None:
        table.report("id", "no record, since it comes with Mattebox", name)
    else:
        return given
    return None


def _at_size(entry: Model, table: Table) -> Model:
    """`entry` run at the size that `table` of its record is about."""
    other = entry.with_size(table.integer("side", 1))
    other = replace(other, canary=replace(other.canary, samples=read_samples(table)))
    other = other.where_noticed()
    if table.has("demands"):
        other = other.with_demands(read_demands(table.table("demands")))
    table.finish()
    return other


def _complete(entry: Entry, table: Table, folder: Path) -> Entry:
    """`entry` with what its record says."""
    matting = isinstance(entry, Model)
    roles = roles_of(entry.task)
    files = tuple(read_file(item, folder, roles) for item in table.tables("files"))
    names = {file.name for file in files}
    if len(names) != len(files):
        table.report("files", "each name once", sorted(file.name for file in files))
    if matting and sum(file.role == "graph" for file in files) != 1:
        table.report("files", "one file whose role is 'graph'", [file.role for file in files])
    table.table("story")
    rules = rules_of(entry)
    if (found := table.text("rules")) and found != rules:
        # Another release has other rules; with these the samples would refuse every device.
        table.report("rules", f"{rules} (what the catalog says now: pull it again)", found)
    if isinstance(entry, Model):
        graph = table.table("graph")
        seed = read_seed(table) if table.has("seed") else entry.canary.seed
        entry = replace(
            entry,
            input=replace(entry.input, name=graph.text("input")),
            output=replace(entry.output, name=graph.text("output")),
            canary=replace(entry.canary, seed=seed, samples=read_samples(table)),
        ).where_noticed()
        graph.finish()
        plain = replace(entry, files=files)
        if table.has("demands"):
            entry = entry.with_demands(read_demands(table.table("demands")))
        if table.has("sizes"):
            entry = replace(
                entry,
                dimensions=dict.fromkeys(DIMENSIONS, entry.side),
                others=tuple(_at_size(plain, item) for item in table.tables("sizes")),
            )
    if isinstance(entry, Pipeline) and entry.graphs:
        report_files(table, files, entry.graphs, entry.task)
        entry = entry.with_facts(_facts(table, entry))
    table.finish()
    return replace(entry, files=files)


def _facts(table: Table, entry: Pipeline) -> dict[str, tuple[Samples, Demands | None]]:
    """Of each graph of `entry`, by its role."""
    facts: dict[str, tuple[Samples, Demands | None]] = {
        one.role: ({}, None) for one in entry.graphs
    }
    for item in table.tables("graphs"):
        samples = read_several(item.table("samples"))
        demands = read_demands(item.table("demands")) if item.has("demands") else None
        facts[item.choice("role", tuple(facts))] = samples, demands
        item.finish()
    for graph in entry.graphs:
        names = [tensor.name for tensor in graph.outputs]
        if sorted(facts[graph.role][0]) != sorted(names):
            table.report("graphs", f"samples of {', '.join(names)} of {graph.role}", "others")
    return facts
