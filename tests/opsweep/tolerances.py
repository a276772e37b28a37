"""How far a number may be off.

|got - expected| <= atol * m + rtol * |expected|, where m is the median of the finite |expected| of that output, at least 1:
the error of a sum follows its terms, not its value. NaN stands where NaN is expected. Integers and booleans are equal.
"""

import fnmatch

import numpy as np

# rtol and atol by the least exact floating type among a case's inputs and outputs.
TOLERANCES = {
    "bfloat16": (4e-2, 1e-2),
    "float16": (5e-3, 2e-3),
    "float32": (5e-5, 5e-6),
    "float64": (1e-7, 1e-9),
}
PART_OF_COMPLEX = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}

# Operator, element type, rtol and atol, reason.
EXCEPTIONS = (
    ("stft", "float32", (1e-4, 2e-5), "long sums with cancellation"),
    ("istft", "float32", (1e-4, 2e-5), "long sums with cancellation"),
    ("fft.*", "float32", (1e-4, 2e-5), "long sums with cancellation"),
    ("*conv_transpose*", "float16", (1e-2, 5e-3), "PyTorch sums in half precision"),
    ("*grid_sample*", "float16", (2e-2, 1e-2), "PyTorch rounds the coordinates to half precision"),
    ("linalg.*", "float32", (5e-4, 5e-5), "condition of the matrices"),
)


def tolerance(operator, dtypes):
    """(rtol, atol) for an operator whose tensors have these element types."""
    parts = {PART_OF_COMPLEX.get(dtype, dtype) for dtype in dtypes}
    least_exact = next((dtype for dtype in TOLERANCES if dtype in parts), "float32")
    for pattern, dtype, limits, _ in EXCEPTIONS:
        if dtype == least_exact and fnmatch.fnmatchcase(operator, pattern):
            return limits
    return TOLERANCES[least_exact]


def shares_of_limit(got, expected, rtol, atol):
    """For each number, its error as a share of what is allowed: right up to 1."""
    if expected.dtype.kind in "biu":
        return np.where(got == expected, 0.0, np.inf)
    wide = np.complex128 if np.iscomplexobj(expected) else np.float64
    got, expected = got.astype(wide), expected.astype(wide)
    with np.errstate(all="ignore"):
        sizes = np.abs(expected[np.isfinite(expected)])
        scale = max(1.0, np.median(sizes)) if sizes.size else 1.0
        shares = np.abs(got - expected) / (atol * scale + rtol * np.abs(expected))
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    return np.where(same, 0.0, np.where(np.isnan(shares), np.inf, shares))
