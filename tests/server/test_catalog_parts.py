"""/catalog.json over a real store: every file of every part is given, and stored once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import onnx
import pytest

from model_store import install
from model_store.catalog import STORE, read
from model_store.progress import Silence
from server import create_app
from server.config import ROOT
from tests.model_store.conftest import DUO, Store, file_source
from tests.model_store.graphs import resizing
from tests.server import toy_site
from tests.server.conftest import Site, serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server whose store holds "small", "toy" for two sizes, and "duo", made of both."""
    folder = tmp_path_factory.mktemp("parts")
    settings = toy_site.build(folder)
    (settings.model_store / "toy.onnx").unlink()
    store = Store(settings.model_store)
    onnx.save(resizing(32), folder / "upstream.onnx")
    source = file_source(folder / "upstream.onnx")
    toy = store.offer("toy", source, install={"optimise": "trim"}, sizes=[64])
    toy["input"]["shape"], toy["output"]["shape"] = [1, 3, 32, 32], [1, 1, 32, 32]
    small = store.content["models"][0]
    small["input"]["shape"], small["output"]["shape"] = [1, 3, 32, 32], [1, 1, 32, 32]
    fusion = {"rule": "presence", "threshold": 0.25}
    store.content["models"].append({**DUO, "fusion": fusion})
    store.write()
    install.pull(store.root, "duo", Silence(), folder / "cache")
    with serving(create_app(settings), folder) as running:
        yield running


def test_every_file_of_every_part_is_served_and_is_a_file_of_the_model(site: Site) -> None:
    models = {model["id"]: model for model in site.catalog()["models"]}
    assert set(models) == {"small", "large", "toy", "duo"}
    for model in models.values():
        files = {file["sha256"]: file for file in model["files"]}
        assert len(files) == len(model["files"])
        assert model["bytes"] == sum(file["bytes"] for file in model["files"])
        for part in model["parts"]:
            assert models[part["model"]]["files"] == part["files"]
            for file in part["files"]:
                assert file == files[file["sha256"]]
                assert file["download"] == file["bytes"]
                assert toy_site.sha256(site.ask("/" + file["url"]).body) == file["sha256"]


def test_the_parts_of_a_composite(site: Site) -> None:
    duo = next(model for model in site.catalog()["models"] if model["id"] == "duo")
    assert duo["fusion"] == {"rule": "presence", "threshold": 0.25}
    shown = [
        (p["model"], p["role"], p["dimensions"], p["inputs"][0]["shape"]) for p in duo["parts"]
    ]
    assert shown == [
        ("toy", "detail", {"height": 64, "width": 64}, [1, 3, 64, 64]),
        ("small", "presence", {}, [1, 3, 32, 32]),
    ]
    assert all(len(part["canary"]["samples"]) == 256 for part in duo["parts"])
    assert not {"input", "output", "inputs", "outputs", "canary", "sources"} & set(duo)


def test_a_plain_model_is_one_part(site: Site) -> None:
    toy = next(model for model in site.catalog()["models"] if model["id"] == "toy")
    (part,) = toy["parts"]
    assert (toy["fusion"], part["role"], part["model"]) == (None, "detail", "toy")
    assert part["dimensions"] == {"height": 32, "width": 32}


def test_every_task_that_may_be_offered_is_one_that_pages_know() -> None:
    known = {path.stem for path in (ROOT / "client" / "tasks").glob("*.js")}
    assert {offer.task for offer in read(STORE).offers} <= known


def test_parts_are_stored_once(site: Site) -> None:
    stored = [path for path in Path(site.folder).rglob("*.onnx") if "weights" in path.parts]
    assert sorted(path.name for path in stored) == ["large.onnx", "small.onnx", "toy.onnx"]
