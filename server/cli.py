"""Commands beside the server: `flask --app wsgi ...`."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from flask import Flask
from flask.cli import FlaskGroup

from model_store import commands
from server import asking, bill, bundle, check, doctor, export, shell
from server.asset_tree import load_runtime
from server.config import ROOT, Settings
from server.variants import VariantStore
from server.web_servers import nginx_proxy
from server.web_servers.rules import Place, Tls

SOCKET = "http://unix:/run/mattebox.sock:"


_NAMED = 3
"""Paths that are named for each difference; the others are counted."""


Build = Callable[[Settings], Flask]


def register(app: Flask, settings: Settings, build: Build) -> None:
    """Add the commands to `app`. build: makes the application that `settings` ask for."""
    app.cli.add_command(commands.group(settings.model_store))
    _add_precompress(app, settings)
    _add_nginx(app, settings)
    _add_export(app, settings, build)
    _add_check(app, settings, build)
    _add_doctor(app, settings, build)
    _add_bundle(app, settings)
    _add_bill(app, settings, build)


def _add_precompress(app: Flask, settings: Settings) -> None:
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


def _add_nginx(app: Flask, settings: Settings) -> None:
    @app.cli.command("nginx")
    @click.option("--listen", default="8080", show_default=True, help="As nginx takes it.")
    @click.option("--upstream", default=SOCKET, show_default=True, help="gunicorn's address.")
    @click.option("--name", default="", help="Of the host. [default: any]")
    @_with_certificate
    def nginx_server(
        listen: str, upstream: str, name: str, certificate: Path | None, key: Path | None
    ) -> None:
        """Print a server block for nginx in front of this installation."""
        tls = _tls(certificate, key)
        click.echo(nginx_proxy.proxy(settings, listen, upstream, name=name, tls=tls), nl=False)


_Command = TypeVar("_Command", bound=Callable[..., None])


def _with_certificate(command: _Command) -> _Command:
    """Options of commands that write a configuration."""
    pem = click.Path(path_type=Path)
    command = click.option("--key", type=pem, help="Of the certificate: PEM.")(command)
    return click.option("--certificate", type=pem, help="For TLS and HTTP/2: PEM.")(command)


def _tls(certificate: Path | None, key: Path | None) -> Tls | None:
    """Raises UsageError for one without the other."""
    if (certificate is None) != (key is None):
        raise click.UsageError("--certificate and --key go together")
    return Tls(certificate.absolute(), key.absolute()) if certificate and key else None


def _add_export(app: Flask, settings: Settings, build: Build) -> None:
    @app.cli.command("export")
    @click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
    @click.option(
        "--at",
        type=click.Path(path_type=Path),
        help="Where FOLDER will be on the machine that serves it. [default: where it is]",
    )
    @click.option("--port", type=click.IntRange(1, 65535), help="[default: 8080; 443 with TLS]")
    @click.option("--address", default="", help="To listen on. [default: all]")
    @click.option("--name", default="", help="Of the host. [default: any]")
    @_with_certificate
    def export_site(
        folder: Path,
        at: Path | None,
        port: int | None,
        address: str,
        name: str,
        certificate: Path | None,
        key: Path | None,
    ) -> None:
        """Write the whole site to FOLDER as plain files, with configurations for who serves them:
        nginx, Caddy, Apache, and hosts of plain files.

        Export again into the same folder after each change; what pages that are open still ask for
        stays there.
        """
        tls = _tls(certificate, key)
        try:
            place = Place(
                (at or folder).absolute(),
                port or (443 if tls else 8080),
                address,
                name,
                tls,
            )
            count = export.write(build(settings), folder, place)
        except (export.NotOursError, ValueError, OSError) as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{folder}: {count} files; {', '.join(export.CONFIGURATIONS)} serve them.")


def _add_check(app: Flask, settings: Settings, build: Build) -> None:
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
        except asking.UnreachableError as error:
            click.echo(f"{url} cannot be checked: {error}", err=True)
            sys.exit(2)
        for sentence, paths in found.items():
            more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
            click.echo(f"{sentence}\n    {', '.join(f'/{one}' for one in paths[:_NAMED])}{more}")
        click.echo("Something differs." if found else "Everything arrives as it should.")
        sys.exit(1 if found else 0)


def _add_doctor(app: Flask, settings: Settings, build: Build) -> None:
    @app.cli.command("doctor")
    @click.argument("url", required=False)
    def examine(url: str | None) -> None:
        """Say what is here, what is missing, and what visitors of URL will get. Status 1 where
        something is wrong.
        """
        found = list(doctor.findings(build(settings), settings, url))
        for one in found:
            click.echo(f"{one.state.value:5}  {one.text}")
        sys.exit(1 if any(one.state is doctor.State.WRONG for one in found) else 0)


def _add_bundle(app: Flask, settings: Settings) -> None:
    @app.cli.command("bundle")
    @click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
    @click.option(
        "--wheel",
        required=True,
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Mattebox's own, as `make wheel` makes it.",
    )
    def gather(folder: Path, wheel: Path) -> None:
        """Gather wheels and models in FOLDER, to install from it without a network.

        The packages are fetched by pip, for machines like this one.
        """
        needs = ROOT / "requirements.txt"
        try:
            names = bundle.write(folder, wheel, needs, settings.model_store)
        except (bundle.BundleError, OSError) as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{folder}: {len(names)} files; there: sh install.sh /opt/mattebox")


def _add_bill(app: Flask, settings: Settings, build: Build) -> None:
    @app.cli.command("bill")
    def list_components() -> None:
        """Print what is served and what serves it, as a CycloneDX list."""
        told = bill.bill(build(settings), settings.node_modules, ROOT / "requirements.txt")
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))


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
    tree = shell.load_site(settings.client, settings.node_modules, store)
    runtime = load_runtime(settings.node_modules, store)
    for asset in [*tree.assets.values(), *runtime.assets.values()]:
        forms = "  ".join(f"{form.encoding} {form.length}" for form in asset.variants)
        click.echo(f"{asset.name}: {asset.digest.bytes}  {forms}")
