"""A tiny segmenter: a press takes what has the same colour, a box what has that of its middle."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import brotli
import numpy as np
from onnx import GraphProto, TensorProto, ValueInfoProto, helper, numpy_helper

from model_store import native
from model_store.canary import blocks_image
from model_store.pipeline_canary import samples_of
from tests.harness.made_models import entry, serve_parts
from tests.harness.site import Answer, Site

ID, TITLE = "tiny-segmenter", "Tiny segmenter"
SIDE, SEED = 128, 5
#: Squared distance of colours (0..1 each) up to which they are the same, and what it is worth.
NEAR, SLOPE, NEVER = 0.02, 400.0, -12.0


@cache
def encoder() -> bytes:
    """The photo itself, side by side."""
    photo, embedding = _float("photo", [1, 3, SIDE, SIDE]), _float("embedding", [1, 3, SIDE, SIDE])
    nodes = [helper.make_node("Identity", ["photo"], ["embedding"])]
    return _model(helper.make_graph(nodes, "encoder", [photo], [embedding]))


@cache
def decoder() -> bytes:
    """Points are in the encoder's pixels; labels: 1 inside, 0 outside, 2 and 3 corners."""
    down, across = np.mgrid[:SIDE, :SIDE].reshape(2, -1).astype(np.float32)
    constants = {
        "near": np.float32(NEAR),
        "slope": np.float32(SLOPE),
        "never": np.float32(NEVER),
        "side": np.float32(SIDE),
        "last": np.float32(SIDE - 1),
        "zero": np.float32(0),
        "half": np.float32(0.5),
        "one": np.float32(1),
        "two": np.float32(2),
        "three": np.float32(3),
        "axis0": np.array([0]),
        "axis1": np.array([1]),
        "axis2": np.array([2]),
        "flat": np.array([3, SIDE * SIDE]),
        "pairs": np.array([-1, 2]),
        "column": np.array([-1, 1]),
        "mask": np.array([1, 1, SIDE, SIDE]),
        "down": down,
        "across": across,
        "scores": np.array([[0.9]], np.float32),
        "end": np.array([2**31]),
    }
    steps: list[tuple[Any, ...]] = [
        ("Reshape", "embedding flat", "photo"),
        ("Reshape", "points pairs", "all"),
        ("Reshape", "labels column", "of"),
        # The corners of a box, at zero where there is none, and its middle as one point more.
        ("Equal", "of two", "is_first"),
        ("Equal", "of three", "is_last"),
        ("Where", "is_first all zero", "firsts"),
        ("Where", "is_last all zero", "lasts"),
        ("ReduceSum", "firsts axis0", "first"),
        ("ReduceSum", "lasts axis0", "last_corner"),
        ("Add", "first last_corner", "sum"),
        ("Mul", "sum half", "middle"),
        ("Concat", "all middle", "places", {"axis": 0}),
        ("Clip", "places zero last", "clipped"),
        ("Floor", "clipped", "whole"),
        ("Split", "whole", "x y", {"axis": 1, "num_outputs": 2}),
        ("Mul", "y side", "rows"),
        ("Add", "rows x", "index"),
        ("Cast", "index", "index64", {"to": TensorProto.INT64}),
        ("Squeeze", "index64 axis1", "indices"),
        ("Gather", "photo indices", "colours", {"axis": 1}),
        ("Unsqueeze", "photo axis1", "everywhere"),
        ("Unsqueeze", "colours axis2", "theirs"),
        ("Sub", "everywhere theirs", "apart"),
        ("Mul", "apart apart", "squares"),
        ("ReduceSum", "squares axis0", "distances", {"keepdims": 0}),
        ("Sub", "near distances", "closer"),
        ("Mul", "closer slope", "alike"),
        # Which of them count: those that are inside, those that are not, and the box, within it.
        ("Split", "first", "left top", {"axis": 1, "num_outputs": 2}),
        ("Split", "last_corner", "right bottom", {"axis": 1, "num_outputs": 2}),
        ("GreaterOrEqual", "across left", "a"),
        ("LessOrEqual", "across right", "b"),
        ("GreaterOrEqual", "down top", "c"),
        ("LessOrEqual", "down bottom", "d"),
        ("And", "a b", "ab"),
        ("And", "c d", "cd"),
        ("And", "ab cd", "abcd"),
        ("Greater", "right zero", "is_box"),
        ("And", "abcd is_box", "boxed"),
        ("Equal", "of one", "is_inside"),
        ("Equal", "of zero", "is_outside"),
        ("Shape", "of", "count", {"end": 1}),
        ("Slice", "alike axis0 count axis0", "of_points"),
        ("Slice", "alike count end axis0", "of_middle"),
        ("Where", "is_inside of_points never", "ins"),
        ("Where", "is_outside of_points never", "outs"),
        ("Where", "boxed of_middle never", "in_box"),
        ("ReduceMax", "ins axis0", "inside"),
        ("ReduceMax", "outs axis0", "outside"),
        ("Max", "inside in_box", "taken"),
        ("Neg", "outside", "left_alone"),
        ("Min", "taken left_alone", "logits"),
        ("Reshape", "logits mask", "masks"),
        ("Identity", "scores", "sure"),
    ]
    nodes = [
        helper.make_node(kind, takes.split(), gives.split(), **(more[0] if more else {}))
        for kind, takes, gives, *more in steps
    ]
    takes = [
        _float("embedding", [1, 3, SIDE, SIDE]),
        _float("points", [1, "count", 2]),
        _float("labels", [1, "count"]),
    ]
    gives = [_float("masks", [1, 1, SIDE, SIDE]), _float("sure", [1, 1])]
    weights = [
        numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()
    ]
    return _model(helper.make_graph(nodes, "decoder", takes, gives, weights))


def offer(site: Site) -> None:
    """Offer it besides the models that draw mattes."""
    files = {"encoder.onnx": encoder(), "decoder.onnx": decoder()}

    def catalog(answer: Answer) -> Answer:
        # As browsers are told it: the sizes are those of what is compressed.
        asked = {"Accept-Encoding": "br"}
        told = brotli.decompress(site.app.test_client().get("/catalog.json", headers=asked).data)
        whole = json.loads(told) | {"pipelines": [_described(files)]}
        return answer.with_body(json.dumps(whole).encode())

    site.faults["/catalog.json"] = catalog
    serve_parts(site, files)


@cache
def _samples() -> dict[str, dict[str, list[float]]]:
    """What each graph natively makes of its canary, by the graph's name."""
    picture = blocks_image(SIDE, SIDE, SEED).astype(np.float32).transpose(2, 0, 1)[None] / 255
    (seen,) = native.session(encoder()).run(None, {"photo": picture})
    point = np.full((1, 1, 2), SIDE // 2, np.float32)
    asked = {"embedding": seen, "points": point, "labels": np.ones((1, 1), np.float32)}
    masks, sure = native.session(decoder()).run(None, asked)
    made = {"encoder": {"embedding": seen}, "decoder": {"masks": masks, "sure": sure}}
    return {
        graph: {name: list(values) for name, values in samples_of(outputs).items()}
        for graph, outputs in made.items()
    }


def _described(files: dict[str, bytes]) -> dict[str, Any]:
    picture = {"layout": "NCHW", "scale": 255, "mean": [0, 0, 0], "std": [1, 1, 1]}
    square = [SIDE, SIDE]
    photo = _tensor("photo", "pixels", [1, 3, *square]) | {"picture": picture}
    embedding = _tensor("embedding", "embedding", [1, 3, *square])
    points = _tensor("points", "points", [1, "count", 2])
    labels = _tensor("labels", "labels", [1, "count"])
    masks = _tensor("masks", "masks", [1, 1, *square])
    takes = {"encoder": [photo], "decoder": [embedding, points, labels]}
    gives = {"encoder": [embedding], "decoder": [masks, _tensor("sure", "scores", [1, 1])]}
    recipes = {"encoder": "blocks-v1", "decoder": "click-v1"}
    told = {role: entry(f"{role}.onnx", files[f"{role}.onnx"]) for role in takes}
    parts = [
        {
            "model": f"{ID}/{role}",
            "role": role,
            "files": [told[role] | {"role": "graph"}],
            "dimensions": {},
            "inputs": takes[role],
            "outputs": gives[role],
            "canary": {
                "recipe": recipes[role],
                "seed": SEED,
                "samples": _samples()[role],
                "tolerance": {"mean": 0.01, "max": 0.1},
            },
        }
        for role in takes
    ]
    return {
        "id": ID,
        "title": TITLE,
        "summary": "",
        "tier": "fast",
        "task": "segment",
        "licence": "Apache-2.0",
        "origin": "",
        "bytes": sum(len(data) for data in files.values()),
        "files": [told[role] | {"role": role} for role in takes],
        "parts": parts,
        "rules": {"fit": "stretch", "side": SIDE, "pad": False},
        "requirements": {"memory_mib": 64},
        "backends": ["wasm"],
        "gflop": 0.1,
    }


def _tensor(name: str, use: str, shape: list[int | str]) -> dict[str, Any]:
    return {"name": name, "use": use, "dtype": "float32", "shape": shape}


def _float(name: str, shape: list[int | str]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _model(graph: GraphProto) -> bytes:
    opset = [helper.make_opsetid("", 18)]
    return bytes(helper.make_model(graph, opset_imports=opset, ir_version=9).SerializeToString())
