"""What a company has between itself and the network: a proxy, an authority and a mirror of its own;
and that no command connects to anything but a model's source."""

from __future__ import annotations

import hashlib
import os
import ssl
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import onnx
import pytest
import trustme

from model_store import catalog, install, sources
from model_store.errors import NotCarried, Unreachable
from model_store.source import HttpsSource, NpmSource
from model_store.source_https import address_of
from model_store.source_pypi import client_environment
from tests.harness.web import Web, serving
from tests.model_store.conftest import Ears, Store, file_source
from tests.model_store.graphs import matting
from tests.model_store.proxy import PLACES, proxying
from tests.model_store.test_source_npm import CONTENT, SOURCE, archive, stub

HOST = "models.example.org"


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> tuple[Path, ssl.SSLContext]:
    """The file of an authority that nobody else knows, and a server's certificate from it."""
    ours = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    ours.cert_pem.write_to_path(path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.issue_cert(HOST, "127.0.0.1").configure_cert(context)
    return path, context


@pytest.fixture
def web(authority) -> Iterator[Web]:
    with serving(matting().SerializeToString(), authority[1]) as running:
        yield running


def port_of(web: Web) -> int:
    return int(web.url.split(":")[2].split("/")[0])


def models(root: Path, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """`models ...` on the store at `root`, in a process whose every connection is on its own."""
    script = (
        "import sys; from pathlib import Path; from model_store import commands, install, sources\n"
        f"install.pull.__defaults__ = (Path({str(root / 'cache')!r}),)\n"
        f"commands.group(Path({str(root)!r}))(sys.argv[1:])"
    )
    kept = {k: v for k, v in os.environ.items() if k not in PLACES and k.lower() != "no_proxy"}
    del kept["PATH"]
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, words)],
        env=kept | {"PATH": os.defpath, "PYTHONPATH": str(Path.cwd())} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def https_source(content: bytes) -> dict[str, object]:
    digest = hashlib.sha256(content).hexdigest()
    return {"kind": "https", "url": f"https://{HOST}/files/m.onnx", "sha256": digest}


def test_no_command_connects_to_anything_but_the_models_source(store, web, authority, tmp_path):
    store.offer("toy", https_source(web.content))
    store.write()
    own = tmp_path / "own.onnx"
    onnx.save(matting(), own)
    with proxying(port_of(web)) as proxy:
        around = dict.fromkeys(PLACES, proxy.url) | {"SSL_CERT_FILE": str(authority[0])}
        for words in (("list",), ("add", own, "--yes", "--licence", "MIT"), ("verify",)):
            done = models(store.root, *words, **around)
            assert done.returncode == 0, done.stderr
            assert proxy.asked == []
        done = models(store.root, "pull", "toy", **around)
        assert done.returncode == 0, done.stderr
        assert "installed toy" in done.stdout
        # The processes have ended, so nothing can follow.
        assert proxy.asked == [f"CONNECT {HOST}:443"]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts threads as Linux does")
def test_onnx_runtime_starts_nothing_that_could_send():
    told = "import os; print(len(os.listdir('/proc/self/task')))"
    # Nothing of this run's own: the maker's code is silent by itself where CI is set.
    alone = {"PATH": os.environ["PATH"], "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    alone |= dict.fromkeys(PLACES, "http://127.0.0.1:9")  # where nobody listens: not even here
    counts = [
        int(
            subprocess.run(
                [sys.executable, "-c", f"{line}; {told}"],
                env=alone,
                capture_output=True,
                check=True,
            ).stdout
        )
        for line in ("import onnxruntime", "from model_store import native")
    ]
    assert counts[0] > 1, "by itself it has a thread for what it sends: else this shows nothing"
    assert counts[1] == 1


def test_an_authority_that_is_not_known_is_told_at_once(web, tmp_path, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    waits: list[float] = []
    monkeypatch.setattr("model_store.source_https.time.sleep", waits.append)
    source = HttpsSource(kind="https", url=web.url, bytes=None, md5=None, sha256="0" * 64)
    ears = Ears()
    with pytest.raises(Unreachable, match=r"certificate cannot be verified \(.+\); SSL_CERT_FILE"):
        sources.fetch(source, tmp_path, progress=ears)
    assert (waits, ears.said) == ([], [])


def test_a_mirror_stands_for_scheme_and_host(store, web, tmp_path, monkeypatch):
    monkeypatch.setenv("MATTEBOX_HUB", "https://mirror.example.org/hub/")
    assert address_of("https://a.example/x/y.onnx") == "https://mirror.example.org/hub/x/y.onnx"
    monkeypatch.setenv("MATTEBOX_HUB", "ftp://mirror")
    with pytest.raises(Unreachable, match="MATTEBOX_HUB is 'ftp://mirror'"):
        address_of("https://a.example/x")


def test_a_model_comes_from_a_mirror_with_an_authority_of_its_own(store, web, authority):
    store.offer("toy", https_source(web.content))
    store.write()
    around = {"MATTEBOX_HUB": f"https://127.0.0.1:{port_of(web)}", "SSL_CERT_FILE": authority[0]}
    done = models(store.root, "pull", "toy", **{k: str(v) for k, v in around.items()})
    assert done.returncode == 0, done.stderr
    assert web.ranges == [None]


def test_what_a_mirror_gives_is_held_against_the_catalog(store, web, authority):
    store.offer("toy", https_source(b"another file"))
    store.write()
    around = {"MATTEBOX_HUB": f"https://127.0.0.1:{port_of(web)}", "SSL_CERT_FILE": authority[0]}
    done = models(store.root, "pull", "toy", **{k: str(v) for k, v in around.items()})
    assert done.returncode == 1
    assert "the catalog says" in done.stderr


def test_package_clients_get_the_authorities_too(monkeypatch):
    for name in ("NODE_EXTRA_CA_CERTS", "PIP_CERT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", "/ours.pem")
    monkeypatch.setenv("PIP_CERT", "/theirs.pem")
    given = client_environment()
    assert (given["NODE_EXTRA_CA_CERTS"], given["PIP_CERT"]) == ("/ours.pem", "/theirs.pem")


# --- files that were carried in


def carried(store: Store, path: Path, name: str = "toy"):
    return install.pull(store.root, name, Ears(), store.root / "cache", given=[path])


def test_a_carried_file_is_what_a_source_pins(store, upstream, web):
    store.offer("toy", https_source(upstream.read_bytes()))
    store.write()
    before = upstream.read_bytes()
    assert carried(store, upstream).id == "toy"
    assert upstream.read_bytes() == before
    assert web.ranges == []


def test_another_carried_file_is_refused_with_both_values(store, upstream, tmp_path):
    store.offer("toy", https_source(upstream.read_bytes()))
    store.write()
    other = tmp_path / "other.onnx"
    other.write_bytes(b"another")
    with pytest.raises(
        NotCarried, match=rf"https://{HOST}/.*\n  {other}: sha256: the catalog says"
    ):
        carried(store, other)


def test_an_npm_archive_that_was_carried_is_opened(tmp_path):
    members = {"dist/whole": CONTENT}
    path = tmp_path / "some-model-1.0.0.tgz"
    archive(path, members)
    source = replace(SOURCE, chunks=None, member="dist/whole")
    (one,) = sources.fetch_all("toy", [source], tmp_path / "cache", Ears(), [path])
    assert one.path.read_bytes() == CONTENT
    assert tarfile.is_tarfile(path)


def test_add_takes_a_file_of_the_catalogs_under_its_id(store, upstream, run):
    store.offer("toy", https_source(upstream.read_bytes()))
    store.write()
    done = run(upstream, "--id", "toy")
    assert done.exit_code == 0, done.output
    assert "installed toy" in done.output
    (entry,) = catalog.installed(store.root, catalog.read(store.root))
    assert (entry.id, entry.title) == ("toy", "Small")


def test_add_refuses_another_file_under_that_id(store, upstream, run, tmp_path):
    store.offer("toy", https_source(b"the right one"))
    store.write()
    done = run(upstream, "--id", "toy")
    assert done.exit_code == 1
    assert "the catalog says" in done.output


# --- a store that cannot be written


def test_what_is_installed_is_not_pulled_again_where_nothing_can_be_written(offered, monkeypatch):
    assert install.pull(offered.root, "toy", Ears(), offered.root / "cache")

    def refuse(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(install, "only_writer", refuse)
    assert install.pull(offered.root, "toy", Ears(), offered.root / "cache") is None


# --- npm


def npm_source(tmp_path: Path) -> tuple[NpmSource, list[str]]:
    archive(tmp_path / "given.tgz", {"dist/whole": CONTENT})
    npm = stub(
        tmp_path,
        "import shutil\n"
        "cache = Path(sys.argv[sys.argv.index('--cache') + 1])\n"
        "cache.mkdir(parents=True)\n"
        "(cache / 'half').write_bytes(bytes(500))\n"
        f"with Path({str(tmp_path / 'runs')!r}).open('a') as runs: runs.write('.')\n"
        f"shutil.copy({str(tmp_path / 'given.tgz')!r}, Path(to) / 'x.tgz')",
    )
    return replace(SOURCE, chunks=None, member="dist/whole", download=1000), npm


def test_npm_tells_how_far_it_is(tmp_path):
    source, npm = npm_source(tmp_path)
    ears = Ears()
    path = sources.fetch(source, tmp_path / "cache", npm, ears)
    assert path.read_bytes() == CONTENT
    assert ears.totals[0] == 1000
    assert 1000 in ears.counts
    assert [left.name for left in path.parent.iterdir()] == ["whole"]


def test_an_archive_that_had_come_is_not_fetched_again(tmp_path):
    source, npm = npm_source(tmp_path)

    def interrupt(step: str, _: int) -> None:
        if step.startswith("unpacking"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sources.fetch(source, tmp_path / "cache", npm, Ears(interrupt))
    assert sources.fetch(source, tmp_path / "cache", npm, Ears()).read_bytes() == CONTENT
    assert (tmp_path / "runs").read_text() == "."


def test_a_kept_archive_that_is_not_the_one_is_fetched_again(tmp_path):
    source, npm = npm_source(tmp_path)
    kept = sources.cached(source, tmp_path / "cache").parent / "npm" / "archive.tgz"
    kept.parent.mkdir(parents=True)
    archive(kept, {"dist/other": b"?"})
    assert sources.fetch(source, tmp_path / "cache", npm, Ears()).read_bytes() == CONTENT


def test_a_carried_source_needs_no_address(store, upstream):
    store.offer("toy", file_source(upstream) | {"path": "/nowhere"})
    store.write()
    assert carried(store, upstream)
