"""Normalisation over batches, layers, groups, instances."""

import torch
from cases import D, bf16, call, f16, f32, program, weight

N, L = D("n", 3, 5), D("l", 4, 6)


def w(*dims):
    return weight(f32(*dims).within(0.5, 1.5))


def v(*dims):
    return weight(f32(*dims))


BATCH = [
    call("aten::batch_norm", f32(N, 4, 5), w(4), v(4), v(4), w(4), False, 0.1, 1e-5, True),
    call("aten::batch_norm", f32(N, 4, 5, 2), None, None, v(4), w(4), False, 0.1, 1e-3, True),
    call("aten::batch_norm", f32(N, 4), w(4), v(4), v(4), w(4), False, 0.1, 1e-5, True),
    call("aten::batch_norm", f32(2, 4, 3), None, v(4), v(4), w(4), False, 0.1, 1e-5, True),
    call("aten::batch_norm", f16(2, 4, 3), w(4), v(4), v(4), w(4), False, 0.1, 1e-5, True),
    call("aten::batch_norm", f32(2, 4, 3), w(4), v(4), None, None, True, 0.1, 1e-5, True),
    call("aten::_native_batch_norm_legit_no_training", f32(N, 4, 5), w(4), v(4), v(4), w(4), 0.1, 1e-5),
    call("aten::_native_batch_norm_legit_no_training", f32(2, 4), None, None, v(4), w(4), 0.1, 1e-5),
    call("aten::_native_batch_norm_legit.no_stats", f32(N, 4, 5), w(4), v(4), True, 0.1, 1e-5),
    call("aten::_native_batch_norm_legit.no_stats", f32(3, 4), None, None, True, 0.1, 1e-5),
    call("aten::_native_batch_norm_legit_functional", f32(N, 4, 5), w(4), v(4), v(4), w(4), True, 0.1, 1e-5),
    call("aten::_native_batch_norm_legit_functional", f32(2, 4, 5), None, None, v(4), w(4), True, 0.3, 1e-3),
    call("aten::_native_batch_norm_legit_functional", f32(2, 4, 5), w(4), v(4), v(4), w(4), False, 0.1, 1e-5),
]
LAYER = [
    call("aten::layer_norm", f32(N, 4), [4], w(4), v(4)),
    call("aten::layer_norm", f32(N, L, 4), [4], w(4), None, 1e-3),
    call("aten::layer_norm", f32(2, 3, 4), [3, 4], w(3, 4), v(3, 4)),
    call("aten::layer_norm", f32(N, 4), [4]),
    call("aten::layer_norm", f32(2, 4), [4], None, v(4)),
    call("aten::layer_norm", f16(2, 4), [4], f16(4), f16(4)),
    call("aten::layer_norm", bf16(2, 4), [4], bf16(4), bf16(4)),
    call("aten::layer_norm", f32(4), [4], w(4), v(4)),
    call("aten::native_layer_norm", f32(N, 3, 4), [4], w(4), v(4), 1e-5),
    call("aten::native_layer_norm", f32(2, 3, 4), [3, 4], None, None, 1e-3),
    call("aten::native_layer_norm", f32(2, 4), [4], w(4), None, 1e-5),
    call("aten::rms_norm", f32(N, 4), [4], w(4)),
    call("aten::rms_norm", f32(2, 3, 4), [3, 4], w(3, 4), 1e-3),
    call("aten::rms_norm", f32(N, L, 4), [4]),
    call("aten::rms_norm", f32(2, 4), [4], None, 1e-6),
    call("aten::rms_norm", f16(2, 4), [4], f16(4), 1e-3),
    call("aten::rms_norm", f16(2, 4), [4], f16(4)),
    call("aten::rms_norm", bf16(2, 4), [4], bf16(4), 1e-3),
]
GROUP = [
    call("aten::group_norm", f32(N, 4, 5), 2, w(4), v(4)),
    call("aten::group_norm", f32(N, 6), 3, w(6), v(6), 1e-3),
    call("aten::group_norm", f32(2, 4, 3, L), 4, w(4), v(4)),
    call("aten::group_norm", f32(2, 4, 3), 1, None, None),
    call("aten::group_norm", f32(2, 4, 3), 2, w(4), None),
    call("aten::group_norm", f32(2, 4, 3), 2, None, v(4)),
    call("aten::group_norm", f16(2, 4, 3), 2, f16(4), f16(4)),
    program(
        "native_group_norm over a symbolic batch",
        lambda x: torch.ops.aten.native_group_norm(x, None, None, x.shape[0], 4, 5, 2, 1e-5),
        f32(N, 4, 5),
    ),
    call("aten::native_group_norm", f32(2, 4, 3, 2), w(4), v(4), 2, 4, 6, 2, 1e-5),
    call("aten::native_group_norm", f32(2, 6), w(6), None, 2, 6, 1, 3, 1e-3),
    call("aten::instance_norm", f32(N, 4, 5), w(4), v(4), None, None, True, 0.1, 1e-5, True),
    call("aten::instance_norm", f32(2, 4, 3, L), None, None, None, None, True, 0.1, 1e-3, True),
    call("aten::instance_norm", f32(2, 4, 5), w(4), v(4), v(4), w(4), False, 0.1, 1e-5, True),
    call("aten::instance_norm", f16(2, 4, 5), None, None, None, None, True, 0.1, 1e-5, True),
    call("aten::_weight_norm", f32(4, 3, 2), f32(4, 1, 1)),
    call("aten::_weight_norm", f32(4, 3), f32(1, 3), 1),
    call("aten::_weight_norm", f32(4, 3), f32(4, 1), 0),
]

CASES = BATCH + LAYER + GROUP
