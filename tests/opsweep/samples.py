"""Which calls become cases: samples of PyTorch's own database and of extra_ops.py, the most telling ones first.

A sample is one call: a function, its arguments, and the form of the call (the function itself, an alias, in place, …). Half
of the structures that an operator's samples have are made, chosen by a hash of shapes and constants; the other half is for
whoever wants to see whether lowerings were written for the operator or for the sample.
"""

import functools
import hashlib
import random
from dataclasses import dataclass, replace

import numpy
import torch
from torch.testing import make_tensor
from torch.testing._internal import common_methods_invocations as database
from torch.testing._internal.opinfo import core as opinfo
from torch.utils import _pytree as pytree

import extra_ops
from groups import group_of

# The database fixes the seed inside random operators, so that two calls agree; here it must show which calls are random.
database.wrapper_set_seed = lambda op, *args, **kwargs: op(*args, **kwargs)

MOST_ENUMERATED = 600
MOST_ELEMENTS = 1 << 19  # of a sample's inputs together

# Partners of an element type in calls that mix two types.
PROMOTION = {
    "float32": ("int64", "bool", "float16", "float64"),
    "float16": ("float32", "int64"),
    "float64": ("float32", "int32"),
    "int64": ("int32", "bool", "float32"),
    "int32": ("int64", "bool"),
    "bool": ("int64", "float32"),
    "complex64": ("float32", "int64"),
}
INF, NAN = float("inf"), float("nan")
EXTREMES = (0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 88.0, -104.0, 1e-30, 3e30, INF, -INF, NAN)


def shape_text(tensor):
    return f"[{', '.join(map(str, tensor.shape))}]" + ("" if tensor.is_contiguous() else "~")


class _Verbatim(str):
    __repr__ = str.__str__


@dataclass
class Sample:
    function: object
    args: tuple
    kwargs: dict
    form: str = "function"
    shared: bool = False  # the only structure of its operator: both halves have it

    def leaves(self):
        return pytree.tree_leaves((self.args, self.kwargs))

    def elements(self):
        return sum(leaf.numel() for leaf in self.leaves() if isinstance(leaf, torch.Tensor))

    def structure(self):
        """The call without the values and types of its tensors."""

        def text(leaf):
            return shape_text(leaf).replace(" ", "") if isinstance(leaf, torch.Tensor) else repr(leaf)

        return f"{self.form}{pytree.tree_map(text, (self.args, self.kwargs))}"

    def summary(self):
        """The call in one short line."""

        def text(leaf):
            if not isinstance(leaf, torch.Tensor):
                return leaf
            return _Verbatim(str(leaf.dtype).removeprefix("torch.") + shape_text(leaf))

        args, kwargs = pytree.tree_map(text, (self.args, self.kwargs))
        line = ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())]).replace("\n", " ")
        return line if len(line) <= 160 else line[:157] + "..."

    def features(self):
        """What makes this call worth testing."""
        found = {("form", self.form), ("positional", len(self.args))}
        for path, leaf in pytree.tree_flatten_with_path((self.args, self.kwargs))[0]:
            place = pytree.keystr(path)
            if isinstance(leaf, torch.Tensor):
                found.add((place, "rank", leaf.ndim))
                if leaf.numel() == 0:
                    found.add(("empty",))
                if not leaf.is_contiguous():
                    found.add(("strided",))
            elif leaf is None or isinstance(leaf, (bool, str, torch.dtype)):
                found.add((place, "value", str(leaf)))
            elif isinstance(leaf, (int, float, complex)):
                found.add((place, type(leaf).__name__, not isinstance(leaf, complex) and leaf < 0))
            else:
                found.add((place, type(leaf).__name__))
        return found


@dataclass
class Operator:
    """An entry of the database, or of extra_ops.py."""

    name: str
    entry: object

    def supports(self, dtype):
        return dtype in self.entry.dtypes

    @property
    def group(self):
        return group_of(self.name)


@functools.cache
def operators():
    """All of them by name."""
    found = {f"{e.name}.{e.variant_test_name}" if e.variant_test_name else e.name: e for e in database.op_db}
    found.update((entry.name, entry) for entry in extra_ops.EXTRA_OPS)
    return {name: Operator(name, entry) for name, entry in sorted(found.items())}


def digest(*parts):
    """A number that depends on the given values alone."""
    text = "\0".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")


def _seed(*parts):
    number = digest(*parts) % (1 << 31)
    torch.manual_seed(number)
    numpy.random.seed(number)
    random.seed(number)


def _database_samples(operator, dtype):
    samples = []
    for number, entry in enumerate(operator.entry.sample_inputs("cpu", dtype, requires_grad=False)):
        if number >= MOST_ENUMERATED:
            break
        function = getattr(entry, "function", None) or operator.entry.op
        samples.append(Sample(function, (entry.input, *entry.args), dict(entry.kwargs)))
    return samples


def _on_copy(method, first, *args, **kwargs):
    return method(first.clone(), *args, **kwargs)


def _derived(samples, function, form):
    return [Sample(function, s.args, s.kwargs, form) for s in samples]


def _scalar_samples(entry, dtype):
    tensor = functools.partial(make_tensor, device="cpu", dtype=dtype, low=1, high=5)
    samples = []
    for number in (2, 1.5, True):
        samples.append(Sample(entry.op, (tensor((3, 4)), number), {}, "scalar"))
        samples.append(Sample(entry.op, (number, tensor((5,))), {}, "scalar"))
    return samples


def _promotion_samples(entry, dtype):
    tensor = functools.partial(make_tensor, device="cpu", low=1, high=5)
    samples = []
    for name in PROMOTION.get(str(dtype).removeprefix("torch."), ()):
        other = getattr(torch, name)
        for left, right in (((2, 3), (2, 3)), ((3, 1), (4,)), ((4,), ())):
            for types in ((dtype, other), (other, dtype)):
                args = tensor(left, dtype=types[0]), tensor(right, dtype=types[1])
                samples.append(Sample(entry.op, args, {}, "promotion"))
    return samples


def _extreme_samples(entry, dtype):
    values = torch.tensor(EXTREMES, dtype=torch.float64)
    values = values[torch.randperm(len(values))].to(dtype)
    return [Sample(entry.op, (values.reshape(shape),), {}, "extreme") for shape in ((16,), (4, 4))]


def _forms(operator, dtype, is_first):
    """(form, samples) of an operator for an element type; rarer forms for the first type only."""
    entry = operator.entry
    _seed(0, operator.name, dtype)
    plain = _database_samples(operator, dtype)
    yield "function", plain
    if isinstance(entry, opinfo.BinaryUfuncInfo):
        yield "scalar", _scalar_samples(entry, dtype)
        yield "promotion", _promotion_samples(entry, dtype)
    if not is_first:
        return
    tensor_first = [s for s in plain if s.args and isinstance(s.args[0], torch.Tensor)]
    for alias in entry.aliases:
        yield f"alias:{alias.name}", _derived(plain, alias.op, f"alias:{alias.name}")
    if entry.inplace_variant:
        yield "inplace", _derived(tensor_first, functools.partial(_on_copy, entry.inplace_variant), "inplace")
    if entry.operator_variant:
        yield "operator", _derived(tensor_first, entry.operator_variant, "operator")
    if isinstance(entry, opinfo.UnaryUfuncInfo) and dtype.is_floating_point:
        yield "extreme", _extreme_samples(entry, dtype)


def _half_of_structures(samples):
    """The structures to make, or None where there is only one."""
    keys = sorted({s.structure() for s in samples}, key=digest)
    if len(keys) < 2:
        return None
    halves = [], []
    for key in keys:
        halves[digest("split", key) & 1].append(key)
    for mine, other in (halves, halves[::-1]):
        if not mine:
            mine.append(other.pop(0))
    return set(halves[0])


def _most_telling(samples, limit):
    """In an order in which each one adds as many features as possible."""
    rest = [(s, s.features(), digest(s.structure(), position)) for position, s in enumerate(samples)]
    rest.sort(key=lambda candidate: candidate[2])
    chosen, covered = [], set()
    while rest and len(chosen) < limit:
        best = max(rest, key=lambda candidate: len(candidate[1] - covered))
        rest = [candidate for candidate in rest if candidate is not best]
        covered |= best[1]
        chosen.append(best[0])
    return chosen


def _select(samples, limit):
    """Up to `limit` samples of one half, in order of preference."""
    small = [s for s in samples if s.elements() <= MOST_ELEMENTS]
    half = _half_of_structures(small)
    if half is not None:
        return _most_telling([s for s in small if s.structure() in half], limit)
    return _most_telling([replace(s, shared=True) for s in (small[::2] if len(small) > 1 else small)], limit)


def candidates(operator, dtype, limit, is_first):
    """(form, how many cases are wanted, samples in order of preference) for an operator and an element type."""
    chosen = []
    for form, samples in _forms(operator, dtype, is_first):
        wanted = 1
        if form == "function":
            wanted = limit if is_first else (limit + 1) // 2
        elif form in ("scalar", "promotion") and is_first:
            wanted = 2
        chosen.append((form, wanted, _select(samples, 4 * wanted)))
    return chosen
