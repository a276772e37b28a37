"""Resampling with filters that widen as the image shrinks."""

import torch
from cases import D, call, f32, f64, program

N, L = D("n", 2, 3), D("l", 8, 11, 4, 64)
aten = torch.ops.aten

CASES = [
    case
    for kind in ("bilinear", "bicubic", "lanczos")
    for corners in (False, True)
    for name in (f"aten::_upsample_{kind}2d_aa",)
    for case in (
        call(f"{name}.vec", f32(N, 2, 8, 9), [3, 4], corners, None),
        call(f"{name}.vec", f32(1, 2, 5, 6), [7, 9], corners, None),
        call(f"{name}.vec", f32(1, 2, 8, 9), None, corners, [0.6, 1.3]),
        call(f"{name}.vec", f32(1, 2, L, 9), [1, 4], corners, None),
        call(name, f32(N, 2, 10, 9), [3, 12], corners),
        call(name, f32(1, 2, 10, 9), [3, 4], corners, 1.7, 0.9),
        call(name, f32(1, 2, 10, 9), [4, 4], corners, 0.45, None),
        call(name, f64(1, 2, 6, 6), [4, 5], corners),
        call(name, f32(1, 2, 6, 7), [6, 1], corners),
    )
] + [
    program("half of a symbolic size", lambda x: aten._upsample_bilinear2d_aa.default(x, [x.shape[2] // 2, 4], True), f32(1, 2, L, 9)),
    program("a symbolic size by a factor", lambda x: aten._upsample_bicubic2d_aa.vec(x, None, False, [0.5, 0.7]), f32(1, 2, L, 9)),
]
