"""How a family of models says what it has.

    @model("gru", "recurrent")
    def _():
        return Program(Gru(), lambda b, s: ((token_ids(b, s),), {}), {"b": (2, 3), "s": (12, 7)}, ({0: "b", 1: "s"},))

registers a function that builds one program. Axes have names and two sizes: set a is the example that torch.export sees, set b
has other sizes and other values.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torch import nn


@dataclass
class Program:
    module: nn.Module
    make_inputs: Callable[..., tuple[tuple, dict]]  # (**size of each axis) → args, kwargs
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)  # axis → its size in set a and in set b
    # As torch.export's dynamic_shapes, with axis names for dims; "s+p" is a sum, which torch.export has to find itself.
    # None: static.
    dynamic: Any = None
    randomize: bool = True  # vary what the constructor leaves constant
    prefer_auto: bool = False  # let torch.export infer relations between dims at once
    training: bool = False
    notes: str = ""


@dataclass
class Definition:
    build: Callable[[], Program]
    group: str
    size: str  # "small", "full" (a real architecture's size), "big" (over 2 GB)


MODELS: dict[str, Definition] = {}


def model(name, group, size="small"):
    """Registers the decorated function, which returns a Program, under `name`."""

    def register(build):
        assert name not in MODELS, f"two models are named {name}"
        MODELS[name] = Definition(build, group, size)
        return build

    return register


def select(words):
    """The names meant by a command line: names, @group or @size; nothing means all."""
    if not words:
        return list(MODELS)
    names = []
    for word in words:
        if word.startswith("@"):
            found = [name for name, entry in MODELS.items() if word[1:] in (entry.group, entry.size)]
        else:
            found = [name for name in MODELS if name == word]
        if not found:
            raise SystemExit(f"no model or group is named {word}")
        names += found
    return list(dict.fromkeys(names))
