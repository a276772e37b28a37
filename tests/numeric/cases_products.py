"""Products of whole tensors, and tuples of elements."""

from cases import D, boolean, call, f16, f32, f64, i32, i64

N, M = D("n", 3, 5), D("m", 4, 6)

CASES = [
    call("aten::tensordot", f32(2, 3, 4), f32(4, 3, 5), [1, 2], [1, 0]),
    call("aten::tensordot", f32(N, 3, 4), f32(4, M), [2], [0]),
    call("aten::tensordot", f32(2, 3), f32(2, 3), [0, -1], [0, 1]),
    call("aten::tensordot", f32(2), f32(3), [], []),
    call("aten::tensordot", f32(), f32(3), [], []),
    call("aten::tensordot", f32(2, 1), f32(3, 4), [1], [0]),
    call("aten::tensordot", f32(2, 3), f32(4, 1), [1], [1]),
    call("aten::tensordot", i64(2, 3), i64(3, 2), [1], [0]),
    call("aten::tensordot", f16(2, 3), f16(3, 2), [1], [0]),
    call("aten::tensordot", f64(2, 0), f64(0, 2), [1], [0]),
    call("aten::tensordot", f32(N, M), f32(M, N), [0, 1], [1, 0]),
    call("aten::inner", f32(3), f32(3)),
    call("aten::inner", f32(2, 3), f32(4, 5, 3)),
    call("aten::inner", f32(N, 4), f32(M, 4)),
    call("aten::inner", f32(), f32(2, 3)),
    call("aten::inner", i32(2, 3), i32(3)),
    call("aten::kron", f32(2, 3), f32(4, 1)),
    call("aten::kron", f32(3, 2), f32(3)),
    call("aten::kron", f32(), f32(2, 3)),
    call("aten::kron", i64(2), f16(2, 2)),
    call("aten::kron", boolean(2, 2), boolean(3)),
    call("aten::kron", f32(2, 3, 1), f32(4, 2)),
    call("aten::cartesian_prod", [f32(2), f32(3), f32(N)]),
    call("aten::cartesian_prod", [f32(3)]),
    call("aten::cartesian_prod", [i64(2), i64(0)]),
    call("aten::cartesian_prod", [boolean(2), boolean(2)]),
    call("aten::combinations", boolean(4), 1),
    call("aten::combinations", f32(4), 0),
]
