"""Linear equations, inverses, determinants, Cholesky's factors."""

import torch
from cases import D, call, f32, f64, program, values

N, B = D("n", 3, 5), D("b", 2, 4)
# Well away from singular, with rows that must be swapped.
A = values([[0.0, 2.0, 1.0], [4.0, -1.0, 0.5], [1.0, 1.0, 3.0]])
A2 = values([[[0.0, 2.0], [3.0, 1.0]], [[5.0, 1.0], [-1.0, 2.0]]])
SINGULAR = values([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.0, 1.0, 1.0]])
POSITIVE = values([[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 5.0]])
LOWER = values([[2.0, 0.0, 0.0], [0.5, 1.5, 0.0], [-1.0, 0.25, 3.0]])
WIDE = values([[4.0, 1.0], [1.0, 3.0]], torch.float64)


def regular(x):
    """A matrix whose diagonal outweighs the rest."""
    return x + 9 * torch.eye(x.shape[-1], dtype=x.dtype)


EQUATIONS = [
    call("aten::linalg_solve", A, f32(3)),
    call("aten::linalg_solve", A, f32(3, 2)),
    call("aten::linalg_solve", A, f32(2, 3), left=False),
    call("aten::linalg_solve", A2, f32(2, 2, 3)),
    call("aten::linalg_solve", A2, f32(2, 2)),
    call("aten::linalg_solve", A2, f32(3, 1, 2, 4)),
    call("aten::linalg_solve", WIDE, f64(2)),
    call("aten::linalg_solve", f32(0, 0), f32(0, 2)),
    program("linalg_solve of open sizes", lambda x, y: torch.linalg.solve(regular(x), y), f32(B, N, N), f32(B, N, 2)),
    call("aten::linalg_solve_ex", A, f32(3)),
    call("aten::linalg_solve_ex", A2, f32(2, 2, 1)),
    program("linalg_solve_ex of a singular matrix", lambda a, y: torch.linalg.solve_ex(a, y).info, SINGULAR, f32(3)),
    *(
        call("aten::linalg_solve_triangular", A, f32(3, 2) if left else f32(2, 3), upper=upper, left=left, unitriangular=unit)
        for left in (True, False) for upper in (True, False) for unit in (True,)
    ),
    call("aten::linalg_solve_triangular", LOWER, f32(3, 2), upper=False),
    call("aten::linalg_solve_triangular", LOWER, f32(4, 3, 2), upper=False),
    call("aten::triangular_solve", f32(3, 2), LOWER, False),
    call("aten::triangular_solve", f32(3, 2), LOWER, False, True),
    call("aten::triangular_solve", f32(3, 2), A, True, False, True),
    call("aten::linalg_inv", A),
    call("aten::linalg_inv", A2),
    call("aten::linalg_inv", WIDE),
    call("aten::linalg_inv", f32(0, 2, 2)),
    call("aten::inverse", A),
    program("linalg_inv of open sizes", lambda x: torch.linalg.inv(regular(x)), f32(B, N, N)),
    call("aten::linalg_inv_ex", A),
    program("linalg_inv_ex of a singular matrix", lambda a: torch.linalg.inv_ex(a).info, SINGULAR),
    call("aten::linalg_matrix_power", A, -2),
    program("linalg_tensorinv", lambda x: torch.linalg.tensorinv(regular(x).reshape(2, 3, 6)), f32(6, 6)),
    program("linalg_tensorinv of one axis", lambda x: torch.linalg.tensorinv(regular(x).reshape(6, 2, 3), 1), f32(6, 6)),
    program("linalg_tensorsolve", lambda x, y: torch.linalg.tensorsolve(regular(x).reshape(2, 3, 6), y), f32(6, 6), f32(2, 3)),
    program(
        "linalg_tensorsolve of moved axes",
        lambda x, y: torch.linalg.tensorsolve(regular(x).reshape(3, 2, 6).permute(2, 0, 1), y, dims=(0,)), f32(6, 6), f32(3, 2),
    ),
]  # fmt: skip
DETERMINANTS = [
    call(f"aten::{name}", *args)
    for name in ("linalg_det", "det", "linalg_slogdet", "slogdet", "logdet")
    for args in ((A,), (A2,), (SINGULAR,), (WIDE,), (POSITIVE,), (f32(0, 0),), (f32(0, 2, 2),))
] + [
    program("linalg_det of open sizes", lambda x: torch.linalg.det(regular(x)), f32(B, N, N)),
    program("linalg_slogdet of open sizes", lambda x: tuple(torch.linalg.slogdet(regular(x))), f32(B, N, N)),
    program("linalg_slogdet beyond a float", lambda x: tuple(torch.linalg.slogdet(1e30 * regular(x))), f32(3, 3)),
]
CHOLESKY = [
    *(call(f"aten::{name}", POSITIVE, **options) for name in ("linalg_cholesky", "cholesky") for options in ({}, {"upper": True})),
    call("aten::linalg_cholesky", WIDE),
    call("aten::linalg_cholesky", f32(0, 0)),
    program("linalg_cholesky of open sizes", lambda x: torch.linalg.cholesky(regular(x @ x.mT)), f32(B, N, N)),
    call("aten::linalg_cholesky_ex", POSITIVE),
    program("linalg_cholesky_ex of a matrix that is not positive", lambda a: torch.linalg.cholesky_ex(a).info, SINGULAR),
    call("aten::cholesky_solve", f32(3, 2), LOWER),
    program("cholesky_solve of an upper factor", lambda y, x: torch.cholesky_solve(y, x.mT, upper=True), f32(3, 2), LOWER),
    call("aten::cholesky_inverse", LOWER),
    program("cholesky_inverse of an upper factor", lambda x: torch.cholesky_inverse(x.mT, upper=True), LOWER),
]  # fmt: skip

CASES = EQUATIONS + DETERMINANTS + CHOLESKY
