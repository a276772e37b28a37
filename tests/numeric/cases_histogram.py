"""Histograms, and counts of whole numbers."""

import math

import torch
from cases import D, call, f32, f64, i32, i64, u8, values

N = D("n", 5, 8)
INF, NAN = math.inf, math.nan
EDGES = values([-2.0, -0.5, 0.0, 2.0])
POINTS = values([[-2.0, 0.0], [2.0, 2.0], [0.5, -0.5], [NAN, 1.0], [-9.0, 0.0], [0.25, 0.25]])

HISTC = [
    call("aten::histc", f32(N, 3), 5, -2, 2),
    call("aten::histc", f32(N), 4),
    call("aten::histc", f64(9), 7, -1.5, 2.5),
    call("aten::histc", f32()),
    call("aten::histc", f32(0), 3),
    call("aten::histc", values([2.0, 2.0]), 4),
    call("aten::histc", values([0.0, 1.0, NAN, 3.0, INF, -INF]), 3, 0, 3),
]
HISTOGRAMS = [
    call("aten::histogram.bins_tensor", f32(5, 3), EDGES),
    call("aten::histogram.bins_tensor", values([-2.0, -0.5, 2.0, 2.5, -3.0, NAN]), EDGES),
    call("aten::histogram.bins_tensor", f32(9), EDGES, weight=f32(9).within(0, 1), density=True),
    call("aten::histogram.bins_tensor", f32(3, 3), EDGES, density=True),
    call("aten::histogram.bins_tensor", f64(9), values([-1.0, 1.0], torch.float64)),
    call("aten::histogram.bins_tensor", f32(2, 0), EDGES),
    call("aten::histogram.bin_ct", f32(5), 4),
    call("aten::histogram.bin_ct", f32(3, 3), 3, range=[-2.0, 1.0]),
    call("aten::histogram.bin_ct", f32(9), 5, weight=f32(9), density=True),
    call("aten::histogram.bin_ct", values([1.0, 1.0]), 2),
    call("aten::histogram.bin_ct", f32(0), 2),
    call("aten::histogram.bin_ct", f32(), 2, range=[1.0, 1.0]),
]
MANY = [
    call("aten::histogramdd", f32(9, 2), [2, 3]),
    call("aten::histogramdd", f32(2, 4, 2), [2, 3], range=[-2.0, 2.0, -1.0, 3.0], density=True),
    call("aten::histogramdd.int_bins", f32(9, 2), 3),
    call("aten::histogramdd.TensorList_bins", POINTS, [EDGES, values([-0.5, 0.0, 2.0])]),
    call("aten::histogramdd.TensorList_bins", f32(9, 2), [EDGES, EDGES], weight=f32(9), density=True),
    call("aten::_histogramdd_bin_edges", f32(9, 2), [2, 3]),
    call("aten::_histogramdd_from_bin_cts", f32(9, 2), [2, 3], weight=f32(9)),
    call("aten::_histogramdd_from_bin_tensors", f32(9, 2), [EDGES, EDGES], density=True),
]
COUNTS = [
    call("aten::bincount", i64(9).within(0, 5)),
    call("aten::bincount", u8(N).within(0, 5), minlength=7),
    call("aten::bincount", i32(9).within(0, 5), f32(9)),
    call("aten::bincount", i64(9).within(0, 5), f64(9), 2),
    call("aten::bincount", i64(9).within(0, 5), i64(9), 9),
    call("aten::bincount", i64(0), minlength=3),
]

CASES = HISTC + HISTOGRAMS + MANY + COUNTS
