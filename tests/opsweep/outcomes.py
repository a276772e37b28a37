"""What is accepted besides cases that are right.

A model that is not right without anybody saying so has to be in expectations.tsv, as CASE, VERDICT and REASON:

    static/nanmedian/case_3	numbers	why ONNX cannot do better
    */fft.*	numbers@18,19	at these opsets only

CASE is a shell pattern of SELECTION/OPERATOR/case_N. A listed case that is right, and a line about no case, are errors too.

A refusal needs no line: limits.toml says how many of a group may be refused, as the least share that is exported. A model
that no evaluator can run counts as refused; cases that are listed do not count.
"""

import fnmatch
import math
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from verdicts import NO_MODEL_TO_BLAME, RIGHT, VERDICTS


@dataclass(frozen=True)
class Line:
    pattern: str
    verdict: str
    opsets: tuple  # empty: all
    reason: str

    def is_about(self, case, opset):
        return (not self.opsets or opset in self.opsets) and fnmatch.fnmatchcase(full_name(case), self.pattern)


def full_name(case):
    return f"{case['selection']}/{case['id']}"


def read_expectations(path):
    lines = []
    for number, text in enumerate(Path(path).read_text().splitlines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        pattern, verdict, reason = (text.split("\t") + ["", ""])[:3]
        verdict, _, opsets = verdict.partition("@")
        if verdict not in VERDICTS or verdict in RIGHT or not reason.strip():
            raise ValueError(f"{path}:{number}: expected CASE<tab>VERDICT<tab>REASON, found {text!r}")
        lines.append(Line(pattern, verdict, tuple(map(int, opsets.split(","))) if opsets else (), reason))
    return lines


def complaints_about_cases(lines, results, opset):
    """What differs from the expectations: `results` are (case, its account)."""
    complaints = []
    for case, account in results:
        verdict = account["verdict"]
        about = [line for line in lines if line.is_about(case, opset)]
        if verdict in RIGHT:
            complaints += [f"{full_name(case)}: right, expected {line.verdict}: {line.reason}" for line in about]
        elif about and all(line.verdict != verdict for line in about):
            complaints.append(f"{full_name(case)}: {verdict}, expected {about[0].verdict}: {account.get('detail', '')}")
        elif not about and verdict not in NO_MODEL_TO_BLAME:
            complaints.append(f"{full_name(case)}: {verdict}: {account.get('detail', '')}")
    return complaints


def complaints_about_lines(lines, selection, cases):
    """Lines for this selection that are about none of its cases."""
    of_selection = [line for line in lines if line.pattern.startswith(f"{selection}/")]
    names = [full_name(case) for case in cases]
    return [f"{line.pattern}: no case is named so" for line in of_selection if not fnmatch.filter(names, line.pattern)]


def most_refused(limit, total, is_part):
    """How many of a group's cases may be refused. Chance may give a part two standard deviations more."""
    expected = total * (1 - limit)
    return math.floor(expected + 1e-9 + (2 * math.sqrt(expected * limit) if is_part else 0))


def read_limits(path):
    """(selection, group) → least share of its cases that are exported"""
    limits = {}
    for selection, groups in tomllib.loads(Path(path).read_text()).items():
        for group, entry in groups.items():
            if entry.keys() != {"exported", "reason"} or not 0 <= entry["exported"] <= 1 or not entry["reason"]:
                raise ValueError(f"{path}: {selection}.{group} needs a share `exported` and a reason")
            limits[selection, group] = entry["exported"]
    return limits


def complaints_about_groups(limits, lines, results, opset, is_part):
    """Groups with more refused cases than limits.toml allows; a group that is not there may have none."""
    total, refused = Counter(), Counter()
    for case, account in results:
        group = case["selection"], case["group"]
        total[group] += 1
        if account["verdict"] in NO_MODEL_TO_BLAME and not any(line.is_about(case, opset) for line in lines):
            refused[group] += 1
    complaints = []
    for group, count in sorted(refused.items()):
        most = most_refused(limits.get(group, 1.0), total[group], is_part)
        if count > most:
            complaints.append(f"{'.'.join(group)}: {count} of {total[group]} cases are refused, limits.toml allows {most}")
    return complaints
