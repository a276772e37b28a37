"""Single bits: and, or, xor, not, shifts; on bools they are logic."""

import torch
from cases import D, boolean, call, i8, i32, i64, u8, values

N = D("n", 3, 5)

PAIRS = [
    case
    for name, dunder in (("bitwise_and", "__and__"), ("bitwise_or", "__or__"), ("bitwise_xor", "__xor__"))
    for tensor in (f"{name}.Tensor", f"{dunder}.Tensor")
    for case in (
        call(f"aten::{tensor}", i64(N, 3), i64(3)),
        call(f"aten::{tensor}", boolean(2, 3), boolean(3)),
        call(f"aten::{tensor}", u8(3), i64(3)),
        call(f"aten::{tensor}", boolean(3), i32(3)),
        call(f"aten::{tensor}", i8(3), u8(3)),
    )
]
NUMBERS = [
    case
    for name, dunder in (("bitwise_and", "__and__"), ("bitwise_or", "__or__"), ("bitwise_xor", "__xor__"))
    for scalar in (f"{name}.Scalar", f"{dunder}.Scalar")
    for case in (
        call(f"aten::{scalar}", i64(N, 3), 6),
        call(f"aten::{scalar}", boolean(3), True),
        call(f"aten::{scalar}", boolean(3), 3),
        call(f"aten::{scalar}", u8(3), 5),
        call(f"aten::{scalar}", i32(3), -2),
    )
]
NUMBER_FIRST = [
    case
    for name in ("bitwise_and", "bitwise_or", "bitwise_xor")
    for case in (call(f"aten::{name}.Scalar_Tensor", 6, i64(3)), call(f"aten::{name}.Scalar_Tensor", True, boolean(3)))
]
SHIFTS = [
    case
    for name, dunder in (("bitwise_left_shift", "__lshift__"), ("bitwise_right_shift", "__rshift__"))
    for case in (
        call(f"aten::{name}.Tensor", i64(N, 3), i64(3).within(0, 5)),
        call(f"aten::{name}.Tensor", u8(3), u8(3).within(0, 3)),
        call(f"aten::{name}.Tensor", i32(3), i64(3).within(0, 5)),
        call(f"aten::{name}.Tensor", values([-1, -8, 1 << 40, -(1 << 40)], torch.int64), values([1, 2, 3, 4], torch.int64)),
        call(f"aten::{name}.Tensor_Scalar", i64(N, 3), 3),
        call(f"aten::{name}.Tensor_Scalar", i32(3), 2),
        call(f"aten::{name}.Tensor_Scalar", u8(3), 1),
        call(f"aten::{name}.Tensor_Scalar", i8(3), 1),
        call(f"aten::{name}.Scalar_Tensor", 100, i64(3).within(0, 5)),
        call(f"aten::{name}.Scalar_Tensor", -100, i64(3).within(0, 5)),
        call(f"aten::{dunder}.Tensor", i64(N, 3), i64(3).within(0, 5)),
        call(f"aten::{dunder}.Tensor", i32(3), i32(3).within(0, 5)),
        call(f"aten::{dunder}.Scalar", i64(N, 3), 3),
        call(f"aten::{dunder}.Scalar", i32(3), 2),
    )
]
NOT = [call("aten::bitwise_not", sample) for sample in (i64(N, 3), i32(3), u8(3), i8(3), boolean(3))]

CASES = PAIRS + NUMBERS + NUMBER_FIRST + SHIFTS + NOT
