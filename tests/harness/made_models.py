"""Models made for a test: the site's catalog tells of them, and its answers hold their bytes."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

from model_store.digest import SEGMENT_BYTES
from tests.harness.site import Answer, Fault, Site

Parts = dict[str, bytes]


def described(data: bytes, segment: int = SEGMENT_BYTES) -> dict[str, object]:
    """What a catalog says of a file's bytes."""
    pieces = [data[at : at + segment] for at in range(0, len(data), segment)]
    return {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "segments": [hashlib.sha256(piece).hexdigest() for piece in pieces],
    }


def entry(name: str, data: bytes) -> dict[str, object]:
    """What a catalog says of a file of a model."""
    told = described(data)
    return {
        "role": "external-data" if name.endswith(".data") else "graph",
        "name": name,
        "url": f"models/{told['sha256']}/{name}",
        "download": len(data),
        **told,
    }


def made_of(model: dict[str, Any], files: Parts) -> None:
    """Have an entry of one part be of these files."""
    model["files"] = [entry(name, data) for name, data in files.items()]
    model["bytes"] = sum(len(data) for data in files.values())
    [part] = model["parts"]
    part.update(model=model["id"], files=model["files"])


def install_parts(site: Site, parts: Parts, told: Parts | None = None) -> None:
    """Serve u2netp as these files; `told` is what the catalog takes some of them for."""

    def catalog(answer: Answer) -> Answer:
        whole = json.loads(answer.body)
        model = next(one for one in whole["models"] if one["id"] == "u2netp")
        made_of(model, {name: (told or {}).get(name, data) for name, data in parts.items()})
        return answer.with_body(json.dumps(whole).encode())

    site.faults["/catalog.json"] = catalog
    serve_parts(site, parts)


def add_model(site: Site, model_id: str, title: str, parts: Parts) -> None:
    """Offer another model besides the first, of these files and with its rules; and no third."""

    def catalog(answer: Answer) -> Answer:
        whole = json.loads(answer.body)
        first = whole["models"][0]
        other = copy.deepcopy(first) | {"id": model_id, "title": title, "tier": "best"}
        made_of(other, parts)
        whole["models"] = [first, other]
        return answer.with_body(json.dumps(whole).encode())

    site.faults["/catalog.json"] = catalog
    serve_parts(site, parts)


def serve_parts(site: Site, parts: Parts) -> None:
    def giving(data: bytes) -> Fault:
        kind = ("Content-Type", "application/octet-stream")
        policy = ("Cross-Origin-Resource-Policy", "same-origin")

        def give(asked: Answer) -> Answer:
            if asked.range is None:
                return Answer("200 OK", (kind, policy), b"").with_body(data)
            first, last = asked.range
            span = ("Content-Range", f"bytes {first}-{last}/{len(data)}")
            part = Answer("206 Partial Content", (kind, policy, span), b"", asked.range)
            return part.with_body(data[first : last + 1])

        return give

    # The longer name first: the shorter one is part of it.
    for name in sorted(parts, key=len, reverse=True):
        site.faults[f"/{name}"] = giving(parts[name])
