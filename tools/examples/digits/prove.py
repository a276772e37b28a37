"""Judges an exported digits model, without Fairlead: ONNX's checker, then ONNX Runtime on scans the network was not trained on.

    python tools/examples/digits/prove.py digits.onnx

Every image's logits have to equal those that PyTorch computed (heldout.safetensors) within rtol 1e-3 and atol 1e-4 of the
largest logit. Exit 1 when they do not.
"""

import pathlib
import sys

import numpy
import onnx
import onnxruntime
from safetensors.numpy import load_file

RTOL, ATOL = 1e-3, 1e-4
FOLDER = pathlib.Path(__file__).parent


def main(path):
    onnx.checker.check_model(path, full_check=True)
    expected = load_file(FOLDER / "heldout.safetensors")
    labels = numpy.load(FOLDER / "labels.npy")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"images": expected["images"]})

    if logits.shape != expected["logits"].shape or logits.dtype != expected["logits"].dtype:
        sys.exit(f"logits are {logits.dtype}{logits.shape}, PyTorch's are {expected['logits'].dtype}{expected['logits'].shape}")
    difference = numpy.abs(logits - expected["logits"])
    limit = RTOL * numpy.abs(expected["logits"]) + ATOL * numpy.abs(expected["logits"]).max()
    wrong = int(numpy.any(~(difference <= limit), axis=1).sum())
    right = int((logits.argmax(axis=1) == labels).sum())
    print(f"logits    {len(labels) - wrong} of {len(labels)} held-out scans equal PyTorch's, max abs {difference.max():.1e}")
    print(f"accuracy  {right / len(labels):.2%} ({right} of {len(labels)} digits read right, PyTorch: "
          f"{int((expected['logits'].argmax(axis=1) == labels).sum())})")
    if wrong:
        sys.exit(f"{wrong} scans have other logits than PyTorch's: the exported model is wrong")


if __name__ == "__main__":
    main(sys.argv[1])
