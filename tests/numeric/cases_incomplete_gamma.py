"""The incomplete gamma functions where each of their expansions is used, and at the edges."""

import math

import torch
from cases import D, bf16, call, f16, f32, f64, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
A = [0.5, 1.0, 2.0, 3.0, 10.0, 25.0, 50.0, 150.0, 300.0, 1000.0, 30.0, 30.0, 0.1, 0.01, 5.0, 300.0, 1e5]
X = [0.3, 1.0, 1.05, 7.0, 3.0, 24.0, 60.0, 150.0, 310.0, 990.0, 5.0, 90.0, 0.9, 4.0, 5.0, 100.0, 1e5]
EDGE_A = [0.0, 0.0, 1.0, INF, INF, 2.0, -1.0, 1.0, NAN, 1.0, 0.0]
EDGE_X = [0.0, 1.0, 0.0, 1.0, INF, INF, 1.0, -1.0, 1.0, NAN, NAN]

CASES = [
    case
    for name in ("igamma", "igammac")
    for case in (
        *(call(f"aten::{name}", values(A, dtype), values(X, dtype)) for dtype in (torch.float32, torch.float64)),
        *(call(f"aten::{name}", values(EDGE_A, dtype), values(EDGE_X, dtype)) for dtype in (torch.float32, torch.float64)),
        call(f"aten::{name}", f32(N, 1).within(0.1, 9), f32(4).within(0.1, 9)),
        call(f"aten::{name}", f64(9).within(15, 60), f64(9).within(15, 60)),
        call(f"aten::{name}", f32(3).within(0.1, 9), f64().within(0.1, 9)),
        call(f"aten::{name}", f16(5).within(0.1, 9), f16(5).within(0.1, 9)),
        call(f"aten::{name}", bf16(5).within(0.1, 9), bf16(5).within(0.1, 9)),
        call(f"aten::{name}", f32().within(1, 2), f32().within(1, 2)),
        call(f"aten::{name}", f32(0), f32(0)),
    )
]
