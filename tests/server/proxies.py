"""The real proxies, from Debian's packages (tests/harness/install.sh), each on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

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


@contextmanager
def nginx(folder: Path, server: str, site: Site) -> Iterator[None]:
    """nginx with `server`, a block of its configuration; `site` is what it makes reachable."""
    program = need("nginx")
    # root's workers would become another user, who may not read what a test has written.
    user = "user root;" if os.getuid() == 0 else ""
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
        process = subprocess.Popen(command, stdout=out, stderr=out)
    with until_it_listens(process, site, folder / "nginx.out"):
        yield


MODULES = Path("/usr/lib/apache2/modules")


@contextmanager
def apache(folder: Path, lines: Iterable[str], site: Site) -> Iterator[None]:
    """Apache with these lines of configuration, its proxy and mod_xsendfile."""
    program = need("apache2")
    need_file(MODULES / "mod_xsendfile.so")
    names = ("mpm_event", "authz_core", "proxy", "proxy_http", "headers", "xsendfile")
    loaded = [f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in names]
    config = folder / "apache.conf"
    head = [
        f"ServerRoot {folder}",
        f"PidFile {folder}/apache.pid",
        f"ErrorLog {folder}/apache.log",
        "ServerName localhost",
        f"Listen 127.0.0.1:{site.port}",
    ]
    # Started by root, it becomes this user, and insists on it.
    user = ["User www-data", "Group www-data"] if os.getuid() == 0 else []
    config.write_text("\n".join([*head, *loaded, *user, *lines, ""]))
    with (folder / "apache.out").open("wb") as out:
        command = [program, "-f", str(config), "-DFOREGROUND"]
        process = subprocess.Popen(command, stdout=out, stderr=out)
    with until_it_listens(process, site, folder / "apache.out"):
        yield


@contextmanager
def until_it_listens(process: subprocess.Popen[bytes], site: Site, said: Path) -> Iterator[None]:
    """The process for as long as it is needed."""
    try:
        deadline = time.monotonic() + 20
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
        process.wait(20)
