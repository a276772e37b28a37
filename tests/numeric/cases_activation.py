"""Nonlinear functions, softmax, clamping."""

import math

import torch
from cases import D, boolean, bf16, call, f16, f32, f64, i32, i64, program, u8, values, weight

N = D("n", 3, 5)
INF, NAN = math.inf, math.nan
SPECIAL = values([-INF, -100.0, -20.5, -3.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 3.0, 20.5, 100.0, INF, NAN])

PLAIN = [
    case
    for name in ("relu", "relu6", "sigmoid", "tanh", "silu", "mish", "selu", "elu", "celu", "hardsigmoid", "hardswish", "hardtanh",
                 "softplus", "gelu", "leaky_relu", "log_sigmoid", "log_sigmoid_forward", "hardshrink", "softshrink")
    for case in (call(f"aten::{name}", f32(N, 3)), call(f"aten::{name}", f16(2, 3)), call(f"aten::{name}", f64()))
]  # fmt: skip
# Of infinity, PyTorch's gelu is NaN or infinity, as the machine's vectors have it.
AT_THE_ENDS = [
    call(f"aten::{name}", SPECIAL)
    for name in ("relu", "relu6", "sigmoid", "tanh", "silu", "mish", "selu", "elu", "celu", "hardsigmoid", "hardswish", "hardtanh",
                 "softplus", "leaky_relu", "log_sigmoid", "log_sigmoid_forward", "hardshrink", "softshrink")
] + [call("aten::gelu", values([-100.0, -20.5, -3.0, -0.0, 0.5, 20.5, 100.0, NAN]))]  # fmt: skip
WITH_NUMBERS = [
    call("aten::relu", i64(2, 3)),
    call("aten::relu", u8(3)),
    call("aten::relu", bf16(3)),
    call("aten::sigmoid", i64(3)),
    call("aten::tanh", i64(3)),
    call("aten::tanh", bf16(3)),
    call("aten::silu", bf16(3)),
    call("aten::gelu", f32(N, 3), approximate="tanh"),
    call("aten::gelu", f16(3), approximate="tanh"),
    call("aten::gelu", values([-100.0, -20.5, -3.0, -0.0, 0.5, 20.5, 100.0, NAN]), approximate="tanh"),
    call("aten::gelu", bf16(3)),
    call("aten::elu", f32(2, 3), 0.5),
    call("aten::elu", f32(2, 3), 1.5, 2.0, 0.5),
    call("aten::elu", f16(2, 3), 1, 1, 2),
    call("aten::celu", f32(2, 3), 0.5),
    call("aten::celu", f32(2, 3), -0.5),
    call("aten::leaky_relu", f32(2, 3), 0.2),
    call("aten::leaky_relu", f32(2, 3), -0.5),
    call("aten::hardtanh", f32(2, 3), -0.5, 0.75),
    call("aten::hardtanh", i64(9), -2, 3),
    call("aten::softplus", f32(2, 3), 2.0),
    call("aten::softplus", f32(2, 3), 1, 1),
    call("aten::softplus", f32(2, 3), 0.5, 0.5),
    call("aten::hardshrink", f32(2, 3), 1.0),
    call("aten::softshrink", f32(2, 3), 1.0),
    call("aten::threshold", f32(N, 3), 0.5, 20),
    call("aten::threshold", i64(9), 2, -7),
    call("aten::threshold", SPECIAL, 0.0, 1.0),
    call("aten::prelu", f32(N, 3, 4), weight(f32(3))),
    call("aten::prelu", f32(2, 3), f32(1)),
    call("aten::prelu", f32(3), f32(1)),
    call("aten::prelu", f32(2, 3), f32(3)),
    call("aten::prelu", f32(), f32()),
    call("aten::prelu", f16(2, 3, 2, 2), f16(3)),
    call("aten::_prelu_kernel", f32(N, 3), f32(1, 3)),
    call("aten::glu", f32(N, 4)),
    call("aten::glu", f32(4, N), 0),
    call("aten::glu", f16(2, 4, 3), -2),
]
SOFTMAXES = [
    case
    for name in ("softmax.int", "log_softmax.int")
    for case in (
        call(f"aten::{name}", f32(N, 4), -1),
        call(f"aten::{name}", f32(N, 4), 0),
        call(f"aten::{name}", f32(2, 3, 4), 1),
        call(f"aten::{name}", f16(2, 3), 1),
        call(f"aten::{name}", f16(2, 3), 1, torch.float32),
        call(f"aten::{name}", i64(2, 3), 1, torch.float32),
        call(f"aten::{name}", f32(), 0),
        call(f"aten::{name}", values([[1000.0, 999.0], [-INF, 0.0]]), -1),
        call(f"aten::{name}", bf16(2, 3), 1),
        call(f"aten::{name}", f32(0, 3), 1),
        call(f"aten::_{name.removesuffix('.int')}", f32(N, 4), -1, False),
        call(f"aten::_{name.removesuffix('.int')}", f32(2, 3, 4), 1, False),
        call(f"aten::_{name.removesuffix('.int')}", f16(3), 0, False),
    )
] + [
    call("aten::_safe_softmax", f32(N, 4), -1),
    call("aten::_safe_softmax", values([[-INF, -INF], [-INF, 1.0], [2.0, 1.0]]), -1),
    call("aten::_safe_softmax", f16(2, 3), 0, torch.float32),
]
CLAMPS = [
    case
    for name in ("clamp", "clip")
    for case in (
        call(f"aten::{name}", f32(N, 3), -1, 1.5),
        call(f"aten::{name}", f32(2, 3), -1.0),
        call(f"aten::{name}", f32(2, 3), None, 0.5),
        call(f"aten::{name}", f32(2, 3), 2, 1),
        call(f"aten::{name}", i64(9), -2, 3),
        call(f"aten::{name}", i64(9), -1.5, 2.5),
        call(f"aten::{name}", i64(9), 0.5, None),
        call(f"aten::{name}", u8(9), 2, 5),
        call(f"aten::{name}", f16(3), 0, 1),
        call(f"aten::{name}", bf16(3), 0, 1),
        call(f"aten::{name}", values([NAN, INF, -INF]), -1, 1),
        call(f"aten::{name}", values([NAN, INF, -INF, 0.0]), -1, NAN),
        call(f"aten::{name}", i64(3), NAN),
        call(f"aten::{name}.Tensor", f32(N, 3), f32(3).within(-2, -1), f32(3).within(1, 2)),
        call(f"aten::{name}.Tensor", f32(2, 3), f32(2, 1)),
        call(f"aten::{name}.Tensor", f32(2, 3), None, f32()),
        call(f"aten::{name}.Tensor", i64(3), f32(3), f32(3).within(3, 5)),
        call(f"aten::{name}.Tensor", f32(3), values([NAN, 0.0, 2.0]), values([1.0, NAN, 1.0])),
    )
] + [
    case
    for name in ("clamp_max", "clamp_min")
    for case in (
        call(f"aten::{name}", f32(N, 3), 0.5),
        call(f"aten::{name}", i64(9), 2),
        call(f"aten::{name}", i64(9), 1.5),
        call(f"aten::{name}", i32(9), 1),
        call(f"aten::{name}", values([NAN, INF, -INF]), 1),
        call(f"aten::{name}.Tensor", f32(N, 3), f32(3)),
        call(f"aten::{name}.Tensor", i64(2, 3), i64(2, 1)),
        call(f"aten::{name}.Tensor", i64(3), f32(3)),
        call(f"aten::{name}.Tensor", boolean(2, 3), boolean(3)),
    )
] + [
    program("clamp to a size", lambda x: x.clamp(max=x.shape[0] - 3), f32(N, 3)),
    call("aten::clamp", f32(0, 3), 0, 1),
]

CASES = PLAIN + AT_THE_ENDS + WITH_NUMBERS + SOFTMAXES + CLAMPS
