#!/usr/bin/env python3
"""Every overload that counts is known to a lowering or to a pass: overloads.tsv against `fairlead explain`.

    overloads_test.py --fairlead PROGRAM [--opset N]

What counts: Core ATen without backward forms, what models use, what the peer's library registers. overloads_without.tsv lists
those that nothing takes, each with the reason; one there that something takes fails the test.
"""

import argparse
import csv
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))


def counts(row):
    backward = "_backward" in row["overload"]
    return (row["core"] == "y" and not backward) or row["models"] != "0" or row["torchlib"] == "y"


def explained(fairlead, overloads, opset):
    """{overload: what explain says of it}"""
    names = [overload.replace(".", "::", 1) for overload in overloads]
    run = subprocess.run([fairlead, "explain", "--opset", str(opset), "--json", "-", *names],
                         capture_output=True, text=True, check=True)  # fmt: skip
    return dict(zip(overloads, json.loads(run.stdout)["operators"], strict=True))


def is_taken(said):
    by_passes = bool(said["passes"]) and said["passes"][-1]["becomes"] is None
    return by_passes or any(candidate["taken"] for candidate in said["candidates"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fairlead", required=True)
    parser.add_argument("--opset", type=int, default=20)
    arguments = parser.parse_args()
    wanted = [row["overload"] for row in rows(HERE / "overloads.tsv") if counts(row)]
    without = {row["overload"]: row["reason"] for row in rows(HERE / "overloads_without.tsv")}
    taken = {name for name, said in explained(arguments.fairlead, wanted, arguments.opset).items() if is_taken(said)}
    complaints = [f"{name}: nothing takes it" for name in wanted if name not in taken and name not in without]
    complaints += [f"{name}: something takes it, listed: {why}" for name, why in without.items() if name in taken]
    complaints += [f"{name}: listed, and does not count" for name in without if name not in wanted]
    for complaint in complaints:
        print(complaint)
    print(f"opset {arguments.opset}: {len(taken)} of {len(wanted)} overloads, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
