"""Commands beside the server: `flask --app wsgi ...`."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Callable

import click
from flask import Flask
from flask.cli import FlaskGroup

from model_store import commands
from server import check, nginx
from server.asset_tree import load_runtime, load_tree
from server.config import Settings
from server.variants import VariantStore

SOCKET = "http://unix:/run/mattebox.sock:"


_NAMED = 3
"""Paths that are named for each difference; the others are counted."""


def register(app: Flask, settings: Settings, build: Callable[[Settings], Flask]) -> None:
    """Add the commands to `app`. build: makes the application that `settings` ask for."""
    app.cli.add_command(commands.group(settings.model_store))

    @app.cli.command("precompress")
    @click.option(
        "--quality",
        type=click.IntRange(0, 11),
        default=settings.brotli_quality,
        show_default=True,
        help="Least brotli quality; 11 takes minutes and saves a sixth.",
    )
    def precompress(quality: int) -> None:
        """Make the compressed forms of all text and wasm files ahead of time.

        A server that is running goes on with the forms it knows and takes the better ones at its
        next start.
        """
        started = time.monotonic()
        report(dataclasses.replace(settings, brotli_quality=quality))
        click.echo(f"in {settings.variants}, {time.monotonic() - started:.1f} s")

    @app.cli.command("nginx")
    @click.option("--listen", default="8080", show_default=True, help="As nginx takes it.")
    @click.option("--upstream", default=SOCKET, show_default=True, help="gunicorn's address.")
    def nginx_server(listen: str, upstream: str) -> None:
        """Print a server block for nginx in front of this installation."""
        click.echo(nginx.proxy(settings, listen, upstream), nl=False)

    @app.cli.command("check")
    @click.argument("url")
    @click.option("--quick", is_flag=True, help="Of models, only their heads and ends.")
    def check_url(url: str, quick: bool) -> None:
        """Compare what arrives at URL with what this installation sends, and say what differs.

        Status 1 where something does, 2 where nothing answers. SSL_CERT_FILE names an authority of
        your own.
        """
        # Everything compressed, which the running server has been doing in the background.
        app = build(settings)
        try:
            found = check.differences(url, app, whole=not quick)
        except check.UnreachableError as error:
            click.echo(f"{url} cannot be checked: {error}", err=True)
            sys.exit(2)
        for sentence, paths in found.items():
            more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
            click.echo(f"{sentence}\n    {', '.join(f'/{one}' for one in paths[:_NAMED])}{more}")
        click.echo("Something differs." if found else "Everything arrives as it should.")
        sys.exit(1 if found else 0)


def mends_the_store() -> bool:
    """Whether `flask` was started for a command that must work where the server would refuse to.

    Flask loads the application before it hands over to one of its commands, so a broken catalog
    would otherwise keep `models verify` and `models remove` from ever running.
    """
    context = click.get_current_context(silent=True)
    if context is None or not isinstance(context.command, FlaskGroup):
        return False
    try:
        _, words, _ = context.command.make_parser(context).parse_args(sys.argv[1:])
    except click.UsageError:
        return False
    return words[:1] == ["models"]


def report(settings: Settings) -> None:
    """Make what is missing and print each file's bytes: as it is, then per encoding."""
    store = VariantStore(settings.variants, settings.brotli_quality)
    tree = load_tree(settings.client, settings.node_modules, store)
    runtime = load_runtime(settings.node_modules, store)
    for asset in [*tree.assets.values(), *runtime.assets.values()]:
        forms = "  ".join(f"{form.encoding} {form.length}" for form in asset.variants)
        click.echo(f"{asset.name}: {asset.digest.bytes}  {forms}")
