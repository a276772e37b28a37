"""The gamma function's logarithm and derivatives: both sides of ½, poles, the far ends."""

import math

import torch
from cases import D, bf16, boolean, call, f16, f32, f64, i64, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
POINTS = [0.5, 1.0, 1.5, 2.0, 3.0, 10.0, 25.5, 1e-3, 0.3, 0.49, 100.0, -0.5, -1.5, -3.25, -7.9, 0.0, INF, NAN]
POLES = [-1.0, -2.0, -7.0, -0.0, -INF]


def family(name, *args):
    def on(sample):
        return call(f"aten::{name}", *args, sample)

    return [
        on(values(POINTS)),
        on(values(POINTS, torch.float64)),
        on(f32(N, 3).within(0, 9)),
        on(f64(9).within(-9, 9)),
        on(i64(9).within(1, 9)),
        on(boolean(3)),
        on(f32()),
        on(f32(0)),
        on(f16(5).within(1, 9)),
        on(f16(9).within(-9, -1)),
        on(bf16(5).within(1, 9)),
    ]


CASES = (
    family("lgamma")
    + family("digamma")
    + [call(f"aten::{name}", values(POLES, dtype)) for name in ("lgamma", "digamma") for dtype in (torch.float32, torch.float64)]
    + [call("aten::lgamma", values([1e10, 1e300, 1e-300, -1e10], torch.float64))]
    + [case for n in (0, 1, 2, 3, 4, 7) for case in family("polygamma", n)]
    + [call("aten::polygamma", 1, values([0.0, -1.0, -3.0]), note="where only rounding is left")]
    + [call("aten::polygamma", 1, values([0, -1, -3], torch.int64), note="where only rounding is left")]
    + [call("aten::polygamma", 2, values(POLES[:-1]))]
    + [
        case
        for p in (1, 2, 3, 5)
        for case in (
            call("aten::mvlgamma", f32(N, 3).within(3, 9), p),
            call("aten::mvlgamma", f64(4).within(3, 9), p),
            call("aten::mvlgamma", i64(4).within(3, 9), p),
            call("aten::mvlgamma", f32(0), p),
        )
    ]
)
