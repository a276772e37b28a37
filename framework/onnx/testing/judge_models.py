"""Judges ONNX files by ONNX's own Python package: judge_models.py FOLDER

Every *.onnx in FOLDER must pass onnx.checker with full check. Where FOLDER/STEM.weights exists, it has one file per
initializer, with the bytes the initializer must have; there must be no other initializer. Prints one line per failure.
"""
import pathlib
import sys

import onnx
import onnx.checker
import onnx.external_data_helper
import onnx.numpy_helper


def stored_bytes(tensor, folder):
    if not onnx.external_data_helper.uses_external_data(tensor):
        return tensor.raw_data
    entries = {e.key: e.value for e in tensor.external_data}
    with open(folder / entries["location"], "rb") as file:
        file.seek(int(entries.get("offset", 0)))
        return file.read(int(entries["length"]))


def judge(path):
    onnx.checker.check_model(str(path), full_check=True)
    model = onnx.load(str(path), load_external_data=False)
    expected = path.with_suffix(".weights")
    if not expected.exists():
        return
    names = {tensor.name for tensor in model.graph.initializer}
    wanted = {file.name for file in expected.iterdir()}
    if names != wanted:
        raise ValueError(f"initializers {sorted(names)}, expected {sorted(wanted)}")
    for tensor in model.graph.initializer:
        if stored_bytes(tensor, path.parent) != (expected / tensor.name).read_bytes():
            raise ValueError(f"initializer {tensor.name} has other bytes")
        onnx.numpy_helper.to_array(tensor, base_dir=str(path.parent))


def main():
    failed = 0
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
    for path in paths:
        try:
            judge(path)
        except Exception as error:  # whatever ONNX raises is the verdict
            failed += 1
            print(f"{path.name}: {error}")
    print(f"{len(paths)} models judged, {failed} failed")
    sys.exit(1 if failed or not paths else 0)


main()
