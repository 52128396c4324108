"""How work that takes long tells how far it is, in numbers."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Steps follow one another; a step may count bytes."""

    def begin(self, step: str, total: int | None = None) -> None:
        """A new step begins; it will count to `total` bytes, or to nothing known."""

    def reach(self, done: int) -> None:
        """`done` bytes of the step are there, those of an earlier run included."""

    def say(self, sentence: str) -> None:
        """Something a person should know, though the work goes on."""


class Silence:
    """Tells nobody."""

    def begin(self, step: str, total: int | None = None) -> None:
        """See Progress."""

    def reach(self, done: int) -> None:
        """See Progress."""

    def say(self, sentence: str) -> None:
        """See Progress."""
