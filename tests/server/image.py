"""What `docker build` would lay out, by the Dockerfile's own lines, without Docker.

ARG, COPY, ENV and WORKDIR are followed as written, with .dockerignore; RUN runs in a shell where
npm (`tests/server/npm_ci.py`) takes its packages from the node_modules/ that is installed here, and
pip and useradd, whose results are here already, do nothing. Of the base images there is Node alone,
in name, where its image has it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from server.config import ROOT

_STUBS = {
    "npm": f"PYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} "
    '-m tests.server.npm_ci "$@"',
    "pip": ":",
    "useradd": ":",
}


@dataclass
class Stage:
    """One FROM: a root folder, where its commands work, what they find in the environment."""

    root: Path
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)

    def at(self, path: str) -> Path:
        """Where `path`, absolute or of the working folder, is on this machine."""
        return self.root / path.lstrip("/") if path.startswith("/") else self.folder / path


_OF_NODE = ("usr/local/bin/node", "usr/local/lib/node_modules/npm/package.json")


def build(
    context: Path,
    outside: Path,
    arguments: Mapping[str, str] | None = None,
    target: str = "",
    **changes: str,
) -> Stage:
    """Follow the Dockerfile of `context`; the last stage, or the one called `target`.

    `arguments`: as --build-arg gives them. `changes`: of the environment of RUN.
    """
    tools = outside / "tools"
    _write_tools(tools)
    stages: list[Stage] = []
    names: dict[str, Stage] = {}
    bases: dict[str, str] = {}  # ARG before the first FROM
    for word, rest in _instructions((context / "Dockerfile").read_text(encoding="utf-8")):
        if word == "FROM":
            if target and target in names:
                break
            base = Template(rest).substitute(bases)
            stages.append(_begin(outside / f"stage-{len(stages)}", base))
            names |= dict.fromkeys(re.findall(r"(?i)\bas (\S+)$", rest), stages[-1])
            continue
        if not stages:
            name, _, usual = rest.partition("=")
            bases[name] = (arguments or {}).get(name, usual)
            continue
        stage = stages[-1]
        if word in ("WORKDIR", "ARG", "ENV"):
            _set(stage, word, rest, arguments or {})
        elif word == "COPY":
            _copy(stage, shlex.split(rest), context, names)
        elif word == "RUN":
            run = ["sh", "-ec", rest]
            given = environment(stage, tools) | stage.arguments | changes
            subprocess.run(run, cwd=stage.folder, env=given, check=True)
        elif word == "CMD":
            stage.command = json.loads(rest)
        elif word not in ("USER", "EXPOSE", "HEALTHCHECK"):
            raise ValueError(f"{word} is not understood: teach {Path(__file__).name}")
    return stages[-1]


def _begin(root: Path, base: str) -> Stage:
    for name in _OF_NODE if base.startswith("node:") else ():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("in name only", encoding="utf-8")
    return Stage(root, root)


def _set(stage: Stage, word: str, rest: str, arguments: Mapping[str, str]) -> None:
    if word == "WORKDIR":
        stage.folder = stage.at(rest)
        stage.folder.mkdir(parents=True, exist_ok=True)
    elif word == "ARG":
        name, _, usual = rest.partition("=")
        stage.arguments[name] = arguments.get(name, usual)
    else:
        stage.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))


def environment(stage: Stage, tools: Path | None = None) -> dict[str, str]:
    """Of a command in `stage`: its ENV, and of this machine no more than what finds programs."""
    path = [*([str(tools)] if tools else []), str(Path(sys.executable).parent), os.defpath]
    return {"PATH": os.pathsep.join(path), **stage.environment}


def _write_tools(folder: Path) -> None:
    folder.mkdir()
    for name, script in _STUBS.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)


def _instructions(text: str) -> list[tuple[str, str]]:
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    whole = re.sub(r"\\\n", "", "\n".join(lines))
    pairs = (line.split(None, 1) for line in whole.splitlines() if line.strip())
    return [(word.upper(), rest.strip()) for word, rest in pairs]


def _copy(stage: Stage, words: list[str], context: Path, names: dict[str, Stage]) -> None:
    *sources, target = [word for word in words if not word.startswith("--")]
    origin = "".join(re.findall(r"^--from=(.+)$", "\n".join(words), re.MULTILINE))
    into = target.endswith(("/", ".")) or len(sources) > 1
    for source in sources:
        if origin:
            path = names[origin].at(source)
            found = _files(path)
        else:
            path = context / source
            found = [file for file in _context(context) if file == path or path in file.parents]
        if not found:
            raise FileNotFoundError(f"COPY {source}: there is none, or .dockerignore leaves it out")
        for file in found:
            inside = file.relative_to(path) if path.is_dir() else Path(path.name if into else "")
            place(file, stage.at(target) / inside)


def place(file: Path, target: Path) -> None:
    """Put `file` at `target`: the same bytes under two names where the disk can do that."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)


def _files(path: Path) -> list[Path]:
    return [found for found in path.rglob("*") if found.is_file()] if path.is_dir() else [path]


def _context(context: Path) -> list[Path]:
    """The files that .dockerignore lets through."""
    lines = (context / ".dockerignore").read_text(encoding="utf-8").splitlines()
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    open_names = {pattern[1:].split("/")[0] for pattern in patterns if pattern.startswith("!")}
    names = [path for path in context.iterdir() if path.name in open_names]
    found = [file for path in names for file in _files(path)]
    return [file for file in found if not _is_ignored(file.relative_to(context), patterns)]


def _is_ignored(path: Path, patterns: list[str]) -> bool:
    """The last pattern decides that matches `path` or a folder that holds it."""
    ignored = False
    names = [path.as_posix(), *(folder.as_posix() for folder in path.parents[:-1])]
    for pattern in patterns:
        expression = _expression(pattern.removeprefix("!"))
        if any(re.fullmatch(expression, name) for name in names):
            ignored = not pattern.startswith("!")
    return ignored


def _expression(pattern: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.strip("/"))
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(known.get(part, re.escape(part)) for part in parts)
