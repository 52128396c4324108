"""What is installed is pinned to the last package, with digests, as it was chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from server.config import ROOT

FILES = sorted(path.stem for path in ROOT.glob("requirements*.in"))
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;]+)")


def chosen(path: Path) -> dict[str, str]:
    """Name -> version of what a person wrote, with the files that it builds on."""
    found: dict[str, str] = {}
    for line in path.read_text().splitlines():
        if line.startswith("-r "):
            found |= chosen(path.with_name(line.removeprefix("-r ")))
        elif match := ENTRY.match(line):
            found[canonicalize_name(match["name"])] = match["version"]
        else:
            assert not line or line.startswith("#"), line
    return found


def pinned(name: str) -> dict[str, tuple[str, list[str]]]:
    """Name -> version and digests."""
    found: dict[str, tuple[str, list[str]]] = {}
    text = (ROOT / f"{name}.txt").read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if match := ENTRY.match(line):
            digests = re.findall(r"--hash=(\S+)", line)
            found[canonicalize_name(match["name"])] = (match["version"], digests)
        else:
            assert line.startswith("#"), line
    return found


def test_there_are_some() -> None:
    assert FILES == ["requirements", "requirements-dev", "requirements-models", "requirements-node"]
    assert len(pinned("requirements")) > 10


@pytest.mark.parametrize("name", FILES)
def test_what_was_chosen_is_what_is_pinned(name: str) -> None:
    versions = {package: version for package, (version, _) in pinned(name).items()}
    wanted = chosen(ROOT / f"{name}.in")
    assert {package: versions.get(package) for package in wanted} == wanted, "run `make pins`"


@pytest.mark.parametrize("name", FILES)
def test_every_package_has_its_digests(name: str) -> None:
    for package, (_, digests) in pinned(name).items():
        assert digests, package
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", digest) for digest in digests), package


def test_the_files_agree() -> None:
    dev = pinned("requirements-dev")
    for name in ("requirements", "requirements-models"):
        for package, told in pinned(name).items():
            assert dev[package] == told


@pytest.mark.parametrize("name", ["requirements", "requirements-models", "requirements-dev"])
def test_nothing_is_left_open(name: str) -> None:
    versions = {package: version for package, (version, _) in pinned(name).items()}
    needed = dict(closure(chosen(ROOT / f"{name}.in")))
    assert needed == {package: versions.get(package) for package in needed}, "run `make pins`"


def closure(roots: dict[str, str]) -> Iterator[tuple[str, str]]:
    """All that the packages need on this machine, in the versions that are installed here."""
    todo = list(roots)
    seen: set[str] = set()
    while todo:
        package = canonicalize_name(todo.pop())
        if package in seen:
            continue
        seen.add(package)
        try:
            found = distribution(package)
        except PackageNotFoundError:
            pytest.fail(f"{package} is needed and not installed")
        yield package, found.version
        needs = (Requirement(text) for text in found.requires or [])
        todo += [
            one.name for one in needs if one.marker is None or one.marker.evaluate({"extra": ""})
        ]
