"""Sequences, series, graphs and tables."""

import torch
import torch.nn.functional as F
import transformers as hf
from torch import nn

from zoo.inputs import BATCH, BATCH_AND_SEQUENCE, token_ids
from zoo.registry import Program, model


class BidirectionalLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(100, 16, padding_idx=0)
        self.r = nn.LSTM(16, 24, 2, batch_first=True, bidirectional=True, dropout=0.3)
        self.o = nn.Linear(48, 5)

    def forward(self, x):
        states, (last, _) = self.r(self.e(x))
        return self.o(torch.cat([last[-2], last[-1]], -1)).log_softmax(-1), states.max(1).values


@model("lstm_bi_classifier", "recurrent")
def _():
    return Program(BidirectionalLstm(), lambda b, s: ((token_ids(b, s),), {}), BATCH_AND_SEQUENCE, ({0: "b", 1: "s"},))


@model("patchtst", "timeseries")
def _():
    patches = {"num_input_channels": 2, "context_length": 32, "patch_length": 8, "patch_stride": 8}
    layers = {"d_model": 16, "num_attention_heads": 2, "num_hidden_layers": 2, "ffn_dim": 32}
    forecaster = hf.PatchTSTForPrediction(hf.PatchTSTConfig(**patches, **layers, prediction_length=6))
    return Program(forecaster, lambda b: ((), {"past_values": torch.randn(b, 32, 2)}), BATCH, {"past_values": {0: "b"}})


class GraphAttention(nn.Module):
    """Message passing written with scatter and index operators: attention over edges, degrees, a mean over each graph."""

    def __init__(self):
        super().__init__()
        self.w = nn.Linear(8, 16)
        self.a = nn.Linear(32, 1)
        self.e = nn.Linear(16, 16)
        self.o = nn.Linear(16, 3)

    def attend(self, h, source, target, nodes):
        """For each node the sum of its neighbours, weighted by a softmax over its incoming edges."""
        of_source, of_target = h[source], h.index_select(0, target)
        score = F.leaky_relu(self.a(torch.cat([of_source, of_target], -1))).squeeze(-1)
        largest = torch.full((nodes,), -1e9).scatter_reduce(0, target, score, "amax")
        weight = (score - largest[target]).exp()
        total = torch.zeros(nodes).scatter_add(0, target, weight)
        messages = of_source * (weight / (total[target] + 1e-9)).unsqueeze(-1)
        return torch.zeros_like(h).index_add(0, target, messages)

    def forward(self, x, ei, batch):
        nodes = x.shape[0]
        h = self.w(x)
        source, target = ei[0], ei[1]
        h = h + self.attend(h, source, target, nodes)
        degree = torch.zeros(nodes).index_add_(0, target, torch.ones(target.shape[0]))
        h = F.elu(self.e(h)) / (1 + degree).unsqueeze(1)
        graph_of = batch.unsqueeze(1).expand(-1, 16)
        graphs = torch.zeros(4, 16).scatter_reduce_(0, graph_of, h, reduce="mean", include_self=False)
        return self.o(graphs), h


@model("gnn_gat", "graph")
def _():
    def make_inputs(n, e):
        return (torch.randn(n, 8), torch.randint(0, n, (2, e)), torch.arange(n) % 4), {}

    return Program(GraphAttention(), make_inputs, {"n": (10, 14), "e": (24, 37)}, ({0: "n"}, {1: "e"}, {0: "n"}))


class Recommender(nn.Module):
    """Bags of embeddings by sum, mean and maximum, and the products of all pairs of features."""

    def __init__(self):
        super().__init__()
        self.e = nn.ModuleList([nn.EmbeddingBag(50, 8, mode=mode) for mode in ("sum", "mean", "max")])
        self.b = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 8), nn.ReLU())
        self.t = nn.Sequential(nn.Linear(8 + 6, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())

    def forward(self, d, i):
        features = [self.b(d)] + [bag(i[:, k]) for k, bag in enumerate(self.e)]
        stacked = torch.stack(features, 1)
        products = torch.bmm(stacked, stacked.transpose(1, 2))
        rows, columns = torch.tril_indices(4, 4, -1)
        return self.t(torch.cat([features[0], products[:, rows, columns]], 1))


@model("dlrm_embeddingbag", "recommender")
def _():
    def make_inputs(b):
        return (torch.randn(b, 5), torch.randint(0, 50, (b, 3, 4))), {}

    return Program(Recommender(), make_inputs, BATCH, ({0: "b"}, {0: "b"}))


class Table(nn.Module):
    """Columns of categories and of numbers with gaps (NaN)."""

    CATEGORIES = (7, 12, 3)

    def __init__(self):
        super().__init__()
        self.e = nn.ModuleList([nn.Embedding(count, 4) for count in self.CATEGORIES])
        self.n = nn.BatchNorm1d(6)
        first = [nn.Linear(18, 32), nn.SELU(), nn.BatchNorm1d(32), nn.Dropout(0.2)]
        last = [nn.Linear(32, 32), nn.Mish(), nn.LayerNorm(32), nn.Linear(32, 2), nn.Hardswish()]
        self.f = nn.Sequential(*first, *last)

    def forward(self, c, x):
        x = torch.where(torch.isnan(x), torch.zeros_like(x), x)
        embedded = [embedding(c[:, i]) for i, embedding in enumerate(self.e)]
        return self.f(torch.cat([*embedded, self.n(x)], 1)).softmax(1)


@model("tabular_mlp", "tabular")
def _():
    def make_inputs(b):
        numbers = torch.randn(b, 6)
        numbers[0, 2] = float("nan")
        return (torch.stack([torch.randint(0, count, (b,)) for count in Table.CATEGORIES], 1), numbers), {}

    return Program(Table(), make_inputs, BATCH, ({0: "b"}, {0: "b"}))


class TiedLanguageModel(nn.Module):
    """One weight in two places, and buffers that are strided views of one storage."""

    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(50, 16)
        self.t = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, norm_first=True)
        self.p = nn.Parameter(torch.randn(1, 32, 16))
        self.d = nn.Linear(16, 50, bias=False)
        self.d.weight = self.e.weight
        shared = torch.arange(96.0)
        self.register_buffer("v1", shared[8:40].view(2, 16))
        self.register_buffer("v2", shared.view(16, 6).t()[:2])

    def forward(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        h = self.t(self.e(x) + self.p[:, : x.shape[1]], src_mask=mask, is_causal=True)
        return self.d(h + (self.v1.sum(0) + self.v2.sum(0)) * 1e-2)


@model("tied_weights_lm", "plain")
def _():
    return Program(TiedLanguageModel(), lambda b, s: ((token_ids(b, s, 50),), {}), BATCH_AND_SEQUENCE, ({0: "b", 1: "s"},))


class Residuals(nn.Module):
    """Over two gigabytes of weights, which no protobuf message holds."""

    WIDTH = 8192

    def __init__(self):
        super().__init__()
        self.l = nn.ModuleList([nn.Linear(self.WIDTH, self.WIDTH) for _ in range(8)])
        self.o = nn.Linear(self.WIDTH, 600)

    def forward(self, x):
        for layer in self.l:
            x = x + F.gelu(layer(x))
        return self.o(x)


@torch.no_grad()
def fill_quickly(module):
    """Weights from one short random pattern; drawing half a billion numbers would take minutes."""
    for parameter in module.parameters():
        if parameter.ndim != 2:
            parameter.copy_(torch.randn_like(parameter) * 0.05)
            continue
        count = parameter.numel()
        pattern = torch.rand(1 << 16).repeat(count // (1 << 16) + 1)[:count]
        parameter.view(-1)[:] = (pattern - 0.5) * 0.02
        parameter += torch.randn(parameter.shape[0], 1) * 0.001  # no two rows alike
    return module


@model("mlp_540m", "tabular", "big")
def _():
    with torch.device("meta"):
        module = Residuals()
    module = fill_quickly(module.to_empty(device="cpu"))
    sample = Residuals.WIDTH
    return Program(module, lambda b: ((torch.randn(b, sample),), {}), BATCH, ({0: "b"},), randomize=False)
