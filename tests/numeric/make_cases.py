#!/usr/bin/env python3
"""Exports the cases with torch.export and computes what eager PyTorch answers; into the cache, once.

    $(tools/setup --print torch-python) tests/numeric/make_cases.py [FAMILY …]

Writes NUMBER.pt2, NUMBER.io.safetensors and NUMBER.json for each case (tests/models/README.md says what is in them) and, at the end,
index.json with the cases' names. What is there already stays.
"""

import argparse
import fcntl
import importlib
import json
import logging
import os
import sys
import tempfile
import warnings
import zipfile
from multiprocessing import get_context
from pathlib import Path

from cache import FAMILIES, RECORDING, family_folder

sys.path.insert(0, str(RECORDING))
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")

import torch  # noqa: E402
import torch.utils._pytree as pytree  # noqa: E402
from cases import D, Sample  # noqa: E402
from recording import Recording, summary  # noqa: E402
from safetensors.torch import save_file  # noqa: E402


class Call(torch.nn.Module):
    """A case as a module: its samples become inputs, or buffers where they are weights."""

    def __init__(self, case):
        super().__init__()
        self.function = case.function
        self.leaves, self.spec = pytree.tree_flatten((case.args, case.kwargs))
        generator = case.generator("weights")
        for number, leaf in enumerate(self.leaves):
            if isinstance(leaf, Sample) and leaf.is_weight:
                self.register_buffer(f"w{number}", leaf.make("a", generator))

    def forward(self, *tensors):
        inputs = iter(tensors)

        def filled(number, leaf):
            if not isinstance(leaf, Sample):
                return leaf
            return getattr(self, f"w{number}") if leaf.is_weight else next(inputs)

        args, kwargs = pytree.tree_unflatten([filled(*pair) for pair in enumerate(self.leaves)], self.spec)
        return self.function(*args, **kwargs)


def export(case, inputs):
    sizes = {name: torch.export.Dim(name, min=d.least, max=d.most) for name, d in case.sizes().items()}
    dims = tuple({i: sizes[d.name] for i, d in enumerate(s.dims) if isinstance(d, D)} for s in case.inputs())
    with torch.no_grad():
        return torch.export.export(Call(case).eval(), inputs, dynamic_shapes=(dims,) if sizes else None, strict=False)


def rename_target(archive, target, wanted):
    """Writes the archive anew with another name for one of the operators that its graph calls."""
    with zipfile.ZipFile(archive) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    (model,) = (name for name in entries if name.endswith("models/model.json"))
    text = entries[model].decode()
    if f'"{target}"' not in text:
        raise ValueError(f"nothing calls {target}")
    entries[model] = text.replace(f'"{target}"', f'"{wanted}"').encode()
    with zipfile.ZipFile(archive, "w") as new:
        for name, data in entries.items():
            new.writestr(name, data)


def make(case, path):
    """Writes the three files of a case under `path` plus a suffix."""
    generators = {tag: case.generator(tag) for tag in ("a", "b")}
    inputs = {tag: tuple(sample.make(tag, generators[tag]) for sample in case.inputs()) for tag in ("a", "b")}
    exported = export(case.exported_as[0] if case.exported_as else case, inputs["a"])
    recording = Recording()
    for tag in ("a", "b") if case.sizes() else ("a",):
        recording.record(tag, Call(case).eval(), exported, (inputs[tag], {}))
    torch.export.save(exported, f"{path}.pt2")
    if case.exported_as:
        rename_target(f"{path}.pt2", *case.exported_as[1:])
    save_file(recording.tensors, f"{path}.io.safetensors")
    description = {"name": case.name, "shapes_only": case.shapes_only, "moments": case.moments, **summary(exported, recording)}
    Path(f"{path}.json").write_text(json.dumps(description, default=str))


def cases_of(family):
    """In the file's order. Calls of the same text are the same case; programs must have names of their own."""
    unique = {}
    for case in importlib.import_module(f"cases_{family}").CASES:
        known = unique.setdefault(case.name, case)
        if known.function is not case.function:
            raise SystemExit(f"cases_{family}.py: two programs are named {case.name}")
    return list(unique.values())


def make_some(family, folder, numbers):
    """In a worker: the cases of these numbers. Answers those that PyTorch did not take, with the reason."""
    warnings.filterwarnings("ignore")
    all_cases = cases_of(family)
    failures = []
    for number in numbers:
        try:
            make(all_cases[number], f"{folder}/{number:04}")
        except Exception as error:  # torch.export raises many types
            failures.append(f"{family}: {all_cases[number].name}: {type(error).__name__}: {' '.join(str(error).split())[:300]}")
    return failures


def make_family(family, workers, jobs):
    """Into a folder of another name first, so that what has the right name is whole."""
    folder = family_folder(family)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / f".numeric-{family}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another clone may be making it
        if folder.exists():
            return []
        names = [case.name for case in cases_of(family)]
        work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".numeric-{family}."))
        parts = [(family, work, range(first, len(names), jobs)) for first in range(jobs)]
        failures = [failure for part in workers.starmap(make_some, parts, chunksize=1) for failure in part]
        if not failures:
            (work / "index.json").write_text(json.dumps(names))
            work.chmod(0o755)
            work.rename(folder)
            print(f"made {family}: {len(names)} cases", flush=True)
        return failures


def warm_up():
    """What torch.export imports when it is first called is imported before workers are forked."""
    torch.export.export(torch.nn.ReLU(), (torch.zeros(2),), strict=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch._logging.set_logs(all=logging.CRITICAL)
    warm_up()
    with get_context("fork").Pool(arguments.jobs) as workers:
        failures = [f for family in arguments.families or FAMILIES for f in make_family(family, workers, arguments.jobs)]
    for failure in failures:
        print(f"FAILED {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
