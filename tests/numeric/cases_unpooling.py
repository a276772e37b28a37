"""Max pools undone, and max pools over windows at given random places."""

import math

import torch
from cases import D, call, f16, f32, f64, program, values

N, L, NAN = D("n", 2, 3), D("l", 8, 11, 6, 64), math.nan

CASES = [
    call("aten::max_unpool2d", values([[[[1.0, 2.0]], [[3.0, 4.0]]]]), values([[[[0, 5]], [[11, 2]]]], torch.int64), [3, 4]),
    call("aten::max_unpool2d", f32(2, 1, 3), values([[[0, 5, 7]], [[2, 3, 11]]], torch.int64), [3, 4]),
    call("aten::max_unpool2d", f16(2, 1, 3), values([[[0, 5, 7]], [[2, 3, 11]]], torch.int64), [3, 4]),
    call("aten::max_unpool3d", f32(1, 2, 1, 1, 3), values([[[[[0, 5, 7]]], [[[2, 3, 23]]]]], torch.int64), [2, 3, 4], [2, 2, 2], [0, 0, 0]),
    call("aten::max_unpool3d", f64(2, 1, 1, 3), values([[[[0, 5, 7]]], [[[2, 3, 23]]]], torch.int64), [2, 3, 4], [1, 2, 2], [0, 1, 0]),
    program("unpooled again", lambda x: torch.nn.functional.max_unpool2d(*torch.nn.functional.max_pool2d(x, 2, return_indices=True), 2), f32(N, 2, 6, 8).unequal()),
    program("unpooled along one axis", lambda x: torch.nn.functional.max_unpool1d(*torch.nn.functional.max_pool1d(x, 2, return_indices=True), 2), f32(N, 2, 8).unequal()),
] + [
    call("aten::fractional_max_pool2d", image, kernel, size, samples.within(0, 1))
    for image, kernel, size, samples in (
        (f32(N, 3, 9, 8), [3, 2], [3, 4], f32(N, 3, 2)),
        (f32(3, 9, 8), [2, 2], [4, 1], f32(1, 3, 2)),
        (f64(2, 3, 6, 6), [2, 2], [5, 4], f64(2, 3, 2)),
        (f32(1, 2, L, 8), [2, 2], [3, 3], f32(1, 2, 2)),
        (f32(0, 2, 6, 6), [2, 2], [3, 3], f32(0, 2, 2)),
    )
] + [
    call("aten::fractional_max_pool3d", image, kernel, size, samples.within(0, 1))
    for image, kernel, size, samples in (
        (f32(2, 3, 7, 6, 8), [3, 2, 2], [2, 3, 4], f32(2, 3, 3)),
        (f32(3, 7, 6, 8), [2, 2, 2], [4, 1, 3], f32(1, 3, 3)),
    )
] + [
    call("aten::fractional_max_pool2d", values([[[[NAN, 1.0, 2.0], [3.0, NAN, 4.0], [5.0, 6.0, -1.0]]]]), [2, 2], [2, 2], values([[[0.3, 0.6]]])),
]  # fmt: skip
