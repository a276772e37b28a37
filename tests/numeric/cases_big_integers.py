"""Integers beyond the 53 bits that a double holds: no operator of integers goes by way of floats."""

import torch
from cases import call, values

A = [[2**62 + 1, -(2**62) - 3, 2**53 + 1], [9007199254740993, -9007199254740995, 7]]
B = [[3, -5, 2**33 + 1], [2**31 + 1, 10**9 + 7, -3]]
X, Y = values(A, torch.int64), values(B, torch.int64)
ROW = values([2**53 + 1, 2**53, 2**53 + 3, 2**53 + 2, -(2**53) - 1], torch.int64)

ARITHMETIC = [
    call(f"aten::{name}", X, Y)
    for name in (
        *("add.Tensor", "sub.Tensor", "mul.Tensor", "rsub.Tensor", "floor_divide", "remainder.Tensor", "fmod.Tensor", "gcd", "lcm"),
        *("maximum", "minimum", "fmax", "fmin", "eq.Tensor", "lt.Tensor", "ge.Tensor", "bitwise_and.Tensor", "bitwise_xor.Tensor"),
    )
] + [
    call("aten::div.Tensor_mode", X, Y, rounding_mode=mode) for mode in ("trunc", "floor")
] + [
    call("aten::remainder.Scalar", X, 2**40 + 1),
    call("aten::remainder.Scalar_Tensor", 2**60 + 1, Y),
    call("aten::floor_divide.Scalar", X, -7),
    call("aten::mul.Scalar", X, 2**33 + 1),
    call("aten::add.Scalar", X, 2**53 + 1, 3),
    call("aten::add.Tensor", X, Y, alpha=2**53 + 1),
    call("aten::eq.Scalar", X, 2**53 + 1),
    call("aten::clamp", X, -(2**53) - 1, 2**53 + 1),
    call("aten::clamp_min", X, 2**53 + 1),
    call("aten::addcmul", X, Y, Y, value=2**53 + 1),
    call("aten::where.self", values([[True, False, True]], torch.bool), X, Y),
    call("aten::full_like", X, 2**53 + 1),
    call("aten::masked_fill.Scalar", X, values([[True, False, True]], torch.bool), 2**53 + 1),
]
UNARY = [
    call(f"aten::{name}", X)
    for name in ("abs", "neg", "sign", "square", "bitwise_not", "isnan", "trunc", "floor", "round", "positive")
]
REDUCTIONS = [
    call(f"aten::{name}", X) for name in ("sum", "prod", "max", "min", "argmax", "argmin", "median", "amax", "amin", "aminmax", "any")
] + [
    call(f"aten::{name}", X, dim)
    for name in (
        *("sum.dim_IntList", "prod.dim_int", "max.dim", "min.dim", "argmax", "amax", "median.dim", "mode", "sort", "argsort", "flip"),
        *("cumsum", "cumprod", "cummax", "cummin"),
    )
    for dim in ([[1]] if name in ("sum.dim_IntList", "amax", "flip") else [1])
] + [
    call("aten::topk", ROW, 3),
    call("aten::kthvalue", ROW, 2),
    call("aten::unique_consecutive", ROW),
    call("aten::searchsorted.Tensor", values(sorted([2**53 + 1, 2**53, 2**53 + 3]), torch.int64), ROW),
    call("aten::bucketize.Tensor", ROW, values(sorted([2**53 + 1, 2**53, 2**53 + 3]), torch.int64)),
    call("aten::isin.Tensor_Tensor", ROW, values([2**53 + 1], torch.int64)),
    call("aten::diff", ROW),
    call("aten::trace", X),
]
PRODUCTS = [
    call("aten::mm", X, values([[3, 1], [5, 2**33 + 1], [1, -1]], torch.int64)),
    call("aten::matmul", X, values([3, 5, 1], torch.int64)),
    call("aten::dot", ROW, values([1, 2, 3, 4, 5], torch.int64)),
    call("aten::addmm", values([2**53 + 1, 1], torch.int64), X, values([[3, 1], [5, 2], [1, -1]], torch.int64), beta=2**33 + 1),
    call("aten::outer", ROW, values([3, 2**33 + 1], torch.int64)),
    call("aten::cross", X, Y),
    call("aten::kron", X, values([[1, 2**33 + 1]], torch.int64)),
    call("aten::einsum", "ij,ij->i", [X, Y]),
]
START = values([0, 2**53 + 1, 5], torch.int64)
WHERE, ADDED = values([1, 1, 2], torch.int64), values([1, 2**53 + 3, 3], torch.int64)
PLACES = [
    call("aten::index_add", START, 0, WHERE, ADDED),
    call("aten::scatter_add", START, 0, WHERE, ADDED),
    call("aten::scatter_reduce.two", START, 0, WHERE, ADDED, "amax"),
    call("aten::scatter_reduce.two", values([0, 2**33 + 1, 5], torch.int64), 0, WHERE, values([3, 2**20 + 3, 3], torch.int64), "prod"),
    call("aten::cumsum", ROW, 0),
    call("aten::arange.start_step", 2**53 + 1, 2**53 + 9, 3),
    call("aten::to.dtype", X, torch.float64),
    call("aten::pow.Tensor_Scalar", X, 3),
]
CASES = ARITHMETIC + UNARY + REDUCTIONS + PRODUCTS + PLACES
