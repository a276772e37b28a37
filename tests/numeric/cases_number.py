"""Signs and neighbours of numbers, divisors, and sin(πx)/(πx)."""

import math

import torch
from cases import D, DTYPES, bf16, boolean, call, f16, f32, f64, i8, i32, i64, of, u8, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
FLOATS = (torch.float32, torch.float64, torch.float16, torch.bfloat16)

QUESTIONS = [
    case
    for name in ("signbit", "isreal", "conj_physical")
    for case in (
        call(f"aten::{name}", f32(N, 3)),
        call(f"aten::{name}", f32()),
        call(f"aten::{name}", f32(0)),
        *(call(f"aten::{name}", of(dtype, 2, 3)) for dtype in DTYPES),
        *(call(f"aten::{name}", values([0.0, -0.0, INF, -INF, NAN, 1e-7, -1e-7], dtype)) for dtype in FLOATS),
    )
]
SINC = [
    call("aten::sinc", f32(N, 3)),
    call("aten::sinc", f64(3)),
    call("aten::sinc", f16(3)),
    call("aten::sinc", bf16(3)),
    call("aten::sinc", i64(5)),
    call("aten::sinc", boolean(3)),
    call("aten::sinc", f32()),
    call("aten::sinc", values([0.0, -0.0, 1.0, 0.5, -2.5, NAN, 1e-30])),
]

# Steps across powers of two, zero, the smallest numbers and the ends.
FROM = [1.0, 1.0, 0.0, -0.0, 2.0, -2.0, 3.5, -INF, INF, INF, NAN, 1.0, 0.3, -0.3, 5.0]
TO = [2.0, 0.0, 1.0, -1.0, 1.0, -1.0, 3.5, 0.0, 0.0, INF, 1.0, NAN, INF, INF, -INF]
ENDS = {
    torch.float32: ([3.4028234663852886e38, 1.401298464324817e-45, 1.1754943508222875e-38, 2e-31, 7e-39], [INF, -1.0, 0.0, 1.0, 1.0]),
    torch.float64: ([1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 2e-292, 7e-309], [INF, -1.0, 0.0, 1.0, 1.0]),
    torch.float16: ([65504.0, 6e-8, 6.1035e-05, 0.03, 3e-5], [INF, -1.0, 0.0, 1.0, 1.0]),
    torch.bfloat16: ([3.3895313892515355e38, 9.2e-41, 1.1754943508222875e-38, 2e-31, 7e-39], [INF, -1.0, 0.0, 1.0, 1.0]),
}
NEIGHBOURS = [
    case
    for dtype in FLOATS
    for case in (
        call("aten::nextafter", values(FROM, dtype), values(TO, dtype)),
        call("aten::nextafter", values(ENDS[dtype][0], dtype), values(ENDS[dtype][1], dtype)),
        call("aten::nextafter", of(dtype, 40).within(-100, 100), of(dtype, 40).within(-100, 100)),
    )
] + [
    call("aten::nextafter", f32(N, 1), f32(4)),
    call("aten::nextafter", f32(3), f64()),
    call("aten::nextafter", f32(0), f32(1)),
]
DIVISORS = [
    case
    for name in ("gcd", "lcm")
    for case in (
        call(f"aten::{name}", i64(N, 4).within(-60, 60), i64(4).within(-60, 60)),
        call(f"aten::{name}", i32(9).within(-1000, 1000), i32(9).within(-1000, 1000)),
        call(f"aten::{name}", i8(9).within(-120, 120), i8(9).within(-120, 120)),
        call(f"aten::{name}", values([-128, 0, 7], torch.int8), values([0, 0, -128], torch.int8)),
        call(f"aten::{name}", u8(9).within(0, 250), u8(9).within(0, 250)),
        call(f"aten::{name}", i32(3), i64(3)),
        call(f"aten::{name}", i64(), i32(4)),
        call(f"aten::{name}", i64(0), i64(0)),
        call(f"aten::{name}", values([0, 0, 5, 12], torch.int64), values([0, 7, 0, 18], torch.int64)),
        call(f"aten::{name}", values([12586269025, 600851475143], torch.int64), values([7778742049, 6857], torch.int64)),
    )
]
PARTS = [
    case
    for dtype in FLOATS
    for case in (
        call("aten::frexp.Tensor", values([0.0, -0.0, INF, -INF, NAN, 1.0, -1.0, 0.5, 2.0, 0.49, -3.5, 1023.9, 1024.0], dtype)),
        call("aten::frexp.Tensor", values(ENDS[dtype][0], dtype)),
        call("aten::frexp.Tensor", of(dtype, 40).within(-100, 100)),
    )
] + [
    call("aten::frexp.Tensor", f32(N, 3)),
    call("aten::frexp.Tensor", f32()),
    call("aten::frexp.Tensor", f32(0)),
]

CASES = QUESTIONS + SINC + NEIGHBOURS + PARTS + DIVISORS
