#!/usr/bin/env python3
"""Writes the table of ATen overloads that the sweep meets (overloads.tsv; README.md says what the columns mean).

    $(tools/setup --print torch-python) tests/opsweep/tabulate_overloads.py --peer PEER.json [--models DIR] -o overloads.tsv

PEER.json is what run_cases.py --peer --json wrote of the selection `static`; DIR has the NAME.json files of tests/models.
Programs are decomposed to see what is in them then, which takes a quarter of an hour.
"""

import argparse
import collections
import json
import os
import sys
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch  # noqa: E402
import torch.ao.quantization.fx._decomposed  # defines operators  # noqa: E402
from torch.onnx._internal.exporter import _registration  # noqa: E402

from cases import read_cases  # noqa: E402
from program import call_targets  # noqa: E402

COLUMNS = "overload core composite models dev decomposed dynamic peer peer_passed peer_alone torchlib".split()
RIGHT = ("ok", "ok_reference")

# They say nothing about what a program is there to test.
BESIDE_THE_POINT = {
    "aten._assert_tensor_metadata.default",
    "aten.clone.default",
    "aten.detach.default",
    "aten.detach_.default",
    "aten.lift_fresh_copy.default",
}


def of_namespace_aten():
    """(Core ATen, those with a CompositeImplicitAutograd kernel)"""
    core, composite = set(), set()
    for full_name in torch._C._dispatch_get_all_op_names():
        namespace, _, rest = full_name.partition("::")
        name, _, overload = rest.partition(".")
        target = getattr(getattr(torch.ops.aten, name, None), overload or "default", None) if namespace == "aten" else None
        if target is None:
            continue
        if torch.Tag.core in target.tags:
            core.add(str(target))
        if torch._C._dispatch_has_kernel_for_dispatch_key(target.name(), "CompositeImplicitAutograd"):
            composite.add(str(target))
    return core, composite


def count(cases):
    return collections.Counter(overload for case in cases for overload in case["overloads"])


def count_decomposed(cases):
    """The same after decomposition; programs of the same overloads are decomposed once."""
    known, total = {}, collections.Counter()
    for case in cases:
        key = tuple(case["overloads"])
        if key not in known:
            try:
                known[key] = call_targets(torch.export.load(f"{case['folder']}/{case['file']}").run_decompositions())[0]
            except Exception as error:  # decompositions raise many types
                print(f"{case['id']}: {type(error).__name__}", file=sys.stderr)
                known[key] = []
        total.update(known[key])
    return total


def count_models(folder):
    """In how many of tests/models an overload occurs."""
    files = [path for path in sorted(folder.glob("*.json")) if not path.name.endswith(".fail.json")] if folder else []
    return collections.Counter(overload for path in files for overload in json.loads(path.read_text())["ops"])


def the_point_of(case):
    """The only overload that matters in the program, or None."""
    overloads = set(case["overloads"]) | set(case.get("other", ()))
    telling = overloads - BESIDE_THE_POINT or overloads
    return telling.pop() if len(telling) == 1 else None


def passed_by_peer(cases, path):
    """(overload → [right, all], the same for programs with no other overload that matters)"""
    verdicts = {case["id"]: case["verdict"] for case in json.loads(path.read_text())["cases"]}
    among_others, alone = (collections.defaultdict(lambda: [0, 0]) for _ in range(2))
    for case in cases:
        if case["id"] not in verdicts:
            continue
        counters = [among_others[overload] for overload in case["overloads"]]
        if the_point_of(case):
            counters.append(alone[the_point_of(case)])
        for counter in counters:
            counter[0] += verdicts[case["id"]] in RIGHT
            counter[1] += 1
    return among_others, alone


def registered_in_torchlib():
    """As PyTorch prints overloads: the registry leaves `.default` out, and has functions of Python besides."""
    names = (name for name in _registration.ONNXRegistry.from_torchlib().functions if isinstance(name, str))
    dotted = {name.replace("::", ".") for name in names}
    return {name if name.count(".") == 2 else f"{name}.default" for name in dotted}


def yes(condition):
    return "y" if condition else "n"


def verdict_of(right, total):
    return "-" if not total else "partly" if 0 < right < total else yes(right)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, required=True)
    parser.add_argument("--models", type=Path, help="folder of tests/models")
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")

    static = read_cases("static")
    core, composite = of_namespace_aten()
    models, dev, decomposed, dynamic = (
        count_models(arguments.models), count(static), count_decomposed(static), count(read_cases("dynamic"))
    )  # fmt: skip
    among_others, alone = passed_by_peer(static, arguments.peer)
    torchlib = registered_in_torchlib()
    names = core | dev.keys() | decomposed.keys() | dynamic.keys() | {name for name in models if name.startswith("aten.")}
    rows = ["\t".join(COLUMNS)]
    for name in sorted(names):
        scores = [among_others.get(name, (0, 0)), alone.get(name, (0, 0))]
        peer = verdict_of(*(scores[1] if scores[1][1] else scores[0]))
        shown = [f"{right}/{total}" if total else "-" for right, total in scores]
        counted = [table[name] for table in (models, dev, decomposed, dynamic)]
        cells = [name, yes(name in core), yes(name in composite), *counted, peer, *shown, yes(name in torchlib)]
        rows.append("\t".join(map(str, cells)))
    arguments.output.write_text("\n".join(rows) + "\n")
    print(f"{len(names)} overloads, {len(core)} of them core")


if __name__ == "__main__":
    sys.exit(main())
