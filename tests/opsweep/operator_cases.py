"""The cases of one operator: programs, what goes in and what eager PyTorch says comes out (files: README.md)."""

import hashlib
import json
import re
import shutil

import torch
from safetensors.torch import save_file

from groups import TIED_OUTPUTS, UNINITIALISED, is_resizable, not_unique
from other_sizes import first_line, try_other_sizes
from program import Call, NotACase, call_targets, export, inputs_of, run_eagerly, same_values, with_tensors
from samples import candidates


MANY_SEEDS = 10  # to see whether an operator that may be random is


def folder_name(operator):
    return re.sub(r"[^A-Za-z0-9._-]", "_", operator)


def _described(tensors):
    return [{"dtype": str(t.dtype).removeprefix("torch."), "shape": list(t.shape)} for t in tensors]


def _is_marked_random(overload):
    target = torch.ops
    for part in overload.split("."):
        target = getattr(target, part)
    return torch.Tag.nondeterministic_seeded in target.tags


def _check(operator, module, tensors, expected, overloads):
    """("values" or "shape", reason): whether the values are always the same and the only right ones."""
    if reason := not_unique(operator.name):
        return "shape", reason
    if UNINITIALISED.intersection(overloads):
        return "shape", "memory is not initialised"
    marked = any(map(_is_marked_random, overloads))
    for seed in range(2, 6 if marked else 3):
        if not same_values(expected, run_eagerly(module, tensors, seed)):
            return "shape", "random"
    if marked and sum(tensor.numel() for tensor in expected) < 8:
        return "shape", "random"
    return "values", None


def _mark_free_outputs(operator, sample, first, outputs, key):
    """Among equal elements of the first input, positions are free: of such outputs only the shape counts."""
    positions = TIED_OUTPUTS.get(operator.name, ())
    if positions and not sample.kwargs.get("stable") and torch.unique(first).numel() < first.numel():
        for position in positions:
            if position < len(outputs):
                outputs[position][key] = "shape"


def _fingerprint(program, inputs, expected):
    """Equal for two samples that make the same case."""
    digest = hashlib.sha256(program.graph_module.code.encode())
    for tensor in (*inputs, *expected):
        digest.update(str((tensor.dtype, tensor.shape)).encode())
    for tensor in inputs:
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b"")
    return digest.digest()


class OperatorCases:
    def __init__(self, operator, options, folder):
        self.operator, self.options, self.folder = operator, options, folder
        self.tensors = {}  # of all cases, for io.safetensors
        self.fingerprints = set()
        self.cases, self.skipped = [], []

    def write(self):
        """Everything into the folder; index.json last, as a sign that the rest is whole."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        dtypes = [dtype for dtype in self.options["dtypes"] if self.operator.supports(getattr(torch, dtype))]
        if not dtypes:
            self._skip("has no samples of the chosen element types")
        for dtype in dtypes:
            self._make_dtype(dtype, dtype == dtypes[0])
        if self.tensors:
            save_file(self.tensors, self.folder / "io.safetensors")
        write_index(self.folder, self.cases, self.skipped)

    def _skip(self, reason, **details):
        self.skipped.append({"op": self.operator.name, **details, "reason": reason})

    def _make_dtype(self, dtype, is_first):
        try:
            forms = candidates(self.operator, getattr(torch, dtype), self.options["samples"], is_first)
        except Exception as error:  # the database itself may fail
            self._skip(f"no samples: {first_line(error)}", dtype=dtype)
            return
        for form, wanted, samples in forms:
            before = len(self.skipped)
            made = self._make_form(dtype, wanted, samples)
            if form != "function":  # derived calls are guesses; one report of failure will do
                del self.skipped[before + (0 if made else 1) :]

    def _make_form(self, dtype, wanted, samples):
        """How many cases were made of these samples, at most `wanted`."""
        made = 0
        for sample in samples:
            if made == wanted:
                break
            name = f"case_{len(self.cases)}"
            try:
                case = self._make_case(dtype, sample, name)
            except Exception as error:  # torch.export raises many types
                reason = str(error) if isinstance(error, NotACase) else first_line(error)
                self._skip(reason, dtype=dtype, form=sample.form, sample=sample.summary())
                (self.folder / f"{name}.pt2").unlink(missing_ok=True)
                self.tensors = {key: t for key, t in self.tensors.items() if not key.startswith(f"{name}.")}
                continue
            if case:
                self.cases.append(case)
                made += 1
        return made

    def _make_case(self, dtype, sample, name):
        """The case's entry in index.json, None where another case is the same. Writes its program and keeps its tensors."""
        module, tensors, inputs, expected = self._called(sample)
        program = export(module, tensors, self.options["dynamic"])
        overloads, others, is_complex = call_targets(program)
        group = "complex" if is_complex else self.operator.group
        if group not in self.options["groups"]:
            raise NotACase(f"belongs to the group {group}, not selected")
        fingerprint = _fingerprint(program, inputs, expected)
        if fingerprint in self.fingerprints:
            return None
        check, why = _check(self.operator, module, tensors, expected, overloads)
        names = program.graph_signature.user_inputs
        outputs = _described(expected)
        _mark_free_outputs(self.operator, sample, inputs[0] if inputs else None, outputs, "check")
        case = {
            "id": f"{self.operator.name}/{name}",
            "op": self.operator.name,
            "group": group,
            "form": sample.form,
            "dtype": dtype,
            "file": f"{folder_name(self.operator.name)}/{name}.pt2",
            "check": check,
            **({"why": why} if why else {}),
            "inputs": [{"name": n, **entry} for n, entry in zip(names, _described(inputs), strict=True)],
            "outputs": outputs,
            "overloads": overloads,
            **({"other": others} if others else {}),
            "sample": sample.summary(),
            "shared": sample.shared,
        }
        self._keep(name, {"in": inputs, "out": expected})
        if self.options["dynamic"]:
            self._add_other_sizes(case, name, sample, program, tensors)
        torch.export.save(program, self.folder / f"{name}.pt2")
        self.fingerprints.add(fingerprint)
        return case

    def _keep(self, name, values):
        for kind, tensors in values.items():
            for number, tensor in enumerate(tensors):
                self.tensors[f"{name}.{kind}.{number}"] = tensor.contiguous().clone()

    def _add_other_sizes(self, case, name, sample, program, tensors):
        """Values at other sizes, and which of them say nothing but their shape."""
        marked = any(map(_is_marked_random, case["overloads"]))
        case["dynamic"], values, is_random = try_other_sizes(program, tensors, seeds=MANY_SEEDS if marked else 2)
        if not values:
            return
        self._keep(name, values)
        _mark_free_outputs(self.operator, sample, values["alt_in"][0], case["outputs"], "alt_check")
        if is_random or not is_resizable(self.operator.name, sample.kwargs):
            for output in case["outputs"]:
                output["alt_check"] = "shape"

    @staticmethod
    def _called(sample):
        """(module, its tensors, a copy of them before the call, results). What changes its inputs is called on copies."""
        tensors = inputs_of(sample)
        module = Call(sample).eval()
        inputs = [tensor.contiguous().clone() for tensor in tensors]
        try:
            expected = run_eagerly(module, tensors, 1)
        except Exception as error:
            raise NotACase(f"the call fails: {first_line(error)}") from error
        if not same_values(inputs, tensors):
            sample.args, sample.kwargs = with_tensors(sample, [tensor.clone() for tensor in inputs])
            module, tensors = Call(sample, on_copies=True).eval(), inputs_of(sample)
        if not expected:
            raise NotACase("the call returns no tensor")
        if any(tensor.layout != torch.strided for tensor in expected):
            raise NotACase("an output is not a dense tensor")
        return module, tensors, inputs, expected


def write_index(folder, cases, skipped):
    part = folder / "index.json.part"
    part.write_text(json.dumps({"cases": cases, "skipped": skipped}, indent=1) + "\n")
    part.rename(folder / "index.json")
