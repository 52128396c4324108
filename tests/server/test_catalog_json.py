"""/catalog.json: sizes a person is shown are the sizes on disk and on the wire."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import brotli
import pytest

import model_store.catalog
from model_store.digest import SEGMENT_BYTES
from model_store.offers import Catalog
from server import __version__, create_app
from server.asset_tree import BUILDS, CODECS
from tests.server import toy_site
from tests.server.conftest import Site

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
SIDES = ("inputs", "outputs")
MODEL_SHA = toy_site.sha256(toy_site.MODEL_BYTES)


def files_of(catalog: dict[str, Any]) -> list[dict[str, Any]]:
    models = [file for model in catalog["models"] for file in model["files"]]
    builds = [build["binary"] for build in catalog["runtime"]["builds"].values()]
    return [*models, *builds, *catalog["codecs"].values()]


@pytest.mark.parametrize(
    ("accepted", "best"), [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "identity")]
)
def test_sizes_are_those_of_the_disk_and_of_the_wire(site: Site, accepted: str, best: str) -> None:
    answer = site.ask("/catalog.json", Accept_Encoding=accepted)
    encoding = answer.headers.get("content-encoding", "identity")
    catalog = json.loads(UNPACK[encoding](answer.body))
    assert catalog["encoding"] == encoding == best
    paths = {path.name: path for path in site.folder.rglob("*") if path.is_file()}
    files = files_of(catalog)
    assert len(files) == 1 + len(BUILDS) + len(CODECS)  # one is the model
    for file in files:
        assert file["bytes"] == paths[file["name"]].stat().st_size
        wire = site.ask("/" + file["url"], Accept_Encoding=accepted)
        assert file["download"] == int(wire.headers["content-length"]) == len(wire.body)
        plain = site.ask("/" + file["url"]).body
        assert file["sha256"] == toy_site.sha256(plain)
        pieces = range(0, len(plain), SEGMENT_BYTES)
        assert file["segments"] == [
            toy_site.sha256(plain[start : start + SEGMENT_BYTES]) for start in pieces
        ]


def test_each_encoding_has_its_own_tag(site: Site) -> None:
    answers = [site.ask("/catalog.json", Accept_Encoding=e) for e in ("br", "gzip", "identity")]
    assert len({answer.headers["etag"] for answer in answers}) == 3
    assert {answer.headers["vary"] for answer in answers} == {"Accept-Encoding"}
    for accepted, answer in zip(("br", "gzip", "identity"), answers, strict=True):
        etag = answer.headers["etag"]
        again = site.ask("/catalog.json", Accept_Encoding=accepted, If_None_Match=etag)
        assert again.status == 304
    crossed = site.ask(
        "/catalog.json", Accept_Encoding="gzip", If_None_Match=answers[0].headers["etag"]
    )
    assert crossed.status == 200


def test_its_shape(site: Site) -> None:
    catalog = site.catalog()
    version = toy_site.RUNTIME_VERSION
    assert catalog["version"] == __version__
    assert catalog["segment_bytes"] == SEGMENT_BYTES
    assert catalog["default"] == "toy"
    assert catalog["recommended"] is None, "the one that is recommended is not here"
    assert catalog["runtime"]["version"] == version
    builds = catalog["runtime"]["builds"]
    assert {build: facts["glue"] for build, facts in builds.items()} == {
        "wasm": f"runtime/{version}/ort-wasm-simd-threaded.mjs",
        "jspi": f"runtime/{version}/ort-wasm-simd-threaded.jspi.mjs",
        "asyncify": f"runtime/{version}/ort-wasm-simd-threaded.asyncify.mjs",
    }
    for build in builds.values():
        assert build["binary"]["url"] == build["glue"].replace(".mjs", ".wasm")
        assert site.ask("/" + build["glue"]).status == 200
    vendor = f"assets/{catalog['tree']}/vendor"
    assert {codec: file["url"] for codec, file in catalog["codecs"].items()} == {
        "webp": f"{vendor}/jsquash-webp/webp_enc_simd.wasm",
        "avif": f"{vendor}/jsquash-avif/avif_enc.wasm",
        "avif-reader": f"{vendor}/jsquash-avif-dec/avif_dec.wasm",
        "heif": f"{vendor}/libheif/libheif.wasm",
        "magick": f"{vendor}/magick-wasm/magick.wasm",
        "jxl": f"{vendor}/jsquash-jxl/jxl_dec.wasm",
        "lcms": f"{vendor}/lcms-wasm/lcms.wasm",
    }
    model = catalog["models"][0]
    assert model["files"][0]["url"] == f"models/{MODEL_SHA}/toy.onnx"
    assert model["bytes"] == sum(file["bytes"] for file in model["files"])
    assert "sources" not in model
    assert model["task"] == "matting"
    (part,) = model["parts"]
    # Every tensor that the graph takes and gives, for devices to compare with what it says.
    told = [[(t["name"], t["dtype"], t["shape"]) for t in part[side]] for side in SIDES]
    assert told == [
        [("input.1", "float32", [1, 3, 320, 320])],
        [("1959", "float32", [1, 1, 320, 320])],
    ]
    assert model["gflop"] > 0
    assert set(model["requirements"]) == {"memory_mib", "webgpu"}


def test_a_model_nobody_has_counted_is_offered_to_processors_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    toy = toy_site.toy_catalog(toy_site.build(tmp_path).model_store)
    uncounted = Catalog("toy", (replace(toy.models[0], gflop=None),))
    with patch.object(model_store.catalog, "load", lambda *_: uncounted):
        app = create_app(toy_site.build(tmp_path))
    assert "toy: what a run demands is not recorded" in caplog.text
    (model,) = json.loads(app.test_client().get("/catalog.json").data)["models"]
    assert model["backends"] == ["wasm"]
    assert model["gflop"] > 0
