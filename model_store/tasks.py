"""What models of several graphs can do: tasks that pages know, and what each asks of an entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from model_store import generate_rules
from model_store.table import Table

Uses = Mapping[str, tuple[str, ...]]
"""What the inputs, or the outputs, of each graph may be for, by the graph's role."""


@dataclass(frozen=True)
class Task:
    """`takes` and `gives`: by the roles of the graphs, in the order in which they run.

    `optional`: graphs that an entry may leave out, each with the rule that it needs and that
    nothing else does. `besides`: roles of files that are no graphs, which the task reads itself,
    one or more of each. `shown`: roles of files that are there for people alone.
    `recipes`: of the canaries. `rules`: reads the table that is called like the task. `is_at_once`:
    the sessions of all graphs are up together, so that their memory adds up.
    """

    takes: Uses
    gives: Uses
    recipes: tuple[str, ...]
    rules: Callable[[Table], Mapping[str, Any]]
    optional: Mapping[str, str] = field(default_factory=dict)
    besides: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    is_at_once: bool = True
    roles: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "roles", (*self.takes, *self.besides, *self.shown, "external-data")
        )


def _segment(table: Table) -> Mapping[str, Any]:
    """How photo and prompts become what SAM and its kin take.

    `fit`: a photo is stretched to `side` x `side`, or made small until its longest side is that;
    coordinates go the same way. `pad`: prompts without a box end in a point that is none.
    """
    return {
        "fit": table.choice("fit", ("stretch", "longest")),
        "side": table.integer("side", 1),
        "pad": table.truth("pad"),
    }


TASKS: Mapping[str, Task] = {
    "segment": Task(
        takes={
            "encoder": ("pixels",),
            "decoder": ("embedding", "points", "labels", "boxes", "mask", "has-mask"),
        },
        gives={"encoder": ("embedding",), "decoder": ("masks", "scores", "presence")},
        recipes=("blocks-v1", "click-v1"),
        rules=_segment,
    ),
    "generate": Task(
        takes={
            "text-encoder": ("ids",),
            "vae-encoder": ("start",),
            "unet": ("latents", "timestep", "words"),
            "vae-decoder": ("latents",),
        },
        gives={
            "text-encoder": ("words",),
            "vae-encoder": ("latents",),
            "unet": ("noise",),
            "vae-decoder": ("picture",),
        },
        optional={"vae-encoder": "start"},
        recipes=("noise-v1",),
        rules=generate_rules.read_rules,
        besides=("tokenizer",),
        shown=("licence",),
        is_at_once=False,
    ),
}
