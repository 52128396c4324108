"""Writes the recipe of a model: what makes its installed graph out of its upstream file.

python -m model_store.write_recipe isnet-small

pulls the model into a store of its own without a recipe, as anyone could, and notes how the result
differs from the upstream file. Needs numpy, onnx and onnxruntime.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto

from model_store import catalog, install, lockfile, recipe, sources
from model_store.terminal import Bars

_SHORT = 256  # bytes that are not worth a step of their own
_DATE = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is written
_LOCAL = ("installed", "sources", "seconds")  # of a story: true of this machine only


def main(arguments: Sequence[str] | None = None) -> int:
    """Write recipes/<model>.zip."""
    parser = argparse.ArgumentParser(description="Write the recipe of a model.")
    parser.add_argument("model")
    name = parser.parse_args(arguments).model
    known = {entry.id: entry for entry in catalog.read().entries}
    source = known[name].sources[0]
    with tempfile.TemporaryDirectory() as folder:
        store, cache = Path(folder) / "store", Path(folder) / "cache"
        (store / "weights").mkdir(parents=True)
        shutil.copy(catalog.STORE / "catalog.toml", store)
        with Bars() as bars:
            upstream = sources.fetch(source, cache, progress=bars).read_bytes()
            made = install.pull(store, name, bars, cache, use_recipe=False)
        if made is None:
            raise AssertionError("the store is new")
        record = lockfile.read_raw(store)[name]
        write(recipe.FOLDER / f"{name}.zip", upstream, made.files[0].path.read_bytes(), record)
    sys.stdout.write(f"recipes/{name}.zip\n")
    return 0


def write(path: Path, upstream: bytes, made: bytes, record: dict[str, Any]) -> None:
    """Write the recipe that makes `made` of `upstream`. `record`: what the lock file says of it."""
    steps = list(_steps(upstream, made))
    (file,) = record.pop("files")
    record["story"] = {k: v for k, v in record["story"].items() if k not in _LOCAL}
    told = {
        "version": recipe.VERSION,
        "upstream": hashlib.sha256(upstream).hexdigest(),
        "sha256": file["sha256"],
        "bytes": file["bytes"],
        "steps": [step[:-1] if step[0] == "new" else step for step in steps],
        "record": record,
    }
    new = b"".join(step[-1] for step in steps if step[0] == "new")
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in ((recipe.STEPS, json.dumps(told).encode()), (recipe.NEW, new)):
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED, 9)


def _steps(upstream: bytes, made: bytes) -> Iterator[tuple[Any, ...]]:
    at = 0
    for start, step in _found(upstream, made):
        if start > at:
            yield ("new", start - at, made[at:start])
        at = start + _length(step)
        yield step
    if at < len(made):
        yield ("new", len(made) - at, made[at:])


def _found(upstream: bytes, made: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Where in `made` something begins that upstream has, and the step that gives it."""
    halves = {
        tensor.name: tensor
        for tensor in onnx.load_model_from_string(upstream).graph.initializer
        if tensor.data_type == TensorProto.FLOAT16
    }
    start = 0
    for tensor in onnx.load_model_from_string(made).graph.initializer:
        content = tensor.raw_data
        # Constants are written in their order, so equal ones are told apart.
        start = made.index(content, start)
        kernel = halves.get(tensor.name.removesuffix(".int"))
        if len(content) < _SHORT:
            pass
        elif (at := upstream.find(content)) >= 0:
            yield start, ("copy", at, len(content))
        elif kernel is not None and tensor.data_type == TensorProto.INT8:
            at, channels = upstream.index(kernel.raw_data), tensor.dims[0]
            yield start, ("round", at, channels, len(content) // channels)
        start += len(content)


def _length(step: tuple[Any, ...]) -> int:
    return int(step[2] if step[0] == "copy" else step[2] * step[3])


if __name__ == "__main__":
    sys.exit(main())
