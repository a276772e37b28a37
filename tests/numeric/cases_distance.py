"""Distances: norms of every order, broadcasting, empty and 0-d tensors, both ways of cdist, renorm's bound."""

import math

import torch
from cases import D, bf16, call, f16, f32, f64, i64, program, values

N = D("n", 3, 5)
M = D("m", 2, 4, 2, 25)
F = D("n", 3, 5, 2, 25)
R = D("n", 4, 6, 4)
INF, NAN = math.inf, math.nan
ORDERS = (0.0, 1.0, 1.5, 2.0, 3.0, INF)

CASES = [
    call("aten::cosine_similarity", f32(N, 3), f32(N, 3)),
    call("aten::cosine_similarity", f32(N, 1), f32(4)),
    call("aten::cosine_similarity", f32(2, 3), f32(2, 1, 3), -1),
    call("aten::cosine_similarity", f32(3, 1), f32(3, 5)),
    call("aten::cosine_similarity", f32(N, 1, 3), f32(4, 3), 2),
    call("aten::cosine_similarity", f32(), f32(), 0),
    call("aten::cosine_similarity", f32(2, 0), f32(2, 0)),
    call("aten::cosine_similarity", f32(4, 3), f64(4, 3), 0, 10.0),
    call("aten::cosine_similarity", f16(2, 3), f16(2, 3)),
    call("aten::cosine_similarity", bf16(2, 3), bf16(2, 3)),
    call("aten::cosine_similarity", values([[0.0, 0.0], [NAN, 1.0], [INF, 1.0]]), f32(3, 2)),
    *(call("aten::pairwise_distance", f32(N, 4), f32(N, 4), p, 1e-6, keepdim) for p, keepdim in ((2.0, False), (1.0, True))),
    *(call("aten::pairwise_distance", f32(3, 4), f32(4), p) for p in (-1.0, 0.0, 5.0, INF, -INF)),
    call("aten::pairwise_distance", f32(2, 1, 3), f32(4, 3), 2.0, 0.1, True),
    call("aten::pairwise_distance", i64(3), i64(3), 3.0),
    call("aten::pairwise_distance", f16(2, 3), f16(2, 3)),
    call("aten::pairwise_distance", f32(), f32()),
    *(call("aten::dist", f32(N, 3), f32(N, 3), p) for p in (0, 1, 2, 2.5, INF)),
    call("aten::dist", f32(5, 1), f32()),
    call("aten::dist", f32(), f32(), 1),
    call("aten::dist", f32(0), f32(0)),
    call("aten::dist", f16(2, 3), f16(3)),
    call("aten::linalg_vecdot", f32(N, 3), f32(N, 3)),
    call("aten::linalg_vecdot", f32(2, 3), f32(4, 2, 1), dim=1),
    call("aten::linalg_vecdot", f32(3), f32(3), dim=0),
    call("aten::linalg_vecdot", f32(2, 0), f32(2, 0)),
    call("aten::linalg_vecdot", f16(2, 3), f16(2, 3)),
    *(call("aten::cdist", f32(F, 3), f32(M, 3), p) for p in ORDERS),
    call("aten::cdist", f32(2, 1, 3, 4), f32(3, 2, 4)),
    call("aten::cdist", f32(3, 4), f32(2, 4), 2.0, 1),
    call("aten::cdist", f32(2, 30, 4), f32(3, 4)),
    call("aten::cdist", f32(30, 4), f32(3, 4), 2.0, 2),
    call("aten::cdist", f64(3, 4), f64(2, 4)),
    *(call("aten::cdist", f32(*x), f32(*y), p) for x, y in (((0, 3), (2, 3)), ((2, 0), (3, 0)), ((2, 3), (0, 3))) for p in (2.0, INF)),
    *(call("aten::_cdist_forward", f32(3, 4), f32(2, 4), p, None) for p in (1.0, 2.0)),
    *(call("aten::pdist", f32(4, 3), p) for p in ORDERS),
    call("aten::pdist", f32(R, 3)),
    call("aten::pdist", f32(1, 3)),
    call("aten::pdist", f32(0, 3)),
    call("aten::pdist", f32(3, 0)),
    call("aten::pdist", f64(4, 3), 1.0),
    call("aten::_pdist_forward", f32(4, 3), 2.0),
    call("aten::renorm", f32(N, 3, 2), 2, 1, 1.5),
    call("aten::renorm", f32(4, 3), 1, -2, 2),
    call("aten::renorm", f32(4, 3), INF, 0, 1.0),
    call("aten::renorm", f16(4, 3), 3, 1, 0.5),
    call("aten::renorm", f32(0, 3), 2, 0, 1.0),
    call("aten::renorm", values([[NAN, 1.0], [INF, 1.0], [0.0, 0.0]]), 2, 0, 0.5),
    call("aten::embedding_renorm", f32(5, 3), i64(4).within(0, 3), 1.0, 2.0),
    call("aten::embedding_renorm", f32(5, 3), i64(N).within(0, 5), 2.0, 1.0),
    call("aten::embedding_renorm", f64(5, 3), values([4, 0, 4], torch.int64), 0.5, INF),
    call("aten::bilinear", f32(N, 3), f32(N, 4), f32(5, 3, 4), f32(5)),
    call("aten::bilinear", f32(2, N, 3), f32(2, N, 4), f32(5, 3, 4)),
    call("aten::bilinear", f32(3), f32(4), f32(5, 3, 4), f32(5)),
    call("aten::bilinear", f32(0, 3), f32(0, 4), f32(5, 3, 4), f32(5)),
    call("aten::bilinear", i64(2, 3), i64(2, 4), i64(5, 3, 4), i64(5)),
    call("aten::bilinear", f16(2, 3), f16(2, 4), f16(5, 3, 4), f16(5)),
    program("an embedding with a bound", lambda i, w: torch.nn.functional.embedding(i, w.clone(), max_norm=1.0), i64(4).within(0, 5), f32(5, 3)),
]  # fmt: skip
