#!/usr/bin/env python3
"""Finds rows of the plugins' tables that no case runs.

    $(tools/setup --print python) tests/numeric/check_coverage.py --fairlead build/release/bin/fairlead [--text-tests EXECUTABLE]… ROWS…

ROWS are the files that run_cases.py --rows wrote, one for each family. A row counts when it lowered something in a case that is right,
or in a text test that passed: what the host's passes take away (aliases, clones) reaches a lowering in no other way, and torchao,
whose numbers tests/fixtures has, is not there to make cases with.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from cache import FAMILIES


def rows_of_tables(fairlead):
    run = subprocess.run([fairlead, "ops", "--json", "-"], check=True, capture_output=True, text=True)
    return {(row["schema"], row["since"], row["until"]): row["family"] for row in json.loads(run.stdout)["lowerings"]}


def rows_of_text_tests(executable):
    """The rows that EXPECT_LOWERS recorded in gtest's report, as properties row_N of each test: "SINCE..UNTIL SCHEMA"."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run([executable, f"--gtest_output=json:{report}"], check=True, stdout=subprocess.DEVNULL)
        tests = [test for suite in json.loads(report.read_text())["testsuites"] for test in suite["testsuite"]]
    values = [value for test in tests for key, value in test.items() if key.startswith("row_")]
    found = [re.fullmatch(r"(\d+)\.\.(\d+) (.+)", value) for value in values]
    return {(match[3], int(match[1]), int(match[2])) for match in found if match}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fairlead", type=Path, required=True)
    parser.add_argument("--text-tests", type=Path, action="append", default=[])
    parser.add_argument("rows", nargs="+", type=Path, metavar="ROWS")
    arguments = parser.parse_args()
    if len(arguments.rows) != len(FAMILIES):
        raise SystemExit(f"there are {len(FAMILIES)} families of cases, {len(arguments.rows)} files of rows were given")
    tables = rows_of_tables(arguments.fairlead)
    used = {tuple(row) for path in arguments.rows for row in json.loads(path.read_text())}
    for executable in arguments.text_tests:
        used |= rows_of_text_tests(executable)
    missing = sorted((family, *row) for row, family in tables.items() if row not in used)
    for family, schema, since, until in missing:
        opsets = f" at opsets {since or 18} to {until or 26}" if since or until else ""
        print(f"no case runs {family}: {schema}{opsets}")
    print(f"{len(tables) - len(missing)} of {len(tables)} rows are run by cases and text tests")
    return 1 if missing or not tables else 0


if __name__ == "__main__":
    sys.exit(main())
