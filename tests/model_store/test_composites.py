"""A composite is its parts: offered when all are there, and nothing of it is stored twice."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import onnx
import pytest
from click.testing import CliRunner

from model_store import catalog, commands, install, lockfile, placing
from model_store.canary import draw, samples
from model_store.catalog import CatalogError, public_entry
from model_store.errors import ModelRefused, UnknownModel
from tests.harness.as_toml import toml
from tests.model_store.conftest import DUO, file_source, pull
from tests.model_store.graphs import resizing

WRONG = [
    ("parts.0.model", "toi", "one of 'small', 'large', 'toy'"),
    ("parts.0.model", "duo", "one of 'small', 'large', 'toy'"),
    ("parts.0.size", 48, "one of the sizes of toy, 32, 64"),
    ("parts.1.size", 64, "one of the sizes of small, 32"),
    ("parts.0.size", 0, "a whole number from 1"),
    ("parts.0.role", "presence", "one part each of detail and presence"),
    ("parts.0.role", "colour", "one of 'detail', 'presence'"),
    ("parts", DUO["parts"][:1], "one part each of detail and presence"),
    ("parts", [], "one or more tables"),
    ("fusion.rule", "average", "one of 'presence'"),
    ("fusion.threshold", 0, "a number above 0 and at most 1"),
    ("fusion.threshold", 1.5, "a number above 0 and at most 1"),
    ("requirements.memory_mib", 0, "a whole number from 1"),
    ("requirements.webgpu", {}, "no such key"),
    ("task", "generation", "'matting'"),
    ("licence", "MIT", "no such key"),
    ("parts.0.colour", 1, "no such key"),
]


@pytest.fixture
def known(store, tmp_path):
    """A store with "small", that knows "toy", to be run at 32 and 64, and a "duo" of both."""
    path = tmp_path / "upstream.onnx"
    onnx.save(resizing(32), path)
    changes = {"install": {"optimise": "trim"}, "sizes": [64], "backends": ["webgpu", "wasm"]}
    toy = store.offer("toy", file_source(path), licence="MIT", **changes)
    for value, channels in (("input", 3), ("output", 1)):
        toy[value]["shape"] = [1, channels, 32, 32]
    small = store.content["models"][0]
    small["backends"] = ["wasm", "webgpu"]
    for value in ("input", "output"):
        small[value]["shape"][2:] = [32, 32]
    store.content["models"].append(json.loads(json.dumps(DUO)))
    store.write()
    return store


def offered(store):
    return {offer.id: offer for offer in catalog.load(store.root).offers}


def test_it_is_offered_when_all_parts_are_installed(known):
    assert "duo" not in offered(known)
    pull(known, "toy")
    duo = offered(known)["duo"]
    detail, presence = duo.parts
    assert (detail.role, detail.model.id, detail.model.side) == ("detail", "toy", 64)
    assert (presence.role, presence.model.id) == ("presence", "small")


def test_the_quicker_tier_comes_first_and_in_it_the_composite(known):
    pull(known, "toy")
    known.content["models"][-2]["tier"] = "fast"
    known.write()
    assert list(offered(known)) == ["small", "large", "duo", "toy"]


def test_what_is_computed_in_whole_numbers_is_told_apart(known):
    pull(known, "toy")
    duo = offered(known)["duo"]
    detail, presence = duo.parts
    whole = replace(detail, model=replace(detail.model, whole_numbers=True))
    assert duo.gflop_int8 == 0
    assert replace(duo, parts=(whole, presence)).gflop_int8 == detail.model.gflop > 0


@pytest.fixture
def apart(known):
    """As `known`, of which "small" is offered as a part only."""
    small = known.content["models"][0]
    small["part_only"] = True
    (file,) = small["files"]
    (known.root / "parts").mkdir()
    (known.root / "weights" / file["name"]).rename(known.root / "parts" / file["name"])
    known.content["default"] = "large"
    known.write()
    pull(known, "toy")
    return known


def test_what_is_a_part_only_is_offered_in_composites_alone(apart):
    assert set(offered(apart)) == {"large", "toy", "duo"}
    _, presence = public_entry(offered(apart)["duo"])["parts"]
    assert (presence["model"], presence["title"]) == ("small", "Small")
    (row,) = (line for line in run(apart, "list").output.splitlines() if line.startswith("small"))
    assert "a part" in row


def test_what_says_that_it_is_no_part_is_like_any_other(known):
    known.content["models"][0]["part_only"] = False
    known.write()
    assert set(offered(known)) == {"small", "large"}


def test_a_new_visitor_is_not_given_a_part(apart):
    apart.content["default"] = "small"
    apart.write()
    with pytest.raises(CatalogError, match="one of what is installed, large, toy, duo, found"):
        offered(apart)


def test_a_part_that_is_damaged_is_not_offered(apart):
    (path,) = (apart.root / "parts").iterdir()
    path.write_bytes(b"damaged")
    with pytest.raises(CatalogError, match=f"parts/{path.name}|sha256"):
        offered(apart)
    path.unlink()
    with pytest.raises(CatalogError, match=f"bytes in parts/{path.name}, found no readable file"):
        offered(apart)


def test_what_it_says_is_what_its_parts_say(known):
    pull(known, "toy")
    duo = offered(known)["duo"]
    detail, presence = (part.model for part in duo.parts)
    assert duo.bytes == detail.bytes + presence.bytes == sum(file.bytes for file in duo.files)
    assert duo.gflop == pytest.approx(detail.gflop + presence.gflop)
    assert duo.licence == "MIT AND (Apache-2.0 OR MIT)"
    assert duo.backends == ("webgpu", "wasm")
    assert duo.requirements.memory_mib == 30
    assert duo.requirements.webgpu_limits["maxBufferSize"] == 1 << 28
    assert duo.requirements.webgpu_features == ("shader-f16",)


def test_its_detail_draws_what_a_graph_of_that_size_draws(known):
    pull(known, "toy")
    detail = offered(known)["duo"].parts[0].model
    expected = draw(resizing(64).SerializeToString(), detail)
    assert np.abs(draw(detail.files[0].path, detail) - expected).max() <= 1e-6
    assert detail.canary.samples == samples(expected, 16)


def test_its_public_form(known):
    pull(known, "toy")
    there = offered(known)
    public = public_entry(there["duo"])
    assert json.loads(json.dumps(public)) == public
    assert public["fusion"] == {"rule": "presence", "threshold": 0.5}
    assert not {"inputs", "outputs", "canary"} & set(public)
    detail, presence = public["parts"]
    (alone,) = public_entry(there["toy"])["parts"]
    assert detail["files"] == alone["files"]
    assert (detail["model"], presence["model"]) == ("toy", "small")
    assert detail["dimensions"] == {"height": 64, "width": 64}
    assert alone["dimensions"] == {"height": 32, "width": 32}
    assert presence["dimensions"] == {}
    assert detail["inputs"][0]["shape"] == [1, 3, 64, 64]
    assert detail["outputs"][0]["shape"] == [1, 1, 64, 64]
    assert detail["canary"]["samples"] != alone["canary"]["samples"]
    shas = [file["sha256"] for file in public["files"]]
    assert shas == [file["sha256"] for part in public["parts"] for file in part["files"]]


def test_parts_of_one_file_have_it_once(known):
    known.content["models"][-1]["parts"][1] |= {"model": "toy", "size": 32}
    known.write()
    pull(known, "toy")
    duo = offered(known)["duo"]
    assert [part.model.side for part in duo.parts] == [64, 32]
    assert [file.name for file in duo.files] == ["toy.onnx"]
    assert duo.bytes == duo.files[0].bytes


def test_with_a_part_that_nobody_counted_it_is_for_processors(known):
    pull(known, "toy")
    record = lockfile.read_raw(known.root)["toy"]
    del record["sizes"][0]["demands"]
    known.lock(toy=record)
    duo = offered(known)["duo"]
    assert duo.gflop is None
    assert public_entry(duo)["backends"] == ["wasm"]


@pytest.mark.parametrize(("path", "value", "expected"), WRONG)
def test_a_wrong_composite_is_refused_with_what_was_expected(known, path, value, expected):
    container = known.content["models"][-1]
    *outer, key = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in outer:
        container = container[step]
    container[key] = value
    (known.root / "catalog.toml").write_text(
        "".join(f"{key} = {toml(value)}\n" for key, value in known.content.items()), "utf-8"
    )
    with pytest.raises(CatalogError) as caught:
        catalog.read(known.root)
    assert "model 'duo'" in str(caught.value)
    assert expected in str(caught.value)


def test_the_default_may_be_a_composite_that_is_complete(known):
    known.content["default"] = "duo"
    with pytest.raises(CatalogError, match=r"default: expected one of what is installed, .*'duo'"):
        catalog.load(known.write())
    pull(known, "duo")
    assert catalog.load(known.root).default == "duo"


def test_pulling_it_pulls_what_is_missing(known):
    duo = pull(known, "duo")
    assert [part.model.id for part in duo.parts] == ["toy", "small"]
    assert duo == offered(known)["duo"]
    assert list(lockfile.read_raw(known.root)) == ["toy"]
    assert pull(known, "duo") is None


def test_pulling_it_makes_a_graph_of_fewer_sizes_again(known):
    del known.content["models"][-2]["sizes"], known.content["models"][-1]
    known.write()
    pull(known, "toy")
    known.content["models"][-1]["sizes"] = [64]
    known.content["models"].append(DUO)
    known.write()
    assert "duo" not in offered(known)
    assert pull(known, "duo").id == "duo"
    assert "duo" in offered(known)


def test_pulling_it_says_so_when_a_part_cannot_be_run_at_the_size(known, monkeypatch):
    def refuse(*_, **__):
        raise ValueError("cannot")

    monkeypatch.setattr(placing.workshop().graph, "optimize", refuse)
    with pytest.raises(ModelRefused, match="needs toy at 64 x 64 and small at 32 x 32"):
        pull(known, "duo")
    assert "toy" in offered(known)


def run(store, *words):
    return CliRunner().invoke(commands.group(store.root), words)


def test_list_shows_it_and_its_parts(known):
    assert "PART MISSING" in run(known, "list").output
    pull(known, "toy")
    output = run(known, "list").output
    line = next(line for line in output.splitlines() if line.startswith("duo"))
    assert "complete" in line
    assert f"{offered(known)['duo'].bytes:,}" in line
    assert "toy at 64 x 64" in output
    assert "small at 32 x 32" in output


def test_the_command_pulls_it(known):
    result = run(known, "pull", "duo")
    assert result.exit_code == 0, result.output
    assert "duo is complete: toy at 64 x 64 and small at 32 x 32" in result.output
    assert run(known, "pull", "duo").output == "duo is already installed\n"


def test_removing_a_part_says_what_is_lost(known):
    pull(known, "duo")
    result = run(known, "remove", "toy")
    assert result.exit_code == 0, result.output
    assert "duo is made of it, and is not offered any longer" in result.output
    assert "duo" not in offered(known)


def test_it_cannot_be_removed_itself(known):
    pull(known, "duo")
    with pytest.raises(ModelRefused, match="no files of its own; it goes with a part of it: toy"):
        install.remove(known.root, "duo")
    with pytest.raises(UnknownModel):
        install.remove(known.root, "trio")


def test_verify_is_content_with_it(known):
    assert run(known, "verify").exit_code == 0
    pull(known, "duo")
    assert run(known, "verify").exit_code == 0
    (known.root / "weights" / "toy" / "toy.onnx").write_bytes(b"damaged")
    assert run(known, "verify").exit_code == 1


def test_the_shipped_composites_are_made_of_what_the_catalog_knows():
    shipped = {composite.id: composite for composite in catalog.read().composites}
    duo = shipped["isnet-duo"]
    assert [str(part) for part in duo.made_of] == ["isnet at 768 x 768", "u2netp at 320 x 320"]
    assert (duo.tier, duo.licence) == ("fast", "Apache-2.0")
    light = [str(part) for part in shipped["isnet-duo-light"].made_of]
    assert light == ["isnet-small at 640 x 640", "u2netp-light at 320 x 320"]
