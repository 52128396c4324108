"""Files out of npm packages, with a stand-in for npm: no network."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from model_store.errors import ClientFailed, MemberMissing, UpstreamMismatch
from model_store.source import Chunks, NpmSource
from model_store.sources import fetch
from tests.model_store.conftest import Ears

PIECES = [b"first", b"second", b"first", b"last"]
CONTENT = b"".join(PIECES)
NAMES = [hashlib.sha256(piece).hexdigest() for piece in PIECES]
SOURCE = NpmSource(
    kind="npm",
    package="@some/model",
    version="1.0.0",
    chunks=Chunks(index="dist/resources.json", key="/models/medium"),
    bytes=len(CONTENT),
    md5=None,
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)
INDEX = {
    "/models/medium": {"chunks": [{"hash": name} for name in NAMES]},
    "/models/named": {"chunks": [{"name": NAMES[1]}, {"name": NAMES[0]}]},
    "/models/escaping": {"chunks": [{"hash": f"../../{NAMES[0]}"}]},
    "/models/lost": {"chunks": [{"hash": "f" * 64}]},
    "/models/strange": {"chunks": [{"size": 4}]},
}


def archive(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


@pytest.fixture
def npm(tmp_path: Path) -> list[str]:
    """Answers `npm pack` as npm does, from an archive on disk; notes what it was asked."""
    # The order of an archive is not that of the list.
    members = {f"dist/{name}": piece for name, piece in sorted(zip(NAMES, PIECES, strict=True))}
    members |= {"dist/resources.json": json.dumps(INDEX).encode(), "package.json": b"{}"}
    archive(tmp_path / "some-model-1.0.0.tgz", members)
    return stub(
        tmp_path,
        "import shutil\n"
        f"(Path({str(tmp_path)!r}) / 'asked').write_text(' '.join(sys.argv[1:]))\n"
        "if '@some/model@1.0.0' not in sys.argv: sys.exit('404 Not Found')\n"
        f"shutil.copy({str(tmp_path / 'some-model-1.0.0.tgz')!r}, to)",
    )


def stub(tmp_path: Path, body: str) -> list[str]:
    script = tmp_path / "npm.py"
    start = "import sys\nfrom pathlib import Path\n"
    script.write_text(f"{start}to = sys.argv[sys.argv.index('--pack-destination') + 1]\n{body}\n")
    return [sys.executable, str(script)]


def test_chunks_are_put_together_in_the_order_of_the_list(tmp_path, npm):
    ears = Ears()
    path = fetch(SOURCE, tmp_path / "cache", npm, ears)
    assert path.read_bytes() == CONTENT
    assert path.name == "medium"
    assert ears.counts[-1] == len(CONTENT)
    asked = (tmp_path / "asked").read_text().split()
    assert asked[:3] == ["pack", "@some/model@1.0.0", "--ignore-scripts"]


def test_chunks_may_be_called_name(tmp_path, npm):
    content = PIECES[1] + PIECES[0]
    named = replace(
        SOURCE,
        chunks=Chunks(index="dist/resources.json", key="/models/named"),
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    assert fetch(named, tmp_path / "cache", npm).read_bytes() == content


def test_a_whole_member_is_taken(tmp_path, npm):
    whole = replace(
        SOURCE,
        chunks=None,
        member=f"dist/{NAMES[3]}",
        bytes=4,
        sha256=hashlib.sha256(b"last").hexdigest(),
    )
    assert fetch(whole, tmp_path / "cache", npm).read_bytes() == b"last"


def test_a_chunk_never_comes_from_outside_the_index_folder(tmp_path, npm):
    escaping = replace(
        SOURCE,
        chunks=Chunks(index="dist/resources.json", key="/models/escaping"),
        bytes=5,
        sha256=NAMES[0],
    )
    assert fetch(escaping, tmp_path / "cache", npm).read_bytes() == b"first"


@pytest.mark.parametrize(
    ("key", "error", "words"),
    [
        ("/models/large", MemberMissing, r"no '/models/large'; it holds .*/models/medium"),
        ("/models/lost", MemberMissing, "no 'dist/ffff"),
        ("/models/strange", ClientFailed, "not the index that is known"),
    ],
)
def test_a_list_that_leads_nowhere_is_refused(tmp_path, npm, key, error, words):
    chunks = Chunks(index="dist/resources.json", key=key)
    with pytest.raises(error, match=words):
        fetch(replace(SOURCE, chunks=chunks), tmp_path / "cache", npm)


def test_another_file_than_the_pinned_one_is_refused_with_both_digests(tmp_path, npm):
    with pytest.raises(UpstreamMismatch, match=f"{'1' * 64}, found {SOURCE.sha256}"):
        fetch(replace(SOURCE, sha256="1" * 64), tmp_path / "cache", npm)
    assert not (tmp_path / "cache").exists()


def test_a_version_that_is_not_there_fails_with_what_npm_said(tmp_path, npm):
    with pytest.raises(ClientFailed, match=r"@some/model@2\.0\.0.*1:\n404 Not Found"):
        fetch(replace(SOURCE, version="2.0.0"), tmp_path / "cache", npm)


def test_of_what_npm_says_its_code_comes_first(tmp_path):
    said = ["npm error code ENOTFOUND", *(f"npm error network {n}" for n in range(9))]
    npm = stub(tmp_path, f"sys.exit({chr(10).join(said)!r})")
    with pytest.raises(ClientFailed) as caught:
        fetch(SOURCE, tmp_path / "cache", npm)
    assert str(caught.value).splitlines()[1] == "npm error code ENOTFOUND"
    assert str(caught.value).splitlines()[-1] == "npm error network 8"
    assert not (tmp_path / "cache").exists()


def test_npm_that_is_not_there_is_an_error_of_ours(tmp_path):
    with pytest.raises(ClientFailed, match="No such file"):
        fetch(SOURCE, tmp_path / "cache", ["/no/such/npm"])


@pytest.mark.parametrize(
    "body",
    [
        "(Path(to) / 'a.tgz').write_bytes(b'<!doctype html>')",
        "(Path(to) / 'a.tgz').write_bytes(b'')",
    ],
)
def test_what_is_no_archive_is_an_error(tmp_path, body):
    with pytest.raises(ClientFailed, match="no npm archive"):
        fetch(SOURCE, tmp_path / "cache", stub(tmp_path, body))


def test_an_archive_that_ends_early_is_an_error(tmp_path, npm):
    whole = tmp_path / "some-model-1.0.0.tgz"
    whole.write_bytes(whole.read_bytes()[:-40])
    with pytest.raises((ClientFailed, MemberMissing, UpstreamMismatch)):
        fetch(SOURCE, tmp_path / "cache", npm)
