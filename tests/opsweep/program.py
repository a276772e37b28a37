"""One call of an operator as a module, and the program that torch.export makes of it."""

import torch
from torch.utils import _pytree as pytree


class NotACase(Exception):
    """The sample cannot be used; the text says why."""


def _tensor_of(value):
    """A result as a tensor, None where it is neither a tensor nor a number."""
    if isinstance(value, torch.Tensor):
        return value
    for kinds, dtype in (
        ((bool, torch.SymBool), torch.bool),
        ((int, torch.SymInt), torch.int64),
        ((float, torch.SymFloat), torch.float64),
    ):
        if isinstance(value, kinds):
            return torch.scalar_tensor(value, dtype=dtype)
    return None


class Call(torch.nn.Module):
    """Tensors of the sample are inputs, everything else is part of the program; every tensor of the result is an output."""

    def __init__(self, sample, on_copies=False):
        super().__init__()
        self.call = sample.function
        self.on_copies = on_copies
        leaves, self.spec = pytree.tree_flatten((sample.args, sample.kwargs))
        self.constants = [None if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves]
        self.slots = [slot for slot, leaf in enumerate(leaves) if isinstance(leaf, torch.Tensor)]

    def forward(self, *tensors):
        leaves = list(self.constants)
        for slot, tensor in zip(self.slots, tensors):
            leaves[slot] = tensor.clone() if self.on_copies else tensor
        args, kwargs = pytree.tree_unflatten(leaves, self.spec)
        results = map(_tensor_of, pytree.tree_leaves(self.call(*args, **kwargs)))
        return tuple(tensor for tensor in results if tensor is not None)


def inputs_of(sample):
    """The tensors that the call gets, strided as they were."""
    leaves = sample.leaves()
    if any(isinstance(leaf, torch.Generator) for leaf in leaves):
        raise NotACase("takes a random generator")
    tensors = [leaf.detach() for leaf in leaves if isinstance(leaf, torch.Tensor)]
    for tensor in tensors:
        if tensor.layout != torch.strided or tensor.is_quantized:
            raise NotACase("an input is not a dense tensor")
    return [(t.resolve_conj() if t.is_complex() else t).resolve_neg() for t in tensors]


def with_tensors(sample, tensors):
    """(args, kwargs) of the sample with these tensors in place of its own."""
    leaves, spec = pytree.tree_flatten((sample.args, sample.kwargs))
    fresh = iter(tensors)
    return pytree.tree_unflatten([next(fresh) if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves], spec)


def run_eagerly(module, tensors, seed):
    """The results; the module's state is as before afterwards."""
    state = {name: value.clone() for name, value in module.state_dict().items()}
    torch.manual_seed(seed)
    try:
        return [tensor.detach().clone() for tensor in module(*tensors)]
    finally:
        module.load_state_dict(state)


def same_values(left, right):
    """Shapes and numbers; NaN equals NaN."""

    def comparable(tensor):
        return torch.nan_to_num((torch.view_as_real(tensor) if tensor.is_complex() else tensor).double())

    def same(a, b):
        return a.shape == b.shape and torch.equal(comparable(a), comparable(b))

    return len(left) == len(right) and all(map(same, left, right))


def export(module, tensors, dynamic):
    shapes = None
    if dynamic:
        if not any(tensor.ndim for tensor in tensors):
            raise NotACase("no input has a dimension")
        auto = torch.export.Dim.AUTO
        shapes = {"tensors": tuple({dim: auto for dim in range(tensor.ndim)} for tensor in tensors)}
    return torch.export.export(module, tuple(tensors), dynamic_shapes=shapes, strict=False)


def call_targets(program):
    """(ATen overloads, other targets, whether complex numbers take part)."""
    overloads, others, is_complex = set(), set(), False
    for graph_module in program.graph_module.modules():
        if not isinstance(graph_module, torch.fx.GraphModule):
            continue
        for node in graph_module.graph.nodes:
            values = pytree.tree_leaves(node.meta.get("val"))
            is_complex |= any(isinstance(value, torch.Tensor) and value.is_complex() for value in values)
            if node.op != "call_function":
                continue
            if isinstance(node.target, torch._ops.OpOverload):
                overloads.add(str(node.target))
            elif isinstance(node.target, torch._ops.OperatorBase):
                others.add(f"higher_order.{node.target.name()}")
            elif node.target.__name__ != "getitem":
                others.add(f"{node.target.__module__}.{node.target.__name__}")
    return sorted(overloads), sorted(others), is_complex
