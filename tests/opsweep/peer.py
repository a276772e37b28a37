#!/usr/bin/env python3
"""torch.onnx.export as a batch tool that answers as `fairlead export --batch` does, to be measured by the same cases.

    $(tools/setup --print torch-python) tests/opsweep/peer.py --batch LIST [-j N] [--opset N]

Prints a line of JSON for each line IN<tab>OUT of the list, in its order. Tables that do not depend on the program are built
once instead of once per program, and a function of PyTorch that is called thousands of times per program is replaced by a
quicker one: that changes the time, not the result. --plain leaves PyTorch as it is.
"""

import argparse
import functools
import json
import logging
import os
import sys
import warnings
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch  # noqa: E402
import torch.ao.quantization.fx._decomposed  # defines operators  # noqa: E402
import torch.onnx  # noqa: E402
from torch import _ops  # noqa: E402
from torch._export import utils  # noqa: E402
from torch.export import decomp_utils, exported_program  # noqa: E402
from torch.onnx._internal.exporter import _registration  # noqa: E402


def quicken():
    registry = _registration.ONNXRegistry
    registry.from_torchlib = staticmethod(functools.cache(registry.from_torchlib))
    collect = functools.cache(utils._collect_all_valid_cia_ops)
    for module in (utils, decomp_utils, exported_program):
        module._collect_all_valid_cia_ops = lambda: set(collect())
    exported_program.autograd_not_implemented = functools.cache(exported_program.autograd_not_implemented)
    general = _ops.OperatorBase.py_impl

    def py_impl(self, key):
        # The original evaluates type annotations at every call.
        if type(key) is not _ops.DispatchKey or key == _ops.DispatchKey.Python or key in self.py_kernels:
            return general(self, key)

        def register(function):
            self.py_kernels[key] = function
            self._dispatch_cache.clear()
            return function

        return register

    _ops.OperatorBase.py_impl = py_impl


def reason(error):
    """The kinds of a chain of exceptions, the last cause first, and its text."""
    kinds = [type(error).__name__]
    while error.__cause__ is not None:
        error = error.__cause__
        kinds.insert(0, type(error).__name__)
    return f"{' > '.join(kinds)}: {' '.join(str(error).split())}"[:400]


def export(pair, opset):
    """The line of JSON about one program."""
    source, target = pair
    failure = None
    try:
        program = torch.export.load(source)
        torch.onnx.export(program, dynamo=True, verbose=False, opset_version=opset).save(target, external_data=False)
    except Exception as error:  # the exporter raises many types
        failure = reason(error)
    return json.dumps({"input": source, "output": target, "exit_code": 0 if failure is None else 1, "first_error": failure})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=Path, required=True)
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("--opset", type=int)
    parser.add_argument("--plain", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever the exporter prints goes to standard error
    if not arguments.plain:
        quicken()
    pairs = [line.split("\t") for line in arguments.batch.read_text().splitlines()]
    do = functools.partial(export, opset=arguments.opset)
    if arguments.jobs == 1:
        for pair in pairs:
            print(do(pair), file=answers, flush=True)
        return
    with get_context("fork").Pool(arguments.jobs) as workers:
        for line in workers.imap(do, pairs):
            print(line, file=answers, flush=True)


if __name__ == "__main__":
    sys.exit(main())
