"""The ONNX file that is judged: what it says of itself, and what it computes."""

import json

import numpy as np
import onnx
from onnx import TensorProto

from comparison import difference
from evaluators import open_model
from tensors import ONNX_TYPES

NEXT = ".next"  # a buffer or an input after the call


class ModelError(Exception):
    """The file gives no answer: it is invalid, or cannot be loaded or run."""


def _attempt(what, action):
    """The result of `action`; whatever it raises is the fault of the file and says so."""
    try:
        return action()
    except Exception as error:  # checkers and runtimes raise many types
        text = " ".join(str(error).split())
        raise ModelError(f"{what}: {text[:400] or type(error).__name__}") from error


def _static(dims):
    """Sizes, None where dynamic: the names of dynamic ones are free."""
    return [None if isinstance(dim, str) else dim for dim in dims]


class OnnxModel:
    def __init__(self, path, opset):
        self.path = str(path)
        _attempt("checker", lambda: onnx.checker.check_model(self.path, full_check=True))
        model = _attempt("parser", lambda: onnx.load(self.path, load_external_data=False))
        domains = {entry.domain or "ai.onnx": entry.version for entry in model.opset_import}
        if domains != {"ai.onnx": opset}:
            raise ModelError(f"imports {domains}, asked was opset {opset}")
        defaults = {tensor.name for tensor in model.graph.initializer}
        self.inputs = {value.name: value.type.tensor_type for value in model.graph.input if value.name not in defaults}
        self.output_names = [value.name for value in model.graph.output]
        metadata = {entry.key: entry.value for entry in model.metadata_props}
        self._input_leaves = self._leaves(metadata, "fairlead.inputs")
        self._output_leaves = self._leaves(metadata, "fairlead.outputs")

    @staticmethod
    def _leaves(metadata, key):
        """The file's own list of a name or null for each pytree leaf, or None."""
        if key not in metadata:
            return None
        names = _attempt(key, lambda: json.loads(metadata[key]))
        if not isinstance(names, list) or not all(name is None or isinstance(name, str) for name in names):
            raise ModelError(f"metadata {key} is no list of names and nulls")
        return names

    def open(self):
        return _attempt("load", lambda: open_model(self.path))

    def input_problems(self, ports):
        """Where inputs have other names, types or dims than the program's placeholders."""
        if not ports:
            return []
        problems = []
        for port in ports.values():
            tensor = self.inputs.get(port.name)
            if tensor is None:
                problems.append(f"no input is named {port.name}")
                continue
            element = np.dtype(ONNX_TYPES[tensor.elem_type]).name
            if element != port.dtype:
                problems.append(f"input {port.name} is {element}, expected {port.dtype}")
            dims = [dim.dim_value if dim.HasField("dim_value") else (dim.dim_param or "?") for dim in tensor.shape.dim]
            if _static(dims) != _static(port.dims):
                problems.append(f"input {port.name} has dims {dims}, expected {port.dims}")
        extra = self.inputs.keys() - {port.name for port in ports.values()}
        numbers = {name for name in extra if not self.inputs[name].shape.dim and self.inputs[name].elem_type == TensorProto.INT64}
        return problems + [f"input {name} is none of the program's" for name in sorted(extra - numbers)]

    def output_problems(self, evaluator, values, shapes_only):
        """Where one call gives other outputs or new states than PyTorch."""
        feeds, problems = self._feeds(values)
        if problems:
            return problems
        results = _attempt("run", lambda: evaluator.run(feeds))
        same = self._same_type if shapes_only else difference
        used = set()
        for leaf, expected in values.outputs.items():
            name = self._output_name(leaf, values)
            if name is None and ("out", leaf) in values.numbers:
                continue  # a constant of the program, which no model computes
            used.add(name)
            wrong = same(results[name], expected) if name in results else "is not among the model's outputs"
            if wrong:
                problems.append(f"output {leaf} ({name}) {wrong}")
        states = [(fqn + NEXT, array) for fqn, array in values.buffers.items()]
        states += [((self._input_name(leaf, values) or "?") + NEXT, array) for leaf, array in values.changed_inputs.items()]
        free = {name: result for name, result in results.items() if name not in used}
        return problems + [wrong for name, array in states if (wrong := self._state_problem(name, array, free, same))]

    @staticmethod
    def _same_type(got, expected):
        same = got.dtype == expected.dtype and got.shape == expected.shape
        return None if same else f"is {got.dtype}{list(got.shape)}, expected {expected.dtype}{list(expected.shape)}"

    @staticmethod
    def _state_problem(name, expected, free, same):
        """The output of that name has to be the new state; without one, any output that is no user output may be."""
        if name in free:
            wrong = same(free[name], expected)
            return f"state {name} {wrong}" if wrong else None
        found = any(same(result, expected) is None for result in free.values())
        return None if found else f"no output is the new state {name}"

    def _feeds(self, values):
        feeds = {}
        for leaf, array in values.inputs.items():
            name = self._input_name(leaf, values)
            if name in self.inputs:
                feeds[name] = array
            elif ("in", leaf) not in values.numbers:
                return {}, [f"input leaf {leaf} ({name}) is none of the model's"]
        missing = self.inputs.keys() - feeds.keys()
        return feeds, [f"no value is known for the model's input {name}" for name in sorted(missing)]

    def _input_name(self, leaf, values):
        if self._input_leaves is not None:
            return self._input_leaves[leaf] if leaf < len(self._input_leaves) else None
        return self._nth_name(list(self.inputs), leaf, values.inputs, {n for kind, n in values.numbers if kind == "in"})

    def _output_name(self, leaf, values):
        if self._output_leaves is not None:
            return self._output_leaves[leaf] if leaf < len(self._output_leaves) else None
        return self._nth_name(self.output_names, leaf, values.outputs, {n for kind, n in values.numbers if kind == "out"})

    @staticmethod
    def _nth_name(names, leaf, leaves, numbers):
        """Without a list in the file: ports in order stand for the leaves that are tensors."""
        tensors = sorted(leaves.keys() - numbers)
        position = tensors.index(leaf) if leaf in tensors else len(names)
        return names[position] if position < len(names) else None
