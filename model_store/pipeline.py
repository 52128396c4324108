"""Models of several graphs that do something else than matting, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from model_store.demands import Demands, together
from model_store.entry import Entry, ModelFile
from model_store.requirements import Requirements
from model_store.tasks import TASKS

Dimension = int | str
Samples = Mapping[str, tuple[float, ...]]
"""What a graph makes of its canary: scattered values of each output, by the output's name."""


@dataclass(frozen=True)
class Picture:
    """How 8-bit RGB becomes a tensor: (pixel / scale - mean) / std, per channel."""

    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]
    layout: str = "NCHW"


@dataclass(frozen=True)
class Tensor:
    """An input or an output of a graph. `use`: what the task takes it for; a dimension that each
    run decides is its name. `picture`: of an input that a photo is put into."""

    name: str
    use: str
    dtype: str
    shape: tuple[Dimension, ...]
    picture: Picture | None = None

    def at(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """Its shape where the open dimensions are `sizes`."""
        return tuple(sizes[one] if isinstance(one, str) else one for one in self.shape)


@dataclass(frozen=True)
class Check:
    """A graph's canary: `recipe` is the task's. A device passes when the mean and the largest
    absolute difference to `samples`, as parts of the output's largest one, stay within these."""

    recipe: str
    seed: int
    tolerance_mean: float
    tolerance_max: float
    samples: Samples = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    """One graph of a pipeline; its file has the same role. `most`: what its open dimensions are at
    most, which is what it is counted at. `demands`: what was counted, where it could be."""

    role: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    check: Check
    most: Mapping[str, int]
    demands: Demands | None = None


@dataclass(frozen=True, kw_only=True)
class Pipeline(Entry):
    """Several graphs that together do something else than matting.

    Without `graphs`, as people may add one, it is installed and checked, and offered nowhere.
    `rules`: what its task wants to know besides. `gflop`: of one run of each graph.
    """

    graphs: tuple[Graph, ...] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)
    gflop: float | None = None

    @property
    def is_offered(self) -> bool:
        """Whether pages can run it."""
        return bool(self.graphs and self.files and self.backends)

    def files_of(self, graph: Graph) -> tuple[ModelFile, ...]:
        """The graph's own file, then its weights: those whose names begin with its name."""
        own = next(file for file in self.files if file.role == graph.role)
        return (own, *(f for f in self.files if f is not own and f.name.startswith(own.name)))

    def needs_of(self, graph: Graph) -> tuple[Requirements, float | None]:
        """What the graph requires by itself, and its gflop: it may be up alone."""
        if graph.demands is None:
            return self.requirements, self.gflop
        return self.requirements.and_of(graph.demands), graph.demands.gflop

    def with_facts(self, facts: Mapping[str, tuple[Samples, Demands | None]]) -> Pipeline:
        """This, with what is known of its graphs by their roles: canaries and demands."""
        graphs = tuple(
            replace(
                one,
                check=replace(one.check, samples=facts[one.role][0]),
                demands=facts[one.role][1],
            )
            for one in self.graphs
        )
        return replace(self.with_demands([found for _, found in facts.values()]), graphs=graphs)

    def with_demands(self, found: Sequence[Demands | None]) -> Pipeline:
        """This, its graphs having been counted; only where all were does anything follow."""
        counted = [one for one in found if one]
        if len(counted) < len(self.graphs) or not counted:
            return self
        whole = together(counted, at_once=TASKS[self.task].is_at_once)
        return replace(
            self,
            gflop=whole.gflop,
            backends=tuple(name for name in self.backends if whole.allows(name)),
            requirements=self.requirements.and_of(whole),
        )
