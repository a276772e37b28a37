#!/usr/bin/env python3
"""Writes numbers.txt: what numpy and ml_dtypes say about the bits of small floating-point types.

decode TYPE BITS VALUE     the value of a bit pattern, as a float64's repr; for every pattern of at most 8 bits
round  TYPE VALUE BITS     the bits of the nearest number, ties to even
"""
import pathlib
import random

import ml_dtypes
import numpy as np

SMALL = {
    "float8e4m3fn": ml_dtypes.float8_e4m3fn,
    "float8e4m3fnuz": ml_dtypes.float8_e4m3fnuz,
    "float8e5m2": ml_dtypes.float8_e5m2,
    "float8e5m2fnuz": ml_dtypes.float8_e5m2fnuz,
    "float8e8m0": ml_dtypes.float8_e8m0fnu,
    "float4e2m1": ml_dtypes.float4_e2m1fn,
}
LARGE = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "float": np.float32}
UNSIGNED = {1: np.uint8, 2: np.uint16, 4: np.uint32}


def decode(dtype, bits):
    unsigned = UNSIGNED[np.dtype(dtype).itemsize]
    return float(np.array([bits], unsigned).view(dtype)[0])


def bits_of(dtype, value):
    # Via float64 directly: numpy and ml_dtypes round once.
    cast = np.array([value], np.float64).astype(dtype)
    return int(cast.view(UNSIGNED[np.dtype(dtype).itemsize])[0])


def main():
    random.seed(0)
    lines = []
    for name, dtype in SMALL.items():
        count = 16 if name == "float4e2m1" else 256
        lines += [f"decode {name} {bits:#x} {decode(dtype, bits)!r}" for bits in range(count)]
    for name, dtype in LARGE.items():
        top = 1 << (8 * np.dtype(dtype).itemsize)
        edges = [0, 1, 2, top // 2, top // 2 + 1, top // 2 - 1]
        for bits in edges + [random.randrange(top) for _ in range(60)]:
            lines.append(f"decode {name} {bits:#x} {decode(dtype, bits)!r}")
    with np.errstate(over="ignore", invalid="ignore"):
        for name, dtype in {**SMALL, **LARGE}.items():
            for _ in range(80):
                value = random.choice([-1, 1]) * 10 ** random.uniform(-8, 5)
                if name == "float8e8m0":
                    value = abs(value)
                rounded = float(np.array([value], np.float64).astype(dtype)[0])
                if np.isfinite(rounded) and abs(rounded) < float(ml_dtypes.finfo(dtype).max):
                    lines.append(f"round {name} {value!r} {bits_of(dtype, value):#x}")
    pathlib.Path(__file__).with_name("numbers.txt").write_text("\n".join(lines) + "\n")


main()
