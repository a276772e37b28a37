#!/usr/bin/env python3
"""Decides whether an exported ONNX file is right. Contains nothing of Fairlead.

    judge.py MODEL.onnx EXPECTED.safetensors --opset N [--description NAME.json] [--program NAME.pt2] [--expectations FILE]
             [--name NAME] [--shapes-only]

The file as written is checked (onnx.checker with full inference, opset, input names, types and dims), run on every set of inputs
(ONNX Runtime; onnx.reference where that has no kernel), and every output and new state is compared; there may be no others. With the
program, names and order of the outputs are compared, too. Prints one line,

    ok|wrong|failed NAME OPSET REASON

and exits 1 when that is not what the expectations say: a failure that is not listed, or a listed one that passes.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from expectations import read_expectations
from expected import read_expected
from model import ModelError, OnnxModel


@dataclass
class Verdict:
    status: str  # "ok": right; "wrong": another answer than PyTorch's; "failed": no answer
    reason: str

    def line(self, name, opset):
        return f"{self.status} {name} {opset} {self.reason}".rstrip()


def judge(model_path, expected, opset, shapes_only=False):
    """The verdict over the file at `model_path`. With `shapes_only`, numbers are random and only dtypes and shapes count."""
    try:
        model = OnnxModel(model_path, opset)
        problems = model.input_problems(expected.ports)
        if problems:
            return Verdict("wrong", "; ".join(problems))
        evaluator = model.open()
        for tag, values in expected.sets.items():
            problems = model.output_problems(evaluator, values, shapes_only, expected.interface)
            if problems:
                return Verdict("wrong", (f"set {tag}: " if tag else "") + "; ".join(problems[:3]))
    except ModelError as error:
        return Verdict("failed", str(error))
    return Verdict("ok", evaluator.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("expected", type=Path)
    parser.add_argument("--opset", type=int, required=True)
    parser.add_argument("--description", type=Path)
    parser.add_argument("--program", type=Path)
    parser.add_argument("--expectations", type=Path)
    parser.add_argument("--name")
    parser.add_argument("--shapes-only", action="store_true")
    arguments = parser.parse_args()
    name = arguments.name or arguments.model.stem
    expected = read_expected(arguments.expected, arguments.description, arguments.program)
    verdict = judge(arguments.model, expected, arguments.opset, arguments.shapes_only)
    print(verdict.line(name, arguments.opset))
    return 0 if read_expectations(arguments.expectations).accept(name, arguments.opset, verdict.status) else 1


if __name__ == "__main__":
    sys.exit(main())
