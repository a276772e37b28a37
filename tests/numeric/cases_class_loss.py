"""Losses against classes: weights, the ignored class, smoothing, targets of probabilities, batches of all ranks."""

import math

import torch
from cases import D, bf16, call, f16, f32, f64, i64, program, values

N = D("n", 3, 5)
L = D("l", 4, 6, 3)
INF, NAN = math.inf, math.nan
NONE, MEAN, SUM = 0, 1, 2


def classes(*dims, count=4):
    return i64(*dims).within(0, count)


W = f32(4).within(0.1, 2)
IGNORING = values([1, 3, 1, 0, 2], torch.int64)

LIKELIHOODS = [
    case
    for name, shape in (("nll_loss", (5, 4)), ("nll_loss_nd", (5, 4)), ("nll_loss2d", (2, 4, 3, 2)), ("nll_loss_nd", (2, 4, 3)))
    for op in [f"aten::{name}"]
    for target in [classes(shape[0], *shape[2:])]
    for case in (
        call(op, f32(*shape), target),
        call(op, f32(*shape), target, W, NONE),
        call(op, f32(*shape), target, W, MEAN, 2),
        call(op, f32(*shape), target, None, SUM, 1),
        call(op, f16(*shape), target, f16(4).within(0.1, 2)),
    )
] + [
    call("aten::nll_loss_nd", f32(N, 4), classes(N), W),
    call("aten::nll_loss_nd", f32(2, 4, N, 2), classes(2, N, 2), None, MEAN, 1),
    call("aten::nll_loss_nd", f32(4), classes(), W, NONE),
    call("aten::nll_loss", f64(5, 4), classes(5)),
    call("aten::nll_loss", bf16(5, 4), classes(5)),
    call("aten::nll_loss", f32(0, 4), classes(0)),
    call("aten::nll_loss", f32(0, 4), classes(0), None, SUM),
    call("aten::nll_loss", f32(2, 4), values([-100, -100], torch.int64)),
    call("aten::nll_loss", values([[NAN, 1.0], [-INF, 2.0], [3.0, INF]]), values([-100, 0, 1], torch.int64), None, NONE),
    *(
        call(op, sample, target, weight, reduction, 1)
        for op, sample, target in (("aten::nll_loss_forward", f32(5, 4), IGNORING), ("aten::nll_loss2d_forward", f32(2, 4, 3, 2), classes(2, 3, 2)),
                                   ("aten::nll_loss_forward", f32(4), classes()))
        for weight in (None, W) for reduction in (NONE, MEAN, SUM)
    ),
]  # fmt: skip

ENTROPIES = [
    call("aten::cross_entropy_loss", f32(N, 4), classes(N)),
    call("aten::cross_entropy_loss", f32(5, 4), IGNORING, W, MEAN, 1),
    call("aten::cross_entropy_loss", f32(5, 4), IGNORING, W, NONE, 1),
    call("aten::cross_entropy_loss", f32(5, 4), IGNORING, None, SUM, 1),
    call("aten::cross_entropy_loss", f32(2, 4, 3, N), classes(2, 3, N), W),
    call("aten::cross_entropy_loss", f32(4), classes()),
    call("aten::cross_entropy_loss", f16(5, 4), classes(5)),
    call("aten::cross_entropy_loss", f64(5, 4), classes(5)),
    call("aten::cross_entropy_loss", f32(0, 4), classes(0)),
    *(
        call("aten::cross_entropy_loss", f32(*shape), target, weight, reduction, 1, 0.2)
        for shape, target in (((5, 4), IGNORING), ((2, 4, 3), classes(2, 3)))
        for weight in (None, W) for reduction in (NONE, MEAN, SUM)
    ),
    call("aten::cross_entropy_loss", f32(N, 4), classes(N), label_smoothing=0.1),
    *(
        call("aten::cross_entropy_loss", f32(*shape), f32(*shape).within(0, 1), weight, reduction, label_smoothing=smoothing)
        for shape in ((5, 4), (2, 4, 3), (4,))
        for weight, reduction, smoothing in ((None, MEAN, 0.0), (W, NONE, 0.1), (W, MEAN, 0.1), (W, SUM, 0.0))
    ),
    call("aten::cross_entropy_loss", f32(N, D("c", 4, 6)), f32(N, D("c", 4, 6)).within(0, 1), label_smoothing=0.3),
    call("aten::cross_entropy_loss", f32(0, 4), f32(0, 4)),
    call("aten::cross_entropy_loss", f16(2, 4), f16(2, 4).within(0, 1)),
    program("cross entropy over the vocabulary", lambda x, y: torch.nn.functional.cross_entropy(x[:, :-1].reshape(-1, 7), y[:, 1:].reshape(-1)), f32(2, L, 7), classes(2, L, count=7)),
]  # fmt: skip

MARGINS = [
    call("aten::multi_margin_loss", f32(N, 4), classes(N)),
    call("aten::multi_margin_loss", f32(5, 4), classes(5), 2, 0.5, W, NONE),
    call("aten::multi_margin_loss", f32(5, 4), classes(5), 1, -0.5, W, SUM),
    call("aten::multi_margin_loss", f32(4), classes(), 1, 1, W, SUM),
    call("aten::multi_margin_loss", f32(4), classes(1), 2, 1, None, NONE),
    call("aten::multi_margin_loss", f64(5, 4), classes(5)),
    call("aten::multi_margin_loss", values([[NAN, 1.0, INF], [0.0, NAN, -INF]]), values([0, 0], torch.int64), reduction=NONE),
    *(
        call(f"aten::{name}", f32(*shape), values(target, torch.int64), reduction)
        for name in ("multilabel_margin_loss", "multilabel_margin_loss_forward")
        for shape, target in (((2, 4), [[3, 0, -1, 1], [-1, 2, 2, 2]]), ((2, 4), [[1, 1, 0, 2], [0, 1, 2, 3]]), ((4,), [2, 2, -1, 0]))
        for reduction in (NONE, MEAN, SUM)
        if len(shape) == 2 or reduction != NONE  # PyTorch records [1] for what is []
    ),
    call("aten::multilabel_margin_loss", f32(N, 4), i64(N, 4).within(-1, 4)),
    call("aten::multilabel_margin_loss", f64(3, 4), i64(3, 4).within(-1, 4)),
]  # fmt: skip

import torch.nn.modules.linear_cross_entropy  # noqa: E402, F401 (defines operators)

ROWS, WEIGHTS, BIAS = f32(N, 6), f32(4, 6), f32(4)


def chunked(reduction, ignore_index=-100):
    operator = torch.ops.torch_nn._linear_cross_entropy_batch_chunked
    policy = (2, "compact", torch.float32, True, False, False, False)
    return lambda x, w, t, b=None, c=None: operator(x, w, t, b, c, reduction, ignore_index, 0.0, *policy)[0]


def chunked_of_each(x, w, t, b=None, c=None):
    return torch.ops.torch_nn._linear_cross_entropy_batch_chunked_no_reduction(x, w, t, b, c, 1, 2, "compact", torch.float32)


CHUNKED = [
    program("linear_cross_entropy in chunks, mean", chunked("mean"), ROWS, WEIGHTS, classes(N)),
    program("linear_cross_entropy in chunks, sum, weights", chunked("sum", 1), ROWS, WEIGHTS, classes(N), BIAS, W),
    program("linear_cross_entropy in chunks, of each", chunked_of_each, ROWS, WEIGHTS, classes(N), BIAS, W),
]

CASES = LIKELIHOODS + ENTROPIES + MARGINS + CHUNKED
