"""What the tests of the command line stand on: the built tool, run as a user runs it.

FAIRLEAD is the tool, FAIRLEAD_ONNXRUNTIME the library that ep_ort opens; ctest sets both.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIGITS = ROOT / "tools/examples/digits"
FIXTURES = ROOT / "tests/data/fixtures"
FAIRLEAD = pathlib.Path(os.environ["FAIRLEAD"]).resolve()


class CommandLineCase(unittest.TestCase):
    """Each test has an empty folder, which is the current one of the commands it runs."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fairlead-cli-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def fairlead(self, *words, cwd=None, env=None, timeout=120):
        return subprocess.run([FAIRLEAD, *map(str, words)], cwd=cwd or self.folder, env={**os.environ, **(env or {})},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)

    def succeeds(self, *words, **settings):
        run = self.fairlead(*words, **settings)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run

    def fails(self, exit_code, *words, rule=None, **settings):
        """Ends with this code, names the rule on standard error and leaves the folder as it was."""
        before = self.content()
        run = self.fairlead(*words, **settings)
        self.assertEqual(run.returncode, exit_code, run.stderr)
        if rule:
            self.assertIn(f"error {rule}: ", run.stderr)
        self.assertEqual(sorted(self.content()), sorted(before), "something was left in the folder")
        self.assertTrue(self.content() == before, "a file was changed")
        return run

    def content(self):
        return {path.relative_to(self.folder): path.is_file() and path.read_bytes() for path in self.folder.rglob("*")}

    def digits(self):
        return self.copy(DIGITS / "digits.pt2")

    def copy(self, path):
        target = self.folder / path.name
        shutil.copy(path, target)
        return target
