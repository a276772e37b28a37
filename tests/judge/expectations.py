"""Exceptions to "every model is right", each with a reason.

    [stft_mel]
    status = "failed"            # what the verdict is
    opsets = [20]                # all when left out
    reason = "…"

A listed model that is right is an error too: the list never says more than is so.
"""

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Expectations:
    entries: dict

    def accept(self, name, opset, status):
        """Whether this verdict is what is expected; says on stderr why not where the list is involved."""
        entry = self.entries.get(name)
        if entry is None or opset not in entry.get("opsets", [opset]):
            return status == "ok"
        if status == entry["status"]:
            return True
        print(f"{name} at opset {opset} is {status}, the expectations say {entry['status']}: {entry['reason']}", file=sys.stderr)
        return False


def read_expectations(path):
    """From a TOML file; no path, no exceptions."""
    if path is None:
        return Expectations({})
    entries = tomllib.loads(Path(path).read_text())
    for name, entry in entries.items():
        if entry.get("status") not in ("wrong", "failed") or not entry.get("reason") or entry.keys() - {"status", "opsets", "reason"}:
            raise ValueError(f"{path}: {name} needs status (wrong or failed), a reason, and may have opsets")
    return Expectations(entries)
