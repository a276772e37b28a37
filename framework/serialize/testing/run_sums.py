"""Runs the models of serializer_test.cpp by ONNX Runtime: run_sums.py FOLDER

Each *.onnx in FOLDER computes y = x + the sum of its weights, whose bytes are in STEM.weights/NAME.
"""
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime


def main():
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
    for path in paths:
        model = onnx.load(str(path), load_external_data=False)
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        x = np.linspace(-1, 1, session.get_inputs()[0].shape[1], dtype=np.float32)[None]
        expected = x
        for tensor in model.graph.initializer:
            weight = np.frombuffer((path.with_suffix(".weights") / tensor.name).read_bytes(), np.float32)
            expected = expected + weight.reshape(list(tensor.dims))
        np.testing.assert_array_equal(session.run(None, {"x": x})[0], expected)
    assert paths


main()
