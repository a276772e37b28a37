"""Calls that models make and PyTorch's sample database does not have.

An entry names a function (or a module, whose parameters become weights of the model) and a few argument lists.
"""

from dataclasses import dataclass, field

import torch
import torch.ao.quantization.fx._decomposed  # defines operators
import torch.nn.functional as F
from torch.testing import make_tensor

FLOATS = (torch.float32, torch.float16, torch.float64)
ALL = FLOATS + (torch.int64, torch.int32, torch.bool)
NUMBERS = FLOATS + (torch.int64, torch.int32)


@dataclass
class Call:
    """An argument list, shaped like a sample of the database."""

    function: object
    input: object
    args: tuple
    kwargs: dict = field(default_factory=dict)


class ExtraOp:
    """An operator with hand-written samples, shaped like a database entry."""

    variant_test_name = ""
    aliases = ()
    inplace_variant = None
    operator_variant = None

    def __init__(self, name, function, calls, dtypes=FLOATS):
        self.name = f"extra.{name}"
        self.op = function
        self.dtypes = dtypes
        self._calls = calls

    def sample_inputs(self, device, dtype, requires_grad=False):
        def tensor(*shape, low=-2, high=2, kind=dtype):
            if not kind.is_floating_point:
                low, high = max(low, 0), max(high, 2)
            return make_tensor(shape, dtype=kind, device=device, low=low, high=high, requires_grad=requires_grad)

        for args in self._calls(tensor):
            function = self.op
            if isinstance(function, type):
                function = function().to(dtype).eval()
            yield Call(function, args[0], tuple(args[1:]))


class _Recurrent(torch.nn.Module):
    kind, mode = torch.nn.LSTM, {}

    def __init__(self):
        super().__init__()
        self.cell = self.kind(4, 3, **self.mode)

    def forward(self, *args):
        if len(args) == 3:
            args = (args[0], args[1:])
        return self.cell(*args)


def _recurrent(base, **settings):
    return type("Recurrent", (_Recurrent,), {"kind": base, "mode": settings})


class _Norm(torch.nn.Module):
    """Convolution and normalisation with weights of their own."""

    def __init__(self):
        super().__init__()
        self.bn = torch.nn.BatchNorm2d(3)
        self.conv = torch.nn.Conv2d(3, 3, 3, padding="same")

    def forward(self, x):
        return torch.relu_(self.bn(self.conv(x)))


class _TrainingNorm(_Norm):
    """Updates the running statistics, then uses them."""

    def forward(self, x):
        self.bn.train()
        return self.conv(self.bn(x)), self.bn.running_mean + 0


class _Cache(torch.nn.Module):
    """Writes a slice of a buffer and reads all of it."""

    def __init__(self):
        super().__init__()
        self.register_buffer("cache", torch.zeros(2, 8, 3))

    def forward(self, x, position):
        self.cache[:, position] = x
        return self.cache.sum(1)


class _Encoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)

    def forward(self, x):
        return self.layer(x)


def _assign_slice(x, y):
    x = x.clone()
    x[..., 1:3] = y
    return x


def _assign_masked(x):
    x = x.clone()
    x[x > 0] = 0
    return x


def _assign_index(x, index, y):
    x = x.clone()
    x[index] = y
    return x


def _update_view(x):
    x = x.clone()
    x[0].add_(1)
    x.transpose(0, 1)[1].mul_(2)
    return x


def _shape_arithmetic(x):
    rows, columns = x.shape[0], x.shape[1]
    return (x.reshape(rows * columns, -1), torch.arange(rows + columns), x.new_zeros(rows, columns // 2))


def _cond(x):
    return torch.cond(x.sum() > 0, lambda t: t + 1, lambda t: t - 1, (x,))


def _while(x):
    from torch._higher_order_ops.while_loop import while_loop

    return while_loop(lambda i, t: i < 4, lambda i, t: (i + 1, t * 2 + i), (torch.zeros((), dtype=torch.int64), x))


def _scan(x):
    from torch._higher_order_ops.scan import scan

    return scan(lambda carry, row: (carry + row, carry * row), torch.zeros_like(x[0]), x)


def _map(x, y):
    from torch._higher_order_ops.map import map as map_over

    return map_over(lambda row, other: row.sin() + other, x, y)


def _autocast(x, y):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return torch.mm(x, y).float()


def _no_grad(x):
    with torch.no_grad():
        y = x * 2
    return y + 1


def _fused_attention(query, key, value):
    return F.scaled_dot_product_attention(query, key, value, is_causal=True)


def _grouped_attention(query, key, value):
    return F.scaled_dot_product_attention(query, key, value, enable_gqa=True)


def _quantize_tensor(x):
    ops = torch.ops.quantized_decomposed
    scale = (0.05, 3, -128, 127, torch.int8)
    return ops.dequantize_per_tensor(ops.quantize_per_tensor(x, *scale), *scale)


def _quantize_channel(x, scales):
    ops = torch.ops.quantized_decomposed
    scale = (scales / 50, torch.zeros(x.shape[0], dtype=torch.int64), 0, -128, 127, torch.int8)
    return ops.dequantize_per_channel(ops.quantize_per_channel(x, *scale), *scale)


def _qkv(t):
    yield t(2, 4, 5, 8), t(2, 4, 5, 8), t(2, 4, 5, 8)
    yield t(1, 2, 3, 4), t(1, 2, 3, 4), t(1, 2, 3, 4)


def _qkv_grouped(t):
    yield t(2, 4, 5, 8), t(2, 2, 5, 8), t(2, 2, 5, 8)
    yield t(1, 6, 3, 4), t(1, 2, 7, 4), t(1, 2, 7, 4)


def _sequence(t):
    yield (t(5, 2, 4),)
    yield (t(3, 1, 4),)


def _shapes(*shapes):
    def calls(t):
        for shape in shapes:
            yield (t(*shape),)

    return calls


_SQUARES = _shapes((3, 4), (2, 3, 5), (4, 1))
_IMAGES = _shapes((1, 3, 6, 5), (2, 3, 4, 4))
_VOLUMES = _shapes((2, 3, 4, 5, 3), (1, 2, 3, 3, 4))
_PAIRS = _shapes((4, 4), (4, 6))

_RECURRENT = [
    ("lstm", torch.nn.LSTM, {}),
    ("lstm.bidirectional", torch.nn.LSTM, {"bidirectional": True}),
    ("lstm.stacked", torch.nn.LSTM, {"num_layers": 2, "batch_first": True}),
    ("lstm.projected", torch.nn.LSTM, {"proj_size": 2}),
    ("gru", torch.nn.GRU, {}),
    ("gru.bidirectional", torch.nn.GRU, {"bidirectional": True, "num_layers": 2}),
    ("rnn_tanh", torch.nn.RNN, {}),
    ("rnn_relu", torch.nn.RNN, {"nonlinearity": "relu", "bias": False}),
]

EXTRA_OPS = [
    *(ExtraOp(name, _recurrent(kind, **mode), _sequence) for name, kind, mode in _RECURRENT),
    ExtraOp(
        "lstm.with_state",
        _recurrent(torch.nn.LSTM),
        lambda t: [(t(5, 2, 4), t(1, 2, 3), t(1, 2, 3)), (t(2, 3, 4), t(1, 3, 3), t(1, 3, 3))],
    ),
    ExtraOp(
        "lstm_cell",
        torch.lstm_cell,
        lambda t: [(t(b, 4), (t(b, 3), t(b, 3)), t(12, 4), t(12, 3), t(12), t(12)) for b in (1, 2)],
    ),
    ExtraOp("gru_cell", torch.gru_cell, lambda t: [(t(b, 4), t(b, 3), t(9, 4), t(9, 3), t(9), t(9)) for b in (1, 2)]),
    ExtraOp(
        "rnn_tanh_cell", torch.rnn_tanh_cell, lambda t: [(t(b, 4), t(b, 3), t(3, 4), t(3, 3), t(3), t(3)) for b in (1, 2)]
    ),
    ExtraOp("conv_batch_norm", _Norm, _IMAGES),
    ExtraOp("batch_norm_training", _TrainingNorm, _IMAGES),
    ExtraOp(
        "buffer_update",
        _Cache,
        lambda t: [(t(2, 1, 3), torch.tensor([3])), (t(2, 2, 3), torch.tensor([0, 7]))],
        (torch.float32,),
    ),
    ExtraOp("transformer_layer", _Encoder, _shapes((2, 5, 8), (1, 3, 8))),
    ExtraOp("attention_causal", _fused_attention, _qkv),
    ExtraOp("attention_grouped", _grouped_attention, _qkv_grouped),
    ExtraOp("fold", F.fold, lambda t: [(t(1, 12, 12), (4, 5), (2, 2)), (t(2, 8, 9), (6, 6), (2, 2), 1, 0, 2)]),
    ExtraOp(
        "affine_grid",
        F.affine_grid,
        lambda t: [
            (t(2, 2, 3), (2, 3, 4, 5), False),
            (t(1, 2, 3), (1, 1, 3, 3), True),
            (t(1, 3, 4), (1, 1, 2, 3, 4), False),
        ],
    ),
    ExtraOp(
        "interpolate_scale",
        F.interpolate,
        lambda t: [
            (t(1, 2, 3, 4), None, 2.0, "nearest"),
            (t(1, 2, 4, 4), None, 1.5, "bilinear", False),
            (t(1, 2, 4, 4), (7, 5), None, "bicubic", True),
            (t(1, 2, 5), None, 0.6, "linear", False),
        ],
    ),
    ExtraOp(
        "interpolate_antialias",
        lambda x, size, mode: F.interpolate(x, size, mode=mode, align_corners=False, antialias=True),
        lambda t: [(t(1, 2, 6, 6), (3, 4), "bilinear"), (t(1, 1, 5, 7), (8, 3), "bicubic")],
    ),
    ExtraOp("dropout_eval", lambda x: F.dropout(x, 0.5, False), _SQUARES),
    ExtraOp("to_device", lambda x: x.to("cpu"), _SQUARES, ALL),
    ExtraOp(
        "to_dtype",
        lambda x, d: x.to(d),
        lambda t: [
            (t(3, 4), d)
            for d in (torch.float32, torch.float16, torch.int64, torch.int32, torch.uint8, torch.bool, torch.bfloat16)
        ],
        ALL,
    ),
    ExtraOp(
        "to_dtype_copy",
        lambda x, d: x.to(d, copy=True),
        lambda t: [(t(3, 4), d) for d in (torch.float64, torch.int8, torch.bool)],
        ALL,
    ),
    ExtraOp(
        "to_other", lambda x, y: x.to(y), lambda t: [(t(3), t(2, kind=torch.int64)), (t(4), t(2, kind=torch.float32))], ALL
    ),
    ExtraOp(
        "type_as",
        lambda x, y: x.type_as(y),
        lambda t: [(t(3), t(2, kind=torch.int64)), (t(4), t(2, kind=torch.float32))],
        ALL,
    ),
    ExtraOp("detach", lambda x: x.detach() + x, _SQUARES, ALL),
    ExtraOp("contiguous_after_transpose", lambda x: x.transpose(0, 1).contiguous().view(-1), _SQUARES, ALL),
    ExtraOp("channels_last", lambda x: x.contiguous(memory_format=torch.channels_last) + 1, _IMAGES),
    ExtraOp("lift_constant", lambda x: x + torch.tensor([1, 2, 3], dtype=x.dtype), _shapes((3,), (2, 3)), NUMBERS),
    ExtraOp(
        "assign_slice", _assign_slice, lambda t: [(t(2, 4), 1), (t(2, 4), t(2, 2)), (t(5), t(2)), (t(3, 4), t(1))], ALL
    ),
    ExtraOp("assign_masked", _assign_masked, _SQUARES, NUMBERS),
    ExtraOp(
        "assign_index",
        _assign_index,
        lambda t: [
            (t(4, 3), torch.tensor([0, 2]), t(2, 3)),
            (t(5, 2), torch.tensor([-1, 1, 3]), t(2)),
            (t(5), torch.tensor([2]), 1),
        ],
        ALL,
    ),
    ExtraOp("update_view", _update_view, _PAIRS, NUMBERS),
    ExtraOp(
        "add_out_of_place_then_inplace",
        lambda x, y: (x + y).mul_(y).sub_(1).relu_(),
        lambda t: [(t(3, 4), t(4)), (t(2, 1), t(2, 1))],
        NUMBERS,
    ),
    ExtraOp("activations_inplace", lambda x: F.hardswish(F.silu(F.hardtanh(x.clone(), -1, 2, True), True), True), _SQUARES),
    ExtraOp(
        "bitwise_operators",
        lambda x, y: ((x & y) | (x ^ y), ~x),
        lambda t: [(t(3, 4, high=9), t(4, high=9)), (t(2), t(2))],
        (torch.bool, torch.int64, torch.int32),
    ),
    ExtraOp("shape_arithmetic", _shape_arithmetic, _shapes((3, 4, 2), (2, 5, 3)), ALL),
    ExtraOp(
        "arange_of_shape",
        lambda x: torch.arange(x.shape[0], device=x.device)[:, None] + torch.arange(1, x.shape[1] + 1),
        _PAIRS,
        (torch.float32,),
    ),
    ExtraOp(
        "causal_mask",
        lambda x: x.masked_fill(torch.ones(x.shape[-2], x.shape[-1], dtype=torch.bool).triu(1), float("-inf")).softmax(-1),
        _shapes((2, 4, 4), (3, 5)),
    ),
    ExtraOp("meshgrid_ij", lambda x, y: torch.meshgrid(x, y, indexing="ij"), lambda t: [(t(3), t(4)), (t(1), t(5))], ALL),
    ExtraOp(
        "fake_quantize_tensor",
        lambda x: torch.fake_quantize_per_tensor_affine(x, 0.1, 3, -128, 127),
        _SQUARES,
        (torch.float32,),
    ),
    ExtraOp(
        "fake_quantize_channel",
        lambda x, s: torch.fake_quantize_per_channel_affine(x, s, torch.zeros_like(s, dtype=torch.int32), 1, -128, 127),
        lambda t: [(t(3, 4), t(4, low=1)), (t(2, 3, 2), t(3, low=1))],
        (torch.float32,),
    ),
    ExtraOp("quantize_tensor", _quantize_tensor, _SQUARES, (torch.float32,)),
    ExtraOp(
        "quantize_channel",
        _quantize_channel,
        lambda t: [(t(3, 4), t(3, low=1)), (t(2, 3, 2), t(2, low=1))],
        (torch.float32,),
    ),
    ExtraOp(
        "weight_norm", lambda v, g: torch._weight_norm(v, g, 0), lambda t: [(t(3, 4), t(3, 1)), (t(2, 3, 2), t(2, 1, 1))]
    ),
    ExtraOp(
        "einsum_attention",
        lambda x, y: torch.einsum("bhqd,bhkd->bhqk", x, y),
        lambda t: [(t(1, 2, 3, 4), t(1, 2, 5, 4)), (t(2, 1, 4, 2), t(2, 1, 4, 2))],
    ),
    ExtraOp("clamp_numbers", lambda x: (x.clamp(-1, 1), x.clamp(min=0), x.clamp(max=1)), _SQUARES, NUMBERS),
    ExtraOp("clamp_inplace", lambda x: x.clone().clamp_(-1, 1).clamp_min_(0).clamp_max_(1), _SQUARES, NUMBERS),
    ExtraOp(
        "where_numbers",
        lambda x: (torch.where(x > 0, x, 0.5), torch.where(x > 0, 2, x), torch.where(x > 0, 1.0, 0.0)),
        _SQUARES,
        NUMBERS,
    ),
    ExtraOp("fill_inplace", lambda x, value: x.clone().fill_(value), lambda t: [(t(2, 3), t()), (t(4), t())], ALL),
    ExtraOp("movedim", lambda x: x.movedim(0, -1), _SQUARES, ALL),
    ExtraOp("alias", lambda x: torch.ops.aten.alias(x) * 2, _SQUARES, NUMBERS),
    ExtraOp("any_all", lambda x: (x.any(), x.all()), _SQUARES, ALL),
    ExtraOp(
        "scatter_number",
        lambda x, index: (x.scatter(1, index, 2), x.scatter_add(1, index, x)),
        lambda t: [(t(2, 3), torch.tensor([[0], [2]])), (t(1, 4), torch.tensor([[3, 1]]))],
        NUMBERS,
    ),
    ExtraOp(
        "div_modes",
        lambda x: (torch.div(x, 2, rounding_mode="floor"), torch.div(x, 2, rounding_mode="trunc")),
        _SQUARES,
        NUMBERS,
    ),
    ExtraOp("randperm", lambda x: x[torch.randperm(x.shape[0])], _shapes((9, 2), (12,))),
    ExtraOp(
        "reflection_pads",
        lambda x: (
            torch.ops.aten.reflection_pad1d(x[0, 0], (1, 2)),
            torch.ops.aten.reflection_pad2d(x[0], (1, 2, 0, 1)),
            torch.ops.aten.reflection_pad3d(x, (1, 2, 0, 1, 1, 1)),
        ),
        _VOLUMES,
    ),
    ExtraOp(
        "replication_pads",
        lambda x: (
            torch.ops.aten.replication_pad1d(x[0, 0], (1, 2)),
            torch.ops.aten.replication_pad2d(x[0], (1, 2, 0, 1)),
            torch.ops.aten.replication_pad3d(x, (1, 2, 0, 1, 1, 1)),
        ),
        _VOLUMES,
    ),
    ExtraOp("cond", _cond, _SQUARES),
    ExtraOp("while_loop", _while, _SQUARES, (torch.float32,)),
    ExtraOp("scan", _scan, _PAIRS, (torch.float32,)),
    ExtraOp("map", _map, lambda t: [(t(3, 4), t(4)), (t(2, 5), t(5))], (torch.float32,)),
    ExtraOp("autocast", _autocast, lambda t: [(t(3, 4), t(4, 2)), (t(1, 5), t(5, 5))], (torch.float32,)),
    ExtraOp("no_grad", _no_grad, _SQUARES),
]
