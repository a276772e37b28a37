"""The other side of the benchmark: torch.onnx on the same file, loaded, exported and saved in a process of its own."""
import importlib
import sys

import torch

program, output, opset, module = sys.argv[1:5]
if module:
    importlib.import_module(module)
exported = torch.export.load(program)
torch.onnx.export(exported, dynamo=True, opset_version=int(opset), verbose=False).save(output, external_data=True)
