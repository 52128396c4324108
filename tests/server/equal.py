"""What each way of serving answers beside Flask's own server, request by request.

    python -m tests.server.equal

prints the table of servers and what differs. A difference is named by what was asked.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from server import export
from server.web_servers import nginx_proxy
from server.web_servers.rules import Place, Tls
from tests.server import proxies, toy_site
from tests.server.conftest import Answer, Site, serving
from tests.server.processes import free_port, gunicorn
from tests.server.toy_site import MODEL_BYTES
from tests.server.web_servers import SERVERS

PREFIX = "/tools/mattebox"
N = len(MODEL_BYTES)


@dataclass(frozen=True)
class Probe:
    """A request, by what a person would call it."""

    name: str
    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


def probes(plain: Site) -> dict[str, list[Probe]]:
    """What is asked, by what it is about. plain: where the URLs are looked up."""
    model, script = plain.model_url(), plain.asset_url("main.js")
    tag = plain.ask(model).headers["etag"]
    files = {
        "the page": "/",
        "the service worker": "/sw.js",
        "the catalog": "/catalog.json",
        "the manifest": "/manifest.webmanifest",
        "health": "/healthz",
        "a script": script,
        "a worker": plain.asset_url("workers/delivery.js"),
        "a picture": plain.asset_url("icons/icon-192.png"),
        "glue": plain.runtime_url(".mjs"),
        "wasm": plain.runtime_url(".wasm"),
        "a model": model,
    }
    absent = {
        "nothing": "/none",
        "a folder": "/assets/",
        "another tree": "/assets/none/main.js",
        "the page's file": "/index.html",
        "a host's file": "/_headers",
        "two slashes": script.replace("/main.js", "//main.js"),
        "a way out": "/assets/..%2f..%2fapache.conf",
    }
    ranges = {
        "a first byte": "bytes=0-0",
        "the rest": "bytes=5-",
        "the end": "bytes=-3",
        "past the end": f"bytes=1000-{N + 5}",
        "zeros": f"bytes={'0' * 25}5-10",
        "two ranges": "bytes=0-0,5-6",
        "a backward range": "bytes=6-5",
        "no range": "bytes=a-b",
        "another unit": "lines=0-1",
    }
    accepted = ("identity", "gzip", "br, gzip", "gzip;q=1.0, br;q=0", "x-gzip", "zstd", "")
    return {
        "headers": [
            Probe(f"{method} of {name}", path, method, (("Accept-Encoding", "identity"),))
            for name, path in (files | absent).items()
            for method in ("GET", "HEAD")
        ],
        "ranges": [
            *(
                Probe(
                    f"{name} of {what}", path, "GET", (("Range", value), ("Accept-Encoding", "br"))
                )
                for name, value in ranges.items()
                for what, path in (("a model", model), ("a script", script))
                if what == "a model" or (value.startswith("bytes=0-0") and "," not in value)
            ),
            Probe("a range past the end", model, "GET", (("Range", f"bytes={N}-"),)),
            Probe("HEAD of a range", model, "HEAD", (("Range", "bytes=0-0"),)),
        ],
        "conditions": [
            Probe("If-Match of another", model, "GET", (("If-Match", '"other"'),)),
            Probe("If-None-Match of another", model, "GET", (("If-None-Match", '"other"'),)),
            Probe("If-None-Match of a model", model, "GET", (("If-None-Match", tag),)),
            Probe("If-Range", model, "GET", (("Range", "bytes=5-9"), ("If-Range", tag))),
            Probe(
                "If-Range of another", model, "GET", (("Range", "bytes=5-9"), ("If-Range", '"o"'))
            ),
        ],
        "encodings": [
            Probe(f"{name}, {value or 'nothing named'}", path, "GET", (("Accept-Encoding", value),))
            for name, path in files.items()
            for value in accepted
        ],
        "methods": [
            *(
                Probe(f"{method} of {name}", path, method)
                for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW")
                for name, path in (("the page", "/"), ("a model", model), ("nothing", "/none"))
            ),
            Probe("a body", "/", "GET", (), b"pixels"),
            Probe("a body of one byte", model, "GET", (), b"p"),
            Probe("POST with a body", "/", "POST", (), b"pixels"),
        ],
    }


_OF_THE_LINE = {"date", "server", "connection", "keep-alive", "transfer-encoding", "accept-ranges"}
_OF_CONTENT = {"content-type", "content-length", "content-range", "cache-control", "etag"}
_WEIGHED = (412, 416)


def comparable(answer: Answer) -> Answer:
    """`answer` without what is a server's own: tags, but for models', and what is said beside the
    refusal of a condition or a range."""
    left = set(_OF_THE_LINE)
    headers = dict(answer.headers)
    if "no-transform" not in headers.get("cache-control", ""):
        left.add("etag")
    if answer.status in _WEIGHED:
        left |= _OF_CONTENT
        answer = replace(answer, body=b"")
    if "allow" in headers:
        headers["allow"] = ", ".join(sorted(headers["allow"].split(", ")))
    return replace(answer, headers={one: headers[one] for one in headers.keys() - left})


def differing(asked: list[Probe], ours: Site, theirs: Site) -> dict[str, str]:
    """Name of each probe that is answered otherwise -> how."""
    found = {}
    for probe in asked:
        answers = []
        for site in (ours, theirs):
            headers = {name.replace("-", "_"): value for name, value in probe.headers}
            answers.append(comparable(site.ask(probe.path, probe.method, probe.body, **headers)))
        if how := _how(*answers):
            found[probe.name] = how
    return found


def _how(ours: Answer, theirs: Answer) -> str:
    if ours.status != theirs.status:
        return f"{theirs.status}, not {ours.status}"
    names = ours.headers.keys() | theirs.headers.keys()
    wrong = sorted(one for one in names if ours.headers.get(one) != theirs.headers.get(one))
    said = [f"{name} {theirs.headers.get(name, 'missing')}" for name in wrong]
    return "; ".join([*said, *(["other bytes"] if ours.body != theirs.body else [])])


@contextmanager
def exported(
    name: str, folder: Path, prefix: str = "", tls: Tls | None = None, host: str = ""
) -> Iterator[tuple[Site, Site]]:
    """Flask's own server, and the one of this name over what was exported of the same site."""
    app = toy_site.start(toy_site.build(folder / "source", prefix=prefix))
    port = free_port()
    place = Place(folder / "export", port, "127.0.0.1", host, tls)
    export.write(app, place.folder, place)
    own = folder / "own"
    own.mkdir()
    theirs = Site(port, folder, prefix)
    with serving(app, folder, prefix) as ours, SERVERS[name](own, place.folder, theirs):
        yield ours, theirs


@contextmanager
def proxied(folder: Path) -> Iterator[tuple[Site, Site]]:
    """gunicorn, and the same behind nginx as `flask nginx` sets it up."""
    site = Site(free_port(), folder)
    own = folder / "socket"
    block = nginx_proxy.proxy(
        toy_site.build(folder), f"127.0.0.1:{site.port}", f"http://unix:{own}:"
    )
    with gunicorn(folder, f"--bind=unix:{own}") as plain, proxies.nginx(folder, block, site):
        yield plain, site


def main() -> int:
    """Print the table, then each difference."""
    rows: dict[str, dict[str, dict[str, str]]] = {}
    for name in (*SERVERS, "gunicorn behind nginx"):
        with ExitStack() as started:
            folder = Path(started.enter_context(tempfile.TemporaryDirectory()))
            folder.chmod(0o755)
            running = exported(name, folder) if name in SERVERS else proxied(folder)
            ours, theirs = started.enter_context(running)
            asked = probes(ours)
            rows[name] = {about: differing(asked[about], ours, theirs) for about in asked}
    columns = list(next(iter(rows.values())))
    lines = [" | ".join(["server", *columns]), " | ".join(["---"] * (len(columns) + 1))]
    for name, row in rows.items():
        cells = [f"{len(row[about])} differ" if row[about] else "equal" for about in columns]
        lines.append(" | ".join([name, *cells]))
    for name, row in rows.items():
        lines += [
            f"{name}, {probe}: {how}" for about in columns for probe, how in row[about].items()
        ]
    sys.stdout.write("\n".join([*lines, ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
