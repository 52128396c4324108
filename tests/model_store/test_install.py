"""Pulling and removing: whole or not at all, whatever happens on the way. No network."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest

from model_store import catalog, graph, install, lockfile, source_https
from model_store.canary import draw, samples
from model_store.disk import only_writer
from model_store.errors import (
    DiskFull,
    ModelRefused,
    StoreBusy,
    ToolsMissing,
    UnknownModel,
    Unreachable,
    UpstreamMismatch,
)
from model_store.progress import Silence
from model_store.source import HttpsSource
from tests.model_store.conftest import Ears, file_source
from tests.model_store.graphs import matting, save_apart
from tests.model_store.web import serving

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def upstream(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("upstream") / "toy.onnx"
    onnx.save(matting(), path)
    return path


@pytest.fixture
def offered(store, upstream):
    """A store that knows model "toy", whose file is on this machine."""
    store.offer("toy", file_source(upstream))
    store.write()
    return store


def pull(store, name: str = "toy", progress=None):
    return install.pull(store.root, name, progress or Silence(), store.root / "cache")


def nothing_is_installed(store) -> bool:
    """Whether weights/ holds what it held at first, the lock and a lock file without records."""
    names = {path.name for path in (store.root / "weights").iterdir()}
    left = names - {".lock", "installed.json"} == {"small.onnx", "large.onnx"}
    return left and lockfile.read_raw(store.root) == {}


def test_a_pulled_model_is_offered_with_what_its_file_tells(offered, upstream):
    entry = pull(offered)
    *_, toy = catalog.load(offered.root).models
    assert toy == entry
    assert (toy.input.name, toy.output.name) == ("in", "out")
    assert toy.files[0].path.read_bytes() == upstream.read_bytes()
    assert toy.canary.samples == samples(draw(upstream, toy), 16)
    (told,) = lockfile.read_raw(offered.root)["toy"]["story"]["sources"]
    assert told["bytes"] == upstream.stat().st_size


def test_a_model_that_is_whole_is_left_alone(offered):
    pull(offered)
    before = (offered.root / "weights" / "toy" / "toy.onnx").stat().st_mtime_ns
    assert pull(offered) is None
    assert (offered.root / "weights" / "toy" / "toy.onnx").stat().st_mtime_ns == before


def test_a_damaged_model_is_installed_again(offered):
    entry = pull(offered)
    entry.files[0].path.write_bytes(b"damaged")
    ears = Ears()
    assert pull(offered, progress=ears).files == entry.files
    assert "damaged" in ears.said[0]
    catalog.load(offered.root)
    assert not list((offered.root / "weights").glob(".old*"))


def test_an_unknown_model_is_an_error_with_all_that_are_known(offered):
    with pytest.raises(UnknownModel, match="no model 'toi'; there is small, large, toy"):
        pull(offered, "toi")


def test_a_model_that_comes_with_the_store_needs_no_pull(offered):
    assert pull(offered, "small") is None
    (offered.root / "weights" / "small.onnx").write_bytes(b"damaged")
    with pytest.raises(ModelRefused, match="its file is damaged"):
        pull(offered, "small")


def test_another_file_than_the_pinned_one_is_refused_and_stays(offered, upstream):
    content = upstream.read_bytes()
    upstream.write_bytes(content[:-1] + b"?")
    with pytest.raises(UpstreamMismatch, match="sha256"):
        pull(offered)
    assert upstream.exists()
    assert nothing_is_installed(offered)


def test_the_next_source_is_tried(store, upstream):
    good = file_source(upstream)
    store.offer("toy", good | {"path": "/no/such/file"}, good)
    store.write()
    ears = Ears()
    assert pull(store, progress=ears)
    assert "no such file\ntrying the next source" in ears.said[0]


def test_parts_come_from_sources_of_their_own(store, tmp_path):
    path = tmp_path / "upstream" / "toy.onnx"
    save_apart(matting(), path, "toy.onnx_data")
    data = path.with_name("toy.onnx_data")
    store.offer(
        "toy",
        file_source(path),
        file_source(data, role="external-data") | {"path": "/no/such/toy.onnx_data"},
        file_source(data, role="external-data"),
    )
    store.write()
    entry = pull(store)
    assert [(file.role, file.name) for file in entry.files] == [
        ("graph", "toy.onnx"),
        ("external-data", "toy.onnx_data"),
    ]
    assert entry.bytes == path.stat().st_size + data.stat().st_size


def test_a_graph_whose_weights_did_not_come_is_refused(store, tmp_path):
    path = tmp_path / "upstream" / "toy.onnx"
    save_apart(matting(), path, "weights.bin")
    store.offer("toy", file_source(path))
    store.write()
    with pytest.raises(ModelRefused, match=r"toy\.onnx needs weights\.bin beside it"):
        pull(store)
    assert nothing_is_installed(store)


@pytest.mark.parametrize(
    ("bend", "words"),
    [
        (lambda entry: entry["input"].update(name="x"), r"'x', the graph has in float32 \[1, 3"),
        (lambda entry: entry["output"].update(name="y"), "'y', the graph has out"),
        (lambda entry: entry["input"].update(shape=[1, 3, 64, 64]), r"\[1, 3, 64, 64\], the graph"),
    ],
)
def test_a_graph_that_is_not_what_the_catalog_says_is_refused(offered, bend, words):
    bend(offered.content["models"][-1])
    offered.write()
    with pytest.raises(ModelRefused, match=words):
        pull(offered)
    assert nothing_is_installed(offered)


def test_logits_taken_for_a_probability_are_refused(store, tmp_path):
    path = tmp_path / "logits.onnx"
    onnx.save(matting(logits=True), path)
    store.offer("toy", file_source(path))
    store.write()
    with pytest.raises(ModelRefused, match=r"within 0\.\.1, it is -?\d.*range logits\?"):
        pull(store)


@pytest.mark.parametrize("content", [b"", b"<!doctype html>", b"\x08\x08\x12\x00"])
def test_what_is_no_graph_is_refused(store, tmp_path, content):
    path = tmp_path / "page.onnx"
    path.write_bytes(content or b"\n")
    store.offer("toy", file_source(path))
    store.write()
    with pytest.raises(ModelRefused, match="is no ONNX"):
        pull(store)
    assert nothing_is_installed(store)


def test_a_graph_with_more_than_is_needed_is_cut_down(store, tmp_path):
    path = tmp_path / "wide.onnx"
    onnx.save(matting(side_output=True, open_size=True), path)
    for optimise in ("none", "trim", "fp16"):
        store.offer(optimise, file_source(path), install={"optimise": optimise})
    store.write()
    stories = {}
    for optimise in ("none", "trim", "fp16"):
        entry = pull(store, optimise)
        made = onnx.load(entry.files[0].path).graph
        assert [value.name for value in (*made.input, *made.output)] == ["in", "out"]
        assert [d.dim_value for d in made.input[0].type.tensor_type.shape.dim] == [1, 3, 32, 48]
        stories[optimise] = lockfile.read_raw(store.root)[optimise]["story"]
        assert stories[optimise]["optimised"] == optimise
    assert stories["trim"]["parity"] == {"mean": 0, "max": 0}
    assert 0 < stories["fp16"]["parity"]["max"] < 0.01


def test_a_graph_that_cannot_be_optimised_is_installed_as_it_is(offered, monkeypatch, upstream):
    offered.content["models"][-1]["install"]["optimise"] = "fp16"
    offered.write()

    def fail(*args, **kwargs):
        raise ValueError("operators of com.example: only ai.onnx is shipped")

    monkeypatch.setattr(graph, "optimize", fail)
    ears = Ears()
    entry = pull(offered, progress=ears)
    assert entry.files[0].path.read_bytes() == upstream.read_bytes()
    assert "only ai.onnx is shipped" in lockfile.read_raw(offered.root)["toy"]["story"]["reason"]
    assert "as upstream has it" in ears.said[0]


def test_an_optimised_graph_that_draws_another_matte_is_not_used(offered, monkeypatch, upstream):
    offered.content["models"][-1]["install"]["optimise"] = "fp16"
    offered.write()
    other = matting(channels=3).SerializeToString()
    monkeypatch.setattr(graph, "optimize", lambda *_args, **_kwargs: other)
    assert pull(offered).files[0].path.read_bytes() == upstream.read_bytes()
    story = lockfile.read_raw(offered.root)["toy"]["story"]
    assert story["parity"]["max"] > 0.02
    assert "differs by" in story["reason"]


def steps_of_a_pull(store) -> list[str]:
    ears = Ears()
    pull(store, progress=ears)
    install.remove(store.root, "toy")
    return ears.steps


@pytest.mark.parametrize("number", range(5))
def test_an_interruption_at_any_step_installs_nothing(offered, number):
    offered.content["models"][-1]["install"]["optimise"] = "fp16"
    offered.write()
    steps = steps_of_a_pull(offered)
    assert len(steps) == 5

    def interrupt(step: str, done: int) -> None:
        if step == steps[number]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(offered, progress=Ears(interrupt))
    assert nothing_is_installed(offered)
    assert [model.id for model in catalog.load(offered.root).models] == ["small", "large"]
    assert pull(offered)


@pytest.mark.parametrize("place", ["shutil.copyfile", "os.fsync"])
def test_a_full_disk_installs_nothing(offered, monkeypatch, place):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(place, full)
    with pytest.raises(DiskFull, match=r"the disk is full: \d+ bytes are needed .* \d+ are free"):
        pull(offered)
    monkeypatch.undo()
    assert nothing_is_installed(offered)
    assert pull(offered)


def test_a_disk_that_is_full_before_it_begins_is_told_with_both_numbers(offered, monkeypatch):
    monkeypatch.setattr("model_store.disk._free", lambda _: 7)
    size = offered.content["models"][-1]["sources"][0]["bytes"]
    with pytest.raises(DiskFull, match=f"{size} bytes are needed .* 7 are free"):
        pull(offered)


def test_a_download_that_was_killed_is_resumed_and_leaves_nothing_behind(
    store, upstream, monkeypatch
):
    monkeypatch.setattr(source_https, "PAUSES", ())
    content = upstream.read_bytes()
    with serving(content) as web:
        store.offer("toy", file_source(upstream))
        store.write()
        entry = catalog.read(store.root).models[-1]
        pins = vars(entry.sources[0]) | {"kind": "https", "url": web.url}
        del pins["path"]
        web_entry = HttpsSource(**pins)
        known = catalog.read(store.root)
        models = (*known.models[:-1], install_with(entry, web_entry))
        monkeypatch.setattr(catalog, "read", lambda _: catalog.Catalog(known.default, models))
        web.faults = [("drop", 500)]
        with pytest.raises(Unreachable, match="500 bytes are kept"):
            pull(store)
        assert nothing_is_installed(store)
        assert pull(store).files[0].path.read_bytes() == content
        assert web.sent == len(content)
        assert not [path for path in (store.root / "cache").rglob("*") if path.is_file()]


def install_with(entry, source):
    return catalog.Model(**(vars(entry) | {"sources": (source,)}))


def test_one_command_at_a_time_changes_the_store(offered):
    with only_writer(offered.root / "weights"):
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"):
            pull(offered)
        with pytest.raises(StoreBusy):
            install.remove(offered.root, "toy")
    assert pull(offered)


def test_a_killed_command_leaves_no_lock(offered):
    program = (
        "import sys, time\nfrom pathlib import Path\n"
        "from model_store.disk import only_writer\n"
        "with only_writer(Path(sys.argv[1])):\n print('held', flush=True)\n time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(offered.root / "weights")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreBusy, match=f"process {holder.pid}"):
            pull(offered)
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        holder.stdout.close()
    assert pull(offered)


def test_what_a_killed_command_left_is_removed_by_the_next(offered):
    left = offered.root / "weights" / ".new-left"
    (left / "toy").mkdir(parents=True)
    (left / "toy" / "toy.onnx").write_bytes(b"half")
    assert [model.id for model in catalog.load(offered.root).models] == ["small", "large"]
    pull(offered)
    assert not left.exists()


def test_files_that_were_placed_but_not_recorded_are_replaced(offered):
    folder = offered.root / "weights" / "toy"
    folder.mkdir()
    (folder / "toy.onnx").write_bytes(b"placed, then the power failed")
    assert pull(offered)
    catalog.load(offered.root)


def test_missing_packages_are_told_before_anything_is_fetched(offered, monkeypatch):
    monkeypatch.delitem(sys.modules, "model_store.workshop")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.delattr("model_store.workshop")
    ears = Ears()
    with pytest.raises(ToolsMissing, match=r"'onnxruntime'.*requirements-models\.txt"):
        pull(offered, progress=ears)
    assert ears.steps == []


def test_a_removed_model_is_gone(offered):
    size = pull(offered).bytes
    assert install.remove(offered.root, "toy") == size
    assert nothing_is_installed(offered)
    with pytest.raises(UnknownModel):
        install.remove(offered.root, "toy")


def test_removing_mends_a_store_that_is_refused(offered):
    pull(offered).files[0].path.write_bytes(b"damaged")
    with pytest.raises(catalog.CatalogError):
        catalog.load(offered.root)
    install.remove(offered.root, "toy")
    catalog.load(offered.root)


def test_removing_works_where_the_catalog_cannot_be_read(offered):
    pull(offered)
    (offered.root / "catalog.toml").write_text("broken")
    assert install.remove(offered.root, "toy")
    assert json.loads(lockfile.path_in(offered.root).read_bytes())["models"] == {}


def test_a_model_that_comes_with_the_store_stays(offered):
    with pytest.raises(ModelRefused, match="comes with Mattebox and stays"):
        install.remove(offered.root, "small")
    assert (offered.root / "weights" / "small.onnx").exists()


@pytest.mark.parametrize("name", ["", ".", "..", "../weights", "/", ".lock", "small.onnx", "a/b"])
def test_only_an_id_is_removed(offered, name):
    with pytest.raises((UnknownModel, ModelRefused)):
        install.remove(offered.root, name)
    assert (offered.root / "weights" / "small.onnx").exists()


def test_a_lock_file_that_cannot_be_written_leaves_a_store_that_serves(offered, monkeypatch):
    calls: list[Callable] = []

    def refuse(root, records):
        calls.append(records)
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(lockfile, "write_raw", refuse)
    with pytest.raises(OSError, match="Permission"):
        pull(offered)
    assert len(calls) == 1
    assert [model.id for model in catalog.load(offered.root).models] == ["small", "large"]
