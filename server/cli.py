"""Commands beside the server: `flask --app wsgi ...`."""

from __future__ import annotations

import dataclasses
import sys
import time

import click
from flask import Flask
from flask.cli import FlaskGroup

from model_store import commands
from server import nginx
from server.asset_tree import load_runtime, load_tree
from server.config import Settings
from server.variants import VariantStore

SOCKET = "http://unix:/run/mattebox.sock:"


def register(app: Flask, settings: Settings) -> None:
    """Add the commands to `app`."""
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
