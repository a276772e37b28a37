"""Normalisation over batches, layers, groups, instances."""

import torch
from cases import D, bf16, call, f16, f32, program, weight

N, L = D("n", 3, 5), D("l", 4, 6)


def w(*dims):
    return weight(f32(*dims).within(0.5, 1.5))


def v(*dims):
    return weight(f32(*dims))


# Results are left out where PyTorch's shape function and its kernel say different types.
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
    *(
        program(
            f"_native_batch_norm_legit_functional of float16, training={training}",
            lambda x, w, m, s, training=training: torch.ops.aten._native_batch_norm_legit_functional(x, w, None, m, s, training, 0.1, 1e-5)[:3],
            f16(2, 4, 5), f16(4), f16(4), f16(4).within(0.5, 1.5),
        )
        for training in (True, False)
    ),
    program(
        "_batch_norm_with_update_functional of float16",
        lambda x, w, m, s: torch.ops.aten._batch_norm_with_update_functional(x, w, w, m, s, 0.1, 1e-5)[:4],
        f16(2, 4, 5), f16(4), f16(4), f16(4).within(0.5, 1.5),
    ),
    call("aten::_native_batch_norm_legit.no_stats", f16(2, 4, 5), None, None, True, 0.1, 1e-5),
    program(
        "_native_batch_norm_legit_no_training of bfloat16",
        lambda x, m, s: torch.ops.aten._native_batch_norm_legit_no_training(x, None, None, m, s, 0.1, 1e-5)[0],
        bf16(2, 4), v(4), w(4),
    ),
    program(
        "native_batch_norm of float16",
        lambda x, m, s: torch.ops.aten.native_batch_norm(x, None, None, m, s, False, 0.1, 1e-5)[0],
        f16(2, 4), v(4), w(4),
    ),
    call("aten::native_batch_norm", f32(N, 4, 5), w(4), v(4), v(4), w(4), False, 0.1, 1e-5),
    call("aten::native_batch_norm", f32(N, 4, 5), w(4), v(4), None, None, True, 0.1, 1e-5),
    call("aten::native_batch_norm", f32(N, 4, 5), w(4), v(4), f32(4), f32(4).within(0.5, 1.5), True, 0.1, 1e-5),
    call("aten::_batch_norm_with_update_functional", f32(N, 4, 5), w(4), v(4), v(4), w(4), 0.1, 1e-5),
    call("aten::_batch_norm_no_update", f32(N, 4, 5), w(4), v(4), v(4), w(4), 0.1, 1e-5),
    call("aten::batch_norm", f32(0), None, None, f32(0), f32(0), False, 0.1, 1e-5, True),
    call("aten::batch_norm", f32(0, 4), w(4), v(4), v(4), w(4), False, 0.1, 1e-5, True),
]  # fmt: skip
LAYER = [
    call("aten::layer_norm", f32(N, 4), [4], w(4), v(4)),
    call("aten::layer_norm", f32(N, L, 4), [4], w(4), None, 1e-3),
    call("aten::layer_norm", f32(2, 3, 4), [3, 4], w(3, 4), v(3, 4)),
    call("aten::layer_norm", f32(N, 4), [4]),
    call("aten::layer_norm", f32(2, 4), [4], None, v(4)),
    call("aten::layer_norm", f16(2, 4), [4], f16(4), f16(4)),
    call("aten::layer_norm", bf16(2, 4), [4], bf16(4), bf16(4)),
    call("aten::layer_norm", f32(4), [4], w(4), v(4)),
    call("aten::layer_norm", bf16(2, 4), [4], f32(4), f32(4)),
    call("aten::layer_norm", f32(N, 0, 4), [4], w(4), v(4)),
    program("layer_norm over a symbolic size", lambda x: torch.layer_norm(x, [x.shape[1]]), f32(N, L)),
    program("rms_norm over a symbolic size", lambda x: torch.rms_norm(x, [x.shape[1]]), f32(N, L)),
    call("aten::rms_norm", bf16(2, 4), [4], f32(4), 1e-3),
    call("aten::_fused_rms_norm", f32(N, 3, 4), [4], w(4), 1e-3),
    call("aten::_fused_rms_norm", f32(2, 3, 4), [3, 4], None, None),
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
    call("aten::group_norm", f32(0, 4), 2, w(4), v(4)),
    call("aten::group_norm", f32(2, 4, 0), 2, w(4), v(4)),
    call("aten::norm_except_dim", f32(4, 3, 2)),
    call("aten::norm_except_dim", f32(4, 3, 2), 1, 1),
    call("aten::norm_except_dim", f32(4, 3), 2, -1),
    call("aten::_weight_norm_interface", f32(4, 3, 2), f32(4, 1, 1)),
    call("aten::_weight_norm", f32(4, 3, 2), f32(4, 1, 1)),
    call("aten::_weight_norm", f32(4, 3), f32(1, 3), 1),
    call("aten::_weight_norm", f32(4, 3), f32(4, 1), 0),
]

CASES = BATCH + LAYER + GROUP
