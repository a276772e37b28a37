"""Diagonals, triangles, and matrices made of them."""

import torch
from cases import D, DTYPES, boolean, call, f16, f32, f64, i8, i32, i64, of, program

N, M = D("n", 3, 5), D("m", 4, 6)
aten = torch.ops.aten

READ = [
    call("aten::diagonal", f32(3, 4)),
    call("aten::diagonal", f32(3, 4), 1),
    call("aten::diagonal", f32(3, 4), -1),
    call("aten::diagonal", f32(N, 3, 3), 0, 1, 2),
    call("aten::diagonal", f32(2, 3, 4), 1, -1, 0),
    call("aten::diagonal", f32(N, N)),
    call("aten::diagonal", f32(2, 3), 3),
    call("aten::tril", f32(N, 4)),
    call("aten::tril", f32(2, 3, 4), 1),
    call("aten::tril", boolean(3, 3), -1),
    call("aten::tril", i64(3, 3)),
    call("aten::tril", f16(3, 3)),
    call("aten::triu", f32(N, 4)),
    call("aten::triu", f32(2, 3, 4), -1),
    call("aten::triu", boolean(3, 3), 1),
    call("aten::triu", i32(3, 3), 1),
    program("triu beyond a symbolic diagonal", lambda x: aten.triu(x, x.shape[0] - 1), f32(N, 6)),
    call("aten::diagonal_scatter", f32(3, 4), f32(3)),
    call("aten::diagonal_scatter", f32(3, 4), f32(2), -1),
    call("aten::diagonal_scatter", f32(2, 3, 4), f32(2, 3), 1, 1, 2),
    call("aten::diagonal_copy", f32(N, 3, 3), 0, 1, 2),
    call("aten::diagonal_copy", i64(3, 4), -1),
    call("aten::linalg_diagonal", f32(N, 3, 4)),
    call("aten::linalg_diagonal", f32(2, 3, 4), offset=-1, dim1=0, dim2=2),
    call("aten::trace", f32(3, 5)),
    call("aten::trace", f32(N, M)),
    call("aten::trace", i32(4, 2)),
    call("aten::trace", f16(3, 3)),
    call("aten::trace", f32(0, 3)),
]
MADE = [
    call("aten::diag", f32(N)),
    call("aten::diag", f32(3), 2),
    call("aten::diag", f32(3), -1),
    call("aten::diag", f32(3, 4), 1),
    call("aten::diag", f32(2, 4), -1),
    call("aten::diag", f32(0)),
    call("aten::diagflat", f32(2, 3), 1),
    call("aten::diagflat", f32(N, 2)),
    call("aten::diagflat", f32(), -2),
    call("aten::diag_embed", f32(N, 3)),
    call("aten::diag_embed", f32(2, N), 1),
    call("aten::diag_embed", f32(2, 3), -2, 0, 2),
    call("aten::diag_embed", f32(2, 3), 1, 2, 0),
    call("aten::diag_embed", f32(2, 3, 4), 0, -1, 1),
    call("aten::diag_embed", f32(2, 0), 1),
    call("aten::block_diag", [f32(2, 3), f32(), f32(4), f32(N, 1)]),
    call("aten::block_diag", [i64(2, 2), f16(1, 3)]),
    call("aten::block_diag", [boolean(2, 2), boolean(1)]),
    call("aten::block_diag", [f32(0), f32(2, 2)]),
    call("aten::block_diag", [f64(2, 3)]),
    call("aten::block_diag", [i8(N, N), i8(N, 2)]),
]

TYPES = [
    case
    for dtype in DTYPES
    for case in (
        call("aten::diagonal", of(dtype, 3, 3), note="of every type"),
        call("aten::tril", of(dtype, 3, 4), -1),
        call("aten::triu", of(dtype, 3, 4), 1),
        call("aten::diag_embed", of(dtype, 3), 1),
        call("aten::diagflat", of(dtype, 2, 2), note="of every type"),
    )
]

CASES = READ + MADE + TYPES
