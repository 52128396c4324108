"""`flask --app wsgi models add`: asks for what an ONNX file does not say of itself."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from model_store import catalog, install, lockfile
from model_store.answers import (
    Asker,
    as_text,
    read_id,
    read_licence,
    read_origin,
    read_scale,
    read_size,
    read_three,
    read_words,
)
from model_store.entry import Model
from model_store.errors import ModelRefused, ToolsMissing
from model_store.pipeline import Pipeline
from model_store.receipt import report
from model_store.schema import LOCAL
from model_store.terminal import Bars, agreement, size

_TIERS = ("instant", "fast", "best")
_RESIZES = click.Choice(("stretch", "letterbox", "crop"))
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def add_command(
    root: Path, told: Callable[[Callable[..., None]], Callable[..., None]]
) -> click.Command:
    """The command for the store at `root`; `told` turns errors into sentences."""

    @click.command("add")
    @click.argument("files", nargs=-1, type=_FILE)
    @click.option("--id", help="Lower-case letters, digits, hyphens; in URLs, so it never changes.")
    @click.option("--title", help="What people choose it by.")
    @click.option("--summary", help="What it is good for, in a sentence.")
    @click.option("--tier", type=click.Choice(_TIERS), help="How long a person waits.")
    @click.option("--licence", help="Of the weights, as an SPDX expression.")
    @click.option("--origin", help="Where it is from, an https:// address.")
    @click.option("--input-size", help="N, or HEIGHTxWIDTH, where the graph leaves it open.")
    @click.option("--output", "drawn", help="The output to use, where the graph has several.")
    @click.option("--resize", type=_RESIZES, help="How pictures were given its size in training.")
    @click.option("--scale", help='What pixels are divided by: a number, or "max".')
    @click.option("--mean", help="Subtracted after scaling: one number, or three with commas.")
    @click.option("--std", help="Divided by at last: one number, or three with commas.")
    @click.option("--range", type=click.Choice(("probability", "logits")), help="Of the output.")
    @click.option("--normalise", type=click.Choice(("none", "minmax")), help="Of the matte.")
    @click.option("--optimise", type=click.Choice(("none", "trim", "fp16")), default="none")
    @click.option("--part", "parts", multiple=True, metavar="ROLE=FILE", help="Of a pipeline.")
    @click.option("--yes", is_flag=True, help="Ask nothing; take what is proposed.")
    @told
    def command(files: tuple[Path, ...], parts: tuple[str, ...], yes: bool, **given: Any) -> None:
        """Install FILE, an ONNX graph that draws mattes, under a catalog entry of its own.

        Weights that lie beside the graph (external data) come along. A model of several graphs is
        given by its parts: --part text-encoder=a.onnx --part unet=b.onnx --part vae=c.onnx

        With the id of a model of the catalog, FILE is that model's, carried here: as `pull --from`.
        """
        started = time.monotonic()
        asker = Asker(given, yes)
        roles = _roles(parts)
        first = next((path for path in (*files, *roles.values())), None)
        if first is None:
            raise click.UsageError("no file is given")
        slug = re.sub(r"[^a-z0-9]+", "-", first.stem.lower()).strip("-") or None
        if not given["id"]:
            _adding()  # what is missing is told before anything is asked
        name = asker.ask("id", "id", slug if files else None, read=read_id)
        if _is_of_the_catalog(root, name):
            with Bars() as bars:
                carried = (*files, *roles.values())
                known = install.pull(root, name, bars, given=carried, agree=agreement(None))
            if known is None:
                click.echo(f"{name} is already installed")
            else:
                report(root, known, time.monotonic() - started)
            return
        adding = _adding()
        found = adding.survey(name, files, roles)
        for part in found.parts:
            click.echo(f"{part.role}: {part.path.name}, {part.path.stat().st_size:,} bytes")
        click.echo(f"together {found.bytes:,} bytes, {size(found.bytes)}")
        facts = _words(asker, name) | {"optimise": given["optimise"]}
        if found.task == "matting":
            facts |= _pictures(asker, adding, found, facts)
        with Bars() as bars:
            entry = adding.add(root, found, facts, bars)
        report(root, entry, time.monotonic() - started)
        click.echo(f"its entry is in weights/{lockfile.path_in(root).name}")

    return command


def _is_of_the_catalog(root: Path, name: str) -> bool:
    entry = next((entry for entry in catalog.read(root).entries if entry.id == name), None)
    if isinstance(entry, Model | Pipeline) and entry.install is None:
        reason = "catalog.toml has a model of this id, which comes with Mattebox; choose another"
        raise ModelRefused(name, reason)
    return entry is not None


def _adding() -> ModuleType:
    try:
        from model_store import adding
    except ModuleNotFoundError as error:
        raise ToolsMissing(error.name or "onnx") from error
    return adding


def _roles(parts: tuple[str, ...]) -> dict[str, Path]:
    roles: dict[str, Path] = {}
    for part in parts:
        role, equals, name = part.partition("=")
        if not equals or role in roles:
            raise click.UsageError(f"--part {part}: expected ROLE=FILE, each role once")
        roles[role] = Path(str(_FILE.convert(name, None, None)))
    return roles


def _words(asker: Asker, name: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": asker.ask("title", "title", name, read=read_words),
        "summary": asker.ask(
            "summary", "what it is good for", "Added on this server.", read=read_words
        ),
        "tier": asker.ask("tier", "tier", "best", click.Choice(_TIERS)),
        "licence": asker.ask("licence", "licence of the weights (SPDX)", None, read=read_licence),
        "origin": asker.ask("origin", "where it is from (https://...)", LOCAL, read=read_origin),
    }


def _pictures(
    asker: Asker, adding: ModuleType, found: Any, facts: dict[str, Any]
) -> dict[str, Any]:
    """Input and output: read from the graph, the rest given, asked or seen in a run."""
    for value in found.interface.inputs:
        click.echo(f"input {value}")
    for value in found.interface.outputs:
        click.echo(f"output {value}")
    if len(found.interface.inputs) != 1:
        raise ModelRefused(found.name, f"one input is needed, it has {len(found.interface.inputs)}")
    mattes = [value.name for value in found.drawn()]
    if not mattes:
        there = "; ".join(map(str, found.interface.outputs))
        raise ModelRefused(
            found.name,
            "no output is float32 with one channel, as a matte is: one number for each pixel. It"
            f" gives {there}. Models that name things, or tell many kinds of them apart, give"
            " others",
        )
    output = mattes[0]
    if len(mattes) > 1:
        output = asker.ask("drawn", "which output is the matte", mattes[0], click.Choice(mattes))
    height, width = _plane(asker, found)
    _fits(found.name, asker.ask("resize", "pictures get the model's size by", "stretch", _RESIZES))
    given = {
        "name": found.interface.inputs[0].name,
        "shape": [1, 3, height, width],
        "layout": "NCHW",
        "dtype": "float32",
        "resize": "lanczos3",
        "scale": asker.ask(
            "scale", 'pixels are divided by (a number, or "max")', "255", read=read_scale
        ),
        "mean": asker.ask(
            "mean",
            "mean, after scaling",
            as_text(adding.IMAGENET_MEAN),
            read=partial(read_three, "mean"),
        ),
        "std": asker.ask(
            "std", "std", as_text(adding.IMAGENET_STD), read=partial(read_three, "std")
        ),
    }
    drawn = {"name": output, "shape": [1, 1, height, width], "dtype": "float32"}
    drawn |= {"range": "logits", "normalise": "none"}
    entry, _ = adding.entry_of(found, facts | {"input": given, "output": drawn})
    seed, low, high = adding.try_out(entry, found.parts)
    click.echo(f"tried: its output lies in {low:.3f}..{high:.3f}")
    seen = "probability" if low >= 0 and high <= 1 else "logits"
    kinds, rules = click.Choice(("probability", "logits")), click.Choice(("none", "minmax"))
    drawn["range"] = asker.ask("range", "the output is a", seen, kinds)
    drawn["normalise"] = asker.ask("normalise", "the matte is stretched to 0..1", "none", rules)
    return {"input": given, "output": drawn, "seed": seed}


def _fits(name: str, resize: str) -> None:
    """Raises ModelRefused for a way to make pictures the model's size that Mattebox has not."""
    if resize != "stretch":
        raise ModelRefused(
            name,
            f"it was trained on pictures that keep their proportions ({resize}), and Mattebox"
            " stretches each to the model's height and width: what is long would be seen as"
            " squat. Many such models hardly mind; to try it, add it with --resize stretch and"
            " look at a tall and a wide photo. Where that is not good enough, it has to be"
            " exported with the resizing inside its graph",
        )


def _plane(asker: Asker, found: Any) -> tuple[int, int]:
    """Height and width of the input; the graph's where it says them."""
    shape = found.interface.inputs[0].shape
    height, width = shape[2:] if len(shape) == 4 else (None, None)
    if height and width:
        return height, width
    asked = asker.ask("input_size", "input size (N, or HEIGHTxWIDTH)", None, read=read_size)
    return height or asked[0], width or asked[1]
