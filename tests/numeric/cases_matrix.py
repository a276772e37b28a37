"""Products of matrices."""

import math

import torch
from cases import D, bf16, boolean, call, f16, f32, f64, i32, i64, program, values, weight

N, B = D("n", 3, 5), D("b", 2, 4)
BYTES = [[-128, 127, 5], [127, 127, -3]]

PRODUCTS = [
    call("aten::linear", f32(N, 4), weight(f32(3, 4)), weight(f32(3))),
    call("aten::linear", f32(2, N, 4), weight(f32(3, 4)), weight(f32(3))),
    call("aten::linear", f32(4), f32(3, 4)),
    call("aten::linear", f32(4), f32(3, 4), f32(3)),
    call("aten::linear", f32(2, 4), f32(4)),
    call("aten::linear", f16(2, 4), f16(3, 4), f16(3)),
    call("aten::linear", f32(N, 4), f32(3, 4)),
    call("aten::linear", i64(2, 4), i64(3, 4)),
    call("aten::_int_mm", values(BYTES, torch.int8), values([[-128, 0], [127, 3], [1, -2]], torch.int8)),
    program("int_mm of an open number of rows", lambda x: torch._int_mm(x.to(torch.int8), torch.tensor(BYTES, dtype=torch.int8).T), i64(N, 3).within(-9, 9)),
] + [
    case
    for name in ("matmul", "linalg_matmul")
    for case in (
        call(f"aten::{name}", f32(N, 3), f32(3, 4)),
        call(f"aten::{name}", f32(3), f32(3)),
        call(f"aten::{name}", f32(N, 3), f32(3)),
        call(f"aten::{name}", f32(3), f32(3, 4)),
        call(f"aten::{name}", f32(B, N, 4), f32(4, 5)),
        call(f"aten::{name}", f32(B, 1, 3, 4), f32(2, 4, 5)),
        call(f"aten::{name}", f16(2, 3), f16(3, 4)),
        call(f"aten::{name}", i64(2, 3), i64(3, 4)),
        call(f"aten::{name}", f32(2, 0), f32(0, 3)),
        call(f"aten::{name}", f64(2, 3), f64(3, 4)),
    )
] + [
    call("aten::matmul", bf16(2, 3), bf16(3, 4)),
    call("aten::matmul", i32(2, 3), i32(3, 4)),
    call("aten::mm", f32(N, 3), f32(3, 4)),
    call("aten::mm", i64(2, 3), i64(3, 4)),
    call("aten::bmm", f32(B, N, 3), f32(B, 3, 4)),
    call("aten::bmm", f16(2, 2, 3), f16(2, 3, 4)),
    call("aten::mv", f32(N, 3), f32(3)),
    call("aten::dot", f32(N), f32(N)),
    call("aten::dot", i64(4), i64(4)),
    call("aten::vdot", f32(N), f32(N)),
    call("aten::vdot", i64(4), i64(4)),
]  # fmt: skip
SUMS = [
    case
    for name, dims in (
        ("addmm", [(3,), (N, 4), (4, 3)]),
        ("addmv", [(N,), (N, 4), (4,)]),
        ("baddbmm", [(B, N, 3), (B, N, 4), (B, 4, 3)]),
        ("addbmm", [(N, 3), (B, N, 4), (B, 4, 3)]),
        ("addr", [(N, 3), (N,), (3,)]),
    )
    for case in (
        call(f"aten::{name}", *(f32(*sizes) for sizes in dims)),
        call(f"aten::{name}", *(f32(*sizes) for sizes in dims), beta=0.5, alpha=2),
        call(f"aten::{name}", *(f32(*sizes) for sizes in dims), beta=0),
        call(f"aten::{name}", *(f32(*sizes) for sizes in dims), alpha=0),
        call(f"aten::{name}", *(i64(*sizes) for sizes in dims), beta=2, alpha=3),
        call(f"aten::{name}", *(f16(*sizes) for sizes in dims)),
    )
] + [
    call("aten::addmm", values([math.nan, math.nan, math.nan]), f32(2, 4), f32(4, 3), beta=0),
    call("aten::addmm", f32(2, 1), f32(2, 4), f32(4, 3)),
    call("aten::addmm", f32(), f32(2, 4), f32(4, 3)),
    call("aten::addmv", f32(), f32(2, 4), f32(4)),
    call("aten::baddbmm", f32(1, 2, 3), f32(2, 2, 4), f32(2, 4, 3)),
    call("aten::baddbmm", f32(1, 1, 1), f32(2, 2, 4), f32(2, 4, 3), beta=0),
    call("aten::addr", boolean(3, 4), boolean(3), boolean(4)),
    call("aten::addr", boolean(3, 4), boolean(3), boolean(4), beta=False),
    call("aten::addr", boolean(4), boolean(3), boolean(4), alpha=False),
    call("aten::addr", f32(1, 4), i64(3), f32(4), beta=0),
    call("aten::outer", f32(N), f32(4)),
    call("aten::outer", i64(3), f32(4)),
    call("aten::outer", boolean(3), boolean(4)),
    call("aten::ger", f32(N), f32(4)),
]
EINSUMS = [
    call("aten::einsum", "ij,jk->ik", [f32(N, 3), f32(3, 4)]),
    call("aten::einsum", "bhid,bhjd->bhij", [f32(2, 3, N, 4), f32(2, 3, 5, 4)]),
    call("aten::einsum", "bij,bjk", [f32(2, 3, 4), f32(2, 4, 5)]),
    call("aten::einsum", "iji->j", [values([[[200], [100], [255]]], torch.uint8)]),
    call("aten::einsum", "ij->i", [boolean(2, 3)]),
    call("aten::einsum", "i,j->ij", [f32(N), f32(4)]),
    call("aten::einsum", "ii->i", [f32(3, 3)]),
    call("aten::einsum", "ii", [f32(3, 3)]),
    call("aten::einsum", "ij->ji", [f32(2, 3)]),
    call("aten::einsum", "ij->", [f32(2, 3)]),
    call("aten::einsum", "...ij,...jk->...ik", [f32(2, 3, 4), f32(2, 4, 5)]),
    call("aten::einsum", "bn,anm,bm->ba", [f32(2, 3), f32(5, 3, 4), f32(2, 4)]),
    call("aten::einsum", "i j, j k -> i k", [f32(2, 3), f32(3, 4)]),
    call("aten::einsum", "Ab,bC->AC", [f32(2, 3), f32(3, 4)]),
    call("aten::einsum", "Ab,bC", [f32(2, 3), f32(3, 4)]),
    call("aten::einsum", "ij,jk->ik", [i64(2, 3), i64(3, 4)]),
    call("aten::einsum", "ij,jk->ik", [f16(2, 3), f16(3, 4)]),
    program("einsum over a symbolic batch", lambda x, y: torch.einsum("bthd,bshd->bhts", x, y), f32(B, N, 2, 3), f32(B, 4, 2, 3)),
]

CASES = PRODUCTS + SUMS + EINSUMS
