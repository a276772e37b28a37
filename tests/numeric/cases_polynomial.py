"""Orthogonal polynomials: degrees below zero, small and large, at the ends of their interval and outside it."""

import math

import torch
from cases import D, boolean, call, f32, f64, i32, i64, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
NAMES = [f"{shifted}chebyshev_polynomial_{kind}" for shifted in ("", "shifted_") for kind in "tuvw"] + [
    "hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p",
]  # fmt: skip
X = [0.0, 1.0, -1.0, 0.5, 0.3, -0.7, 1.5, -2.0, NAN, 0.25, 0.9, -0.99]
# torch leaves what it has for a NaN of a degree above one to chance.
DEGREES = [3.0, 4.0, 5.0, 0.0, 1.0, 2.0, 3.9, 5.0, 1.0, 9.0, 12.0, 7.0]
FAR = [500.0, -500.0, 2.0, INF, INF, NAN, 0.5]
FAR_DEGREES = [40.0, 41.0, 130.0, 2.0, 3.0, 0.0, 20.0]

CASES = [
    case
    for name in NAMES
    for case in (
        *(call(f"aten::special_{name}", values(X, dtype), values(DEGREES, dtype)) for dtype in (torch.float32, torch.float64)),
        call(f"aten::special_{name}", values(FAR), values(FAR_DEGREES)),
        call(f"aten::special_{name}", values([0.5, 0.5, 0.5, 0.5]), values([-1.0, -0.5, INF, NAN])),
        call(f"aten::special_{name}", f32(N, 1), i64(4).within(-1, 7)),
        call(f"aten::special_{name}", f64(5), i32().within(4, 5)),
        call(f"aten::special_{name}", i64(5).within(-3, 3), i64(5).within(0, 5)),
        call(f"aten::special_{name}", f32(0), f32(1)),
        call(f"aten::special_{name}", f32(), i64().within(2, 3)),
        call(f"aten::special_{name}.n_scalar", f32(N, 3), 5),
        call(f"aten::special_{name}.n_scalar", f64(4), 3.7),
        call(f"aten::special_{name}.n_scalar", boolean(4), 2),
        call(f"aten::special_{name}.n_scalar", f32(3), -2),
        call(f"aten::special_{name}.x_scalar", 0.75, i64(6).within(0, 9)),
        call(f"aten::special_{name}.x_scalar", 2, f64(4).within(0, 6)),
    )
]
