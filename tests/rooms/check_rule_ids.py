#!/usr/bin/env python3
"""Every diagnostic rule that our sources name ("FL2004") has its row in framework/diagnostics/rules.cpp, and those that none
names are listed there as reserved.

    check_rule_ids.py REPOSITORY

An error of an unknown rule would end the process as a bug of Fairlead (exit 70) and show no next step; `fairlead explain` must not
promise what nothing reports.
"""
import pathlib
import re
import sys

ROW = re.compile(r'^\s*\{"(FL\d{4})", ')
USE = re.compile(r'"(FL\d{4})"')
RESERVED = re.compile(r"kReserved\[\] = \{(.*?)\};", re.DOTALL)
TABLE = "framework/diagnostics/rules.cpp"


def check(root):
    text = (root / TABLE).read_text()
    rows = {m[1] for line in text.splitlines() if (m := ROW.match(line))}
    found = RESERVED.search(text)
    reserved = set(USE.findall(found[1])) if found else set()
    offences = [f"{TABLE}: {rule} is reserved and has no row" for rule in sorted(reserved - rows)]
    named = set()
    for folder in ["framework", "plugins", "sdk/include", "tools"]:
        for path in sorted((root / folder).rglob("*.[ch]*")):
            if path.suffix not in {".c", ".h", ".cpp", ".hpp"} or path.stem.endswith("_test") or path == root / TABLE:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                comment = line.lstrip().startswith(("//", "/*", "*"))
                for rule in USE.findall(line):
                    if rule not in rows:
                        offences.append(f"{path.relative_to(root)}:{number}: {rule} has no row in {TABLE}")
                    if comment:
                        continue
                    named.add(rule)
                    if rule in reserved:
                        offences.append(f"{path.relative_to(root)}:{number}: {rule} is in kReserved of {TABLE}")
    offences += [f"{TABLE}: nothing names {rule}, and it is not in kReserved" for rule in sorted(rows - named - reserved)]
    return rows, offences


def main():
    rows, offences = check(pathlib.Path(sys.argv[1]).resolve())
    for offence in offences:
        print(offence)
    print(f"{len(rows)} rules, {len(offences)} offences")
    return 1 if offences or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
