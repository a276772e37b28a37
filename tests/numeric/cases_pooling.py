"""Windows: largest and mean values."""

import math

import torch
from cases import D, call, f16, f32, f64, i64, of, program, values

INTEGERS = (torch.int16, torch.int32, torch.int64, torch.uint8)
INF, NAN = math.inf, math.nan
N, L = D("n", 2, 3), D("l", 9, 12)
SIZES = {1: (9,), 2: (8, 9), 3: (5, 6, 7)}

LARGEST = [
    case
    for axes in (1, 2, 3)
    for size in (SIZES[axes],)
    for case in (
        *(
            case
            for name in (f"max_pool{axes}d", f"max_pool{axes}d_with_indices")
            for case in (
                call(f"aten::{name}", f32(2, 3, *size), [2] * axes),
                call(f"aten::{name}", f32(N, 3, *size), [3] * axes, [2] * axes, [1] * axes),
                call(f"aten::{name}", f32(2, 3, *size), [2], [1], [0], [2]),
                call(f"aten::{name}", f32(2, 3, *size), [2], [2], [0], [1], True),
                call(f"aten::{name}", f32(2, 3, *size), [3], [2], [1], [1], True),
                call(f"aten::{name}", f32(3, *size), [2]),
            )
        ),
        call(f"aten::adaptive_max_pool{axes}d", f32(N, 3, *(6,) * axes), [2] * axes),
        call(f"aten::adaptive_max_pool{axes}d", f32(2, 3, *(6,) * axes), [1] * axes),
        call(f"aten::adaptive_max_pool{axes}d", f32(3, *(6,) * axes), [3] * axes),
    )
] + [
    call("aten::max_pool2d", f32(1, 2, L, L), [2, 3], [1, 1], [1, 1]),
    call("aten::max_pool1d_with_indices", f32(1, 2, L), [3], [1], [1]),
    call("aten::max_pool2d", f32(1, 2, 8, 8), [3, 3], [3, 3], [1, 1], [1, 1], True),
    call("aten::max_pool2d", f32(1, 2, 7, 7), [2, 2], [3, 3], [1, 1], [1, 1], True),
    call("aten::max_pool1d", f32(1, 2, 12), [4], [3], [2], [1], True),
    call("aten::max_pool1d", f32(1, 2, 10), [2], [4], [0], [3], True),
    call("aten::max_pool2d", f32(1, 2, 9, 8), [2, 3], [3, 2], [1, 1], [3, 2], True),
    call("aten::max_pool2d", f32(1, 2, L, L), [3, 3], [1, 1], [1, 1], [1, 1], True),
    program(
        "max_pool2d with ceil_mode of twice a size",
        lambda x: torch.ops.aten.max_pool2d(torch.cat([x, x], 2), [2, 2], [2, 2], [0, 0], [1, 1], True),
        f32(1, 2, L, 7),
    ),
    call("aten::max_pool2d_with_indices", f32(1, 2, 7, 7), [2, 2], [3, 3], [1, 1], [1, 1], True),
    call("aten::max_pool2d", f64(1, 2, 4, 4), [2, 2]),
    call("aten::max_pool2d", f16(1, 2, 4, 4), [2, 2]),
    *(call("aten::max_pool2d", of(dtype, 1, 2, 5, 6), [3, 2], [2, 1], [1, 1], [1, 2], True) for dtype in INTEGERS),
    *(call("aten::max_pool2d_with_indices", of(dtype, 2, 7, 6), [3, 2], [2, 1], [1, 1], [2, 1]) for dtype in INTEGERS),
    call("aten::max_pool2d", i64(1, 2, 4, 4), [2, 2]),
    call("aten::max_pool3d_with_indices", i64(1, 2, 4, 4, 5), [2], [2], [1], [1], True),
    *(
        call(f"aten::adaptive_max_pool{axes}d", sample, parts)
        for axes, sample, parts in (
            (1, f32(N, 3, 9), [4]), (1, f32(3, 9), [12]), (1, f16(3, 9), [2]), (1, f32(1, 2, L), [5]),
            (2, f32(N, 3, 8, 9), [3, 4]), (2, f32(3, 8, 9), [8, 2]), (2, f32(1, 2, L, 7), [3, 2]), (2, f64(1, 2, 5, 5), [2, 3]),
            (3, f32(N, 3, 5, 6, 7), [2, 3, 4]), (3, f32(2, 5, 6, 7), [5, 2, 1]), (3, f32(0, 2, 5, 6, 7), [2, 4, 3]),
        )
    ),
    *(
        program(
            f"{name} of {kind}, windows left out of twice a size",
            lambda x, name=name: getattr(torch.ops.aten, name)(torch.cat([x, x], 2), [2, 2], [2, 2], [1, 0], [1, 1], True),
            sample,
        )
        for name in ("max_pool2d", "max_pool2d_with_indices")
        for kind, sample in (("floats", f32(1, 2, L, 7)), ("integers", i64(1, 2, L, 7)))
    ),
    call("aten::adaptive_max_pool1d", values([[1.0, NAN, 2.0, NAN, 3.0, 3.0, -1.0]]), [3]),
    call("aten::max_pool2d_with_indices", f32(1, 2, L, 8), [2, 3], [1, 2], [1, 0]),
]
NOT_NUMBERS = [
    case
    for dtype in (torch.float32, torch.float16, torch.float64)
    for image in (values([[[[1, NAN, 3, INF], [0, -INF, NAN, 2], [-INF, -INF, INF, 1], [0, -INF, 1, NAN]]]], dtype),)
    for case in (
        call("aten::max_pool2d", image, [2, 2]),
        call("aten::max_pool2d", image, [3, 3], [2, 2], [1, 1], [1, 1], True),
        call("aten::max_pool2d_with_indices", image, [2, 2], [1, 1]),
        call("aten::max_pool2d_with_indices", image, [2, 2], [2, 2], [1, 1], [2, 1]),
        call("aten::adaptive_max_pool2d", image, [2, 2]),
    )
] + [
    call("aten::max_pool1d", values([[NAN, 1.0, 2.0, INF, 3.0]]), [2], [1]),
    call("aten::max_pool1d_with_indices", values([[NAN, 1.0, 2.0, INF, 3.0]]), [2], [1]),
    call("aten::max_pool3d", values([[[[[1.0, NAN], [2.0, 3.0]], [[1.0, 5.0], [2.0, 3.0]]]]]), [1, 2, 2]),
    program("the values of a pool with indices alone", lambda x: torch.ops.aten.max_pool2d_with_indices(x, [2, 2])[0], values([[[1.0, NAN], [2.0, 3.0]]])),
]  # fmt: skip
MEAN = [
    case
    for axes in (1, 2, 3)
    for name, size in ((f"aten::avg_pool{axes}d", SIZES[axes]),)
    for case in (
        call(name, f32(2, 3, *size), [2] * axes),
        call(name, f32(N, 3, *size), [3] * axes, [2] * axes, [1] * axes),
        call(name, f32(2, 3, *size), [3], [2], [1], False, False),
        call(name, f32(2, 3, *size), [2], [2], [0], True),
        call(name, f32(2, 3, *size), [3], [2], [1], True, True),
        call(name, f32(2, 3, *size), [3], [2], [1], True, False),
        call(name, f32(2, 3, *size), [2], [3], [1], True, True),
        call(name, f32(3, *size), [2]),
        call(f"aten::adaptive_avg_pool{axes}d", f32(N, 3, *size), [1] * axes),
        call(f"aten::adaptive_avg_pool{axes}d", f32(2, 3, *(6,) * axes), [3] * axes),
        call(f"aten::adaptive_avg_pool{axes}d", f32(2, 3, *size), [4] * axes),
        call(f"aten::adaptive_avg_pool{axes}d", f32(2, 3, *size), [10] * axes),
        call(f"aten::adaptive_avg_pool{axes}d", f32(3, *size), [2] * axes),
    )
] + [
    case
    for axes in (2, 3)
    for name, size in ((f"aten::avg_pool{axes}d", SIZES[axes]),)
    for case in (
        call(name, f32(2, 3, *size), [2], [2], [0], False, True, 3),
        call(name, f32(2, 3, *size), [3], [2], [1], False, True, 5),
        call(name, f32(2, 3, *size), [3], [2], [1], False, False, 5),
        call(name, f32(2, 3, *size), [3], [2], [1], True, True, 5),
        call(f"aten::_adaptive_avg_pool{axes}d", f32(N, 3, *size), [4] * axes),
        call(f"aten::_adaptive_avg_pool{axes}d", f32(2, 3, *size), [1] * axes),
    )
] + [
    call("aten::avg_pool2d", f32(1, 2, L, L), [3, 2], [1, 1], [1, 1], True),
    call("aten::avg_pool2d", f16(1, 2, 4, 4), [2, 2]),
    call("aten::avg_pool2d", f32(1, 2, 7, 7), [2, 2], [2, 2], [0, 0], True, False),
    program(
        "avg_pool2d with ceil_mode of twice a size",
        lambda x: torch.ops.aten.avg_pool2d(torch.cat([x, x], 2), [2, 2], [2, 2], [0, 0], True, False),
        f32(1, 2, L, 7),
    ),
    call("aten::avg_pool2d", f32(1, 2, 7, 8), [3, 2], [2, 3], [1, 0], True, True, 5),
    call("aten::adaptive_avg_pool2d", f32(1, 2, L, 7), [3, 2]),
    call("aten::adaptive_avg_pool1d", f32(1, 2, L), [5]),
    call("aten::adaptive_avg_pool2d", f16(1, 2, 5, 5), [2, 3]),
    call("aten::adaptive_avg_pool1d", values([[1.0, NAN, 2.0, 4.0, INF, 3.0, -1.0]]), [3]),
    call("aten::adaptive_avg_pool3d", f32(0, 2, 5, 6, 7), [2, 4, 3]),
    call("aten::adaptive_avg_pool3d", f32(2, 5, 6, 7), [5, 6, 3]),
    call("aten::adaptive_avg_pool2d", f32(2, 3, 4), [3, 4]),
    program("adaptive_avg_pool2d to a symbolic size", lambda x, y: torch.ops.aten.adaptive_avg_pool2d(x, [y.shape[0], x.shape[3]]), f32(1, 2, 7, 8), f32(L)),
    call("aten::avg_pool3d", f32(1, 2, 4, L, 4), [2], [1], [1], True, False, 2),
    *(
        program(
            f"{kind} in ceil mode of twice a size, {options}",
            lambda x, options=options: torch.ops.aten.avg_pool2d(torch.cat([x, x], 2), [2, 3], [2, 2], [1, 0], True, *options),
            sample,
        )
        for options in ((True,), (False,), (True, 3), (False, -2))
        for kind, sample in (("floats", f32(1, 2, L, 7)), ("halves", f16(1, 2, L, 7)), ("integers", i64(1, 2, L, 7)))
    ),
    call("aten::avg_pool1d", i64(2, 3, 9), [4], [2], [1], True),
    call("aten::avg_pool1d", i64(3, 9), [4], [2], [1], False, False),
    call("aten::avg_pool2d", i64(1, 2, 7, 8), [3, 2], [2, 3], [1, 0], True, True),
    call("aten::avg_pool2d", i64(1, 2, 7, 8), [3, 2], [2, 3], [1, 0], True, False, -2),
    call("aten::avg_pool3d", i64(1, 2, 5, 6, 7), [3], [2], [1], True, False),
]

CASES = LARGEST + NOT_NUMBERS + MEAN
