#!/usr/bin/env python3
"""Writes framework/passes/testing/fold_cases.inc: single ONNX nodes with constant inputs, and what ONNX's reference evaluator
makes of them.

    $(tools/setup --print python) framework/passes/testing/make_fold_cases.py > framework/passes/testing/fold_cases.inc

A case is {node, inputs, result}: the node's text, its inputs and its result as initializers of our textual form.
"""
import numpy
import onnx
import onnx.reference
from onnx import helper

OPSET = 20
NAMES = {
    numpy.dtype(name): text
    for name, text in dict(float32="float", float64="double", int8="int8", int16="int16", int32="int32", int64="int64",
                           uint8="uint8", uint16="uint16", uint32="uint32", uint64="uint64", bool="bool").items()
}
RANDOM = numpy.random.default_rng(7)


def number(value):
    if isinstance(value, (bool, numpy.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, numpy.floating)):
        return numpy.format_float_positional(value, unique=True, trim="0") if numpy.isfinite(value) else str(value)
    return str(int(value))


def tensor(name, array):
    dims = ",".join(map(str, array.shape))
    return f"{NAMES[array.dtype]}[{dims}] {name} = {{{', '.join(number(v) for v in array.ravel())}}}"


def attribute(value):
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)


def case(op, arrays, **attributes):
    """`arrays`: None where an optional input is absent."""
    names = [chr(ord("a") + i) if array is not None else "" for i, array in enumerate(arrays)]
    text = {k: v for k, v in attributes.items() if not isinstance(v, onnx.TensorProto)}
    inside = ", ".join(f"{k} = {attribute(v)}" for k, v in text.items())
    for key, value in attributes.items():
        if isinstance(value, onnx.TensorProto):
            array = onnx.numpy_helper.to_array(value)
            inside += f"{key} = {NAMES[array.dtype]}[1] {{{number(array[0])}}}"
    node = helper.make_node(op, names, ["y"], **attributes)
    graph = helper.make_graph([node], "g", [], [helper.make_value_info("y", onnx.TypeProto())],
                              [onnx.numpy_helper.from_array(array, name) for array, name in zip(arrays, names) if name])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    with numpy.errstate(all="ignore"):
        (result,) = onnx.reference.ReferenceEvaluator(model).run(None, {})
    result = numpy.asarray(result)
    inputs = ", ".join(tensor(name, array) for array, name in zip(arrays, names) if name)
    call = f"{op}{'<' + inside + '>' if inside else ''}({', '.join(name or 'none' for name in names)})"
    print(f'{{R"({call})", R"({inputs})",\n R"({tensor("y", result)})"}},')


def some(dtype, *shape, low=-9, high=10):
    dtype = numpy.dtype(dtype)
    if dtype == bool:
        return RANDOM.integers(0, 2, shape).astype(bool)
    if dtype.kind == "f":
        return (RANDOM.integers(low * 8, high * 8, shape) / 8 + RANDOM.integers(-3, 4, shape) / 10).astype(dtype)
    return RANDOM.integers(0 if dtype.kind == "u" else low, high, shape).astype(dtype)


def ints(*values):
    return numpy.array(values, numpy.int64)


def arithmetic():
    for dtype in ("float32", "float64", "int32", "int64", "uint8"):
        for op in ("Add", "Sub", "Mul"):
            case(op, [some(dtype, 2, 1, 3), some(dtype, 4, 1)])
        for op in ("Min", "Max"):
            case(op, [some(dtype, 3), some(dtype, 2, 1), some(dtype)])
    for dtype in ("float32", "float64"):
        case("Div", [some(dtype, 2, 3), some(dtype, 3, low=1)])
        case("Mod", [some(dtype, 6), some(dtype, 6, low=1)], fmod=1)
        for op in ("Abs", "Neg", "Floor", "Ceil"):
            case(op, [some(dtype, 7)])
        case("Sqrt", [numpy.abs(some(dtype, 7))])
    case("Div", [numpy.array([7, -7, 7, -7], numpy.int64), numpy.array([2, 2, -2, -2], numpy.int64)])
    for fmod in (0, 1):
        case("Mod", [numpy.array([7, -7, 7, -7, 6], numpy.int64), numpy.array([3, 3, -3, -3, 3], numpy.int64)], fmod=fmod)
    case("Add", [numpy.array([127, -128], numpy.int8), numpy.array([1, -1], numpy.int8)])
    case("Mul", [numpy.array([65535], numpy.uint16), numpy.array([65535], numpy.uint16)])
    case("Mul", [numpy.array([2**62], numpy.int64), numpy.array([3], numpy.int64)])
    for dtype in ("int8", "int32", "int64"):
        case("Abs", [some(dtype, 5)])
        case("Neg", [some(dtype, 5)])


def comparisons():
    for dtype in ("float32", "int64", "uint8"):
        for op in ("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"):
            case(op, [some(dtype, 3, 1, high=3, low=0), some(dtype, 4, high=3, low=0)])
    case("Equal", [some(bool, 4), some(bool, 4)])
    case("Equal", [numpy.array([numpy.nan, 1.0], numpy.float32), numpy.array([numpy.nan, 1.0], numpy.float32)])
    for op in ("And", "Or", "Xor"):
        case(op, [some(bool, 2, 3), some(bool, 3)])
    case("Not", [some(bool, 5)])
    case("Where", [some(bool, 2, 1), some("float32", 3), some("float32", 2, 3)])
    case("Where", [some(bool), some("int64", 2), some("int64", 2)])


def casts():
    values = numpy.array([-3.75, -0.5, 0.0, 0.5, 1.0, 100.25], numpy.float64)
    for source in ("float32", "float64", "int32", "int64", "bool"):
        for target in (1, 6, 7, 9, 11):
            case("Cast", [values.astype(source)], to=target)
    case("Cast", [ints(300, -1, 2**40 + 5)], to=int(onnx.TensorProto.INT8))
    case("Cast", [ints(2**53 + 1, -(2**53) - 1)], to=int(onnx.TensorProto.FLOAT))
    case("Cast", [numpy.array([0.1, 1e300, -1e-300], numpy.float64)], to=int(onnx.TensorProto.FLOAT))


def layout():
    data = some("float32", 2, 3, 4)
    case("Gather", [data, ints(2, 0, -1)], axis=1)
    case("Gather", [some("int64", 5), numpy.array(3, numpy.int64)])
    case("Gather", [data, numpy.array([[1], [0]], numpy.int32)], axis=-1)
    case("Concat", [some("int64", 2), some("int64", 1), some("int64", 3)], axis=0)
    case("Concat", [some("float32", 2, 1, 2), some("float32", 2, 3, 2)], axis=-2)
    case("Concat", [some("bool", 0), some("bool", 2)], axis=0)
    case("Slice", [data, ints(1), ints(3), ints(1)])
    case("Slice", [data, ints(0, -1), ints(2**63 - 1, -(2**63)), ints(0, 2), ints(1, -2)])
    case("Slice", [some("int64", 7), ints(-3), ints(100)])
    case("Slice", [some("int64", 7), ints(5), ints(1), ints(0), ints(-1)])
    case("Slice", [some("int64", 7), ints(5), ints(2), ints(0), ints(1)])
    case("Slice", [some("int64", 7), ints(100), ints(-100), ints(-1), ints(-3)])
    case("Reshape", [data, ints(0, -1)])
    case("Reshape", [data, ints(4, 6)])
    case("Reshape", [some("float32", 0, 3), ints(3, 0)], allowzero=1)
    case("Reshape", [some("int64", 1), ints()])
    case("Unsqueeze", [data, ints(0, -1)])
    case("Unsqueeze", [some("int64"), ints(0)])
    case("Squeeze", [some("float32", 1, 3, 1), ints(-1)])
    case("Squeeze", [some("float32", 1, 3, 1)])
    case("Expand", [some("float32", 3, 1), ints(2, 1, 4)])
    case("Expand", [some("int64"), ints(3)])
    case("Transpose", [data], perm=[2, 0, 1])
    case("Transpose", [data])
    case("ConstantOfShape", [ints(2, 3)])
    case("ConstantOfShape", [ints(2)], value=helper.make_tensor("v", onnx.TensorProto.INT64, [1], [7]))
    case("ConstantOfShape", [ints()], value=helper.make_tensor("v", onnx.TensorProto.BOOL, [1], [True]))
    case("ConstantOfShape", [ints(0, 2)])
    case("Identity", [some("uint16", 2)])
    for bounds in ((0, 5, 1), (5, 0, -2), (3, 3, 1), (-4, 7, 3), (5, 0, 1)):
        case("Range", [numpy.array(v, numpy.int64) for v in bounds])
    case("Range", [numpy.array(v, numpy.int32) for v in (1, 10, 4)])


print("// Generated by framework/passes/testing/make_fold_cases.py with onnx " + onnx.__version__ + ". Do not edit.")
arithmetic()
comparisons()
casts()
layout()
