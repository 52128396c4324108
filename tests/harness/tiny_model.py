"""A model of 300 bytes that any backend runs at once, even a software GPU; its truth is native."""

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
from model_store.entry import ModelInput
from tests.harness.made_models import entry, serve_parts
from tests.harness.site import Answer, Site

ID = "tiny"
NAME = "tiny.onnx"
SIZE = 32
GRID = 16
SEED = 3

#: What is asked of a cutout whose matte is to be the model's own, enlarged and nothing else.
AS_DRAWN = {"refine": False}

INPUT = ModelInput(
    name="photo",
    shape=(1, 3, SIZE, SIZE),
    layout="NCHW",
    dtype="float32",
    resize="lanczos3",
    scale=255.0,
    mean=(0.5, 0.5, 0.5),
    std=(0.25, 0.25, 0.25),
)


@cache
def graph(seed: int = 11) -> bytes:
    """Nowhere sure, and another matte for the least change of a picture."""
    chance = np.random.default_rng(seed)
    return _made_of(chance.normal(0, 0.9, (1, 3, 3, 3)), 0)


@cache
def decided() -> bytes:
    """Mostly sure, and hardly impressed by a rounding: the subject is what is not bright."""
    return _made_of(np.full((1, 3, 5, 5), -8 / 75), 0)


def _made_of(kernel: NDArray[np.float64], bias: float) -> bytes:
    """Convolution and sigmoid: each shader more is half a second on a software GPU."""
    around = [kernel.shape[-1] // 2] * 4
    nodes = [
        helper.make_node("Conv", ["photo", "kernel", "bias"], ["sum"], pads=around),
        helper.make_node("Sigmoid", ["sum"], ["matte"]),
    ]
    body = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("photo", TensorProto.FLOAT, [1, 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("matte", TensorProto.FLOAT, [1, 1, SIZE, SIZE])],
        [
            numpy_helper.from_array(kernel.astype(np.float32), "kernel"),
            numpy_helper.from_array(np.array([bias], np.float32), "bias"),
        ],
    )
    opset = [helper.make_opsetid("", 17)]
    return bytes(helper.make_model(body, opset_imports=opset, ir_version=9).SerializeToString())


@cache
def _session(data: bytes) -> native.Session:
    return native.session(data)


def true_matte(image: NDArray[np.uint8], data: bytes | None = None) -> NDArray[np.float32]:
    """What the model makes of a picture of its own size, computed natively: SIZE x SIZE, 0..1."""
    session = _session(data or graph())
    (values,) = session.run(["matte"], {"photo": tensor_of(image, INPUT)})
    return values[0, 0]


@cache
def photo(number: int) -> tuple[bytes, NDArray[np.float32]]:
    """One of any number of pictures as a PNG file, and its true matte."""
    image = blocks_image(SIZE, SIZE, 100 + number)
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue(), true_matte(image)


def described(data: bytes) -> dict[str, Any]:
    """The catalog's entry for a file of these bytes."""
    files = [entry(NAME, data)]
    return {
        "id": ID,
        "title": "Tiny",
        "summary": "Made for a test.",
        "tier": "instant",
        "task": "matting",
        "licence": "Apache-2.0",
        "bytes": len(data),
        "files": files,
        "parts": [part(ID, files)],
        "fusion": None,
        "backends": ["webgpu", "wasm"],
        "requirements": {
            "memory_mib": 50,
            "webgpu": {
                "features": [],
                "limits": {"maxStorageBufferBindingSize": 1 << 20, "maxBufferSize": 1 << 20},
            },
        },
        # Of a real model: by its own work, any software GPU would be found too slow for it.
        "gflop": 40,
    }


def part(model: str, files: list[dict[str, Any]], role: str = "detail") -> dict[str, Any]:
    """The entry's one part, or one of several."""
    matte = true_matte(blocks_image(SIZE, SIZE, SEED))
    return {
        "model": model,
        "role": role,
        "files": files,
        "dimensions": {},
        "inputs": [
            vars(INPUT)
            | {"shape": list(INPUT.shape), "mean": list(INPUT.mean), "std": list(INPUT.std)}
        ],
        "outputs": [
            {
                "name": "matte",
                "shape": [1, 1, SIZE, SIZE],
                "dtype": "float32",
                "range": "probability",
                "normalise": "none",
            }
        ],
        "canary": {
            "recipe": "blocks-v1",
            "seed": SEED,
            "grid": GRID,
            "samples": list(samples(matte, GRID)),
            "tolerance": {"mean": 0.001, "max": 0.02},
        },
    }


Change = Callable[[dict[str, Any]], None]


def offer(site: Site, change: Change | None = None, data: bytes | None = None) -> None:
    """Have the site offer this model besides its own, as its default.

    `change` its entry first; `data` is served in the place of its file, and described truly.
    """
    file = data or graph()
    model = described(file)
    if change:
        change(model)

    def catalog(answer: Answer) -> Answer:
        whole = json.loads(answer.body)
        whole["models"].append(model)
        whole["default"] = ID
        return answer.with_body(json.dumps(whole).encode())

    site.faults["/catalog.json"] = catalog
    serve_parts(site, {NAME: file})
