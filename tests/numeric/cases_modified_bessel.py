"""Modified Bessel functions over their branches, poles and ends."""

import math

import torch
from cases import D, boolean, call, f16, f32, f64, i64, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
POINTS = [0.0, -0.0, 1e-6, 0.3, 1.0, 1.99, 2.0, 2.01, 7.9, 8.0, 8.1, 30.0, -0.3, -2.0, -9.0, INF, -INF, NAN]
BOTH_KINDS = (
    "i0", "special_i0e", "special_i1", "special_i1e", "special_modified_bessel_i0", "special_modified_bessel_i1",
    "special_modified_bessel_k0", "special_modified_bessel_k1", "special_scaled_modified_bessel_k0",
    "special_scaled_modified_bessel_k1",
)  # fmt: skip

CASES = [
    case
    for name in BOTH_KINDS
    for case in (
        call(f"aten::{name}", values(POINTS)),
        call(f"aten::{name}", values(POINTS, torch.float64)),
        call(f"aten::{name}", f32(N, 3)),
        call(f"aten::{name}", f64(9).within(-20, 20)),
        call(f"aten::{name}", i64(9)),
        call(f"aten::{name}", boolean(3)),
        call(f"aten::{name}", f32()),
        call(f"aten::{name}", f32(0)),
    )
] + [call(f"aten::{name}", f16(5)) for name in ("i0", "special_i0e", "special_i1", "special_i1e")]
