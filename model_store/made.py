"""What a model is made of and what making it tells. Needs nothing but the standard library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_store.demands import Demands
from model_store.entry import Entry
from model_store.lockfile import AtSize, OfGraph
from model_store.progress import Progress


@dataclass(frozen=True)
class Part:
    """An upstream file: what it will be called and where it is.

    Weights also say by which name which graph knows them; two graphs may use the same one.
    """

    role: str
    name: str
    path: Path
    location: str | None = None
    graph: str | None = None


@dataclass(frozen=True)
class Made:
    """What lies in the folder, and what running it told. A pipeline has no matte."""

    parts: tuple[tuple[str, str], ...]  # role and name
    input: str | None
    output: str | None
    samples: tuple[float, ...] | None
    story: dict[str, Any]
    demands: Demands | None = None
    sizes: tuple[AtSize, ...] = ()
    graphs: tuple[OfGraph, ...] = ()
    seed: int | None = None  # of the canary, where it is not the catalog's


Make = Callable[[Entry, Sequence[Part], Path, Progress], Made]
"""Fills a folder with what is installed. Raises ModelRefused, OSError."""
