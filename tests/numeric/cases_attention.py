"""Scaled dot-product attention, its kernels, and what nn.Transformer calls outside of training."""

import math

import torch
from cases import D, bf16, boolean, call, f16, f32, f64, program, values, weight

N, T, S, H = D("n", 2, 3), D("t", 4, 6), D("s", 5, 7), D("h", 2, 4)
SDPA = "aten::scaled_dot_product_attention"
Q, K = f32(N, 4, T, 8), f32(N, 4, S, 8)

ATTENTION = [
    call(SDPA, Q, K, K),
    call(SDPA, Q, Q, Q, None, 0.0, True),
    call(SDPA, Q, K, K, None, 0.0, True),
    call(SDPA, Q, K, K, f32(T, S)),
    call(SDPA, Q, K, K, f32(N, 1, T, S)),
    call(SDPA, Q, K, K, boolean(N, 4, T, S)),
    call(SDPA, Q, K, K, boolean(1, 1, T, S)),
    call(SDPA, Q, K, f32(N, 4, S, 6)),
    call(SDPA, Q, K, K, scale=0.5),
    call(SDPA, Q, f32(N, 2, S, 8), f32(N, 2, S, 8), enable_gqa=True),
    call(SDPA, Q, f32(N, 1, S, 8), f32(N, 1, S, 8), f32(T, S), enable_gqa=True),
    call(SDPA, Q, f32(N, 2, T, 8), f32(N, 2, T, 8), None, 0.0, True, enable_gqa=True, scale=0.25),
    call(SDPA, f32(2, T, 8), f32(2, S, 8), f32(2, S, 8)),
    call(SDPA, f32(T, 8), f32(S, 8), f32(S, 8), f32(T, S)),
    call(SDPA, f32(2, 3, 2, T, 8), f32(2, 3, 2, S, 8), f32(2, 3, 2, S, 8)),
    call(SDPA, f16(2, 4, 3, 8), f16(2, 4, 5, 8), f16(2, 4, 5, 8)),
    call(SDPA, f16(2, 4, 3, 8), f16(2, 4, 5, 8), f16(2, 4, 5, 8), boolean(3, 5)),
    call(SDPA, f32(2, 4, 3, 8), f32(1, 4, 5, 8), f32(2, 1, 5, 8)),
    call(SDPA, f32(N, H, T, 8), f32(N, H, S, 8), f32(N, H, S, 6), boolean(H, T, S), enable_gqa=True),
    call(SDPA, f32(4, T, 8), f32(2, S, 8), f32(2, S, 8), enable_gqa=True),
    call(SDPA, Q, K, K, boolean(N, 1, 1, S)),
    call(SDPA, Q, K, K, boolean(1, S)),
    call(SDPA, Q, K, K, f32(T, 1)),
    call(SDPA, Q, K, K, f32(4, 1, S)),
    call(SDPA, f32(2, 2, 2, 8), f32(2, 2, 3, 8), f32(2, 2, 3, 8), values([[False] * 3, [True, False, True]], torch.bool)),
    call(SDPA, f32(2, 2, 2, 8), f32(2, 2, 3, 8), f32(2, 2, 3, 8), values([[-math.inf] * 3, [0.0, -math.inf, 1.0]])),
    call(SDPA, f32(2, 2, 8), f32(2, 3, 8), f32(2, 3, 8), values([[False] * 3, [True, False, True]], torch.bool)),
    call(SDPA, f64(2, 4, 3, 8), f64(2, 4, 5, 8), f64(2, 4, 5, 8)),
    call(SDPA, bf16(2, 4, 3, 8), bf16(2, 4, 5, 8), bf16(2, 4, 5, 8), None, 0.0, True),
    call(SDPA, f16(2, 4, 3, 8).within(-60, 60), f16(2, 4, 5, 8).within(-60, 60), f16(2, 4, 5, 8), f16(3, 5)),
    call(SDPA, f32(4, 3, 8), f32(4, 4, 6, 8), f32(4, 4, 6, 8)),
    call(SDPA, f32(2, 3, 2, T, 8), f32(2, 3, 2, S, 8), f32(2, 3, 2, S, 8), boolean(3, 1, T, S)),
    call(SDPA, f32(2, 4, 3, 8), f32(2, 4, 5, 8), f32(2, 4, 5, 8), scale=-0.5),
]

FLASH, MATH = "aten::_scaled_dot_product_flash_attention_for_cpu", "aten::_scaled_dot_product_attention_math"
KERNELS = [
    call(FLASH, Q, K, K),
    call(FLASH, f32(2, 4, 3, 8), f32(2, 4, 5, 8), f32(2, 4, 5, 8), 0.0, True, scale=0.5),
    call(FLASH, f32(2, 4, 3, 8), f32(2, 4, 5, 8), f32(2, 4, 5, 8), attn_mask=f32(3, 5)),
    call(FLASH, f16(2, 4, 3, 8), f16(2, 4, 5, 8), f16(2, 4, 5, 8)),
    call(MATH, Q, K, K),
    call(MATH, f32(2, 4, 3, 8), f32(2, 2, 5, 8), f32(2, 2, 5, 8), boolean(3, 5), enable_gqa=True),
    call(MATH, f16(2, 4, 3, 8), f16(2, 4, 5, 8), f16(2, 4, 5, 8), None, 0.0, True),
]


def w(*dims):
    return weight(f32(*dims).within(-0.5, 0.5))


X, PROJECTIONS = f32(N, 5, 8), (8, 2, w(24, 8), w(24), w(8, 8), w(8))
MHA, ENCODER = "aten::_native_multi_head_attention", "aten::_transformer_encoder_layer_fwd"
NORMS, FFN = (w(8), w(8), w(8), w(8)), (w(16, 8), w(16), w(8, 16), w(8))
KEYS = values([[False, True, False, False, True], [False, False, False, True, False]], torch.bool)
PAIRS = values([[row < column for column in range(5)] for row in range(5)], torch.bool)


def itself(name, *rest):
    """Attention of a tensor to itself."""
    return program(name, lambda x, *given: torch.ops.aten._native_multi_head_attention(x, x, x, 8, 2, *given, *rest), X, *PROJECTIONS[2:])


TRANSFORMERS = [
    itself("multi-head attention to itself"),
    itself("multi-head attention with the weights of each head", None, True, False),
    program(
        "multi-head attention without weights",
        lambda x, *given: torch.ops.aten._native_multi_head_attention(x, x, x, 8, 2, *given, None, False)[0], X, *PROJECTIONS[2:],
    ),
    call(MHA, f32(2, 5, 8), f32(2, 5, 8), f32(2, 5, 8), *PROJECTIONS),
    call(MHA, f32(2, 5, 8), f32(2, 5, 8), f32(2, 5, 8), *PROJECTIONS, KEYS, mask_type=1),
    call(MHA, f32(2, 5, 8), f32(2, 5, 8), f32(2, 5, 8), *PROJECTIONS, PAIRS, mask_type=0),
    call(ENCODER, X, *PROJECTIONS, False, False, 1e-5, *NORMS, *FFN),
    call(ENCODER, X, *PROJECTIONS, True, True, 1e-5, *NORMS, *FFN),
    call(ENCODER, f32(2, 5, 8), *PROJECTIONS, False, False, 1e-5, *NORMS, *FFN, KEYS, 1),
    call(ENCODER, f32(2, 5, 8), *PROJECTIONS, True, False, 1e-3, *NORMS, *FFN, PAIRS, 0),
]  # fmt: skip

CASES = ATTENTION + KERNELS + TRANSFORMERS
