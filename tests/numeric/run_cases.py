#!/usr/bin/env python3
"""Exports the cases of a family with the command line and has every file judged (tests/judge).

    $(tools/setup --print python) tests/numeric/run_cases.py --fairlead build/release/bin/fairlead FAMILY [--only TEXT]

A case is exported at both ends of the opset range of each lowering that its operators have. Prints a line for each that is not right,
`wrong|failed|FLxxxx OPSET NAME: REASON`, and exits 1 when one is not what expectations.toml says. With --rows FILE, writes the rows of
the plugins' tables that lowered cases which are right; check_coverage.py wants to see them all.
"""

import argparse
import collections
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "judge"))

from expected import read_expected  # noqa: E402
from judge import Verdict, judge  # noqa: E402

from cache import FAMILIES, REPOSITORY, family_folder  # noqa: E402
from outcomes import read_outcomes  # noqa: E402

FIRST, LAST = 18, 26


def make_missing(family):
    """Which needs tools/setup --torch."""
    if not (family_folder(family) / "index.json").exists():
        setup = [REPOSITORY / "tools" / "setup", "--print", "torch-python"]
        python = subprocess.run(setup, check=True, capture_output=True, text=True).stdout.strip()
        subprocess.run([python, "-B", HERE / "make_cases.py", family], check=True)


def opsets_of_operators(fairlead):
    """"aten.gelu.default" → the opsets at which its rows begin and end."""
    run = subprocess.run([fairlead, "ops", "--json", "-"], check=True, capture_output=True, text=True)
    opsets = collections.defaultdict(set)
    for row in json.loads(run.stdout)["lowerings"]:
        name = row["op"].replace("::", ".")
        ends = {row["since"] or FIRST, row["until"] or LAST}
        opsets[name if name.count(".") == 2 else f"{name}.default"] |= ends
    return opsets


def export_all(fairlead, jobs, opset, folder):
    """One run of the command line for all jobs; (line of JSON, or None where it died) for each. Those after a dead one are run again."""
    results = []
    while len(results) < len(jobs):
        rest = jobs[len(results) :]
        (folder / "list").write_text("".join(f"{program}\t{model}\n" for program, model in rest))
        run = subprocess.run([fairlead, "export", "--batch", folder / "list", "--opset", str(opset), "-v"], capture_output=True, text=True)
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        results += lines
        if len(lines) < len(rest):
            results.append({"exit_code": run.returncode, "first_error": f"died: {run.stderr.strip()[-300:]}", "lowerings": []})
    return results


def verdict_of(line, model, stem, opset, shapes_only):
    if line["exit_code"] != 0:
        rule, _, message = line["first_error"].partition(": ")
        return Verdict(rule if rule.startswith("FL") else "failed", message)
    return judge(model, read_expected(f"{stem}.io.safetensors", f"{stem}.json"), opset, shapes_only)


class Family:
    """The cases of a family that were made, with the opsets to run each at."""

    def __init__(self, name, fairlead, only):
        self.folder = family_folder(name)
        opsets = opsets_of_operators(fairlead)
        self.by_opset = collections.defaultdict(list)
        self.descriptions = {}
        for number, case in enumerate(json.loads((self.folder / "index.json").read_text())):
            if only not in case:
                continue
            stem = self.folder / f"{number:04}"
            self.descriptions[stem] = json.loads(Path(f"{stem}.json").read_text())
            ends = set().union(*(opsets.get(op, ()) for op in self.descriptions[stem]["ops"])) or {FIRST, LAST}
            for opset in sorted(ends):
                self.by_opset[opset].append(stem)

    def run(self, fairlead, outcomes):
        """(whether all are as expected, rows used by those that are right)."""
        as_expected, rows = True, set()
        for opset, stems in sorted(self.by_opset.items()):
            with tempfile.TemporaryDirectory(prefix="fairlead-numeric.") as work:
                jobs = [(f"{stem}.pt2", f"{work}/{stem.name}.onnx") for stem in stems]
                for stem, job, line in zip(stems, jobs, export_all(fairlead, jobs, opset, Path(work))):
                    description = self.descriptions[stem]
                    verdict = verdict_of(line, job[1], stem, opset, description["shapes_only"])
                    if verdict.status == "ok":
                        rows |= {(row["schema"], row["since"], row["until"]) for row in line["lowerings"]}
                    as_expected = outcomes.accept(description["name"], opset, verdict) and as_expected
        return as_expected, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fairlead", type=Path, required=True)
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--rows", type=Path, help="where to write the rows that lowered something")
    parser.add_argument("family", choices=FAMILIES)
    arguments = parser.parse_args()
    if arguments.rows:
        arguments.rows.unlink(missing_ok=True)
    make_missing(arguments.family)
    outcomes = read_outcomes(HERE / "expectations.toml")
    family = Family(arguments.family, arguments.fairlead, arguments.only)
    as_expected, rows = family.run(arguments.fairlead, outcomes)
    if arguments.rows:
        arguments.rows.write_text(json.dumps(sorted(rows)))
    print(f"{arguments.family}: {len(family.descriptions)} cases, {sum(map(len, family.by_opset.values()))} runs, {len(rows)} rows")
    return 0 if as_expected else 1


if __name__ == "__main__":
    sys.exit(main())
