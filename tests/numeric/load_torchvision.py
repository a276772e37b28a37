"""Imports torchvision with its operators, beside PyTorch's CPU build as well.

torchvision's compiled part from the package index is linked with CUDA's libraries, which that build lacks, and does not load; its CPU
kernels, which the cases run, need nothing of them. Where that is so, libraries of the same names are loaded before, whose functions
do nothing.
"""

import ctypes
import importlib.util
import subprocess
import tempfile
from pathlib import Path

import torch

LIBRARIES = ("libc10_cuda.so", "libtorch_cuda.so", "libcudart.so.13")


def compiled_part():
    return Path(importlib.util.find_spec("torchvision").origin).parent / "_C_stable.so"


def loads(library):
    try:
        return bool(ctypes.CDLL(str(library)))
    except OSError:
        return False


def wanted_of_cuda(library):
    """(name, version or "") of the undefined symbols that are CUDA's or those of PyTorch's CUDA part."""
    run = subprocess.run(["nm", "-D", "--undefined-only", library], check=True, capture_output=True, text=True)
    symbols = [line.split()[-1].partition("@") for line in run.stdout.splitlines()]
    return [(name, version.lstrip("@")) for name, _, version in symbols if "cuda" in name]


def load_stand_ins(symbols):
    with tempfile.TemporaryDirectory(prefix="fairlead-cuda.") as folder:
        source = Path(folder, "stand_in.c")
        source.write_text("".join(f"void *{name}(void) {{ return 0; }}\n" for name, _ in symbols))
        for library in LIBRARIES:
            versions = Path(folder, f"{library}.map")
            versions.write_text(f"{library} {{ global: *; }};\n")
            script = [f"-Wl,--version-script={versions}"] if any(version == library for _, version in symbols) else []
            command = ["cc", "-w", "-shared", "-fPIC", "-fno-builtin", f"-Wl,-soname,{library}", *script, source, "-o", Path(folder, library)]
            subprocess.run(command, check=True)
            ctypes.CDLL(str(Path(folder, library)), mode=ctypes.RTLD_GLOBAL)


if not torch.backends.cuda.is_built() and not loads(compiled_part()):
    load_stand_ins(wanted_of_cuda(compiled_part()))

import torchvision  # noqa: E402, F401
