"""Answers to what `models add` asks: by option or at the terminal, read and checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import click

from model_store.schema import ID, LICENCE, LOCAL, ORIGIN


@dataclass(frozen=True)
class Asker:
    """Answers a question by its option, or by asking, or by the proposal where nobody is asked."""

    given: dict[str, Any]
    silent: bool

    def ask(
        self,
        name: str,
        question: str,
        proposal: str | None,
        kind: Any = None,
        read: Callable[[str], Any] = str,
    ) -> Any:
        """The answer, as `read` reads it. A question without a proposal needs its option when
        nobody is asked; one that is answered with what `read` refuses (UsageError) is asked again.
        """
        option = self.given.get(name)
        if option is not None:
            return read(option)
        if not self.silent:
            # Of a choice, click itself asks again.
            return click.prompt(
                question, default=proposal, type=kind, value_proc=None if kind else read
            )
        if proposal is None:
            raise click.UsageError(f"--yes leaves nobody to ask: give --{name.replace('_', '-')}")
        return read(proposal)


def read_size(text: str) -> tuple[int, int]:
    """Height and width. Raises UsageError."""
    match = re.fullmatch(r"([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?", text)
    if not match:
        raise click.UsageError(f"--input-size {text}: expected N, or HEIGHTxWIDTH")
    return int(match[1]), int(match[2] or match[1])


def _like(option: str, pattern: str, words: str, text: str) -> str:
    """`text` without spaces around it. Raises UsageError where it is not like `pattern`."""
    if not re.fullmatch(pattern, text.strip()):
        raise click.UsageError(f"--{option} {text}: expected {words}")
    return text.strip()


read_id = partial(_like, "id", ID, "lower-case letters, digits and hyphens")
read_words = partial(_like, "title", r"(?s).+", "a few words")
read_licence = partial(_like, "licence", LICENCE, "an SPDX expression, such as MIT")
read_origin = partial(_like, "origin", ORIGIN, f"an https:// address, or {LOCAL}")


def read_scale(text: str) -> str | float:
    """A number, or "max". Raises UsageError."""
    return text if text == "max" else _number("scale", text)


def read_three(name: str, text: str) -> list[float]:
    """Of three channels, or one number for all, of the option `name`. Raises UsageError."""
    numbers = [_number(name, part) for part in text.split(",")]
    if len(numbers) not in (1, 3):
        raise click.UsageError(f"--{name} {text}: expected one number, or three with commas")
    return numbers * 3 if len(numbers) == 1 else numbers


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise click.UsageError(f"--{name} {text}: expected a number") from None


def as_text(numbers: tuple[float, ...]) -> str:
    """As `read_three` reads it."""
    return ",".join(map(str, numbers))
