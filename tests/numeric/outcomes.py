"""What is expected of a case that is not right, with the reason.

    ["aten::angle(c64[3])"]
    outcome = "FL2003"          # the rule that refuses it; "wrong": another answer; "failed": no answer
    opsets = [18]               # all when left out
    reason = "…"

A listed case that is right is an error too: the list never says more than is so.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Outcomes:
    entries: dict

    def accept(self, name, opset, verdict):
        """Whether the verdict is what is expected; prints it where it is not."""
        entry = self.entries.get(name, {})
        expected = entry["outcome"] if entry and opset in entry.get("opsets", [opset]) else "ok"
        if verdict.status == expected:
            return True
        why = f" (expected {expected}: {entry['reason']})" if expected != "ok" else ""
        print(f"{verdict.status} {opset} {name}: {verdict.reason}{why}", flush=True)
        return False


def read_outcomes(path):
    entries = tomllib.loads(Path(path).read_text())
    for name, entry in entries.items():
        known = re.fullmatch(r"wrong|failed|FL\d{4}", entry.get("outcome", ""))
        if not known or not entry.get("reason") or entry.keys() - {"outcome", "opsets", "reason"}:
            raise ValueError(f"{path}: {name} needs an outcome (wrong, failed or a rule), a reason, and may have opsets")
    return Outcomes(entries)
