"""Whatever happens on the way, a model is installed whole or not at all; and removing."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from model_store import catalog, install, lockfile, source_https
from model_store.disk import only_writer
from model_store.errors import (
    DiskFull,
    ModelRefused,
    StoreBusy,
    ToolsMissing,
    UnknownModel,
    Unreachable,
)
from model_store.source import HttpsSource
from tests.harness.web import serving
from tests.model_store.conftest import Ears, file_source, nothing_is_installed, pull

ROOT = Path(__file__).resolve().parents[2]


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
    for name in ("model_store.workshop", "model_store.native"):
        monkeypatch.delitem(sys.modules, name)
        monkeypatch.delattr(name)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
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
