"""The exported site, served by the real nginx, Caddy and Apache, sends what Flask sends."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin

import pytest
import trustme

from server import export
from server.check import differences
from server.headers import CSP, SECURITY_HEADERS
from server.offered import FILES
from server.web_servers.rules import Place, Tls
from tests.server import proxies, toy_site
from tests.server.conftest import Site, serving
from tests.server.equal import PREFIX, differing, exported, probes
from tests.server.toy_site import MODEL_BYTES
from tests.server.web_servers import SERVERS

BACKWARD = {"a backward range of a model": "416, not 200"}
RELOADED = {"If-None-Match of a model": "200, not 304"}
KNOWN = {
    "nginx": {
        **BACKWARD,
        **RELOADED,
        "GET of a way out": "400, not 404",
        "HEAD of a way out": "400, not 404",
    },
    "Caddy": {**BACKWARD, **RELOADED, "If-Range": "200, not 206"},
    "Apache": RELOADED,
}
"""What differs, all of it harmless: our page asks none of it. docs/operating/files.md says so."""


@pytest.fixture(scope="module")
def readable() -> Iterator[Path]:
    """A folder that every user may read, which pytest's are not."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


Pair = tuple[Site, Site]


@pytest.fixture(scope="module", params=SERVERS)
def served(request: pytest.FixtureRequest, readable: Path) -> Iterator[tuple[str, Pair]]:
    """Name of a web server; Flask's own, and that one."""
    with exported(request.param, readable / request.param) as pair:
        yield request.param, pair


def test_every_answer_is_the_same(served: tuple[str, Pair]) -> None:
    name, (ours, theirs) = served
    asked = [probe for about in probes(ours).values() for probe in about]
    assert differing(asked, ours, theirs) == KNOWN[name]


def test_check_says_so(served: tuple[str, Pair]) -> None:
    _, (ours, theirs) = served
    app = toy_site.start(toy_site.settings_of(ours.folder / "source"))
    assert differences(f"http://127.0.0.1:{theirs.port}/", app) == {}


def test_a_tag_is_of_the_content(served: tuple[str, Pair]) -> None:
    _, (ours, theirs) = served
    page = theirs.ask("/")
    tag = page.headers["etag"]
    assert theirs.ask("/", If_None_Match=tag).status == 304
    assert theirs.ask("/", If_None_Match='"another"').status == 200
    assert "last-modified" not in page.headers
    packed = theirs.ask("/", Accept_Encoding="br").headers["etag"]
    assert packed != tag
    # The page takes a tag without the digest for another file.
    model = theirs.ask(ours.model_url())
    assert model.headers["etag"] == f'"{toy_site.sha256(MODEL_BYTES)}"'
    assert "etag" not in theirs.ask(ours.runtime_url(".wasm")).headers


# Caddy's Go answers what it cannot read before anything that can be configured.
@pytest.mark.parametrize("served", ["nginx", "Apache"], indirect=True)
def test_what_cannot_be_read_is_refused_with_headers(served: tuple[str, Pair]) -> None:
    _, (_, theirs) = served
    large = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000 + b"\r\n\r\n"
    for text in (large, b"nonsense\r\n\r\n"):
        answer = raw(theirs, text)
        assert 400 <= int(answer.split(b" ", 2)[1]) < 500
        assert CSP.lower().encode() in answer.lower()


def raw(site: Site, text: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as connection:
        connection.sendall(text)
        answer = b""
        try:
            while block := connection.recv(65536):
                answer += block
        except ConnectionResetError:
            pass
    return answer


@pytest.mark.parametrize("name", SERVERS)
def test_below_a_prefix(name: str, readable: Path) -> None:
    with exported(name, readable / f"{name}-below", PREFIX) as (ours, theirs):
        app = toy_site.start(toy_site.settings_of(ours.folder / "source", prefix=PREFIX))
        assert differences(f"http://127.0.0.1:{theirs.port}{PREFIX}/", app) == {}
        there = Site(theirs.port, theirs.folder)
        folder = there.ask(f"{PREFIX}?a=b")
        root = f"http://127.0.0.1:{theirs.port}{PREFIX}"
        assert (folder.status, urljoin(root, folder.headers["location"])) == (308, f"{root}/?a=b")
        for path in ("/", "/sw.js", "/none", f"{PREFIX}x/", f"{PREFIX}/none"):
            answer = there.ask(path)
            assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")
            assert CSP.lower() in answer.headers


@pytest.mark.parametrize("name", SERVERS)
def test_by_tls_and_http_2(name: str, readable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    curl = proxies.need("curl")
    folder = readable / f"{name}-tls"
    folder.mkdir()
    authority, issued = folder / "authority.pem", folder / "issued.pem"
    ours_alone = trustme.CA()
    ours_alone.cert_pem.write_to_path(authority)
    one = ours_alone.issue_cert("127.0.0.1", "localhost")
    for index, part in enumerate((one.private_key_pem, *one.cert_chain_pems)):
        part.write_to_path(issued, append=index > 0)
    issued.chmod(0o644)  # who serves is nobody here
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with exported(name, folder, tls=Tls(issued, issued), host="localhost") as (ours, theirs):
        app = toy_site.start(toy_site.settings_of(folder / "source"))
        root = f"https://localhost:{theirs.port}"
        assert differences(f"{root}/", app) == {}
        for path, *flags in (
            ("/", "-H", "Accept-Encoding: br"),
            (ours.asset_url("workers/model.js"),),
            (ours.model_url(), "-r", "5-9"),
            ("/none",),
            ("/", "-X", "POST"),
        ):
            command = [curl, "-sD-", "--http2", "--cacert", str(authority), *flags]
            said = subprocess.run([*command, f"{root}{path}"], capture_output=True, check=True)
            head, _, body = said.stdout.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/2 ")
            method = "POST" if "-X" in flags else "GET"
            asked: dict[str, Any] = {"Accept_Encoding": "br"} if "-H" in flags else {}
            asked |= {"Range": "bytes=5-9"} if "-r" in flags else {}
            expected = ours.ask(path, method, **asked)
            assert (int(head.split()[1]), body) == (expected.status, expected.body)
            fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
            for header in (CSP, *SECURITY_HEADERS, "Content-Type", "Cache-Control"):
                assert fields[header.lower()] == expected.headers[header.lower()]


def test_hosts_of_plain_files_are_told_every_header_once(tmp_path: Path) -> None:
    app = toy_site.start(toy_site.build(tmp_path))
    export.write(app, tmp_path / "out", Place(tmp_path / "out"))
    rows = parsed((tmp_path / "out/site/_headers").read_text())
    assert len(rows) <= 100  # as many as the strictest of them reads
    paths = ["", *export.DOCUMENTS, *app.extensions[FILES]]
    with serving(app, tmp_path) as site:
        paths.append(site.model_url()[1:])
        for path in paths:
            told = [
                pair for pattern, pairs in rows if matches(pattern, f"/{path}") for pair in pairs
            ]
            assert len({name for name, _ in told}) == len(told), path
            asked = "" if path == "index.html" else path
            answer = site.ask(f"/{asked}")
            for header in (CSP, *SECURITY_HEADERS, "Cache-Control"):
                assert dict(told)[header] == answer.headers[header.lower()], path
    assert 'http-equiv="Content-Security-Policy"' in (tmp_path / "out/site/404.html").read_text()


def parsed(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    rows: list[tuple[str, list[tuple[str, str]]]] = []
    for line in text.splitlines():
        if line.startswith("  "):
            name, value = line.strip().split(": ", 1)
            rows[-1][1].append((name, value))
        else:
            rows.append((line, []))
    return rows


def matches(pattern: str, path: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), path) is not None


def test_a_release_beside_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    settings = toy_site.build(tmp_path)
    trees = []
    for number in range(3):
        (settings.client / "app.js").write_text(f"export const start = {number};\n")
        export.write(toy_site.start(settings), folder, Place(folder))
        trees.append(json.loads((folder / "site/catalog.json").read_text())["tree"])
    here = {path.name for path in (folder / "site/assets").iterdir() if any(path.rglob("*.js"))}
    assert here == set(trees[1:])
    assert not list(folder.rglob("*.part"))


def test_two_machines_tell_the_same_tags(tmp_path: Path) -> None:
    app = toy_site.start(toy_site.build(tmp_path))
    times = []
    for name in ("one", "two"):
        export.write(app, tmp_path / name, Place(tmp_path / name))
        files = sorted((tmp_path / name / "site").rglob("*"))
        times.append([path.stat().st_mtime for path in files if path.is_file()])
    assert times[0] == times[1]
    assert len(set(times[0])) > 10


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine")
    app = toy_site.start(toy_site.build(tmp_path))
    with pytest.raises(export.NotOursError, match="no export"):
        export.write(app, tmp_path / "out", Place(tmp_path / "out"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("text", ["/srv/a b", "/srv/$x", "/srv/a;", "/srv/\n"])
def test_what_no_configuration_can_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be put into a configuration"):
        Place(Path(text))
