"""Branches and loops."""

import torch
from cases import D, boolean, f32, i64, program, weight
from torch._higher_order_ops.while_loop import while_loop, while_loop_stack_output_op

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
    program("a loop that counts down from a size", lambda x: while_loop(lambda i, x: i > 0, lambda i, x: (i - 1, x + i), (x.shape[0], x)), f32(N, 2)),
    program("a loop as long as a tensor", lambda x, y: while_loop(lambda i, s: i < x.shape[0], lambda i, s: (i + 1, s + y.shape[1]), (x.new_zeros((), dtype=torch.int64), x.sum(0))), f32(N, 2), f32(2, N)),
    program("cond on a size that decides what is done with it", lambda x, y: torch.cond(x.shape[0] > 3, lambda x: x.sum(0) + y.shape[0], lambda x: x.prod(0), (x,)), f32(N, 2), f32(N)),
    program(
        "a loop in a loop",
        lambda i, x: while_loop(
            lambda i, x: i < 3, lambda i, x: (i + 1, while_loop(lambda j, x: j < i + 2, lambda j, x: (j + 1, x * 2), (i * 0, x))[1]), (i, x)
        ),
        i64().within(0, 2), f32(N, 2),
    ),
    program(
        "a loop in a branch in a loop",
        lambda i, x: while_loop(
            lambda i, x: i < 4,
            lambda i, x: (
                i + 1,
                torch.cond(x.sum() > 0, lambda i, x: while_loop(lambda j, x: j < 3, lambda j, x: (j + 1, x - j), (i, x))[1], lambda i, x: x + 7, (i, x)),
            ),
            (i, x),
        ),
        i64().within(0, 2), f32(N, 2),
    ),
    program("a loop that writes to what it made", lambda i, x: while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x.clone().mul_(2).add_(i)), (i, x)), i64().within(0, 2), f32(N, 2)),
    program("a loop that keeps every turn", lambda i, x: while_loop_stack_output_op(lambda i, x: i < 6, lambda i, x: (i + 1, x * 2 + i), (i, x), ()), i64().within(0, 3), f32(4, 2)),
    program("cond over a tuple and a dictionary", lambda p, x: torch.cond(p, lambda t: {"a": t[0] + 1, "b": t[1]["c"] * 2}, lambda t: {"a": t[0] - 1, "b": t[1]["c"] * 3}, ((x, {"c": x.sum(0)}),)), boolean(), f32(N, 2)),
]  # fmt: skip
