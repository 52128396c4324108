"""The twin of BiRefNet lite has the structure that others report of the published files."""

from __future__ import annotations

import math
from collections import Counter

import onnx
import pytest

from model_store.folding import fold
from model_store.shapes import values_of
from tests.rehearsal.birefnet import INPUT, OUTPUT, Twin


@pytest.fixture(scope="module")
def twin() -> onnx.ModelProto:
    """A narrow one at 64 x 64: as many nodes as the large one at 1024."""
    return Twin(64, width=12).model()


def test_it_has_the_operators_of_the_published_graph(twin):
    kinds = Counter(node.op_type for node in twin.graph.node)
    # Four pixels around the samples of each of twenty deformable convolutions, and their sums.
    assert (kinds["GatherND"], kinds["Sum"]) == (80, 20)
    assert all(len(node.input) == 4 for node in twin.graph.node if node.op_type == "Sum")
    # The photo in pieces: "59 Split" with more outputs than GPUs bind, "4 Concat (up to 1024)".
    wide = [node for node in twin.graph.node if node.op_type == "Split" and len(node.output) >= 8]
    assert (len(wide), max(len(node.output) for node in wide)) == (59, 32)
    joins = sorted(len(node.input) for node in twin.graph.node if node.op_type == "Concat")
    assert joins[-4:] == [16, 64, 256, 1024]
    # The masks of shifted windows are assigned slice by slice: eight stages, nine regions.
    assert kinds["ScatterND"] == 72


def test_folded_it_has_as_many_nodes_as_theirs(twin):
    assert len(fold(twin).graph.node) == pytest.approx(4000, rel=0.05)


def test_one_input_and_logits(twin):
    graph = twin.graph
    (given,), (drawn,) = graph.input, graph.output
    assert (given.name, drawn.name) == (INPUT, OUTPUT)
    assert [d.dim_value for d in drawn.type.tensor_type.shape.dim] == [1, 1, 64, 64]


def test_the_same_seed_gives_the_same_bytes():
    once, again = (Twin(32, width=12).model().SerializeToString(deterministic=True) for _ in "ab")
    assert once == again


@pytest.mark.best
@pytest.mark.parametrize(("side", "theirs"), [(1024, 224_005_088), (512, 191_877_254)])
def test_the_full_size_has_their_parameters_and_bytes(side, theirs):
    model = Twin(side).model()
    count = sum(math.prod(tensor.dims) for tensor in model.graph.initializer)
    assert count == pytest.approx(44_400_000, rel=0.005)
    # Names and shape arithmetic of the real exporter are not in it.
    assert model.ByteSize() == pytest.approx(theirs, rel=0.015)
    if side == 1024:
        largest = [
            value.shape for value in values_of(fold(model)).values() if len(value.shape) == 6
        ]
        assert (1, 1, 64, 49, 256, 256) in largest
