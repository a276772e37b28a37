"""Which is larger, which is taken: comparisons, extremes, logic, where."""

import math

from cases import D, bf16, boolean, call, f16, f32, f64, i8, i32, i64, u8, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
SPECIAL, OTHER = values([1.0, NAN, INF, -INF, 0.0, NAN]), values([1.0, 1.0, INF, INF, -0.0, NAN])

COMPARISONS = [
    case
    for name in ("eq", "ne", "ge", "gt", "le", "lt", "greater", "greater_equal", "less", "less_equal", "not_equal")
    for case in (
        call(f"aten::{name}.Tensor", i64(N, 3), i64(3)),
        call(f"aten::{name}.Tensor", f32(2, 3), f32(2, 1)),
        call(f"aten::{name}.Tensor", SPECIAL, OTHER),
        call(f"aten::{name}.Tensor", boolean(4), boolean(4)),
        call(f"aten::{name}.Tensor", f32(3), i64(3)),
        call(f"aten::{name}.Tensor", u8(9), i8(9)),
        call(f"aten::{name}.Tensor", f16(3), f64(3)),
        call(f"aten::{name}.Tensor", i64(), f32(3)),
        call(f"aten::{name}.Scalar", f32(N, 3), 0.5),
        call(f"aten::{name}.Scalar", i64(2, 9), 2),
        call(f"aten::{name}.Scalar", i64(2, 9), 2.5),
        call(f"aten::{name}.Scalar", u8(9), 3),
        call(f"aten::{name}.Scalar", boolean(4), True),
        call(f"aten::{name}.Scalar", boolean(4), 1),
        call(f"aten::{name}.Scalar", f16(4), 0.1),
        call(f"aten::{name}.Scalar", bf16(4), 1),
    )
]
EXTREMES = [
    case
    for name in ("maximum", "minimum", "max.other", "min.other", "fmax", "fmin")
    for case in (
        call(f"aten::{name}", f32(N, 3), f32(3)),
        call(f"aten::{name}", SPECIAL, OTHER),
        call(f"aten::{name}", i64(2, 3), i64(2, 1)),
        call(f"aten::{name}", i64(3), f32(3)),
        call(f"aten::{name}", u8(3), i32(3)),
        call(f"aten::{name}", f16(3), f16(3)),
        call(f"aten::{name}", f32(), f32(3)),
        call(f"aten::{name}", i8(3), i8(3)),
        call(f"aten::{name}", boolean(4), boolean(4)),
    )
]
LOGIC = [
    case
    for name in ("logical_and", "logical_or", "logical_xor")
    for case in (
        call(f"aten::{name}", boolean(N, 3), boolean(3)),
        call(f"aten::{name}", values([0.0, 1.5, NAN, -0.0]), values([1.0, 0.0, 2.0, 0.0])),
        call(f"aten::{name}", i64(9).within(0, 2), i64(9).within(0, 2)),
        call(f"aten::{name}", f32(3), i64(3).within(0, 2)),
        call(f"aten::{name}", f16(3), boolean(3)),
    )
] + [
    call("aten::logical_not", boolean(N, 3)),
    call("aten::logical_not", values([0.0, 1.5, NAN, -0.0])),
    call("aten::logical_not", i64(9).within(0, 2)),
    call("aten::logical_not", f16(3)),
    call("aten::logical_not", u8(9).within(0, 2)),
]
WHERE = [
    call("aten::where.self", boolean(N, 3), f32(3), f32(N, 1)),
    call("aten::where.self", boolean(2, 3), f32(2, 3), i64(3)),
    call("aten::where.self", boolean(2, 3), i64(2, 3), f32()),
    call("aten::where.self", boolean(2, 3), f16(2, 3), f16()),
    call("aten::where.self", boolean(2, 3), boolean(2, 3), boolean(3)),
    call("aten::where.self", boolean(), f32(2, 3), f32(3)),
    call("aten::where.Scalar", boolean(N, 3), 1, 0),
    call("aten::where.Scalar", boolean(2, 3), 1.5, -1.0),
    call("aten::where.Scalar", boolean(2, 3), 1, -1.5),
    call("aten::where.Scalar", boolean(2, 3), True, False),
    call("aten::where.ScalarOther", boolean(N, 3), f32(3), -INF),
    call("aten::where.ScalarOther", boolean(3), i64(3), 2),
    call("aten::where.ScalarOther", boolean(3), i64(3), 2.5),
    call("aten::where.ScalarOther", boolean(3), f16(3), 2),
    call("aten::where.ScalarSelf", boolean(N, 3), 0, f32(3)),
    call("aten::where.ScalarSelf", boolean(3), 1.5, i64(3)),
    call("aten::where.ScalarSelf", boolean(3), True, f16(3)),
]
CLOSE = [
    call("aten::isclose", f32(N, 3), f32(3)),
    call("aten::isclose", values([1.0, 1.0, 100.0, INF, NAN, INF]), values([1.000001, 1.1, 100.0005, INF, NAN, -INF])),
    call("aten::isclose", values([1.0, NAN, 1.0, INF]), values([1.05, NAN, 1.2, INF]), 0.1, 0.0, True),
    call("aten::isclose", i64(9), i64(9)),
    call("aten::isclose", i64(9), i64(9), 0.0, 2.0),
    call("aten::isclose", f16(3), f16(3), 0.5, 0.1),
]

CASES = COMPARISONS + EXTREMES + LOGIC + WHERE + CLOSE
