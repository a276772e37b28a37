#!/usr/bin/env python3
"""Makes the models that exports are tested with: random weights, expected outputs by eager PyTorch; downloads nothing.

    $(tools/setup --print torch-python) tests/models/make_models.py [--out DIR] [--list] [NAME|@GROUP …]

Writes NAME.pt2, NAME.decomposed.pt2, NAME.io.safetensors and NAME.json for each (README.md says what is in them), or
NAME.fail.json with the reason.
What is there already stays, so an interrupted run is continued by the next. Each model is made in a process of its own.
"""

import argparse
import fcntl
import json
import os
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

from cache import models_folder

INDEX = Path(__file__).with_name("models.tsv")  # for those who want the names without importing PyTorch
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_NUM_THREADS", "1")


def prepare_torch():
    """One thread, and eager mode as exported programs compute: the fast path of nn.Transformer zeroes padded rows."""
    import torch

    torch.set_num_threads(1)
    torch.backends.mha.set_fastpath_enabled(False)
    # torchvision's compiled part does not load beside PyTorch's CPU build; importing it wants these two declared.
    for name in ("nms", "qnms"):
        torch.library.define(f"torchvision::{name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import transformers

    transformers.logging.set_verbosity_error()
    warnings.filterwarnings("ignore")


def seed_of(name):
    return sum(map(ord, name)) * 7919 % 2**31


def save_decomposed(exported, path):
    """None, or why PyTorch cannot decompose the program."""
    import torch

    try:
        torch.export.save(exported.run_decompositions(), path)
    except Exception as error:  # it raises many types
        return f"{type(error).__name__}: {' '.join(str(error).split())[:400]}"
    os.chmod(path, 0o644)
    return None


def make(name, definition, folder):
    """Writes the files of one model into `folder`; the JSON last, as a sign that the others are whole."""
    import torch
    from safetensors.torch import save_file

    from zoo.capture import capture
    from zoo.recording import Recording, randomize, summary

    start = time.time()
    torch.manual_seed(seed_of(name))
    program = definition.build()
    program.module.train(program.training)
    if program.randomize:
        randomize(program.module)
    captured = capture(program, runs_set_b=definition.size != "big")
    recording = Recording()
    for tag in ("a", "b"):
        recording.record(tag, program.module, captured.exported, captured.inputs[tag])

    files = {suffix: f"{name}.{suffix}" for suffix in ("pt2", "io.safetensors", "json")}
    with tempfile.TemporaryDirectory(dir=folder, prefix=f".{name}.") as work:
        torch.export.save(captured.exported, f"{work}/{files['pt2']}")
        undecomposed = "it is big"
        if definition.size != "big":
            undecomposed = save_decomposed(captured.exported, f"{folder}/{name}.decomposed.pt2")
        save_file(recording.tensors, f"{work}/{files['io.safetensors']}")
        description = {
            "name": name,
            "size": definition.size,
            "group": definition.group,
            "rung": captured.rung,
            "dynamic_axes": {axis: [captured.sizes[tag][axis] for tag in ("a", "b")] for axis in sorted(captured.dynamic_axes)},
            "earlier_rungs_failed": captured.failures,
            "undecomposed": undecomposed,
            "mode": "train" if program.training else "eval",
            "notes": program.notes,
            **summary(captured.exported, recording),
            "pt2_bytes": os.path.getsize(f"{work}/{files['pt2']}"),
            "seconds": round(time.time() - start, 2),
        }
        Path(work, files["json"]).write_text(json.dumps(description, indent=1, default=str))
        for file in files.values():
            os.chmod(f"{work}/{file}", 0o644)
            os.replace(f"{work}/{file}", f"{folder}/{file}")


def make_in_child(name, definition, folder, limit):
    """Forks, so that a crash, a hang or the memory of one model costs nobody else. None, or why there is no model."""
    child = os.fork()
    if child == 0:
        try:
            make(name, definition, folder)
            os._exit(0)
        except BaseException as error:
            traceback.print_exc()
            record = {"name": name, "error": type(error).__name__, "message": " ".join(str(error).split())[:1500]}
            Path(folder, f"{name}.fail.json").write_text(json.dumps(record, indent=1))
            os._exit(1)
    deadline = time.time() + limit
    while True:
        finished, status = os.waitpid(child, os.WNOHANG)
        if finished:
            return None if status == 0 else f"exit status {status}"
        if time.time() > deadline:
            os.kill(child, 9)
            os.waitpid(child, 0)
            return f"took longer than {limit} s"
        time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=models_folder())
    parser.add_argument("--list", action="store_true", help="only write models.tsv: name, group and size of each")
    parser.add_argument("names", nargs="*", metavar="NAME|@GROUP")
    arguments = parser.parse_args()
    prepare_torch()
    from zoo import MODELS, select

    index = "".join(f"{name}\t{entry.group}\t{entry.size}\n" for name, entry in sorted(MODELS.items()))
    if arguments.list:
        INDEX.write_text(index)
        return 0
    if INDEX.read_text() != index:
        raise SystemExit(f"{INDEX.name} is not what zoo/ has: write it with --list")
    failed = False
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in select(arguments.names):
        definition = MODELS[name]
        with open(arguments.out / f".{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another clone may be making it
            if (arguments.out / f"{name}.json").exists():
                continue
            reason = make_in_child(name, definition, arguments.out, 900 if definition.size == "big" else 300)
        print(f"{'made' if reason is None else 'FAILED'} {name}{'' if reason is None else ': ' + reason}", flush=True)
        failed = failed or reason is not None
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
