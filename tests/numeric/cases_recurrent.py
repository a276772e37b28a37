"""LSTM, GRU and Elman's networks: whole sequences, single steps, packed sequences."""

import torch
from cases import D, bf16, call, f16, f32, f64, program, values, weight

N, T = D("n", 2, 3), 4


GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


def parameters(gates, inputs, hidden, layers, directions, biases, projection, of):
    """Weights in torch's order: input, hidden, biases of both, projection, for each direction of each layer."""
    state = projection or hidden
    tensors = []
    for layer in range(layers):
        size = inputs if layer == 0 else state * directions
        for _ in range(directions):
            shapes = [(gates * hidden, size), (gates * hidden, state)]
            shapes += [(gates * hidden,)] * 2 if biases else []
            shapes += [(projection, hidden)] if projection else []
            tensors += [weight(of(*shape).within(-0.5, 0.5)) for shape in shapes]
    return tensors


def recurrent(name, layers=1, bidirectional=False, biases=True, batch_first=False, projection=0, batched=True, of=f32):
    directions = 2 if bidirectional else 1
    batch = [N] if batched else []
    state = of(layers * directions, *batch, projection or 5)
    sequence = of(N, T, 3) if batch_first else of(T, *batch, 3)
    weights = parameters(GATES[name], 3, 5, layers, directions, biases, projection, of)
    states = [state, of(layers * directions, *batch, 5)] if name == "lstm" else state
    return call(f"aten::{name}.input", sequence, states, weights, biases, layers, 0.0, False, bidirectional, batch_first)


SEQUENCES = [
    recurrent(name, **options)
    for name in GATES
    for options in (
        {},
        {"batch_first": True},
        {"bidirectional": True},
        {"layers": 2},
        {"layers": 2, "bidirectional": True, "batch_first": True},
        {"biases": False},
        {"of": f64},
        {"of": f64, "layers": 2, "bidirectional": True, "batch_first": True},
        {"of": f64, "biases": False},
        {"of": f16},
        {"of": bf16, "layers": 2},
    )
] + [
    recurrent("rnn_tanh", batched=False, bidirectional=True),
    recurrent("rnn_relu", batched=False),
    recurrent("lstm", projection=2),
    recurrent("lstm", projection=2, biases=False),
    recurrent("lstm", projection=2, layers=2, bidirectional=True, batch_first=True),
    recurrent("lstm", projection=2, of=f16),
]  # fmt: skip


def cell(name, of=f32, biases=True, batch=N):
    state = of(batch, 5)
    gates = GATES[name] * 5
    bias = [weight(of(gates)), weight(of(gates))] if biases else []
    states = [state, state] if name == "lstm" else state
    return call(f"aten::{name}_cell", of(batch, 3), states, weight(of(gates, 3)), weight(of(gates, 5)), *bias)


CELLS = [cell(name, **options) for name in GATES for options in ({}, {"biases": False}, {"of": f64}, {"of": f16, "batch": 2})]



def packed(sample, lengths, batch_first=False):
    """The elements alone: PyTorch exports the numbers of each step with the wrong type."""
    name = f"_pack_padded_sequence of {lengths}, batch_first={batch_first}"
    return program(name, lambda x, n: torch.ops.aten._pack_padded_sequence(x, n, batch_first)[0], sample, values(lengths, torch.int64))


PACKED = [packed(f32(4, 3, 2), [4, 2, 1]), packed(f32(4, 3, 2), [3, 3, 1]), packed(f32(3, 4), [4, 2, 2], True)]

CASES = SEQUENCES + CELLS + PACKED
