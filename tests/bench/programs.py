"""Programs of any length and weight for benchmarks, made from small ones that torch.export wrote.

A chain of 100,000 nodes takes torch.export longer than anything that is to be measured, so a chain of one node is exported
and its archive is written again with that node repeated. Weights are likewise one archive with larger payloads.
"""
import copy
import json
import pathlib
import sys
import zipfile

import torch


class _Chain(torch.nn.Module):
    def forward(self, x):
        return torch.sigmoid(x)


class _Layers(torch.nn.Module):
    def __init__(self, width, layers):
        super().__init__()
        self.layers = torch.nn.Sequential(*[torch.nn.Linear(width, width) for _ in range(layers)])

    def forward(self, x):
        return self.layers(x)


def _rewritten(source: pathlib.Path, target: pathlib.Path, change):
    """Copies an archive; `change(program)` edits its models/model.json."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("models/model.json"):
                program = json.loads(data)
                change(program)
                data = json.dumps(program).encode()
            new.writestr(name, data)


def make_chain(folder: pathlib.Path, nodes: int) -> pathlib.Path:
    """x → sigmoid → sigmoid → …, `nodes` of them, every value f32[2,8]."""
    seed, target = folder / "chain_seed.pt2", folder / f"chain_{nodes}.pt2"
    if target.exists():
        return target
    torch.export.save(torch.export.export(_Chain(), (torch.rand(2, 8),)), seed)

    def repeat(program):
        graph = program["graph_module"]["graph"]
        first, values = graph["nodes"][0], graph["tensor_values"]
        name = first["outputs"][0]["as_tensor"]["name"]
        previous = name
        for i in range(1, nodes):
            node = copy.deepcopy(first)
            node["inputs"][0]["arg"] = {"as_tensor": {"name": previous}}
            previous = f"{name}_{i}"
            node["outputs"] = [{"as_tensor": {"name": previous}}]
            values[previous] = values[name]
            graph["nodes"].append(node)
        graph["outputs"] = [{"as_tensor": {"name": previous}}]
        for spec in program["graph_module"]["signature"]["output_specs"]:
            spec["user_output"]["arg"] = {"as_tensor": {"name": previous}}

    _rewritten(seed, target, repeat)
    return target


def make_layers(folder: pathlib.Path, parameters: int, layers: int = 10) -> pathlib.Path:
    """A chain of `layers` linear maps with about that many parameters in all."""
    target = folder / f"layers_{parameters}.pt2"
    if not target.exists():
        width = int((parameters / layers) ** 0.5)
        model = _Layers(width, layers).eval()
        torch.export.save(torch.export.export(model, (torch.rand(2, width),)), target)
    return target


if __name__ == "__main__":
    made = {"chain": make_chain, "layers": make_layers}[sys.argv[1]]
    print(made(pathlib.Path(sys.argv[2]), int(sys.argv[3])))
