"""Bessel functions over their branches, poles and ends."""

import math

import torch
from cases import D, boolean, call, f32, f64, i64, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
POINTS = [0.0, -0.0, 1e-6, 0.3, 1.0, 2.404825, 3.8317, 4.99, 5.0, 5.01, 7.5, 12.0, 40.0, -0.3, -1.0, -4.0, -5.5, -20.0, INF, -INF, NAN]
NAMES = ("special_bessel_j0", "special_bessel_j1", "special_bessel_y0", "special_bessel_y1", "special_spherical_bessel_j0")

CASES = [
    case
    for name in NAMES
    for case in (
        call(f"aten::{name}", values(POINTS)),
        call(f"aten::{name}", values(POINTS, torch.float64)),
        call(f"aten::{name}", f32(N, 3).within(0, 20)),
        call(f"aten::{name}", f64(9).within(-20, 20)),
        call(f"aten::{name}", i64(9)),
        call(f"aten::{name}", boolean(3)),
        call(f"aten::{name}", f32()),
        call(f"aten::{name}", f32(0)),
    )
]
