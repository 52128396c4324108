"""weights/installed.json: what was installed beside the models that come with Mattebox.

The commands write it, last and atomically; whoever reads the catalog holds it against the bytes.
A record is all that the catalog cannot know before the file is there: sizes, digests, the names
in the graph, the canary's samples and what a run demands. A model that a person added has its entry
here as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model_store.demands import Demands, read_demands
from model_store.disk import write_whole
from model_store.entry import DIMENSIONS, Entry, Model, ModelFile
from model_store.errors import LockUnreadable
from model_store.pipeline import Pipeline, Samples
from model_store.pipeline_schema import read_samples as read_several
from model_store.pipeline_schema import report_files
from model_store.schema import read_entry, read_file, read_samples, roles_of
from model_store.table import Problem, Table

VERSION = 1


@dataclass(frozen=True)
class AtSize:
    """What is known of the one graph at another side than its own."""

    side: int
    samples: tuple[float, ...]
    demands: Demands | None

    def as_json(self) -> dict[str, Any]:
        """The same as a record holds it."""
        demands = {"demands": self.demands.as_json()} if self.demands else {}
        return {"side": self.side, "samples": list(self.samples), **demands}


@dataclass(frozen=True)
class OfGraph:
    """What is known of a graph of a pipeline."""

    role: str
    samples: Samples
    demands: Demands | None

    def as_json(self) -> dict[str, Any]:
        """The same as a record holds it."""
        samples = {name: list(values) for name, values in self.samples.items()}
        demands = {"demands": self.demands.as_json()} if self.demands else {}
        return {"role": self.role, "samples": samples, **demands}


@dataclass(frozen=True)
class Record:
    """What was installed. `story` is for people: when, from where, how it was made.

    `rules` is `rules_of` the entry at that time: the samples hold for these only. `demands` are
    missing where they cannot be counted, and in what earlier releases have written. `sizes`: none
    when the graph has one size only, as those have that earlier releases made.
    """

    files: tuple[ModelFile, ...]
    input: str | None
    output: str | None
    samples: tuple[float, ...] | None
    rules: str
    story: Mapping[str, Any]
    entry: Mapping[str, Any] | None = None
    demands: Demands | None = None
    sizes: tuple[AtSize, ...] = ()
    graphs: tuple[OfGraph, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The record as the lock file holds it."""
        graph = {"input": self.input, "output": self.output}
        return {
            "files": [file.as_public() for file in self.files],
            **({"graph": graph, "samples": list(self.samples)} if self.samples else {}),
            "rules": self.rules,
            **({"demands": self.demands.as_json()} if self.demands else {}),
            **({"sizes": [size.as_json() for size in self.sizes]} if self.sizes else {}),
            **({"graphs": [graph.as_json() for graph in self.graphs]} if self.graphs else {}),
            "story": dict(self.story),
            **({"entry": dict(self.entry)} if self.entry else {}),
        }


def rules_of(entry: Entry) -> str:
    """A digest of what the samples depend on besides the files: preprocessing, range, seed.

    Of the entry as the catalog has it, before its record completes it.
    """
    rules = [entry.task, repr(entry.install)]
    if isinstance(entry, Model):
        canary = entry.canary
        rules += [repr(entry.input), repr(entry.output), f"{canary.recipe} {canary.seed}"]
    if isinstance(entry, Pipeline) and entry.graphs:
        rules += [repr(entry.graphs), repr(entry.rules)]
    return hashlib.sha256("\n".join(rules).encode()).hexdigest()[:16]


def path_in(root: Path) -> Path:
    """The lock file of the store at `root`."""
    return root / "weights" / "installed.json"


def folder_of(root: Path, model: str) -> Path:
    """Where the files of an installed model lie."""
    return root / "weights" / model


def read_json(path: Path, missing: dict[str, Any]) -> Any:
    """What a record of the store holds; `missing` where there is none. Raises LockUnreadable."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return missing
    except (OSError, ValueError) as error:
        raise LockUnreadable(path, str(error)) from error


def read_raw(root: Path) -> dict[str, Any]:
    """Records by id, unchecked; none where there is no lock file. Raises LockUnreadable."""
    path = path_in(root)
    content = read_json(path, missing={"version": VERSION, "models": {}})
    if not isinstance(content, dict) or not isinstance(content.get("models"), dict):
        raise LockUnreadable(path, "it holds no records")
    if content.get("version") != VERSION:
        raise LockUnreadable(path, f"its version is {content.get('version')!r}, known is {VERSION}")
    records: dict[str, Any] = content["models"]
    return records


def write_raw(root: Path, records: Mapping[str, Any]) -> None:
    """Replace the lock file atomically."""
    ordered = {"version": VERSION, "models": dict(sorted(records.items()))}
    text = json.dumps(ordered, indent=1, ensure_ascii=False)
    write_whole(path_in(root), f"{text}\n".encode())


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
        entry = replace(
            entry,
            input=replace(entry.input, name=graph.text("input")),
            output=replace(entry.output, name=graph.text("output")),
            canary=replace(entry.canary, samples=read_samples(table)),
        )
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
