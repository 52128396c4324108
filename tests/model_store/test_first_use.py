"""Files of which the catalog has no digest: seen, agreed to, held from then on; over https, with an
authority of one's own, by a mirror's address."""

from __future__ import annotations

import hashlib
import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner

from model_store import commands, first_use, install, lockfile, sources
from model_store.audit import audit
from model_store.errors import LockUnreadable, NotAgreed, UpstreamMismatch
from model_store.progress import Silence
from tests.harness.web import Web, serving
from tests.model_store.conftest import Store, nothing_is_installed

URL = "https://models.example/some/net/resolve/0123abc/files/m.onnx"


@pytest.fixture
def hub(upstream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A mirror that speaks https, in the name of an authority the machine was told of."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setattr("model_store.source_https.PAUSES", ())
    with serving(upstream.read_bytes(), context) as web:
        monkeypatch.setenv("MATTEBOX_HUB", web.url.removesuffix("/files/m.onnx"))
        yield web


@pytest.fixture
def unpinned(store: Store) -> Store:
    store.offer("toy", {"kind": "https", "url": URL, "pin": "first-use"})
    store.write()
    return store


@pytest.fixture
def digest(upstream: Path) -> str:
    return hashlib.sha256(upstream.read_bytes()).hexdigest()


def pull(store: Store, agree: first_use.Agree = first_use.nobody):
    return install.pull(store.root, "toy", Silence(), store.root / "cache", agree=agree)


def test_what_nobody_agrees_to_is_not_installed_and_is_not_fetched_again(hub, unpinned, digest):
    for _ in range(2):
        with pytest.raises(NotAgreed, match=f"--digest {digest}"):
            pull(unpinned)
    assert len(hub.ranges) == 1
    assert nothing_is_installed(unpinned)


def test_what_is_agreed_to_is_recorded_and_held(hub, unpinned, digest):
    asked = []

    def agree(source, found):
        asked.append((source, found))
        return True

    entry = pull(unpinned, agree)
    assert entry.id == "toy"
    [(source, found)] = asked
    assert (source.origin, found.sha256) == (URL, digest)
    assert found.bytes == len(hub.content)
    assert json.loads(first_use.path_in(unpinned.root).read_bytes()) == {URL: digest}
    [told] = lockfile.read_raw(unpinned.root)["toy"]["story"]["sources"]
    assert (told["origin"], told["sha256"]) == (URL, digest)
    assert not [finding for finding in audit(unpinned.root) if finding.problems]

    install.remove(unpinned.root, "toy")
    assert pull(unpinned).id == "toy"  # nobody is asked twice

    install.remove(unpinned.root, "toy")
    hub.content += b"\0"
    with pytest.raises(UpstreamMismatch, match=rf"what was agreed to says {digest}, found "):
        pull(unpinned)
    assert "toy" not in lockfile.read_raw(unpinned.root)


def test_a_digest_that_cannot_be_read_is_no_digest(hub, unpinned):
    first_use.path_in(unpinned.root).write_text("[]")
    with pytest.raises(LockUnreadable, match=r"pins\.json cannot be read"):
        pull(unpinned)


@pytest.fixture
def run(unpinned: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sources, "CACHE", unpinned.root / "cache")
    monkeypatch.setattr(install.pull, "__defaults__", (unpinned.root / "cache",))

    def run(*words: str, answers: str | None = None):
        group = commands.group(unpinned.root)
        return CliRunner().invoke(group, ["pull", "toy", *words], input=answers)

    return run


def test_the_command_shows_what_came_and_needs_a_person_or_a_digest(
    hub, unpinned, run, digest, monkeypatch
):
    silent = run()
    assert silent.exit_code == 1
    assert f"it has {len(hub.content):,} bytes, SHA-256 {digest}" in silent.output
    assert "nobody has agreed" in silent.output

    wrong = run("--digest", "0" * 64)
    assert (wrong.exit_code, "nobody has agreed" in wrong.output) == (1, True)
    assert "SHA-256" not in wrong.output.split("Error")[0]  # nothing was asked

    right = run("--digest", digest.upper())
    assert right.exit_code == 0, right.output
    assert f"graph: toy.onnx, {len(hub.content):,} bytes" in right.output
    assert run().output == "toy is already installed\n"


def test_a_person_is_asked(hub, unpinned, run, monkeypatch):
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    refused = run(answers="n\n")
    assert (refused.exit_code, "Is it the file that you want?" in refused.output) == (1, True)
    taken = run(answers="y\n")
    assert (taken.exit_code, "installed toy" in taken.output) == (0, True), taken.output


def test_what_was_carried_here_is_agreed_to_as_well(unpinned, run, upstream, digest):
    assert "nobody has agreed" in run("--from", str(upstream)).output
    assert run("--from", str(upstream), "--digest", digest).exit_code == 0
    assert json.loads(first_use.path_in(unpinned.root).read_bytes()) == {URL: digest}
