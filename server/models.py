"""GET /models/<sha256>/<file> and /catalog.json, the description of everything to download."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, abort

from model_store.catalog import Catalog, public_entry, public_pipeline
from model_store.digest import SEGMENT_BYTES, FileDigest
from server.asset_tree import BUILDS, CODECS, AssetTree, Runtime
from server.files import send_current, send_immutable
from server.generations import Generations, Key
from server.held import HeldFiles
from server.media import mime_type
from server.variants import ENCODINGS, Asset, Representation


def blueprint(generations: Generations) -> Blueprint:
    """Routes over the verified models, as they are installed at the time of a request."""
    models = Blueprint("models", __name__)

    @models.get("/models/<sha256>/<name>")
    def model_file(sha256: str, name: str) -> Response:
        asset = generations.file((sha256, name))
        if asset is None:
            abort(404)
        # A transforming proxy would break Content-Length and ranges, which resumed downloads need.
        return send_immutable(asset, transform=False)

    @models.get("/catalog.json")
    def catalog_json() -> Response:
        return send_current(generations.current().documents["catalog.json"])

    return models


def catalog_documents(
    catalog: Catalog, tree: AssetTree, runtime: Runtime, version: str
) -> dict[str, bytes]:
    """The public catalog as JSON for each content-encoding. `version`: the product's."""
    return {
        encoding: _json(catalog_document(catalog, tree, runtime, version, encoding))
        for encoding in ("identity", *ENCODINGS)
    }


def catalog_document(
    catalog: Catalog, tree: AssetTree, runtime: Runtime, version: str, encoding: str
) -> dict[str, Any]:
    """The public catalog for a client whose best content-encoding is `encoding`.

    URLs are relative to the site root. `bytes` is the size of a file, `download` what this client
    will see on the wire.
    """
    return {
        "version": version,
        "tree": tree.digest,
        "encoding": encoding,
        "segment_bytes": SEGMENT_BYTES,
        "default": catalog.default,
        "recommended": _recommended(catalog),
        "runtime": {"version": runtime.version, "builds": _builds(runtime, encoding)},
        "codecs": {
            codec: _file(tree.assets[name], tree.base + name, encoding)
            for codec, name in CODECS.items()
        },
        "models": [_model(public_entry(offer)) for offer in catalog.offers],
        "pipelines": [_model(public_pipeline(other)) for other in catalog.others],
    }


def _recommended(catalog: Catalog) -> str | None:
    """The id of the model to recommend; None where it is not installed."""
    return next((offer.id for offer in catalog.offers if offer.id == catalog.recommended), None)


def _builds(runtime: Runtime, encoding: str) -> dict[str, Any]:
    builds = {}
    for build, infix in BUILDS.items():
        name = f"ort-wasm-simd-threaded{infix}"
        binary = runtime.assets[f"{name}.wasm"]
        builds[build] = {
            "glue": runtime.url(f"{name}.mjs"),
            "binary": _file(binary, runtime.url(binary.name), encoding),
        }
    return builds


def _file(asset: Asset, url: str, encoding: str) -> dict[str, Any]:
    return {
        "name": asset.name.rsplit("/", 1)[-1],
        "url": url,
        "bytes": asset.digest.bytes,
        "download": asset.download(encoding),
        "sha256": asset.digest.sha256,
        "segments": list(asset.digest.segments),
    }


def _model(public: dict[str, Any]) -> dict[str, Any]:
    parts = [part | {"files": _served(part["files"])} for part in public["parts"]]
    return public | {"files": _served(public["files"]), "parts": parts}


def _served(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Model files with URLs. Never content-encoded: what is stored is what travels."""
    return [
        file | {"url": f"models/{file['sha256']}/{file['name']}", "download": file["bytes"]}
        for file in files
    ]


def model_files(catalog: Catalog, held: HeldFiles) -> dict[Key, Asset]:
    """Assets by digest and name, with the digests the catalog has verified against the disk.

    `held`: what digested them.
    """
    table = {}
    offered = (*catalog.models, *catalog.others)
    for file in (file for model in offered for file in model.files):
        mime_type(file.name)
        digest = FileDigest(file.bytes, file.sha256, file.segments)
        body, facts = held.body(file.path)
        identity = Representation("identity", body, file.bytes, file.sha256, facts)
        table[file.sha256, file.name] = Asset(file.name, digest, identity)
    return table


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
