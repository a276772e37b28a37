"""Scaled dot-product attention."""

from cases import D, boolean, call, f16, f32

N, T, S = D("n", 2, 3), D("t", 4, 6), D("s", 5, 7)
SDPA = "aten::scaled_dot_product_attention"
Q, K = f32(N, 4, T, 8), f32(N, 4, S, 8)

CASES = [
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
]
