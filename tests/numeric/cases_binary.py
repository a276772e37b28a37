"""Arithmetic on two operands: tensors of one and of two types, broadcast, numbers of Python."""

import math

import torch
from cases import D, bf16, boolean, call, f16, f32, f64, i8, i16, i32, i64, of, program, u8, values

BASES = values([0, 1, -1, 2, -2, 3, 10, 1001, -1234567, 2**32 + 1], torch.int64)
N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
NONZERO = values([[1, -2, 3], [-4, 5, 7]], torch.int64)

ARITHMETIC = [
    case
    for name in ("add", "sub", "subtract", "mul", "multiply", "div", "divide", "true_divide")
    for case in (
        call(f"aten::{name}.Tensor", f32(2, 3), f32(2, 3)),
        call(f"aten::{name}.Tensor", f32(N, 1, 3), f32(4, 1)),
        call(f"aten::{name}.Tensor", f32(2, 3), i64(3).within(1, 9)),
        call(f"aten::{name}.Tensor", i64(2, 3), f32().within(1, 2)),
        call(f"aten::{name}.Tensor", f16(3), f32()),
        call(f"aten::{name}.Tensor", f16(3), f64(3)),
        call(f"aten::{name}.Tensor", i32(3), i64(3).within(1, 9)),
        call(f"aten::{name}.Tensor", u8(3), i8(3).within(1, 9)),
        call(f"aten::{name}.Tensor", i64(3), NONZERO),
        call(f"aten::{name}.Tensor", f32(0, 3), f32(3)),
        call(f"aten::{name}.Scalar", f32(N, 3), 2),
        call(f"aten::{name}.Scalar", i64(2, 3), 3),
        call(f"aten::{name}.Scalar", i64(2, 3), 1.5),
        call(f"aten::{name}.Scalar", f16(3), 0.1),
        call(f"aten::{name}.Scalar", i32(3), 2),
    )
]
ALPHA = [
    case
    for name in ("add", "sub", "subtract", "rsub")
    for case in (
        call(f"aten::{name}.Tensor", f32(2, 3), f32(3), alpha=2),
        call(f"aten::{name}.Tensor", f32(2, 3), i64(3), alpha=0.5),
        call(f"aten::{name}.Tensor", i64(2, 3), i64(3), alpha=-3),
        call(f"aten::{name}.Scalar", f32(2, 3), 2.5, 0.5),
        call(f"aten::{name}.Scalar", i64(2, 3), 2, 3),
    )
]
RSUB = [
    call("aten::rsub.Tensor", f32(N, 3), f32(3)),
    call("aten::rsub.Tensor", f16(3), i64(3)),
    call("aten::rsub.Scalar", f32(N, 3), 1),
    call("aten::rsub.Scalar", i64(3), 1),
    call("aten::rsub.Scalar", i64(3), 1.5),
]
LOGICAL = [
    call("aten::add.Tensor", boolean(2, 3), boolean(3)),
    call("aten::add.Tensor", boolean(2, 3), i64(3)),
    call("aten::add.Scalar", boolean(3), 2),
    call("aten::add.Scalar", boolean(3), True),
    call("aten::add.Scalar", boolean(3), 2.0),
    call("aten::mul.Scalar", boolean(3), 2.0),
    call("aten::div.Scalar", boolean(3), 2.0),
    call("aten::mul.Tensor", boolean(2, 3), boolean(3)),
    call("aten::mul.Tensor", boolean(2, 3), f32(3)),
    call("aten::mul.Scalar", boolean(3), 3),
    call("aten::mul.Scalar", boolean(3), True),
    call("aten::div.Tensor", boolean(3), values([True, True, True], torch.bool)),
]
INTEGER_DIVISORS = values([3, -3, 2, -2, 7, -7], torch.int64)
DIVIDENDS = values([7, 7, -7, -7, -7, 7], torch.int64)
FLOAT_DIVIDENDS, FLOAT_DIVISORS = values([7.5, 7.5, -7.5, -7.5, 6.0, -6.0]), values([2.0, -2.0, 2.0, -2.0, -3.0, -3.0])
QUOTIENTS = [
    case
    for name in ("div", "divide")
    for mode in ("floor", "trunc", None)
    for case in (
        call(f"aten::{name}.Tensor_mode", FLOAT_DIVIDENDS, FLOAT_DIVISORS, rounding_mode=mode),
        call(f"aten::{name}.Tensor_mode", DIVIDENDS, INTEGER_DIVISORS, rounding_mode=mode),
        call(f"aten::{name}.Tensor_mode", u8(6), values([1, 2, 3, 4, 5, 6], torch.uint8), rounding_mode=mode),
        call(f"aten::{name}.Tensor_mode", i64(6), values([0.5, -0.7, 2.0, 3.0, -2.0, 1.0]), rounding_mode=mode),
        call(f"aten::{name}.Tensor_mode", f16(6), values([0.5, -0.75, 2.0, 3.0, -2.0, 1.0], torch.float16), rounding_mode=mode),
        call(f"aten::{name}.Scalar_mode", f32(N, 3), -0.7, rounding_mode=mode),
        call(f"aten::{name}.Scalar_mode", DIVIDENDS, -2, rounding_mode=mode),
        call(f"aten::{name}.Scalar_mode", i32(6), 2.5, rounding_mode=mode),
    )
]
REMAINDERS = [
    case
    for name in ("remainder", "fmod")
    for case in (
        call(f"aten::{name}.Tensor", FLOAT_DIVIDENDS, FLOAT_DIVISORS),
        call(f"aten::{name}.Tensor", DIVIDENDS, INTEGER_DIVISORS),
        call(f"aten::{name}.Tensor", i32(2, 3), values([[2, -3, 4]], torch.int32)),
        call(f"aten::{name}.Tensor", u8(3), values([2, 3, 4], torch.uint8)),
        call(f"aten::{name}.Tensor", i64(3), values([2.0, -1.5, 0.7])),
        call(f"aten::{name}.Tensor", f16(3), values([2.0, -1.5, 0.75], torch.float16)),
        call(f"aten::{name}.Tensor", values([INF, 5.0, -5.0, NAN]), values([3.0, INF, INF, 2.0])),
        call(f"aten::{name}.Scalar", f32(N, 3), -1.5),
        call(f"aten::{name}.Scalar", i64(2, 3), 4),
        call(f"aten::{name}.Scalar", i64(2, 3), -4),
        call(f"aten::{name}.Scalar", i64(2, 3), 1.5),
    )
] + [
    call("aten::remainder.Scalar_Tensor", 7, values([2, -3, 4], torch.int64)),
    call("aten::remainder.Scalar_Tensor", -7.5, values([2.0, -3.0, 4.0])),
]
FLOORS = [
    call("aten::floor_divide", FLOAT_DIVIDENDS, FLOAT_DIVISORS),
    call("aten::floor_divide", DIVIDENDS, INTEGER_DIVISORS),
    call("aten::floor_divide", u8(3), values([2, 3, 4], torch.uint8)),
    call("aten::floor_divide", i64(3), values([2.0, -1.5, 0.7])),
    call("aten::floor_divide", values([1.0, -1.0, 0.0]), values([0.0, 0.0, 0.0])),
    call("aten::floor_divide.Scalar", DIVIDENDS, 2),
    call("aten::floor_divide.Scalar", DIVIDENDS, -2),
    call("aten::floor_divide.Scalar", f32(N, 3), 0.7),
    call("aten::floor_divide.Scalar", i32(4), 2.5),
]
POWERS = [
    call("aten::pow.Tensor_Tensor", f32(2, 3).within(0.1, 3), f32(3)),
    call("aten::pow.Tensor_Tensor", i64(2, 3), i64(3).within(0, 4)),
    call("aten::pow.Tensor_Tensor", i64(2, 3), f32(3)),
    call("aten::pow.Tensor_Tensor", f32(N, 3), i64(3).within(-2, 3)),
    call("aten::pow.Tensor_Tensor", i32(3), i64(3).within(0, 4)),
    call("aten::pow.Tensor_Tensor", f16(3).within(0.5, 2), f16(3)),
    call("aten::pow.Tensor_Tensor", values([0.0, 0.0, -0.0, INF, NAN, 1.0, -8.0]), values([0.0, -1.0, 3.0, -1.0, 0.0, NAN, 1 / 3])),
    call("aten::pow.Tensor_Tensor", BASES, values([[0], [1], [2], [5], [13], [20], [63], [64], [3037000500], [-1], [-2]], torch.int64)),
    call("aten::pow.Tensor_Tensor", i8(N, 1), i8(1, 4).within(0, 9)),
    call("aten::pow.Tensor_Tensor", values([2, 3, 255, 0], torch.uint8), values([[3], [9], [0], [255]], torch.uint8)),
    call("aten::pow.Tensor_Tensor", i32(0, 2), i32(2).within(0, 3)),
    call("aten::pow.Scalar", -3, values([0, 1, 2, 39, 40, 41, -1, -2], torch.int64)),
    call("aten::pow.Scalar", 2, i64(N).within(-2, 70)),
    call("aten::pow.Tensor_Scalar", BASES, 6),
    call("aten::pow.Tensor_Scalar", BASES, 0),
    call("aten::pow.Tensor_Scalar", values([3, -3, 100], torch.int8), 5),
    call("aten::pow.Tensor_Scalar", f32(N, 3), 2),
    call("aten::pow.Tensor_Scalar", f32(2, 3), 3.0),
    call("aten::pow.Tensor_Scalar", f32(2, 3).within(0, 4), 0.5),
    call("aten::pow.Tensor_Scalar", f32(2, 3).within(0.1, 4), -0.5),
    call("aten::pow.Tensor_Scalar", f32(2, 3), 1),
    call("aten::pow.Tensor_Scalar", f32(2, 3), 0),
    call("aten::pow.Tensor_Scalar", f32(2, 3), -1),
    call("aten::pow.Tensor_Scalar", i64(2, 3), 3),
    call("aten::pow.Tensor_Scalar", i64(2, 3), 2),
    call("aten::pow.Tensor_Scalar", i64(2, 3), 0),
    call("aten::pow.Tensor_Scalar", i32(3), 2),
    call("aten::pow.Tensor_Scalar", i64(2, 3).within(0, 9), 0.5),
    call("aten::pow.Tensor_Scalar", u8(3), 2),
    call("aten::pow.Tensor_Scalar", f16(3), 2),
    call("aten::pow.Tensor_Scalar", f64(3), 3),
    call("aten::pow.Scalar", 2, f32(2, 3)),
    call("aten::pow.Scalar", 2.5, i64(3).within(0, 4)),
    call("aten::pow.Scalar", 2, i64(3).within(0, 9)),
    call("aten::pow.Scalar", 1, f32(3)),
    call("aten::pow.Scalar", 0.5, f16(3)),
    call("aten::float_power.Tensor_Tensor", f32(2, 3).within(0.1, 3), i64(3)),
    call("aten::float_power.Tensor_Tensor", i64(3), i64(3).within(-2, 3)),
    call("aten::float_power.Tensor_Scalar", f32(N, 3), 2),
    call("aten::float_power.Tensor_Scalar", i64(3), 2),
    call("aten::float_power.Scalar", 2, i64(3)),
    call("aten::float_power.Scalar", 2.5, f16(3)),
]
LOGARITHMS = [
    case
    for name, tensor, other, own in (
        ("xlogy", "xlogy.Tensor", "xlogy.Scalar_Other", "xlogy.Scalar_Self"),
        ("special_xlogy", "special_xlogy", "special_xlogy.other_scalar", "special_xlogy.self_scalar"),
        ("special_xlog1py", "special_xlog1py", "special_xlog1py.other_scalar", "special_xlog1py.self_scalar"),
    )
    for case in (
        call(f"aten::{tensor}", f32(N, 3), f32(3).within(0.1, 4)),
        call(f"aten::{tensor}", values([0.0, 0.0, 0.0, 2.0, NAN, 0.0]), values([0.0, INF, -2.0, 0.0, 1.0, NAN])),
        call(f"aten::{tensor}", i64(3), i64(3).within(1, 5)),
        call(f"aten::{tensor}", f16(3), f16(3).within(0.1, 4)),
        call(f"aten::{other}", f32(2, 3), 2.5),
        call(f"aten::{other}", values([0, 1, 2], torch.int64), 2),
        call(f"aten::{own}", 1.5, f32(2, 3).within(0.1, 4)),
        call(f"aten::{own}", 0, values([0.0, 1.0, NAN])),
    )
]
OTHERS = [
    call("aten::addcmul", f32(2, 3), f32(3), f32(2, 1)),
    call("aten::addcmul", f32(N, 3), f32(3), f32(N, 1), value=0.5),
    call("aten::addcmul", i64(2, 3), i64(3), i64(2, 1), value=2),
    call("aten::addcmul", f16(3), f16(3), f16(3), value=-1),
    call("aten::addcdiv", f32(2, 3), f32(3), f32(2, 1).within(1, 3)),
    call("aten::addcdiv", f32(N, 3), f32(3), f32(N, 1).within(1, 3), value=0.5),
    call("aten::addcdiv", f16(3), f16(3), f16(3).within(1, 2), value=2),
    call("aten::lerp.Scalar", f32(N, 3), f32(3), 0.25),
    call("aten::lerp.Scalar", f32(2, 3), f32(2, 3), 0.75),
    call("aten::lerp.Scalar", f16(3), f16(3), 0.5),
    call("aten::lerp.Tensor", f32(2, 3), f32(2, 3), f32(3).within(0, 1)),
    call("aten::lerp.Tensor", f32(3), f32(N, 3), f32(N, 1)),
    call("aten::atan2", f32(N, 3), f32(3)),
    call("aten::atan2", values([0.0, -0.0, 0.0, -0.0, 1.0, -1.0, 1.0]), values([1.0, 1.0, -1.0, -1.0, 0.0, 0.0, -1.0])),
    call("aten::atan2", values([0.0, -0.0, 0.0, -0.0, INF, INF, -INF, NAN]), values([0.0, 0.0, -0.0, -0.0, INF, -INF, 1.0, 1.0])),
    call("aten::atan2", i64(2, 3), i64(3)),
    call("aten::atan2", f16(4), f16(4)),
    call("aten::arctan2", f32(2, 3), f32(3)),
    call("aten::arctan2", i64(3), f32(3)),
    call("aten::copysign.Tensor", f32(N, 3), f32(3)),
    call("aten::copysign.Tensor", values([1.0, -2.0, 0.0, 3.0, -4.0]), values([-0.0, 0.0, -1.0, -INF, INF])),
    call("aten::copysign.Tensor", i64(3), i64(3)),
    call("aten::copysign.Tensor", f16(3), f16(3)),
    call("aten::copysign.Scalar", f32(3), -2.0),
    call("aten::copysign.Scalar", f32(3), -0.0),
    call("aten::copysign.Scalar", i64(3), 1),
    call("aten::heaviside", values([-1.5, 0.0, 2.0, NAN]), values([0.5, 0.25, 3.0, 1.0])),
    call("aten::heaviside", values([[-1, 0, 2]], torch.int64), i64(2, 3)),
    call("aten::heaviside", f16(3), f16(3)),
    call("aten::hypot", f32(N, 3), f32(3)),
    call("aten::hypot", f32(2, 3).within(1e20, 2e20), f32(3)),
    call("aten::hypot", f16(3), f16(3)),
    call("aten::hypot", f64(3), f64(3)),
    call("aten::ldexp.Tensor", f32(N, 3), i64(3)),
    call("aten::ldexp.Tensor", f32(3), i32(3)),
    call("aten::ldexp.Tensor", i64(3), i64(3)),
    call("aten::ldexp.Tensor", f16(3), i64(3)),
    call("aten::ldexp.Tensor", f16(3), f32(3)),
    call("aten::ldexp.Tensor", f32(3), f32(3)),
    call("aten::logaddexp", f32(N, 3), f32(3)),
    call("aten::logaddexp", values([-INF, INF, 1e4, -1e4, 0.0, -INF]), values([-INF, INF, 1e4, 1e4, NAN, 1.0])),
    call("aten::logaddexp", f16(3), f16(3)),
    call("aten::logaddexp2", f32(N, 3), f32(3)),
    call("aten::logaddexp2", values([-INF, INF, 1e4, -1e4, -INF]), values([-INF, INF, 1e4, 1e4, 1.0])),
]
NARROW = [
    call("aten::add.Tensor", of(dtype, 3), of(dtype, 3))
    for dtype in (torch.int8, torch.int16, torch.uint8, torch.bfloat16, torch.float64)
] + [
    call("aten::mul.Tensor", u8(3).within(0, 255), u8(3).within(0, 255)),
    call("aten::sub.Tensor", u8(3), u8(3)),
    call("aten::mul.Tensor", i16(3), bf16(3)),
    call("aten::add.Tensor", bf16(3), f16(3)),
    call("aten::add.Tensor", bf16(3), f32()),
    call("aten::add.Tensor", i64(), f16(3)),
    call("aten::add.Tensor", f64(), f32(3)),
    call("aten::add.Tensor", f64(), i64(3)),
    call("aten::add.Scalar", u8(3), 300),
    call("aten::mul.Scalar", i8(3), 100),
    program("a python number from an expression", lambda x: x * 3 + 1.5 - x / 2, i64(4)),
    program("a size times a tensor", lambda x: x * x.shape[0], f32(N, 2)),
    program("a size over a tensor's size as a float", lambda x: x * (x.shape[0] / 2), f32(N, 2)),
]

CASES = ARITHMETIC + ALPHA + RSUB + LOGICAL + QUOTIENTS + REMAINDERS + FLOORS + POWERS + LOGARITHMS + OTHERS + NARROW
