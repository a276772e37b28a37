#!/usr/bin/env python3
"""Exports the cases of a selection and judges every model; exits 1 when one is not as expectations.tsv and limits.toml say.

    $(tools/setup --print python) tests/opsweep/run_cases.py --fairlead build/release/bin/fairlead SELECTION
    $(tools/setup --print python) tests/opsweep/run_cases.py --peer SELECTION      # torch.onnx.export; expected is nothing

Prints what is not as expected, and tables. Cases that are not in the cache are made first, which needs tools/setup --torch.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from cache import HERE, SELECTIONS
from cases import in_part, part, read_cases, torch_python
from exporters import export_all
from outcomes import complaints_about_cases, complaints_about_groups, complaints_about_lines, read_expectations, read_limits
from report import KEYS, as_json, by_overload, markdown, table_by, table_of_verdicts
from verdicts import RIGHT, neutral
from workers import run_workers

LIMIT = 60  # seconds to judge one model
BUG_OF_FAIRLEAD = 70
PASSED_OVER = "was not read by the lowering of plugin"  # the host's refusal of what a lowering neither honours nor refuses by name


def command_of(fairlead):
    """How programs are exported: `fairlead export`, or the peer where there is no `fairlead`."""
    return [fairlead, "export"] if fairlead else [torch_python(), "-B", HERE / "peer.py"]


def verdict_without_model(exported):
    crashed = exported.exit_code in (None, BUG_OF_FAIRLEAD) or PASSED_OVER in exported.reason
    return {"verdict": "crashed" if crashed else "refused", "detail": neutral(exported.reason)[:400]}


def sweep(command, cases, opset, jobs, demands_opset=True):
    """(case, account) for each: exported by the command, judged in other processes."""
    accounts = {}
    began = time.monotonic()

    def tell(what, done):
        if done % 500 == 0 or done == len(cases):
            print(f"{what} {done} of {len(cases)}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="fairlead-opsweep.") as work:
        models = [f"{work}/{case['file'].replace('/', '.').removesuffix('.pt2')}.onnx" for case in cases]
        pairs = [(f"{case['folder']}/{case['file']}", model) for case, model in zip(cases, models)]
        to_judge = []
        for case, model, exported in zip(cases, models, export_all(command, pairs, jobs, opset)):
            if exported.exit_code == 0:
                to_judge.append({"case": case, "model": model, "opset": opset if demands_opset else None})
            else:
                accounts[case["id"]] = verdict_without_model(exported)
            tell("exported", len(to_judge) + len(accounts))

        def on_end(item, account, failure):
            accounts[item["case"]["id"]] = account or {"verdict": "not_run", "detail": failure}
            tell("judged", len(accounts))

        run_workers([sys.executable, "-B", HERE / "verdicts.py"], to_judge, jobs, LIMIT, on_end)
    return [(case, accounts[case["id"]]) for case in cases]


def selected(selection, arguments):
    """(all cases of the selection, those to run)"""
    cases = read_cases(selection)
    return cases, [case for case in cases if re.search(arguments.ops, case["op"]) and in_part(case["id"], *arguments.part)]


def complaints_about(cases, results, arguments):
    """What is not as expected of Fairlead."""
    lines = read_expectations(HERE / "expectations.tsv")
    complaints = complaints_about_cases(lines, results, arguments.opset)
    complaints += complaints_about_lines(lines, arguments.selection, cases)
    if not arguments.ops:
        limits = read_limits(HERE / "limits.toml")
        complaints += complaints_about_groups(limits, lines, results, arguments.opset, len(results) < len(cases))
    return complaints


def add_run_options(parser):
    parser.add_argument("--opset", type=int, default=20)
    parser.add_argument("--part", type=part, default=(0, 1), metavar="N/M", help="the Nth part of M, counted from 0")
    parser.add_argument("--ops", default="", metavar="REGEX", help="operators whose name has a match")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    exporter = parser.add_mutually_exclusive_group(required=True)
    exporter.add_argument("--fairlead", type=Path)
    exporter.add_argument("--peer", action="store_true")
    add_run_options(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every case's outcome")
    parser.add_argument("--overloads", type=Path, metavar="FILE", help="write how many cases of each overload are right")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write tables, and operators not wholly right")
    parser.add_argument("selection", choices=SELECTIONS)
    arguments = parser.parse_args()

    cases, chosen = selected(arguments.selection, arguments)
    if not chosen:
        raise SystemExit("no case is selected")
    results = sweep(command_of(arguments.fairlead), chosen, arguments.opset, arguments.jobs, not arguments.peer)
    complaints = [] if arguments.peer else complaints_about(cases, results, arguments)
    run = {"exporter": "peer" if arguments.peer else "fairlead", "selection": arguments.selection, "opset": arguments.opset}
    title = f"{run['exporter']}, {run['selection']}, opset {run['opset']}"
    if arguments.json:
        arguments.json.write_text(as_json(run, results))
    if arguments.overloads:
        arguments.overloads.write_text(by_overload(title, results))
    if arguments.markdown:
        arguments.markdown.write_text(markdown(title, results))
    for key in KEYS:
        print(*table_by(results, key), "", sep="\n")
    print(*table_of_verdicts(results), "", *complaints, sep="\n")
    good = sum(account["verdict"] in RIGHT for _, account in results)
    print(f"{title}: {good} of {len(results)} cases are right, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
