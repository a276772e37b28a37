"""Python numbers that come from sizes and from tensors."""

import math
import operator

import torch
from cases import D, call, f32, f64, i64, program, rewritten

N, M, K = D("n", 7, 5), D("m", 4, 6), D("k", 3, 8)


def sizes(name, function):
    """`function` of three symbolic sizes; a number goes out as one."""
    return program(f"sizes: {name}", lambda x: function(x.shape[0], x.shape[1], x.shape[2]), f32(N, M, K))


def shape(name, function):
    """The number, and eight, as a size of the result, where a factory needs it."""
    return program(f"shape: {name}", lambda x: torch.zeros([function(x.shape[0], x.shape[1], x.shape[2]) + 8]), f32(N, M, K))


def floats(name, function):
    """The number as a factor; floats do not go out by themselves."""
    return program(f"factor: {name}", lambda x: x * function(x.shape[0], x.shape[1], x.shape[2]), f32(N, M, K))


def numbers(name, function, *samples):
    """`function` of what .item() of each tensor gives."""
    return program(f"items: {name}", lambda *tensors: function(*(tensor.item() for tensor in tensors)), *samples)


def bools(name, function, *samples):
    """A bool does not go out by itself; it becomes a tensor."""
    return program(f"bools: {name}", lambda *tensors: torch.full([2], function(*(t.item() for t in tensors))), *samples)


OF_SIZES = [
    maker(name, function)
    for maker in (sizes, shape)
    for name, function in (
        ("n + m", lambda n, m, k: n + m),
        ("n * m - k", lambda n, m, k: n * m - k),
        ("n // 2", lambda n, m, k: n // 2),
        ("n // m", lambda n, m, k: n // m),
        ("n * m % k", lambda n, m, k: n * m % k),
        ("n ** 2", lambda n, m, k: n**2),
        ("max(n, m)", lambda n, m, k: torch.sym_max(n, m)),
        ("min(n, m)", lambda n, m, k: torch.sym_min(n, m)),
        ("-n + n * m + k", lambda n, m, k: -n + n * m + k),
        ("int(n / 2)", lambda n, m, k: torch.sym_int(n / 2)),
        ("trunc(n / 2)", lambda n, m, k: math.trunc(n / 2)),
        ("n << 1", lambda n, m, k: n << 1),
        ("n >> 1", lambda n, m, k: n >> 1),
    )
] + [
    floats("n / m", lambda n, m, k: n / m),
    floats("float(n)", lambda n, m, k: torch.sym_float(n)),
    floats("sqrt(n)", lambda n, m, k: torch.sym_sqrt(n)),
    floats("float(n) ** 0.5", lambda n, m, k: torch.sym_float(n) ** 0.5),
    floats("1 / n + 0.5", lambda n, m, k: 1 / n + 0.5),
    floats("max(n / m, 1.0)", lambda n, m, k: torch.sym_max(n / m, 1.0)),
    floats("n * 0.1", lambda n, m, k: n * 0.1),
]  # fmt: skip
OF_TENSORS = [
    numbers("a + b", operator.add, i64(), i64()),
    numbers("a - b", operator.sub, i64(), i64()),
    numbers("a * b", operator.mul, i64(), i64()),
    numbers("-a", operator.neg, i64()),
    numbers("a // 3", lambda a: a // 3, i64()),
    numbers("a // -3", lambda a: a // -3, i64()),
    numbers("a % 3", lambda a: a % 3, i64()),
    numbers("a % -3", lambda a: a % -3, i64()),
    numbers("a & b", operator.and_, i64().within(0, 9), i64().within(0, 9)),
    numbers("a | b", operator.or_, i64().within(0, 9), i64().within(0, 9)),
    numbers("b if a > 0 else c", lambda a, b, c: torch.sym_ite(a > 0, b, c), i64(), i64(), i64()),
    numbers("max(a, b)", torch.sym_max, i64(), i64()),
    numbers("min(a, b)", torch.sym_min, i64(), i64()),
    numbers("a / b", operator.truediv, i64(), i64().within(1, 9)),
    numbers("x + y", operator.add, f64(), f64()),
    numbers("x - y", operator.sub, f64(), f64()),
    numbers("x * 2", lambda x: x * 2, f64()),
    numbers("x / y", operator.truediv, f64(), f64().within(1, 2)),
    numbers("int(x)", torch.sym_int, f64()),
    numbers("x ** 2", lambda x: x**2, f64()),
    numbers("trunc(x)", math.trunc, f64()),
    numbers("sqrt(x)", torch.sym_sqrt, f64().within(1, 9)),
]
OF_TRUTH = [
    case
    for name, function in (
        ("==", operator.eq), ("!=", operator.ne), ("<", operator.lt), ("<=", operator.le), (">", operator.gt), (">=", operator.ge)
    )
    for case in (
        bools(f"a {name} b", function, i64().within(0, 2), i64().within(0, 2)),
        bools(f"a {name} a", function, i64(), i64()),
        bools(f"x {name} y", function, f64(), f64()),
    )
] + [
    bools("not (a < b)", lambda a, b: torch.sym_not(a < b), i64(), i64()),
    bools("a < b or b < c", lambda a, b, c: (a < b) | (b < c), i64(), i64(), i64()),
    bools("a < b and b < c", lambda a, b, c: (a < b) & (b < c), i64(), i64(), i64()),
    program("bools: of sizes", lambda x: torch.full([2], x.shape[0] < x.shape[1]), f32(N, M)),
]  # fmt: skip
# PyTorch 2.13 writes none of these; other versions may.
OF_OTHER_VERSIONS = [
    rewritten(numbers("python's +a", operator.pos, i64()), numbers("", operator.neg, i64()), "_operator.neg", "_operator.pos"),
    rewritten(numbers("torch.sym_int(x)", int, f64()), numbers("", math.trunc, f64()), "math.trunc", "torch.sym_int"),
    rewritten(numbers("ceil(x)", math.ceil, f64()), numbers("", math.trunc, f64()), "math.trunc", "math.ceil"),
    rewritten(numbers("floor(x)", math.floor, f64()), numbers("", math.trunc, f64()), "math.trunc", "math.floor"),
    rewritten(numbers("round(x)", round, f64()), numbers("", math.trunc, f64()), "math.trunc", "_operator.round"),
    rewritten(numbers("math.sqrt(x)", math.sqrt, f64().within(1, 9)), numbers("", torch.sym_sqrt, f64()), "torch._sym_sqrt", "math.sqrt"),
    rewritten(
        numbers("a ^ b", operator.xor, i64().within(0, 9), i64().within(0, 9)),
        numbers("", operator.or_, i64(), i64()),
        "_operator.or_",
        "_operator.xor",
    ),
    rewritten(
        bools("not a", lambda a, b: not a < b, i64(), i64()),
        bools("", lambda a, b: torch.sym_not(a < b), i64(), i64()),
        "torch.sym_not",
        "_operator.not_",
    ),
]
OF_SHAPES = [
    call("aten::sym_size.int", f32(N, 3), 0),
    call("aten::sym_size.int", f32(3, N), -1),
    program("sizes: how many elements", lambda x: x.numel(), f32(N, M)),
    program("sizes: a stride", lambda x: x.stride(0), f32(N, M)),
    program("sizes: a stride of another order", lambda x: x.permute(2, 0, 1).stride(1), f32(N, M, K)),
]

CASES = OF_SIZES + OF_TENSORS + OF_TRUTH + OF_OTHER_VERSIONS + OF_SHAPES
