"""Behind the real nginx, as `flask nginx` sets it up: answers are what they are without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from server.check import differences
from server.facts import facts_of
from server.handover import Handover, handover_of
from server.variants import Representation
from server.web_servers import nginx_proxy as nginx
from tests.server import proxies, toy_site
from tests.server.conftest import Answer, Site, serving
from tests.server.processes import free_port, gunicorn
from tests.server.toy_site import MODEL_BYTES

N = len(MODEL_BYTES)


@pytest.fixture(scope="module", params=["mattebox", "x-accel-redirect"])
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Site]]:
    """gunicorn by itself, and the same behind nginx."""
    folder = tmp_path_factory.mktemp("proxied")
    settings = replace(toy_site.build(folder), files_sent_by=request.param)
    proxied = Site(free_port(), folder)
    own = folder / "socket"
    block = nginx.proxy(settings, f"127.0.0.1:{proxied.port}", f"http://unix:{own}:")
    sent_by = {"TOY_FILES_SENT_BY": request.param}
    with (
        gunicorn(folder, f"--bind=unix:{own}", **sent_by) as plain,
        proxies.nginx(folder, block, proxied),
    ):
        yield plain, proxied


def comparable(answer: Answer) -> Answer:
    left = {"date", "server", "connection", "transfer-encoding"}
    if answer.status in (206, 416):
        left.add("accept-ranges")  # they say it by themselves, and nginx leaves it out
    headers = {name: value for name, value in answer.headers.items() if name not in left}
    return replace(answer, headers=headers)


def test_every_answer_is_the_same(both: tuple[Site, Site]) -> None:
    plain, proxied = both
    model, script = plain.model_url(), plain.asset_url("main.js")
    worker, wasm = plain.asset_url("workers/model.js"), plain.runtime_url(".wasm")
    etag = plain.ask(model).headers["etag"]
    for path in ("/", "/sw.js", "/catalog.json", "/none", "/healthz", model, script, worker, wasm):
        for accepted in ("identity", "gzip", "br, gzip"):
            for method in ("GET", "HEAD"):
                asked = {"Accept_Encoding": accepted}
                theirs = proxied.ask(path, method, **asked)  # type: ignore[arg-type]
                ours = plain.ask(path, method, **asked)  # type: ignore[arg-type]
                assert comparable(theirs) == comparable(ours), (path, accepted, method)
    for value in ("bytes=0-0", "bytes=5-", "bytes=-3", f"bytes=1000-{N + 5}", f"bytes={N}-"):
        for path in (model, script):
            asked = {"Range": value, "Accept_Encoding": "br, gzip"}
            theirs = proxied.ask(path, **asked)  # type: ignore[arg-type]
            ours = plain.ask(path, **asked)  # type: ignore[arg-type]
            assert comparable(theirs) == comparable(ours), (path, value)
    several = proxied.ask(model, Range="bytes=0-0,5-6")
    assert (several.status, several.body) == (200, MODEL_BYTES)
    assert proxied.ask(model, If_None_Match=etag).status == 304
    assert proxied.ask(model, If_Match='"other"').status == 412
    for method in ("POST", "DELETE"):
        assert comparable(proxied.ask("/", method)) == comparable(plain.ask("/", method))
    # nginx's own, before gunicorn hears of it.
    for path in ("/", model):
        refused = proxied.ask(path, body=b"pixels")
        assert comparable(refused) == comparable(plain.ask(path, body=b"pixels"))


def test_nobody_outside_reaches_the_folders(both: tuple[Site, Site]) -> None:
    _, proxied = both
    for path in ("/_mattebox_files/models/toy.onnx", "/_mattebox_files/client/../log"):
        assert proxied.ask(path).status in (400, 404)
    # A visitor who says to be a proxy gets the file and not its name.
    for kind in ("X-Accel-Redirect", "X-Sendfile"):
        answer = proxied.ask(proxied.model_url(), X_Sendfile_Type=kind)
        assert (answer.status, answer.body) == (200, MODEL_BYTES)
        assert not {"x-accel-redirect", "x-sendfile"} & set(answer.headers)


def test_a_file_that_has_changed_is_not_handed_over(both: tuple[Site, Site]) -> None:
    _, proxied = both
    url = proxied.asset_url("styles.css")
    path = proxied.folder / "client" / "styles.css"
    before = path.read_bytes()
    path.write_bytes(before.upper())
    answer = proxied.ask(url)
    assert answer.status == 500
    assert before.upper() not in answer.body


@pytest.fixture
def readable() -> Iterator[Path]:
    """A folder that every user may read, which pytest's are not."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_behind_apache_nothing_differs(readable: Path) -> None:
    settings = replace(toy_site.build(readable), files_sent_by="x-sendfile")
    app = toy_site.start(settings)
    with serving(app, readable) as plain:
        proxied = Site(free_port(), readable)
        lines = (
            f"Listen 127.0.0.1:{proxied.port}",
            "RequestHeader set X-Sendfile-Type X-Sendfile early",
            "XSendFile on",
            "XSendFileIgnoreEtag off",
            f"XSendFilePath {readable}",
            f"ProxyPass / http://127.0.0.1:{plain.port}/",
        )
        with proxies.apache(readable, lines, proxied):
            assert differences(f"http://127.0.0.1:{proxied.port}/", app) == {}
            # Mattebox never says when a file was changed: so it was Apache that sent it.
            assert "last-modified" in proxied.ask(plain.model_url()).headers


def test_only_who_asks_for_it_is_told_a_file(tmp_path: Path) -> None:
    settings = replace(toy_site.build(tmp_path), files_sent_by="x-sendfile")
    handover = handover_of(settings)
    assert isinstance(handover, Handover)
    path = settings.model_store / "toy.onnx"
    form = Representation("identity", path, N, "tag", facts_of(path))
    assert handover.headers(form, "X-Sendfile") == {"X-Sendfile": str(path)}
    for asked_by in (None, "", "X-Accel-Redirect"):
        assert handover.headers(form, asked_by) is None
    assert handover.headers(replace(form, body=b"in memory"), "X-Sendfile") is None
    assert handover.headers(replace(form, encoding="br"), "X-Sendfile") is None
    assert handover_of(replace(settings, files_sent_by="mattebox")) is None
