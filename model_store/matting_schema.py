"""The schema of what an entry says of a model that draws mattes: input, output and canary."""

from __future__ import annotations

from typing import Any

from model_store.entry import Canary, Install, ModelInput, ModelOutput
from model_store.table import Table

_GRID = 16  # the recipe's sampling arithmetic, (2i + 1) * H >> 5, holds for this grid only


def read_matting(table: Table, install: Install | None) -> dict[str, Any]:
    """What `table` says of it. `install`: how its file, which is still to come, is made; it says
    the rest. Problems go to the table's list."""
    apart = install is not None
    return {
        "input": _input(table.table("input"), apart),
        "output": _output(table.table("output"), apart),
        "canary": _canary(table.table("canary"), apart),
        "sizes": _sizes(table) if apart and table.has("sizes") else (),
        "gflop": None if apart and not table.has("gflop") else table.number("gflop", 0, 1e7),
        "whole_numbers": _is_whole(table) if install is None else install.optimise == "int8",
    }


def _is_whole(table: Table) -> bool:
    return table.has("whole_numbers") and table.truth("whole_numbers")


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


def _sizes(table: Table) -> tuple[int, ...]:
    """The sides `sizes`, beside that of the entry's own square."""
    found = table.content["sizes"]
    sides = table.counts("sizes")
    shape = table.content.get("input", {}).get("shape", [])
    if sides and (len(set(shape[2:])) != 1 or shape[2] in sides):
        table.report("sizes", "sides other than that of the input, a square", found)
    return sides


def _canary(table: Table, apart: bool) -> Canary:
    tolerance = table.table("tolerance")
    canary = Canary(
        recipe=table.choice("recipe", ("blocks-v1",)),
        seed=read_seed(table),
        grid=table.integer("grid", _GRID, _GRID),
        samples=() if apart else read_samples(table),
        tolerance_mean=tolerance.number("mean", 0, 1),
        tolerance_max=tolerance.number("max", 0, 1),
    )
    tolerance.finish()
    table.finish()
    return canary


def read_seed(table: Table) -> int:
    """The seed of the canary's picture. Problems go to the table's list."""
    return table.integer("seed", 0, 2**32 - 1)


def read_samples(table: Table) -> tuple[float, ...]:
    """The canary's samples. Problems go to the table's list."""
    return table.numbers("samples", _GRID * _GRID, 0, 1)
