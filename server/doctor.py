"""`flask doctor`: what is here, what is missing, and what a visitor will get."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from server.asking import UnreachableError
from server.check import differences
from server.config import Settings
from server.generations import PAUSING
from server.variants import COMPRESSIBLE

ASSETS = "assets"
"""Name among an application's extensions of all that does not come from models."""

_LOCAL = ("localhost", "127.0.0.1", "::1")
_ROOM = 1024**3
"""Bytes that should be free: the largest models take about as much while they are made."""


class State(Enum):
    """How a finding is meant."""

    FINE = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    """What was looked at, in one line."""

    state: State
    text: str


def findings(app: Flask, settings: Settings, url: str | None) -> Iterator[Finding]:
    """All that can be said of an installation whose application is `app`: that there is one says
    that its files and models are what they should be. url: where visitors find it, if anywhere."""
    yield Finding(State.FINE, f"Python {platform.python_version()}, {_versions()}")
    yield from _of_settings(settings)
    yield from _of_forms(app)
    yield from _of_models(app)
    yield from _of_disk(settings)
    if url:
        yield from _of_visitors(app, url)
    else:
        yield Finding(State.NOTE, "What visitors get is known with their address: doctor URL.")


def _versions() -> str:
    names = ("flask", "gunicorn", "gevent", "brotli")
    return ", ".join(f"{name} {_version(name)}" for name in names)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _of_settings(settings: Settings) -> Iterator[Finding]:
    usual = Settings()
    changed = [
        f"{one.name} = {getattr(settings, one.name)}"
        for one in fields(Settings)
        if getattr(settings, one.name) != getattr(usual, one.name)
    ]
    yield Finding(State.FINE, f"Settings: {', '.join(changed) or 'as shipped'}.")


def _of_forms(app: Flask) -> Iterator[Finding]:
    assets = app.extensions[ASSETS]
    whole = sum(asset.digest.bytes for asset in assets)
    text = f"{len(assets)} files of page, runtime and codecs, {_mb(whole)}"
    plain = [
        one.name for one in assets if Path(one.name).suffix in COMPRESSIBLE and one.variants == ()
    ]
    large = [name for name in plain if name.endswith(".wasm")]
    if large:
        yield Finding(State.NOTE, f"{text}; not compressed: {', '.join(large)}. Run precompress.")
    else:
        packed = sum(asset.download("br") for asset in assets)
        yield Finding(State.FINE, f"{text}, {_mb(packed)} as they travel.")


def _of_models(app: Flask) -> Iterator[Finding]:
    generations, _ = app.extensions[PAUSING]
    files = generations.current().files
    for (_, name), asset in files.items():
        yield Finding(
            State.FINE, f"Model file {name}, {_mb(asset.digest.bytes)}, as the catalog says."
        )


def _of_disk(settings: Settings) -> Iterator[Finding]:
    for what, folder in (("models", settings.model_store), ("compressed forms", settings.variants)):
        there = folder
        while not there.exists():
            there = there.parent
        free = shutil.disk_usage(there).free
        state = State.FINE if free >= _ROOM else State.NOTE
        may = "" if os.access(there, os.W_OK) else "; this user may not write there"
        yield Finding(state, f"{_mb(free)} are free for {what} in {folder}{may}.")


def _of_visitors(app: Flask, url: str) -> Iterator[Finding]:
    parts = urlsplit(url)
    try:
        found = differences(url, app, whole=False)
    except UnreachableError as error:
        yield Finding(State.WRONG, f"Nothing answers: {error}")
        return
    for sentence, paths in found.items():
        yield Finding(State.WRONG, f"{sentence} (/{paths[0]}, {len(paths)} in all)")
    if not found:
        yield Finding(State.FINE, "Everything arrives at that address as it is sent from here.")
    if parts.scheme == "https" or parts.hostname in _LOCAL:
        text = "The address is secure: browsers give threads, the GPU, storage and work offline"
        lost = [one for one in found if "threads" in one or "policy" in one]
        yield Finding(
            State.NOTE if lost else State.FINE,
            f"{text}{', but for what is said above' if lost else ''}.",
        )
    else:
        yield Finding(
            State.WRONG,
            "The address is not secure: visitors get one thread, no GPU, and download the model at"
            " each visit. Serve it by https.",
        )


def _mb(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
