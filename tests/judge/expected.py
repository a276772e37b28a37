"""What a model has to give: sets of inputs with the outputs and new states that PyTorch computed.

A file of expected values is a safetensors file with the keys SET.in.I, SET.out.J, SET.mut.FQN (a buffer after the call) and
SET.inmut.I (an input after the call), where I and J count the leaves of the pytree, those that are no tensors included; files
with one set have no `SET.`. Leaves that are numbers are in the file's metadata as text, or in the JSON beside it
(tests/models/README.md).
"""

import ast
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from interface import Interface, read_interface
from tensors import read_safetensors

KEY = re.compile(r"(?:(?P<set>[a-z])\.)?(?P<kind>in|out|mut|inmut)\.(?P<leaf>.+)")


@dataclass
class Values:
    """One call. Leaves by number; numbers of Python are arrays of rank 0 and listed in `numbers` ("in", 3)."""

    inputs: dict[int, np.ndarray] = field(default_factory=dict)
    outputs: dict[int, np.ndarray] = field(default_factory=dict)
    buffers: dict[str, np.ndarray] = field(default_factory=dict)
    changed_inputs: dict[int, np.ndarray] = field(default_factory=dict)
    numbers: set[tuple[str, int]] = field(default_factory=set)

    def add(self, kind, leaf, array):
        if kind == "mut":
            self.buffers[leaf] = array
        else:
            {"in": self.inputs, "out": self.outputs, "inmut": self.changed_inputs}[kind][int(leaf)] = array

    def add_number(self, kind, leaf, value):
        """A leaf that is an int, float or bool becomes a scalar of ONNX's type for it; others are no values of the model."""
        types = {bool: np.bool_, int: np.int64, float: np.float64}
        if type(value) in types:
            self.add(kind, leaf, np.array(value, types[type(value)]))
            self.numbers.add((kind, int(leaf)))


@dataclass
class Port:
    """An input leaf of the program: its placeholder's name, numpy dtype name, and dims (a string where dynamic)."""

    name: str
    dtype: str
    dims: list


@dataclass
class Expected:
    sets: dict[str, Values]
    ports: dict[int, Port] = field(default_factory=dict)  # tensor inputs by leaf, where a description is there
    interface: Interface | None = None  # names of outputs and states, where the program is there


def _literal(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None


def as_pairs(array):
    """Complex numbers stand in ONNX files as real ones: real and imaginary part in a last dimension of size 2."""
    return np.stack([array.real, array.imag], -1) if np.iscomplexobj(array) else array


def _port(name, dtype, dims):
    part = {"complex64": "float32", "complex128": "float64"}.get(dtype)
    return Port(name, part, [*dims, 2]) if part else Port(name, dtype, dims)


def read_expected(io_path, description_path=None, program_path=None):
    """The file of values, with the JSON that make_models.py writes beside it and the program itself where they are there."""
    arrays, metadata = read_safetensors(io_path)
    sets = {}
    for key, array in arrays.items():
        match = KEY.fullmatch(key)
        if match is None:
            raise ValueError(f"{io_path}: the key {key} is not of the form SET.in.I")
        sets.setdefault(match["set"] or "", Values()).add(match["kind"], match["leaf"], as_pairs(array))
    for key, text in metadata.items():
        match = KEY.fullmatch(key)
        if match is not None:
            sets.setdefault(match["set"] or "", Values()).add_number(match["kind"], match["leaf"], _literal(text))
    expected = Expected(sets)
    if description_path is not None:
        _add_description(expected, json.loads(Path(description_path).read_text()))
    if program_path is not None:
        expected.interface = read_interface(program_path)
    return expected


def _add_description(expected, description):
    for leaf, entry in enumerate(description["inputs"]):
        kind, *rest = entry["dims"]
        if kind == "tensor":
            expected.ports[leaf] = _port(entry["name"], rest[0], rest[1])
    for tag, leaves in description["sets"].items():
        for kind in ("in", "out"):
            for leaf, (type_name, *rest) in enumerate(leaves["inputs" if kind == "in" else "outputs"]):
                if type_name in ("int", "float", "bool"):
                    expected.sets[tag].add_number(kind, leaf, rest[0])
