"""Hurwitz' zeta function, on its domain and beside it."""

import math

import torch
from cases import D, call, f32, f64, i64, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
X = [2.0, 2.0, 3.0, 1.5, 1.0, 0.5, 4.0, 4.0, 3.0, 2.5, 2.5, NAN, 2.0, INF, INF, INF, 40.0, 2.0, 2.0]
Q = [1.0, 0.5, 7.5, 3.0, 2.0, 2.0, -1.5, -3.0, 0.0, -1.5, -2.0, 1.0, NAN, 1.0, 0.5, 2.0, 1.5, 1e6, -20.3]

CASES = [
    case
    for dtype in (torch.float32, torch.float64)
    for case in (
        call("aten::special_zeta", values(X, dtype), values(Q, dtype)),
        call("aten::special_zeta.other_scalar", values(X, dtype), 2.5),
        call("aten::special_zeta.self_scalar", 3, values(Q, dtype)),
    )
] + [
    call("aten::special_zeta", f32(N, 1).within(1.5, 9), f32(4).within(0.1, 9)),
    call("aten::special_zeta", f64(5).within(1.5, 9), f32().within(0.1, 9)),
    call("aten::special_zeta", i64(5).within(2, 9), i64(5).within(1, 9)),
    call("aten::special_zeta", f32(0), f32(0)),
    call("aten::special_zeta", f32(0), f32(1)),
    call("aten::special_zeta", f32().within(2, 3), f32().within(2, 3)),
    call("aten::special_zeta.other_scalar", i64(5).within(2, 9), 2),
    call("aten::special_zeta.self_scalar", 2.0, i64(5).within(1, 9)),
]
