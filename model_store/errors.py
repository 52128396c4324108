"""What can go wrong when the store is changed, each with what a person needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class StoreError(Exception):
    """A model could not be installed, added or removed. Subclasses say why.

    Whatever is raised, what was installed before is installed still.
    """


@dataclass(eq=False)  # like every exception, equal to itself only
class UnknownModel(StoreError):
    """Neither the catalog nor the lock file knows the id."""

    id: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no model {self.id!r}; there is {', '.join(self.known) or 'none'}"


@dataclass(eq=False)
class ModelRefused(StoreError):
    """The model, or its id, cannot be used: the reason as a sentence."""

    id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.id}: {self.reason}"


@dataclass(eq=False)
class NotForBrowsers(StoreError):
    """No browser could run it: MiB that it takes and that there are, and what no GPU has.

    `instead`: what serves the same end, and can be run.
    """

    id: str
    memory_mib: int
    heap_mib: int
    no_gpu: tuple[str, ...]
    instead: tuple[str, ...] = ()

    def __str__(self) -> str:
        gpu = ", ".join(self.no_gpu) or "it is made for processors"
        more = f" What can be run: {', '.join(self.instead)}." if self.instead else ""
        return (
            f"{self.id}: no browser can run it, so it is not installed. One run takes about"
            f" {self.memory_mib} MiB on a processor, where WebAssembly has {self.heap_mib} MiB at"
            f" most, and GPUs cannot run it ({gpu}).{more}"
        )


@dataclass(eq=False)
class LockUnreadable(StoreError):
    """The lock file is no JSON object of ours."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return (
            f"weights/{self.path.name} cannot be read: {self.reason}."
            " Move it away, then pull or add the models again."
        )


@dataclass(eq=False)
class StoreBusy(StoreError):
    """Another process is changing the store."""

    holder: str

    def __str__(self) -> str:
        return f"another command is changing this store ({self.holder}); wait until it has ended"


@dataclass(eq=False)
class DiskFull(StoreError):
    """There is no room. `needed` and `free` are bytes; `needed` is 0 where it is not known."""

    folder: Path
    needed: int
    free: int

    def __str__(self) -> str:
        needed = f"{self.needed} bytes are needed" if self.needed else "no more can be written"
        return f"the disk is full: {needed} in {self.folder}, {self.free} are free"


@dataclass(eq=False)
class ToolsMissing(StoreError):
    """A Python package that serving does without, and installing models does not."""

    package: str

    def __str__(self) -> str:
        return (
            f"the Python package {self.package!r} is missing;"
            " installing models needs: pip install -r requirements-models.txt"
        )


class SourceError(StoreError):
    """An upstream file could not be had. Subclasses say why."""


@dataclass(eq=False)
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
    """The file came, but it is not the one that is pinned. `said_by`: who pinned it."""

    origin: str
    field: str
    expected: object
    found: object
    said_by: str = "the catalog"

    def __str__(self) -> str:
        says = f"{self.said_by} says {self.expected}, found {self.found}"
        return f"{self.origin}: {self.field}: {says}"


@dataclass(eq=False)
class NotCarried(SourceError):
    """None of the files that were carried here is the one. `wrong`: what each is instead."""

    origin: str
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return "\n  ".join((f"none of the files given is {self.origin}", *self.wrong))


@dataclass(eq=False)
class NotAgreed(SourceError):
    """The catalog has no digest of the file, and nobody has agreed to the one it has."""

    origin: str
    bytes: int
    sha256: str

    def __str__(self) -> str:
        return (
            f"{self.origin}: {self.bytes} bytes, SHA-256 {self.sha256}: the catalog has no digest"
            " of it, and nobody has agreed to this one. Nothing was installed; what came is"
            f" kept. To agree: --digest {self.sha256}"
        )


@dataclass(eq=False)
class Unreachable(SourceError):
    """The network, or the server behind it, did not deliver. `kept` bytes wait to be resumed."""

    url: str
    reason: str
    kept: int

    def __str__(self) -> str:
        again = f"; {self.kept} bytes are kept, run it again to go on" if self.kept else ""
        return f"{self.url}: {self.reason}{again}"
