"""/metrics: sums over all workers, in a form that Prometheus's own parser reads."""

from __future__ import annotations

import importlib
import socket
from pathlib import Path
from typing import Any

import pytest

from server import metrics
from server.web_servers import nginx_proxy
from tests.server import proxies, toy_site
from tests.server.conftest import Site, serving, until
from tests.server.processes import Running, free_port, gunicorn
from tests.server.toy_site import MODEL_BYTES


def parsed(text: str) -> Any:
    try:
        parser = importlib.import_module("prometheus_client.parser")
    except ImportError:
        proxies.missing("prometheus_client")
    return list(parser.text_string_to_metric_families(text))


def counts(site: Site) -> dict[tuple[str, ...], int]:
    """By the sample's name and its labels' values."""
    answer = site.ask("/metrics")
    assert answer.status == 200
    return {
        (one.name.removeprefix("mattebox_"), *one.labels.values()): int(one.value)
        for family in parsed(answer.body.decode())
        for one in family.samples
    }


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("counted")
    with (toy_site.build(folder).model_store / "big.onnx").open("wb") as sparse:
        sparse.truncate(32 * 2**20)
    with gunicorn(folder, TOY_METRICS="on", WEB_CONCURRENCY="3") as running:
        yield running


def test_off_unless_it_is_asked_for(site: Site) -> None:
    assert site.ask("/metrics").status == 404


def test_what_several_workers_did_is_summed(counted: Running) -> None:
    before = counts(counted)
    # On a connection each, so that no worker has them all.
    for _ in range(24):
        assert counted.ask(counted.model_url()).status == 200
    assert counted.ask(counted.model_url(), Range="bytes=5-14").status == 206
    assert counted.ask("/none").status == 404
    assert counted.ask("/", "POST", b"pixels").status == 405
    assert counted.ask("/", "HEAD").status == 200
    wanted = {
        ("requests_total", "model", "2xx"): 25,
        ("requests_total", "other", "4xx"): 1,
        ("requests_total", "page", "4xx"): 1,
        ("requests_total", "page", "2xx"): 1,
        ("sent_bytes_total", "model"): 24 * len(MODEL_BYTES) + 10,
        ("sent_bytes_total", "page"): len(b"405 Method Not Allowed\n"),
    }

    def added() -> dict[tuple[str, ...], int]:
        now = counts(counted)
        return {name: now[name] - before[name] for name in wanted}

    # A request is over a moment after its last byte has come.
    until(lambda: added() == wanted)


def test_what_is_under_way_is_in_flight_and_its_bytes_count(counted: Running) -> None:
    files = counted.catalog()["models"][0]["files"]
    [url] = [file["url"] for file in files if file["name"] == "big.onnx"]
    before = counts(counted)
    with socket.create_connection(("127.0.0.1", counted.port), timeout=20) as reader:
        reader.sendall(f"GET /{url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert reader.recv(12) == b"HTTP/1.1 200"
        until(lambda: counts(counted)["requests_in_flight", "model"] == 1)
        sent = counts(counted)["sent_bytes_total", "model"]
        assert before["sent_bytes_total", "model"] < sent
    until(lambda: counts(counted)["requests_in_flight", "model"] == 0)


def test_a_worker_that_ends_takes_no_number_with_it(tmp_path: Path) -> None:
    with gunicorn(tmp_path, TOY_METRICS="on", WEB_CONCURRENCY="2") as site:
        for _ in range(8):
            site.ask(site.model_url())
        until(lambda: counts(site)["requests_total", "model", "2xx"] == 8)
        assert site.process is not None
        site.process.send_signal(1)  # SIGHUP: other workers
        until(lambda: site.log.read_text().count("Worker exiting") == 2)
        assert counts(site)["requests_total", "model", "2xx"] == 8
        site.ask(site.model_url())
        until(lambda: counts(site)["requests_total", "model", "2xx"] == 9)


def test_under_flask_and_a_prefix(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path, metrics=True, prefix="/tools")
    with serving(toy_site.start(settings), tmp_path, "/tools") as site:
        before = counts(site)
        assert site.ask(site.model_url()).body == MODEL_BYTES
        until(
            lambda: (
                counts(site)["sent_bytes_total", "model"]
                == before["sent_bytes_total", "model"] + len(MODEL_BYTES)
            )
        )
        assert counts(site)["requests_in_flight", "health"] == 1


def test_nothing_of_visitors(counted: Running) -> None:
    counted.ask("/none?who=me", User_Agent="a browser of mine", Referer="http://a.example/page")
    text = counted.ask("/metrics").body.decode()
    for told in ("127.0.0.1", "who", "browser", "a.example", "toy.onnx", "none"):
        assert told not in text
    labels = {name for family in parsed(text) for one in family.samples for name in one.labels}
    assert labels == {"kind", "status", "version"}


@pytest.mark.parametrize("header", ["Forwarded", "Via", "X_Forwarded_For", "X_Real_IP"])
def test_nobody_reads_them_by_a_proxy(counted: Running, header: str) -> None:
    assert counted.ask("/metrics", "GET", None, **{header: "192.0.2.1"}).status == 404


def test_the_recipe_for_nginx_keeps_them_inside(counted: Running, tmp_path: Path) -> None:
    behind = Site(free_port(), counted.folder)
    block = nginx_proxy.proxy(
        toy_site.settings_of(counted.folder),
        f"127.0.0.1:{behind.port}",
        f"http://127.0.0.1:{counted.port}",
    )
    with proxies.nginx(tmp_path, block, behind):
        assert behind.ask("/healthz").status == 200
        for path in (
            "/metrics",
            "//metrics",
            "/%6detrics",
            "/./metrics",
            "/metrics?x",
            "/metrics/",
        ):
            answer = behind.ask(path)
            assert answer.status == 404
            assert b"requests" not in answer.body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"),
        ("", "page"),
        ("/sw.js", "page"),
        ("/catalog.json", "page"),
        ("/assets/x/main.js", "asset"),
        ("/runtime/1/a.wasm", "runtime"),
        ("/models/0/a.onnx", "model"),
        ("/readyz", "health"),
        ("/assets", "other"),
        ("/index.html", "other"),
        ("/wp-login.php", "other"),
    ],
)
def test_kinds(path: str, kind: str) -> None:
    assert metrics.kind_of(path) == kind


def test_rows_of_workers_that_are_alive_are_not_given_again() -> None:
    assert metrics.free_row([]) == 1
    assert metrics.free_row([1, 2, 4]) == 3
