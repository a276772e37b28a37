"""The example that ships with the project, and that its proof can fail."""

import os
import struct
import subprocess
import sys
import unittest
import zipfile

from command_line_case import DIGITS, CommandLineCase


class Digits(CommandLineCase):
    def prove(self):
        return subprocess.run([sys.executable, DIGITS / "prove.py", self.folder / "digits.onnx"], capture_output=True, text=True)

    def test_is_proved_on_held_out_scans(self):
        self.succeeds("export", self.digits(), "--expect", DIGITS / "heldout.safetensors")
        proof = self.prove()
        self.assertEqual(proof.returncode, 0, proof.stderr)
        self.assertRegex(proof.stdout, r"(?m)^logits    360 of 360 held-out scans equal PyTorch's")
        self.assertRegex(proof.stdout, r"(?m)^accuracy  9[789]\.\d\d%")

    def test_one_flipped_sign_fails_the_proof(self):
        digits = self.digits()
        self.flip_largest_weight(digits)
        self.succeeds("export", digits)
        proof = self.prove()
        self.assertEqual(proof.returncode, 1, proof.stdout)
        self.assertIn("the exported model is wrong", proof.stderr)
        run = self.fairlead("export", digits, "--expect", DIGITS / "heldout.safetensors")
        self.assertEqual(run.returncode, 13, run.stderr)
        self.assertIn("error FL8001", run.stderr)

    def test_flipped_weight_breaks_its_checksum(self):
        digits = self.digits()
        self.flip_largest_weight(digits)
        self.fails(10, "export", digits, "--check-crc", rule="FL1001")

    def flip_largest_weight(self, program):
        """The sign of the last layer's largest weight, in the archive's own bytes."""
        with zipfile.ZipFile(program) as archive:
            (entry,) = [info for info in archive.infolist() if info.file_size == 10 * 256 * 4]
            values = struct.unpack("<2560f", archive.read(entry))
        largest = max(range(len(values)), key=lambda i: abs(values[i]))
        content = bytearray(program.read_bytes())
        name, extra = struct.unpack_from("<HH", content, entry.header_offset + 26)
        content[entry.header_offset + 30 + name + extra + 4 * largest + 3] ^= 0x80
        program.write_bytes(content)

    def test_is_small_enough_to_be_committed(self):
        self.assertLess(os.path.getsize(DIGITS / "digits.pt2"), 1_000_000)


if __name__ == "__main__":
    unittest.main()
