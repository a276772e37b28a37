"""The same numbers in another data type, and operators that leave a tensor as it is."""

import math

import torch
from cases import D, DTYPES, bf16, boolean, call, f16, f32, f64, i8, i32, i64, of, program, u8, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
FRACTIONS = values([-2.7, -0.5, 0.0, -0.0, 0.5, 1.5, 2.7])

CASTS = [call("aten::to.dtype", FRACTIONS, to) for to in DTYPES if to != torch.uint8] + [
    call("aten::to.dtype", of(source, 2, 3), to) for source in DTYPES for to in DTYPES
    if source != to and (to != torch.uint8 or source in (torch.bool, torch.int64, torch.int32))
] + [
    call("aten::to.dtype", values([0.0, NAN, INF, -INF]), torch.bool),
    call("aten::to.dtype", values([300, -1, 256], torch.int64), torch.uint8),
    call("aten::to.dtype", values([200, -200, 128], torch.int64), torch.int8),
    call("aten::to.dtype", values([1 << 40, -(1 << 40) + 3], torch.int64), torch.int32),
    call("aten::to.dtype", values([65519.0, 65520.0, 1e-8]), torch.float16),
    call("aten::to.dtype", values([2, 0, 256], torch.int64), torch.bool),
]  # fmt: skip
# Rounded to even, subnormal, too large, not numbers.
UNUSUAL = values([0.3, -1.7, 17.0, 19.0, 448.0, 464.0, 465.0, 1e4, 60000.0, 62000.0, 1e9, 240.0, 247.0, 248.0, 61439.0, 61440.0, 0.001, -0.0, INF, -INF, NAN])
FLOAT8 = [
    program(f"{to}", lambda *xs, to=to: [y for x in xs for y in (x.to(to), x.to(to).float(), x.to(to).half())],
            UNUSUAL, f16(2, 3), f64(2, 3), i64(2, 3), bf16(N, 3))
    for to in (torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz)
]  # fmt: skip
OTHER_CASTS = [
    call("aten::to.dtype", f32(N, 3), torch.int64),
    call("aten::to.device", f32(N, 3), torch.device("cpu"), torch.float16),
    call("aten::to.dtype_layout", f32(N, 3), dtype=torch.int32),
    call("aten::to.dtype_layout", f32(3)),
    call("aten::to.other", f32(N, 3), i64(2)),
    call("aten::to.other", boolean(3), f16(2)),
    call("aten::_to_copy", f32(N, 3), dtype=torch.float64),
    call("aten::_to_copy", f32(3)),
    call("aten::type_as", i64(N, 3), f32(2)),
    call("aten::type_as", f32(3), f32(2)),
    call("prims::convert_element_type", f32(N, 3), torch.int64),
    call("prims::convert_element_type", i64(3), torch.bool),
    call("prims::convert_element_type", f32(3), torch.bfloat16),
]
SAME = [
    call(f"aten::{name}", sample)
    for name in ("alias", "alias_copy", "clone", "contiguous", "detach", "detach_copy", "positive", "real", "resolve_conj",
                 "resolve_neg", "lift_fresh", "lift_fresh_copy")
    for sample in (f32(N, 3), i64(2), bf16(2))
]  # fmt: skip
DROPOUTS = [
]
NUMBERS = [
    call("aten::item", i64()),
    call("aten::item", i64(1)),
    call("aten::item", f32()),
    program("a bool of a tensor as a number", lambda x, k: torch.full([2], k.item()), f32(2), boolean()),
    call("aten::_local_scalar_dense", i64()),
    call("aten::_local_scalar_dense", f32()),
    program("a number of a tensor in an expression", lambda x, k: x * k.item(), f32(2, 3), i64()),
    program("a float of a tensor in an expression", lambda x, k: x + k.item(), f32(2, 3), f64()),
    program("a number of an int32 tensor", lambda x, k: x + k.item(), i64(2), i32()),
    program("a number of a uint8 tensor", lambda x, k: x + k.item(), i64(2), u8()),
    program("a number of an int8 tensor", lambda x, k: x + k.item(), f32(2), i8()),
]

CASES = FLOAT8 + CASTS + OTHER_CASTS + SAME + DROPOUTS + NUMBERS
