"""Files that are not what they should be: the exit code of the table, the rule, and nothing written."""

import io
import json
import os
import random
import signal
import struct
import subprocess
import tempfile
import threading
import unittest
import zipfile

import numpy
from safetensors.numpy import save_file

from command_line_case import DIGITS, FAIRLEAD, FIXTURES, LAYOUTS, SANITIZED, Archive, CommandLineCase

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


class WrongWords(CommandLineCase):
    """Programs that hold together, and say what is not known or not so."""

    def refused(self, edit, exit_code, rule, sentence):
        for layout, program in LAYOUTS.items():
            with self.subTest(layout=layout):
                path = self.edited(program, edit)
                run = self.fails(exit_code, "export", path, rule=rule)
                self.assertIn(sentence, run.stderr)
                self.assertRegex(run.stderr.splitlines()[-1], rf"nothing written\. +exit {exit_code}$")

    @staticmethod
    def calls(target):
        def edit(document):
            document["graph_module"]["graph"]["nodes"][-1]["target"] = target
        return edit

    @staticmethod
    def records(**facts):
        """Other facts about the type of the first output."""
        def edit(document):
            graph = document["graph_module"]["graph"]
            graph["tensor_values"][graph["outputs"][0]["as_tensor"]["name"]].update(facts)
        return edit

    def test_unknown_operator(self):
        self.refused(self.calls("torch.ops.aten.frobnicate.default"), 11, "FL2001",
                     "operator aten::frobnicate.default has no lowering")
        self.refused(self.calls("torch.ops.acme.frobnicate.default"), 11, "FL2004",
                     "no lowering for custom operator acme::frobnicate.default")

    def test_unknown_overload(self):
        self.refused(self.calls("torch.ops.aten.add.Frobnicate"), 11, "FL2002",
                     "overload aten::add.Frobnicate has no lowering, but aten::add.Scalar, aten::add.Tensor has")
        self.refused(self.calls("torch.ops.aten.sum.DimnameList_out"), 11, "FL2002",
                     "overload aten::sum.DimnameList_out has no lowering")

    def test_unknown_data_type(self):
        self.refused(self.records(dtype=99), 10, "FL1002", "has ScalarType 99, which is not read")

    def test_unknown_version(self):
        for version, said in (({"major": 9, "minor": 1}, "the program has schema 9.1"),
                              ({"major": 0, "minor": 0}, "the program has schema 0.0"),
                              ("8.2", "the program does not say the version of its schema")):
            self.refused(lambda document: document.update(schema_version=version), 10, "FL1002", said)

    def test_unknown_kind_of_argument(self):
        def edit(document):
            document["graph_module"]["graph"]["nodes"][-1]["inputs"][-1]["arg"] = {"as_quaternion": [1, 0, 0, 0]}
        self.refused(edit, 10, "FL1002", "is of the kind 'as_quaternion', which is not read")

    def test_other_types_than_the_operators_give(self):
        self.refused(self.records(dtype=8), 12, "FL4011", "was captured as double[2,")
        self.refused(self.records(sizes=[{"as_int": 7}]), 12, "FL4010", "was captured as float[7] but ONNX infers float[2,")


@unittest.skipIf(SANITIZED, "sanitizers need an address space without limits")
class NoMemory(CommandLineCase):
    """What nobody foresaw is told as a bug of Fairlead, exit 70: here, memory that ends while a program is read."""

    def setUp(self):
        super().setUp()
        program = Archive(DIGITS / "digits.pt2")
        with zipfile.ZipFile(self.folder / "spaces.pt2", "w") as archive:
            for name, data in program.members.items():
                padded = data + b" " * (60 << 20) if name == program.program else data
                archive.writestr(name, padded, zipfile.ZIP_DEFLATED if padded is not data else zipfile.ZIP_STORED)
        self.digits()
        self.succeeds("export", "spaces.pt2", "-o", "spaces.onnx")
        (self.folder / "spaces.onnx").unlink()

    def limited(self, mebibytes, *words):
        limited = ["bash", "-c", 'ulimit -v "$1"; shift; exec "$@"', "bash", str(mebibytes << 10), FAIRLEAD, *words]
        return subprocess.run(limited, cwd=self.folder, capture_output=True, text=True)

    def enough_for(self, *words):
        """MiB of address space that the command needs, and a little more."""
        return next(limit for limit in range(32, 4096, 8) if self.limited(limit, *words).returncode == 0) + 16

    def test_ends_one_export(self):
        limit = self.enough_for("show", "digits.pt2")
        run = self.limited(limit, "export", "spaces.pt2", "-o", "spaces.onnx")
        self.assertEqual(run.returncode, 70, run.stderr)
        self.assertRegex(run.stderr, r"(?m)^error FL9014: ")
        self.assertEqual({path.name for path in self.folder.iterdir()}, {"digits.pt2", "spaces.pt2"})

    def test_ends_one_model_of_a_batch(self):
        limit = self.enough_for("export", "digits.pt2", "-o", "digits.onnx")
        (self.folder / "digits.onnx").unlink()
        run = self.limited(limit, "export", "spaces.pt2", "digits.pt2")
        self.assertEqual(run.returncode, 70, run.stderr)
        rows = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual([(row["input"], row["exit_code"]) for row in rows], [("spaces.pt2", 70), ("digits.pt2", 0)])
        self.assertRegex(rows[0]["first_error"], r"^FL9014: spaces\.pt2: ")
        self.assertEqual({path.name for path in self.folder.iterdir()}, {"digits.pt2", "spaces.pt2", "digits.onnx"})


class BrokenArchives(CommandLineCase):
    """At least 200 mutations of each layout. What a mutation leaves intact is exported; all else is refused."""

    ALLOWED = {0, 10, 11, 12}
    MOST_SECONDS = 30 if SANITIZED else 2  # of the processor: another's work on the machine does not count
    MOST_WAIT = 120
    MOST_BYTES = 512 << 20

    def outcome(self, name, content):
        path = self.folder / "broken.pt2"
        path.write_bytes(content)
        returncode, errors, usage = self.run_within_limits(path)
        self.assertNotEqual(returncode, -signal.SIGKILL, f"{name}: no end after {self.MOST_WAIT} s")
        self.assertLess(usage.ru_utime + usage.ru_stime, self.MOST_SECONDS, name)
        if not SANITIZED:
            self.assertLess(usage.ru_maxrss * 1024, self.MOST_BYTES, name)
        return self.judged(name, returncode, errors)

    def run_within_limits(self, path):
        """(exit code, standard error, resources); killed where it has no end."""
        with tempfile.TemporaryFile("w+") as errors:
            process = subprocess.Popen([FAIRLEAD, "export", path, "-o", "out.onnx", "-q"], cwd=self.folder, stderr=errors)
            clock = threading.Timer(self.MOST_WAIT, os.kill, (process.pid, signal.SIGKILL))
            clock.start()
            _, status, usage = os.wait4(process.pid, 0)
            clock.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            return process.returncode, errors.read(), usage

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
            archive = Archive(program)
            refused = 0
            for round_ in range(100):
                document = archive.document()
                changes = [change_something(document, chance) for _ in range(chance.choice((1, 1, 2, 5)))]
                with self.subTest(layout=layout, round=round_, changes=changes):
                    refused += self.outcome(f"{layout} {changes}", archive.bytes_with(document)) != 0
            self.assertGreater(refused, 20)

    def test_bombs(self):
        """A few kilobytes that become a gigabyte, and words that nest for ever."""
        bombs = {"spaces": (b"", b" ", 1 << 30), "nesting": (b"", b"[", 1 << 20), "string": (b'"', b"a", 1 << 30)}
        for layout, program in LAYOUTS.items():
            archive = Archive(program)
            for title, (start, piece, count) in bombs.items():
                with self.subTest(layout=layout, bomb=title):
                    self.assertEqual(self.outcome(f"{layout}: {title}", self.bomb(archive, start, piece, count)), 10)

    def bomb(self, archive, start, piece, count):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            for member, data in archive.members.items():
                if member != archive.program:
                    target.writestr(member, data)
            with target.open(archive.program, "w") as bomb:  # in pieces: a child's peak memory begins with its parent's
                bomb.write(start)
                for _ in range(count >> 20):
                    bomb.write(piece * (1 << 20))
        return content.getvalue()

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
