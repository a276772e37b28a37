"""Functions applied along an axis: scan, associative_scan, map."""

import torch
from cases import SHORT, D, boolean, f32, i64, of, program, weight
from torch._higher_order_ops.associative_scan import associative_scan, associative_scan_op
from torch._higher_order_ops.map import map as torch_map
from torch._higher_order_ops.scan import scan
from torch._higher_order_ops.while_loop import while_loop

NUMBERS = (torch.float32, torch.float64, torch.float16, torch.int64, torch.int32)
N, M = D("n", 3, 5), D("m", 7, 6, least=5)
ONE = D("n", 3, 1, least=1)


def add(carry, x):
    return carry + x, carry * x


def linear(g, x, h, y):
    """h[i] = g[i] h[i - 1] + x[i], as state-space models scan."""
    return g * h, x * h + y


def running(*xs, combine=lambda a, b: (a + b,), around=()):
    """What associative_scan calls where tensors are on a GPU; elsewhere it wants its other mode, which is exported as slices."""
    return associative_scan_op(combine, list(xs), around)


def cell(w, u):
    def step(h, x):
        h = torch.tanh(x @ w + h @ u)
        return h, h.clone()

    return step


SCAN = [
    *[program(f"scan of {SHORT[dtype]}", lambda s, x: scan(add, s, x), of(dtype, 4), of(dtype, N, 4)) for dtype in NUMBERS],
    program("scan of bools", lambda s, x: scan(lambda s, x: (s ^ x, s & x), s, x), boolean(4), boolean(N, 4)),
    program("scan of one element", lambda s, x: scan(add, s, x), f32(4), f32(ONE, 4)),
    program("scan of numbers", lambda s, x: scan(add, s, x), f32(), f32(N)),
    program("scan of elements of an open size", lambda s, x: scan(add, s, x), f32(M), f32(N, M)),
    program("scan of elements of no size", lambda s, x: scan(add, s, x), f32(0), f32(N, 0)),
    program("scan along the last axis", lambda s, x: scan(add, s, x, dim=-1), f32(2), f32(2, N)),
    program("scan from the end", lambda s, x: scan(add, s, x, reverse=True), f32(4), f32(N, 4)),
    program("scan of an axis within, from the end", lambda s, x: scan(add, s, x, dim=1, reverse=True), f32(2, 4), f32(2, N, 4)),
    program(
        "scan of several carries and sequences",
        lambda s, n, x, y: scan(
            lambda c, e: ({"sum": c["sum"] + e[0] * e[1], "count": c["count"] + 1}, (e[0] - c["sum"], {"seen": c["count"] * 2})),
            {"sum": s, "count": n}, (x, y),
        ),
        f32(4), i64(), f32(N, 4), f32(N, 4),
    ),
    program("scan that keeps nothing that is carried", lambda s, x: scan(lambda c, e: (c + e, e.to(torch.float64).sum()), s, x), f32(4), f32(N, 4)),
    program("scan with what is around it", lambda s, x, w: scan(lambda c, e: (c @ w + e, (c - e).sum()), s, x), f32(4), f32(N, 4), f32(4, 4)),
    program("scan of a recurrent cell", lambda h, x, w, u: scan(cell(w, u), h, x), f32(2, 3), f32(N, 2, 4), weight(f32(4, 3)), weight(f32(3, 3))),
    program("scan with a size", lambda s, x: scan(lambda c, e: (c + e * x.shape[0], c / x.shape[1]), s, x), f32(M), f32(N, M)),
    program(
        "scan within scan",
        lambda s, x: scan(lambda c, row: (lambda last, kept: (last + c, kept.sum(0)))(*scan(add, c, row)), s, x),
        f32(2), f32(N, M, 2),
    ),
    program(
        "cond within scan within a loop",
        lambda i, s, x: while_loop(
            lambda i, s: i < 3,
            lambda i, s: (i + 1, scan(lambda c, e: (torch.cond(c.sum() > i, lambda c, e: c - e, lambda c, e: c + e * 2, (c, e)), e.clone()), s, x)[0]),
            (i, s),
        ),
        i64().within(0, 2), f32(4), f32(N, 4),
    ),
    program(
        "scan within cond",
        lambda p, s, x: torch.cond(p, lambda s, x: scan(add, s, x)[1], lambda s, x: x * 2, (s, x)),
        boolean(), f32(4), f32(N, 4),
    ),
]  # fmt: skip

ASSOCIATIVE = [
    *[program(f"associative scan of {SHORT[dtype]}", running, of(dtype, N, 4)) for dtype in NUMBERS],
    program("associative scan of bools", lambda x: running(x, combine=lambda a, b: (a | b,)), boolean(N, 4)),
    program("associative scan of one element", running, f32(ONE, 4)),
    program("associative scan of numbers", running, f32(N)),
    program("associative scan of an open size", running, f32(N, M)),
    program("associative scan of a view", lambda x: running(x.movedim(-1, 0).flip([0]))[0].flip([0]).movedim(0, -1), f32(2, N)),
    program("associative scan of products", lambda x: running(x, combine=lambda a, b: (a * b,)), f32(N, 4)),
    program("associative scan of extremes", lambda x: running(x, combine=lambda a, b: (torch.maximum(a, b),)), f32(N, 4)),
    program("associative scan of pairs", lambda g, x: running(g, x, combine=linear), f32(N, 2), f32(N, 2)),
    program("associative scan with what is around it", lambda x, k: running(x, combine=lambda a, b, k: (a * b / k,), around=(k,)), f32(N, 4), f32(4).within(1, 2)),
    program("associative scan in generic mode", lambda x: associative_scan(lambda a, b: a @ b, x, 0, combine_mode="generic"), f32(5, 2, 2)),
]  # fmt: skip

MAP = [
    *[program(f"map of {SHORT[dtype]}", lambda x, y: torch_map(lambda x, y: x * y + 1, x, y), of(dtype, N, 4), of(dtype, 4)) for dtype in NUMBERS],
    program("map of bools", lambda x: torch_map(lambda x: ~x, x), boolean(N, 4)),
    program("map of one element", lambda x: torch_map(lambda x: x.sin(), x), f32(ONE, 4)),
    program("map of numbers", lambda x: torch_map(lambda x: x.sin(), x), f32(N)),
    program("map of elements of an open size", lambda x: torch_map(lambda x: x.softmax(0), x), f32(N, M)),
    program("map of elements of no size", lambda x: torch_map(lambda x: x.sin(), x), f32(N, 0)),
    program("map of a tuple to another", lambda x, y: torch_map(lambda p: (p[0] + p[1], {"largest": p[1].max(), "order": p[0].argsort()}), (x, y)), f32(N, 4), f32(N, 4)),
    program("map to another type", lambda x: torch_map(lambda x: (x > 0, x.sum().to(torch.int64)), x), f32(N, 4)),
    program("map with what is around it", lambda x, w: torch_map(lambda x: x @ w, x), f32(N, 2, 4), f32(4, 3)),
    program("map with a weight", lambda x, w: torch_map(lambda x, w: x @ w, x, w), f32(N, 2, 4), weight(f32(4, 3))),
    program("map with a size", lambda x: torch_map(lambda x, n: x * n, x, x.shape[0]), f32(N, 4)),
    program("map within map", lambda x: torch_map(lambda row: torch_map(lambda x, row: x.cos() + row.sum(), row, row.clone()), x), f32(N, M, 2)),
    program("cond within map", lambda x: torch_map(lambda x: torch.cond(x.sum() > 0, lambda x: x + 1, lambda x: x - 1, (x,)), x), f32(N, 4)),
]  # fmt: skip

CASES = SCAN + ASSOCIATIVE + MAP
