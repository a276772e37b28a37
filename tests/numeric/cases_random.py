"""Random numbers: dtypes and shapes of every overload, moments of every distribution."""

import math

import torch
from cases import D, boolean, bf16, call, drawn, f16, f32, f64, i8, i64, program, random, u8, values

N = D("n", 3, 5)
aten = torch.ops.aten

OVERLOADS = [
    random(case)
    for case in (
        call("aten::rand", [2, 3]),
        call("aten::rand", []),
        call("aten::rand", [0, 3]),
        call("aten::rand", [2], dtype=torch.float64),
        call("aten::rand", [2, 3], dtype=torch.float16),
        call("aten::rand", [2, 3], dtype=torch.bfloat16),
        call("aten::randn", [2, 3]),
        call("aten::randn", [2, 0]),
        call("aten::randn", [4], dtype=torch.float16),
        call("aten::randint", 10, [2, 3]),
        call("aten::randint", 10, [], dtype=torch.float32),
        call("aten::randint.low", -5, 7, [4]),
        call("aten::randint.low", 0, 2, [4], dtype=torch.int32),
        call("aten::randperm", 7),
        call("aten::randperm", 0),
        call("aten::randperm", 5, dtype=torch.int32),
        program("rand.generator", lambda: aten.rand.generator([2, 3], generator=None)),
        program("randn.generator", lambda: aten.randn.generator([2, 3], generator=None)),
        program("randint.generator", lambda: aten.randint.generator(9, [2, 3], generator=None)),
        program("randint.low_generator", lambda: aten.randint.low_generator(3, 9, [2, 3], generator=None)),
        program("randperm.generator", lambda: aten.randperm.generator(9, generator=None)),
        program("rand of a symbolic size", lambda x: torch.rand(x.shape[0], 2), f32(N)),
        program("randn of a symbolic size", lambda x: torch.randn(x.shape[0], 2), f32(N)),
        program("randint of a symbolic size and bound", lambda x: torch.randint(0, x.shape[0], (x.shape[0], 2)), f32(N)),
        program("randperm of a symbolic size", lambda x: torch.randperm(x.shape[0]), f32(N)),
        *(
            call(f"aten::{name}", sample, *rest)
            for name, rest in (
                ("rand_like", ()), ("randn_like", ()), ("randint_like", (5,)), ("randint_like.low_dtype", (-2, 5)), ("random", ()),
                ("random.to", (8,)), ("bernoulli.p", (0.5,)), ("normal_functional", (1.0, 2.0)),
                ("uniform", (-1.0, 1.0)), ("exponential", (2.0,)), ("log_normal", (0.0, 1.0)), ("cauchy", (0.0, 1.0)), ("geometric", (0.3,)),
            )
            for sample in (f32(N, 2), f32(), f32(0, 2), f16(2, 3), bf16(2), f64(2))
        ),
        *(call(f"aten::{name}", sample, *rest) for name, rest in (("random", ()), ("random.to", (2,)), ("bernoulli.p", (0.5,)))
          for sample in (i64(4), i8(4), u8(4), boolean(4))),
        call("aten::geometric", i64(4), 0.3),
        call("aten::rand_like", i64(2), dtype=torch.float32),
        call("aten::randint_like", i64(2, 3), 7),
        call("aten::randint_like.Tensor", f32(2, 3), i64().within(3, 9)),
        program("rand_like.generator", lambda x: aten.rand_like.generator(x, generator=None), f32(N, 2)),
        program("randn_like.generator", lambda x: aten.randn_like.generator(x, generator=None), f32(N, 2)),
        call("aten::bernoulli", f32(N, 2).within(0, 1)),
        call("aten::bernoulli", f16(2, 3).within(0, 1)),
        call("aten::bernoulli.Tensor", i64(2, 3), f32(2, 3).within(0, 1)),
        call("aten::normal.Tensor_Tensor", f32(N, 1), f32(4).within(0.1, 2)),
        call("aten::normal.Tensor_float", f16(2, 3), 2.0),
        call("aten::normal.float_Tensor", 1.0, f64(2, 3).within(0.1, 2)),
        call("aten::normal.float_float", 1.0, 2.0, [2, 3]),
        call("aten::multinomial", f32(N, 6).within(0.1, 1), 4),
        call("aten::multinomial", f32(6).within(0.1, 1), 9, True),
        call("aten::multinomial", f64(N, 6).within(0.1, 1), 9, True),
        program("an in-place draw", lambda x: x.clone().normal_(2, 3) + x.clone().uniform_(), f32(N, 2)),
        program("dropout in place", lambda x: x.clone().mul_(2) + torch.dropout_(x.clone(), 0.5, True), f32(N, 3)),
        call("aten::dropout", f32(N, 3), 0.5, True),
        call("aten::dropout", f16(2, 3), 0.25, True),
        call("aten::feature_dropout", f32(N, 3, 2, 2), 0.5, True),
        call("aten::alpha_dropout", f32(N, 3), 0.5, True),
        call("aten::feature_alpha_dropout", f32(N, 3, 2), 0.5, True),
        call("aten::native_dropout", f32(N, 3), 0.5, True),
        call("aten::rrelu", f32(N, 3), 0.1, 0.3, True),
    )
]  # fmt: skip

CERTAIN = [
    call("aten::dropout", f32(N, 3), 0.5, False),
    call("aten::dropout", f32(2, 3), 0.0, True),
    call("aten::dropout", f32(2, 3), 1.0, True),
    call("aten::alpha_dropout", f32(N, 3), 0.5, False),
    call("aten::feature_dropout", f32(N, 3, 2), 0.5, False),
    call("aten::feature_alpha_dropout", f32(N, 3, 2), 0.5, False),
    call("aten::native_dropout", f32(N, 3), 0.5, False),
    call("aten::native_dropout", f32(2, 3), 1.0, True),
    call("aten::rrelu", f32(N, 3)),
    call("aten::rrelu", f32(2, 3), 0.1, 0.5),
    call("aten::bernoulli", values([0.0, 1.0, 1.0, 0.0])),
    call("aten::multinomial", values([0.0, 0.0, 2.0]), 1),
    call("aten::multinomial", values([[0.0, 3.0, 0.0], [1.0, 0.0, 0.0]]), 4, True),
    program("all of a multinomial without replacement", lambda w: torch.multinomial(w, 3).sort().values, f32(3).within(0.1, 1)),
    program("a permutation sorted", lambda x: torch.randperm(x.shape[0]).sort().values, f32(N)),
    program("random whole numbers in range", lambda x: ((y := torch.randint_like(x, 3, 5)) >= 3) & (y < 5), f32(40)),
]

LARGE = (100, 200)
ONES, HALVES = f32(*LARGE).within(1, 1), f32(*LARGE).within(0.5, 0.5)


def moments(name, mean, variance, function, *samples):
    return drawn(program(f"moments of {name}", function, *samples), mean, variance)


DISTRIBUTIONS = [
    moments("rand", 1 / 2, 1 / 12, lambda: torch.rand(LARGE)),
    moments("rand in half precision", 1 / 2 - 2**-12, 1 / 12, lambda: torch.rand(LARGE, dtype=torch.float16)),
    moments("rand in double precision", 1 / 2, 1 / 12, lambda: torch.rand(LARGE, dtype=torch.float64)),
    moments("randn", 0, 1, lambda: torch.randn(LARGE)),
    moments("randint", 4.5, 33 / 4, lambda: torch.randint(0, 10, LARGE).float()),
    moments("uniform", 1, 3, lambda x: torch.empty_like(x).uniform_(-2, 4), ONES),
    moments("normal", 3, 4, lambda x: torch.normal(3.0, 2 * x), ONES),
    moments("exponential", 1 / 2, 1 / 4, lambda x: torch.empty_like(x).exponential_(2), ONES),
    moments("log_normal", math.exp(1 / 8), (math.exp(1 / 4) - 1) * math.exp(1 / 4), lambda x: torch.empty_like(x).log_normal_(0, 0.5), ONES),
    moments("geometric", 4, 12, lambda x: torch.empty_like(x).geometric_(0.25), ONES),
    moments("cauchy's quartile", 3 / 4, 3 / 16, lambda x: (torch.empty_like(x).cauchy_(2, 3) < 5).float(), ONES),
    moments("bernoulli", 1 / 2, 1 / 4, torch.bernoulli, HALVES),
    moments("multinomial", 3 / 4, 3 / 16, lambda: torch.multinomial(torch.tensor([1.0, 3.0]), 20000, True).float()),
    moments("the first of two drawn", 3 / 4, 3 / 16, lambda x: torch.multinomial(torch.cat([x, 3 * x], 1), 2)[:, 0].float(), f32(20000, 1).within(1, 1)),
    moments("dropout", 1, 1 / 3, lambda x: torch.dropout(x, 0.25, True), ONES),
    moments("feature_dropout", 1, 1, lambda x: torch.feature_dropout(x, 0.5, True)[..., 0], f32(*LARGE, 2).within(1, 1)),
    moments("alpha_dropout", 0, 1, lambda x: torch.alpha_dropout(torch.randn_like(x), 0.25, True), ONES),
    moments("rrelu", -0.2, 0.2**2 / 12, lambda x: torch.rrelu(-x, 0.1, 0.3, True), ONES),
]  # fmt: skip

CASES = OVERLOADS + CERTAIN + DISTRIBUTIONS
