"""Writes the small ONNX models that runtime tests load, with inputs and expected outputs.

    $(tools/setup --print python) tests/data/onnx/make_onnx.py

Each NAME.onnx that runs has a NAME.safetensors whose keys are ONNX names. Expected values are computed here with numpy or by
onnx.reference, never by a runtime that is tested with them.
"""

from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx.numpy_helper import from_array
from safetensors.numpy import save_file

HERE = Path(__file__).parent
OPSET = 20
FORMATS = {
    "float": (T.FLOAT, np.float32), "double": (T.DOUBLE, np.float64), "float16": (T.FLOAT16, np.float16),
    "bfloat16": (T.BFLOAT16, ml_dtypes.bfloat16), "bool": (T.BOOL, np.bool_),
    "int8": (T.INT8, np.int8), "int16": (T.INT16, np.int16), "int32": (T.INT32, np.int32), "int64": (T.INT64, np.int64),
    "uint8": (T.UINT8, np.uint8), "uint16": (T.UINT16, np.uint16), "uint32": (T.UINT32, np.uint32), "uint64": (T.UINT64, np.uint64),
    "float8e4m3fn": (T.FLOAT8E4M3FN, ml_dtypes.float8_e4m3fn), "float8e5m2": (T.FLOAT8E5M2, ml_dtypes.float8_e5m2),
}


def write(name, nodes, inputs, outputs, io=None, initializers=(), metadata=(), check=True):
    """One model, checked, and its values; `inputs` and `outputs` are (name, element type, dims)."""
    graph = h.make_graph(nodes, name, [h.make_tensor_value_info(*i) if isinstance(i, tuple) else i for i in inputs],
                         [h.make_tensor_value_info(*o) if isinstance(o, tuple) else o for o in outputs], list(initializers))
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", OPSET)], ir_version=9, producer_name="tests/data/onnx")
    for key, value in metadata:
        model.metadata_props.add(key=key, value=value)
    if check:
        onnx.checker.check_model(model, full_check=True)
    onnx.save(model, HERE / f"{name}.onnx")
    if io is not None:
        path = HERE / f"{name}.safetensors"
        save_file({key: np.asarray(value, order="C") for key, value in io.items()}, path)
        path.chmod(0o644)


def identities(generator):
    """Every data type in and out again."""
    nodes, inputs, outputs, io = [], [], [], {}
    for name, (element, dtype) in FORMATS.items():
        nodes.append(h.make_node("Identity", [f"x_{name}"], [f"y_{name}"]))
        inputs.append((f"x_{name}", element, ["n", 3]))
        outputs.append((f"y_{name}", element, ["n", 3]))
        values = generator.integers(0, 2 if dtype is np.bool_ else 100, (2, 3)).astype(dtype)
        io[f"x_{name}"] = io[f"y_{name}"] = values
    write("identities", nodes, inputs, outputs, io)


def linear(generator):
    """A matrix product with a dynamic batch; sets a and b differ in it. Leaf 1 of the inputs is no tensor."""
    weight = generator.standard_normal((3, 4), dtype=np.float32)
    bias = generator.standard_normal(4, dtype=np.float32)
    io = {}
    for tag, batch in (("a", 2), ("b", 5)):
        x = generator.standard_normal((batch, 3), dtype=np.float32)
        y = x.astype(np.float64) @ weight + bias
        io |= {f"{tag}.in.0": x, f"{tag}.out.1": y.astype(np.float32)}
    write("linear", [h.make_node("Gemm", ["x", "weight", "bias"], ["y"])], [("x", T.FLOAT, ["batch", 3])],
          [("y", T.FLOAT, ["batch", 4])], io, [from_array(weight, "weight"), from_array(bias, "bias")],
          [("fairlead.inputs", '["x", null]'), ("fairlead.outputs", '[null, "y"]')])


def counter():
    """State: `count` has a default, and comes out as `count.next`."""
    x = np.array([1, 2, 3], np.float32)
    nodes = [h.make_node("Cast", ["count"], ["count_f"], to=T.FLOAT), h.make_node("Add", ["x", "count_f"], ["y"]),
             h.make_node("Constant", [], ["one"], value=from_array(np.array(1, np.int64))),
             h.make_node("Add", ["count", "one"], ["count.next"])]
    write("counter", nodes, [("x", T.FLOAT, [3]), ("count", T.INT64, [])], [("y", T.FLOAT, [3]), ("count.next", T.INT64, [])],
          {"in.0": x, "out.0": x + 7, "mut.count": np.array(8, np.int64)}, [from_array(np.array(7, np.int64), "count")])


def shapes(generator):
    """A scalar, a tensor without elements, and sizes known only at run time."""
    scalar = np.array(2.5, np.float32)
    empty = np.zeros((0, 3), np.float32)
    x = generator.integers(-1, 2, (4, 5)).astype(np.float32)
    nodes = [h.make_node("Neg", ["scalar"], ["scalar_out"]), h.make_node("Abs", ["empty"], ["empty_out"]),
             h.make_node("NonZero", ["x"], ["places"])]
    write("shapes", nodes, [("scalar", T.FLOAT, []), ("empty", T.FLOAT, ["n", 3]), ("x", T.FLOAT, [4, 5])],
          [("scalar_out", T.FLOAT, []), ("empty_out", T.FLOAT, ["n", 3]), ("places", T.INT64, [2, "found"])],
          {"scalar": scalar, "empty": empty, "x": x, "scalar_out": -scalar, "empty_out": empty,
           "places": np.array(np.nonzero(x), np.int64)})


def external(generator):
    """Weights in a file beside the model."""
    weight = generator.standard_normal((3, 3), dtype=np.float32)
    x = generator.standard_normal((2, 3), dtype=np.float32)
    (HERE / "external.bin").write_bytes(weight.tobytes())
    tensor = from_array(weight, "weight")
    onnx.external_data_helper.set_external_data(tensor, "external.bin", 0, weight.nbytes)
    tensor.ClearField("raw_data")
    tensor.data_location = T.EXTERNAL
    write("external", [h.make_node("Add", ["x", "weight"], ["y"])], [("x", T.FLOAT, [1, 3])], [("y", T.FLOAT, [3, 3])],
          {"x": x[:1], "y": x[:1] + weight}, [tensor], check=False)


def refused():
    """What ONNX Runtime, or the exchange of tensors, has no place for."""
    write("no_kernel", [h.make_node("Add", ["x", "x"], ["y"])], [("x", T.BFLOAT16, [2])], [("y", T.BFLOAT16, [2])])
    write("strings", [h.make_node("Identity", ["x"], ["y"])], [("x", T.STRING, [2])], [("y", T.STRING, [2])])
    write("sequence", [h.make_node("SequenceConstruct", ["x"], ["y"])], [("x", T.FLOAT, [2])],
          [h.make_tensor_sequence_value_info("y", T.FLOAT, [2])])
    (HERE / "broken.onnx").write_bytes(b"this is no ONNX model")


def main():
    generator = np.random.default_rng(20)
    identities(generator)
    linear(generator)
    counter()
    shapes(generator)
    external(generator)
    refused()


if __name__ == "__main__":
    main()
