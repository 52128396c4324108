"""What `models pull` and `models add` say once a model is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from model_store import catalog, lockfile
from model_store.entry import Entry
from model_store.terminal import size


def report(root: Path, entry: Entry, seconds: float) -> None:
    """Say at the terminal what was installed at `root`, after so many seconds."""
    for file in entry.files:
        click.echo(f"{file.role}: {file.name}, {file.bytes:,} bytes, SHA-256 {file.sha256}")
    if isinstance(entry, catalog.Composite):
        click.echo(f"{entry.id} is complete: {' and '.join(map(str, entry.made_of))}")
        click.echo("A server that is running offers it from now on.")
        return
    story: dict[str, Any] = lockfile.read_raw(root)[entry.id]["story"]
    if parity := story.get("parity"):
        told = f"mean {parity['mean']:.1e}, largest {parity['max']:.1e}"
        click.echo(f"optimised; its matte of the test image differs from upstream's by {told}")
    if "seconds" in story:
        click.echo(f"loading it and running it once took {story['seconds']:.1f} s here")
    click.echo(f"installed {entry.id}, {size(entry.bytes)}, in {seconds:.0f} s")
    click.echo("A server that is running offers it from now on.")
