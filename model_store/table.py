"""Reads one TOML table strictly: every key is asked for, typed and bounded, or it is a problem.

Nothing here raises on bad content. Problems are collected so that a person who edits a catalog
sees all of them at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True)
class Problem:
    """One disagreement: where it is, what should be there and what is."""

    model: str
    field: str
    expected: str
    found: str
    file: str | None = None

    def __str__(self) -> str:
        file = f", file {self.file!r}" if self.file is not None else ""
        return f"model {self.model!r}{file}: {self.field}: {self.expected}, found {self.found}"


@dataclass
class Table:
    """A TOML table being read. `where` is its dotted path inside the model's entry."""

    content: dict[str, Any]
    model: str
    where: str
    problems: list[Problem]
    file: str | None = None
    _asked: set[str] = field(default_factory=set)

    def report(self, key: str, expected: str, found: object) -> None:
        """Note that `key` holds `found` where `expected` was wanted."""
        shown = found if isinstance(found, str) and found.startswith("nothing") else repr(found)
        path = f"{self.where}.{key}" if self.where else key
        self.problems.append(Problem(self.model, path, f"expected {expected}", shown, self.file))

    def text(self, key: str, pattern: str = r"\S(.*\S)?", expected: str = "a text") -> str:
        """A string that matches `pattern` as a whole; "" after a problem."""
        value = self._take(key)
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        return self._refuse(key, expected, value, "")

    def has(self, key: str) -> bool:
        """Whether `key` is there at all, for keys that need not be."""
        return key in self.content

    def choice(self, key: str, options: Collection[str]) -> Any:
        """One of `options`; typed Any because callers' fields are Literals of the same words."""
        expected = "one of " + ", ".join(map(repr, options))
        value = self._take(key)
        if isinstance(value, str) and value in options:
            return value
        return self._refuse(key, expected, value, "")

    def choices(self, key: str, options: Collection[str], least: int) -> tuple[str, ...]:
        """At least `least` different words out of `options`."""
        expected = f"a list of {least} or more different words out of {', '.join(options)}"
        value = self._take(key)
        if (
            isinstance(value, list)
            and all(isinstance(word, str) and word in options for word in value)
            and len(set(value)) == len(value) >= least
        ):
            return tuple(value)
        return self._refuse(key, expected, value, ())

    def texts(self, key: str, pattern: str, expected: str) -> tuple[str, ...]:
        """A list of strings that each match `pattern` as a whole."""
        value = self._take(key)
        if isinstance(value, list) and all(
            isinstance(item, str) and re.fullmatch(pattern, item) for item in value
        ):
            return tuple(value)
        return self._refuse(key, expected, value, ())

    def truth(self, key: str) -> bool:
        """True or false; false after a problem."""
        value = self._take(key)
        if isinstance(value, bool):
            return value
        return self._refuse(key, "true or false", value, instead=False)

    def integer(self, key: str, least: int, most: int = 2**53 - 1) -> int:
        """A whole number in least..most; JavaScript reads it too, hence the upper bound."""
        expected = f"a whole number from {least} to {most}"
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        return self._refuse(key, expected, value, least)

    def counts(self, key: str) -> tuple[int, ...]:
        """One or more different whole numbers from 1 on, in a list."""
        value = self._take(key)
        if (
            isinstance(value, list)
            and all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in value)
            and len(set(value)) == len(value) > 0
        ):
            return tuple(value)
        return self._refuse(key, "a list of different whole numbers from 1 on", value, ())

    def number(self, key: str, above: float, most: float) -> float:
        """A finite number with above < number <= most."""
        expected = f"a number above {above:g} and at most {most:g}"
        value = self._take(key)
        if _is_number(value) and above < value <= most:
            return float(value)
        return self._refuse(key, expected, value, most)

    def number_or(self, key: str, word: str) -> Any:
        """A positive number, or exactly `word`; typed Any because `word` is a Literal's."""
        expected = f"{word!r} or a positive number"
        value = self._take(key)
        if value == word or (_is_number(value) and value > 0):
            return value
        return self._refuse(key, expected, value, word)

    def numbers(self, key: str, count: int, least: float, most: float) -> tuple[float, ...]:
        """Exactly `count` finite numbers in least..most."""
        expected = f"{count} numbers from {least:g} to {most:g}"
        value = self._take(key)
        if not isinstance(value, list) or len(value) != count:
            shown = f"nothing but {len(value)} values" if isinstance(value, list) else value
            return self._refuse(key, expected, shown, (most,) * count)
        numbers = []
        for index, item in enumerate(value):
            is_one = _is_number(item) and least <= item <= most
            if not is_one:
                self.report(f"{key}[{index}]", f"a number from {least:g} to {most:g}", item)
            numbers.append(item if is_one else most)
        return tuple(numbers)

    def shape(self, key: str, channels: int) -> tuple[int, int, int, int]:
        """The shape of one image tensor, [1, channels, height, width]."""
        expected = f"[1, {channels}, height, width]"
        value = self._take(key)
        if (
            isinstance(value, list)
            and all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in value)
            and value[:2] == [1, channels]
            and len(value) == 4
        ):
            return (1, channels, value[2], value[3])
        return self._refuse(key, expected, value, (1, channels, 1, 1))

    def dimensions(self, key: str) -> tuple[int | str, ...]:
        """The shape of any tensor: a dimension that each run decides is a name, and may be 0."""
        value = self._take(key)
        if isinstance(value, list) and all(_is_dimension(one) for one in value):
            return tuple(value)
        return self._refuse(key, "a list of whole numbers and of names", value, ())

    def table(self, key: str) -> Table:
        """The table under `key`; an empty one after a problem."""
        value = self._take(key)
        where = f"{self.where}.{key}" if self.where else key
        if not isinstance(value, dict):
            self._refuse(key, "a table", value, None)
            # One problem is enough: what its fields would report goes to a list nobody reads.
            return Table({}, self.model, where, [], self.file)
        return Table(value, self.model, where, self.problems, self.file)

    def tables(self, key: str) -> list[Table]:
        """One or more tables under `key`."""
        value = self._take(key)
        where = f"{self.where}.{key}" if self.where else key
        if not (isinstance(value, list) and value and all(isinstance(i, dict) for i in value)):
            value = self._refuse(key, "one or more tables", value, [])
        return [
            Table(item, self.model, f"{where}[{index}]", self.problems, self.file)
            for index, item in enumerate(value)
        ]

    def integers(self, options: Collection[str]) -> dict[str, int]:
        """This whole table as positive integers whose keys are out of `options`."""
        return {key: self.integer(key, 1) for key in self.content if key in options}

    def finish(self) -> None:
        """Report every key nobody asked for. Call it last."""
        for key in self.content:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked)) or "none"
                self.report(key, f"no such key (known: {known})", self.content[key])

    def _take(self, key: str) -> Any:
        self._asked.add(key)
        return self.content.get(key, _MISSING)

    def _refuse(self, key: str, expected: str, value: object, instead: _T) -> _T:
        self.report(key, expected, "nothing" if value is _MISSING else value)
        return instead


_MISSING = object()


def _is_dimension(value: object) -> bool:
    if isinstance(value, str):
        return value.isidentifier()
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
