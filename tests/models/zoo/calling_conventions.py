"""What goes in and comes out that is no plain tensor."""

import dataclasses
import typing

import torch
import torch.utils._pytree as pytree
from torch import nn

from zoo.inputs import BATCH
from zoo.registry import Program, model


class Scored(typing.NamedTuple):
    score: torch.Tensor
    aux: typing.Any


@dataclasses.dataclass
class Motion:
    pos: torch.Tensor
    vel: torch.Tensor


torch.export.register_dataclass(Motion, serialized_type_name="zoo.Motion")
pytree._register_namedtuple(Scored, serialized_type_name="zoo.Scored")


class EveryContainer(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(4, 4)

    def forward(self, d, pair, state, *, scale, flag=True, name="x", extra=None):
        a = self.l(d["a"]) * scale
        b = pair[1][0] + (pair[0] if flag else 0)
        scored = Scored(a + state.pos, [b, (a.sum(-1),)])
        return {"z": scored, "y": Motion(state.pos + state.vel, state.vel), "k": 7, "none": None, "same": d["a"]}


@model("calling_conventions", "convention")
def _():
    def make_inputs(b):
        dictionary = {"a": torch.randn(b, 4), "unused": torch.randn(2)}
        pair = (torch.randn(b, 4), [torch.randn(b, 4)])
        motion = Motion(torch.randn(b, 4), torch.randn(b, 4))
        return (dictionary, pair, motion), {"scale": torch.tensor(2.0), "flag": True, "name": "x", "extra": None}

    notes = "NamedTuple, dataclass, dict, list, tuple, None, int and str in inputs and outputs; static"
    return Program(EveryContainer(), make_inputs, BATCH, None, notes=notes)


class Keywords(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(4, 4)

    def forward(self, x, *, mask=None, d=None, n: int = 2):
        y = self.l(x) * n
        y = y.masked_fill(mask, -1) if mask is not None else y
        return {"out": y + d["bias"], "parts": (y[:1], [y.mean()])}


@model("kwargs_dict", "convention")
def _():
    def make_inputs(b):
        x = torch.randn(b, 4)
        return (x,), {"mask": torch.rand(b, 4) > 0.5, "d": {"bias": torch.randn(4)}, "n": 3}

    return Program(Keywords(), make_inputs, BATCH, {"x": {0: "b"}, "mask": {0: "b"}, "d": {"bias": None}, "n": None})
