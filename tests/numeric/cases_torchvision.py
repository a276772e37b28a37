"""torchvision's operators: boxes, regions of a feature map, and deformable convolutions."""

import load_torchvision  # noqa: F401  registers the operators
import torch
from cases import D, call, f16, f32, f64, of, program, values, weight
from torchvision import ops

N, H, B, K = D("n", 5, 9), D("h", 7, 10), D("b", 2, 3), D("k", 30, 44, 2, 900)
V = "torchvision::"
FLOATS = (f32, f64)


# ---- boxes ----


def boxes_of(places):
    """Corners (x1, y1, x2, y2) of [n, 4] numbers: a corner and a size."""
    corner, size = places[:, :2], places[:, 2:]
    return torch.cat([corner, corner + size.abs()], dim=1)


def nms(threshold):
    return lambda places, scores: torch.ops.torchvision.nms(boxes_of(places), scores, threshold)


# Overlaps of exactly 1/2, 1/3 and 0.3 as floats have it, equal boxes, boxes without an area, equal scores.
BOXES = [[0, 0, 4, 4], [0, 0, 4, 2], [0, 0, 4, 4], [2, 0, 6, 4], [9, 9, 9, 9], [9, 9, 9, 9], [0, 0, 10, 1], [0, 0, 3, 1], [-5, -5, -1, -1]]
SCORES = [0.5, 0.9, 0.5, 0.7, 0.1, 0.1, 0.6, 0.65, -2.0]

NMS = [
    call(f"{V}nms", values(BOXES, dtype), values(SCORES, dtype), threshold)
    for dtype in (torch.float32, torch.float64)
    for threshold in (0.0, 0.3, 1 / 3, 0.5, 0.7, 1.0, -0.5, 1.5)
] + [
    case
    for floats in FLOATS
    for threshold in (0.1, 0.5)
    for case in (
        program(f"nms of an open number of {floats(1).dtype} boxes at {threshold}", nms(threshold), floats(N, 4).within(0, 6), floats(N).unequal()),
        program(f"nms of many {floats(1).dtype} boxes at {threshold}", nms(threshold), floats(200, 4).within(0, 9), floats(200).unequal()),
    )
] + [
    call(f"{V}nms", floats(0, 4), floats(0), threshold) for floats in FLOATS for threshold in (0.5, 2.0)
] + [
    call(f"{V}nms", floats(1, 4), floats(1), 0.5) for floats in FLOATS
] + [
    program("batched nms of classes", lambda p, s, c: ops.batched_nms(boxes_of(p), s, c, 0.3), f32(30, 4).within(0, 6), f32(30).unequal(),
            of(torch.int64, 30).within(0, 3)),
]  # fmt: skip

# ---- regions ----

# One in each image, one that leaves it on two sides, one outside, one without an area, one with sides of a half.
ROIS = [[0, 1, 2, 5.5, 6.25], [1, 0, 0, 7.9, 9.9], [1, -3, -2, 4, 3.3], [0, 20, 20, 30, 30], [1, 3, 3, 3, 3], [0, 0.5, 1.5, 2.5, 6.5], [1, 5, 6, 14, 17]]
LARGER = [[0, 1, 2, 5.5, 6.25], [1, 0, 0, 7.9, 9.9], [1, -3, -2, 4, 3.3], [0, 0.5, 1.5, 3.5, 6.5]]


def rois_of(places):
    """Regions of image 0 of [n, 4] numbers."""
    boxes = boxes_of(places)
    return torch.cat([torch.zeros_like(boxes[:, :1]), boxes], dim=1)


ALIGNS = [
    call(f"{V}roi_align", floats(2, 3, 9, 8), values(ROIS, floats(1).dtype), scale, 3, 2, sampling, aligned)
    for floats in FLOATS
    for scale in (1.0, 0.3)
    for sampling in (-1, 0, 2)
    for aligned in (False, True)
] + [
    call(f"{V}roi_align", f16(2, 3, 9, 8), values(ROIS, torch.float16), 0.5, 3, 2, 2, True),
    call(f"{V}roi_align", f32(2, 3, 9, 8), f32(0, 5), 0.5, 3, 2, 2, True),
    program("roi_align of an open number of regions", lambda x, p: ops.roi_align(x, rois_of(p), (3, 2), 0.5, -1, True), f32(1, 3, H, 8),
            f32(N, 4).within(0, 9)),
    program("roi_align of a list of boxes", lambda x, p, q: ops.roi_align(x, [boxes_of(p), boxes_of(q)], 3), f32(2, 3, 9, 8),
            f32(N, 4).within(0, 4), f32(2, 4).within(0, 4)),
] + [
    call(f"{V}ps_roi_align", floats(2, 12, 9, 8), values(LARGER, floats(1).dtype), scale, 3, 2, sampling)
    for floats in FLOATS
    for scale in (1.0, 0.3)
    for sampling in (-1, 2)
] + [
    call(f"{V}ps_roi_align", floats(2, 12, 9, 8), values(ROIS, floats(1).dtype), 0.5, 3, 2, sampling) for floats in FLOATS for sampling in (0, 3)
] + [
    call(f"{V}ps_roi_align", f16(2, 12, 9, 8), values(LARGER, torch.float16), 0.5, 3, 2, 2),
    call(f"{V}ps_roi_align", f32(2, 12, 9, 8), f32(0, 5), 0.5, 3, 2, 2),
    program("ps_roi_align of open sizes", lambda x, p: ops.ps_roi_align(x, rois_of(p), 2, 0.5, 2), f32(1, 8, H, 8), f32(N, 4).within(0, 9)),
]  # fmt: skip


UNUSUAL = [[[[-float("inf"), 1.0, 2.0], [-float("inf"), -1.0, float("inf")], [float("nan"), 3.0, float("nan")]]]]


def pool(scale, size):
    return lambda x, rois: ops.roi_pool(x, rois, size, scale)


POOLS = [
    program(f"roi_pool of {floats(1).dtype} at {scale}, {size}", pool(scale, size), floats(2, 3, 9, 8), values(ROIS, floats(1).dtype))
    for floats in FLOATS
    for scale in (1.0, 0.5, 0.3)
    for size in ((3, 2), (1, 1), (6, 7))
] + [
    case
    for floats in FLOATS
    for case in (
        program(f"roi_pool of an open number of {floats(1).dtype} regions", lambda x, p: ops.roi_pool(x, rois_of(p), (3, 2), 0.5),
                floats(1, 3, H, 8), floats(N, 4).within(0, 9)),
        program(f"roi_pool of no {floats(1).dtype} region", pool(0.5, (3, 2)), floats(2, 3, 9, 8), floats(0, 5)),
    )
] + [
    program(f"roi_pool of infinities and NaN, {dtype}", pool(1.0, (2, 2)), values(UNUSUAL, dtype), values([[0, 0, 0, 2, 1]], dtype))
    for dtype in (torch.float32, torch.float64)
] + [
    call(f"{V}roi_pool", values(UNUSUAL, dtype), values([[0, 0, 0, 2, 1]], dtype), 1.0, 2, 2) for dtype in (torch.float32, torch.float64)
] + [
    call(f"{V}roi_pool", floats(2, 3, 9, 8), values(ROIS, floats(1).dtype), scale, 3, 2) for floats in FLOATS for scale in (1.0, 0.3)
] + [
    call(f"{V}roi_pool", values([[[[1, 1, 1, 1]] * 3]]), values([[0, 0, 0, 3, 2]]), 1.0, 2, 2, note="the first of equal ones"),
] + [
    call(f"{V}ps_roi_pool", floats(2, 12, 9, 8), values(ROIS, floats(1).dtype), scale, 3, 2) for floats in FLOATS for scale in (1.0, 0.5, 0.3)
] + [
    call(f"{V}ps_roi_pool", f32(2, 12, 9, 8), f32(0, 5), 0.5, 3, 2),
    program("ps_roi_pool of open sizes", lambda x, p: ops.ps_roi_pool(x, rois_of(p), 2, 0.5), f32(1, 8, H, 8), f32(N, 4).within(0, 9)),
]  # fmt: skip

# ---- deformable convolutions ----


def convolution(name, filters, offset, *, image=(2, 4, 7, 6), floats=f32, mask=None, bias=False, **how):
    """weight [filters], offset [batch, groups * kernel * 2, rows, columns]."""

    def run(x, w, o, *rest):
        rest = list(rest)
        return ops.deform_conv2d(x, o, w, rest.pop() if bias else None, mask=rest.pop(0) if mask else None, **how)

    samples = [floats(*image), weight(floats(*filters)), floats(*offset)]
    samples += [floats(*mask).within(0, 1)] if mask else []
    samples += [weight(floats(filters[0]))] if bias else []
    return program(f"deform_conv2d: {name}", run, *samples)


DEFORMABLE = [
    convolution("3 by 3", (5, 4, 3, 3), (2, 18, 5, 4)),
    convolution("bias", (5, 4, 3, 3), (2, 18, 5, 4), bias=True),
    convolution("mask", (5, 4, 3, 3), (2, 18, 5, 4), mask=(2, 9, 5, 4)),
    convolution("mask and bias", (5, 4, 3, 3), (2, 18, 5, 4), mask=(2, 9, 5, 4), bias=True),
    convolution("a kernel of other sides", (5, 4, 2, 3), (2, 12, 6, 4), mask=(2, 6, 6, 4)),
    convolution("stride, padding, dilation", (5, 4, 3, 2), (2, 12, 3, 9), stride=(2, 1), padding=(1, 3), dilation=(2, 3), bias=True),
    convolution("groups", (6, 2, 3, 3), (2, 18, 5, 4), mask=(2, 9, 5, 4)),
    convolution("offset groups", (5, 4, 3, 3), (2, 36, 5, 4), mask=(2, 18, 5, 4)),
    convolution("groups and other offset groups", (4, 2, 3, 3), (2, 72, 5, 4), bias=True),
    convolution("open sizes", (5, 4, 3, 3), (B, 18, H, 6), image=(B, 4, H, 6), mask=(B, 9, H, 6), padding=1),
    convolution("float64", (5, 4, 3, 3), (2, 18, 5, 4), mask=(2, 9, 5, 4), bias=True, floats=f64),
    convolution("float16", (5, 4, 3, 3), (2, 18, 5, 4), mask=(2, 9, 5, 4), bias=True, floats=f16),
    convolution("an image of one column", (5, 4, 1, 1), (2, 2, 7, 1), image=(2, 4, 7, 1)),
]

# ---- what they are for ----


class Detector(torch.nn.Module):
    """The second half of a detector: anchors are moved, the best boxes of each class kept and cropped, and these are looked at once more."""

    def __init__(self, crop):
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.crop = crop
        self.register_buffer("weight", torch.randn(5, 4 * 9, generator=generator))

    def forward(self, features, anchors, moves, scores, labels):
        size = anchors[:, 2:].abs() + 1
        centre = anchors[:, :2] + moves[:, :2] * size
        boxes = ops.box_convert(torch.cat([centre, size * moves[:, 2:].clamp(max=1).exp()], dim=1), "cxcywh", "xyxy")
        boxes = ops.clip_boxes_to_image(boxes, (40, 32))
        kept = ops.batched_nms(boxes, scores, labels, 0.4)
        best = boxes[kept]
        rois = torch.cat([torch.zeros_like(best[:, :1]), best], dim=1)
        crops = self.crop(features, rois, (3, 3), 0.25)
        return best, labels[kept], (crops.flatten(1) @ self.weight.t()).softmax(dim=1)


def detector(name, count, crop):
    return program(f"a detector's head, {name}", Detector(crop), f32(1, 4, 10, 8), f32(count, 4).within(4, 28), f32(count, 4).within(-1, 1),
                   f32(count).unequal(), of(torch.int64, count).within(0, 3))  # fmt: skip


PROGRAMS = [
    detector("aligned regions", 40, lambda *how: ops.roi_align(*how, sampling_ratio=2, aligned=True)),
    detector("pooled regions", 40, ops.roi_pool),
    detector("an open number of boxes", K, lambda *how: ops.roi_align(*how, sampling_ratio=-1)),
    program("the layers", torch.nn.Sequential(ops.Conv2dNormActivation(3, 4), ops.SqueezeExcitation(4, 2),
                                              ops.FrozenBatchNorm2d(4)).eval(), f32(B, 3, 8, 8)),
]  # fmt: skip

CASES = NMS + ALIGNS + POOLS + DEFORMABLE + PROGRAMS
