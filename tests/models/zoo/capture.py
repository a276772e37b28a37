"""Exports a program as dynamically as torch.export can, and finds out which axes stayed dynamic."""

import copy
from dataclasses import dataclass

import torch
from torch.export import Dim

# From the most dynamic to static. "named": a Dim of that name; "auto": torch.export decides; "_b": the batch axis only.
NAMED_FIRST = ("named", "auto", "named_b", "auto_b", "static")
AUTO_FIRST = ("auto", "auto_b", "static")


@dataclass
class Capture:
    exported: torch.export.ExportedProgram
    rung: str
    dynamic_axes: set[str]
    inputs: dict[str, tuple]  # set → (args, kwargs)
    sizes: dict[str, dict[str, int]]  # set → axis → size
    failures: list  # [rung, why] of the more dynamic ways


def sample(program, sizes, seed):
    torch.manual_seed(seed)
    return program.make_inputs(**sizes)


def _is_dims(spec):
    """{0: "b", 2: "h"}: the dims of one tensor."""
    return isinstance(spec, dict) and all(isinstance(key, int) for key in spec)


def dynamic_shapes(program, rung, kept):
    """The program's axis names as torch.export wants them; axes that are not `kept` stay static."""
    if not kept:
        return None
    automatic = Dim.AUTO if rung.startswith("auto") else Dim.DYNAMIC
    named = {axis: Dim(axis) for axis in kept} if rung.startswith("named") else {}

    def convert(spec):
        if spec is None:
            return None
        if isinstance(spec, str):
            return automatic if spec in kept else None
        if _is_dims(spec):
            return {dim: named.get(axis, automatic) for dim, axis in spec.items() if set(axis.split("+")) <= kept}
        if isinstance(spec, dict):
            return {key: convert(value) for key, value in spec.items()}
        return type(spec)(convert(value) for value in spec)

    return convert(program.dynamic)


def _leaf_dims(spec):
    """The dims of each input leaf, in order."""
    if spec is None or isinstance(spec, str) or _is_dims(spec):
        return [spec]
    return [dims for part in (spec.values() if isinstance(spec, dict) else spec) for dims in _leaf_dims(part)]


def surviving_axes(program, exported, kept):
    """The axes that torch.export did not specialise to the example's size."""
    user_inputs = set(exported.graph_signature.user_inputs)
    examples = [node.meta["val"] for node in exported.graph.nodes if node.op == "placeholder" and node.name in user_inputs]
    survivors = set()
    for dims, example in zip(_leaf_dims(program.dynamic), examples):
        if isinstance(dims, str) and isinstance(example, torch.SymInt):
            survivors.add(dims)
        elif dims and isinstance(example, torch.Tensor):
            survivors |= {axis for dim, axis in dims.items() if isinstance(example.shape[dim], torch.SymInt)}
    return survivors & kept


def capture(program, runs_set_b):
    """The first rung on which export succeeds and, where `runs_set_b`, the program also runs at other sizes."""
    sizes_a, sizes_b = ({axis: pair[tag] for axis, pair in program.sizes.items()} for tag in (0, 1))
    inputs_a = sample(program, sizes_a, seed=1)
    failures = []
    rungs = AUTO_FIRST if program.prefer_auto else NAMED_FIRST
    for rung in rungs if program.dynamic is not None else ("static",):
        kept = set() if rung == "static" else set(program.sizes) & ({"b"} if rung.endswith("_b") else set(program.sizes))
        try:
            args, kwargs = copy.deepcopy(inputs_a)
            with torch.no_grad():
                exported = torch.export.export(program.module, args, kwargs, dynamic_shapes=dynamic_shapes(program, rung, kept))
        except Exception as error:  # torch.export raises many types
            failures.append([rung, type(error).__name__, " ".join(str(error).split())[:400]])
            continue
        if rung.startswith("auto"):
            survivors = surviving_axes(program, exported, kept)
            if kept - survivors:
                failures.append([rung, "specialised", ",".join(sorted(kept - survivors))])
            kept = survivors
        sizes = {"a": sizes_a, "b": {axis: (sizes_b if axis in kept else sizes_a)[axis] for axis in sizes_a}}
        inputs_b = sample(program, sizes["b"], seed=2)
        try:
            if runs_set_b:
                args, kwargs = copy.deepcopy(inputs_b)
                with torch.no_grad():
                    exported.module()(*args, **kwargs)
        except Exception as error:
            failures.append([rung, "graph refuses set b: " + type(error).__name__, " ".join(str(error).split())[:300]])
            continue
        return Capture(exported, rung, kept, {"a": inputs_a, "b": inputs_b}, sizes, failures)
    raise RuntimeError(f"torch.export refuses every rung: {failures}")
