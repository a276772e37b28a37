"""hstack and its like, hsplit and its like, and what brings tensors to one shape."""

from cases import D, DTYPES, boolean, call, f16, f32, i8, i64, of

N, M = D("n", 3, 5), D("m", 4, 6)

WIDENED = [
    call(f"aten::atleast_{least}d{overload}", [sample] if overload else sample)
    for least in (1, 2, 3)
    for overload in ("", ".Sequence")
    for sample in (f32(), i64(N), boolean(2, 3), f16(2, N, 3), f32(0))
] + [call("aten::atleast_2d.Sequence", [f32(), f32(3), i64(2, 3)])]
JOINS = [
    call(f"aten::{name}", tensors)
    for name in ("hstack", "vstack", "dstack", "column_stack")
    for tensors in ([f32(3), f32(3)], [f32(N, 2), f32(N, 2)], [f32(2, 3, 4), f32(2, 3, 4)], [f32(), i64()], [i8(2)], [boolean(3), boolean(3)])
] + [
    call("aten::hstack", [f32(N), f32(2)]),
    call("aten::vstack", [f32(N, 3), f32(3)]),
    call("aten::dstack", [f32(2, 3), f32(2, 3, N)]),
    call("aten::column_stack", [f32(N), f32(N, 2)]),
    call("aten::_chunk_cat", [f32(2, 3, 3), f32(2, 3, 1, 2), f32(2, 3)], 1, 3),
    call("aten::_chunk_cat", [f32(2, 3, 3), f32(4, 1), f32(1)], 0, 2),
    call("aten::_chunk_cat", [f32(N, 2), f32(N, 3)], 1, 2),
    call("aten::_chunk_cat", [f16(1, 2, 3), f16(1, 2, 3)], 1, 5),
    call("aten::_chunk_cat", [boolean(5)], 0, 2),
    call("aten::broadcast_tensors", [f32(N, 1), i64(4), f32()]),
    call("aten::broadcast_tensors", [f32(2, 1, 3), boolean(4, 1)]),
    call("aten::broadcast_tensors", [f32(2, 3), f32(2, 3)]),
    call("aten::broadcast_tensors", [f32(0, 3), f32(1)]),
]  # fmt: skip
SPLITS = [
    call("aten::hsplit.int", f32(6), 3),
    call("aten::hsplit.int", f32(N, 4), 2),
    call("aten::hsplit.array", f32(2, 5, 3), [1, 3]),
    call("aten::hsplit.array", f32(5), [-2, 9]),
    call("aten::vsplit.int", f32(4, 3), 2),
    call("aten::vsplit.int", f32(4, N), 1),
    call("aten::vsplit.array", f32(4, N), [1]),
    call("aten::dsplit.int", f32(2, 3, 4), 4),
    call("aten::dsplit.array", f32(2, N, 5), [4, 2]),
]
TYPES = [
    case
    for dtype in DTYPES
    for case in (
        call("aten::hstack", [of(dtype, 2), of(dtype, 3)]),
        call("aten::_chunk_cat", [of(dtype, 3), of(dtype, 2)], 0, 2),
        call("aten::broadcast_tensors", [of(dtype, 3, 1), of(dtype, 2)]),
        call("aten::hsplit.int", of(dtype, 4), 2),
    )
]

CASES = WIDENED + JOINS + SPLITS + TYPES
