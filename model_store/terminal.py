"""Numbers, tables and progress bars for a person at a terminal, or for a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from model_store.source import Source
from model_store.sources import Pins

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


def size(count: int) -> str:
    """`count` bytes in the decimal units that disks and networks are sold in."""
    if count < 1000:
        return f"{count} bytes"
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    raise AssertionError(count)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns; what holds numbers is set right."""
    lines = [heads, *rows]
    widths = [max(len(line[index]) for line in lines) for index in range(len(heads))]
    right = {index for index, head in enumerate(heads) if head == "bytes"}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def agreement(digest: str | None) -> Callable[[Source, Pins], bool]:
    """Whether a file of which the catalog has no digest is the one that is meant.

    It is where its SHA-256 is `digest`; without one a person is asked, where there is one.
    """

    def agree(source: Source, found: Pins) -> bool:
        if digest is not None:
            return found.sha256 == digest.strip().lower()
        click.echo(f"the catalog has no digest of {source.origin}")
        click.echo(f"it has {found.bytes:,} bytes, SHA-256 {found.sha256}")
        click.echo(
            "Compare that with what its authors publish. It is recorded, and held from now on."
        )
        # Where nobody sits, nothing is agreed to.
        return sys.stdin.isatty() and click.confirm("Is it the file that you want?")

    return agree


class Bars:
    """A Progress that draws a bar for each step that counts bytes, and a line for the others."""

    def __init__(self) -> None:
        self._bar: ProgressBar[int] | None = None
        self._reached = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def begin(self, step: str, total: int | None = None) -> None:
        """See Progress."""
        self._close()
        if not total:
            click.echo(step)
            return
        self._bar = click.progressbar(
            length=total,
            label=step,
            item_show_func=lambda done: f"{size(done or 0)} of {size(total)}",
            update_min_steps=max(1, total // 400),  # bars drawn more often are not read
        )
        self._reached = 0
        self._bar.__enter__()

    def reach(self, done: int) -> None:
        """See Progress."""
        if self._bar:
            self._bar.update(done - self._reached, done)
            self._reached = done

    def say(self, sentence: str) -> None:
        """See Progress."""
        self._close()
        click.echo(sentence, err=True)

    def _close(self) -> None:
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None
