#!/usr/bin/env python3
"""Writes docs/coverage.md: what comes of the operator sweep with Fairlead and with torch.onnx.export, both run now.

    $(tools/setup --print python) tests/opsweep/coverage.py --fairlead build/release/bin/fairlead [SELECTION …]

Every selection when none is named: half an hour with two jobs. --json DIR also keeps every outcome, as
SELECTION-fairlead.json and SELECTION-peer.json.
"""

import argparse
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from cache import REPOSITORY, SELECTIONS
from cases import torch_python
from report import KEYS, as_json, cell, counts, head, main_reasons, not_answered, right, row, share
from run_cases import add_run_options, command_of, selected, sweep

COLUMNS = ("right", "share", "refused", "wrong")


def versions():
    """Of the peer, and of the judge."""
    program = "from importlib.metadata import version; print(version('torch'), version('onnxscript'))"
    run = subprocess.run([torch_python(), "-c", program], check=True, capture_output=True, text=True)
    torch, onnxscript = run.stdout.split()
    judge = f"ONNX Runtime {version('onnxruntime')}, onnx {version('onnx')}"
    return f"torch.onnx of PyTorch {torch} with onnxscript {onnxscript}; {judge}"


def preface(arguments):
    """What was measured, and how."""
    command = shlex.join(["tests/opsweep/coverage.py", *sys.argv[1:]])
    return [
        "# Operators: what is exported right",
        "",
        f"Written by `$(tools/setup --print python) {command}`;",
        f"{versions()}; opset {arguments.opset}. Both exporters get the same programs, and one judge runs their models.",
        "",
        "Cases are calls from PyTorch's own sample database, and what models use besides (`tests/opsweep/README.md`): each",
        "is a program of one operator with the outputs of eager PyTorch. *Right* models give these outputs. *Refused* ones",
        "were not written, with a message that says why, or need a kernel that nothing has. *Wrong* ones were written all",
        "the same.",
        "",
    ]


def cells(counter):
    good, unanswered, total = right(counter), not_answered(counter), counter.total()
    return good, share(good, total), unanswered, total - good - unanswered


def tables(selection, ours, peers):
    lines = [f"## {selection}", "", "Fairlead on the left, torch.onnx on the right.", ""]
    for name, key in KEYS.items():
        lines += head(name, "cases", *COLUMNS, *COLUMNS)
        of_peer = counts(peers, key)
        for value, counter in counts(ours, key).items():
            lines.append(row(value, counter.total(), *cells(counter), *cells(of_peer[value])))
        lines.append("")
    return lines


def operators(selection, ours, peers):
    """Those of which Fairlead does not export every case right."""
    lines = [f"## Operators that are not wholly right: {selection}", ""]
    lines += [row("operator", "Fairlead", "torch.onnx", "main reason"), row("---", "---:", "---:", "---")]
    both = [counts(results, lambda case: case["op"]) for results in (ours, peers)]
    for operator, (verdict, detail) in main_reasons(ours).items():
        shares = [f"{right(table[operator])}/{table[operator].total()}" for table in both]
        lines.append(row(cell(operator), *shares, f"{verdict}: {cell(detail)}"))
    return [*lines, ""]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fairlead", type=Path, required=True)
    add_run_options(parser)
    parser.add_argument("--json", type=Path, metavar="DIR", help="keep every outcome here")
    parser.add_argument("-o", "--output", type=Path, default=REPOSITORY / "docs" / "coverage.md")
    parser.add_argument("selections", nargs="*", metavar="SELECTION", help=f"of {', '.join(SELECTIONS)}")
    arguments = parser.parse_args()

    summary, details = [], []
    for selection in arguments.selections or SELECTIONS:
        _, cases = selected(selection, arguments)
        ours = sweep(command_of(arguments.fairlead), cases, arguments.opset, arguments.jobs)
        peers = sweep(command_of(None), cases, arguments.opset, arguments.jobs, demands_opset=False)
        summary += tables(selection, ours, peers)
        details += operators(selection, ours, peers)
        for name, results in (("fairlead", ours), ("peer", peers)) if arguments.json else ():
            text = as_json({"exporter": name, "selection": selection, "opset": arguments.opset}, results)
            arguments.json.mkdir(parents=True, exist_ok=True)
            (arguments.json / f"{selection}-{name}.json").write_text(text)
    arguments.output.write_text("\n".join([*preface(arguments), *summary, *details]).rstrip() + "\n")
    print(f"{arguments.output} is written")


if __name__ == "__main__":
    sys.exit(main())
