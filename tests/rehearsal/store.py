"""A store that knows a twin as the catalog knows the published model, and pulls it over https."""

from __future__ import annotations

import hashlib
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
import onnx
import trustme
from numpy.typing import NDArray

from model_store import canary, catalog, install, native
from model_store.entry import Entry, Model
from model_store.progress import Progress, Silence
from tests.harness.shipped_store import shipped_store
from tests.harness.web import serving
from tests.rehearsal.birefnet import INPUT, OUTPUT, Twin

PATH = "/some/birefnet/resolve/0123abcd/onnx/model.onnx"
_ENTRY = """
[[models]]
id = "{name}"
title = "Twin of BiRefNet lite"
summary = "Random weights in the structure of BiRefNet lite."
tier = "best"
task = "matting"
licence = "MIT"
origin = "https://models.example{path}"
backends = {backends}
install = {{ optimise = "{optimise}" }}
requirements = {{ memory_mib = 4096, webgpu = {{ features = [], limits = {{}} }} }}

[models.input]
name = "{given}"
shape = [1, 3, {side}, {side}]
layout = "NCHW"
dtype = "float32"
resize = "lanczos3"
scale = 255
mean = [0.485, 0.456, 0.406]
std = [0.229, 0.224, 0.225]

[models.output]
name = "{drawn}"
shape = [1, 1, {side}, {side}]
dtype = "float32"
range = "logits"
normalise = "none"

[models.canary]
recipe = "blocks-v1"
seed = 19
grid = 16
tolerance = {{ mean = 0.001, max = 0.02 }}

[[models.sources]]
kind = "https"
url = "https://models.example{path}"
bytes = {bytes}
sha256 = "{sha256}"
"""


@dataclass(frozen=True)
class Rehearsal:
    """A store at `root`; the twin's own file is `upstream`."""

    root: Path
    upstream: Path
    name: str

    @property
    def known(self) -> Model:
        """The twin's entry as the catalog has it, under its names."""
        return next(model for model in catalog.read(self.root).models if model.id == self.name)

    def pull(self, progress: Progress | None = None) -> Entry | None:
        """Install the twin as an operator does, from a hub with an authority of its own."""
        with _hub(self.upstream, self.root):
            return install.pull(
                self.root, self.name, progress or Silence(), self.root / "cache", use_recipe=False
            )

    def true_matte(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What upstream's own file makes of a picture of the input's size, natively: 0..1."""
        model = self.known
        given = {INPUT: canary.tensor_of(picture, model.input)}
        (logits,) = native.session(self.upstream).run([OUTPUT], given)
        return np.asarray(canary.matte_of(logits, model.output))


def rehearse(
    folder: Path,
    twin: Twin,
    name: str = "twin",
    *,
    optimise: str = "fp16",
    backends: str = '["wasm"]',
) -> Rehearsal:
    """Make the twin's file and a store in `folder` that knows it."""
    root = shipped_store(folder / "store")
    upstream = folder / "model.onnx"
    onnx.save(twin.model(), upstream)
    with upstream.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    entry = _ENTRY.format(
        name=name, backends=backends, optimise=optimise, side=twin.side, path=PATH, given=INPUT,
        drawn=OUTPUT, bytes=upstream.stat().st_size, sha256=sha256,
    )  # fmt: skip
    with (root / "catalog.toml").open("a", encoding="utf-8") as file_:
        file_.write(entry)
    return Rehearsal(root, upstream, name)


@contextmanager
def _hub(upstream: Path, folder: Path) -> Iterator[None]:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    with serving(upstream.read_bytes(), context) as web:
        told = {
            "SSL_CERT_FILE": str(folder / "authority.pem"),
            "MATTEBOX_HUB": web.url.removesuffix("/files/m.onnx"),
        }
        with patch.dict(os.environ, told):
            yield
