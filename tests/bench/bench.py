#!/usr/bin/env python3
"""Export by Fairlead and by torch.onnx, side by side: wall time and peak memory of whole processes.

    bench.py --fairlead build/release/bin/fairlead --programs FOLDER [--rounds 5] [--out FILE.json] [PART …]

PART is one of models, weights, chain, start (default: all). FOLDER holds resnet50.pt2, bert_base.pt2, gpt2.pt2 and
vit_b_16.pt2 (tests/models/make_models.py). Same opset on both sides, no verification, page cache warm, median of the rounds,
both sides alternating. Run with the Python of `tools/setup --print torch-python`. Prints tables for docs/performance.md.
"""
import argparse
import json
import pathlib
import subprocess
import shutil
import subprocess
import sys
import tempfile

import measure

OPSET = "20"
# And the module that torch.export.load needs imported for the program's output classes.
MODELS = {"resnet50": "", "bert_base": "transformers.modeling_outputs", "gpt2": "transformers.modeling_outputs", "vit_b_16": ""}
HERE = pathlib.Path(__file__).resolve().parent


def linked(program: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """The program as a file of the output's folder, which --weights reference asks for; copied once."""
    target = folder / program.name
    if not target.exists():
        shutil.copyfile(program, target)
    return target


def export(fairlead: str, program: pathlib.Path, folder: pathlib.Path, weights: str) -> list[str]:
    return [fairlead, "export", str(program), "-o", str(folder / f"{program.stem}.{weights}.onnx"), "--opset", OPSET,
            "--weights", weights, "-q"]


def bench_models(args, folder):
    rows = []
    for name, module in MODELS.items():
        program = linked(args.programs / f"{name}.pt2", folder)
        peer = [sys.executable, str(HERE / "peer_export.py"), str(program), str(folder / f"{name}.peer.onnx"), OPSET, module]
        found = measure.alternating(
            {"reference": export(args.fairlead, program, folder, "reference"),
             "external": export(args.fairlead, program, folder, "external"), "torch.onnx": peer}, args.rounds)
        ours, theirs = found, found["torch.onnx"]
        rows.append({"model": name, **{f"{k} s": round(v.seconds, 3) for k, v in ours.items()},
                     **{f"{k} MiB": round(v.peak_mib) for k, v in ours.items()},
                     "reference speed-up": round(theirs.seconds / ours["reference"].seconds, 1),
                     "external speed-up": round(theirs.seconds / ours["external"].seconds, 1),
                     "memory ratio": round(theirs.peak_mib / ours["external"].peak_mib, 1)})
        print(rows[-1], file=sys.stderr)
    return rows


def made(kind: str, folder: pathlib.Path, size: int) -> pathlib.Path:
    """programs.py in a process of its own: a child's peak memory counts what its parent held when it was forked."""
    run = subprocess.run([sys.executable, str(HERE / "programs.py"), kind, str(folder), str(size)], check=True,
                         capture_output=True, text=True)
    return pathlib.Path(run.stdout.strip())


def bench_weights(args, folder):
    rows = []
    for parameters in (25_000_000, 250_000_000):
        program = made("layers", folder, parameters)
        for weights in ("reference", "external", "embed"):
            found = measure.alternating({weights: export(args.fairlead, program, folder, weights)}, args.rounds)[weights]
            rows.append({"parameters": parameters, "weights": weights, "MiB": round(found.peak_mib, 1),
                         "s": round(found.seconds, 3)})
    return rows


def bench_chain(args, folder):
    rows = []
    for nodes in (1_000, 10_000, 100_000):
        program = made("chain", folder, nodes)
        found = measure.alternating({"embed": export(args.fairlead, program, folder, "embed")}, args.rounds)["embed"]
        rows.append({"nodes": nodes, "s": round(found.seconds, 3), "us per node": round(found.seconds / nodes * 1e6, 1),
                     "MiB": round(found.peak_mib)})
    return rows


def bench_start(args, _folder):
    """The tool alone, and what loading plugin fairlead.aten, all its rows read, adds to a command that has nothing else to do."""
    listed = subprocess.run([args.fairlead, "plugin", "list", "--json", "-"], check=True, capture_output=True, text=True).stdout
    (aten,) = [plugin["file"] for plugin in json.loads(listed)["plugins"] if plugin["id"] == "fairlead.aten"]
    without = [args.fairlead, "ops", "nosuch", "--no-plugins"]
    commands = {"fairlead version": [args.fairlead, "version"], "no plugin": without, "fairlead.aten": [*without, "--plugin", aten]}
    found = measure.alternating(commands, args.rounds * 10)
    rows = [{"command": name, "ms": round(run.seconds * 1e3, 2), "MiB": round(run.peak_mib, 1)} for name, run in found.items()]
    load = found["fairlead.aten"].seconds - found["no plugin"].seconds
    return [*rows, {"command": "loading it", "ms": round(load * 1e3, 2), "MiB": ""}]


PARTS = {"models": bench_models, "weights": bench_weights, "chain": bench_chain, "start": bench_start}


def table(rows):
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    return "\n".join(lines + ["| " + " | ".join(str(row[name]) for name in names) + " |" for row in rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fairlead", required=True)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    args = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory(prefix="fairlead-bench-") as folder:
        for part in args.parts or PARTS:
            found[part] = PARTS[part](args, pathlib.Path(folder))
            print(f"\n## {part}\n\n{table(found[part])}", flush=True)
    if args.out:
        args.out.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
