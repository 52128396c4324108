"""The servers that are processes of their own, as an operator starts them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.config import ROOT
from tests.server import toy_site
from tests.server.conftest import Site


@dataclass(frozen=True)
class Running(Site):
    """A site, its server's first process, and what that has written so far."""

    process: subprocess.Popen[bytes] | None = None
    log: Path = Path()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def gunicorn(folder: Path, *flags: str, **environment: str) -> Iterator[Running]:
    """`gunicorn`, set up as shipped, over a toy site in `folder`, made where there is none."""
    if not (folder / "client").exists():
        toy_site.build(folder)
    port = free_port()
    # Not `python -m`: what USR2 starts again would have gunicorn's own folder first on its path.
    program = str(Path(sys.executable).with_name("gunicorn"))
    command = [program, "--bind", f"127.0.0.1:{port}", *flags]
    command += [f"tests.server.toy_site:start_in({str(folder)!r})"]
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=out, stderr=out
        )
    running = Running(port, folder, environment.get("SCRIPT_NAME", ""), process, log)
    try:
        wait_until_healthy(running)
        yield running
    finally:
        process.send_signal(signal.SIGINT)  # at once
        process.wait(60)


def gunicorn_of(
    application: str, folder: Path
) -> Callable[..., AbstractContextManager[subprocess.Popen[bytes]]]:
    """Starts gunicorn, set up as shipped, over any expression that makes an application."""

    @contextmanager
    def started(*flags: str) -> Iterator[subprocess.Popen[bytes]]:
        program = str(Path(sys.executable).with_name("gunicorn"))
        log = folder / "gunicorn.log"
        with log.open("wb") as out:
            # What a browser still has open is not waited for.
            command = [program, "--graceful-timeout=1", *flags, application]
            process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)
        try:
            deadline = time.monotonic() + 60
            # Said by each worker once it serves.
            while "Booting worker" not in log.read_text():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)

    return started


def wait_until_healthy(site: Site) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if site.ask("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    said = site.log.read_text() if isinstance(site, Running) else ""
    pytest.fail(f"no answer within 60 s: {said}")
