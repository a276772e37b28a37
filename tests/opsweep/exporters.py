"""Exports many programs with a command that knows --batch, -j and --opset, and goes on when it dies or hangs.

The command prints a line of JSON for each program, in the list's order: input, output, exit_code, first_error
(docs/cli.md); peer.py does as `fairlead export`.
"""

import json
import os
import select
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workers import end_of_process

LIMIT = 120  # seconds without a line
CAREFUL = 64  # programs that are exported one at a time after a death, so that one is found guilty


@dataclass
class Exported:
    """What the command said of one program."""

    exit_code: int | None  # None: it died or hung
    reason: str = ""


def _run(command, pairs, jobs, opset):
    """(lines, how the command ended)"""
    with tempfile.TemporaryDirectory(prefix="fairlead-opsweep.") as work:
        listing = Path(work, "list")
        listing.write_text("".join(f"{program}\t{model}\n" for program, model in pairs))
        arguments = [*command, "--batch", listing, "-j", str(jobs), "--opset", str(opset)]
        with open(f"{work}/messages", "wb") as messages:
            process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=messages, start_new_session=True)
        try:
            lines, ended = _lines(process)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()
        if not lines and process.returncode == 2:  # wrong usage: no program is to blame
            raise SystemExit(Path(f"{work}/messages").read_text(errors="replace"))
        return lines, end_of_process(process.returncode) if ended else f"no line within {LIMIT} s"


def _lines(process):
    """(lines, whether the output came to its end)"""
    lines, pending = [], b""
    while select.select([process.stdout], [], [], LIMIT)[0]:
        data = os.read(process.stdout.fileno(), 1 << 16)
        if not data:
            process.wait()
            return lines, True
        *whole, pending = (pending + data).split(b"\n")
        lines += map(json.loads, whole)
    return lines, False


def export_all(command, pairs, jobs, opset):
    """Yields an Exported for each pair of program and model."""
    while pairs:
        lines, end = _run(command, pairs, jobs, opset)
        yield from map(_exported, lines)
        pairs = pairs[len(lines) :]
        if pairs and jobs > 1:  # several were in hand: one at a time shows which it was
            careful = pairs[:CAREFUL]
            lines, end = _run(command, careful, 1, opset)
            yield from map(_exported, lines)
            pairs = pairs[len(lines) :]
            if len(lines) == len(careful):
                continue
        if pairs:
            yield Exported(None, end)
            pairs = pairs[1:]


def _exported(line):
    return Exported(line["exit_code"], line["first_error"] or "")
