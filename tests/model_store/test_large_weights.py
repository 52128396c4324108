"""Weights of more than 2 GiB lie in a file beside their graph: read where they are, never whole."""

from __future__ import annotations

import logging
import math
import multiprocessing
import threading
from pathlib import Path

import numpy as np
import onnx
import pytest

from model_store import canary, catalog, lockfile, native, sources
from model_store.count import count, demands_of
from model_store.demands import HEAP_MIB
from model_store.digest import file_digest
from model_store.errors import NotForBrowsers
from model_store.graph import optimize
from tests.model_store.conftest import Store, file_source, nothing_is_installed, pull
from tests.model_store.graphs import matting, save_far_apart
from tests.rehearsal.birefnet import Twin
from tests.rehearsal.building import Beside
from tests.rehearsal.store import rehearse
from tests.rehearsal.swin import LARGE

log = logging.getLogger(__name__)
FAR = (1 << 30) + 4096
MIB = 1 << 20


def toy() -> onnx.ModelProto:
    """Two kernels, the second behind 2 GiB where FAR bytes are before each."""
    return matting(channels=512)


@pytest.fixture(scope="module")
def upstream(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("large") / "toy.onnx"
    save_far_apart(toy(), path, "toy.onnx_data", FAR)
    assert path.with_name("toy.onnx_data").stat().st_size > 1 << 31
    return path


def drawn(graph: bytes | Path) -> np.ndarray:
    picture = np.random.default_rng(2).random((1, 3, 32, 48), np.float32)
    (out,) = native.session(graph).run(["out"], {"in": picture})
    return np.asarray(out)


def test_it_draws_what_the_same_weights_in_the_graph_draw(upstream):
    assert np.array_equal(drawn(upstream), drawn(toy().SerializeToString()))


def test_it_is_counted(upstream):
    assert demands_of(upstream) == count(toy())


@pytest.mark.parametrize("halve", [True, False])
def test_it_is_optimised_as_with_the_same_weights_in_the_graph(store: Store, upstream, halve):
    model = catalog.load(store.write()).models[0]
    beside = optimize(upstream, model, halve=halve)
    inside = optimize(toy().SerializeToString(), model, halve=halve)
    kept, known = (onnx.load_from_string(one).graph.initializer for one in (beside, inside))
    assert list(kept) == list(known)
    assert np.array_equal(drawn(beside), drawn(inside))
    # What was folded is not left there.
    assert len(list(upstream.parent.iterdir())) == 2


def test_shapes_that_are_computed_are_known_though_no_weight_is_looked_at(tmp_path):
    """The narrow twin: thousands of nodes compute shapes, from constants that are in the graph."""
    twin = Twin(64, width=12)
    onnx.save(twin.model(Beside(twin.seed, tmp_path / "m.data")), tmp_path / "m.onnx")
    onnx.save(twin.model(), tmp_path / "whole.onnx")
    (tmp_path / "m.data").write_bytes(bytes((tmp_path / "m.data").stat().st_size))
    assert demands_of(tmp_path / "m.onnx") == demands_of(tmp_path / "whole.onnx")


def test_what_its_weights_alone_keep_off_processors_is_not_fetched(store, upstream, monkeypatch):
    large = file_source(upstream) | {"bytes": 2016 * MIB + 1}
    store.offer("toy", large, backends=["wasm"])
    store.offer("less", file_source(upstream), backends=["wasm"])
    store.write()
    monkeypatch.setattr(sources, "fetch_all", lambda *_: pytest.fail("was fetched"))
    with pytest.raises(NotForBrowsers, match=r"about 4097 MiB .* at most.*can be run: .*less"):
        pull(store)
    assert nothing_is_installed(store)


@pytest.mark.best
def test_2_gib_of_weights_all_the_way(store, upstream):
    """From files that were carried here to a graph of some kilobytes, for GPUs."""
    data = upstream.with_name("toy.onnx_data")
    beside = {"kind": "file", "path": str(data), "role": "external-data", "name": data.name}
    pins = {"bytes": data.stat().st_size, "sha256": file_digest(data).sha256}
    toy_file, both = file_source(upstream), ["webgpu", "wasm"]
    install = {"optimise": "fp16"}
    store.offer("toy", toy_file, beside | pins, backends=both, install=install)
    store.write()
    entry = pull(store)
    assert lockfile.read_raw(store.root)["toy"]["story"]["optimised"] == "fp16"
    assert [file.name for file in entry.files] == ["toy.onnx"]
    assert entry.bytes < 100_000
    model = catalog.load(store.root).models[-1]
    true = canary.draw(toy().SerializeToString(), model)
    assert np.abs(canary.draw(entry.files[0].path, model) - true).max() < 5e-3


PUBLISHED = 972_666_916
TWIN = Twin(1024, width=192, backbone=LARGE)


def optimise_alone(path: Path, folder: Path) -> None:
    """Write what becomes of the graph, and the most memory that the process has meanwhile had of
    its own, what it maps to read left aside."""
    (folder / "known").mkdir()
    model = rehearse(folder / "known", Twin(1024, width=12)).known
    status = Path("/proc/self/status")
    most, done = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.02):
            told = dict(line.split(":") for line in status.read_text().splitlines())
            most = max(most, int(told["RssAnon"].split()[0]) << 10)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        (folder / "made.onnx").write_bytes(optimize(path, model))
    finally:
        done.set()
        watching.join()
    (folder / "most").write_text(str(most))


@pytest.mark.best
@pytest.mark.timeout(900)
def test_the_large_birefnet_fits_the_heap_and_its_weights_are_held_once(tmp_path):
    data, path = tmp_path / "model.onnx_data", tmp_path / "model.onnx"
    onnx.save(TWIN.model(Beside(TWIN.seed, data)), path)
    there = onnx.load(path, load_external_data=False).graph.initializer
    # 221 million in the published one, whose exporter names more and stores masks.
    assert sum(math.prod(one.dims) for one in there) == pytest.approx(220_500_000, rel=0.005)
    assert data.stat().st_size + path.stat().st_size == pytest.approx(PUBLISHED, rel=0.045)
    before = demands_of(path)
    assert (before.memory_mib or 0) > 2 * HEAP_MIB
    weights = data.stat().st_size
    alone = multiprocessing.get_context("spawn").Process(
        target=optimise_alone, args=(path, tmp_path)
    )
    alone.start()
    alone.join()
    assert alone.exitcode == 0
    most = int((tmp_path / "most").read_text())
    log.info("optimising %d MiB of weights took %d MiB", weights / MIB, most / MIB)
    assert most < 2 * weights
    made = demands_of(tmp_path / "made.onnx")
    assert made.no_gpu == ("DeformConv",)
    assert 3000 < (made.memory_mib or 0) <= HEAP_MIB
