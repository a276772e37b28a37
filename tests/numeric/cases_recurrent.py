"""LSTM and GRU as one operator."""

from cases import D, call, f32, weight

N, T = D("n", 2, 3), 4


def parameters(gates, inputs, hidden, layers, directions, biases):
    """Weights in torch's order: input, hidden, biases of both, for each direction of each layer."""
    tensors = []
    for layer in range(layers):
        size = inputs if layer == 0 else hidden * directions
        for _ in range(directions):
            tensors += [weight(f32(gates * hidden, size).within(-0.5, 0.5)), weight(f32(gates * hidden, hidden).within(-0.5, 0.5))]
            tensors += [weight(f32(gates * hidden).within(-0.5, 0.5)) for _ in range(2)] if biases else []
    return tensors


def recurrent(name, gates, layers=1, bidirectional=False, biases=True, batch_first=False):
    directions = 2 if bidirectional else 1
    state = f32(layers * directions, N, 5)
    sequence = f32(N, T, 3) if batch_first else f32(T, N, 3)
    weights = parameters(gates, 3, 5, layers, directions, biases)
    states = [state, state] if gates == 4 else state
    return call(name, sequence, states, weights, biases, layers, 0.0, False, bidirectional, batch_first)


CASES = [
    recurrent(name, gates, **options)
    for name, gates in (("aten::lstm.input", 4), ("aten::gru.input", 3))
    for options in (
        {},
        {"batch_first": True},
        {"bidirectional": True},
        {"layers": 2},
        {"layers": 2, "bidirectional": True, "batch_first": True},
        {"biases": False},
    )
]
