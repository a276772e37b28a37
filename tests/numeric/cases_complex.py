"""Complex numbers: as pairs at the edges of a program, as parts inside of it."""

import torch
from cases import D, boolean, f16, f32, f64, i64, program, values, weight

N, R = D("n", 3, 5), D("r", 3, 5, 2, 8)
INF, NAN = float("inf"), float("nan")
Z, PAIRS = f32(N, 4, 2), f32(3, 4, 2)
AWKWARD = values([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 2.0], [0.0, -2.0], [3.0, -4.0], [-3.0, 4.0], [1e-20, 1e-20], [1e20, -1e20]])


def of(*numbers):
    return [torch.view_as_complex(x) for x in numbers]


def gives(function):
    """From pairs to pairs, or to what `function` gives when it is real."""

    def forward(*tensors):
        numbers = [torch.view_as_complex(x) if x.is_floating_point() and x.dim() and x.shape[-1] == 2 else x for x in tensors]
        result = function(*numbers)
        return torch.view_as_real(result.resolve_conj()) if result.is_complex() else result

    return forward


def unary(name, sample=Z):
    return program(name if sample is Z else f"{name} of {sample}", gives(getattr(torch, name)), sample)


ROTARY = weight(f32(8, 4))


def rotary(x, angles):
    """Rotary embeddings, written with complex numbers."""
    freqs = torch.polar(torch.ones_like(angles), angles)[: x.shape[1]]
    z = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
    return torch.view_as_real(z * freqs.view(1, z.shape[1], 1, z.shape[-1])).flatten(3).type_as(x)


CASES = [
    program("rotary embeddings", rotary, f32(2, R, 2, 8), ROTARY),
    program("rotary embeddings in half precision", rotary, f16(2, R, 2, 8), ROTARY),
    program("of parts", gives(lambda x, y: torch.complex(x, y) * 2), f32(N, 4), f32(N, 4)),
    program("parts", lambda x: (of(x)[0].real * 2, of(x)[0].imag + 1), Z),
    program("polar", gives(torch.polar), f32(3, 4), f32(3, 4)),
    *(unary(name) for name in ("neg", "conj", "abs", "angle", "sgn", "square", "reciprocal", "exp", "exp2", "expm1", "log",
                               "log2", "log10", "log1p", "sqrt", "rsqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sigmoid")),
    *(unary(name, AWKWARD) for name in ("abs", "angle", "sgn", "sqrt", "neg")),
    unary("exp", f64(3, 2)),
    program("silu", gives(torch.nn.functional.silu), Z),
    program("add", gives(lambda x, y: torch.add(x, y, alpha=2)), Z, f32(4, 2)),
    program("add a number", gives(lambda x: x + (1 - 2j)), Z),
    program("add a real number", gives(lambda x: x + 1.5), Z),
    program("add a real tensor", gives(lambda x, y: x + y), Z, f32(4)),
    program("add an integer tensor", gives(lambda x, y: x + y), Z, i64(4)),
    program("sub", gives(lambda x, y: x - y), Z, f32(1, 2)),
    program("rsub", gives(lambda x: (2 + 1j) - x), Z),
    program("real numbers minus complex ones", gives(lambda x, y: y - x), Z, f32(4)),
    program("mul", gives(lambda x, y: x * y), Z, f32(4, 2)),
    program("mul by a number", gives(lambda x: x * 1j), Z),
    program("real times complex", gives(lambda x, y: y * x), Z, f32(N, 1)),
    program("div", gives(lambda x, y: x / y), Z, f32(4, 2)),
    program("div of numbers of any size", gives(lambda x, y: x / y), f32(9, 2), values([[1e20, 1e20]] * 9)),
    program("div by a real tensor", gives(lambda x, y: x / y), Z, f32(4).within(1, 3)),
    program("a number by them", gives(lambda x: (1 + 2j) / x), Z),
    program("addcmul", gives(lambda x, y: torch.addcmul(x, y, x, value=0.5)), Z, f32(4, 2)),
    program("addcdiv", gives(lambda x, y: torch.addcdiv(x, y, x)), Z, f32(4, 2)),
    program("lerp", gives(lambda x, y: torch.lerp(x, y, 0.25)), Z, f32(4, 2)),
    *(program(f"to the power {n}", gives(lambda x, n=n: x**n), Z) for n in (0, 1, 2, 3, -1, 0.5, 1.5, 1 + 1j)),
    program("powers of complex numbers", gives(lambda x, y: x**y), Z, f32(4, 2)),
    program("eq and ne", lambda x, y: (of(x)[0] == of(y)[0], of(x)[0] != of(y)[0], of(x)[0] == 1), f32(N, 4, 2), f32(4, 2)),
    program("finite", lambda x: (torch.isfinite(of(x)[0]), torch.isnan(of(x)[0]), torch.isinf(of(x)[0]), torch.isreal(of(x)[0])),
            values([[1.0, 0.0], [INF, 1.0], [1.0, NAN], [NAN, -INF], [2.0, 3.0]])),
    program("truth", lambda x: (of(x)[0].any(), of(x)[0].all(1), torch.count_nonzero(of(x)[0]), torch.logical_not(of(x)[0])),
            values([[[0.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [2.0, 2.0]]])),
    program("to other types", lambda x: (torch.view_as_real(of(x)[0].to(torch.complex128)), of(x)[0].to(torch.bool)), Z),
    program("from real numbers", gives(lambda x, z: x.to(torch.complex64) + z), f32(N, 4), Z),
    program("shapes", gives(lambda x: torch.flip(x.reshape(-1, 2, 2).permute(2, 0, 1).transpose(0, 1), (0,))[:, 1:].contiguous()), Z),
    program("joined", gives(lambda x, y: torch.cat([x, y, x[:1]], 0).unsqueeze(0).repeat(2, 1, 1)), Z, PAIRS),
    program("joined with real numbers", gives(lambda x, y: torch.stack([x, y])), Z, f32(N, 4)),
    program("split", lambda x: [torch.view_as_real(part) for part in of(x)[0].split(2, 1)], Z),
    program("indexed", gives(lambda x, i: x[i, :, None]), Z, values([1, 0, 2, 1], torch.int64)),
    program("gathered", gives(lambda x, i: torch.gather(x, 1, i)), PAIRS, values([[0], [3], [1]], torch.int64)),
    program("chosen", gives(lambda x, y, c: torch.where(c, x, y)), PAIRS, f32(4, 2), boolean(3, 4)),
    program("filled", gives(lambda x, c: x.masked_fill(c, 2 - 1j)), PAIRS, boolean(3, 4)),
    program("filled with a real number", gives(lambda x, c: x.masked_fill(c, 3)), PAIRS, boolean(3, 4)),
    program("put", gives(lambda x, y: torch.index_put(x, (torch.tensor([0, 2]),), y)), PAIRS, f32(4, 2)),
    program("written in place", gives(lambda x, y: x.clone().mul_(y).add_(1j)), Z, f32(4, 2)),
    program("padded", gives(lambda x: torch.nn.functional.pad(x, (1, 2), value=1)), Z),
    program("triangle", gives(lambda x: torch.tril(x, 1)), PAIRS),
    program("sums", gives(lambda x: x.sum(1) + x.mean(1)), Z),
    program("sums so far", gives(lambda x: x.cumsum(1)), Z),
    program("norms", lambda x: (torch.linalg.vector_norm(of(x)[0], 2, 1), of(x)[0].var(1), of(x)[0].std(0)), Z),
    program("adjoint", gives(lambda x: x.mH @ x), Z),
    program("made", gives(lambda x: x + torch.ones(4, dtype=torch.complex64) + torch.full((4,), 1j) + torch.zeros_like(x)), Z),
    program("matmul", gives(torch.matmul), Z, f32(4, 5, 2)),
    program("matmul with real numbers", gives(lambda x, y: x @ y.to(torch.complex64)), Z, f32(4, 5)),
    program("bmm", gives(torch.bmm), f32(2, 3, 4, 2), f32(2, 4, 3, 2)),
    program("vdot", gives(torch.vdot), f32(5, 2), f32(5, 2)),
    program("outer", gives(torch.outer), f32(5, 2), f32(3, 2)),
    program("einsum", gives(lambda x, y: torch.einsum("ij,kj->ik", x, y)), Z, f32(5, 4, 2)),
    program("linear", gives(lambda x, w, b: torch.nn.functional.linear(x, w, b)), Z, weight(f32(5, 4, 2)), weight(f32(5, 2))),
    program("addmm", gives(lambda c, x, y: torch.addmm(c, x, y, beta=0.5, alpha=2)), f32(3, 2), PAIRS, f32(4, 3, 2)),
    program("addmm with complex scales", gives(lambda c, x, y: torch.addmm(c, x, y, beta=1j, alpha=2 - 1j)), f32(3, 2), PAIRS,
            f32(4, 3, 2)),
    program("vecdot", gives(torch.linalg.vecdot), Z, f32(4, 2)),
    program("einsum of one", gives(lambda x: torch.einsum("ij->j", x)), Z),
    program("transposed convolution", gives(torch.nn.functional.conv_transpose1d), f32(1, 2, 5, 2), weight(f32(2, 3, 3, 2)),
            weight(f32(3, 2))),
    program("ldexp", gives(torch.ldexp), Z, f32(4)),
    program("norms of matrices", lambda x: (torch.linalg.matrix_norm(of(x)[0]), torch.linalg.norm(of(x)[0], 1)), Z),
    program("expanded as complex numbers", gives(lambda x, y: y.expand_as(x) * 2), Z, f32(4)),
    program("integral", gives(lambda x: torch.trapezoid(x, dx=0.5)), Z),
    program(
        "a branch on complex numbers",
        gives(lambda x: torch.cond(x.real.sum() > 0, lambda z: z * 1j, lambda z: z.conj() + 0, (x,))), Z),
]
