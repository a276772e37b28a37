"""The Airy function over its branches."""

import math

import torch
from cases import D, boolean, call, f32, f64, i64, values

N = D("n", 3, 5)
POINTS = [0.0, 0.5, 1.0, 2.08, 2.1, 5.0, 8.3, 8.4, 30.0, 104.0, -0.5, -2.0, -2.1, -5.0, -9.5, -30.0, math.inf, -math.inf, math.nan]

CASES = [
    call("aten::special_airy_ai", values(POINTS)),
    call("aten::special_airy_ai", values(POINTS, torch.float64)),
    call("aten::special_airy_ai", f32(N, 3)),
    call("aten::special_airy_ai", f64(9).within(-9, 9)),
    call("aten::special_airy_ai", i64(9)),
    call("aten::special_airy_ai", boolean(3)),
    call("aten::special_airy_ai", f32()),
    call("aten::special_airy_ai", f32(0)),
]
