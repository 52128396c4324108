"""The real application with a tiny model: what takes a real one seconds is done at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import onnx
from flask import Flask

import model_store.catalog
from model_store.canary import blocks_image, samples
from model_store.catalog import STORE, Catalog, read
from model_store.digest import file_digest
from model_store.entry import Canary, Model, ModelOutput
from model_store.pipeline import Pipeline
from model_store.requirements import Requirements
from server import create_app
from server.config import Settings
from tests.harness import tiny_model
from tests.harness.site import Site, serving

#: A clock for the delivery worker on which waits between tries are over soon: how long they are is
#: tested apart (tests/client/retry.test.js), here it matters what the tries come to. Silence is
#: judged more mildly, so that a busy machine does not look like a dead one.
CLOCK = b"""
const wait = globalThis.setTimeout;
globalThis.setTimeout = (work, ms, ...rest) => wait(work, ms / (ms > 10_000 ? 4 : 20), ...rest);
"""


@contextmanager
def hurried(folder: Path, size: int) -> Iterator[Site]:
    """`app` on a socket, its delivery worker on a fast clock whatever a test does."""
    with serving(app(folder, size)) as site:
        site.standing["workers/delivery.js"] = lambda answer: answer.with_body(answer.body + CLOCK)
        yield site


def app(
    folder: Path,
    size: int = 0,
    graph: bytes | None = None,
    pipelines: tuple[Pipeline, ...] = (),
    **settings: object,
) -> Flask:
    """The application with that model and no other, in a file of at least `size` bytes, beside
    what does something else."""
    path = folder / tiny_model.NAME
    path.write_bytes(padded(graph or tiny_model.graph(), size))
    catalog = Catalog(tiny_model.ID, (_model(path),), pipelines)
    with patch.object(model_store.catalog, "load", lambda *_: catalog):
        return create_app(replace(Settings.from_environment(), **settings))  # type: ignore[arg-type]


def app_in(folder: str, size: int) -> Flask:
    """For gunicorn, which is given an expression."""
    return app(Path(folder), size)


def padded(graph: bytes, size: int) -> bytes:
    """The same graph with a remark as long as it takes. No two segments of it are equal."""
    model = onnx.load_from_string(graph)
    remark = "".join(f"{count:09}\n" for count in range(max(0, size - len(graph)) // 10 + 1))
    onnx.helper.set_model_props(model, {"remark": remark})
    return bytes(model.SerializeToString())


def _model(path: Path) -> Model:
    shipped = read(STORE).models[0]
    assert isinstance(shipped, Model)
    told = tiny_model.described(path.read_bytes())
    [part] = told["parts"]
    output = part["outputs"][0] | {"shape": tuple(part["outputs"][0]["shape"])}
    canary = blocks_image(tiny_model.SIZE, tiny_model.SIZE, tiny_model.SEED)
    matte = tiny_model.true_matte(canary, path.read_bytes())
    return replace(
        shipped,
        id=tiny_model.ID,
        title=told["title"],
        files=(replace(shipped.files[0], name=path.name, path=path, **vars(file_digest(path))),),
        input=tiny_model.INPUT,
        output=ModelOutput(**output),
        canary=Canary(
            "blocks-v1", tiny_model.SEED, tiny_model.GRID, tuple(samples(matte, tiny_model.GRID)),
            *part["canary"]["tolerance"].values(),
        ),
        requirements=Requirements(told["requirements"]["memory_mib"], (), {}),
        gflop=told["gflop"],
    )  # fmt: skip
