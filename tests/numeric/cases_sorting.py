"""Order: sorting, the largest few, distinct values, places in a sorted list."""

import math

import torch
from cases import D, DTYPES, boolean, call, f16, f32, f64, i32, i64, of, program, u8, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
TIES = values([[3, 1, 3, 2, 1], [0, 0, 0, 0, 0]], torch.int64)

SORTS = [
    call("aten::sort", f32(N, 5)),
    call("aten::sort", f32(N, 5), 0, True),
    call("aten::sort", i64(2, 9).unequal(), -2),
    call("aten::sort", u8(7).unequal()),
    call("aten::sort", i32(7).unequal()),
    call("aten::sort", f16(7).unequal(), 0, True),
    call("aten::sort", f32()),
    call("aten::sort", f32(0)),
    call("aten::sort", values([1.0, NAN, -INF, INF, 0.0])),
    call("aten::sort", values([1.0, NAN, -INF, INF, 0.0]), 0, True),
    call("aten::sort.stable", TIES, stable=True),
    call("aten::sort.stable", TIES, stable=True, descending=True),
    call("aten::sort.stable", TIES, stable=True, dim=0),
    call("aten::sort.stable", boolean(9), stable=True),
    call("aten::sort.stable", f32(N, 5), stable=False, dim=1),
    call("aten::argsort", f32(N, 5)),
    call("aten::argsort", f32(2, 5), 0, True),
    call("aten::argsort", f32()),
    call("aten::argsort.stable", TIES, stable=True, descending=True),
    call("aten::argsort.stable", f32(N, 5), stable=True, dim=0),
    call("aten::msort", f32(N, 5)),
    call("aten::msort", i64(7)),
    call("aten::topk", f32(N, 5), 2),
    call("aten::topk", f32(N, 5), 2, 0, False),
    call("aten::topk", i64(2, 9).unequal(), 4, 1, True, True),
    call("aten::topk", f16(7).unequal(), 7),
    call("aten::topk", u8(7).unequal(), 2),
    call("aten::topk", f64(7).unequal(), 2),
    call("aten::topk", f32(), 1),
    call("aten::topk", f32(3), 0),
    call("aten::topk", values([1.0, NAN, 3.0]), 2),
    *(
        case
        for dtype in (torch.float32, torch.float16, torch.bfloat16, torch.float64)
        for ends in (values([[INF, NAN, 1.0, -INF, NAN, INF], [torch.finfo(dtype).max, INF, NAN, torch.finfo(dtype).min, -INF, 0.0]], dtype),)
        for case in (
            call("aten::sort.stable", ends, stable=True, dim=1),
            call("aten::sort.stable", ends, stable=True, dim=-1, descending=True),
            call("aten::argsort.stable", ends, stable=True, dim=0),
        )
    ),
    call("aten::sort.stable", values([1e-45, 0.0, -1e-45, 1e-40]), stable=True),
    call("aten::topk", values([INF, 1.0, NAN, 3.0e38]), 3),
    call("aten::topk", values([INF, 1.0, NAN, 3.0e38]), 4, -1, False),
    call("aten::msort", values([[NAN, 1.0], [INF, NAN], [0.0, -INF]])),
    program("topk of a symbolic number", lambda x, y: torch.ops.aten.topk(x, y.shape[0]), f32(2, 9), f32(D("k", 3, 5, 2, 8))),
]
REPEATED = values([3, 1, 3, 2, 1], torch.int64)
DISTINCT = [
    call("aten::_unique2", REPEATED),
    call("aten::_unique2", REPEATED, True, True),
    call("aten::_unique2", REPEATED, True, True, True),
    call("aten::_unique2", REPEATED, True, False, True),
    call("aten::_unique2", values([[3.0, 1.0], [1.0, 3.0]]), True, True, True),
    call("aten::_unique2", boolean(9), True, True, True),
    call("aten::_unique2", i32(2, 3, 4), True, True, True),
    call("aten::_unique2", i64(N, 9), True, True, True),
    call("aten::unique_dim", values([[3, 1], [1, 2], [3, 1]], torch.int64), 0, True, True, True),
    call("aten::unique_dim", values([[3, 1, 3], [1, 2, 1]], torch.int64), -1, True, True, True),
    call("aten::unique_dim", values([[3.0, 1.0], [1.0, 2.0]]), 0),
]
RUNS = [
    call("aten::unique_consecutive", REPEATED),
    call("aten::unique_consecutive", values([1.0, 1.0, 2.0, NAN, NAN, 1.0]), True, True),
    call("aten::unique_consecutive", values([[1, 1], [1, 2]], torch.int64), True, True),
    call("aten::unique_consecutive", values([[1, 1], [1, 1], [1, 2]], torch.int64), True, True, 0),
    call("aten::unique_consecutive", values([[1, 1, 2], [3, 3, 2]], torch.int64), False, True, -1),
    call("aten::unique_consecutive", boolean(9), True),
    call("aten::unique_consecutive", i64(N, 4).within(0, 2), True, True),
    call("aten::unique_consecutive", f32(0), True, True),
    call("aten::unique_consecutive", f32(5, 0, 5), True, True, 1),
    call("aten::unique_consecutive", f32()),
]
MEMBERS = [
    call("aten::isin.Tensor_Tensor", i64(N, 3).within(0, 5), values([1, 3, 3], torch.int64)),
    call("aten::isin.Tensor_Tensor", values([1.0, NAN, 3.0, INF]), values([[NAN, 3.0], [INF, 0.0]]), invert=True),
    call("aten::isin.Tensor_Tensor", i64(4).within(0, 3), values([1.0, 2.5]), assume_unique=True),
    call("aten::isin.Tensor_Tensor", f16(3), f16(2)),
    call("aten::isin.Tensor_Tensor", f32(3), f32(0)),
    call("aten::isin.Tensor_Tensor", f32(), f32(3)),
    call("aten::isin.Tensor_Scalar", i64(N).within(0, 3), 1),
    call("aten::isin.Tensor_Scalar", f32(3), 1.5, invert=True),
    call("aten::isin.Scalar_Tensor", 2, i64(N).within(0, 5)),
    call("aten::isin.Scalar_Tensor", 2.5, i64(3), invert=True),
]
EDGES = values([-2.0, -1.0, 0.0, 1.5, 3.0])
PLACES = [
    call("aten::bucketize.Tensor", f32(N, 3), EDGES),
    call("aten::bucketize.Tensor", values([[-2.0, 1.5], [9.0, -9.0]]), EDGES),
    call("aten::bucketize.Tensor", values([[-2.0, 1.5], [9.0, -9.0]]), EDGES, right=True),
    call("aten::bucketize.Tensor", i64(3), values([-1, 0, 4], torch.int64), out_int32=True),
    call("aten::bucketize.Tensor", values([NAN, INF, -INF]), EDGES),
    call("aten::bucketize.Scalar", 1.5, EDGES),
    call("aten::bucketize.Scalar", 1, EDGES, right=True),
    call("aten::searchsorted.Tensor", EDGES, f32(N, 3)),
    call("aten::searchsorted.Tensor", EDGES, values([[-2.0, 1.5], [9.0, -9.0]]), right=True),
    call("aten::searchsorted.Tensor", EDGES, values([-2.0, 1.5]), side="right"),
    call("aten::searchsorted.Scalar", EDGES, 1.5, right=True),
    call("aten::searchsorted.Scalar", values([1, 2, 5], torch.int64), 3, out_int32=True),
    call("aten::searchsorted.Tensor", EDGES, values([-2.0, 1.5]), out_int32=True, side="left"),
    call("aten::searchsorted.Tensor", values([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]), f32(2, 4)),
    call("aten::searchsorted.Tensor", values([3.0, 1.0, 2.0]), f32(4), sorter=values([1, 2, 0], torch.int64)),
    call("aten::searchsorted.Tensor", EDGES, f32()),
]

TYPES = [
    case
    for dtype in DTYPES
    if dtype != torch.bool
    for case in (
        call("aten::sort", of(dtype, 7).unequal()),
        call("aten::topk", of(dtype, 7).unequal(), 3),
        call("aten::_unique2", of(dtype, 7), True, True, True),
        call("aten::bucketize.Tensor", of(dtype, 7), values([-1, 0, 2, 5], dtype if dtype != torch.uint8 else torch.int64)),
    )
]

CASES = SORTS + DISTINCT + RUNS + MEMBERS + PLACES + TYPES
