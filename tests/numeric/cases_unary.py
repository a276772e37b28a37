"""One tensor in, the same shape out."""

import math

from cases import D, boolean, call, bf16, f16, f32, f64, i32, i64, u8, values
import torch

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan

# Where each is defined: floats within, whole numbers within.
DOMAINS = {
    "acos": ((-1, 1), (-1, 2)), "acosh": ((1, 9), (1, 9)), "asin": ((-1, 1), (-1, 2)), "asinh": ((-9, 9), (-9, 9)),
    "atan": ((-9, 9), (-9, 9)), "atanh": ((-0.99, 0.99), (0, 1)), "cos": ((-9, 9), (-9, 9)), "cosh": ((-5, 5), (-5, 5)), "erf": ((-3, 3), (-3, 3)),
    "exp": ((-5, 5), (-5, 5)), "exp2": ((-5, 5), (-5, 5)), "expm1": ((-4, 4), (-4, 4)), "log": ((0.1, 9), (1, 9)),
    "log10": ((0.1, 9), (1, 9)), "log1p": ((-0.9, 9), (0, 9)), "log2": ((0.1, 9), (1, 9)), "reciprocal": ((0.5, 9), (1, 9)),
    "rsqrt": ((0.1, 9), (1, 9)), "sin": ((-9, 9), (-9, 9)),
    "sinh": ((-5, 5), (-5, 5)), "special_erf": ((-3, 3), (-3, 3)), "sqrt": ((0, 9), (0, 9)), "tan": ((-1.4, 1.4), (-1, 2)),
    "deg2rad": ((-180, 180), (-180, 180)), "rad2deg": ((-3, 3), (-3, 4)), "logit": ((0.05, 0.95), (0, 2)),
    "special_entr": ((0, 5), (0, 9)),
}  # fmt: skip
FLOATING = [
    case
    for name, (floats, integers) in DOMAINS.items()
    for case in (
        call(f"aten::{name}", f32(2, 3).within(*floats)),
        call(f"aten::{name}", f16(N, 3).within(*floats)),
        call(f"aten::{name}", f64().within(*floats)),
        call(f"aten::{name}", i64(2, 3).within(*integers)),
        call(f"aten::{name}", u8(4).within(max(integers[0], 0), min(integers[1], 100))),
    )
]
OUTSIDE = [
    call(f"aten::{name}", values([-INF, -2.0, -0.0, 0.0, INF, NAN]))
    for name in ("acos", "acosh", "asinh", "asin", "atan", "atanh", "cosh", "erf", "exp", "exp2", "expm1", "log", "log10", "log1p", "log2",
                 "reciprocal", "rsqrt", "sinh", "special_entr", "sqrt", "logit")
]  # fmt: skip
BOOLEAN = [call(f"aten::{name}", boolean(4)) for name in ("exp", "expm1", "sin", "sqrt", "rsqrt", "erf", "log2", "deg2rad")]

SIGNS = [
    case
    for name in ("abs", "absolute", "neg", "negative", "sign", "sgn", "square", "trunc", "fix", "frac", "ceil", "floor", "round")
    for case in (
        call(f"aten::{name}", f32(N, 3)),
        call(f"aten::{name}", f16(4)),
        call(f"aten::{name}", f64()),
        call(f"aten::{name}", values([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.0, -0.0])),
        call(f"aten::{name}", values([INF, -INF, NAN])),
    )
]
WHOLE = [
    call(f"aten::{name}", sample)
    for name in ("abs", "absolute", "neg", "negative", "sign", "sgn", "square", "trunc", "fix", "ceil", "floor", "round")
    for sample in (i64(2, 3), i32(4), u8(4))
]

QUESTIONS = [
    case
    for name in ("isinf", "isnan", "isposinf", "isneginf", "isfinite")
    for case in (
        call(f"aten::{name}", values([[1.0, INF, -INF], [NAN, 0.0, -1.0]])),
        call(f"aten::{name}", values([1.0, INF, -INF, NAN, 65504.0], torch.float16)),
        call(f"aten::{name}", values([1.0, INF, -INF, NAN], torch.float64)),
        call(f"aten::{name}", values([1.0, INF, -INF, NAN], torch.bfloat16)),
        call(f"aten::{name}", i64(N, 2)),
        call(f"aten::{name}", boolean(3)),
    )
]

OTHERS = [
    call("aten::sign", boolean(3)),
    call("aten::sgn", boolean(3)),
    call("aten::square", boolean(3)),
    call("aten::abs", f32(0, 3)),
    call("aten::sqrt", f32(0)),
    call("aten::floor", bf16(4)),
    call("aten::exp", bf16(4)),
    call("aten::neg", bf16(4)),
    call("aten::log1p", values([1e-7, -1e-7, 1e-4, 3.0])),
    call("aten::expm1", values([1e-7, -1e-7, 1e-4, 3.0])),
    call("aten::round.decimals", values([1.245, -1.255, 12.5, 0.05]), decimals=1),
    call("aten::round.decimals", values([1245.0, -1255.0, 12.5]), decimals=-1),
    call("aten::round.decimals", values([0.5, 1.5, -2.5]), decimals=0),
    call("aten::round.decimals", f16(4), decimals=2),
    call("aten::nan_to_num", values([1.0, NAN, INF, -INF])),
    call("aten::nan_to_num", values([1.0, NAN, INF, -INF]), 2.0, 3.0, -4.0),
    call("aten::nan_to_num", values([1.0, NAN, INF, -INF], torch.float16)),
    call("aten::nan_to_num", values([1.0, NAN, INF, -INF], torch.float64), nan=1.0),
    call("aten::nan_to_num", i64(3)),
    call("aten::angle", values([1.0, -2.0, 0.0, -0.0, NAN, INF, -INF])),
    call("aten::angle", i64(2, 3)),
    call("aten::angle", f16(2, 3)),
    call("aten::angle", f64(3)),
    call("aten::angle", u8(3)),
    call("aten::angle", boolean(3)),
    call("aten::logit", values([-0.5, 0.0, 0.2, 1.0, 1.5]), 0.1),
    call("aten::logit", f16(4).within(0, 1), 0.01),
    call("aten::logit", f32(4).within(0, 1), eps=0.0),
]

CASES = FLOATING + OUTSIDE + BOOLEAN + SIGNS + WHOLE + QUESTIONS + OTHERS
