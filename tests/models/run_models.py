#!/usr/bin/env python3
"""Exports the models with the command line and has every file judged.

    $(tools/setup --print python) tests/models/run_models.py --fairlead build/release/bin/fairlead [--decomposed] [NAME|@GROUP …]

Prints a line for each model and opset, `ok|wrong|failed NAME OPSET REASON`, and exits 1 when one is not what expectations.toml says.
Models that are not in the cache are made first, which needs tools/setup --torch. --decomposed takes them as run_decompositions()
leaves them, ATen's core operators, with the numbers of the model as it was.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "judge"))

from expectations import read_expectations  # noqa: E402
from expected import read_expected  # noqa: E402
from exporting import export  # noqa: E402
from judge import Verdict, judge  # noqa: E402

from cache import REPOSITORY, models_folder  # noqa: E402

DECOMPOSED = "decomposed.pt2"


def listed(words):
    """The names meant, from models.tsv: names, @group or @size; nothing means all but the big ones."""
    rows = [line.split("\t") for line in (HERE / "models.tsv").read_text().splitlines()]
    if not words:
        return [name for name, _, size in rows if size != "big"]
    names = []
    for word in words:
        found = [row[0] for row in rows if (word[1:] in row[1:] if word.startswith("@") else word == row[0])]
        if not found:
            raise SystemExit(f"no model or group is named {word}")
        names += found
    return names


def make_missing(names, folder, torch_python):
    missing = [name for name in names if not (folder / f"{name}.json").exists()]
    if missing:
        subprocess.run([torch_python, "-B", HERE / "make_models.py", "--out", folder, *missing], check=True)


def export_and_judge(fairlead, folder, name, form, opset):
    """The verdict over one model at one opset, read from the file with the suffix `form`; what was written is gone afterwards."""
    undecomposed = json.loads((folder / f"{name}.json").read_text())["undecomposed"]
    if form == DECOMPOSED and undecomposed:
        return Verdict("failed", f"PyTorch does not decompose it: {undecomposed}")
    with tempfile.TemporaryDirectory(prefix="fairlead-models.") as work:
        model = Path(work, f"{name}.onnx")
        result = export(fairlead, folder / f"{name}.{form}", model, opset)
        if result.code != 0:
            return Verdict("failed", f"exit {result.code}: {result.message}")
        expected = read_expected(folder / f"{name}.io.safetensors", folder / f"{name}.json", folder / f"{name}.{form}")
        return judge(model, expected, opset)


def setup(key):
    return subprocess.run([REPOSITORY / "tools" / "setup", "--print", key], check=True, capture_output=True, text=True).stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fairlead", type=Path, required=True)
    parser.add_argument("--opsets", type=lambda text: [int(opset) for opset in text.split(",")], default=[18, 20, 23, 26])
    parser.add_argument("--decomposed", action="store_true")
    parser.add_argument("--folder", type=Path, default=models_folder(), help="where the models lie")
    parser.add_argument("names", nargs="*", metavar="NAME|@GROUP")
    arguments = parser.parse_args()
    names = listed(arguments.names)
    make_missing(names, arguments.folder, setup("torch-python"))
    form = DECOMPOSED if arguments.decomposed else "pt2"
    expectations = read_expectations(HERE / ("expectations.decomposed.toml" if arguments.decomposed else "expectations.toml"))
    as_expected = True
    for name in names:
        for opset in arguments.opsets:
            verdict = export_and_judge(arguments.fairlead, arguments.folder, name, form, opset)
            print(verdict.line(name, opset), flush=True)
            as_expected = expectations.accept(name, opset, verdict.status) and as_expected
    return 0 if as_expected else 1


if __name__ == "__main__":
    sys.exit(main())
