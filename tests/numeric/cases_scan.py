"""Running sums, products and extremes; areas under curves; slopes."""

import math

import torch
from cases import D, bf16, boolean, call, f16, f32, f64, i32, i64, u8, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan

SUMS = [
    call("aten::cumsum", f32(N, 3), 0),
    call("aten::cumsum", f32(2, 3), -1),
    call("aten::cumsum", i32(2, 3), 1),
    call("aten::cumsum", boolean(2, 3), 1),
    call("aten::cumsum", u8(2, 3), 1),
    call("aten::cumsum", u8(9).within(50, 90), 0, dtype=torch.uint8),
    call("aten::cumsum", f16(2, 3), 1),
    call("aten::cumsum", bf16(2, 3), 1),
    call("aten::cumsum", f64(N, 3), 1),
    call("aten::cumsum", f16(2, 3), 1, dtype=torch.float32),
    call("aten::cumsum", f32(2, 3), 1, dtype=torch.float64),
    call("aten::cumsum", f32(2, 3), 1, dtype=torch.int32),
    call("aten::cumsum", i64(2, 3), 0, dtype=torch.float32),
    call("aten::cumsum", i64(), -1),
    call("aten::cumsum", f32(), 0),
    call("aten::cumsum", f32(0, 3), 0),
    call("aten::cumsum", values([1.0, NAN, 2.0, INF]), 0),
]
PRODUCTS = [
    call("aten::cumprod", f32(N, 3), 0),
    call("aten::cumprod", f32(N, 3), 1),
    call("aten::cumprod", f32(2, 3, N, 2), -2),
    call("aten::cumprod", f64(4), 0),
    call("aten::cumprod", f16(2, 5), 1),
    call("aten::cumprod", bf16(2, 5), 1),
    call("aten::cumprod", i64(2, 5), 1),
    call("aten::cumprod", i32(2, 5), -1),
    call("aten::cumprod", u8(5), 0),
    call("aten::cumprod", u8(5), 0, dtype=torch.uint8),
    call("aten::cumprod", boolean(2, 5), 1),
    call("aten::cumprod", i64(5), 0, dtype=torch.float32),
    call("aten::cumprod", f32(5), 0, dtype=torch.int64),
    call("aten::cumprod", f32(5), 0, dtype=torch.float64),
    call("aten::cumprod", f32(), 0),
    call("aten::cumprod", i32(), -1),
    call("aten::cumprod", f32(0, 3), 0),
    call("aten::cumprod", f32(3, 0), 1),
    call("aten::cumprod", values([1e30, 1e30, 1e-30, 0.0, INF]), 0),
    call("aten::cumprod", values([2.0, INF, -1.0, NAN, 1.0]), 0),
]
EXTREMES = [
    case
    for name in ("cummax", "cummin")
    for case in (
        call(f"aten::{name}", f32(N, 3), 0),
        call(f"aten::{name}", f32(2, N, 3), -2),
        call(f"aten::{name}", i64(2, 9).within(-2, 3), 1),
        call(f"aten::{name}", u8(9).within(0, 3), 0),
        call(f"aten::{name}", i32(9).within(0, 3), 0),
        call(f"aten::{name}", boolean(9), 0),
        call(f"aten::{name}", f16(9), -1),
        call(f"aten::{name}", bf16(9), -1),
        call(f"aten::{name}", f64(9), -1),
        call(f"aten::{name}", f32(), 0),
        call(f"aten::{name}", f32(0, 2), 0),
        call(f"aten::{name}", f32(2, 0), 0),
        call(f"aten::{name}", values([[1.0, NAN, 2.0, NAN, 0.0], [INF, -INF, INF, 0.0, -INF], [NAN, INF, -INF, 1.0, 2.0]]), 1),
    )
]
LOGARITHMS = [
    call("aten::logcumsumexp", f32(N, 3), 0),
    call("aten::logcumsumexp", f64(2, 5), 1),
    call("aten::logcumsumexp", f16(2, 5), -1),
    call("aten::logcumsumexp", bf16(2, 5), -1),
    call("aten::logcumsumexp", f32(0, 2), 0),
    call("aten::logcumsumexp", f32(), 0),
    call("aten::logcumsumexp", values([-1000.0, -1000.0, 500.0, 1000.0, 1000.0]), 0),
    call("aten::logcumsumexp", values([[1.0, NAN, 2.0, INF], [-INF, -INF, 2.0, INF], [INF, INF, -INF, 0.0], [-100.0, 0.0, -INF, NAN]]), 1),
]

POINTS = values([0.0, 1.0, 3.0, 3.5, 7.0])
AREAS = [
    case
    for name in ("trapezoid", "trapz", "cumulative_trapezoid")
    for case in (
        call(f"aten::{name}.x", f32(N, 5), POINTS),
        call(f"aten::{name}.x", f32(5, N), POINTS, dim=0),
        call(f"aten::{name}.x", f32(2, 3, 4), f32(3, 4)),
        call(f"aten::{name}.x", f32(2, 3, 4), f32(3, 4), dim=1),
        call(f"aten::{name}.x", f32(2, 3, 4), f32(2, 1, 4), dim=0),
        call(f"aten::{name}.x", f32(2), f32(2, 3), dim=0),
        call(f"aten::{name}.x", i64(3, 5), i64(5)),
        call(f"aten::{name}.x", u8(3, 5).within(100, 200), u8(5)),
        call(f"aten::{name}.x", f16(3, 5), f16(3, 5)),
        call(f"aten::{name}.x", i64(3, 5), f64(5)),
        call(f"aten::{name}.x", f16(3, 5), i64(5)),
        call(f"aten::{name}.dx", f32(N, 5)),
        call(f"aten::{name}.dx", f32(3, 5), dx=2.5, dim=0),
        call(f"aten::{name}.dx", i64(3, 5), dx=2.0),
        call(f"aten::{name}.dx", u8(3, 5).within(100, 200)),
        call(f"aten::{name}.dx", f16(3, 5), dx=3.0),
        call(f"aten::{name}.dx", f32(2, 1)),
        call(f"aten::{name}.dx", f32(0, 3), dim=1),
    )
] + [
    call("aten::trapezoid.dx", f32(0, 3), dim=0),
    call("aten::trapezoid.x", i64(0, 3), f32(0), dim=0),
    call("aten::trapezoid.dx", i64(3, 5), dx=2),
    call("aten::cumulative_trapezoid.dx", f32(3, 5), dx=2),
]
SLOPES = [
    case
    for order in (1, 2)
    for case in (
        call("aten::gradient.scalarint", f32(3, 4), edge_order=order),
        call("aten::gradient.scalarint", f32(3, 4), spacing=2.5, edge_order=order),
        call("aten::gradient.scalarint", f32(3, 4), spacing=2, dim=-1, edge_order=order),
        call("aten::gradient.scalarint", i64(3, 4), dim=0, edge_order=order),
        call("aten::gradient.scalarint", f16(3, 4), spacing=2, dim=1, edge_order=order),
        call("aten::gradient.scalararray", f32(3, 4, 5), spacing=0.5, dim=[0, -1], edge_order=order),
        call("aten::gradient.array", f32(3, 4, 5), dim=[2, 1], edge_order=order),
        call("aten::gradient.array", i64(3, 4), dim=[0, 1], edge_order=order),
        call("aten::gradient.scalarrayint", f32(3, 4), spacing=[2.0, 0.5], edge_order=order),
        call("aten::gradient.scalarrayint", f32(3, 4), spacing=[3], dim=1, edge_order=order),
        call("aten::gradient.scalarrayarray", f32(3, 4, 5), spacing=[2, 3], dim=[0, 2], edge_order=order),
        call("aten::gradient.scalarrayarray", i64(3, 4), spacing=[2.0, 2.1], dim=[0, 1], edge_order=order),
        call("aten::gradient.tensorarrayint", f32(3, 5), spacing=[values([0.0, 2.0, 3.0]), POINTS], edge_order=order),
        call("aten::gradient.tensorarrayint", f64(3, 5), spacing=[values([0.0, 1.0, 3.0, 3.5, 7.0], torch.float64)], dim=1, edge_order=order),
        call("aten::gradient.tensorarray", f32(3, 5), spacing=[POINTS], dim=[-1], edge_order=order),
        call("aten::gradient.tensorarray", i64(3, 5), spacing=[values([0, 2, 3], torch.int64)], dim=[0], edge_order=order),
        call("aten::gradient.tensorarray", f16(3, 5), spacing=[values([0.0, 2.0, 3.0], torch.float16)], dim=[0], edge_order=order),
    )
]

CASES = SUMS + PRODUCTS + EXTREMES + LOGARITHMS + AREAS + SLOPES
