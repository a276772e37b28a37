"""The error function's complement and its relatives, from tail to tail."""

import math

import torch
from cases import D, bf16, boolean, call, f16, f32, f64, i64, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
REALS = [0.0, -0.0, 0.3, 0.99, 1.0, 1.01, 2.5, 5.0, 7.99, 8.1, 20.0, -0.3, -0.99, -1.01, -3.0, -6.2, -12.0, INF, -INF, NAN]
SHARES = [0.0, 0.05, 0.13, 0.14, 0.5, 0.51, 0.86, 0.87, 0.999, 1.0, 1.01, -0.1, 1e-6, NAN]
SIGNED = [0.0, 0.2, -0.2, 0.69, 0.71, -0.9, 0.999, 1.0, -1.0, 1.01, -2.0, NAN]


def family(name, points, low, high):
    return [
        call(f"aten::{name}", values(points)),
        call(f"aten::{name}", values(points, torch.float64)),
        call(f"aten::{name}", f32(N, 3).within(low, high)),
        call(f"aten::{name}", f64(9).within(low, high)),
        call(f"aten::{name}", i64(9)),
        call(f"aten::{name}", boolean(3)),
        call(f"aten::{name}", f32().within(low, high)),
        call(f"aten::{name}", f32(0)),
    ]


def in_half(name, low, high):
    return [call(f"aten::{name}", f16(9).within(low, high)), call(f"aten::{name}", bf16(9).within(low, high))]


CASES = (
    family("erfc", REALS, -5, 5)
    + in_half("erfc", -3, 3)
    + family("erfinv", SIGNED, -0.99, 0.99)
    + in_half("erfinv", -0.9, 0.9)
    + family("special_erfcx", REALS, -3, 9)
    + family("special_ndtr", REALS, -5, 5)
    + in_half("special_ndtr", -3, 3)
    + family("special_log_ndtr", REALS, -9, 5)
    + family("special_ndtri", SHARES, 0, 1)
    + [call("aten::special_erfcx", values([1e3, 1e8, 1e12, 1e30, 1e200, -27.0], torch.float64))]
    + [call("aten::special_ndtri", values([1e-20, 1e-100, 1e-300], torch.float64))]
    + [call("aten::special_log_ndtr", values([-40.0, -1e4, 8.0], torch.float64))]
)
