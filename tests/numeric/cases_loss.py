"""Losses element by element: reductions, weights, dtypes, the numbers where a formula changes, NaN and infinity."""

import math

import torch
from cases import D, boolean, bf16, call, f16, f32, f64, i64, program, u8, values

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
NONE, MEAN, SUM = 0, 1, 2
SIGNS = values([1.0, -1.0, 1.0, -1.0])
EDGES = values([0.0, 1.0, -1.0, 2.0, INF, -INF, NAN, 40.0])
HERE = values([0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0])

PAIRS = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "soft_margin_loss", "kl_div", "hinge_embedding_loss",
         "binary_cross_entropy_with_logits")  # fmt: skip

COMMON = [
    case
    for name in PAIRS
    for op in [f"aten::{name}"]
    for case in (
        call(op, f32(N, 3), f32(N, 3)),
        call(op, f32(2, 3), f32(2, 3), reduction=NONE),
        call(op, f32(2, 3), f32(2, 3), reduction=SUM),
        call(op, f32(), f32()),
        call(op, f32(0, 3), f32(0, 3)),
        call(op, f32(0, 3), f32(0, 3), reduction=SUM),
        call(op, f16(3, 2), f16(3, 2)),
        call(op, f64(4), f64(4)),
        call(op, EDGES, HERE, reduction=NONE),
    )
] + [
    call("aten::mse_loss", bf16(2, 3), bf16(2, 3)),
    call("aten::mse_loss", f32(2, 1), f64(3), reduction=NONE),
    call("aten::l1_loss", i64(4), i64(4), reduction=NONE),
    call("aten::l1_loss", f32(4), i64(4)),
    call("aten::smooth_l1_loss", f32(4), f32(4), MEAN, 0.0),
    call("aten::smooth_l1_loss", values([0.0, 2.0, 2.5]), values([2.0, 4.5, 2.0]), NONE, 2.5),
    call("aten::huber_loss", values([0.0, 2.0, 2.5]), values([2.0, 4.5, 2.0]), NONE, 2.5),
    call("aten::soft_margin_loss", values([12.0, -12.0], torch.float16), values([-1.0, -1.0], torch.float16), NONE),
]  # fmt: skip

CHANCES = f32(2, 3).within(0, 1)
PROBABILITIES = [
    call("aten::binary_cross_entropy", f32(N, 3).within(0, 1), f32(N, 3).within(0, 1)),
    call("aten::binary_cross_entropy", CHANCES, CHANCES, f32(3), NONE),
    call("aten::binary_cross_entropy", CHANCES, CHANCES, f32(2, 1), SUM),
    call("aten::binary_cross_entropy", f16(4).within(0, 1), f16(4).within(0, 1), f16(4)),
    call("aten::binary_cross_entropy", f64(4).within(0, 1), f64(4).within(0, 1)),
    call("aten::binary_cross_entropy", values([0.0, 1.0, 0.0, 1.0, 1e-9]), values([0.0, 1.0, 1.0, 0.0, 0.5]), reduction=NONE),
    call("aten::binary_cross_entropy", f32(0), f32(0)),
    call("aten::binary_cross_entropy_with_logits", f32(N, 3), f32(N, 3), f32(3), f32(3)),
    call("aten::binary_cross_entropy_with_logits", f32(2, 3), f32(2, 3), None, f32(2, 1), NONE),
    call("aten::binary_cross_entropy_with_logits", f16(2, 3), f16(2, 3), f16(3), None, SUM),
    call("aten::kl_div", f32(2, 3), f32(2, 3).within(0, 1), log_target=True),
    call("aten::kl_div", f32(4), values([0.0, 1.0, 0.5, 0.0]), NONE),
    call("aten::poisson_nll_loss", f32(N, 3), f32(N, 3).within(0, 5), True, True, 1e-8, MEAN),
    call("aten::poisson_nll_loss", f32(2, 3).within(0, 3), f32(2, 3), False, False, 1e-3, NONE),
    call("aten::poisson_nll_loss", i64(4).within(1, 5), i64(4).within(0, 9), False, True, 1e-3, SUM),
    call("aten::poisson_nll_loss", f16(4), f16(4).within(0, 5), True, False, 1e-3, SUM),
]  # fmt: skip

MARGINS = [
    call("aten::hinge_embedding_loss", f32(4), SIGNS, 0.5, NONE),
    call("aten::hinge_embedding_loss", i64(4), values([1, -1, -1, 0], torch.int64), 2.5, NONE),
    call("aten::hinge_embedding_loss", f32(3, 4), SIGNS),
    call("aten::cosine_embedding_loss", f32(4, 3), f32(4, 3), SIGNS, 0.1, NONE),
    call("aten::cosine_embedding_loss", f32(N, 3), f32(N, 3), f32(N).within(1, 1)),
    call("aten::cosine_embedding_loss", f32(3), f32(3), values(-1), -0.5, SUM),
    call("aten::cosine_embedding_loss", f32(2, 0), f32(2, 0), f32(2), 0.0, NONE),
    call("aten::cosine_embedding_loss", i64(4, 3), i64(4, 3), values([1, -1, 0, 1], torch.int64)),
    call("aten::cosine_embedding_loss", boolean(4, 3), boolean(4, 3), boolean(4), 0.2, SUM),
    call("aten::cosine_embedding_loss", f16(4, 3), f16(4, 3), values([1.0, -1.0, 1.0, -1.0], torch.float16)),
    call("aten::margin_ranking_loss", f32(N, 4), f32(N, 4), SIGNS, 0.3),
    call("aten::margin_ranking_loss", f32(4), f32(4), SIGNS, 0.0, NONE),
    call("aten::margin_ranking_loss", i64(4), i64(4), values([1, -1, 1, -1], torch.int64), 1.0, SUM),
    call("aten::margin_ranking_loss", values([NAN, INF, -INF, 0.0]), f32(4), SIGNS, 0.0, NONE),
    call("aten::margin_ranking_loss", f16(), f16(), f16(), 0.5),
    call("aten::margin_ranking_loss", u8(4), u8(4), u8(4), 0.5, NONE),
    call("aten::triplet_margin_loss", f32(N, 4), f32(N, 4), f32(N, 4)),
    call("aten::triplet_margin_loss", f32(3, 4), f32(3, 4), f32(3, 4), 2.0, 1.0, 1e-3, True, NONE),
    call("aten::triplet_margin_loss", f32(4), f32(4), f32(4), 0.5, math.inf, 1e-6, False, SUM),
    call("aten::triplet_margin_loss", i64(3, 4), i64(3, 4), i64(3, 4)),
    call("aten::triplet_margin_loss", f16(3, 4), f16(3, 4), f16(3, 4), swap=True),
    program("a loss of what is predicted", lambda x, y: torch.nn.functional.kl_div(x.log_softmax(-1), y.softmax(-1), reduction="batchmean"), f32(N, 4), f32(N, 4)),
]  # fmt: skip

CASES = COMMON + PROBABILITIES + MARGINS
