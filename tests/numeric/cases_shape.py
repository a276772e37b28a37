"""The same numbers in another shape or order; joining, splitting, repeating."""

import torch
from cases import D, DTYPES, boolean, call, f16, f32, i64, of, program, u8

N, M = D("n", 3, 5), D("m", 4, 6)

VIEWS = [
    case
    for name in ("view", "reshape", "_unsafe_view", "view_copy")
    for function in (getattr(torch.ops.aten, name).default,)
    for case in (
        call(f"aten::{name}", f32(2, 6), [3, 4]),
        call(f"aten::{name}", f32(2, 6), [-1]),
        call(f"aten::{name}", f32(2, 6), [2, -1, 3]),
        call(f"aten::{name}", i64(), [1, 1]),
        call(f"aten::{name}", f32(1, 1), []),
        call(f"aten::{name}", f32(0, 3), [3, 0]),
        call(f"aten::{name}", boolean(4), [2, 2]),
        program(f"{name} keeps a symbolic size", lambda x, f=function: f(x, [x.shape[0], 12]), f32(N, 3, 4)),
        program(f"{name} merges symbolic sizes", lambda x, f=function: f(x, [x.shape[0] * x.shape[1], 4]), f32(N, M, 4)),
        program(f"{name} computes the rest", lambda x, f=function: f(x, [x.shape[0], -1, 2]), f32(N, M, 4)),
    )
] + [
    program("view into a wider dtype is not a reshape", lambda x: x.view(x.shape[0], 2, -1), f16(N, 4)),
    program("view of an empty tensor of symbolic size", lambda x: x.reshape(x.shape[0], 0, 4), f32(N, 0)),
    call("aten::view_as", f32(2, 6), f32(3, 4)),
    program("view_as of a symbolic shape", lambda x, y: torch.ops.aten.view_as(x, y), f32(N, 4), f32(N, 2, 2)),
    call("aten::reshape_as", f32(2, 6), i64(3, 4)),
    program("reshape_as of a symbolic shape", lambda x, y: torch.ops.aten.reshape_as(x.transpose(0, 1), y), f32(4, N), f32(N, 2, 2)),
    call("aten::flatten.using_ints", f32(2, 3, 4)),
    call("aten::flatten.using_ints", f32(N, 3, 4), 1),
    call("aten::flatten.using_ints", f32(N, M, 4), 0, 1),
    call("aten::flatten.using_ints", f32(2, 3, 4), -3, -2),
    call("aten::flatten.using_ints", f32(2, 3, 4), 1, 1),
    call("aten::flatten.using_ints", f32()),
    call("aten::ravel", f32(N, 3)),
    call("aten::ravel", f32()),
    call("aten::unflatten.int", f32(2, 6), 1, [2, 3]),
    call("aten::unflatten.int", f32(N, 6), -1, [-1, 3]),
    program("unflatten of a symbolic axis", lambda x: torch.ops.aten.unflatten.int(x.reshape(-1), 0, [-1, 4]), f32(N, 4)),
    call("aten::squeeze", f32(1, 3, 1)),
    call("aten::squeeze", f32(1, N, 1, 2)),
    call("aten::squeeze", f32()),
    call("aten::squeeze.dim", f32(1, 3, 1), -1),
    call("aten::squeeze.dim", f32(N, 3, 1), 1),
    call("aten::squeeze.dim", f32(), 0),
    call("aten::squeeze.dims", f32(1, 3, 1, 2), [0, -2]),
    call("aten::squeeze.dims", f32(1, 3, 1), [1]),
    call("aten::squeeze.dims", f32(1, 3, 1), []),
    call("aten::unsqueeze", f32(N, 3), 0),
    call("aten::unsqueeze", f32(2, 3), -1),
    call("aten::unsqueeze", f32(), 0),
]
EXPANSIONS = [
    call("aten::expand", f32(1, 3), [4, 3]),
    call("aten::expand", f32(3), [2, 4, -1]),
    call("aten::expand", f32(N, 1), [-1, 4]),
    call("aten::expand", f32(), [2, 2]),
    call("aten::expand", f32(1), [0]),
    program("expand to a symbolic size", lambda x, y: torch.ops.aten.expand(x, [y.shape[0], -1]), f32(1, 3), f32(N, 2)),
    call("aten::broadcast_to", f32(1, 3), [4, 3]),
    call("aten::broadcast_to", i64(3), [2, 4, 3]),
    program("broadcast_to a symbolic size", lambda x, y: torch.ops.aten.broadcast_to(x, [y.shape[0], 3]), f32(3), f32(N, 2)),
    call("aten::expand_as", f32(1, 3), i64(4, 3)),
    call("aten::expand_as", f32(3), f32(N, 3)),
]
ORDERS = [
    call("aten::permute", f32(N, 3, 4), [2, 0, 1]),
    call("aten::permute", f32(2, 3), [-1, -2]),
    call("aten::permute", f32(2, 3), [0, 1]),
    call("aten::permute", f32(), []),
    call("aten::transpose.int", f32(N, 3, 4), 0, -1),
    call("aten::transpose.int", f32(2, 3), 1, 1),
    call("aten::transpose.int", f32(), 0, -1),
    call("aten::swapaxes", f32(2, 3, 4), 0, 2),
    call("aten::swapdims", f32(2, 3, 4), -1, -2),
    call("aten::t", f32(N, 3)),
    call("aten::t", f32(3)),
    call("aten::t", f32()),
    call("aten::mT", f32(2, N, 3)),
    call("aten::mT", f32(2, 3)),
    call("aten::numpy_T", f32(2, 3)),
    call("aten::numpy_T", f32(3)),
    call("aten::movedim.int", f32(2, 3, 4), 0, -1),
    call("aten::movedim.intlist", f32(2, 3, 4, 5), [0, -1], [2, 0]),
    call("aten::moveaxis.int", f32(2, 3, 4), -1, 0),
    call("aten::moveaxis.intlist", f32(2, 3, 4), [1, 2], [0, 1]),
    call("aten::flip", f32(N, 3), [0]),
    call("aten::flip", f32(2, 3, 4), [-1, 0]),
    call("aten::flip", i64(2, 3), []),
    call("aten::flip", boolean(4), [0]),
    call("aten::flip", f32(0, 3), [0]),
    call("aten::flip", f32(), []),
    call("aten::roll", f32(N, 3), [1], [0]),
    call("aten::roll", f32(N, 3), [-2], [0]),
    call("aten::roll", f32(2, 3), [4, -1], [0, 1]),
    call("aten::roll", f32(2, 3), [2]),
    call("aten::roll", f32(N, 3), [2]),
    call("aten::roll", f32(2, 3), [0], [1]),
    call("aten::roll", f32(0, 3), [1], [0]),
    call("aten::roll", i64(5), [7], [0]),
    call("aten::roll", f32(5), [1, 2], [0, 0]),
]
JOINS = [
    case
    for name in ("cat", "concat", "concatenate")
    for case in (
        call(f"aten::{name}", [f32(2, 3), f32(1, 3)]),
        call(f"aten::{name}", [f32(N, 3), f32(N, 2)], -1),
        call(f"aten::{name}", [f32(2, 3), i64(2, 3), f16(2, 3)], 1),
        call(f"aten::{name}", [i64(2), i64(0), i64(3)]),
        call(f"aten::{name}", [f32(2, 3)], 1),
        call(f"aten::{name}", [f32(0), f32(2, 3)], 1),
        call(f"aten::{name}", [u8(2), boolean(3)]),
        call(f"aten::{name}", [f32(0), f32(0)]),
    )
] + [
    call("aten::stack", [f32(2, 3), f32(2, 3)]),
    call("aten::stack", [f32(N, 3), f32(N, 3)], -1),
    call("aten::stack", [f32(2), i64(2)], 1),
    call("aten::stack", [f32(), f32()]),
    call("aten::stack", [f32(2)]),
]
SPLITS = [
    call("aten::split_with_sizes", f32(6, 2), [1, 2, 3]),
    call("aten::split_with_sizes", f32(N, 6), [4, 0, 2], -1),
    call("aten::split_with_sizes", f32(6), [6]),
    call("aten::split.sizes", f32(N, 6), [4, 2], 1),
    program("split into symbolic sizes", lambda x: torch.ops.aten.split_with_sizes(torch.cat([x, x]), [x.shape[0]] * 2), f32(N, 2)),
    call("aten::split.Tensor", f32(7, 2), 3),
    call("aten::split.Tensor", f32(N, 6), 2, -1),
    call("aten::split.Tensor", f32(2, 6), 9, 1),
    call("aten::split.Tensor", f32(0, 6), 2),
    call("aten::chunk", f32(7, 2), 3),
    call("aten::chunk", f32(5, 2), 4),
    call("aten::chunk", f32(N, 6), 2, 1),
    call("aten::chunk", f32(2, 3), 9, -1),
    call("aten::tensor_split.sections", f32(7, 2), 3),
    call("aten::tensor_split.sections", f32(N, 2), 3, 1),
    call("aten::tensor_split.indices", f32(7, 2), [1, 4]),
    call("aten::tensor_split.indices", f32(7, 2), [5, 2, 9]),
    call("aten::tensor_split.indices", f32(N, 7), [-2], -1),
    call("aten::unbind.int", f32(3, N)),
    call("aten::unbind.int", f32(2, 3), -1),
    call("aten::unbind.int", f32(1, 3)),
]
REPETITIONS = [
    call("aten::repeat", f32(2, 3), [2, 2]),
    call("aten::repeat", f32(N, 3), [2, 1, 3]),
    call("aten::repeat", f32(3), [0]),
    call("aten::repeat", f32(), []),
    call("aten::repeat", f32(), [3]),
    call("aten::repeat", f16(2), [2]),
    call("aten::repeat", boolean(2), [2]),
    program("repeat a symbolic number of times", lambda x, y: torch.ops.aten.repeat(x, [y.shape[0], 1]), f32(2, 3), f32(N)),
    call("aten::tile", f32(2, 3), [2]),
    call("aten::tile", f32(N, 3), [2, 1, 3]),
    call("aten::tile", f32(2, 3), []),
    call("aten::repeat_interleave.self_int", f32(2, 3), 2, 0),
    call("aten::repeat_interleave.self_int", f32(N, 3), 3, -1),
    call("aten::repeat_interleave.self_int", f32(N, 3), 2, 0),
    call("aten::repeat_interleave.self_int", f32(2, 3), 2),
    call("aten::repeat_interleave.self_int", i64(2), 0),
    call("aten::repeat_interleave.self_int", f32(), 3),
]
TYPES = [
    case
    for dtype in DTYPES
    for case in (
        call("aten::view", of(dtype, 2, 3), [3, 2], note="of every type"),
        call("aten::expand", of(dtype, 1, 2), [3, 2]),
        call("aten::permute", of(dtype, 2, 3), [1, 0]),
        call("aten::flip", of(dtype, 2, 3), [1]),
        call("aten::roll", of(dtype, 5), [2], [0]),
        call("aten::cat", [of(dtype, 2), of(dtype, 3)]),
        call("aten::stack", [of(dtype, 2), of(dtype, 2)], -1),
        call("aten::split.Tensor", of(dtype, 5), 2, note="of every type"),
        call("aten::unbind.int", of(dtype, 2, 3)),
        call("aten::repeat", of(dtype, 3), [2, 2]),
        call("aten::repeat_interleave.self_int", of(dtype, 3), 2, 0),
        call("aten::squeeze", of(dtype, 1, 3)),
    )
]

CASES = VIEWS + EXPANSIONS + ORDERS + JOINS + SPLITS + REPETITIONS + TYPES
