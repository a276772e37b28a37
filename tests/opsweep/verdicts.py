#!/usr/bin/env python3
"""Whether the model of a case is right, in one of a few words. Contains nothing of Fairlead.

As a program it is a worker (workers.py): {"case", "model", "opset"} in, {"verdict", "detail", …} out. A model may end it.
"""

import functools
import re
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as KernelMissing

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "judge"))

from evaluators import OnnxRuntime, Reference  # noqa: E402
from tensors import read_safetensors  # noqa: E402

from tolerances import shares_of_limit, tolerance  # noqa: E402
from workers import serve  # noqa: E402

VERDICTS = {
    "ok": "right according to ONNX Runtime",
    "ok_reference": "ONNX Runtime has no kernel; right according to onnx.reference",
    "no_kernel": "ONNX Runtime has no kernel, onnx.reference fails as well",
    "refused": "the exporter said that it cannot",
    "crashed": "the exporter died, hung or reported a bug of its own",
    "invalid": "onnx.checker (full) rejects the model, or it is of another opset",
    "not_loaded": "ONNX Runtime rejects the model",
    "not_run": "ONNX Runtime fails in the model",
    "interface": "wrong number of inputs or outputs",
    "type_or_shape": "wrong element type or shape of an output",
    "numbers": "wrong values",
}
RIGHT = ("ok", "ok_reference")
NO_MODEL_TO_BLAME = ("refused", "no_kernel")
DOUBTFUL = ("not_loaded", "not_run", "numbers")  # may be a fault of ONNX Runtime: onnx.reference is asked as well


class Fault(Exception):
    def __init__(self, verdict, detail):
        super().__init__(detail)
        self.verdict = verdict


def neutral(text):
    """Without what differs from run to run: folders and addresses."""
    text = re.sub(r"(?<![\w.])(?:/[\w.@+-]+)+/(?=[\w.])", "", text)
    return re.sub(r"\b0x[0-9a-f]{6,}", "0x…", text)


def in_short(error, limit=300):
    return neutral(f"{type(error).__name__}: {' '.join(str(error).split())}")[:limit]


class Runner:
    """Runs a model: ONNX Runtime, and onnx.reference where that says that it has no kernel, before or during a run."""

    def __init__(self, path):
        self.path = path
        self.missing = None  # what ONNX Runtime said of it
        try:
            self._evaluator = OnnxRuntime(path)
        except KernelMissing as error:
            self.missing = error
        except Exception as error:  # runtimes raise many types
            raise Fault("not_loaded", in_short(error)) from None

    def run(self, feeds):
        if self.missing is None:
            try:
                return self._evaluator.run(feeds)
            except KernelMissing as error:
                self.missing = error
            except Exception as error:
                raise Fault("not_run", in_short(error)) from None
        try:
            return run_reference(self.path, feeds)
        except Exception as error:
            raise Fault("no_kernel", f"{in_short(self.missing, 160)} | reference: {in_short(error, 160)}") from None


def run_reference(path, feeds):
    with np.errstate(all="ignore"):
        return Reference(path).run(feeds)


@functools.lru_cache(maxsize=1)
def _values_of_operator(path):
    return read_safetensors(path)[0]


def value_sets(case):
    """(what to say of it, inputs, outputs, checks of these): as exported and, where there are any, at other sizes."""
    operator, _, name = case["file"].removesuffix(".pt2").rpartition("/")
    values = _values_of_operator(f"{case['folder']}/{operator}/io.safetensors")

    def tensors(kind, ports):
        return [values[f"{name}.{kind}.{number}"] for number in range(len(ports))]

    inputs, outputs = case["inputs"], case["outputs"]
    checks = [port.get("check", case["check"]) for port in outputs]
    yield "", tensors("in", inputs), tensors("out", outputs), checks
    if "other_sizes" in case.get("dynamic", {}):
        checks = [port.get("alt_check", check) for port, check in zip(outputs, checks)]
        yield "at other sizes: ", tensors("alt_in", inputs), tensors("alt_out", outputs), checks


def load(path, opset):
    try:
        onnx.checker.check_model(path, full_check=True)
        model = onnx.load(path)
    except Exception as error:
        raise Fault("invalid", in_short(error)) from None
    domains = {entry.domain or "ai.onnx": entry.version for entry in model.opset_import}
    if opset is not None and domains != {"ai.onnx": opset}:
        raise Fault("invalid", f"imports {domains}, asked was opset {opset}")
    return model


def _pairs_of_reals(array):
    return np.stack([array.real, array.imag], -1)


def feeds_of(case, graph, inputs):
    """By name; in the program's order, or fewer where those without effect were dropped."""
    defaults = {tensor.name for tensor in graph.initializer}
    declared = {value.name: value.type.tensor_type.elem_type for value in graph.input if value.name not in defaults}
    given = {port["name"]: array for port, array in zip(case["inputs"], inputs)}
    if len(declared) == len(inputs):
        feeds = dict(zip(declared, inputs))
    elif declared.keys() <= given.keys():
        feeds = {name: given[name] for name in declared}
    else:
        raise Fault("interface", f"inputs {list(declared)}, expected {list(given)}")
    complex_types = (TensorProto.COMPLEX64, TensorProto.COMPLEX128)
    in_pairs = {name for name, array in feeds.items() if np.iscomplexobj(array) and declared[name] not in complex_types}
    return {name: _pairs_of_reals(array) if name in in_pairs else array for name, array in feeds.items()}


def compare(number, got, expected, check, limits):
    """The largest error as a share of its limit. Complex numbers may come as pairs of reals, and are complex ones then."""
    in_pairs = np.iscomplexobj(expected) and not np.iscomplexobj(got)
    wanted = _pairs_of_reals(expected) if in_pairs else expected
    if got.dtype != wanted.dtype:
        raise Fault("type_or_shape", f"output {number} is {got.dtype}, expected {wanted.dtype}")
    if got.shape != wanted.shape:
        raise Fault("type_or_shape", f"output {number} has shape {list(got.shape)}, expected {list(wanted.shape)}")
    if in_pairs:
        got = np.ascontiguousarray(got).view(expected.dtype)[..., 0]
    if check != "values" or not expected.size:
        return 0.0
    shares = shares_of_limit(got, expected, *limits)
    wrong = shares > 1
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        first = f"first {list(place)} is {got[place]}, expected {expected[place]}"
        raise Fault("numbers", f"output {number}: {int(wrong.sum())} of {expected.size} differ, {first}")
    return float(shares.max())


def check_outputs(case, graph, run):
    """The largest error of all outputs and sizes as a share of its limit."""
    ports = case["outputs"]
    if len(graph.output) < len(ports):
        raise Fault("interface", f"{len(graph.output)} outputs, expected {len(ports)}")
    limits = tolerance(case["op"], [port["dtype"] for port in case["inputs"] + ports])
    worst = 0.0
    for where, inputs, outputs, checks in value_sets(case):
        try:
            results = run(feeds_of(case, graph, inputs))
            for number, (expected, check) in enumerate(zip(outputs, checks)):
                got = np.asarray(results[graph.output[number].name])
                worst = max(worst, compare(number, got, expected, check, limits))
        except Fault as fault:
            raise Fault(fault.verdict, where + str(fault)) from None
    return worst


def second_opinion(case, graph, path):
    """Whether onnx.reference finds the model right."""
    try:
        check_outputs(case, graph, lambda feeds: run_reference(path, feeds))
    except Fault:
        return "wrong"
    except Exception:
        return "fails"
    return "right"


def judge_case(case, path, opset):
    """{"verdict", "detail" where there is one, "worst" where it is right, "reference" where it is doubtful}"""
    graph = None
    try:
        graph = load(path, opset).graph
        runner = Runner(path)
        worst = check_outputs(case, graph, runner.run)
    except Fault as fault:
        account = {"verdict": fault.verdict, "detail": str(fault)}
        if fault.verdict in DOUBTFUL:
            account["reference"] = second_opinion(case, graph, path)
        return account
    if runner.missing is not None:
        return {"verdict": "ok_reference", "detail": in_short(runner.missing, 200), "worst": worst}
    return {"verdict": "ok", "worst": worst}


if __name__ == "__main__":
    serve(lambda item: judge_case(item["case"], item["model"], item["opset"]))
