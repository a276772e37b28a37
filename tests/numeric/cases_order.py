"""Order statistics: medians, the k-th smallest, the most frequent, quantiles."""

import math

import torch
from cases import D, bf16, boolean, call, f16, f32, f64, i32, i64, program, u8, values

N, M = D("n", 4, 7), D("m", 4, 7, 3, 1000)
INF, NAN = math.inf, math.nan
HOLES = values([[1.0, NAN, 3.0, NAN, 2.0], [5.0, INF, -INF, 4.0, 3.0], [NAN, NAN, NAN, NAN, NAN], [NAN, 1.0, INF, 0.0, -INF]])

MEDIANS = [
    case
    for name in ("median", "nanmedian")
    for case in (
        call(f"aten::{name}", f32(N, 3)),
        call(f"aten::{name}", f32(2, 2).unequal()),
        call(f"aten::{name}", i64(9)),
        call(f"aten::{name}", u8(4)),
        call(f"aten::{name}", f16(9)),
        call(f"aten::{name}", f64(9)),
        call(f"aten::{name}", f32()),
        call(f"aten::{name}", f32(0)),
        call(f"aten::{name}", HOLES),
        call(f"aten::{name}", values([NAN, NAN])),
        call(f"aten::{name}.dim", f32(N, 3).unequal(), 0),
        call(f"aten::{name}.dim", f32(N, 6).unequal(), -1, True),
        call(f"aten::{name}.dim", i64(3, N).unequal(), 1),
        call(f"aten::{name}.dim", i32(3, 5).unequal(), 1, True),
        call(f"aten::{name}.dim", f16(9).unequal(), 0),
        call(f"aten::{name}.dim", bf16(9).unequal(), 0),
        call(f"aten::{name}.dim", f64(9).unequal(), 0),
        call(f"aten::{name}.dim", f32(), 0),
        call(f"aten::{name}.dim", f32(0, 3), 1),
    )
] + [
    call("aten::median.dim", HOLES, 1),
    program("the values of nanmedian", lambda x: x.nanmedian(1)[0], HOLES),
    program("the places of nanmedian", lambda x: x.nanmedian(1)[1], values([[1.0, NAN, 3.0, NAN, 2.0], [NAN, 1.0, INF, 0.0, -INF]])),
]
KTH = [
    call("aten::kthvalue", f32(N, 5).unequal(), 2),
    call("aten::kthvalue", f32(M, 5).unequal(), 3, 0, True),
    call("aten::kthvalue", i64(2, 5).unequal(), 5, -1),
    call("aten::kthvalue", u8(7).unequal(), 1),
    call("aten::kthvalue", f16(7).unequal(), 4),
    call("aten::kthvalue", f32(), 1),
    call("aten::kthvalue", values([3.0, NAN, 1.0]), 3),
    program("the kthvalue of a symbolic number", lambda x: tuple(torch.kthvalue(x, x.shape[0], 0)), f32(N, 3).unequal()),
]
MODES = [
    call("aten::mode", i64(N, 9).within(0, 4)),
    call("aten::mode", i64(9, 3).within(0, 4), 0, True),
    call("aten::mode", f32(N, 3), 1),
    call("aten::mode", f32(2, 7).within(0, 0)),
    call("aten::mode", u8(9).within(0, 3)),
    call("aten::mode", boolean(2, 9), -1),
    call("aten::mode", values([1.0, 2.0, 2.0, 1.0, 0.0], torch.float16)),
    call("aten::mode", values([1.0, 2.0, 2.0, 1.0, INF, INF, INF])),
    call("aten::mode", f32()),
    call("aten::mode", i64(), 0, True),
]
QUARTILES = values([0.0, 0.25, 0.5, 0.9, 1.0])
QUANTILES = [
    case
    for name in ("quantile", "nanquantile")
    for how in ("linear", "lower", "higher", "midpoint", "nearest")
    for case in (
        call(f"aten::{name}", f32(N, 5), QUARTILES, 1, interpolation=how),
        call(f"aten::{name}", HOLES, QUARTILES, 1, True, interpolation=how),
        call(f"aten::{name}", f32(3, 4), QUARTILES, interpolation=how),
        call(f"aten::{name}.scalar", f32(M, 5), 0.3, 0, interpolation=how),
        call(f"aten::{name}.scalar", HOLES, 0.5, -1, interpolation=how),
    )
] + [
    case
    for name in ("quantile", "nanquantile")
    for case in (
        call(f"aten::{name}", f32(M, 3, 2), QUARTILES, 0, True),
        call(f"aten::{name}", f32(2, 3, M), QUARTILES, -1, True),
        call(f"aten::{name}", f32(2, 3), QUARTILES, None, True),
        call(f"aten::{name}", f32(2, 3), f32().within(0, 1), 1, True),
        call(f"aten::{name}", f64(2, 3), values([0.1, 0.7], torch.float64), 1),
        call(f"aten::{name}", f32(), QUARTILES, 0, True),
        call(f"aten::{name}.scalar", f32(2, 3), 0.5, None, True),
        call(f"aten::{name}.scalar", f32(2, 3, 4), 0.5, 1, True),
        call(f"aten::{name}.scalar", f64(7), 1.0),
        call(f"aten::{name}.scalar", f32(), 0.5),
        call(f"aten::{name}.scalar", values([-INF, INF, INF, 0.0]), 0.6),
    )
]

CASES = MEDIANS + KTH + MODES + QUANTILES
