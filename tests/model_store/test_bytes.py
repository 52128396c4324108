"""A catalog whose bytes, SHA-256 or segments are not those of the file is never used."""

from __future__ import annotations

import hashlib

import pytest

from model_store import catalog
from model_store.catalog import CatalogError
from model_store.digest import SEGMENT_BYTES, FileDigest, file_digest


def files(store):
    return [model["files"][0] for model in store.content["models"]]


def swap(store, *fields):
    small, large = files(store)
    for field in fields:
        small[field], large[field] = large[field], small[field]


def refusal(store) -> CatalogError:
    with pytest.raises(CatalogError) as caught:
        catalog.load(store.write())
    return caught.value


def test_transposed_sizes_of_two_models_are_refused_with_both_values(store):
    swap(store, "bytes")
    error = refusal(store)
    assert [(p.model, p.file, p.field) for p in error.problems] == [
        ("small", "small.onnx", "bytes"),
        ("large", "large.onnx", "bytes"),
    ]
    for problem in error.problems:
        assert "1000" in str(problem)
        assert "5000" in str(problem)
        assert str(problem) in str(error)


def test_transposed_digests_of_two_models_are_refused_with_both_values(store):
    digests = [file["sha256"] for file in files(store)]
    swap(store, "sha256")
    error = refusal(store)
    assert [(p.model, p.field) for p in error.problems] == [
        ("small", "sha256"),
        ("large", "sha256"),
    ]
    for problem in error.problems:
        assert all(digest in str(problem) for digest in digests)


def test_transposed_segments_of_two_models_are_refused_with_both_values(store):
    digests = [file["segments"][0] for file in files(store)]
    swap(store, "segments")
    error = refusal(store)
    assert [p.field for p in error.problems] == ["segments[0]", "segments[0]"]
    for problem in error.problems:
        assert all(digest in str(problem) for digest in digests)


def test_wholly_transposed_facts_are_all_reported(store):
    swap(store, "bytes", "sha256", "segments")
    assert len(refusal(store).problems) == 6


def test_one_changed_byte_is_refused(store):
    root = store.write()
    path = root / "weights" / "large.onnx"
    content = bytearray(path.read_bytes())
    content[4000] ^= 1
    path.write_bytes(content)
    with pytest.raises(CatalogError) as caught:
        catalog.load(root)
    assert [problem.field for problem in caught.value.problems] == ["sha256", "segments[0]"]
    assert hashlib.sha256(content).hexdigest() in str(caught.value)


def test_a_missing_file_is_refused(store):
    root = store.write()
    (root / "weights" / "small.onnx").unlink()
    with pytest.raises(CatalogError, match=r"1000 bytes in weights/small\.onnx.*no readable file"):
        catalog.load(root)


def test_a_wrong_number_of_segments_is_refused(store):
    files(store)[0]["segments"].append("0" * 64)
    (problem,) = refusal(store).problems
    assert problem.field == "number of segments"
    assert "says 2" in str(problem)
    assert "found 1" in str(problem)


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_segments_cover_the_file_in_order(tmp_path, extra):
    path = tmp_path / "file"
    content = b"".join(bytes([n]) * (SEGMENT_BYTES // 4) for n in range(8)) + b"tail"
    content = content[: 2 * SEGMENT_BYTES + extra]
    path.write_bytes(content)
    pieces = [
        content[start : start + SEGMENT_BYTES] for start in range(0, len(content), SEGMENT_BYTES)
    ]
    assert file_digest(path) == FileDigest(
        len(content),
        hashlib.sha256(content).hexdigest(),
        tuple(hashlib.sha256(piece).hexdigest() for piece in pieces),
    )


def test_an_empty_file_has_no_segments(tmp_path):
    path = tmp_path / "file"
    path.touch()
    assert file_digest(path) == FileDigest(0, hashlib.sha256().hexdigest(), ())
