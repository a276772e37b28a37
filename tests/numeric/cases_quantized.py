"""Quantized programs: quantized_decomposed, fake quantization, and a network that PyTorch quantized."""

import operator

import torch
import torch.ao.quantization.fx._decomposed  # noqa: F401  registers the operators
from cases import D, bf16, call, f16, f32, f64, i8, of, program, values, weight

N = D("n", 3, 5)
Q = "quantized_decomposed::"
RANGES = ((torch.int8, -128, 127), (torch.int8, -127, 127), (torch.uint8, 0, 255), (torch.uint8, 0, 15), (torch.int16, -32768, 32767),
          (torch.int16, -1000, 1000), (torch.int32, -100000, 100000))  # fmt: skip
SCALE, ZERO = values([0.13]), values([3], torch.int64)
# Scales without a power of two: no number lies halfway between two steps.
SCALES, ZEROS = values([0.13, 0.07, 0.21, 0.4]), values([0, 3, 2, 5], torch.int64)

PER_TENSOR = [
    case
    for dtype, least, most in RANGES
    for case in (
        call(f"{Q}quantize_per_tensor", f32(N, 3), 0.13, 3, least, most, dtype),
        call(f"{Q}quantize_per_tensor.tensor", f32(2, 3), SCALE, ZERO, least, most, dtype),
        call(f"{Q}dequantize_per_tensor", of(dtype, N, 3), 0.13, 3, least, most, dtype),
        call(f"{Q}dequantize_per_tensor.tensor", of(dtype, 2, 3), SCALE, ZERO, least, most, dtype),
    )
] + [
    call(f"{Q}quantize_per_tensor", values([-1e9, 1e9, -20.0, 20.0]), 0.13, 3, -128, 127, torch.int8),
    call(f"{Q}quantize_per_tensor", values([0.5, 1.5, 2.5, -0.5]), 1.0, 0, -128, 127, torch.int8),
    call(f"{Q}quantize_per_tensor", f16(2, 3), 0.13, 0, -128, 127, torch.int8),
    call(f"{Q}quantize_per_tensor", bf16(2, 3), 0.13, 0, 0, 255, torch.uint8),
    call(f"{Q}quantize_per_tensor", f32(), 0.13, 0, 0, 255, torch.uint8),
    call(f"{Q}quantize_per_tensor", f32(0, 2), 0.13, 0, 0, 255, torch.uint8),
    call(f"{Q}dequantize_per_tensor", i8(2, 3), 0.13, 0, -128, 127, torch.int8, out_dtype=torch.float16),
    program(
        "a range in tensors",
        lambda x, s, z: torch.ops.quantized_decomposed.quantize_per_tensor.tensor2(x, s, z, torch.tensor(-128), torch.tensor(127), torch.int8),
        f32(2, 3), weight(SCALE), weight(ZERO),
    ),
    program(
        "a range in tensors, back",
        lambda x, s, z: torch.ops.quantized_decomposed.dequantize_per_tensor.tensor2(x, s, z, torch.tensor(-128), torch.tensor(127), torch.int8),
        i8(2, 3), weight(SCALE), weight(ZERO),
    ),
]  # fmt: skip

PER_CHANNEL = [
    case
    for dtype, least, most in RANGES
    for case in (
        call(f"{Q}quantize_per_channel", f32(N, 4), SCALES, ZEROS, 1, least, most, dtype),
        call(f"{Q}dequantize_per_channel", of(dtype, N, 4), SCALES, ZEROS, 1, least, most, dtype),
    )
] + [
    call(f"{Q}quantize_per_channel", f32(4, 2, 3), SCALES, ZEROS, 0, -128, 127, torch.int8),
    call(f"{Q}dequantize_per_channel", i8(4, 2, 3), SCALES, ZEROS, 0, -128, 127, torch.int8),
    call(f"{Q}dequantize_per_channel", i8(4, 2, 3), SCALES, None, 0, -128, 127, torch.int8),
    call(f"{Q}dequantize_per_channel", i8(2, 4), SCALES, ZEROS, 1, -128, 127, torch.int8, out_dtype=torch.bfloat16),
    call(f"{Q}quantize_per_token", f32(2, 3), values([[0.13], [0.07]]), values([[0], [3]], torch.int64), -128, 127, torch.int8),
    call(f"{Q}dequantize_per_token", i8(2, 3), values([[0.13], [0.07]]), values([[0], [3]], torch.int64), -128, 127, torch.int8, torch.float32),
    call(f"{Q}quantize_per_channel_group", f32(2, 4), values([[0.13, 0.07], [0.4, 0.21]]), values([[0, 3], [1, 2]], torch.int32), -8, 7, torch.int8, 2),
    call(f"{Q}dequantize_per_channel_group", i8(2, 4), values([[0.13, 0.07], [0.4, 0.21]]), values([[0, 3], [1, 2]], torch.int32), -8, 7, torch.int8, 2,
         torch.float32),
    call(f"{Q}choose_qparams.tensor", f32(N, 3), -128, 127, 1e-5, torch.int8),
    call(f"{Q}choose_qparams.tensor", f32(2, 3).within(1, 2), 0, 255, 1e-5, torch.uint8),
    call(f"{Q}choose_qparams.tensor", values([0.0, 0.0]), -128, 127, 1e-5, torch.int8),
    call(f"{Q}convert_element_type.no_fuse", f32(2), torch.float16),
]  # fmt: skip

def float8(dtype, most):
    """What is quantized to float8, and what that stands for; with and without a zero point."""
    ops, bounds = torch.ops.quantized_decomposed, (-most, most, dtype)

    def run(x, extremes, scales, zeros):
        whole = [ops.quantize_per_tensor(y, scale, zero, *bounds) for y in (x, extremes) for scale, zero in ((0.013, 0), (0.13, 3))]
        rows = ops.quantize_per_channel(x, scales, zeros, 1, *bounds)
        back = [ops.dequantize_per_tensor(q, 0.13, zero, *bounds) for q in whole for zero in (0, 3)]
        return *whole, rows, *back

    return program(f"quantized to {dtype}", run, f32(N, 4), values([-1e9, 1e9, 6.07, -33.3]), weight(SCALES), weight(ZEROS))


FLOAT8 = [float8(torch.float8_e4m3fn, 448), float8(torch.float8_e5m2, 57344)]


def per_token(choose):
    """Quantized and back, with numbers for each row that are chosen from the row."""

    def run(x):
        scales, zeros = choose(x, torch.int8)
        q = torch.ops.quantized_decomposed.quantize_per_token(x, scales, zeros, -128, 127, torch.int8)
        return q, torch.ops.quantized_decomposed.dequantize_per_token(q, scales, zeros, -128, 127, torch.int8, torch.float32)

    return run


CHOSEN = [
    case
    for sample in (f32(N, 3), f32(2, 3).within(1, 2), f32(2, 3).within(-2, -1), values([[0.0, 0.0]]), f32(2, 2, 5))
    for case in (
        call(f"{Q}choose_qparams_symmetric.tensor", sample, -128, 127, 1e-5, torch.int8),
        call(f"{Q}choose_qparams_symmetric.tensor", sample, 0, 255, 1e-5, torch.uint8),
        call(f"{Q}choose_qparams_per_token_asymmetric", sample, torch.int8),
        program(f"per token, {sample} in {sample.low}, {sample.high}", per_token(torch.ops.quantized_decomposed.choose_qparams_per_token), sample),
        program(f"per token, asymmetric, {sample} in {sample.low}, {sample.high}",
                per_token(torch.ops.quantized_decomposed.choose_qparams_per_token_asymmetric), sample),
    )
]  # fmt: skip
GROUPS = [
    call(f"{Q}dequantize_per_channel_group", dtype(2, 8), values([[0.13, 0.07], [0.4, 0.21]]), zeros, -8, 7, torch.int8, 4, out)
    for dtype in (i8,)
    for zeros in (values([[0, 3], [1, 2]], torch.int32), None)
    for out in (torch.float32, torch.float16)
] + [
    call(f"{Q}dequantize_per_channel_group", i8(2, 4), values([[0.13], [0.4]]), values([[0], [1]], torch.int32), -8, 7, torch.int8, 32, torch.float32),
    call(f"{Q}quantize_per_channel_group", f32(2, 4), values([[0.13], [0.4]]), values([[0], [1]], torch.int32), -8, 7, torch.int8, 32),
]  # fmt: skip
LEARNABLE = [
    case
    for least, most in ((0, 255), (-128, 127), (-1000, 1000))
    for zero in (3.0, 2.5, -7.4)
    for case in (
        call("aten::_fake_quantize_learnable_per_tensor_affine", f32(2, 3), SCALE, values([zero]), least, most),
        call("aten::_fake_quantize_learnable_per_channel_affine", f32(2, 4), SCALES, values([zero, 0.0, 1.5, 5.0]), 1, least, most, 0.5),
    )
]

CHANNELS = (values([0.13, 0.07, 0.21, 0.4]), values([0, 3, 2, 5], torch.int32))
FRACTIONS = (CHANNELS[0], values([0.4, 3.75, 2.25, -1.6]))
# torch.export takes fake quantization of static sizes only.
FAKE = [
    case
    for least, most in ((0, 255), (-128, 127), (0, 15), (-1000, 1000))
    for case in (
        call("aten::fake_quantize_per_tensor_affine", f32(2, 3), 0.13, 3, least, most),
        call("aten::fake_quantize_per_tensor_affine.tensor_qparams", f32(2, 3), SCALE, values([3], torch.int32), least, most),
        call("aten::fake_quantize_per_tensor_affine_cachemask", f32(2, 3), 0.13, 3, least, most),
        call("aten::fake_quantize_per_channel_affine", f32(2, 4), *CHANNELS, 1, least, most),
        call("aten::fake_quantize_per_channel_affine_cachemask", f32(4, 2, 3), *CHANNELS, 0, least, most),
        call(f"{Q}fake_quant_per_channel", f32(N, 4), *CHANNELS, 1, least, most),
        call("aten::_fake_quantize_per_tensor_affine_cachemask_tensor_qparams", f32(2, 3), SCALE, values([3], torch.int32),
             values([1]), least, most),
        call("aten::_fake_quantize_per_tensor_affine_cachemask_tensor_qparams", f32(2, 3), SCALE, values([3], torch.int32),
             values([0]), least, most),
    )
] + [
    call("aten::fake_quantize_per_tensor_affine", f16(2, 3), 0.13, 3, 0, 255),
    call("aten::fake_quantize_per_tensor_affine", f64(2, 3), 0.13, 3, 0, 255),
    call("aten::fake_quantize_per_tensor_affine", values([-100.0, 100.0]), 0.13, 3, 0, 255),
    call("aten::fake_quantize_per_tensor_affine.tensor_qparams", f32(2, 3), SCALE, values([3.7]), 0, 255),
    call("aten::fake_quantize_per_channel_affine", f32(2, 4), *FRACTIONS, 1, 0, 255),
    call("aten::fake_quantize_per_channel_affine_cachemask", f32(4, 2, 3), *FRACTIONS, 0, -3, 3),
]  # fmt: skip


def quantized_network():
    """A convolution and a linear layer, calibrated and converted by torch.ao.quantization into quantized_decomposed operators."""
    from torch.ao.quantization import QConfigMapping, get_default_qconfig
    from torch.ao.quantization.quantize_fx import _convert_to_reference_decomposed_fx, prepare_fx

    torch.manual_seed(0)
    example = (torch.randn(2, 3, 8, 8),)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(36, 5)
    ).eval()
    prepared = prepare_fx(network, QConfigMapping().set_global(get_default_qconfig("x86")), example)
    prepared(*example)
    return _convert_to_reference_decomposed_fx(prepared)


def with_integer_weights(network):
    """Weights quantized once and for all, as torchao's convert_pt2e leaves them: int8 buffers and dequantize_per_channel."""
    sizes = ({0: torch.export.Dim("n")},)
    flat = torch.export.export(network, (torch.zeros(2, 3, 8, 8),), dynamic_shapes=sizes).run_decompositions({}).module()
    flat = torch.fx.GraphModule(flat, flat.graph)
    for number, node in enumerate(list(flat.graph.nodes)):
        if node.target is torch.ops.quantized_decomposed.quantize_per_channel.default:
            arguments = [operator.attrgetter(a.target)(flat) if isinstance(a, torch.fx.Node) else a for a in node.args]
            flat.register_buffer(f"integers_{number}", node.target(*arguments).detach())
            with flat.graph.inserting_before(node):
                node.replace_all_uses_with(flat.graph.get_attr(f"integers_{number}"))
            flat.graph.erase_node(node)
    flat.graph.eliminate_dead_code()
    flat.recompile()
    return flat


NETWORKS = [
    program("a network quantized by PyTorch", quantized_network(), f32(N, 3, 8, 8)),
    program("a network quantized by PyTorch, with integer weights", with_integer_weights(quantized_network()), f32(N, 3, 8, 8)),
]

CASES = PER_TENSOR + PER_CHANNEL + FLOAT8 + CHOSEN + GROUPS + LEARNABLE + FAKE + NETWORKS
