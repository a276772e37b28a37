"""Branches, loops, and sizes that depend on data."""

import torch
import torch.nn.functional as F
from torch import nn
from torch._higher_order_ops.while_loop import while_loop

from zoo.inputs import BATCH
from zoo.registry import Program, model


class Branches(nn.Module):
    """One condition on values, one on a size."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)
        self.b = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 8))

    def forward(self, x):
        by_value = torch.cond(x.sum() > 0, lambda y: self.a(y), lambda y: self.b(y) * 2, (x,))
        by_size = torch.cond(x.shape[0] > 2, lambda y: y.cos(), lambda y: y.sin(), (x,))
        return by_value, by_size


@model("cond", "control")
def _():
    # The sum is positive in set a and negative in set b, so that both branches are taken.
    return Program(Branches(), lambda b: ((torch.randn(b, 8) + (1 if b == 2 else -1),), {}), BATCH, ({0: "b"},))


class Loop(nn.Module):
    """Repeats a layer as often as an input says."""

    def __init__(self):
        super().__init__()
        self.l = nn.Linear(8, 8)

    def forward(self, x, n):
        weight, bias = self.l.weight, self.l.bias
        start = (torch.zeros((), dtype=torch.long), x)
        return while_loop(lambda i, y: i < n, lambda i, y: (i + 1, torch.tanh(F.linear(y, weight, bias))), start)


@model("while_loop", "control")
def _():
    return Program(Loop(), lambda b: ((torch.randn(b, 8), torch.tensor(3 + b)), {}), BATCH, ({0: "b"}, None))


class Selected(nn.Module):
    """Rows and elements chosen by their values, six ways."""

    def __init__(self):
        super().__init__()
        self.l = nn.Linear(4, 3)

    def forward(self, x, m):
        rows = x[:, 0].gt(0).nonzero().squeeze(-1)
        projected = self.l(x.index_select(0, rows))
        masked = x[m]
        return (
            projected,
            rows,
            masked.reshape(-1, 4).relu(),
            torch.masked_select(x, x > 1),
            torch.cat([masked, masked]).sum(0),
            torch.unique(m.long() + rows.numel() * 0),
        )


@model("nonzero_masked", "control")
def _():
    sizes = {"n": (9, 14)}
    return Program(Selected(), lambda n: ((torch.randn(n, 4), torch.rand(n) > 0.4), {}), sizes, ({0: "n"}, {0: "n"}))
