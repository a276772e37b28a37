"""Fewer axes out than in: sums, extremes, moments, norms; and differences of neighbours."""

import math

import torch
from cases import D, DTYPES, bf16, boolean, call, f16, f32, f64, i32, i64, of, program, u8, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan

SUMS = [
    call("aten::sum", f32(N, 3)),
    call("aten::sum", i32(2, 3)),
    call("aten::sum", u8(2, 3)),
    call("aten::sum", boolean(2, 3)),
    call("aten::sum", f16(2, 3)),
    call("aten::sum", f32()),
    call("aten::sum", f32(0)),
    call("aten::sum", f32(2, 3), dtype=torch.float64),
    call("aten::sum", i64(2, 3), dtype=torch.float32),
    call("aten::sum.dim_IntList", f32(N, 3, 4), [1]),
    call("aten::sum.dim_IntList", f32(N, 3, 4), [-1, 0], True),
    call("aten::sum.dim_IntList", f32(2, 3), [], False),
    call("aten::sum.dim_IntList", f32(2, 3), None, True),
    call("aten::sum.dim_IntList", i32(2, 3), [0]),
    call("aten::sum.dim_IntList", boolean(2, 3), [0]),
    call("aten::sum.dim_IntList", f16(2, 3), [0], dtype=torch.float32),
    call("aten::sum.dim_IntList", f32(), [0]),
    call("aten::sum.dim_IntList", f32(0, 3), [0]),
    call("aten::mean", f32(N, 3)),
    call("aten::mean", f16(2, 3)),
    call("aten::mean", i64(2, 3), dtype=torch.float32),
    call("aten::mean", f32()),
    call("aten::mean.dim", f32(N, 3, 4), [-1]),
    call("aten::mean.dim", f32(N, 3, 4), [1, 2], True),
    call("aten::mean.dim", f32(2, 3), []),
    call("aten::mean.dim", f32(2, 3), None),
    call("aten::mean.dim", boolean(2, 3), [0], dtype=torch.float32),
    call("aten::mean.dim", f16(2, 3), [0], dtype=torch.float32),
    call("aten::prod", f32(2, 3)),
    call("aten::prod", i64(2, 3)),
    call("aten::prod", boolean(4)),
    call("aten::prod", i32(4), dtype=torch.float32),
    call("aten::prod", f32(0)),
    call("aten::prod.dim_int", f32(N, 3), 1),
    call("aten::prod.dim_int", f32(N, 3), -2, True),
    call("aten::prod.dim_int", i32(2, 3), 0),
    call("aten::prod.dim_int", u8(2, 3), 0),
    call("aten::prod.dim_int", boolean(2, 3), 0, dtype=torch.bool),
    call("aten::prod.dim_int", f32(2, 3), 0, True, dtype=torch.bool),
    call("aten::prod", boolean(2, 3), dtype=torch.bool),
    call("aten::prod.dim_int", f16(2, 3), 0, dtype=torch.float32),
    call("aten::count_nonzero", i64(2, 3).within(0, 2)),
    call("aten::count_nonzero", f32(2, 3), 0),
    call("aten::count_nonzero", boolean(N, 3), -1),
    call("aten::count_nonzero", values([0.0, NAN, -0.0, 2.0])),
    call("aten::count_nonzero.dim_IntList", i64(N, 3, 4).within(0, 2), [0, 2]),
    call("aten::count_nonzero.dim_IntList", boolean(2, 3), [1]),
    call("aten::count_nonzero.dim_IntList", boolean(2, 3), []),
]
LENGTHS = values([2, 0, 3, 1], torch.int64)
SEGMENTS = [
    case
    for how in ("sum", "mean", "max", "min", "prod")
    for case in (
        call("aten::segment_reduce", f32(6), how, lengths=LENGTHS),
        call("aten::segment_reduce", f32(6, 2, 3), how, lengths=LENGTHS, initial=2, unsafe=True),
        call("aten::segment_reduce", f32(2, 4), how, lengths=values([[1, 3], [4, 0]], torch.int64), axis=1),
        call("aten::segment_reduce", f32(2, 4, 2), how, offsets=values([[0, 1, 4], [0, 0, 4]], torch.int64), axis=1, initial=-1),
        call("aten::segment_reduce", f16(6), how, offsets=values([0, 2, 3, 6], torch.int64)),
        call("aten::segment_reduce", values([1.0, NAN, INF, 2.0, -INF, 3.0]), how, lengths=LENGTHS),
    )
]
LEFT_OUT = [
    case
    for name in ("nansum", "nanmean")
    for case in (
        call(f"aten::{name}", f32(N, 3)),
        call(f"aten::{name}", values([[1.0, NAN, 3.0], [NAN, NAN, NAN], [INF, 1.0, NAN]]), [1]),
        call(f"aten::{name}", values([[1.0, NAN], [3.0, NAN]]), [0], True),
        call(f"aten::{name}", values([1.0, NAN, 2.0], torch.float16), dtype=torch.float32),
        call(f"aten::{name}", values([1.0, NAN, 2.0], torch.float64)),
        call(f"aten::{name}", f16(2, 3), [-1]),
        call(f"aten::{name}", f32()),
        call(f"aten::{name}", f32(0)),
    )
] + [
    call("aten::nansum", i32(2, 3), [0]),
    call("aten::nansum", boolean(2, 3)),
    call("aten::sum_to_size", f32(2, 3, 4), [3, 1]),
    call("aten::sum_to_size", f32(2, 3), [2, 3]),
    call("aten::sum_to_size", f32(2, 3), []),
    call("aten::sum_to_size", boolean(), []),
    call("aten::sum_to_size", u8(2, 3), []),
    call("aten::sum_to_size", u8(2, 3), [1, 3]),
    call("aten::sum_to_size", u8(2, 3), [2, 3]),
    call("aten::sum_to_size", i32(2, 3), [1, 3]),
    call("aten::sum_to_size", boolean(2, 3), [1]),
    call("aten::sum_to_size", f16(2, 3), [3]),
    program("the sum to a symbolic size", lambda x, y: x.sum_to_size(y.shape), f32(4, N, 3), f32(N, 1)),
]
DIFFERENCES = [
    call("aten::diff", f32(N, 4)),
    call("aten::diff", f32(2, 5), 2),
    call("aten::diff", f32(2, 5), 0, 1, f32(2, 1), f32(2, 2)),
    call("aten::diff", i64(2, 5), 1, 0),
    call("aten::diff", boolean(2, 5)),
    call("aten::diff", f32(2, 5), 1, -1, f32(2, 2), f32(2, 1)),
    call("aten::diff", f32(N, 5), 1, 0, None, f32(2, 5)),
    call("aten::diff", f32(2, 3), 3),
    call("aten::diff", f32(2, 3), 4),
    call("aten::diff", f32(2, 3), 0),
]
TRUTH = [
    case
    for name in ("all", "any")
    for case in (
        call(f"aten::{name}", boolean(2, 3)),
        call(f"aten::{name}", f32(2, 3)),
        call(f"aten::{name}", values([0.0, NAN])),
        call(f"aten::{name}", i64(2, 3).within(0, 2)),
        call(f"aten::{name}", u8(2, 3).within(0, 2)),
        call(f"aten::{name}", boolean(0)),
        call(f"aten::{name}", boolean()),
        call(f"aten::{name}.dim", boolean(N, 3), 0),
        call(f"aten::{name}.dim", boolean(2, 3), -1, True),
        call(f"aten::{name}.dim", i64(2, 3).within(0, 2), 1),
        call(f"aten::{name}.dim", u8(2, 3).within(0, 2), 1),
        call(f"aten::{name}.dim", f16(2, 3), 1),
        call(f"aten::{name}.dim", boolean(), 0),
        call(f"aten::{name}.dim", boolean(0, 3), 0),
        call(f"aten::{name}.dims", boolean(N, 3, 2), [0, -1]),
        call(f"aten::{name}.dims", boolean(2, 3), None, True),
        call(f"aten::{name}.dims", boolean(2, 3), []),
        call(f"aten::{name}.dims", i64(2, 3).within(0, 2), [0]),
    )
]
EXTREMES = [
    case
    for name in ("max", "min")
    for case in (
        call(f"aten::{name}", f32(N, 3)),
        call(f"aten::{name}", i64(2, 3)),
        call(f"aten::{name}", u8(2, 3)),
        call(f"aten::{name}", boolean(4)),
        call(f"aten::{name}", f16(4)),
        call(f"aten::{name}", f32()),
        call(f"aten::{name}", values([1.0, NAN, 2.0])),
        call(f"aten::{name}.dim", f32(N, 3), 1),
        call(f"aten::{name}.dim", f32(N, 3), 0, True),
        call(f"aten::{name}.dim", i64(2, 9).unequal(), -1),
        call(f"aten::{name}.dim", values([[1.0, 3.0, 3.0], [2.0, 2.0, 1.0]]), 1, note="ties"),
        call(f"aten::{name}.dim", f32(), 0),
        call(f"aten::{name}.dim", i32(2, 9).unequal(), 1),
        call(f"aten::{name}.dim", u8(2, 9).unequal(), 1),
        call(f"aten::{name}.dim", boolean(2, 3), 1),
        call(f"aten::{name}.dim", f16(2, 3), 1),
        call(f"aten::{name}.dim", values([[1.0, NAN, 2.0], [NAN, INF, NAN]]), 1),
        call(f"aten::a{name}", f32(N, 3, 4), [1]),
        call(f"aten::a{name}", f32(N, 3, 4), [-1, 0], True),
        call(f"aten::a{name}", f32(2, 3)),
        call(f"aten::a{name}", i64(2, 3), [0]),
        call(f"aten::a{name}", boolean(2, 3), [0]),
        call(f"aten::a{name}", f32(), [0]),
        call(f"aten::a{name}", values([[1.0, NAN], [2.0, 3.0]]), [1]),
        call(f"aten::arg{name}", f32(N, 3)),
        call(f"aten::arg{name}", f32(N, 3), None, True),
        call(f"aten::arg{name}", f32(N, 3), 1),
        call(f"aten::arg{name}", f32(N, 3), -2, True),
        call(f"aten::arg{name}", i64(2, 9).unequal(), 1),
        call(f"aten::arg{name}", u8(2, 9).unequal(), 1),
        call(f"aten::arg{name}", f16(2, 3), 0),
        call(f"aten::arg{name}", f32()),
        call(f"aten::arg{name}", f32(), 0),
        call(f"aten::arg{name}", values([[1.0, 3.0, 3.0], [2.0, 1.0, 1.0]]), 1, note="ties"),
        call(f"aten::arg{name}", values([1.0, NAN, 5.0, NAN])),
        call(f"aten::arg{name}", values([[1.0, NAN, 5.0], [NAN, 1.0, INF]]), 1),
        call(f"aten::arg{name}", values([[INF, NAN, -INF], [-INF, INF, INF], [3.0e38, -3.0e38, 3.4e38], [NAN, NAN, NAN]]), 1, True),
        *(
            call(f"aten::{target}", values([[INF, -INF, 1.0], [NAN, INF, -INF], [1.0, NAN, 2.0], [60000.0, 60000.0, -60000.0]], dtype), 1)
            for target in (f"arg{name}", f"{name}.dim", f"a{name}")
            for dtype in (torch.float16, torch.bfloat16, torch.float64)
        ),
        call(f"aten::a{name}", values([[[1.0, NAN], [2.0, 3.0]], [[INF, -INF], [0.0, 1.0]]]), [0, 2], True),
    )
] + [
    call("aten::aminmax", f32(N, 3)),
    call("aten::aminmax", f32(N, 3), dim=1),
    call("aten::aminmax", f32(2, 3), dim=-2, keepdim=True),
    call("aten::aminmax", f32(2, 3), keepdim=True),
    call("aten::aminmax", i64(2, 3)),
    call("aten::aminmax", f32(), dim=0),
]
MOMENTS = [
    case
    for name in ("var", "std")
    for case in (
        call(f"aten::{name}", f32(N, 3)),
        call(f"aten::{name}", f32(2, 3), False),
        call(f"aten::{name}", f16(2, 3)),
        call(f"aten::{name}", f32(1)),
        call(f"aten::{name}.dim", f32(N, 3), [1]),
        call(f"aten::{name}.dim", f32(N, 3, 4), [0, -1], False, True),
        call(f"aten::{name}.dim", f32(2, 3), None),
        call(f"aten::{name}.dim", f32(2, 3), []),
        call(f"aten::{name}.correction", f32(N, 3, 4), [1]),
        call(f"aten::{name}.correction", f32(N, 3), [0], correction=0, keepdim=True),
        call(f"aten::{name}.correction", f32(2, 5), [1], correction=2),
        call(f"aten::{name}.correction", f32(2, 5), [1], correction=0.5),
        call(f"aten::{name}.correction", f32(2, 3), correction=1),
        call(f"aten::{name}.correction", f32(2, 3), [1], correction=3),
        call(f"aten::{name}.correction", f64(2, 3), [1]),
        call(f"aten::{name}_mean.correction", f32(N, 3, 4), [1]),
        call(f"aten::{name}_mean.correction", f32(2, 3), [0, 1], correction=0, keepdim=True),
        call(f"aten::{name}_mean.correction", f32(2, 3)),
        call(f"aten::{name}_mean.correction", f16(2, 3), [1]),
        call(f"aten::{name}_mean", f32(N, 3)),
        call(f"aten::{name}_mean", f64(2, 3), False),
        call(f"aten::{name}_mean", f32(0)),
        call(f"aten::{name}_mean.dim", f32(0, 3), [0]),
        call(f"aten::{name}_mean.dim", f32(N, 3, 4), [1]),
        call(f"aten::{name}_mean.dim", f32(2, 3, 4), [0, -1], False, True),
        call(f"aten::{name}_mean.dim", f16(2, 3), None),
    )
]
NORMS = [
    case
    for ord in (2, 1, 0, INF, -INF, 3, 0.5, -1, 2.5)
    for case in (
        call("aten::linalg_vector_norm", values([[1.0, NAN], [INF, -3.0]]), INF, [1]),
    call("aten::linalg_vector_norm", values([[1.0, NAN], [INF, -3.0]]), -INF, [1]),
    call("aten::linalg_vector_norm", f32(N, 3), ord, [1]),
        call("aten::linalg_vector_norm", f32(2, 3), ord),
        call("aten::norm.ScalarOpt_dim", f32(2, 3, 4), ord, [-1, 0], True),
        call("aten::norm.Scalar", f32(2, 3), ord),
    )
] + [
    call("aten::linalg_vector_norm", f32(2, 3, 4), 2, [0, -1], True),
    call("aten::linalg_vector_norm", f32(2, 3, 4), 2, None, True),
    call("aten::linalg_vector_norm", f16(2, 3), 2, [1], dtype=torch.float32),
    call("aten::linalg_vector_norm", f16(2, 3), 2, [1]),
    call("aten::linalg_vector_norm", f32(2, 3), 1, [1], dtype=torch.float64),
    call("aten::linalg_vector_norm", f32(2, 3), 2, []),
    call("aten::linalg_vector_norm", f32()),
    call("aten::norm.ScalarOpt_dim", f32(2, 3), None, [1]),
    call("aten::logsumexp", f32(N, 3), [1]),
    call("aten::logsumexp", f32(N, 3), [0, 1], True),
    call("aten::logsumexp", values([[1000.0, 1001.0], [-INF, -INF], [INF, 1.0]]), [1]),
    call("aten::logsumexp", i64(2, 3), [1]),
    call("aten::logsumexp", f16(2, 3), [-1]),
    call("aten::logsumexp", f32(), [0]),
    call("aten::sum", bf16(4)),
]

TYPES = [
    case
    for dtype in DTYPES
    for case in (
        call("aten::sum.dim_IntList", of(dtype, 2, 3), [1], note="of every type"),
        call("aten::amax", of(dtype, 2, 3), [1], note="of every type"),
        call("aten::amin", of(dtype, 2, 3), [1], note="of every type"),
        call("aten::argmax", of(dtype, 7).unequal(), 0) if dtype != torch.bool else call("aten::any.dim", of(dtype, 2, 3), 0),
        call("aten::max.dim", of(dtype, 2, 7).unequal(), 1) if dtype != torch.bool else call("aten::all.dim", of(dtype, 2, 3), 0),
        call("aten::prod", of(dtype, 3), note="of every type"),
        call("aten::cumsum", of(dtype, 5), 0),
        call("aten::any", of(dtype, 2, 3), note="of every type"),
        call("aten::all", of(dtype, 2, 3), note="of every type"),
        call("aten::count_nonzero", of(dtype, 2, 3), note="of every type"),
    )
] + [
    case
    for dtype in DTYPES
    if dtype.is_floating_point
    for case in (
        call("aten::mean.dim", of(dtype, 2, 3), [1]),
        call("aten::var", of(dtype, 2, 3), note="of every type"),
        call("aten::linalg_vector_norm", of(dtype, 2, 3), 2, [1]),
        call("aten::logsumexp", of(dtype, 2, 3), [1]),
    )
]

CASES = SUMS + SEGMENTS + LEFT_OUT + DIFFERENCES + TRUTH + EXTREMES + MOMENTS + NORMS + TYPES
