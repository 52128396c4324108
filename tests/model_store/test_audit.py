"""The audit names everything that is not as recorded, and stops at nothing."""

from __future__ import annotations

import pytest

from model_store import lockfile
from model_store.audit import audit

SOURCE = {"kind": "https", "url": "https://example.org/m.onnx", "md5": "0" * 32}


@pytest.fixture
def whole(store):
    """Two models that come with the store, and "big", installed, of two parts."""
    store.offer("big", SOURCE)
    store.record("big", graph=b"g" * 700, external_data=b"d" * 9000)
    store.write()
    return store


def wrong(store) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(f.model, f.file): f.problems for f in audit(store.root) if f.problems}


def test_a_whole_store_has_no_problems(whole):
    found = [(finding.model, finding.file, finding.bytes) for finding in audit(whole.root)]
    assert wrong(whole) == {}
    assert found == [
        ("small", "small.onnx", 1000),
        ("large", "large.onnx", 5000),
        ("big", "graph.bin", 700),
        ("big", "external_data.bin", 9000),
    ]


def test_every_damaged_file_is_named(whole):
    weights = whole.root / "weights"
    (weights / "small.onnx").write_bytes(b"s" * 999)
    (weights / "big" / "graph.bin").unlink()
    data = weights / "big" / "external_data.bin"
    data.write_bytes(data.read_bytes()[:-1] + b"?")
    problems = wrong(whole)
    assert set(problems) == {
        ("small", "small.onnx"),
        ("big", "graph.bin"),
        ("big", "external_data.bin"),
    }
    assert "1000, found 999 in the file" in problems["small", "small.onnx"][0]
    assert "no readable file" in problems["big", "graph.bin"][0]
    assert problems["big", "external_data.bin"][0].startswith("sha256: installed.json says")


def test_a_broken_catalog_is_one_more_finding(whole):
    (whole.root / "catalog.toml").write_text("broken")
    problems = wrong(whole)
    assert "catalog.toml" in problems["catalog", ""][0]
    # Without the catalog nobody knows what "big" is.
    assert "expected a model of catalog.toml" in problems["big", ""][0]


def test_a_broken_lock_file_is_one_more_finding(whole):
    lockfile.path_in(whole.root).write_text("broken")
    problems = wrong(whole)
    assert list(problems) == [("", "installed.json")]
    assert "Move it away" in problems["", "installed.json"][0]


def test_one_broken_record_hides_no_other(whole):
    whole.offer("huge", SOURCE)
    whole.write()
    records = lockfile.read_raw(whole.root)
    whole.lock(big=records["big"], huge={"files": []})
    (whole.root / "weights" / "big" / "graph.bin").write_bytes(b"")
    assert {model for model, _ in wrong(whole)} == {"big", "huge"}


def test_what_nobody_recorded_is_named(whole):
    weights = whole.root / "weights"
    (weights / "forgotten").mkdir()
    (weights / "notes.txt").touch()
    (weights / "big" / "more.bin").touch()
    (weights / ".lock").touch()
    assert set(wrong(whole)) == {("", "forgotten"), ("", "notes.txt"), ("big", "more.bin")}
