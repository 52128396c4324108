"""A tiny composite: two graphs with open dimensions, offered alone, together, and one twice."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from model_store import native
from model_store.canary import blocks_image, samples, tensor_of
from tests.fixtures.fusion import fused
from tests.harness import tiny_model
from tests.harness.made_models import entry, serve_parts
from tests.harness.site import Answer, Site

THRESHOLD = 0.3
SIDES = {"fine": 32, "sure": 16}
Matte = NDArray[np.float32]
Change = Callable[[dict[str, dict[str, Any]]], None]


@cache
def graph(name: str) -> bytes:
    """Convolution and sigmoid over a picture of any size."""
    chance = np.random.default_rng(len(name) + ord(name[0]))
    kernel = chance.normal(0, 0.9, (1, 3, 3, 3)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["photo", "kernel"], ["sum"], pads=[1, 1, 1, 1]),
        helper.make_node("Sigmoid", ["sum"], ["matte"]),
    ]
    photo, matte = (
        helper.make_tensor_value_info(of, TensorProto.FLOAT, [1, channels, "height", "width"])
        for of, channels in (("photo", 3), ("matte", 1))
    )
    weights = [numpy_helper.from_array(kernel, "kernel")]
    body = helper.make_graph(nodes, "tiny", [photo], [matte], weights)
    opset = [helper.make_opsetid("", 17)]
    return bytes(helper.make_model(body, opset_imports=opset, ir_version=9).SerializeToString())


def drawn(name: str, image: Image.Image, side: int) -> Matte:
    """What a graph makes of a picture, natively."""
    session = native.session(graph(name))
    pixels = np.asarray(image.resize((side, side), Image.Resampling.LANCZOS))
    (values,) = session.run(["matte"], {"photo": tensor_of(pixels, tiny_model.INPUT)})
    matte: Matte = values[0, 0]
    return matte


def photo(number: int) -> tuple[bytes, Image.Image]:
    """A picture of the detail's size, as a PNG file too."""
    image = Image.fromarray(blocks_image(SIDES["fine"], SIDES["fine"], 100 + number))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue(), image


def true_matte(image: Image.Image, parts: tuple[tuple[str, int], ...]) -> Matte:
    """What a detail and a presence, each a graph and its size, come to: 0..1."""
    detail, presence = (drawn(name, image, side) for name, side in parts)
    return fused(detail, presence, THRESHOLD)


BOTH = (("fine", 32), ("sure", 16))
TWICE = (("fine", 32), ("fine", 16))


def offer(site: Site, change: Change | None = None) -> None:
    """Offer `fine`, `sure`, `both` of them, and `twice` the first, after a `change`; no others."""

    def catalog(answer: Answer) -> Answer:
        models = {name: _model(name, ((name, side),)) for name, side in SIDES.items()}
        models |= {"both": _model("both", BOTH), "twice": _model("twice", TWICE)}
        if change:
            change(models)
        whole = json.loads(answer.body) | {"models": list(models.values()), "default": "sure"}
        return answer.with_body(json.dumps(whole).encode())

    site.faults["/catalog.json"] = catalog
    serve_parts(site, {f"{name}.onnx": graph(name) for name in SIDES})


def _model(model: str, graphs: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    roles = ("detail", "presence")
    parts = [_part(name, role, side) for (name, side), role in zip(graphs, roles, strict=False)]
    files = {file["name"]: file for part in parts for file in part["files"]}
    return tiny_model.described(b"") | {
        "id": model,
        "title": model.title(),
        "bytes": sum(file["bytes"] for file in files.values()),
        "files": list(files.values()),
        "parts": parts,
        "fusion": {"rule": "presence", "threshold": THRESHOLD} if len(parts) > 1 else None,
    }


def _part(name: str, role: str, side: int) -> dict[str, Any]:
    canary = Image.fromarray(blocks_image(side, side, tiny_model.SEED))
    part = tiny_model.part(name, [entry(f"{name}.onnx", graph(name))], role)
    part["dimensions"] = {"height": side, "width": side}
    part["inputs"][0]["shape"][2:] = [side, side]
    part["outputs"][0]["shape"][2:] = [side, side]
    part["canary"]["samples"] = list(samples(drawn(name, canary, side), tiny_model.GRID))
    return part
