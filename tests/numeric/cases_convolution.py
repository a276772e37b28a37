"""Convolutions of one, two and three axes, there and back."""

from cases import D, bf16, call, f16, f32, f64, i8, i16, i32, i64, u8, weight

N, L = D("n", 2, 3), D("l", 9, 12, 7, 64)
SIZES = {1: (9,), 2: (8, 9), 3: (5, 6, 7)}
KERNELS = {1: (3,), 2: (3, 2), 3: (2, 3, 1)}


def w(*dims):
    return weight(f32(*dims))


FORWARD = [
    case
    for axes in (1, 2, 3)
    for name, size, kernel in ((f"aten::conv{axes}d", SIZES[axes], KERNELS[axes]),)
    for case in (
        call(name, f32(2, 4, *size), w(6, 4, *kernel)),
        call(name, f32(N, 4, *size), w(6, 4, *kernel), w(6), [2] * axes, [1] * axes),
        call(name, f32(2, 4, *size), w(6, 2, *kernel), w(6), [1], [0], [2], 2),
        call(name, f32(2, 4, *size), w(4, 1, *kernel), None, [1] * axes, [1] * axes, [1] * axes, 4),
        call(name, f32(4, *size), w(6, 4, *kernel), w(6)),
        call(name, f16(2, 4, *size), f16(6, 4, *kernel), f16(6)),
        call(f"{name}.padding", f32(2, 4, *size), w(6, 4, *kernel), w(6), [1], "same"),
        call(f"{name}.padding", f32(2, 4, *size), w(6, 4, *kernel), None, [1], "same", [2]),
        call(f"{name}.padding", f32(2, 4, *size), w(6, 2, *kernel), w(6), [2], "valid", [1], 2),
        call(f"{name}.padding", f32(4, *size), w(6, 4, *kernel), None, [1], "same"),
    )
] + [
    call("aten::conv1d", f32(2, 4, L), w(6, 4, 3), w(6), [2], [1]),
    call("aten::conv1d.padding", f32(2, 4, L), w(6, 4, 4), w(6), [1], "same"),
    call("aten::conv1d.padding", f32(2, 4, 9), f32(6, 4, L), None, [1], "same", [2]),
    call("aten::conv1d.padding", f32(4, 9), f32(6, 4, L), w(6), [1], "same", [2]),
    call("aten::conv2d", f32(1, 2, L, L), w(3, 2, 3, 3), None, [1, 2], [2, 0], [1, 2]),
    call("aten::conv2d", f64(1, 2, 5, 5), f64(3, 2, 3, 3)),
    call("aten::conv2d", bf16(1, 2, 5, 5), bf16(3, 2, 3, 3)),
    call("aten::conv2d", f32(0, 2, 5, 5), w(3, 2, 3, 3)),
    call("aten::conv2d", f32(1, 2, 5, 5), f32(3, 2, 1, 1), f32(3)),
]
BACKWARD = [
    case
    for axes in (1, 2, 3)
    for name, size, kernel in ((f"aten::conv_transpose{axes}d" + ("" if axes == 1 else ".input"), SIZES[axes], KERNELS[axes]),)
    for case in (
        call(name, f32(2, 4, *size), w(4, 6, *kernel)),
        call(name, f32(N, 4, *size), w(4, 6, *kernel), w(6), [2] * axes, [1] * axes, [1] * axes),
        call(name, f32(2, 4, *size), w(4, 3, *kernel), w(6), [2], [0], [0], 2),
        call(name, f32(2, 4, *size), w(4, 6, *kernel), None, [3] * axes, [1] * axes, [2] * axes, 1, [2] * axes),
        call(name, f32(4, *size), w(4, 6, *kernel), w(6)),
    )
] + [
    call("aten::conv_transpose1d", f32(2, 4, 5), w(4, 6, 3), w(6), [2], [1], [2], 1, [3]),
    call("aten::conv_transpose1d", f32(4, 5), w(4, 6, 3), None, [2], [0], [3], 1, [4]),
    call("aten::conv_transpose2d.input", f32(2, 4, 5, 6), w(4, 3, 2, 3), w(6), [3, 2], [1, 2], [2, 3], 2, [4, 4]),
    call("aten::conv_transpose2d.input", f16(2, 4, 5, 6), weight(f16(4, 3, 2, 3)), weight(f16(6)), [1, 2], [0, 0], [2, 1], 2, [3, 3]),
    call("aten::convolution", f32(2, 4, 5), w(4, 6, 3), w(6), [1], [2], [3], True, [2], 1),
    call("aten::conv_transpose1d", f32(2, 4, L), w(4, 6, 3), w(6), [2], [1], [1])]
GENERAL = [
    call("aten::convolution", f32(N, 4, 8, 9), w(6, 4, 3, 3), w(6), [2, 1], [1, 1], [1, 1], False, [0, 0], 1),
    call("aten::convolution", f32(2, 4, 9), w(6, 2, 3), None, [1], [0], [2], False, [0], 2),
    call("aten::convolution", f32(2, 4, 8, 9), w(4, 3, 3, 3), w(6), [2, 2], [1, 1], [1, 1], True, [1, 1], 2),
    call("aten::convolution", f32(2, 4, 9), w(4, 6, 3), None, [2], [1], [1], True, [0], 1),
    call("aten::_convolution", f32(N, 4, 8, 9), w(6, 4, 3, 3), w(6), [1, 1], [1, 1], [1, 1], False, [0, 0], 1, False, False, True, True),
    call("aten::_convolution", f32(2, 4, 9), w(4, 6, 3), None, [2], [1], [1], True, [1], 1, False, False, True, True),
]
# There are no integer kernels for all of these in PyTorch; what it has is exact and wraps around.
INTEGERS = [
    case
    for axes in (1, 2, 3)
    for size, kernel in ((SIZES[axes], KERNELS[axes]),)
    for case in (
        call(f"aten::conv{axes}d", i64(2, 4, *size), i64(6, 4, *kernel)),
        call(f"aten::conv{axes}d", i64(N, 4, *size), i64(6, 2, *kernel), i64(6), [2] * axes, [1] * axes, [2] * axes, 2),
        call(f"aten::conv{axes}d.padding", i64(2, 4, *size), i64(6, 4, *kernel), None, [1], "same"),
        call(f"aten::conv_transpose{axes}d" + ("" if axes == 1 else ".input"), i64(2, 4, *size), i64(4, 3, *kernel), i64(6), [2], [1], [1], 2),
        call(f"aten::conv_transpose{axes}d" + ("" if axes == 1 else ".input"), i64(4, *size), i64(4, 3, *kernel), None, [3], [0], [2], 1, [2]),
    )
] + [
    call("aten::conv1d", i64(2, 4, L), i64(6, 4, 3), i64(6), [2], [1]),
    call("aten::conv_transpose1d", i64(2, 4, L), i64(4, 6, 3), i64(6), [2], [2], [1]),
    call("aten::conv2d", i32(1, 2, 5, 5), i32(3, 2, 3, 3), i32(3)),
    call("aten::conv2d", i16(1, 2, 5, 5), i16(3, 2, 3, 3)),
    call("aten::conv2d", i8(1, 2, 5, 5), i8(3, 2, 3, 3)),
    call("aten::conv2d", u8(1, 2, 5, 5).within(0, 200), u8(3, 2, 3, 3), u8(3)),
]

CASES = FORWARD + BACKWARD + GENERAL + INTEGERS
