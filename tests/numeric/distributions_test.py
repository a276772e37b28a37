"""What random operators draw: other numbers on each run, of the right mean and variance, and the same with --seed.

FAIRLEAD is the tool; the programs are the cases of family random that have moments. A mean or variance is right within five standard
deviations of its estimate.
"""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy
import onnx
import onnxruntime
from safetensors.numpy import load_file

from cache import family_folder

FAIRLEAD = os.environ["FAIRLEAD"]


def cases():
    for path in sorted(family_folder("random").glob("[0-9]*.json")):
        description = json.loads(path.read_text())
        if description["moments"]:
            yield description, path.with_suffix("")


class Distributions(unittest.TestCase):
    def exported(self, program, *options):
        model = Path(self.folder.name, "model.onnx")
        run = subprocess.run([FAIRLEAD, "export", program, "-o", model, *options], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("FL2016", run.stderr)
        return model.read_bytes()

    def open(self, model, stem):
        """What runs the model, for one sample on each call."""
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        values = [value for key, value in sorted(load_file(f"{stem}.io.safetensors").items()) if key.startswith("a.in.")]
        feeds = {port.name: value for port, value in zip(session.get_inputs(), values, strict=True)}
        return lambda: session.run(None, feeds)[0].astype(numpy.float64)

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="fairlead-draws-")
        self.addCleanup(self.folder.cleanup)

    def test_moments(self):
        count = 0
        for description, stem in cases():
            with self.subTest(description["name"]):
                sample = self.open(self.exported(f"{stem}.pt2"), stem)().ravel()
                mean, variance = description["moments"]
                self.assertLess(abs(sample.mean() - mean), 5 * numpy.sqrt(variance / sample.size))
                fourth = numpy.mean((sample - sample.mean()) ** 4)
                self.assertLess(abs(sample.var() - variance), 5 * numpy.sqrt((fourth - sample.var() ** 2) / sample.size) + 1e-9)
            count += 1
        self.assertGreater(count, 15)

    def test_runs_differ_and_a_seed_repeats_them(self):
        for description, stem in cases():
            with self.subTest(description["name"]):
                draw = self.open(self.exported(f"{stem}.pt2"), stem)
                self.assertFalse(numpy.array_equal(draw(), draw()))
                seven, again, eight = (self.open(self.exported(f"{stem}.pt2", "--seed", seed), stem)() for seed in ("7", "7", "8"))
                self.assertTrue(numpy.array_equal(seven, again))
                self.assertFalse(numpy.array_equal(seven, eight))

    def test_seeded_operators_of_a_model_differ(self):
        (stem,) = [stem for description, stem in cases() if "alpha_dropout" in description["name"]]
        text = self.exported(f"{stem}.pt2", "--seed", "7")
        seeds = [a.f for node in onnx.load_from_string(text).graph.node for a in node.attribute if a.name == "seed"]
        self.assertEqual(seeds, [7.0, 8.0])


if __name__ == "__main__":
    unittest.main()
