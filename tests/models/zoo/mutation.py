"""Programs that change their buffers."""

import torch
import torch.nn.functional as F
from torch import nn

from zoo.inputs import BATCH
from zoo.registry import Program, model


class TrainingNorms(nn.Module):
    """Normalisation in training mode: running statistics of three kinds move with every call."""

    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, padding=1)
        self.b = nn.BatchNorm2d(8)
        self.i = nn.InstanceNorm2d(8, affine=True, track_running_stats=True)
        self.o = nn.Linear(8, 4)
        self.bb = nn.BatchNorm1d(4, momentum=0.3)

    def forward(self, x):
        return self.bb(self.o(F.relu(self.i(self.b(self.c(x)))).mean((2, 3))))


@model("batchnorm_train", "mutation")
def _():
    sizes = {"b": (4, 6)}
    return Program(TrainingNorms(), lambda b: ((torch.randn(b, 3, 8, 8),), {}), sizes, ({0: "b"},), training=True)


class MovingAverage(nn.Module):
    """Buffers that are copied to, counted up and averaged, read before and after; one is not in the state dict."""

    def __init__(self):
        super().__init__()
        self.l = nn.Linear(6, 6)
        self.register_buffer("h", torch.zeros(1, 6))
        self.register_buffer("n", torch.zeros((), dtype=torch.long))
        self.register_buffer("ema", torch.ones(6), persistent=False)

    def forward(self, x):
        y = torch.tanh(self.l(x) + self.h)
        self.h.copy_(y.mean(0, keepdim=True))
        self.n += 1
        self.ema.mul_(0.9).add_(y.mean(0), alpha=0.1)
        return y * self.ema, self.h / self.n


@model("stateful_ema", "mutation")
def _():
    return Program(MovingAverage(), lambda b: ((torch.randn(b, 6),), {}), BATCH, ({0: "b"},))
