"""Writing at positions, with and without a reduction."""

import math

import torch
from cases import D, DTYPES, bf16, boolean, call, f16, f32, f64, i8, i32, i64, of, u8, values

N, NAN, INF = D("n", 3, 5), math.nan, math.inf
PLACES = values([[2, 0], [1, 1]], torch.int64)
NANS = values([1.0, NAN, 2.0, -3.0, NAN])

INDEXED = [
    call("aten::index_add", f32(N, 3), 1, values([2, 0, 2], torch.int64), f32(N, 3)),
    call("aten::index_add", f32(4, 3), 0, values([1, 3], torch.int64), f32(2, 3), alpha=2),
    call("aten::index_add", i64(4, 3), -1, values([1, 1], torch.int32), i64(4, 2)),
    call("aten::index_copy", f32(N, 3), 1, values([2, 0], torch.int64), f32(N, 2)),
    call("aten::index_copy", i64(4), 0, values([3, 1], torch.int64), i64(2)),
    call("aten::index_fill.int_Scalar", f32(N, 3), 1, values([2, 0], torch.int64), 1.5),
    call("aten::index_fill.int_Scalar", i64(4, 2), 0, values([-1], torch.int64), 7),
    call("aten::index_fill.int_Tensor", f32(N, 3), 1, values([2, 0], torch.int64), f32()),
    call("aten::index_fill.int_Tensor", f32(4), 0, values([1], torch.int64), f32()),
    call("aten::index_add", boolean(4), 0, values([1, 1, 3], torch.int64), boolean(3)),
] + [
    call("aten::index_reduce", sample, 0, values([2, 0, 2], torch.int64), source, reduce, include_self=own)
    for sample, source in ((f32(4, 2), f32(3, 2)), (f16(4), f16(3)), (i64(4, 2), i64(3, 2)), (i8(4), i8(3)), (f64(4), f64(3)))
    for reduce in ("prod", "mean", "amax", "amin")
    for own in (True, False)
] + [
    call("aten::index_reduce", f32(N, 3), -1, values([2, 0, 2, 2], torch.int32), f32(N, 4), "mean", include_self=False),
    call("aten::index_reduce", f32(), 0, values([0], torch.int64), f32(), "amax"),
    call("aten::index_reduce", bf16(4), 0, values([1, 1], torch.int64), bf16(2), "prod"),
    call("aten::put", f32(N, 3), values([[0, 5], [-1, 7]], torch.int64), f32(2, 2)),
    call("aten::put", f32(2, 3), values([1, 1, -5], torch.int64), f32(3), True),
    call("aten::put", f16(2, 3), values([1, 1, -5], torch.int64), f16(3), True),
    call("aten::put", boolean(2, 3), values([1, 1, 0], torch.int64), boolean(3), True),
    call("aten::put", i32(), values(0, torch.int64), i32(), True),
    call("aten::put", f32(0), i64(0), f32(0)),
]  # fmt: skip
SCATTERS = [
    call("aten::scatter.src", f32(N, 3), 1, values([[2, 0]], torch.int64), f32(N, 3)),
    call("aten::scatter.src", f32(3, 3), 0, PLACES, f32(2, 2)),
    call("aten::scatter.src", i64(4), -1, values([3, 1], torch.int64), i64(3)),
    call("aten::scatter.value", f32(N, 3), 1, values([[2], [0]], torch.int64), 1.5),
    call("aten::scatter.value", i64(3, 3), 0, PLACES, 7),
    call("aten::scatter.value", boolean(3, 3), 0, PLACES, True),
    call("aten::scatter.reduce", f32(3, 2), 0, PLACES, f32(2, 2), reduce="add"),
    call("aten::scatter.reduce", f32(3, 2), 0, PLACES, f32(2, 2), reduce="multiply"),
    call("aten::scatter.value_reduce", f32(3, 2), 0, PLACES, 2, reduce="add"),
    call("aten::scatter.value_reduce", i64(3, 2), 0, PLACES, 2, reduce="multiply"),
    call("aten::scatter_add", f32(N, 3), 1, i64(N, 5).within(0, 3), f32(N, 5)),
    call("aten::scatter_add", i64(3, 2), 0, PLACES, i64(2, 2)),
    call("aten::scatter_add", f16(3, 2), 0, PLACES, f16(2, 2)),
    call("aten::scatter_add", f32(3, 2), 0, PLACES, f32(3, 3)),
] + [
    call("aten::scatter_reduce.two", sample(4, 2), 0, values([[2, 0], [1, 0], [2, 3]], torch.int64), sample(3, 2), reduce, include_self=own)
    for sample in (f32, i64)
    for reduce in ("sum", "prod", "mean", "amax", "amin")
    for own in (True, False)
] + [
    call("aten::scatter_reduce.two", f32(N, 3), 1, i64(N, 5).within(0, 3), f32(N, 5), "amax"),
    call("aten::scatter_reduce.two", f32(N, 3), -1, i64(N, 2).within(0, 3), f32(N, 2), "mean", include_self=False),
    call("aten::scatter_reduce.two", u8(4), 0, values([2, 2], torch.int64), u8(2), "amin", include_self=False),
    call("aten::scatter_reduce.two", boolean(4), 0, values([2, 2, 1], torch.int64), boolean(3), "amax"),
    call("aten::scatter_reduce.two", boolean(4), 0, values([2, 2, 1], torch.int64), boolean(3), "amin", include_self=False),
    call("aten::scatter_reduce.two", boolean(4), 0, values([2, 2, 1], torch.int64), boolean(3), "sum"),
    call("aten::scatter_reduce.two", boolean(4), 0, values([2, 2, 1], torch.int64), boolean(3), "prod"),
] + [
    call("aten::scatter_reduce.two", sample, 0, values([2, 2, 1], torch.int64), source, reduce, include_self=own)
    for sample, source in ((f16(4), f16(3)), (bf16(4), bf16(3)), (NANS, f32(3)), (f32(4), values([NAN, 1.0, -INF])))
    for reduce in ("sum", "prod", "mean", "amax", "amin")
    for own in (True, False)
]  # fmt: skip

TYPES = [
    case
    for dtype in DTYPES
    for case in (
        call("aten::index_copy", of(dtype, 4), 0, values([3, 1], torch.int64), of(dtype, 2)),
        call("aten::index_add", of(dtype, 4), 0, values([3, 3], torch.int64), of(dtype, 2)),
        call("aten::scatter.src", of(dtype, 4), 0, values([3, 1], torch.int64), of(dtype, 2)),
        call("aten::scatter_add", of(dtype, 4), 0, values([3, 3], torch.int64), of(dtype, 2)),
        call("aten::put", of(dtype, 4), values([3, 0], torch.int64), of(dtype, 2)),
    )
]

CASES = INDEXED + SCATTERS + TYPES
