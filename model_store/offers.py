"""What is offered: models, composites of them, and the catalog that holds both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from model_store.entry import Entry, Fusion, Model, Part, Role
from model_store.pipeline import Pipeline


@dataclass(frozen=True)
class Reference:
    """A part of a composite as the catalog names it: which model, at which side, what for."""

    model: str
    size: int
    role: Role

    def __str__(self) -> str:
        return f"{self.model} at {self.size} x {self.size}"


@dataclass(frozen=True, kw_only=True)
class Composite(Entry):
    """Several models whose mattes become one. Nothing of it is stored but its parts' files.

    Without all parts installed it has no `parts`, no `files` and no `backends`, and is not offered.
    Its memory is its own, since the parts' sessions live together; all else is theirs.
    """

    made_of: tuple[Reference, ...]
    fusion: Fusion
    parts: tuple[Part, ...] = ()

    @property
    def gflop(self) -> float | None:
        """The sum over the parts; None while one of them is not counted."""
        counts = [part.model.gflop for part in self.parts]
        return sum(count for count in counts if count) if all(counts) else None

    @property
    def gflop_int8(self) -> float:
        """As Model's, the sum over the parts."""
        return sum(part.model.gflop_int8 for part in self.parts)

    def compose(self, models: Mapping[str, Model]) -> Composite | None:
        """This, made of what is installed (`models`, by id); None where a part is not."""
        found = [
            (reference.role, models[reference.model].at(reference.size))
            for reference in self.made_of
            if reference.model in models
        ]
        parts = tuple(Part(role, model) for role, model in found if model)
        if len(parts) < len(self.made_of):
            return None
        first = parts[0].model
        shared = [name for name in first.backends if all(name in p.model.backends for p in parts)]
        files = {file.sha256: file for part in parts for file in part.model.files}
        needs = self.requirements
        for part in parts:
            needs = needs.and_also(part.model.requirements)
        return replace(
            self,
            parts=parts,
            files=tuple(files.values()),
            backends=tuple(shared),
            requirements=needs,
        )


Offer = Model | Composite
_TIERS = ("instant", "fast", "best")


@dataclass(frozen=True)
class Catalog:
    """What may be offered. `default`: the id of the model that a new visitor gets. `recommended`:
    that of the one that serves most of them best, installed or not.

    `models` draw mattes, by themselves or as parts only, and so do `composites` of them;
    `pipelines` do something else, and are never among what draws mattes.
    """

    default: str
    models: tuple[Model, ...]
    pipelines: tuple[Pipeline, ...] = ()
    composites: tuple[Composite, ...] = ()
    recommended: str | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Models, composites and pipelines."""
        return (*self.models, *self.composites, *self.pipelines)

    @property
    def others(self) -> tuple[Pipeline, ...]:
        """All that is offered and does not draw mattes."""
        return tuple(one for one in self.pipelines if one.is_offered)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All that draws mattes and is offered by itself, the quickest tier first, in each
        composites before models."""
        alone = (model for model in self.models if model.is_alone)
        return tuple(sorted((*self.composites, *alone), key=lambda offer: _TIERS.index(offer.tier)))
