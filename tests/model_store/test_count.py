"""What a run asks of a device is counted in its graph."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model_store import native
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


def test_what_is_alive_at_once_is_counted_and_views_cost_nothing():
    # a (400) makes b (400) makes c, which needs a as well: three at once. A view of c is c.
    model = graph_of(
        NODE("Relu", ["a"], ["b"]),
        NODE("Add", ["a", "b"], ["c"]),
        NODE("Reshape", ["c", "shape"], ["d"]),
        NODE("Neg", ["d"], ["e"]),
        inputs={"a": plain(100)},
        shape=np.array([10, 10], np.int64),
    )
    assert count(model).alive == 3 * 400


def test_a_value_that_nobody_takes_is_not_kept():
    model = graph_of(
        NODE("Split", ["a"], ["b", "unused"], axis=0),
        NODE("Relu", ["b"], ["c"]),
        NODE("Relu", ["c"], ["d"]),
        inputs={"a": plain(100)},
    )
    assert count(model).alive == 400 + 2 * 200


def test_weights_are_held_as_they_are_computed_with():
    model = graph_of(
        NODE("Cast", ["half"], ["w"], to=TensorProto.FLOAT),
        NODE("Conv", ["x", "w"], ["y"]),
        inputs={"x": plain(1, 3, 20, 30)},
        half=WEIGHTS.astype(np.float16),
    )
    demands = count(model)
    assert demands.weights == WEIGHTS.nbytes
    assert demands.alive == 4 * (3 * 20 * 30 + 4 * 16 * 26)


def deformable(side: int) -> onnx.ModelProto:
    model = graph_of(
        NODE("DeformConv", ["x", "w", "offset"], ["y"], pads=[side // 2] * 4),
        inputs={"x": plain(1, 3, 20, 30), "offset": plain(1, 2 * side**2, 20, 30)},
        w=np.ones((4, 3, side, side), np.float32),
    )
    model.opset_import[0].version = 19
    return model


def test_a_deformable_convolution_gathers_its_samples_and_runs_on_no_gpu():
    demands = count(deformable(5))
    assert demands.alive == 4 * 600 * (3 + 2 * 25 + 4 + 3 * 25)
    assert demands.no_gpu == ("DeformConv",)
    assert not demands.allows("webgpu")


def test_a_sum_of_three_runs_on_no_gpu():
    three = graph_of(NODE("Sum", ["a", "a", "a"], ["b"]), inputs={"a": plain(5)})
    two = graph_of(NODE("Sum", ["a", "a"], ["b"]), inputs={"a": plain(5)})
    assert (count(three).no_gpu, count(two).no_gpu) == (("Sum",), ())


def test_what_webassembly_cannot_hold_is_known_before_it_is_run():
    # 64 channels of 49 samples at 256 x 256: 784 MiB, as in BiRefNet at 1024 x 1024.
    samples = plain(64, 49, 256, 256)
    one = graph_of(NODE("Relu", ["a"], ["b"]), inputs={"a": samples})
    three = graph_of(
        NODE("Mul", ["a", "b"], ["d"]),
        NODE("Mul", ["d", "c"], ["e"]),
        inputs={"a": samples, "b": samples, "c": samples},
    )
    assert count(one).alive == 2 * 784 * 2**20
    assert (count(one).allows("wasm"), count(three).allows("wasm")) == (True, False)


# Measured in ONNX Runtime Web 1.30.0, one thread: docs/measurements/models.md.
@pytest.mark.parametrize(
    ("weights", "alive", "measured"),
    [(4.3, 108.3, 220), (176.1, 265.2, 792), (188.6, 1060.8, 2044), (186.1, 1033.2, 2166)],
)
def test_the_heap_is_foretold_from_above_and_nearly(weights, alive, measured):
    mib = 2**20
    demands = Demands(1, 1, 1, False, False, round(weights * mib), round(alive * mib))
    assert measured <= demands.memory_mib <= 1.25 * measured


def test_an_attention_of_onnx_runtimes_own_is_counted():
    attention = NODE(
        "MultiHeadAttention", ["q", "k", "v"], ["y"], domain="com.microsoft", num_heads=2
    )
    model = graph_of(
        attention,
        NODE("Relu", ["y"], ["z"]),
        inputs={"q": plain(1, 10, 8), "k": plain(1, 14, 8), "v": plain(1, 14, 8)},
    )
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    demands = count(model)
    assert demands.gflop == round(4 * 10 * 14 * 8 / 1e9, 6)
    assert demands.largest == 4 * 14 * 8
    native.session(model.SerializeToString())  # it is one that ONNX Runtime knows
