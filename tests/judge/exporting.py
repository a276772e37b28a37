"""Calls the command line as a user would, and reads what it said."""

import re
import subprocess
from dataclasses import dataclass

ERROR = re.compile(r"^error (?P<rule>FL\d{4}|[A-Z]+\d+): (?P<message>.*)$", re.MULTILINE)


@dataclass
class Export:
    code: int
    rules: list[str]  # of its errors, in order
    message: str  # the first error, or the last line where there is none


def export(fairlead, program, model, opset, *options, limit=600):
    """`fairlead export PROGRAM -o MODEL`. A crash is a negative code, running longer than `limit` seconds code 124."""
    command = [fairlead, "export", program, "-o", model, "--opset", opset, *options]
    try:
        run = subprocess.run(list(map(str, command)), capture_output=True, text=True, errors="replace", timeout=limit)
    except subprocess.TimeoutExpired:
        return Export(124, [], f"no end after {limit} s")
    errors = list(ERROR.finditer(run.stderr))
    lines = (run.stderr.strip() or run.stdout.strip() or "no output").splitlines()
    message = errors[0].group(0).removeprefix("error ") if errors else lines[-1]
    return Export(run.returncode, [error["rule"] for error in errors], message)
