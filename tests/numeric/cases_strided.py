"""Memory read and written by strides."""

import torch
from cases import D, DTYPES, boolean, call, f16, f32, i64, of, program

N = D("n", 3, 5)

CASES = [
    call("aten::as_strided", f32(3, 4), [2, 2], [1, 2], 3),
    call("aten::as_strided", f32(16), [2, 1, 1, 2], [1, 7, 7, 1]),
    call("aten::as_strided", i64(5), [3, 3], [1, 1]),
    call("aten::as_strided", f32(3), [], []),
    call("aten::as_strided", f32(3), [2, 0], [1, 1], 1),
    call("aten::as_strided", f32(3), [4], [0], 2),
    call("aten::as_strided_copy", f32(3, 4), [2, 2], [1, 2], 3),
    call("aten::as_strided_copy", boolean(6), [2, 3], [3, 1]),
    call("aten::as_strided_scatter", f32(3, 4), f32(2, 2), [2, 2], [1, 2], 3),
    call("aten::as_strided_scatter", f16(5), f16(), [], [], 4),
    call("aten::as_strided_scatter", f32(4, 2), f32(4), [4], [2]),
    program("as_strided of a symbolic size", lambda x: torch.as_strided(x, (x.shape[0], 2), (4, 1), 1), f32(N, 4)),
    program("as_strided of a view reads the memory behind it", lambda x: torch.as_strided(x.t()[1], (2, 2), (4, 1), 2), f32(3, 4)),
    program("as_strided with the offset of its view", lambda x: torch.as_strided(x[1], (2,), (1,)), f32(3, 4)),
    program("a write through as_strided", lambda x: (y := x.clone(), torch.as_strided(y, (2, 2), (1, 2), 1).fill_(7), y)[2], f32(3, 4)),
    *(call("aten::as_strided", of(dtype, 6), [2, 2], [3, 2]) for dtype in DTYPES),
    *(call("aten::as_strided_scatter", of(dtype, 6), of(dtype, 2), [2], [3]) for dtype in DTYPES),
]
