"""Padding, resizing, shuffling of pixels and channels."""

import torch
from cases import D, DTYPES, boolean, call, f16, f32, i64, of, program, u8

N, L = D("n", 2, 3), D("l", 6, 9)
W = D("w", 8, 11, 8, 12)
SIZES = {1: (6,), 2: (5, 6), 3: (3, 4, 5)}

PADS = [
    call("aten::constant_pad_nd", f32(N, 3), [1, 2]),
    call("aten::constant_pad_nd", f32(2, 3), [1, 0, 0, 2], 1.5),
    call("aten::constant_pad_nd", f32(2, 5), [-1, 2], 3),
    call("aten::constant_pad_nd", f32(2, 5), [-1, -2]),
    call("aten::constant_pad_nd", i64(2, 3), [1, 1], 7),
    call("aten::constant_pad_nd", boolean(2, 3), [1, 1], True),
    call("aten::constant_pad_nd", f16(2, 3), [1, 1]),
    call("aten::constant_pad_nd", u8(3), [0, 0]),
    program("pad up to a symbolic size", lambda x, y: torch.ops.aten.constant_pad_nd(x, [0, y.shape[0]]), f32(2, 3), f32(L)),
    call("aten::pad", f32(2, 3), [1, 2]),
    call("aten::pad", f32(N, 3), [1, 2], "constant", 2.5),
    call("aten::pad", f32(1, 2, 5), [1, 2], "reflect"),
    call("aten::pad", f32(1, 2, 5, L), [1, 2, 0, 1], "replicate"),
    call("aten::pad", f32(1, 2, 4, L), [-4, 5, 2, -1], "replicate"),
    call("aten::pad", i64(1, 2, 4), [-4, 5], "replicate"),
    call("aten::replication_pad2d", f16(2, 4, 4), [8, -1, -1, -2]),
    call("aten::replication_pad1d", f32(2, N), [-1, 2]),
    call("aten::pad", f32(1, 2, 4, W), [-1, 1, -2, 1], "circular"),
    call("aten::pad", i64(1, 2, 5), [2, -2], "circular"),
    call("aten::_pad_circular", f32(1, 2, 5, W), [2, -1, 1, 0]),
    call("aten::_pad_circular", boolean(1, 2, 5), [1, 2]),
    call("aten::pad", f32(1, 2, 5), [2, 1], "circular"),
    call("aten::pad", f32(1, 2, 5, L), [2, 1, 1, 3], "circular"),
] + [
    case
    for axes in (1, 2, 3)
    for kind in ("reflection", "replication")
    for case in (
        call(f"aten::{kind}_pad{axes}d", f32(N, 2, *SIZES[axes]), [1, 2] * axes),
        call(f"aten::{kind}_pad{axes}d", f32(2, *SIZES[axes]), [0, 1] + [1, 0] * (axes - 1)),
        call(f"aten::{kind}_pad{axes}d", f16(1, 2, *SIZES[axes]), [1, 1] * axes),
        call(f"aten::{kind}_pad{axes}d", f32(1, 2, *SIZES[axes]), [-1, 2] + [0, -1] * (axes - 1)),
    )
]
NEAREST = [
    case
    for kind in ("upsample_nearest", "_upsample_nearest_exact")
    for axes in (1, 2, 3)
    for case in (
        call(f"aten::{kind}{axes}d.vec", f32(N, 2, *SIZES[axes]), None, [2.0] * axes),
        call(f"aten::{kind}{axes}d.vec", f32(1, 2, *SIZES[axes]), [7, 9, 4][:axes], None),
        call(f"aten::{kind}{axes}d.vec", f32(1, 2, *SIZES[axes]), [2] * axes, None),
        call(f"aten::{kind}{axes}d.vec", f32(1, 2, *SIZES[axes]), None, [1.7] * axes),
        call(f"aten::{kind}{axes}d.vec", f32(1, 2, *SIZES[axes]), None, [0.6] * axes),
    )
]
LINEAR = [
    case
    for axes, name in ((1, "upsample_linear1d"), (2, "upsample_bilinear2d"), (3, "upsample_trilinear3d"))
    for corners in (False, True)
    for case in (
        call(f"aten::{name}.vec", f32(N, 2, *SIZES[axes]), None, corners, [2.0] * axes),
        call(f"aten::{name}.vec", f32(1, 2, *SIZES[axes]), [7, 9, 4][:axes], corners, None),
        call(f"aten::{name}.vec", f32(1, 2, *SIZES[axes]), [2] * axes, corners, None),
        call(f"aten::{name}.vec", f32(1, 2, *SIZES[axes]), [1] * axes, corners, None),
        call(f"aten::{name}.vec", f32(1, 2, *SIZES[axes]), None, corners, [1.7] * axes),
        call(f"aten::{name}.vec", f32(1, 2, *SIZES[axes]), None, corners, [0.6] * axes),
    )
]
CUBIC = [
    case
    for corners in (False, True)
    for case in (
        call("aten::upsample_bicubic2d.vec", f32(N, 2, 5, 6), None, corners, [2.0, 2.0]),
        call("aten::upsample_bicubic2d.vec", f32(1, 2, 5, 6), [7, 9], corners, None),
        call("aten::upsample_bicubic2d.vec", f32(1, 2, 5, 6), [3, 2], corners, None),
        call("aten::upsample_bicubic2d.vec", f32(1, 2, 5, 6), None, corners, [1.7, 1.3]),
    )
]
SYMBOLIC = [
    call("aten::upsample_nearest2d.vec", f32(1, 2, L, L), None, [2.0, 2.0]),
    call("aten::upsample_bilinear2d.vec", f32(1, 2, L, L), None, False, [2.0, 2.0]),
    call("aten::upsample_bilinear2d.vec", f32(1, 2, L, L), [5, 5], True, None),
    call("aten::upsample_bilinear2d.vec", f32(1, 2, L, L), None, True, [1.7, 1.3]),
    program(
        "resize to another tensor's size",
        lambda x, y: torch.ops.aten.upsample_bilinear2d.vec(x, y.shape[2:], False, None),
        f32(1, 2, 4, 5), f32(1, 1, L, L),
    ),
    program(
        "nearest to another tensor's size",
        lambda x, y: torch.ops.aten.upsample_nearest2d.vec(x, y.shape[2:], None),
        f32(1, 2, 4, 5), f32(1, 1, L, L),
    ),
]  # fmt: skip
PIXELS = [
    call("aten::pixel_shuffle", f32(N, 8, 2, 3), 2),
    call("aten::pixel_shuffle", f32(9, 2, 3), 3),
    call("aten::pixel_shuffle", f32(1, 4, L, L), 2),
    call("aten::pixel_shuffle", f32(2, 1, 8, 2, 3), 2),
    call("aten::pixel_unshuffle", f32(N, 2, 4, 6), 2),
    call("aten::pixel_unshuffle", f32(1, 6, 9), 3),
    call("aten::channel_shuffle", f32(N, 6, 2, 3), 2),
    call("aten::channel_shuffle", f32(2, 6, 4), 3),
    call("aten::channel_shuffle", f32(1, 4, L, 2), 4),
]

TYPES = [
    case
    for dtype in DTYPES
    for case in (
        call("aten::constant_pad_nd", of(dtype, 2, 3), [1, 1], note="of every type"),
        call("aten::pixel_shuffle", of(dtype, 1, 4, 2, 2), 2),
        call("aten::channel_shuffle", of(dtype, 1, 4, 3), 2),
    )
]

CASES = PADS + NEAREST + LINEAR + CUBIC + SYMBOLIC + PIXELS + TYPES
