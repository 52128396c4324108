"""What a run asks of a device is counted in its graph."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model_store.count import count, demands_of
from model_store.demands import Demands
from tests.model_store.graphs import matting


def graph_of(*nodes, inputs, kind=TensorProto.FLOAT, **constants) -> onnx.ModelProto:
    """A graph whose inputs are {name: (type, shape)}, and whose one output is of type `kind`."""
    value = helper.make_tensor_value_info
    given = [value(name, *of) for name, of in inputs.items()]
    drawn = [value(nodes[-1].output[0], kind, None)]
    held = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(list(nodes), "g", given, drawn, held)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def plain(*shape):
    return TensorProto.FLOAT, shape


def whole(*shape):
    return TensorProto.UINT8, shape


NODE = helper.make_node
WEIGHTS = np.ones((4, 3, 5, 5), np.float32)
PRODUCTS = {
    "Conv": (
        graph_of(NODE("Conv", ["x", "w"], ["y"]), inputs={"x": plain(1, 3, 20, 30)}, w=WEIGHTS),
        2 * (4 * 16 * 26) * (3 * 5 * 5),
    ),
    "Conv of groups": (
        graph_of(
            NODE("Conv", ["x", "w"], ["y"], group=2), inputs={"x": plain(1, 6, 20, 30)}, w=WEIGHTS
        ),
        2 * (4 * 16 * 26) * (3 * 5 * 5),
    ),
    "ConvTranspose": (
        graph_of(
            NODE("ConvTranspose", ["x", "w"], ["y"], strides=[2, 2]),
            inputs={"x": plain(1, 4, 20, 30)},
            w=WEIGHTS,
        ),
        2 * (4 * 20 * 30) * (3 * 5 * 5),
    ),
    "MatMul": (
        graph_of(
            NODE("MatMul", ["x", "z"], ["y"]),
            inputs={"x": plain(5, 7, 11), "z": plain(5, 11, 13)},
        ),
        2 * 5 * 7 * 13 * 11,
    ),
    "Gemm": (
        graph_of(
            NODE("Gemm", ["x", "z"], ["y"], transA=1),
            inputs={"x": plain(11, 7), "z": plain(11, 13)},
        ),
        2 * 7 * 13 * 11,
    ),
    "ConvInteger": (
        graph_of(
            NODE("ConvInteger", ["x", "w"], ["y"]),
            inputs={"x": whole(1, 3, 20, 30)},
            kind=TensorProto.INT32,
            w=WEIGHTS.astype(np.uint8),
        ),
        2 * (4 * 16 * 26) * (3 * 5 * 5),
    ),
    "Relu": (graph_of(NODE("Relu", ["x"], ["y"]), inputs={"x": plain(9)}), 0),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_operations_of_products_are_counted(name):
    graph, operations = PRODUCTS[name]
    assert count(graph).gflop == max(round(operations / 1e9, 6), 1e-6)


def test_products_of_whole_numbers_are_no_work_for_a_gpu():
    assert count(PRODUCTS["ConvInteger"][0]).integer
    assert not count(PRODUCTS["Conv"][0]).integer


def test_a_graph_of_half_precision_needs_the_feature():
    half = graph_of(
        NODE("Cast", ["x"], ["h"], to=TensorProto.FLOAT16),
        NODE("Relu", ["h"], ["y"]),
        inputs={"x": plain(8)},
        kind=TensorProto.FLOAT16,
    )
    stored = graph_of(
        NODE("Cast", ["w"], ["k"], to=TensorProto.FLOAT),
        NODE("Mul", ["x", "k"], ["y"]),
        inputs={"x": plain(8)},
        w=np.ones(8, np.float16),
    )
    assert count(half).features == ("shader-f16",)
    assert count(stored).features == ()  # weights that are widened before any arithmetic


def test_the_most_values_of_a_node_are_its_bindings():
    names = [f"x{index}" for index in range(12)]
    inputs = {name: plain(1, 2) for name in names}
    assert count(graph_of(NODE("Sum", names, ["y"]), inputs=inputs)).buffers == 13
    few = graph_of(NODE("Concat", names[:4], ["y"], axis=0), inputs=inputs)
    many = graph_of(NODE("Concat", names, ["y"], axis=0), inputs=inputs)
    assert (count(few).buffers, count(many).buffers) == (5, 8)  # the runtime splits a long one


@pytest.mark.parametrize(
    ("largest", "size"),
    [(1, 1 << 20), (52_428_800, 58_982_400), (128 << 20, 128 << 20), (500_000_000, 500_000_000)],
)
def test_a_value_must_fit_the_buffer_that_is_made_for_it(largest, size):
    limits = Demands(1, largest, 3, half=False, integer=False).limits
    assert limits["maxBufferSize"] == limits["maxStorageBufferBindingSize"] == size >= largest


def test_shapes_that_the_graph_computes_are_told(tmp_path):
    graph = graph_of(
        NODE("Shape", ["x"], ["whole"]),
        NODE("Slice", ["whole", "two", "four"], ["plane"]),
        NODE("Concat", ["ones", "plane"], ["size"], axis=0),
        NODE("Resize", ["x", "", "", "size"], ["big"], mode="linear"),
        NODE("Conv", ["big", "w"], ["y"]),
        inputs={"x": plain(1, 3, 64, 64)},
        two=np.array([2]),
        four=np.array([4]),
        ones=np.array([1, 3]),
        w=np.ones((64, 3, 3, 3), np.float32),
    )
    onnx.save(graph, tmp_path / "g.onnx")
    assert demands_of(tmp_path / "g.onnx").gflop == round(2 * 64 * 62 * 62 * 27 / 1e9, 6)


def test_what_depends_on_the_picture_cannot_be_counted(tmp_path):
    graph = graph_of(
        NODE("NonZero", ["x"], ["where"]),
        NODE("Cast", ["where"], ["y"], to=TensorProto.FLOAT),
        inputs={"x": plain(1, 3, 4, 4)},
    )
    onnx.save(graph, tmp_path / "g.onnx")
    with pytest.raises(ValueError, match="cannot be told"):
        demands_of(tmp_path / "g.onnx")


def test_what_the_runtime_cannot_fold_cannot_be_counted_either(tmp_path):
    graph = graph_of(NODE("Magic", ["x"], ["y"], domain="com.example"), inputs={"x": plain(4)})
    graph.opset_import.append(helper.make_opsetid("com.example", 1))
    onnx.save(graph, tmp_path / "g.onnx")
    with pytest.raises(ValueError, match="Magic"):
        demands_of(tmp_path / "g.onnx")


def test_weights_are_not_handed_to_inference_which_would_copy_them(monkeypatch):
    given: list[int] = []
    infer = onnx.shape_inference.infer_shapes

    def counted(graph, **how):
        given.append(graph.ByteSize())
        return infer(graph, **how)

    heavy = matting(channels=3000)
    plain = count(heavy)
    monkeypatch.setattr(onnx.shape_inference, "infer_shapes", counted)
    assert count(heavy) == plain
    assert heavy.ByteSize() > 400_000
    assert given[0] < 2000
    assert len(heavy.graph.initializer[0].raw_data) == 3000 * 27 * 4, "it is left as it was"
