"""Tensors out of nothing. Sizes come from an input where the case is dynamic."""

import math

import torch
from cases import D, DTYPES, boolean, call, f16, f32, i64, of, program, random, u8, values

N = D("n", 3, 5)
aten = torch.ops.aten


def beside(name, function):
    """Factories take no tensor: a symbolic size is that of an input."""
    return program(name, function, f32(N, 2))


FILLED = [
    call("aten::full", [2, 3], 1.5),
    call("aten::full", [2], 3),
    call("aten::full", [2], True),
    call("aten::full", [], 2.5),
    call("aten::full", [0, 2], 2.5),
    call("aten::full", [2], 3, dtype=torch.float16),
    call("aten::full", [2], -math.inf),
    call("aten::full", [2], 1, dtype=torch.bool),
    call("aten::full", [2], 7, dtype=torch.uint8),
    beside("full of a symbolic size", lambda x: aten.full([x.shape[0], 2], 7)),
    beside("full of a symbolic value", lambda x: aten.full([2], x.shape[0])),
    call("aten::zeros", [2, 3]),
    call("aten::zeros", [2], dtype=torch.int64),
    call("aten::zeros", [2], dtype=torch.bool),
    beside("zeros of a symbolic size", lambda x: aten.zeros([x.shape[0], x.shape[0] + 1])),
    call("aten::ones", [2, 3]),
    call("aten::ones", [], dtype=torch.float16),
    beside("ones of a symbolic size", lambda x: aten.ones([2, x.shape[0] * 2], dtype=torch.int32)),
    random(call("aten::empty.memory_format", [2, 3])),
    random(call("aten::empty.memory_format", [2], dtype=torch.int64)),
    random(beside("empty of a symbolic size", lambda x: aten.empty.memory_format([x.shape[0]]))),
    random(call("aten::empty_strided", [2, 3], [3, 1], dtype=torch.float16)),
    random(call("aten::empty_permuted", [2, 3], [1, 0])),
    call("aten::full_like", f32(N, 3), 2),
    call("aten::full_like", i64(2, 3), 2.5),
    call("aten::full_like", boolean(2), 1),
    call("aten::full_like", f32(2), 1, dtype=torch.int64),
    call("aten::zeros_like", f32(N, 3)),
    call("aten::zeros_like", u8(3)),
    call("aten::zeros_like", f32(3), dtype=torch.bool),
    call("aten::ones_like", f16(N, 3)),
    call("aten::ones_like", f32(), dtype=torch.int64),
    random(call("aten::empty_like", f32(N, 3))),
    random(call("aten::empty_like", f32(3), dtype=torch.int64)),
    call("aten::new_full", f32(2), [2, 3], 1.5),
    call("aten::new_full", i64(2), [2], 3),
    program("new_full of a symbolic size", lambda x: aten.new_full(x, [x.shape[0], 1], 2), f16(N)),
    call("aten::new_zeros", i64(2), [2, 3]),
    call("aten::new_zeros", f32(2), [2], dtype=torch.bool),
    program("new_zeros of a symbolic size", lambda x: aten.new_zeros(x, [x.shape[0], 1]), f16(N)),
    call("aten::new_ones", f16(2), [2, 3]),
    program("new_ones of a symbolic size", lambda x: aten.new_ones(x, [x.shape[0], 1]), boolean(N)),
    random(call("aten::new_empty", f32(2), [2, 3])),
    random(call("aten::new_empty_strided", f32(2), [2, 3], [3, 1])),
    call("aten::fill.Scalar", f32(N, 3), 2.5),
    call("aten::fill.Scalar", i64(2), 2),
    call("aten::fill.Scalar", boolean(2), 3),
    call("aten::fill.Tensor", f32(N, 3), f32()),
    call("aten::fill.Tensor", i64(3), i64()),
    call("aten::fill.Tensor", f16(3), f32()),
    call("aten::zero", f32(N, 3)),
    call("aten::zero", boolean(2)),
    call("aten::copy", f32(N, 3), i64(3)),
    call("aten::copy", i64(2, 3), f32(2, 3)),
    call("aten::copy", f16(2, 3), f32()),
    call("aten::scalar_tensor", 2),
    call("aten::scalar_tensor", 2.5),
    call("aten::scalar_tensor", 2, dtype=torch.int64),
    call("aten::scalar_tensor", True, dtype=torch.bool),
    beside("scalar_tensor of a size", lambda x: aten.scalar_tensor(x.shape[0], dtype=torch.int64)),
    beside("scalar_tensor of a size as a float", lambda x: aten.scalar_tensor(x.shape[0])),
]
COUNTED = [
    call("aten::arange", 5),
    call("aten::arange", 4.5),
    call("aten::arange", 5, dtype=torch.float32),
    call("aten::arange", 5, dtype=torch.int32),
    call("aten::arange", 0),
    call("aten::arange", 2.5, dtype=torch.int64),
    beside("arange to a symbolic end", lambda x: aten.arange(x.shape[0])),
    beside("arange to a symbolic end in half", lambda x: aten.arange(x.shape[0] * 2, dtype=torch.float16)),
    call("aten::arange.start", 2, 7),
    call("aten::arange.start", -1.5, 2.0),
    call("aten::arange.start", 2, 7, dtype=torch.float32),
    beside("arange from a symbolic start", lambda x: aten.arange.start(x.shape[0], x.shape[0] + 4)),
    call("aten::arange.start_step", 1, 10, 3),
    call("aten::arange.start_step", 10, 1, -2),
    call("aten::arange.start_step", 0, 1, 0.1),
    call("aten::arange.start_step", 0, 10, 3, dtype=torch.float32),
    call("aten::arange.start_step", 0.5, 10, 3, dtype=torch.int64),
    beside("arange with steps to a symbolic end", lambda x: aten.arange.start_step(0, x.shape[0] * 2, 2)),
    call("aten::linspace", 0, 1, 5),
    call("aten::linspace", -1.5, 3, 4),
    call("aten::linspace", 2, 3, 1),
    call("aten::linspace", 2, 3, 0),
    call("aten::linspace", 3, -3, 7, dtype=torch.float16),
    call("aten::linspace", 0, 1, 3, dtype=torch.float64),
    call("aten::linspace", 0, 10, 4, dtype=torch.int64),
]
GRIDS = [
    call("aten::eye", 3),
    call("aten::eye", 2, dtype=torch.int64),
    call("aten::eye", 2, dtype=torch.bool),
    call("aten::eye", 0),
    beside("eye of a symbolic size", lambda x: aten.eye(x.shape[0])),
    call("aten::eye.m", 2, 3),
    call("aten::eye.m", 3, 2, dtype=torch.float16),
    beside("eye.m of a symbolic size", lambda x: aten.eye.m(x.shape[0], 4)),
    call("aten::tril_indices", 3, 4),
    call("aten::tril_indices", 3, 3, -1),
    call("aten::tril_indices", 2, 4, 1, dtype=torch.int32),
    call("aten::tril_indices", 0, 3),
    call("aten::triu_indices", 3, 4),
    call("aten::triu_indices", 3, 3, 1),
    call("aten::triu_indices", 4, 2, -1, dtype=torch.int32),
    call("aten::meshgrid", [f32(3), f32(4)]),
    call("aten::meshgrid", [i64(N), i64(2)]),
    call("aten::meshgrid", [f32(2), f32(), f32(3)]),
    call("aten::meshgrid.indexing", [f32(3), f32(N)], indexing="xy"),
    call("aten::meshgrid.indexing", [f32(3), f32(2), f32(4)], indexing="xy"),
    call("aten::meshgrid.indexing", [f32(3), f32(2)], indexing="ij"),
    call("aten::meshgrid.indexing", [f32(3)], indexing="xy"),
]
CONSTANTS = [
    program("a tensor literal", lambda x: x + torch.tensor([1.0, 2.0]), f32(N, 2)),
    program("a range over the positions of a batch", lambda x: x + torch.arange(x.shape[0]).unsqueeze(1), f32(N, 2)),
    call("aten::full_like", values([1.0, 2.0]), math.nan),
]

TYPES = [
    case
    for dtype in DTYPES
    for case in (
        call("aten::full", [2], 1, dtype=dtype),
        call("aten::zeros_like", of(dtype, 2, 3), note="of every type"),
        call("aten::fill.Scalar", of(dtype, 2), 1, note="of every type"),
        call("aten::eye", 2, dtype=dtype, note="of every type"),
        call("aten::arange", 4, dtype=dtype) if dtype != torch.bool else call("aten::new_zeros", of(dtype, 2), [3]),
        call("aten::copy", of(dtype, 2), i64(2)),
    )
]

CASES = FILLED + COUNTED + GRIDS + CONSTANTS + TYPES
