"""Points between two bounds: numbers, 0-d tensors, and one of each."""

import torch
from cases import call, f32, f64, i64, values

DTYPES = (None, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.uint8)
START, END = values(0.5), values(2.25)
WHOLE_START, WHOLE_END = values(1, torch.int64), values(4, torch.int64)

LINEAR = [
    case
    for dtype in DTYPES
    for case in (
        call("aten::linspace", 0.5, 7.25, 6, dtype=dtype),
        call("aten::linspace.Tensor_Tensor", START, END, 5, dtype=dtype),
        call("aten::linspace.Tensor_Scalar", START, 9.75, 4, dtype=dtype),
        call("aten::linspace.Scalar_Tensor", 7, END, 5, dtype=dtype),
        call("aten::linspace.Tensor_Tensor", WHOLE_START, WHOLE_END, 7, dtype=dtype),
    )
] + [
    case
    for steps in (0, 1, 2)
    for case in (
        call("aten::linspace", -3, 3, steps),
        call("aten::linspace.Tensor_Tensor", START, END, steps),
        call("aten::linspace.Tensor_Tensor", WHOLE_START, WHOLE_END, steps, dtype=torch.int64),
    )
] + [
    call("aten::linspace.Tensor_Tensor", f64(), f64(), 9, dtype=torch.float64),
    call("aten::linspace.Tensor_Scalar", i64(), 5, 4),
]
RATIOS = [
    case
    for dtype in DTYPES
    for case in (
        call("aten::logspace", 0, 2, 5, dtype=dtype),
        call("aten::logspace", 0.5, 2.25, 4, 2.0, dtype=dtype),
        call("aten::logspace", 4, 0, 5, 3.5, dtype=dtype),
        call("aten::logspace.Tensor_Tensor", START, END, 5, dtype=dtype),
        call("aten::logspace.Tensor_Scalar", START, 2.0, 4, 2.5, dtype=dtype),
        call("aten::logspace.Scalar_Tensor", 0, WHOLE_END, 5, 3.0, dtype=dtype),
    )
] + [
    case
    for steps in (0, 1, 2)
    for case in (
        call("aten::logspace", -1, 2, steps),
        call("aten::logspace.Tensor_Tensor", START, END, steps, 0.5),
    )
] + [
    call("aten::logspace", -2, 2, 9, 0.0),
    call("aten::logspace", 1, 3, 5, -2.0),
    call("aten::logspace.Tensor_Tensor", f32(), f32(), 5),
]

CASES = LINEAR + RATIOS
