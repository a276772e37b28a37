"""The commands of the README, where everything is set up already."""

import os
import pathlib
import subprocess
import time
import unittest

from command_line_case import ROOT


class SetUp(unittest.TestCase):
    def test_second_call_does_no_work(self):
        for words in ([], ["--torch"]):
            start = time.monotonic()
            run = subprocess.run([ROOT / "tools/setup", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
            self.assertLess(time.monotonic() - start, 2)

    def test_prints_where_things_are(self):
        for key in ("prefix", "python", "torch-python", "onnxruntime"):
            run = subprocess.run([ROOT / "tools/setup", "--print", key], capture_output=True, text=True)
            self.assertTrue(pathlib.Path(run.stdout.strip()).exists(), run.stdout)

    def test_refuses_what_it_does_not_know(self):
        for words in (["--colour"], ["--print", "nothing"], ["--print"]):
            self.assertEqual(subprocess.run([ROOT / "tools/setup", *words], capture_output=True).returncode, 2)


@unittest.skipUnless(pathlib.Path(os.environ["FAIRLEAD"]).resolve() == ROOT / "build/release/bin/fairlead",
                     "tools/quickstart builds build/release: elsewhere it would build for minutes")
class Quickstart(unittest.TestCase):
    def test_proves_the_example(self):
        run = subprocess.run([ROOT / "tools/quickstart"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("is ready and verified", run.stderr)
        self.assertRegex(run.stdout, r"(?m)^accuracy  9[789]\.\d\d%")
        self.assertTrue((ROOT / "build/quickstart/digits.onnx").is_file())


if __name__ == "__main__":
    unittest.main()
