"""What a case is: one call of an operator, or a few lines of PyTorch, with what goes in.

    call("aten::add.Tensor", f32(2, 3), i64(3), alpha=2)
    call("aten::acosh", f32(2, 3).within(1, 9))
    call("aten::sum", f32(N, 4), dtype=torch.float64)                     # N = D("n", 3, 5): exported at 3, run at 3 and 5
    call("aten::conv1d", f32(1, 3, 9), weight(f32(4, 3, 3)))              # a weight is a buffer of the module, not an input
    program("view keeps a symbolic size", lambda x: x.view(x.shape[0], -1), f32(N, 2, 3))

A case's name is the call as text. Random numbers depend on the name alone.
"""

import hashlib
from dataclasses import dataclass, field, replace

import torch
import torch.utils._pytree as pytree

SHORT = {
    torch.float32: "f32", torch.float64: "f64", torch.float16: "f16", torch.bfloat16: "bf16", torch.bool: "bool",
    torch.int8: "i8", torch.int16: "i16", torch.int32: "i32", torch.int64: "i64", torch.uint8: "u8",
}  # fmt: skip


@dataclass(frozen=True)
class D:
    """A symbolic size: its name, the size at export, the other size that the model is run at, the range PyTorch is told of."""

    name: str
    first: int
    second: int
    least: int | None = None
    most: int | None = None

    def at(self, tag):
        return self.first if tag == "a" else self.second


@dataclass(frozen=True)
class Sample:
    """How a tensor is made: of these very values, or of random numbers in [low, high), whole or not as the dtype has it."""

    dtype: torch.dtype
    dims: tuple
    low: float
    high: float
    values: list | None = None
    distinct: bool = False
    is_weight: bool = False

    def within(self, low, high):
        return replace(self, low=low, high=high)

    def unequal(self):
        """No two elements are the same: for operators whose answer for equal ones is anybody's guess."""
        return replace(self, distinct=True)

    def make(self, tag, generator):
        if self.values is not None:
            return torch.tensor(self.values, dtype=self.dtype)
        shape = [dim.at(tag) if isinstance(dim, D) else dim for dim in self.dims]
        if self.distinct:
            order = torch.randperm(torch.Size(shape).numel(), generator=generator).reshape(shape)
            return (order + self.low).to(self.dtype)
        if self.dtype == torch.bool:
            return torch.rand(shape, generator=generator) < 0.5
        if self.dtype.is_floating_point:
            return (torch.rand(shape, generator=generator, dtype=torch.float64) * (self.high - self.low) + self.low).to(self.dtype)
        return torch.randint(int(self.low), int(self.high), shape, generator=generator).to(self.dtype)

    def __str__(self):
        if self.values is not None:
            return f"{SHORT[self.dtype]}{self.values}".replace("'", "")
        dims = ",".join(dim.name if isinstance(dim, D) else str(dim) for dim in self.dims)
        return f"{SHORT[self.dtype]}[{dims}]"


def _floats(dtype):
    return lambda *dims: Sample(dtype, dims, -3, 3)


def _integers(dtype, low, high):
    return lambda *dims: Sample(dtype, dims, low, high)


f16, f32, f64, bf16 = map(_floats, (torch.float16, torch.float32, torch.float64, torch.bfloat16))
i8, i16, i32, i64 = (_integers(dtype, -9, 10) for dtype in (torch.int8, torch.int16, torch.int32, torch.int64))
u8, boolean = _integers(torch.uint8, 0, 10), _integers(torch.bool, 0, 2)


def of(dtype, *dims):
    """A sample of any dtype."""
    makers = {torch.uint8: u8, torch.bool: boolean, torch.int8: i8, torch.int16: i16, torch.int32: i32, torch.int64: i64}
    return makers[dtype](*dims) if dtype in makers else Sample(dtype, dims, -3, 3)


DTYPES = tuple(SHORT)


def values(numbers, dtype=torch.float32):
    """A tensor of these very numbers, a nested list."""
    return Sample(dtype, tuple(torch.tensor(numbers).shape), 0, 0, numbers)


def weight(sample):
    return replace(sample, is_weight=True)


@dataclass(frozen=True)
class Case:
    name: str
    function: object
    args: tuple
    kwargs: dict = field(default_factory=dict)
    shapes_only: bool = False
    moments: tuple | None = None  # the mean and variance of what is drawn
    exported_as: tuple | None = None  # (another case, one of its targets, what that is called in this case's archive)

    def leaves(self):
        return pytree.tree_leaves((self.args, self.kwargs))

    def samples(self):
        return [leaf for leaf in self.leaves() if isinstance(leaf, Sample)]

    def inputs(self):
        return [sample for sample in self.samples() if not sample.is_weight]

    def sizes(self):
        return {dim.name: dim for sample in self.inputs() for dim in sample.dims if isinstance(dim, D)}

    def generator(self, tag):
        seed = hashlib.sha256(f"{tag} {self.name}".encode()).digest()
        return torch.Generator().manual_seed(int.from_bytes(seed[:6], "little"))


def _text(value):
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_text, value)) + "]"
    if isinstance(value, Sample):
        return f"weight {value}" if value.is_weight else str(value)
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, torch.dtype):
        return SHORT.get(value, str(value))
    return str(value)


def operator(name):
    """The overload of "aten::add.Tensor"; "aten::relu" is the one without a name."""
    namespace, _, rest = name.partition("::")
    packet, _, overload = rest.partition(".")
    return getattr(getattr(getattr(torch.ops, namespace), packet), overload or "default")


def call(name, *args, note="", **kwargs):
    arguments = [*map(_text, args), *(f"{key}={_text(value)}" for key, value in kwargs.items())]
    text = f"{name}({', '.join(arguments)})" + (f" {note}" if note else "")
    return Case(text, operator(name), args, kwargs)


def program(name, function, *args):
    """`function` of the tensors. The operators that it stands for are those that torch.export finds in it."""
    return Case(name, function, args)


def random(case):
    """Numbers are drawn anew by every run: only dtypes and shapes are compared."""
    return replace(case, shapes_only=True)


def drawn(case, mean, variance):
    """The same, and distributions_test.py compares the moments of its one output, which is large."""
    return replace(case, shapes_only=True, moments=(mean, variance))


def rewritten(case, stand_in, target, wanted):
    """A program that this version of PyTorch cannot write: `stand_in` is exported, and one of its targets gets another name."""
    return replace(case, exported_as=(stand_in, target, wanted))
