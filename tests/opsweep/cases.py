"""The cases of a selection as they lie in the cache, and which of them a run takes."""

import hashlib
import json
import re
import subprocess

from cache import HERE, REPOSITORY, selection_folder


def torch_python():
    setup = [REPOSITORY / "tools" / "setup", "--print", "torch-python"]
    return subprocess.run(setup, check=True, capture_output=True, text=True).stdout.strip()


def read_cases(selection):
    """Their entries in index.json, with `selection` and `folder`. What is missing is made: tools/setup --torch."""
    folder = selection_folder(selection)
    if not (folder / "index.json").exists():
        subprocess.run([torch_python(), "-B", HERE / "make_cases.py", selection], check=True)
    cases = json.loads((folder / "index.json").read_text())
    for case in cases:
        case |= {"selection": selection, "folder": str(folder)}
    return cases


def part(text):
    """(3, 10) of 3/10"""
    match = re.fullmatch(r"(\d+)/(\d+)", text)
    if not match or int(match[1]) >= int(match[2]):
        raise ValueError(f"{text} is not N/M with N < M")
    return int(match[1]), int(match[2])


def in_part(identifier, number, of):
    """Whether a case belongs to the part: each belongs to one, whatever others there are."""
    return int.from_bytes(hashlib.sha256(identifier.encode()).digest()[:8], "big") % of == number


def sizes_of(case):
    """Empty tensors and those of no dimension are where lowerings go wrong first."""
    if any(0 in port["shape"] for port in case["inputs"] + case["outputs"]):
        return "empty"
    return "ordinary" if all(port["shape"] for port in case["inputs"]) else "0-d"
