"""Files that are not what they should be: the exit code of the table, the rule, and nothing written."""

import io
import json
import os
import random
import struct
import subprocess
import tempfile
import unittest
import zipfile

import numpy
from safetensors.numpy import save_file

from command_line_case import FAIRLEAD, FIXTURES, CommandLineCase

# One program for each archive layout, and how many broken copies of each are made.
LAYOUTS = {
    "flat zip": FIXTURES / "pt2-2.6.0/mut.pt2",
    "2.8": FIXTURES / "pt2-2.8.0/count.pt2",
    "2.9 and later": FIXTURES / "pt2-2.14.1/mut.pt2",
}


RUBBISH = [None, True, -1, 0, 1, 2**31, 2**63, -(2**63), 2**200, 1e308, float("nan"), "", "x", "aten", "\0", "../../etc/passwd",
           "s0" * 500, [], {}, [[[[]]]], {"as_tensor": {"name": "x"}}, {"as_int": "1"}, {"a": 1, "b": 2}]


def change_something(value, chance, path=""):
    """Walks down at random and breaks one thing: a value becomes rubbish, a member goes, comes twice or trades places."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    if not keys:
        return path + ": nothing to change"
    key = chance.choice(list(keys))
    if isinstance(value[key], (dict, list)) and value[key] and chance.random() < 0.85:
        return change_something(value[key], chance, f"{path}/{key}")
    what = chance.choice(("rubbish", "rubbish", "gone", "twice", "other"))
    if what == "gone":
        del value[key]
    elif what == "twice" and isinstance(value, list):
        value.append(value[key])
    elif what == "other":
        value[key] = value[chance.choice(list(keys))]
    else:
        value[key] = chance.choice(RUBBISH)
    return f"{path}/{key}: {what}"


class SomethingElse(CommandLineCase):
    def refused(self, path, exit_code=10):
        for command in ("export", "scan"):
            run = self.fails(exit_code, command, path, rule="FL1001")
            self.assertIn("   try   ", run.stderr)
        return run.stderr

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def test_is_named(self):
        save_file({"x": numpy.zeros(3, numpy.float32)}, self.folder / "weights.safetensors")
        self.assertIn("safetensors", self.refused(self.folder / "weights.safetensors"))
        (script,) = list((FIXTURES / "torchscript").iterdir())[:1]
        self.assertIn("TorchScript", self.refused(self.copy(script)))
        self.assertIn("empty", self.refused(self.write("empty.pt2", b"")))
        self.refused(self.write("text.pt2", b"hello world\n" * 100))
        self.refused(self.write("elf.pt2", b"\x7fELF" + bytes(1000)))

    def test_archive_without_a_program_is_named(self):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("model/readme.txt", "nothing here")
        self.refused(self.write("other.pt2", content.getvalue()))

    def test_folder_missing_file_and_device_are_named(self):
        (self.folder / "folder.pt2").mkdir()
        self.refused(self.folder / "folder.pt2")
        self.refused(self.folder / "missing.pt2")
        self.refused("/dev/zero")

    def test_onnx_is_shown_but_not_exported(self):
        self.succeeds("export", self.digits())
        self.succeeds("show", "digits.onnx")
        self.fails(10, "export", "digits.onnx", "-o", "again.onnx", rule="FL1001")

    def test_expected_values_that_are_none_are_refused(self):
        self.write("io.npz", b"PK\x03\x04 and then nothing")
        run = self.fairlead("export", self.digits(), "--expect", "io.npz")
        self.assertEqual(run.returncode, 10, run.stderr)


class BrokenArchives(CommandLineCase):
    """At least 200 mutations of each layout. What a mutation leaves intact is exported; all else is refused."""

    ALLOWED = {0, 10, 11, 12}
    MOST_SECONDS, MOST_BYTES = 2, 512 << 20
    SANITIZED = bool(os.environ.get("FAIRLEAD_SANITIZE"))  # which costs time and memory of its own

    def outcome(self, name, content):
        path = self.folder / "broken.pt2"
        path.write_bytes(content)
        with tempfile.TemporaryFile("w+") as errors:
            process = subprocess.Popen([FAIRLEAD, "export", path, "-o", "out.onnx", "-q"], cwd=self.folder, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            text = errors.read()
        if not self.SANITIZED:
            self.assertLess(usage.ru_utime + usage.ru_stime, self.MOST_SECONDS, name)
            self.assertLess(usage.ru_maxrss * 1024, self.MOST_BYTES, name)
        return self.judged(name, process.returncode, text)

    def judged(self, name, returncode, errors):
        self.assertIn(returncode, self.ALLOWED, f"{name}: {errors}")
        written = {entry.name for entry in self.folder.iterdir()} - {"broken.pt2"}
        if returncode == 0:
            self.assertEqual(written, {"out.onnx"}, name)
            (self.folder / "out.onnx").unlink()
        else:
            self.assertEqual(written, set(), name)
            self.assertRegex(errors, r"(?m)^error FL\d{4}: ", name)
        return returncode

    def test_truncated(self):
        for layout, program in LAYOUTS.items():
            content = program.read_bytes()
            for length in numpy.linspace(0, len(content) - 1, 70, dtype=int):
                with self.subTest(layout=layout, length=length):
                    self.assertEqual(self.outcome(f"{layout} cut at {length}", content[:length]), 10)

    def test_flipped_bits(self):
        for layout, program in LAYOUTS.items():
            content = program.read_bytes()
            chance = random.Random(layout)
            refused = 0
            for _ in range(130):
                broken = bytearray(content)
                places = [chance.randrange(len(content)) for _ in range(chance.choice((1, 1, 4, 16)))]
                for place in places:
                    broken[place] ^= 1 << chance.randrange(8)
                with self.subTest(layout=layout, places=places):
                    refused += self.outcome(f"{layout} flipped at {places}", broken) != 0
            self.assertGreater(refused, 0)

    def test_lying_json(self):
        """Programs whose checksums are right and whose words are wrong."""
        for layout, program in LAYOUTS.items():
            chance = random.Random("json of " + layout)
            with zipfile.ZipFile(program) as archive:
                members = {info.filename: archive.read(info) for info in archive.infolist()}
            (name,) = [name for name in members if name.endswith(("models/model.json", "serialized_exported_program.json"))]
            refused = 0
            for round_ in range(100):
                document = json.loads(members[name])
                changes = [change_something(document, chance) for _ in range(chance.choice((1, 1, 2, 5)))]
                content = io.BytesIO()
                with zipfile.ZipFile(content, "w") as archive:
                    for member, data in members.items():
                        archive.writestr(member, json.dumps(document) if member == name else data)
                with self.subTest(layout=layout, round=round_, changes=changes):
                    refused += self.outcome(f"{layout} {changes}", content.getvalue()) != 0
            self.assertGreater(refused, 20)

    def test_bombs(self):
        """A few kilobytes that become a gigabyte, and words that nest for ever."""
        with zipfile.ZipFile(LAYOUTS["2.9 and later"]) as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist()}
        (name,) = [name for name in members if name.endswith("models/model.json")]
        for title, (start, piece, count) in {"spaces": (b"", b" ", 1 << 30), "nesting": (b"", b"[", 1 << 20),
                                             "string": (b'"', b"a", 1 << 30)}.items():
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                for member, data in members.items():
                    if member != name:
                        archive.writestr(member, data)
                with archive.open(name, "w") as bomb:  # in pieces: a child's peak memory begins with its parent's
                    bomb.write(start)
                    for _ in range(count >> 20):
                        bomb.write(piece * (1 << 20))
            with self.subTest(title):
                self.assertEqual(self.outcome(title, content.getvalue()), 10)

    def test_lying_directories(self):
        """Every field of every record of the central directory, set to its extremes."""
        for layout, program in LAYOUTS.items():
            content = program.read_bytes()
            start = content.rindex(b"PK\x05\x06")
            (directory,) = struct.unpack_from("<I", content, start + 16)
            for field, form in ((8, "<H"), (10, "<H"), (20, "<I"), (24, "<I"), (28, "<H"), (30, "<H"), (42, "<I")):
                for value in (0, 1, 0x7FFF, 0xFFFF) if form == "<H" else (0, 1, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF):
                    broken = bytearray(content)
                    struct.pack_into(form, broken, directory + field, value)
                    with self.subTest(layout=layout, field=field, value=value):
                        self.outcome(f"{layout} field {field} = {value}", broken)


if __name__ == "__main__":
    unittest.main()
