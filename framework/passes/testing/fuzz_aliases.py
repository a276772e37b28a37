#!/usr/bin/env python3
"""Exports random programs full of views and in-place writes, and compares ONNX Runtime with PyTorch's own run of the program.

    $(tools/setup --print torch-python) framework/passes/testing/fuzz_aliases.py --fairlead build/release/bin/fairlead [FIRST [LAST]]

A program is made from its seed alone. Prints one line for each that is not right, and exits 1 when there is one; programs refused
with FL5004 (a copy or a view, which symbolic strides leave open) are counted. Buffers and inputs must change when PyTorch's do.
"""
import argparse
import random
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy
import onnxruntime
import torch


class Steps(torch.nn.Module):
    """A pool of tensors: two inputs, a buffer, copies; each step adds a view, writes to one, or computes a new one."""

    def __init__(self, seed):
        super().__init__()
        rng = random.Random(seed)
        self.steps = [[rng.random() for _ in range(6)] for _ in range(rng.randint(3, 20))]
        self.register_buffer("buf", torch.arange(24.0).reshape(4, 6) / 7)
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))

    def forward(self, x, y):
        pool = [(x, True), (self.buf, True), (x.clone(), True), (y * 2, True), (y.clone(), True)]
        for step in self.steps:
            tensor, writable = pool[int(step[0] * len(pool))]
            if step[1] < 0.5:
                pool.append(self.view(tensor, writable, step))
            elif step[1] >= 0.9:
                pool.append(([tensor + 1, tensor.clone(), tensor.sin()][int(step[2] * 3)], True))
            elif writable:
                self.write(tensor, step)
        return tuple(tensor * 1.0 for tensor, _ in pool[::2]) + (pool[-1][0],)

    @staticmethod
    def view(t, writable, step):
        rank, dim = t.dim(), int(step[3] * t.dim())
        size = t.shape[dim] if rank and isinstance(t.shape[dim], int) else 0  # 0: symbolic, or none
        order = list(range(rank))
        random.Random(step[4]).shuffle(order)
        every_second = (slice(None),) * dim + (slice(0, None, 2),)
        choices = [
            size > 0 and (lambda: t.select(dim, int(step[4] * size))), size > 1 and (lambda: t.narrow(dim, 1, size - 1)),
            rank > 0 and (lambda: t[every_second]), rank > 1 and (lambda: t.transpose(0, rank - 1)), lambda: t.permute(order),
            lambda: t.unsqueeze(dim), lambda: t.reshape(-1), lambda: t.squeeze(),
            size > 1 and (lambda: t.split([1, size - 1], dim)[1]), size > 1 and (lambda: t.chunk(2, dim)[int(step[4] * 2)]),
            0 < size < 5 and (lambda: t.unbind(dim)[int(step[4] * size)]), rank == 2 and (lambda: t.diagonal(int(step[4] * 2))),
            rank > 0 and (lambda: t.movedim(0, -1)), lambda: t.contiguous(), lambda: t.to(torch.float32), lambda: t.detach(),
            rank == 2 and (lambda: t.t()), lambda: torch.nn.functional.dropout(t, 0.3, False), lambda: t.view_as(t),
        ]  # fmt: skip
        if step[5] < 0.05:
            return t.expand(2, *t.shape), False
        choices = [choice for choice in choices if choice]
        return choices[int(step[2] * len(choices))](), writable

    def write(self, t, step):
        value = step[4]
        rows = t.shape[0] if t.dim() and isinstance(t.shape[0], int) else 0
        choices = [
            lambda: t.add_(1), lambda: t.mul_(0.5), lambda: t.zero_(), lambda: t.fill_(value), lambda: t.copy_(t * 2 + 1),
            lambda: t.relu_(), lambda: t.masked_fill_(t > 0.5, -1.0), lambda: t.clamp_(min=-0.3),
            lambda: t.add_(t.sum(), alpha=0.1), lambda: t.copy_(t.sum()), lambda: torch.mul(t, 2, out=t), lambda: t.gt_(0.1),
            lambda: t.sub_(0.25), lambda: self.count.add_(1), rows > 0 and (lambda: t[0].fill_(value)),
            rows > 1 and (lambda: t[1:].copy_(t[:-1].clone())), rows > 1 and (lambda: t.__setitem__(torch.tensor([0, 1]), value)),
        ]  # fmt: skip
        choices = [choice for choice in choices if choice]
        choices[int(step[2] * len(choices))]()


def exported(seed):
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.randn(4, 6, generator=generator), torch.randn(4, 3, generator=generator)
    auto = torch.export.Dim.AUTO
    dynamic = ({1: auto}, {1: auto}) if seed % 2 else None
    return torch.export.export(Steps(seed), (x.clone(), y.clone()), dynamic_shapes=dynamic), x, y


def expected(program, x, y):
    """Outputs by their ONNX names: results, and what changed."""
    module = program.module()
    state = {"x": x.clone(), "y": y.clone(), **dict(module.named_buffers())}
    before = {name: tensor.clone() for name, tensor in state.items()}
    results = module(state["x"], state["y"])
    changed = {f"{name}.next": tensor for name, tensor in state.items() if not torch.equal(tensor, before[name])}
    return {f"output_{i}": result for i, result in enumerate(results)}, changed


def computed(model, x, y):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    given = {one.name for one in session.get_inputs()}
    inputs = {name: value.numpy() for name, value in (("x", x), ("y", y)) if name in given}
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, inputs)))


def difference(fairlead, seed, folder):
    """Why the export of program `seed` is wrong; None when it is right, "refused" for FL5004."""
    program, x, y = exported(seed)
    archive, model = folder / "program.pt2", folder / "program.onnx"
    torch.export.save(program, archive)
    run = subprocess.run([fairlead, "export", archive, "-o", model], capture_output=True, text=True)
    if run.returncode:
        return "refused" if "FL5004" in run.stderr else run.stderr.strip().replace("\n", " ")[-300:]
    results, changed = expected(program, x, y)
    got = computed(model, x, y)
    if missing := (set(results) | set(changed)) - set(got):
        return f"no output {sorted(missing)}"
    for name, tensor in {**results, **changed}.items():
        if tensor.shape != got[name].shape or not numpy.allclose(got[name], tensor.numpy(), rtol=1e-4, atol=1e-4, equal_nan=True):
            return f"{name} differs"
    return None


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--fairlead", required=True)
    arguments.add_argument("first", type=int, nargs="?", default=0)
    arguments.add_argument("last", type=int, nargs="?", default=100)
    options = arguments.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    wrong = refused = 0
    with tempfile.TemporaryDirectory(prefix="fairlead-aliases.") as folder:
        for seed in range(options.first, options.last):
            why = difference(options.fairlead, seed, Path(folder))
            refused += why == "refused"
            if why and why != "refused":
                wrong += 1
                print(f"wrong {seed}: {why}", flush=True)
    print(f"{options.last - options.first} programs, {wrong} wrong, {refused} refused")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
