#!/usr/bin/env python3
"""Makes the cases of selections: calls from PyTorch's sample database, exported with torch.export; into the cache, once.

    $(tools/setup --print torch-python) tests/opsweep/make_cases.py [--jobs N] [SELECTION …]

Each operator has a folder of its own; what is finished stays, so an interrupted run is continued by the next. index.json of
the selection is written last and says that all of it is there.
"""

import argparse
import fcntl
import json
import os
import shutil
import sys
import time
import warnings

from cache import SELECTIONS, selection_folder
from workers import run_workers, serve

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")
LIMIT = 300  # seconds for one operator


def work(selection):
    """In a worker: makes the cases of each operator it is told."""
    import torch

    from operator_cases import OperatorCases, folder_name
    from samples import operators

    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    folder = selection_folder(selection)

    def make(name):
        OperatorCases(operators()[name], SELECTIONS[selection], folder / folder_name(name)).write()

    serve(make)


def wanted_operators(selection):
    """(names, those left out with the reason)"""
    from groups import left_out
    from samples import operators

    names, skipped = [], []
    for name, operator in operators().items():
        reason = left_out(name)
        if reason is None and operator.group not in SELECTIONS[selection]["groups"]:
            reason = f"belongs to the group {operator.group}, not selected"
        if reason:
            skipped.append({"op": name, "reason": reason})
        else:
            names.append(name)
    return names, skipped


def write_whole(folder, names, skipped):
    """skipped.json and, last, index.json with all cases."""
    from operator_cases import folder_name

    cases = []
    for name in names:
        index = json.loads((folder / folder_name(name) / "index.json").read_text())
        cases += index["cases"]
        skipped += index["skipped"]
    (folder / "skipped.json").write_text(json.dumps(skipped, indent=1) + "\n")
    part = folder / "index.json.part"
    part.write_text("[\n" + ",\n".join(map(json.dumps, cases)) + "\n]\n")
    part.rename(folder / "index.json")
    return len(cases), len(skipped)


def make_selection(selection, jobs):
    from operator_cases import folder_name, write_index

    folder = selection_folder(selection)
    names, skipped = wanted_operators(selection)
    todo = [name for name in names if not (folder / folder_name(name) / "index.json").exists()]
    began, done = time.monotonic(), 0

    def on_end(name, _, failure):
        nonlocal done
        done += 1
        if failure:
            shutil.rmtree(folder / folder_name(name), ignore_errors=True)
            (folder / folder_name(name)).mkdir()
            write_index(folder / folder_name(name), [], [{"op": name, "reason": f"crash: {failure}"}])
        if done % 50 == 0 or done == len(todo):
            print(f"{selection}: {done} of {len(todo)} operators, {time.monotonic() - began:.0f} s", flush=True)

    run_workers([sys.executable, "-B", __file__, "--worker", selection], todo, jobs, LIMIT, on_end)
    cases, left = write_whole(folder, names, skipped)
    print(f"made {selection}: {cases} cases; {left} samples or operators left out", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--worker", choices=SELECTIONS, help=argparse.SUPPRESS)
    parser.add_argument("selections", nargs="*", metavar="SELECTION", help=f"of {', '.join(SELECTIONS)}; all when left out")
    arguments = parser.parse_args()
    if arguments.worker:
        return work(arguments.worker)
    for selection in arguments.selections or SELECTIONS:
        folder = selection_folder(selection)
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder.parent / f".opsweep-{selection}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another clone may be making it
            if not (folder / "index.json").exists():
                make_selection(selection, arguments.jobs)


if __name__ == "__main__":
    sys.exit(main())
