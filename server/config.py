"""Settings, read once from MATTEBOX_* environment variables."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from server.branding import Branding, BrandingError, accents, logo_url

_T = TypeVar("_T")

ROOT = Path(__file__).resolve().parent.parent

_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*")


class ConfigError(ValueError):
    """A setting has a value the server cannot work with."""


@dataclass(frozen=True)
class Settings:
    """Where things are and how the application is reached.

    prefix: path the application is mounted under, "" or "/tools/mattebox"; for a proxy that passes
        the path on unchanged. A proxy that strips it needs no setting.
    brotli_quality: 0..11; missing variants of at least this quality are made at start, small ones
        of a better.
    offline: whether browsers keep the page for use without a network. False takes it back from
        those that do.
    branding: the operator's words, logo and colour. Its support note is for people who save the
        report of what their device has measured; nothing is ever sent by itself.
    keep: how long browsers keep people's photos on their own device so that a reload or a crash
        loses nothing: "days" until the page has been closed for a day, "session" until its tab is
        closed, "never". A person may choose otherwise.
    default_model: the id of the model for visitors who have chosen none; None for the
        catalog's. It must be installed.
    files_sent_by: "mattebox", or the header by which the proxy in front is told to send files from
        the disk itself: "x-accel-redirect", "x-sendfile".
    metrics: whether /metrics answers, to those whom no proxy has passed on.
    """

    client: Path = ROOT / "client"
    node_modules: Path = ROOT / "node_modules"
    model_store: Path = ROOT / "model_store"
    variants: Path = ROOT / ".cache" / "variants"
    prefix: str = ""
    # The three runtimes, 57.8 MB, become 10.6 MB in 3.7 s of one processor at 7, 10.3 MB in 9.2 s
    # at 9, 8.8 MB in 176 s at 11: that is for an image, not for a first `make run`.
    brotli_quality: int = 7
    offline: bool = True
    branding: Branding = field(default_factory=Branding)
    keep: str = "days"
    default_model: str | None = None
    files_sent_by: str = "mattebox"
    metrics: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment. Raises ConfigError naming the variable that cannot be used."""
        return cls(
            client=_path(environ, "MATTEBOX_CLIENT", cls.client),
            node_modules=_path(environ, "MATTEBOX_NODE_MODULES", cls.node_modules),
            model_store=_path(environ, "MATTEBOX_MODEL_STORE", cls.model_store),
            variants=_path(environ, "MATTEBOX_VARIANTS", cls.variants),
            prefix=_prefix(environ),
            brotli_quality=_integer(
                environ, "MATTEBOX_BROTLI_QUALITY", cls.brotli_quality, at_most=11
            ),
            offline=_switch(environ, "MATTEBOX_OFFLINE", cls.offline),
            branding=_branding(environ),
            default_model=environ.get("MATTEBOX_DEFAULT_MODEL") or None,
            keep=_one_of(environ, "MATTEBOX_KEEP", cls.keep, ("days", "session", "never")),
            files_sent_by=_one_of(
                environ,
                "MATTEBOX_FILES_SENT_BY",
                cls.files_sent_by,
                ("mattebox", "x-accel-redirect", "x-sendfile"),
            ),
            metrics=_switch(environ, "MATTEBOX_METRICS", cls.metrics),
        )


@dataclass(frozen=True)
class ServingSettings:
    """How the processes that serve are run by gunicorn.

    workers: processes. connections: at once for each worker; more wait to be accepted. silence:
    seconds without a byte taken after which a client is cut off. grace: seconds that a stopping
    worker gives to downloads that have begun. log: the form of its lines, "text" or "json".
    """

    workers: int = 2
    connections: int = 4000
    silence: int = 60
    grace: int = 30
    log: str = "text"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> ServingSettings:
        """Read the environment. Raises ConfigError naming the variable that cannot be used."""
        return cls(
            # The name that hosting services know, and gunicorn's own.
            workers=_integer(environ, "WEB_CONCURRENCY", cls.workers, at_least=1, at_most=256),
            connections=_integer(
                environ, "MATTEBOX_CONNECTIONS", cls.connections, at_least=1, at_most=60_000
            ),
            silence=_integer(environ, "MATTEBOX_SILENCE", cls.silence, at_least=1, at_most=3600),
            grace=_integer(environ, "MATTEBOX_GRACE", cls.grace, at_most=86_400),
            log=_one_of(environ, "MATTEBOX_LOG", cls.log, ("text", "json")),
        )


def _path(environ: Mapping[str, str], name: str, default: Path) -> Path:
    value = environ.get(name)
    return Path(value).resolve() if value else default


def _prefix(environ: Mapping[str, str]) -> str:
    value = environ.get("MATTEBOX_PREFIX", "").strip("/")
    prefix = f"/{value}" if value else ""
    if not _PREFIX.fullmatch(prefix) or {".", ".."} & set(value.split("/")):
        raise ConfigError(f"MATTEBOX_PREFIX is {value!r}; expected a path such as /tools/mattebox")
    return prefix


def _integer(
    environ: Mapping[str, str], name: str, default: int, *, at_least: int = 0, at_most: int
) -> int:
    value = environ.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,6}", value) or not at_least <= int(value) <= at_most:
        expected = f"a whole number from {at_least} to {at_most}"
        raise ConfigError(f"{name} is {value!r}; expected {expected}")
    return int(value)


def _switch(environ: Mapping[str, str], name: str, default: bool) -> bool:
    value = environ.get(name) or ("on" if default else "off")
    if value not in ("on", "off"):
        raise ConfigError(f"{name} is {value!r}; expected on or off")
    return value == "on"


def _one_of(environ: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(name) or default
    if value not in allowed:
        raise ConfigError(f"{name} is {value!r}; expected one of {', '.join(allowed)}")
    return value


_LONGEST_NOTE = 300  # characters: two lines beside a button
_LONGEST_TITLE = 40  # characters: beside the logo, on a phone

_LANGUAGE = re.compile(r"[A-Z]{2,3}(?:_[A-Z0-9]{2,8})*")


def _branding(environ: Mapping[str, str]) -> Branding:
    return Branding(
        title=_sentence(environ, "MATTEBOX_TITLE", _LONGEST_TITLE) or Branding.title,
        intro=_by_language(environ, "MATTEBOX_INTRO"),
        support_note=_by_language(environ, "MATTEBOX_SUPPORT_NOTE"),
        logo=_made(environ, "MATTEBOX_LOGO", lambda value: logo_url(Path(value)), ""),
        accent=_made(environ, "MATTEBOX_ACCENT", accents, ()),
    )


def _by_language(environ: Mapping[str, str], name: str) -> dict[str, str]:
    """What a setting says, and by its tag in each language it says otherwise: `NAME_PT_BR`."""
    prefix = f"{name}_"
    tags = {
        variable: variable.removeprefix(prefix)
        for variable in environ
        if variable.startswith(prefix)
    }
    for variable, tag in tags.items():
        if not _LANGUAGE.fullmatch(tag):
            raise ConfigError(f"{variable} names no language; expected {prefix}DE or {prefix}PT_BR")
    found = {"": _sentence(environ, name)} | {
        tag.replace("_", "-").lower(): _sentence(environ, variable)
        for variable, tag in sorted(tags.items())
    }
    return {tag: words for tag, words in found.items() if words}


def _made(environ: Mapping[str, str], name: str, make: Callable[[str], _T], default: _T) -> _T:
    value = environ.get(name)
    try:
        return make(value) if value else default
    except BrandingError as error:
        raise ConfigError(f"{name}: {error}") from error


def _sentence(environ: Mapping[str, str], name: str, longest: int = _LONGEST_NOTE) -> str:
    value = environ.get(name, "").strip()
    if len(value) > longest or not value.isprintable():
        expected = f"one line of at most {longest} characters"
        raise ConfigError(f"{name} has {len(value)} characters; expected {expected}")
    return value
