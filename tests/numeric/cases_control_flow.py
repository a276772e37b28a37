"""Branches and loops."""

import torch
from cases import D, boolean, f32, i64, program, weight
from torch._higher_order_ops.while_loop import while_loop

N = D("n", 3, 5)

CASES = [
    program(
        "two conds that share numbers",
        lambda p, q, x: torch.cond(q, lambda x: x.sin() + 1, lambda x: x.cos() * 2, (torch.cond(p, lambda x: x + 1, lambda x: x * 2, (x,)),)),
        boolean(), boolean(), f32(N, 2),
    ),
    program(
        "two conds with equal branches",
        lambda p, x: torch.cond(p, lambda x: x + 1, lambda x: x * 2, (torch.cond(p, lambda x: x + 1, lambda x: x * 2, (x,)),)),
        boolean(), f32(N, 2),
    ),
    program(
        "two loops that share sizes and numbers",
        lambda i, x: while_loop(
            lambda i, x: i < 12, lambda i, x: (i + 1, x + x.shape[0]), while_loop(lambda i, x: i < 9, lambda i, x: (i + 1, x * x.shape[0]), (i, x))
        ),
        i64().within(3, 6), f32(N, 2),
    ),
    program("cond on a tensor", lambda p, x: torch.cond(p, lambda x: x + 1, lambda x: x * 2, (x,)), boolean(), f32(N, 2)),
    program("cond on numbers", lambda x: torch.cond(x.sum() > 0, lambda x: (x.sin(), x + 1), lambda x: (x.cos(), x - 1), (x,)), f32(2, 3)),
    program(
        "cond within cond",
        lambda p, q, x: torch.cond(p, lambda q, x: torch.cond(q, lambda x: x + 1, lambda x: x + 2, (x,)), lambda q, x: x + 3, (q, x)),
        boolean(), boolean(), f32(2),
    ),
    program(
        "cond over a weight",
        lambda p, x, w: torch.cond(p, lambda x, w: x @ w, lambda x, w: x - x @ w, (x, w)),
        boolean(), f32(N, 3), weight(f32(3, 3)),
    ),
    program("cond on a symbolic size", lambda x: torch.cond(x.shape[0] > 4, lambda x: x + 1, lambda x: x - 1, (x,)), f32(N, 2)),
    program(
        "a loop that counts",
        lambda n, x: while_loop(lambda i, x: i < 5, lambda i, x: (i + 1, x * 2), (n, x)),
        i64().within(0, 3), f32(N, 2),
    ),
    program("a loop until the numbers are large", lambda x: while_loop(lambda x: x.abs().sum() < 100, lambda x: (x * 2,), (x,)), f32(2, 3)),
    program("a loop that never runs", lambda i, x: while_loop(lambda i, x: i > 100, lambda i, x: (i + 1, x + 1), (i, x)), i64(), f32(3)),
    program(
        "a loop with a branch",
        lambda i, x: while_loop(
            lambda i, x: i < 12, lambda i, x: (i + 1, torch.cond(i > 10, lambda x: x + 1, lambda x: x * 2, (x,))), (i, x)
        ),
        i64(), f32(3),
    ),
]  # fmt: skip
