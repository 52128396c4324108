"""The real proxies, from Debian's packages (tests/harness/install.sh), each on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

import pytest

from tests.server.conftest import Site


def need(program: str) -> str:
    """Where the program is; skip where it is missing, and fail where it must not be."""
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        missing(program)
    return found


def need_file(path: Path) -> None:
    """As `need`, for what is no program."""
    if not path.exists():
        missing(path.name)


def missing(name: str) -> NoReturn:
    reason = f"not on this machine: {name}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


_NOBODY = 65534
NO_ACCOUNT: Mapping[str, Any] = MappingProxyType({})
"""Whoever runs the tests."""


def unprivileged(folder: Path) -> dict[str, Any]:
    """How `Popen` starts a server that may write nothing but `folder`: root's becomes nobody."""
    if os.getuid() != 0:
        return {}
    os.chown(folder, _NOBODY, _NOBODY)
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}


@contextmanager
def nginx(
    folder: Path, server: str, site: Site, account: Mapping[str, Any] = NO_ACCOUNT
) -> Iterator[None]:
    """nginx with `server`, a block of its configuration; `site` is what it makes reachable."""
    program = need("nginx")
    # root's workers would become another user, who may not read what a test has written.
    user = "user root;" if os.getuid() == 0 and not account else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in kinds)
    config = folder / "nginx.conf"
    config.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;"
        "events { worker_connections 1024; }"
        f"http {{ {temporary} access_log off; types {{ }} default_type application/octet-stream;"
        f"\n{server}}}\n"
    )
    with (folder / "nginx.out").open("wb") as out:
        command = [program, "-p", str(folder), "-e", "error.log", "-c", str(config)]
        process = subprocess.Popen(command, stdout=out, stderr=out, **account)
    with until_it_listens(process, site, folder / "nginx.out"):
        yield


MODULES = Path("/usr/lib/apache2/modules")


PROXYING = ("authz_core", "proxy", "proxy_http", "headers", "xsendfile")


@contextmanager
def apache(
    folder: Path,
    lines: Iterable[str],
    site: Site,
    modules: tuple[str, ...] = PROXYING,
    account: Mapping[str, Any] = NO_ACCOUNT,
) -> Iterator[None]:
    """Apache with these lines of configuration; where `modules` are Debian's, it has the types of
    its machine as well."""
    program = need("apache2")
    names = ("mpm_event", *modules)
    for name in names:
        need_file(MODULES / f"mod_{name}.so")
    loaded = [f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in names]
    config = folder / "apache.conf"
    head = [
        f"ServerRoot {folder}",
        f"PidFile {folder}/apache.pid",
        f"ErrorLog {folder}/apache.log",
        "ServerName localhost",
    ]
    # Started by root, it becomes this user, and insists on it.
    user = ["User www-data", "Group www-data"] if os.getuid() == 0 and not account else []
    types = Path("/etc/mime.types")  # as on an operator's machine, where there are any
    if "mime" in modules:
        loaded.append(f"TypesConfig {types if types.exists() else '/dev/null'}")
    config.write_text("\n".join([*head, *loaded, *user, *lines, ""]))
    with (folder / "apache.out").open("wb") as out:
        command = [program, "-f", str(config), "-DFOREGROUND"]
        process = subprocess.Popen(command, stdout=out, stderr=out, **account)
    with until_it_listens(process, site, folder / "apache.out"):
        yield


@contextmanager
def caddy(
    folder: Path, caddyfile: str, site: Site, account: Mapping[str, Any] = NO_ACCOUNT
) -> Iterator[None]:
    """Caddy with this Caddyfile."""
    program = need("caddy")
    config = folder / "Caddyfile"
    config.write_text(caddyfile)
    # It keeps a copy of its configuration, and its certificates, below these.
    places = {name: str(folder / "caddy") for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    with (folder / "caddy.out").open("wb") as out:
        command = [program, "run", "--config", str(config), "--adapter", "caddyfile"]
        process = subprocess.Popen(
            command, env=os.environ | places, stdout=out, stderr=out, **account
        )
    with until_it_listens(process, site, folder / "caddy.out"):
        yield


@contextmanager
def until_it_listens(process: subprocess.Popen[bytes], site: Site, said: Path) -> Iterator[None]:
    """The process for as long as it is needed."""
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", site.port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.02)
        else:
            pytest.fail(said.read_text())
        yield
    finally:
        process.terminate()
        process.wait(60)
