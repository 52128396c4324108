"""A store that knows twins of segmenters as the catalog knows the published ones, and a hub."""

from __future__ import annotations

import hashlib
import os
import ssl
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import onnx
import trustme

from model_store import install
from model_store.entry import Entry
from model_store.progress import Silence
from tests.harness.as_toml import toml
from tests.harness.shipped_store import shipped_store
from tests.rehearsal.segmenters import Twin

SIDE, WIDTH = 256, 64
HOST = "models.example.org"
"""Where a hub is as well, for those who reach it through a proxy."""


@dataclass(frozen=True)
class Rehearsal:
    """A store at `root` whose entries have the published ids; the twins' files are in `upstream`,
    by their published names."""

    root: Path
    upstream: Path

    def pull(self, name: str) -> Entry | None:
        """Install a twin as an operator does, from a hub with an authority of its own."""
        with hub(self.upstream, self.root):
            return install.pull(self.root, name, Silence(), self.root / "cache")

    def files(self, name: str) -> list[Path]:
        """Upstream's files of a twin."""
        entry = _entries(self.root)[name]
        return [self.upstream / source["name"] for source in entry["sources"]]


def rehearse(folder: Path, *families: str, side: int = SIDE, width: int = WIDTH) -> Rehearsal:
    """Make the twins' files, and a store in `folder` that knows them instead of the published."""
    root, upstream = shipped_store(folder / "store"), folder / "upstream"
    upstream.mkdir()
    whole = tomllib.loads((root / "catalog.toml").read_text(encoding="utf-8"))
    for entry in whole["models"]:
        if entry["id"] in families:
            twin = Twin(entry["id"], side=side, width=width)
            _write(twin, entry["sources"], upstream)
            _shrink(entry, twin)
            _pin(entry["sources"], upstream)
    lines = [f"{key} = {toml(value)}\n" for key, value in whole.items()]
    (root / "catalog.toml").write_text("".join(lines), encoding="utf-8")
    return Rehearsal(root, upstream)


def _entries(root: Path) -> Mapping[str, Any]:
    found = tomllib.loads((root / "catalog.toml").read_text(encoding="utf-8"))["models"]
    return {entry["id"]: entry for entry in found}


def _write(twin: Twin, sources: list[dict[str, Any]], folder: Path) -> None:
    """The twin's graphs under the published names, with weights beside them where those have."""
    beside = [one["name"] for one in sources if one["role"] == "external-data"]
    for source in sources:
        if source["role"] == "external-data":
            continue
        graph = twin.encoder() if source["role"] == "encoder" else twin.decoder()
        path = folder / source["name"]
        data = next((name for name in beside if name.startswith(path.name)), None)
        if data:
            onnx.save(graph, path, save_as_external_data=True, location=data, size_threshold=1024)
        else:
            onnx.save(graph, path)


def _shrink(entry: dict[str, Any], twin: Twin) -> None:
    """Of the published sizes, those of the twin: sides, and channels that follow from its width."""
    side, width = entry["segment"]["side"], 256
    entry["segment"]["side"] = twin.side
    for graph in entry["graphs"]:
        for tensor in (*graph["inputs"], *graph["outputs"]):
            shape = tensor["shape"]
            if tensor["use"] == "embedding":
                shape[1] = shape[1] * twin.width // width
            if len(shape) >= 4 and tensor["use"] in ("pixels", "embedding", "mask", "masks"):
                shape[-2:] = [size * twin.side // side for size in shape[-2:]]
        for name in {"height", "width"} & graph.get("most", {}).keys():
            graph["most"][name] = twin.side


def _pin(sources: list[dict[str, Any]], folder: Path) -> None:
    for source in sources:
        content = (folder / source["name"]).read_bytes()
        source["bytes"] = len(content)
        source["sha256"] = hashlib.sha256(content).hexdigest()


@contextmanager
def hub(upstream: Path, folder: Path) -> Iterator[list[str]]:
    """The files of `upstream` over https, whatever the address before their names; what was asked
    for. Its authority lies in `folder`."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", HOST).configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(urlsplit(self.path).path)
            self.path = f"/{asked[-1].rpartition('/')[2]}"
            super().do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(upstream)))
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    told = {
        "SSL_CERT_FILE": str(folder / "authority.pem"),
        "MATTEBOX_HUB": f"https://127.0.0.1:{server.server_port}",
    }
    try:
        with patch.dict(os.environ, told):
            yield asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
