"""Norms and powers of matrices, products by name."""

import math

import torch
from cases import D, bf16, call, f16, f32, f64, i8, i32, i64, u8

N, B = D("n", 3, 5), D("b", 2, 4)
INF = math.inf

PRODUCTS = [
    call("aten::mH", f32(B, N, 4)),
    call("aten::mH", i64(2, 3)),
    call("aten::adjoint", f32(B, N, 4)),
    call("aten::matrix_H", f32(N, 4)),
    call("aten::cross", f32(B, 3), f32(B, 3), 1),
    call("aten::cross", f32(2, 3, 3), f32(2, 3, 3)),
    call("aten::cross", f32(2, 3), f32(1, 3), -1),
    call("aten::cross", i8(3, 2), i8(3, 2), 0),
    call("aten::linalg_cross", f32(B, 3), f32(B, 3)),
    call("aten::linalg_cross", f32(3, 1, 4), f32(3, 2, 1), dim=0),
    call("aten::linalg_cross", i32(2, 3), i32(2, 3)),
    call("aten::linalg_cross", f16(2, 3), f16(2, 3)),
    call("aten::linalg_cross", f32(0, 3), f32(0, 3)),
    call("aten::linalg_multi_dot", [f32(2, 3), f32(3, 4), f32(4, 2)]),
    call("aten::linalg_multi_dot", [f32(3), f32(3, 4), f32(4)]),
    call("aten::linalg_multi_dot", [f32(3, 4), f32(4, 2), f32(2)]),
    call("aten::linalg_multi_dot", [f32(3), f32(3, 4)]),
    call("aten::linalg_multi_dot", [f16(2, 3), f16(3, 4), f16(4, 2)]),
    call("aten::linalg_multi_dot", [f32(2, 0), f32(0, 4), f32(4, 2)]),
    call("aten::chain_matmul", [f32(2, 3), f32(3, 4), f32(4, 2)]),
    call("aten::chain_matmul", [f32(2, 3)]),
]
POWERS = [
    *(call(f"aten::{name}", f32(B, 3, 3).within(-1, 1), n) for name in ("matrix_power", "linalg_matrix_power") for n in (0, 1, 2, 3, 5, 6)),
    call("aten::matrix_power", f64(N, N).within(-1, 1), 7),
    call("aten::matrix_power", f32(N, N).within(-1, 1), 0),
    call("aten::linalg_matrix_power", f32(0, 2, 2), 5),
    call("aten::linalg_vander", f32(4)),
    call("aten::linalg_vander", f32(N, 2), N=4),
    call("aten::linalg_vander", f32(2, 3), N=6),
    call("aten::linalg_vander", i64(3)),
    call("aten::linalg_vander", u8(4), N=3),
    call("aten::linalg_vander", f64(2, 3)),
    call("aten::linalg_vander", f32(), N=4),
]  # fmt: skip
NORMS = [
    *(call("aten::linalg_matrix_norm", f32(2, 3, 4), order) for order in (1, -1, INF, -INF)),
    *(call("aten::linalg_matrix_norm", f32(2, 3, 4), order, [2, 0], True) for order in (1, -1, INF, -INF)),
    call("aten::linalg_matrix_norm", f32(2, 3, 4), 1, [-3, -1]),
    call("aten::linalg_matrix_norm", f32(2, 3), 1, dtype=torch.float64),
    call("aten::linalg_matrix_norm", f16(2, 3), INF),
    call("aten::linalg_matrix_norm.str_ord", f32(B, N, 4)),
    call("aten::linalg_matrix_norm.str_ord", f32(2, 3, 4), "fro", [0, -1], True),
    call("aten::linalg_norm", f32(B, N)),
    call("aten::linalg_norm", f32(2, 3, 4), keepdim=True),
    call("aten::linalg_norm", f32(N), 3),
    call("aten::linalg_norm", f32(N), 0, keepdim=True),
    call("aten::linalg_norm", f32(2, 3), INF),
    call("aten::linalg_norm", f32(2, 3), -1, keepdim=True),
    call("aten::linalg_norm", f32(2, 3, 4), 1, [1]),
    call("aten::linalg_norm", f32(2, 3, 4), 1, [0, 2]),
    call("aten::linalg_norm", f32(2, 3, 4), None, [0, 2], True),
    call("aten::linalg_norm", f32(), None),
    call("aten::linalg_norm", f32(5, 0)),
    call("aten::linalg_norm", f16(3), 2, dtype=torch.float32),
    call("aten::linalg_norm.ord_str", f32(N, 4), "fro"),
    call("aten::linalg_norm.ord_str", f32(2, 3, 4), "fro", [1, 2], True),
    call("aten::norm.ScalarOpt_dtype", f32(B, N), 3, dtype=torch.float64),
    call("aten::norm.ScalarOpt_dtype", f16(2, 3), None, dtype=torch.float32),
    call("aten::norm.ScalarOpt_dim_dtype", f32(B, N), 1, [1], True, dtype=torch.float64),
    call("aten::norm.ScalarOpt_dim_dtype", bf16(2, 3), None, [0], False, dtype=torch.float32),
    call("aten::frobenius_norm.dim", f32(B, N, 3), [1, 2]),
    call("aten::frobenius_norm.dim", f32(2, 3), [0], True),
]

CASES = PRODUCTS + POWERS + NORMS
