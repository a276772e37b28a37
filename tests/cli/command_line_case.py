"""What the tests of the command line stand on: the built tool, run as a user runs it.

FAIRLEAD is the tool, FAIRLEAD_ONNXRUNTIME the library that ep_ort opens; ctest sets both.
"""

import io
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIGITS = ROOT / "tools/examples/digits"
FIXTURES = ROOT / "tests/data/fixtures"
FAIRLEAD = pathlib.Path(os.environ["FAIRLEAD"]).resolve()
SANITIZED = bool(os.environ.get("FAIRLEAD_SANITIZE"))  # which costs time and memory of its own

# One program of each archive layout.
LAYOUTS = {
    "flat zip": FIXTURES / "pt2-2.6.0/mut.pt2",
    "2.8": FIXTURES / "pt2-2.8.0/count.pt2",
    "2.9 and later": FIXTURES / "pt2-2.14.1/mut.pt2",
}


def every_program():
    return [DIGITS / "digits.pt2", *sorted(FIXTURES.glob("pt2-*/*.pt2"))]


class Archive:
    """A .pt2 taken apart, to be written with another program in it. Checksums are right whatever it says."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self.members = {info.filename: archive.read(info) for info in archive.infolist()}
        names = ("models/model.json", "serialized_exported_program.json")
        (self.program,) = [member for member in self.members if member.endswith(names)]

    def document(self):
        return json.loads(self.members[self.program])

    def bytes_with(self, document):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for name, data in self.members.items():
                archive.writestr(name, json.dumps(document) if name == self.program else data)
        return content.getvalue()


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

    def edited(self, path, edit, name=None):
        """A copy of the program at `path` whose JSON `edit(document)` changed."""
        archive = Archive(path)
        document = archive.document()
        edit(document)
        target = self.folder / (name or path.name)
        target.write_bytes(archive.bytes_with(document))
        return target

    def copy(self, path):
        target = self.folder / path.name
        shutil.copy(path, target)
        return target
