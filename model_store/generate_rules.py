"""What an entry says of a model that makes pictures from words, besides its graphs.

The scheduler's numbers are written down, for pages and people, and computed again here: a wrong one
gives a black picture, or a plausible and worse one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model_store.table import Table

_CLOSE = 1e-8


def sigma_of(first: float, last: float, steps: int, timestep: int) -> float:
    """The noise's deviation at a time step of a scheduler with scaled linear betas, of `steps` in
    training, as diffusers has it."""
    kept = 1.0
    low, high = math.sqrt(first), math.sqrt(last)
    for index in range(timestep + 1):
        kept *= 1 - (low + (high - low) * index / (steps - 1)) ** 2
    return math.sqrt((1 - kept) / kept)


def read_rules(table: Table) -> Mapping[str, Any]:
    """Tokenizer, scheduler, the VAE's scale, the licence's terms, and how a picture is begun with
    another one where there is a graph for it."""
    terms, scheduler = table.table("terms"), table.table("scheduler")
    noise = _Noise(scheduler.numbers("betas", 2, 1e-9, 1), scheduler.integer("steps", 2))
    found = {
        "tokenizer": _tokenizer(table.table("tokenizer")),
        "scheduler": noise.read_step(scheduler),
        **({"start": noise.read_start(table.table("start"))} if table.has("start") else {}),
        "scale": table.number("scale", 1e-3, 1e3),
        "terms": {"title": terms.text("title"), "isRestricted": terms.truth("restricted")},
    }
    terms.finish()
    return found


def _tokenizer(table: Table) -> Mapping[str, Any]:
    """`proof`: a text, and the ids it comes to before it is filled up with `pad`."""
    proof = table.table("proof")
    length, vocabulary = table.integer("length", 2), table.integer("vocabulary", 2)
    told = proof.content.get("ids")
    ids = proof.numbers("ids", len(told) if isinstance(told, list) else 0, 0, vocabulary - 1)
    found = {
        "length": length,
        "pad": table.integer("pad", 0, max(0, vocabulary - 1)),
        "vocabulary": vocabulary,
        "proof": {"text": proof.text("text"), "ids": [int(one) for one in ids]},
    }
    proof.finish()
    table.finish()
    return found


@dataclass(frozen=True)
class _Noise:
    """How noise grows in training: `betas` of the first and the last of `steps`."""

    betas: tuple[float, ...]
    steps: int

    def read_step(self, table: Table) -> Mapping[str, Any]:
        """The one step of a picture: the time that the U-Net is told, and the noise at it."""
        low, high = self.betas
        timestep = table.integer("timestep", 0, max(0, self.steps - 1))
        found: dict[str, float] = {"timestep": timestep}
        is_sound = self.steps > 1 and 0 < low < high < 1
        sigma = sigma_of(low, high, self.steps, timestep) if is_sound else 0.0
        for name, true in (("sigma", sigma), ("divisor", math.hypot(sigma, 1))):
            found[name] = told = table.number(name, 0, 1e6)
            if abs(told - true) > _CLOSE:
                table.report(name, f"{true:.9f}, which the betas come to", told)
        table.finish()
        return found

    def read_start(self, table: Table) -> Mapping[str, Any]:
        """The step of a picture that begins with another one. `strength`: the part of the steps
        that this other one is given noise for; the rest of it stays."""
        strength = table.number("strength", 0, 1)
        found = self.read_step(table)
        if found["timestep"] != (true := round(strength * self.steps) - 1):
            reason = f"{true}, the last of {strength:g} of {self.steps} steps"
            table.report("timestep", reason, found["timestep"])
        return {"strength": strength, **found}
