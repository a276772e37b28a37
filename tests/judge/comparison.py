"""Whether a value is the expected one: dtype, shape, NaN, infinity and numbers."""

import ml_dtypes
import numpy as np

# |got - expected| <= rtol |expected| + atol max|expected|
TOLERANCES = {
    np.dtype(np.float16): (1e-2, 5e-3),
    np.dtype(ml_dtypes.bfloat16): (5e-2, 3e-2),
    np.dtype(ml_dtypes.float8_e4m3fn): (0.125, 0),
    np.dtype(ml_dtypes.float8_e4m3fnuz): (0.125, 0),
    np.dtype(ml_dtypes.float8_e5m2): (0.25, 0),
    np.dtype(ml_dtypes.float8_e5m2fnuz): (0.25, 0),
}
DEFAULT_TOLERANCE = (1e-3, 1e-4)


def _is_exact(dtype):
    return dtype.kind in "biu"


def difference(got, expected):
    """None when `got` is `expected` within the tolerance of its type, else what is wrong in a few words."""
    if got.dtype != expected.dtype:
        return f"is {got.dtype}, expected {expected.dtype}"
    if got.shape != expected.shape:
        return f"has shape {list(got.shape)}, expected {list(expected.shape)}"
    if _is_exact(expected.dtype):
        return _worst(got != expected, got, expected, "")
    rtol, atol = TOLERANCES.get(expected.dtype, DEFAULT_TOLERANCE)
    if expected.dtype.kind == "c":
        parts = (difference(part(got), part(expected)) for part in (np.real, np.imag))
        return next((wrong for wrong in parts if wrong is not None), None)
    got, expected = got.astype(np.float64), expected.astype(np.float64)
    finite = np.isfinite(expected)
    with np.errstate(invalid="ignore"):
        special = np.where(finite, ~np.isfinite(got), ~((got == expected) | (np.isnan(got) & np.isnan(expected))))
    if special.any():
        return _worst(special, got, expected, " in NaN or infinity")
    scale = np.abs(expected[finite]).max(initial=0.0)
    error = np.abs(np.where(finite, got - np.where(finite, expected, 0), 0))
    limit = rtol * np.abs(np.where(finite, expected, 0)) + atol * scale
    return _worst(error > limit, got, expected, f" beyond {rtol:g} relative, {atol:g} of {scale:.4g}", error - limit)


def _worst(wrong, got, expected, how, excess=None):
    """The sentence for the elements where `wrong`; names the one with the largest excess, or the first."""
    if not wrong.any():
        return None
    flat = np.argmax(np.where(wrong, excess, -np.inf)) if excess is not None else np.argmax(wrong)
    place = tuple(int(i) for i in np.unravel_index(flat, wrong.shape))
    return f"{int(wrong.sum())} of {wrong.size} differ{how}: {list(place)} is {got[place]}, expected {expected[place]}"
