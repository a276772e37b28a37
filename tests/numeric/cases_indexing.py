"""Taking elements and putting them: slices, gathers, masks, the index lists of brackets."""

import math

import torch
from cases import D, DTYPES, bf16, boolean, call, f16, f32, i32, i64, of, program, values, weight

N, M, K = D("n", 3, 5), D("m", 4, 6), D("k", 4, 5, 3, 8)
NAN = math.nan
aten = torch.ops.aten
PLACES = values([[2, 0], [1, 1]], torch.int64)
MASK = values([[True, False, True], [False, False, True]], torch.bool)

PIECES = [
    call("aten::select.int", f32(N, 3, 4), 1, 2),
    call("aten::select.int", f32(N, 3), 0, -1),
    call("aten::select.int", i64(3), 0, 1),
    program("select at a symbolic place", lambda x, y: aten.select.int(x, 1, y.shape[0] - 1), f32(2, 8), f32(K)),
    program("select at a place from a tensor", lambda x, k: aten.select.int(x, 0, k.item()), f32(3, 2), i64().within(0, 3)),
    call("aten::slice.Tensor", f32(N, 5), 1, 1, 4),
    call("aten::slice.Tensor", f32(2, 5), 1, -3, None),
    call("aten::slice.Tensor", f32(2, 5), -1, None, -1, 2),
    call("aten::slice.Tensor", f32(K, 5), 0, 1, 9223372036854775807),
    call("aten::slice.Tensor", f32(5), 0, 4, 2),
    call("aten::slice.Tensor", f32(5), 0, -9, 9),
    call("aten::slice.Tensor", f32(5)),
    program("slice to a symbolic end", lambda x, y: aten.slice.Tensor(x, 1, 1, y.shape[0]), f32(2, 8), f32(K)),
    program("slice from the back by a symbolic size", lambda x: aten.slice.Tensor(torch.cat([x, x]), 0, -x.shape[0]), f32(N, 2)),
    call("aten::narrow", f32(N, 5), 1, 1, 3),
    call("aten::narrow", f32(5), -1, -3, 2),
    call("aten::narrow", f32(5, 2), 0, 5, 0),
    program("narrow to a symbolic length", lambda x, y: aten.narrow(torch.cat([x, y]), 0, 1, y.shape[0]), f32(2, 3), f32(N, 3)),
    call("aten::unfold", f32(N, 7), 1, 3, 2),
    call("aten::unfold", f32(7, 2), 0, 2, 1),
    call("aten::unfold", f32(7), -1, 7, 3),
    call("aten::unfold_copy", f32(N, 7), 1, 3, 2),
    call("aten::unfold_copy", boolean(5), 0, 2, 2),
    call("aten::unfold_copy", f32(), 0, 1, 1),
    call("aten::narrow_copy", f32(N, 5), -1, -3, 2),
    call("aten::narrow_copy", f16(5, 2), 0, 1, 0),
]
SCATTERED_PIECES = [
    call("aten::select_scatter", f32(N, 3, 4), f32(N, 4), 1, -1),
    call("aten::select_scatter", i64(3, 2), i64(2), 0, 1),
    call("aten::slice_scatter", f32(N, 5), f32(N, 2), 1, 1, 3),
    call("aten::slice_scatter", f32(5, 2), f32(2, 2), 0, -4, -1, 2),
    call("aten::slice_scatter", f32(5, 2), f32(5, 2)),
    call("aten::slice_scatter", f32(5, 2), f32(3, 2), 0, 2, 9223372036854775807),
]
TAKEN = [
    call("aten::index_select", f32(N, 3), 1, values([2, 0, 0], torch.int64)),
    call("aten::index_select", f32(3, 2), -2, values([1], torch.int32)),
    call("aten::index_select", f32(3), 0, values(2, torch.int64)),
    call("aten::index_select", i64(3, 2), 0, i64(0)),
    call("aten::gather", f32(N, 3), 1, i64(N, 2).within(0, 3)),
    call("aten::gather", f32(3, 2), 0, PLACES),
    call("aten::gather", f32(3, 4), 0, PLACES),
    call("aten::gather", f32(), 0, values(0, torch.int64)),
    call("aten::gather", f32(3), 0, values([2, 2, 0], torch.int64), sparse_grad=False),
    call("aten::take", f32(2, 3), values([0, 5, -1], torch.int64)),
    call("aten::take", i64(N, 3), PLACES),
    call("aten::take_along_dim", f32(2, 3), values([[2, 0], [1, 1]], torch.int64), 1),
    call("aten::take_along_dim", f32(2, 3), values([0, 5, 3], torch.int64)),
    call("aten::take_along_dim", f32(4, 3), i64(2, 3).within(0, 4), 0),
    call("aten::embedding", weight(f32(5, 3)), i64(N, 2).within(0, 5)),
    call("aten::embedding", f32(5, 3), i32(4).within(0, 5), 2),
    call("aten::embedding", f16(5, 3), i64().within(0, 5)),
    call("aten::one_hot", i64(N, 2).within(0, 4), 4),
    call("aten::one_hot", i64().within(0, 4), 5),
    call("aten::argwhere", i64(N, 3).within(0, 2)),
    call("aten::argwhere", MASK),
    call("aten::nonzero", f32(N, 3)),
    call("aten::nonzero", MASK),
    call("aten::nonzero", i64(4).within(0, 2)),
    call("aten::nonzero", f32()),
    call("aten::nonzero_numpy", MASK),
    call("aten::nonzero_static", f32(N, 3).within(-1, 2), size=4),
    call("aten::nonzero_static", MASK, size=2, fill_value=7),
    call("aten::nonzero_static", values([0.0, 2.0, NAN]), size=5),
    call("aten::nonzero_static", i64(0, 3), size=2),
    call("aten::nonzero_static", i64(2, 3), size=0),
    call("aten::nonzero_static", f32(), size=3),
    program("nonzero_static of a symbolic size", lambda x: torch.nonzero_static(x, size=x.shape[0]), i64(N, 2).within(0, 2)),
    call("aten::masked_select", f32(2, 3), MASK),
    call("aten::masked_select", f32(3), MASK),
    call("aten::masked_select", i64(N, 3), boolean(3)),
]
INDEXED = [
    call("aten::_unsafe_masked_index", f32(3, 4), values([[True, False], [False, True]], torch.bool), [values([[2], [9]], torch.int64), values([[1, -7]], torch.int64)], 1.5),
    call("aten::_unsafe_masked_index", i64(N, 4), boolean(N, 2), [None, values([3, 1], torch.int32)], 7),
    call("aten::_unsafe_masked_index", f16(4, 3), values([True, False, True], torch.bool), [values([1, 5, 0], torch.int64), values([2, 2, 1], torch.int64)], -1.0),
    call("aten::_unsafe_masked_index", boolean(3), values([True, False], torch.bool), [values([2, 4], torch.int64)], True),
    call("aten::index.Tensor", f32(N, 3), [i64(4).within(0, 3)]),
    call("aten::index.Tensor", f32(4, 3), [None, values([2, 0], torch.int64)]),
    call("aten::index.Tensor", f32(4, 3), [PLACES, values([1, 2], torch.int64)]),
    call("aten::index.Tensor", f32(4, 3, 2), [values([1, 3], torch.int64), None, values([1, 0], torch.int64)]),
    call("aten::index.Tensor", f32(4, 3, 2), [None, values([1, 2, 0], torch.int64), values([[1], [0]], torch.int64)]),
    call("aten::index.Tensor", f32(N, 3, 2), [None, values([2, -1], torch.int64)]),
    call("aten::index.Tensor", f32(4, 3), [values([-1, 0], torch.int64)]),
    call("aten::index.Tensor", f32(4, 3), [values([1], torch.int32)]),
    call("aten::index.Tensor", f32(4, 3), [i64().within(0, 4)]),
    call("aten::index.Tensor", f32(2, 3), [MASK]),
    call("aten::index.Tensor", f32(2, 3, 4), [MASK]),
    call("aten::index.Tensor", f32(2, 3), [None, values([True, False, True], torch.bool)]),
    call("aten::index.Tensor", f32(N, 2, 3), [None, MASK]),
    call("aten::index.Tensor", i64(5), [values([[0, 1], [4, 2]], torch.int64)]),
    call("aten::index.Tensor", boolean(5), [values([0, 4], torch.int64)]),
    program("the last of each row", lambda x, k: x[torch.arange(x.shape[0]), k], f32(N, 4), i64(N).within(0, 4)),
]
PUT = [
    case
    for name in ("index_put", "_unsafe_index_put")
    for case in (
        call(f"aten::{name}", f32(N, 3), [values([2, 0], torch.int64)], f32(2, 3)),
        call(f"aten::{name}", f32(4, 3), [values([2, 0, 2], torch.int64)], f32(3, 3), True),
        call(f"aten::{name}", f32(4, 3), [None, values([2, 0], torch.int64)], f32(4, 2)),
        call(f"aten::{name}", f32(4, 3), [values([-1, 0], torch.int64), values([1, -1], torch.int64)], f32(2)),
        call(f"aten::{name}", f32(4, 3), [values([1], torch.int64)], f32()),
        call(f"aten::{name}", f32(2, 3), [MASK], f32()),
        call(f"aten::{name}", f32(2, 3), [MASK], f32(3)),
        call(f"aten::{name}", f32(2, 3, 2), [MASK], f32(3, 2)),
        call(f"aten::{name}", f32(3, 2), [values([True, False, True], torch.bool)], f32(2)),
        call(f"aten::{name}", i64(4, 3), [values([1, 1], torch.int64)], i64(2, 3), True),
        call(f"aten::{name}", f32(4, 3, 2), [values([1, 0], torch.int64), None, values([1, 0], torch.int64)], f32(2, 3)),
        call(f"aten::{name}", f32(N, 4, 2), [None, values([1, 3], torch.int64)], f32(2, 2)),
        call(f"aten::{name}", f16(4, 3), [values([2, 0, 2], torch.int64)], f16(3, 3), True),
        call(f"aten::{name}", bf16(4), [values([1, 1], torch.int64)], bf16(2), True),
        call(f"aten::{name}", boolean(4, 3), [values([2, 0, 2], torch.int64)], boolean(3, 3), True),
    )
] + [
    call("aten::_unsafe_masked_index_put_accumulate", f32(3, 4), values([[True, False], [False, True]], torch.bool), [values([[2], [9]], torch.int64), values([[1, -7]], torch.int64)], f32(2, 2)),
    call("aten::_unsafe_masked_index_put_accumulate", f16(N, 4), values([True, False, True], torch.bool), [None, values([1, 8, 1], torch.int64)], f16(N, 3)),
    call("aten::_unsafe_masked_index_put_accumulate", boolean(3), values([True, False], torch.bool), [values([2, 4], torch.int64)], boolean(2)),
    call("aten::_unsafe_masked_index_put_accumulate", i64(3), values([True, True], torch.bool), [values([2, 2], torch.int64)], i64(2)),
] + [
    call("aten::masked_fill.Scalar", f32(N, 3), boolean(3), -1e9),
    call("aten::masked_fill.Scalar", f32(2, 3), MASK, float("-inf")),
    call("aten::masked_fill.Scalar", i64(2, 3), MASK, 7),
    call("aten::masked_fill.Scalar", f16(2, 3), MASK, -65504.0),
    call("aten::masked_fill.Scalar", f32(3), MASK, 1),
    call("aten::masked_fill.Scalar", boolean(2, 3), MASK, True),
    call("aten::masked_fill.Scalar", bf16(2, 3), MASK, 0),
    call("aten::masked_fill.Tensor", f32(N, 3), boolean(N, 1), f32()),
    call("aten::masked_fill.Tensor", i64(2, 3), MASK, i64()),
    call("aten::masked_fill.Tensor", f16(2, 3), MASK, f32()),
    call("aten::masked_scatter", f32(2, 3), MASK, f32(4)),
    call("aten::masked_scatter", f32(2, 3), MASK, f32(2, 3)),
    call("aten::masked_scatter", f32(N, 2, 3), MASK, f32(M, 12)),
    call("aten::masked_scatter", i64(2, 3), MASK, i64(3)),
]

TYPES = [
    case
    for dtype in DTYPES
    for case in (
        call("aten::select.int", of(dtype, 3, 2), 0, 1, note="of every type"),
        call("aten::slice.Tensor", of(dtype, 5), 0, 1, 4, note="of every type"),
        call("aten::unfold", of(dtype, 7), 0, 3, 2),
        call("aten::index_select", of(dtype, 3, 2), 0, values([2, 0], torch.int64)),
        call("aten::gather", of(dtype, 3, 2), 0, PLACES, note="of every type"),
        call("aten::take", of(dtype, 2, 3), values([0, 5], torch.int64)),
        call("aten::nonzero", of(dtype, 4), note="of every type"),
        call("aten::masked_select", of(dtype, 2, 3), MASK, note="of every type"),
        call("aten::masked_fill.Scalar", of(dtype, 2, 3), MASK, 1),
        call("aten::masked_scatter", of(dtype, 2, 3), MASK, of(dtype, 3)),
        call("aten::index.Tensor", of(dtype, 4, 2), [values([3, 0], torch.int64)]),
        call("aten::index.Tensor", of(dtype, 2, 3), [MASK], note="of every type"),
        call("aten::index_put", of(dtype, 4, 2), [values([3, 0], torch.int64)], of(dtype, 2, 2)),
        call("aten::index_put", of(dtype, 2, 3), [MASK], of(dtype)),
        call("aten::slice_scatter", of(dtype, 5), of(dtype, 2), 0, 1, 3),
        call("aten::select_scatter", of(dtype, 3, 2), of(dtype, 2), 0, 1),
        call("aten::embedding", of(dtype, 4, 2), values([3, 0], torch.int64)),
    )
]

CASES = PIECES + SCATTERED_PIECES + TAKEN + INDEXED + PUT + TYPES
