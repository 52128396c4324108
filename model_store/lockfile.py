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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_store.demands import Demands
from model_store.disk import write_whole
from model_store.entry import Entry, Model, ModelFile
from model_store.errors import LockUnreadable
from model_store.pipeline import Pipeline, Samples

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
    when the graph has one size only, as those have that earlier releases made. `seed` is the
    canary's, where the model sees nothing in the picture of the catalog's.
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
    seed: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The record as the lock file holds it."""
        graph = {"input": self.input, "output": self.output}
        return {
            "files": [file.as_public() for file in self.files],
            **({"graph": graph, "samples": list(self.samples)} if self.samples else {}),
            **({"seed": self.seed} if self.seed is not None else {}),
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
