"""The ONNX file that is judged: what it says of itself, and what it computes."""

import json
import re
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

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
        ports = {value.name for value in model.graph.input}
        self._defaults = {tensor.name: tensor for tensor in model.graph.initializer if tensor.name in ports}
        self.inputs = {value.name: value.type.tensor_type for value in model.graph.input if value.name not in self._defaults}
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

    def output_problems(self, evaluator, values, shapes_only, interface=None):
        """Where one call gives other outputs or new states than PyTorch, or more of them."""
        feeds, problems = self._feeds(values)
        if problems:
            return problems
        results = _attempt("run", lambda: evaluator.run(feeds))
        same = self._same_type if shapes_only else difference
        users = []
        for leaf, expected in sorted(values.outputs.items()):
            name = self._output_name(leaf, values)
            if name is None and ("out", leaf) in values.numbers:
                continue  # a constant of the program, which no model computes
            users.append(name)
            wrong = same(results[name], expected) if name in results else "is not among the model's outputs"
            if wrong:
                problems.append(f"output {leaf} ({name}) {wrong}")
            if interface is not None and not self._is_called(name, interface.outputs[leaf]):
                problems.append(f"output {leaf} is called {name}, expected {interface.outputs[leaf]}")
        free = {name: result for name, result in results.items() if name not in users}
        problems += self._state_problems(values, free, feeds, same)
        return problems or self._order_problems(users, interface)

    def _is_called(self, name, expected):
        """By its path, or with a number behind it where an input has that name."""
        taken = expected in self.inputs or expected in self._defaults
        return name == expected or (taken and re.fullmatch(re.escape(expected) + r"_\d+", name or "") is not None)

    def _order_problems(self, users, interface):
        """The outputs of the program in the order of its leaves, then the new states in the order of its placeholders."""
        states = [name for name in self.output_names if name not in users]
        if interface is not None:
            known = [name + NEXT for name in interface.states]
            strangers = [name for name in states if name not in known]
            if strangers:
                return [f"output {name} is no output and no state of the program" for name in strangers]
            states.sort(key=known.index)
        if self.output_names == users + states:
            return []
        return [f"outputs are in the order {', '.join(self.output_names)}, expected {', '.join(users + states)}"]

    def _state_problems(self, values, free, feeds, same):
        """`free`: the results that are no output of the program. Each is a new state, or a state that the call did not change."""
        states = [(fqn + NEXT, array) for fqn, array in values.buffers.items()]
        states += [((self._input_name(leaf, values) or "?") + NEXT, array) for leaf, array in values.changed_inputs.items()]
        problems = []
        left = set(free) if values.outputs else set()
        for name, expected in states:
            found, wrong = self._state_problem(name, expected, free, same)
            left.discard(found)
            if wrong:
                problems.append(wrong)
        for name in sorted(left):
            before = self._before(name, feeds)
            if before is None:
                problems.append(f"output {name} is no output and no state of the program")
            elif wrong := same(free[name], before):
                problems.append(f"state {name}, which the program does not change, {wrong}")
        return problems

    def _before(self, name, feeds):
        """The value of a state before the call, or None when `name` is no state's."""
        state = name.removesuffix(NEXT)
        if state == name:
            return None
        if state in self._defaults:
            return numpy_helper.to_array(self._defaults[state], str(Path(self.path).parent))
        return feeds.get(state)

    @staticmethod
    def _same_type(got, expected):
        same = got.dtype == expected.dtype and got.shape == expected.shape
        return None if same else f"is {got.dtype}{list(got.shape)}, expected {expected.dtype}{list(expected.shape)}"

    @staticmethod
    def _state_problem(name, expected, free, same):
        """(output, what is wrong): the output of that name has to be the new state; without one, any that is no user output may be."""
        if name in free:
            wrong = same(free[name], expected)
            return name, f"state {name} {wrong}" if wrong else None
        found = next((other for other, result in free.items() if same(result, expected) is None), None)
        return found, None if found else f"no output is the new state {name}"

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
