"""Writes dtypes.safetensors: element codes of the small float formats and their values, by ml_dtypes and numpy.

    $(tools/setup --print python) tests/data/dtypes/make_dtypes.py

For a format NAME: `NAME.codes` (uint8 or uint16) and `NAME.values` (float64).
"""

from pathlib import Path

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file

EIGHT_BIT = ["float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu", "float4_e2m1fn"]


def every(bits):
    """All codes of a format of `bits` bits, one in each byte or pair of bytes."""
    return np.arange(1 << bits, dtype=np.uint8 if bits <= 8 else np.uint16)


def sixteen_bit_codes():
    """Every 61st code, and all near zero, one, infinity and the sign."""
    near = [base + offset for base in (0, 0x0400, 0x3C00, 0x3F80, 0x7C00, 0x7F80, 0x8000, 0xFC00, 0xFF80) for offset in range(-4, 5)]
    return np.array(sorted({code % 65536 for code in [*range(0, 65536, 61), *near]}), dtype=np.uint16)


def main():
    tensors = {}
    for name in EIGHT_BIT:
        codes = every(4 if name.startswith("float4") else 8)
        tensors[f"{name}.codes"] = codes
        tensors[f"{name}.values"] = codes.view(getattr(ml_dtypes, name)).astype(np.float64)
    for name, dtype in (("float16", np.float16), ("bfloat16", ml_dtypes.bfloat16)):
        codes = sixteen_bit_codes()
        tensors[f"{name}.codes"] = codes
        with np.errstate(invalid="ignore"):  # signalling NaNs become quiet ones
            tensors[f"{name}.values"] = codes.view(dtype).astype(np.float64)
    save_file(tensors, Path(__file__).with_name("dtypes.safetensors"))


if __name__ == "__main__":
    main()
