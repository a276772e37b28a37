"""Windows of an image as columns, and columns added up to an image."""

from cases import D, boolean, call, f16, f32, f64

N = D("n", 2, 3)

CASES = [
    call("aten::im2col", f32(N, 2, 5, 6), [2, 3], [1, 1], [0, 0], [1, 1]),
    call("aten::im2col", f32(1, 2, 5, 6), [2, 2], [1, 2], [1, 2], [2, 1]),
    call("aten::im2col", f32(2, 5, 6), [3, 2], [2, 1], [0, 1], [1, 2]),
    call("aten::im2col", f32(0, 1, 5, 5), [2, 2], [1, 1], [1, 1], [2, 2]),
    call("aten::im2col", f16(1, 2, 4, 4), [2, 2], [1, 1], [0, 0], [2, 2]),
    call("aten::im2col", boolean(1, 2, 4, 4), [2, 2], [1, 1], [1, 1], [2, 2]),
    call("aten::im2col", f64(1, 2, 4, 4), [2, 2], [1, 1], [1, 1], [2, 2]),
] + [
    call("aten::col2im", sample(*batch, 12, 16), [5, 6], [2, 3], [1, 1], [0, 0], [1, 1])
    for sample in (f32, f64, f16)
    for batch in ((2,), ())
] + [
    call("aten::col2im", f32(N, 8, 9), [6, 5], [2, 2], [1, 1], [0, 1], [2, 2]),
    call("aten::col2im", f64(N, 8, 9), [6, 5], [2, 2], [1, 1], [0, 1], [2, 2]),
    call("aten::col2im", f64(1, 4, 25), [5, 5], [2, 2], [2, 2], [1, 1], [1, 1]),
]
