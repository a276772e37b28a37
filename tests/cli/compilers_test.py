"""The tool built by clang writes the very bytes that the tool built by gcc writes.

FAIRLEAD_BY_CLANG names the other tool; tools/test builds it.
"""

import os
import subprocess
import unittest

from command_line_case import FAIRLEAD, CommandLineCase, every_program

OTHER = os.environ["FAIRLEAD_BY_CLANG"]


@unittest.skipUnless(os.path.exists(OTHER), f"{OTHER} is not built")
class Compilers(CommandLineCase):
    def exported_by(self, tool, name):
        folder = self.folder / name
        folder.mkdir()
        rows = [f"{program}\t{name}/{program.parent.name}-{program.stem}.onnx\n" for program in every_program()]
        listed = self.folder / f"{name}.tsv"
        listed.write_text("".join(rows))
        run = subprocess.run([tool, "export", "--batch", listed], cwd=self.folder, capture_output=True, text=True)
        return run.stdout.replace(f'"{name}/', '"'), {path.name: path.read_bytes() for path in folder.iterdir()}

    def test_agree_on_every_fixture(self):
        lines, files = self.exported_by(FAIRLEAD, "gcc")
        other_lines, other_files = self.exported_by(OTHER, "clang")
        self.assertGreater(len(files), 20)
        self.assertEqual(other_lines, lines)
        self.assertEqual(sorted(other_files), sorted(files))
        self.assertEqual([name for name in files if files[name] != other_files[name]], [])


if __name__ == "__main__":
    unittest.main()
