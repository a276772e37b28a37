#!/usr/bin/env python3
"""Every diagnostic rule that our sources name ("FL2004") has its row in framework/diagnostics/rules.cpp.

    check_rule_ids.py REPOSITORY

An error of an unknown rule would end the process as a bug of Fairlead (exit 70) and show no next step.
"""
import pathlib
import re
import sys

ROW = re.compile(r'^\s*\{"(FL\d{4})", ')
USE = re.compile(r'"(FL\d{4})"')


def check(root):
    rows = {m[1] for line in (root / "framework/diagnostics/rules.cpp").read_text().splitlines() if (m := ROW.match(line))}
    offences = []
    for folder in ["framework", "plugins", "sdk/include", "tools"]:
        for path in sorted((root / folder).rglob("*.[ch]*")):
            if path.suffix not in {".c", ".h", ".cpp", ".hpp"} or path.stem.endswith("_test"):
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                for rule in USE.findall(line):
                    if rule not in rows:
                        offences.append(f"{path.relative_to(root)}:{number}: {rule} has no row in framework/diagnostics/rules.cpp")
    return rows, offences


def main():
    rows, offences = check(pathlib.Path(sys.argv[1]).resolve())
    for offence in offences:
        print(offence)
    print(f"{len(rows)} rules, {len(offences)} unknown")
    return 1 if offences or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
