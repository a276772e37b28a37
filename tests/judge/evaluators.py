"""What runs an ONNX file: ONNX Runtime, and onnx.reference where ONNX Runtime has no kernel."""

import ctypes

import numpy as np
import onnxruntime
from onnx.reference import ReferenceEvaluator
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as KernelMissing

from tensors import ELEMENT_TYPES, ONNX_TYPES


class OnnxRuntime:
    """One thread, default optimisations, as a user would run the file, but for one: quantized operators are not fused into
    kernels of 8-bit integers, which saturate on processors without VNNI."""

    def __init__(self, path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.name = f"onnxruntime {onnxruntime.__version__}"

    def run(self, feeds):
        names = [output.name for output in self._session.get_outputs()]
        values = {name: self._value(array) for name, array in feeds.items()}
        results = self._session.run_with_ort_values(names, values)
        return dict(zip(names, map(self._array, results)))

    @staticmethod
    def _value(array):
        """An OrtValue of any type; numpy's own interface there knows no bfloat16 and no float8."""
        array = np.asarray(array, order="C")
        element = ELEMENT_TYPES[array.dtype]
        if array.dtype.isbuiltin == 1:
            return onnxruntime.OrtValue.ortvalue_from_numpy(array)
        raw = array.view(np.uint16 if array.dtype.itemsize == 2 else np.uint8)
        return onnxruntime.OrtValue.ortvalue_from_numpy_with_onnx_type(raw, element)

    @staticmethod
    def _array(value):
        dtype = np.dtype(ONNX_TYPES[value.element_type()])
        if dtype.isbuiltin == 1:
            return value.numpy()
        shape = tuple(value.shape())
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        raw = ctypes.string_at(value.data_ptr(), size) if size else b""
        return np.frombuffer(raw, dtype).reshape(shape)


class Reference:
    """ONNX's own definition of every operator, in Python: slow."""

    name = "onnx.reference"

    def __init__(self, path):
        self._evaluator = ReferenceEvaluator(str(path))

    def run(self, feeds):
        return dict(zip(self._evaluator.output_names, map(np.asarray, self._evaluator.run(None, feeds))))


def open_model(path):
    """ONNX Runtime, or the reference when it says that it has no kernel for something in the model."""
    try:
        return OnnxRuntime(path)
    except KernelMissing:
        return Reference(path)
