"""Runs a program in eager mode and writes down what went in and what came out."""

import collections
import copy
from dataclasses import dataclass, field

import torch
import torch.utils._pytree as pytree

@torch.no_grad()
def randomize(module):
    """Varies every constant parameter (biases, norm and layer scales, position tables) and the statistics of batch norms.

    An error in any of them would not show while they are all zero or one.
    """
    for parameter in module.parameters():
        constant = parameter.numel() == 1 or (parameter.numel() > 1 and float(parameter.detach().float().std()) == 0.0)
        if not parameter.is_floating_point() or not constant:
            continue
        value = float(parameter.detach().flatten()[0])
        noise = torch.randn(parameter.shape)
        if value == 0:
            parameter.copy_((noise * 0.05).to(parameter.dtype))
        elif abs(value) < 1e-3:
            parameter.copy_((0.3 + 0.1 * noise).to(parameter.dtype))
        else:
            parameter.mul_((1 + 0.1 * noise).to(parameter.dtype))
    for part in module.modules():
        if isinstance(part, torch.nn.modules.batchnorm._BatchNorm) and part.running_mean is not None:
            part.running_mean.copy_(torch.randn_like(part.running_mean) * 0.1)
            part.running_var.copy_(torch.rand_like(part.running_var) + 0.5)


def describe(value):
    """["tensor", "float32", ["s0", 3]] with symbols as strings; for anything else its type's name and its value as text allows."""
    if isinstance(value, torch.Tensor):
        dims = [size if isinstance(size, int) else str(size) for size in value.shape]
        return ["tensor", str(value.dtype).removeprefix("torch."), dims]
    if isinstance(value, torch.SymInt):
        return [type(value).__name__, None]
    return [type(value).__name__, value if isinstance(value, (int, float, bool, str, type(None))) else str(value)]


def _statistics(value):
    """How large an output is, so that a trivial one shows."""
    if not isinstance(value, torch.Tensor):
        return None
    numbers = (torch.view_as_real(value) if value.is_complex() else value).detach().float()
    return {
        "finite": bool(torch.isfinite(numbers).all()),
        "absmax": float(numbers.abs().max()) if numbers.numel() else 0.0,
        "std": float(numbers.std()) if numbers.numel() > 1 else 0.0,
    }


def _equal(a, b):
    """Same shape and numbers; NaN equals NaN."""
    if a.shape != b.shape:
        return False
    if a.is_floating_point():
        a, b = a.nan_to_num(), b.nan_to_num()
    return torch.equal(a, b)


@dataclass
class Recording:
    tensors: dict[str, torch.Tensor] = field(default_factory=dict)
    sets: dict[str, dict] = field(default_factory=dict)

    def _keep(self, key, value):
        self.tensors[key] = value.detach().clone(memory_format=torch.contiguous_format)

    def record(self, tag, module, exported, inputs):
        """One eager call on a copy of `module` wherever it has buffers."""
        module = copy.deepcopy(module) if next(module.buffers(), None) is not None else module
        buffers_before = {name: buffer.clone() for name, buffer in module.named_buffers()}
        args, kwargs = copy.deepcopy(inputs)
        leaves = list(exported._get_flat_args_with_check(args, kwargs)[0])
        for i, leaf in enumerate(leaves):
            if isinstance(leaf, torch.Tensor):
                self._keep(f"{tag}.in.{i}", leaf)
        described_inputs = [describe(leaf) for leaf in leaves]

        with torch.no_grad():
            outputs = pytree.tree_leaves(module(*args, **kwargs))
        for j, output in enumerate(outputs):
            if isinstance(output, torch.Tensor):
                self._keep(f"{tag}.out.{j}", output)
        for name, buffer in module.named_buffers():
            if not _equal(buffer, buffers_before[name]):
                self._keep(f"{tag}.mut.{name}", buffer)
        for i, leaf in enumerate(leaves):
            if isinstance(leaf, torch.Tensor) and not _equal(leaf, self.tensors[f"{tag}.in.{i}"]):
                self._keep(f"{tag}.inmut.{i}", leaf)
        self.sets[tag] = {
            "inputs": described_inputs,
            "outputs": [describe(output) for output in outputs],
            "out_stats": [_statistics(output) for output in outputs],
        }

    def changed(self, kind):
        """What calls changed: the names after ".mut." or ".inmut.", sorted."""
        return sorted({key.split(".", 2)[2] for key in self.tensors if key.split(".")[1] == kind})


def count_operators(graph_module, counts):
    """Adds the targets of all calls, nested graphs included, to `counts`; answers the number of nodes."""
    nodes = 0
    for node in graph_module.graph.nodes:
        nodes += 1
        if node.op == "call_function":
            target = node.target
            registered = isinstance(target, (torch._ops.OpOverload, torch._ops.HigherOrderOperator))
            counts[str(target) if registered else f"{target.__module__}.{target.__name__}"] += 1
    children = (child for child in graph_module.children() if isinstance(child, torch.fx.GraphModule))
    return nodes + sum(count_operators(child, counts) for child in children)


def _weight_bytes(exported):
    """Bytes of distinct storages."""
    tensors = [*exported.state_dict.values(), *(c for c in exported.constants.values() if isinstance(c, torch.Tensor))]
    return sum({t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors}.values())


def summary(exported, recording):
    """What the JSON says of the exported program."""
    signature = exported.graph_signature
    values = {node.name: node.meta.get("val") for node in exported.graph.nodes}
    inputs = [spec.arg for spec in signature.input_specs if spec.kind.name == "USER_INPUT"]
    outputs = [spec.arg for spec in signature.output_specs if spec.kind.name == "USER_OUTPUT"]
    counts = collections.Counter()
    nodes = count_operators(exported.graph_module, counts)

    def constant(argument):
        value = getattr(argument, "value", None)
        return value if isinstance(value, (int, float, bool, str, type(None))) else str(value)

    return {
        "inputs": [
            {"name": a.name, "kind": type(a).__name__, "value": constant(a), "dims": describe(values.get(a.name))} for a in inputs
        ],
        "outputs": [
            {"name": name, "kind": type(a).__name__, "dims": describe(values[name]) if name in values else None}
            for a, name in ((a, getattr(a, "name", None)) for a in outputs)
        ],
        "mutated_buffers": [s.target for s in signature.output_specs if s.kind.name == "BUFFER_MUTATION"],
        "mutated_inputs": [s.target for s in signature.output_specs if s.kind.name == "USER_INPUT_MUTATION"],
        "eager_mutated": recording.changed("mut"),
        "eager_mutated_inputs": sorted({inputs[int(i)].name for i in recording.changed("inmut")}),
        "range_constraints": {str(symbol): str(bounds) for symbol, bounds in exported.range_constraints.items()},
        "sets": recording.sets,
        "ops": dict(counts),
        "nodes": nodes,
        "param_bytes": _weight_bytes(exported),
        "dialect": exported.dialect,
        "torch": torch.__version__,
    }
