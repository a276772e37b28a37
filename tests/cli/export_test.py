"""fairlead export: what it says, what it writes, and what it leaves when it fails."""

import io
import json
import os
import pathlib
import re
import shutil
import struct
import unittest
import zipfile

import numpy
import onnx
import onnxruntime
from safetensors.numpy import load_file, save_file

from command_line_case import DIGITS, FIXTURES, LAYOUTS, ROOT, CommandLineCase, every_program


class Export(CommandLineCase):
    EXPECT = ("--expect", DIGITS / "heldout.safetensors")

    def test_says_its_stages_and_that_nothing_was_compared(self):
        digits = self.digits()
        run = self.succeeds("export", digits)
        self.assertEqual(run.stdout, "")
        lines = run.stderr.splitlines()
        self.assertEqual([line.split()[0] for line in lines if line and not line.startswith(" ")][:5],
                         ["read", "inputs", "lower", "check", "write"])
        self.assertRegex(lines[0], r"^read      digits\.pt2       torch 2\.13\.0\S* · schema 8\.\d+ · 14 ops · 23 tensors · 2\d\d\.\d KiB$")
        self.assertRegex(lines[1], r"^inputs    images  f32\[\w+,1,8,8\] +\w+ 1\.\.1024, from the program$")
        self.assertRegex(lines[2], r"^lower     (\d+)/\1 ops → \d+ nodes$")
        self.assertRegex(lines[3], r"^check     opset 20 · every value typed and shaped · checker passed$")
        self.assertRegex(lines[4], r"^write     digits\.onnx      2\d\d\.\d KiB$")
        self.assertRegex(lines[-1], r"^NOT VERIFIED: no reference")
        onnx.checker.check_model(str(self.folder / "digits.onnx"), full_check=True)

    def test_says_that_it_was_verified(self):
        run = self.succeeds("export", self.digits(), "--expect", DIGITS / "heldout.safetensors")
        self.assertRegex(run.stderr, r"\nverify    onnxruntime \S+ .*against heldout\.safetensors\n")
        self.assertRegex(run.stderr, r"\n          logits  max abs \d\.\de-\d\d  max rel \d\.\de-\d\d   within atol \S+ rtol \S+   ok\n")
        self.assertRegex(run.stderr.splitlines()[-1], r"^digits\.onnx is ready and verified \(\d+\.\d s\)\.$")

    def test_wrong_numbers_are_said_and_counted(self):
        digits = self.digits()
        expected = load_file(DIGITS / "heldout.safetensors")
        expected["logits"][7, 3] += 1
        save_file(expected, self.folder / "wrong.safetensors")
        run = self.fairlead("export", digits, "--expect", "wrong.safetensors")
        self.assertEqual(run.returncode, 13)
        self.assertIn("error FL8001", run.stderr)
        self.assertNotIn("and verified", run.stderr)

    def test_missing_expected_output_is_not_verified(self):
        expected = load_file(DIGITS / "heldout.safetensors")
        save_file({"images": expected["images"]}, self.folder / "inputs.safetensors")
        run = self.fairlead("export", self.digits(), "--expect", "inputs.safetensors")
        self.assertEqual(run.returncode, 13)
        self.assertIn("FL8015", run.stderr)

    def test_expected_values_the_model_lacks_are_an_error(self):
        expected = load_file(DIGITS / "heldout.safetensors")
        digits = self.digits()
        for key in ("out.7", "mut.typo", "inmut.0", "labels", "a.out.0"):
            with self.subTest(key=key):
                save_file({**expected, key: expected["logits"]}, self.folder / "more.safetensors")
                run = self.fairlead("export", digits, "--expect", "more.safetensors", "--json", "report.json")
                self.assertEqual(run.returncode, 13, run.stderr)
                self.assertIn(f"error FL8015: more.safetensors: the model has no output, new state or input for {key}\n", run.stderr)
                self.assertRegex(run.stderr, rf"\n +{key} +is nothing that the model has +FAILED\n")
                self.assertIn("logits", run.stderr)
                self.assertNotIn("and verified", run.stderr)
                report = json.loads((self.folder / "report.json").read_text())
                self.assertEqual((report["exit_code"], report["verified"]), (13, False))
                self.assertEqual([(c["output"], c["equal"]) for c in report["comparisons"]], [(key, False), ("logits", True)])
        self.assertIn("--expect-set a", run.stderr)

    def test_outputs_without_an_expected_value_are_named(self):
        program = self.copy(FIXTURES / "pt2-2.6.0/mut.pt2")
        expected = FIXTURES / "expected/pt2-2.6.0/mut.safetensors"
        run = self.succeeds("export", program, "--expect", expected, "--json", "report.json")
        self.assertRegex(run.stderr, r"\n +not compared: \S+\.next")
        self.assertRegex(run.stderr.splitlines()[-1], r"^mut\.onnx is ready and verified for 1 of 4 outputs \(\d+\.\d s\)\.$")
        self.assertIn("mut.onnx is verified for 1 of 4 outputs.", self.succeeds("verify", "mut.onnx", "--expect", expected).stderr)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertTrue(report["verified"])
        states = [port["name"] for port in report["outputs"] if port["name"].endswith(".next")]
        self.assertEqual((report["not_compared"], report["not_used"]), (states, []))

    def test_state_that_was_dropped_is_not_missed(self):
        program = self.copy(FIXTURES / "pt2-2.6.0/mut.pt2")
        report = json.loads(self.succeeds("export", program, "--json", "-").stdout)
        names = [port["name"].removesuffix(".next") for port in report["outputs"] if port["name"].endswith(".next")]
        expected = load_file(FIXTURES / "expected/pt2-2.6.0/mut.safetensors")
        inputs = [port["name"] for port in report["inputs"]]
        keys = [f"inmut.{inputs.index(name)}" if name in ("x", "y", "idx") else f"mut.{name}" for name in names]
        save_file({**expected, **{key: expected["out.0"] for key in keys}}, self.folder / "io.safetensors")
        run = self.succeeds("export", program, "--state", "drop", "--expect", "io.safetensors", "-o", "dropped.onnx")
        self.assertRegex(run.stderr, r"\n +not used: \S")
        self.assertEqual(self.fairlead("verify", "dropped.onnx", "--expect", "io.safetensors").returncode, 0)
        self.assertEqual(self.fairlead("export", program, "--expect", "io.safetensors").returncode, 13)
        save_file({**expected, "mut.typo": expected["out.0"]}, self.folder / "typo.safetensors")
        self.assertEqual(self.fairlead("verify", "dropped.onnx", "--expect", "typo.safetensors").returncode, 13)

    def test_outputs_that_are_no_tensors_are_in_the_metadata(self):
        self.succeeds("export", self.copy(FIXTURES / "pt2-2.14.1/none_out.pt2"), "-o", "m.onnx")
        metadata = {entry.key: json.loads(entry.value) for entry in onnx.load(self.folder / "m.onnx").metadata_props}
        self.assertEqual(metadata["fairlead.outputs"], [None, "output_1", None, None, None, None])
        self.assertEqual(metadata["fairlead.output_constants"], {"0": None, "2": 3, "3": "s", "4": True, "5": 1.5})
        x = numpy.arange(2, dtype=numpy.float32)
        numpy.savez(self.folder / "in.npz", x=x)
        self.succeeds("run", "m.onnx", "-i", "in.npz", "-o", "out.npz")
        values = {"in.0": x, "out.1": numpy.load(self.folder / "out.npz")["output_1"], "out.2": numpy.array(3)}
        numpy.savez(self.folder / "io.npz", **values)
        run = self.succeeds("verify", "m.onnx", "--expect", "io.npz")
        self.assertIn("not used: out.2\n", run.stdout)
        numpy.savez(self.folder / "io.npz", **values, **{"out.6": x})
        self.fails(13, "verify", "m.onnx", "--expect", "io.npz", rule="FL8015")

    def test_expected_values_are_found_by_leaf_and_set(self):
        expected = load_file(DIGITS / "heldout.safetensors")
        save_file({"a.in.0": expected["images"], "a.out.0": expected["logits"], "b.in.0": expected["images"][:3],
                   "b.out.0": expected["logits"][:3] + 5}, self.folder / "sets.safetensors")
        digits = self.digits()
        self.succeeds("export", digits, "--expect", "sets.safetensors", "--expect-set", "a")
        self.assertEqual(self.fairlead("export", digits, "--expect", "sets.safetensors", "--expect-set", "b").returncode, 13)

    def test_wrong_verification_is_found_before_any_work(self):
        digits = self.digits()
        (self.folder / "no.npz").write_bytes(b"no archive")
        for code, rule, *options in [
            (10, "FL1001", "--expect", "missing.npz"),
            (10, "FL1001", "--expect", "no.npz"),
            (2, "FL9004", *self.EXPECT, "--expect-set", "z"),
            (2, "FL9004", *self.EXPECT, "--plugin-opt", "fairlead.ep_ort:nope=b"),
            (14, "FL8014", *self.EXPECT, "--ep", "nonsense"),
            (14, "FL8014", "--verify", "--ep", "nonsense"),
        ]:
            with self.subTest(options=options):
                run = self.fails(code, "export", digits, *options, "--json", "-", rule=rule)
                report = json.loads(run.stdout)
                self.assertEqual((report["exit_code"], report["output"]), (code, None))
                self.assertRegex(run.stderr.splitlines()[-1], rf"^1 error, nothing written\. +exit {code}$")
        self.succeeds("export", digits)
        self.fails(2, "verify", "digits.onnx", *self.EXPECT, "--expect-set", "z", rule="FL9004")

    def test_expected_values_may_lie_in_npz(self):
        numpy.savez(self.folder / "io.npz", **load_file(DIGITS / "heldout.safetensors"))
        run = self.succeeds("export", self.digits(), "--expect", "io.npz")
        self.assertRegex(run.stderr, r"\nverify    onnxruntime \S+ .*against io\.npz\n")
        self.assertIn("is ready and verified", run.stderr)
        wrong = {"in.0": numpy.zeros((2, 1, 8, 8), numpy.float32), "out.0": numpy.zeros((2, 10), numpy.float32)}
        numpy.savez(self.folder / "leaves.npz", **wrong)
        run = self.fairlead("export", self.digits(), "--expect", "leaves.npz")
        self.assertEqual(run.returncode, 13, run.stderr)

    def test_says_what_each_stage_took_when_asked(self):
        digits = self.digits()
        plain = self.succeeds("export", digits).stderr.splitlines()
        verbose = self.succeeds("export", digits, "-v").stderr.splitlines()
        took = [line for line in verbose if " took " in line]
        for stage, line in zip(("read", "passes", "lower", "check"), took, strict=True):
            self.assertRegex(line, rf"^          {stage} took \d+\.\d{{3}} s$")
        masked = [[re.sub(r"\d+\.\d s", "# s", line) for line in lines if line not in took] for lines in (plain, verbose)]
        self.assertEqual(*masked)

    def test_notes_are_told_when_asked(self):
        program = self.copy(FIXTURES / "pt2-2.14.1/constin.pt2")
        self.assertNotIn("FL1006", self.succeeds("export", program).stderr)
        self.assertRegex(self.succeeds("export", program, "-v").stderr, r"(?m)^note FL1006: input 'a' was fixed to 2 when ")

    def test_is_silent_when_asked(self):
        run = self.succeeds("export", self.digits(), "-q")
        self.assertEqual((run.stdout, run.stderr), ("", ""))
        self.assertTrue((self.folder / "digits.onnx").is_file())

    def test_verify_without_a_reference_is_told_whatever_is_asked_for(self):
        digits = self.digits()
        for options in ((), ("-q",)):
            run = self.succeeds("export", digits, "--verify", *options)
            self.assertRegex(run.stderr, r"(?m)^warning FL8016: NOT VERIFIED: there are no outputs to compare with those of digits\.onnx$")
            self.assertIn("--expect IO", run.stderr)
        run = self.fairlead("export", digits, "--verify", "--fail-on", "warning", "--json", "-")
        self.assertEqual(run.returncode, 16)
        report = json.loads(run.stdout)
        self.assertEqual((report["verified"], [finding["rule"] for finding in report["diagnostics"]]), (False, ["FL8016"]))
        self.assertEqual(self.succeeds("export", digits, "--verify", "-q", *self.EXPECT).stderr, "")

    def test_json_has_the_run(self):
        run = self.succeeds("export", self.digits(), "--json", "-", "--expect", DIGITS / "heldout.safetensors", "--opset", "21")
        report = json.loads(run.stdout)
        self.assertEqual((report["exit_code"], report["opset"], report["verified"]), (0, 21, True))
        self.assertEqual([port["name"] for port in report["inputs"]], ["images"])
        self.assertEqual(report["outputs"][0]["name"], "logits")
        self.assertEqual(report["bytes"], (self.folder / report["output"]).stat().st_size)
        (comparison,) = report["comparisons"]
        self.assertTrue(comparison["equal"])
        self.assertLess(comparison["max_abs"], 1e-3)

    def test_json_has_the_failure(self):
        run = self.fails(11, "export", self.digits(), "--no-plugins", "--json", "-")
        report = json.loads(run.stdout)
        self.assertEqual((report["exit_code"], report["output"], report["verified"]), (11, None, False))
        operators = [finding["message"] for finding in report["diagnostics"]]
        for name in ("conv2d", "batch_norm", "relu", "linear"):
            self.assertTrue(any(name in message for message in operators), operators)

    def test_every_opset_is_lowered_for_itself(self):
        digits = self.digits()
        for opset in range(18, 27):
            with self.subTest(opset=opset):
                self.succeeds("export", digits, "--opset", opset, "-o", f"{opset}.onnx", "--expect", DIGITS / "heldout.safetensors")
                model = onnx.load(self.folder / f"{opset}.onnx")
                self.assertEqual([entry.version for entry in model.opset_import if not entry.domain], [opset])

    def test_model_says_nothing_of_the_machine(self):
        self.succeeds("export", self.digits(), "-o", "out.onnx")
        content = (self.folder / "out.onnx").read_bytes()
        for word in (self.folder, ROOT, pathlib.Path.home()):
            self.assertFalse(bytes(word) in content, word)
        model = onnx.load(self.folder / "out.onnx")
        self.assertEqual(model.producer_name, "fairlead")
        metadata = {entry.key: entry.value for entry in model.metadata_props}
        self.assertEqual(json.loads(metadata["fairlead.inputs"]), ["images"])
        self.assertEqual(json.loads(metadata["fairlead.outputs"]), ["logits"])
        (symbol,) = [dim.dim_param for dim in model.graph.input[0].type.tensor_type.shape.dim if dim.dim_param]
        self.assertEqual(json.loads(metadata["fairlead.ranges"]), {symbol: [1, 1024]})


class Findings(CommandLineCase):
    """What a program loses on its way, or has more of than its author may think."""

    def findings(self, program, *options):
        """{rule: [(level, message, places)]} of an export that succeeds."""
        run = self.succeeds("export", program, "--json", "-", *options)
        findings = {}
        for finding in json.loads(run.stdout)["diagnostics"]:
            said = finding["level"], finding["message"], len(finding.get("locations", []))
            findings.setdefault(finding["rule"], []).append(said)
        return findings

    def test_inputs_that_are_constants(self):
        said = self.findings(self.copy(FIXTURES / "pt2-2.14.1/constin.pt2"))["FL1006"]
        self.assertEqual(said, [("note", f"input '{name}' was fixed to {value} when the program was exported", 0)
                                for name, value in (("a", "2"), ("b", "1.5"), ("c", "True"), ("d", "'hi'"), ("e", "None"))])

    def test_prints(self):
        program = self.copy(FIXTURES / "pt2-2.14.1/print_.pt2")
        said = self.findings(program)["FL1008"]
        self.assertEqual(said, [("warning", "aten::_print.default is left out: ONNX has no operator that prints", 1)])
        run = self.fairlead("export", program, "--fail-on", "warning")
        self.assertEqual(run.returncode, 16, run.stderr)
        self.assertRegex(run.stderr, r"(?m)^warning FL1008: ")

    def test_assertions(self):
        said = self.findings(self.copy(FIXTURES / "pt2-2.14.1/check_range.pt2"))["FL1007"]
        self.assertEqual(said, [("note", "aten::_assert_scalar.default is left out: ONNX has no operator that checks a condition "
                                 "while the model runs", 2)])

    def test_parameters_that_change(self):
        def edit(document):
            """The counter of `mut` is a parameter."""
            spec = document["graph_module"]["signature"]["input_specs"][0]
            buffer = spec.pop("buffer")
            spec["parameter"] = {"arg": buffer["arg"], "parameter_name": buffer["buffer_name"]}
        program = self.edited(FIXTURES / "pt2-2.14.1/mut.pt2", edit)
        self.assertEqual(self.findings(program)["FL5007"], [("warning", "the program changes 1 parameter: cnt", 1)])
        self.assertIn("cnt.next", [port.name for port in onnx.load(self.folder / "mut.onnx").graph.output])
        (self.folder / "mut.onnx").unlink()
        self.fails(11, "export", program, "--state", "error", rule="FL5001")


class Checksums(CommandLineCase):
    """One bit of a weight is another."""

    def damaged(self, layout):
        """(the program, the damaged entry's name)"""
        program = self.copy(LAYOUTS[layout])
        with zipfile.ZipFile(program) as archive:
            entries = {info.filename: info for info in archive.infolist()}
            name = next(name for name in entries if name.endswith(("weights/weight_1", "weights/model.pt", "state_dict.pt")))
            entry, content = entries[name], archive.read(name)
        place = 0
        if name.endswith(".pt"):  # an archive in the archive
            with zipfile.ZipFile(io.BytesIO(content)) as nested:
                inner = next(info for info in nested.infolist() if info.filename.endswith("data/0"))
            place, name = self.begin(content, inner), inner.filename
        whole = bytearray(program.read_bytes())
        whole[self.begin(whole, entry) + place] ^= 1
        program.write_bytes(whole)
        return program, name

    @staticmethod
    def begin(content, entry):
        name, extra = struct.unpack_from("<HH", content, entry.header_offset + 26)
        return entry.header_offset + 30 + name + extra

    def test_are_checked_when_asked(self):
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                program, name = self.damaged(layout)
                for command in ("export", "show"):
                    run = self.fails(10, command, program, "--check-crc", rule="FL1001")
                    self.assertRegex(run.stderr, rf"the bytes of \S+ are damaged: CRC [0-9a-f]{{8}}, recorded [0-9a-f]{{8}}")
                self.succeeds("show", program)

    def test_of_sound_programs_are_right(self):
        for layout, program in LAYOUTS.items():
            with self.subTest(layout=layout):
                self.succeeds("export", program, "--check-crc", "-o", "sound.onnx")
                self.succeeds("show", program, "--check-crc")


class Weights(CommandLineCase):
    EXPECT = ("--expect", DIGITS / "heldout.safetensors")

    def test_external_lies_beside_the_model(self):
        self.succeeds("export", self.digits(), "--weights", "external", *self.EXPECT)
        model = onnx.load(self.folder / "digits.onnx", load_external_data=False)
        places = {entry.value for tensor in model.graph.initializer for entry in tensor.external_data if entry.key == "location"}
        self.assertEqual(len(places), 1)
        self.assertTrue((self.folder / places.pop()).is_file())

    def test_reference_reads_the_program_itself(self):
        digits = self.digits()
        self.succeeds("export", digits, "--weights", "reference", *self.EXPECT)
        self.assertEqual({path.name for path in self.folder.iterdir()}, {"digits.pt2", "digits.onnx"})
        model = onnx.load(self.folder / "digits.onnx", load_external_data=False)
        places = {entry.value for tensor in model.graph.initializer for entry in tensor.external_data if entry.key == "location"}
        self.assertEqual(places, {"digits.pt2"})

    def test_reference_needs_the_programs_folder(self):
        (self.folder / "elsewhere").mkdir()
        self.fails(2, "export", self.digits(), "--weights", "reference", "-o", "elsewhere/digits.onnx", rule="FL6016")

    def test_none_makes_them_inputs(self):
        self.succeeds("export", self.digits(), "--weights", "none")
        model = onnx.load(self.folder / "digits.onnx")
        self.assertIn("classifier.2.weight", [port.name for port in model.graph.input])


class State(CommandLineCase):
    """`mut` adds to a buffer in forward()."""

    def setUp(self):
        super().setUp()
        self.program = self.copy(FIXTURES / "pt2-2.6.0/mut.pt2")

    def test_io_pairs_an_output_with_a_default(self):
        self.succeeds("export", self.program, "--state", "io")
        model = onnx.load(self.folder / "mut.onnx")
        state = [port.name for port in model.graph.output if port.name.endswith(".next")]
        self.assertTrue(state)
        for name in state:
            self.assertIn(name.removesuffix(".next"), [port.name for port in model.graph.input])

    def test_drop_forgets_and_says_so(self):
        run = self.succeeds("export", self.program, "--state", "drop")
        self.assertIn("warning FL5001", run.stderr)
        names = [port.name for port in onnx.load(self.folder / "mut.onnx").graph.output]
        self.assertFalse([name for name in names if name.endswith(".next")])

    def test_error_refuses(self):
        self.fails(11, "export", self.program, "--state", "error")

    def test_fail_on_counts_warnings(self):
        run = self.fairlead("export", self.program, "--state", "drop", "--fail-on", "warning")
        self.assertEqual(run.returncode, 16)
        self.assertTrue((self.folder / "mut.onnx").is_file())


class NewState(CommandLineCase):
    """`count` adds the sum of its rows to a buffer, and multiplies its input with it; every version of PyTorch wrote it."""

    NAMES = {"2.1.2": "L__s___n", "2.4.1": "n", "2.8.0": "n"}
    PROGRAMS = {FIXTURES / f"pt2-{version}/count.pt2": name for version, name in NAMES.items()}

    def test_is_computed_and_fed_back(self):
        for program, name in self.PROGRAMS.items():
            with self.subTest(program=program.parent.name):
                self.succeeds("export", program, "-o", "count.onnx")
                session = onnxruntime.InferenceSession(str(self.folder / "count.onnx"), providers=["CPUExecutionProvider"])
                x = load_file(FIXTURES / "expected" / program.parent.name / "count.safetensors")["in.0"]
                (user,) = [port.name for port in session.get_inputs()]
                (output, state) = [port.name for port in session.get_outputs()]
                self.assertEqual(state, f"{name}.next")
                n, feeds = numpy.zeros(3, numpy.float32), {}
                for call in range(3):
                    n = n + x.sum(0)
                    y, after = session.run([output, state], {user: x, **feeds})
                    numpy.testing.assert_allclose(after, n, rtol=1e-6)
                    numpy.testing.assert_allclose(y, x * n, rtol=1e-6)
                    feeds = {name: after}

    def test_is_compared(self):
        for program, name in self.PROGRAMS.items():
            with self.subTest(program=program.parent.name):
                io_values = load_file(FIXTURES / "expected" / program.parent.name / "count.safetensors")
                for error, code in ((0, 0), (1, 13)):
                    io_values[f"mut.{name}"] = io_values["in.0"].sum(0) + numpy.float32(error)
                    save_file(io_values, self.folder / "io.safetensors")
                    run = self.fairlead("export", program, "--expect", "io.safetensors", "-o", "count.onnx")
                    self.assertEqual(run.returncode, code, run.stderr)
                self.assertRegex(run.stderr, rf"error FL8001: .*{name}\.next")


class Refusals(CommandLineCase):
    """Whatever ends an export, every missing operator is told with it."""

    @staticmethod
    def renames(targets):
        def edit(document):
            for node in document["graph_module"]["graph"]["nodes"]:
                node["target"] = targets.get(node["target"], node["target"])
        return edit

    def refused(self, command, *words):
        run = self.fails(11, command, *words)
        return [line.split(" (")[0] for line in run.stderr.splitlines() if line.startswith("error")], run

    MISSING = "error FL2004: no lowering for custom operator acme::frobnicate.default"

    def test_of_complex_operators_hide_no_other(self):
        program = self.edited(FIXTURES / "pt2-2.14.1/complex_.pt2", self.renames({
            "torch.ops.aten.polar.default": "torch.ops.aten.frobnicate.default",
            "torch.ops.aten.pad.default": "torch.ops.acme.frobnicate.default"}))
        wanted = ["error FL2014: operator aten::frobnicate.default works on complex tensors, for which it has no form", self.MISSING]
        errors, run = self.refused("export", program)
        self.assertEqual(errors, wanted)
        self.assertRegex(run.stderr.splitlines()[-1], r"^2 operators, 2 places, nothing written\.")
        errors, run = self.refused("scan", program)
        self.assertEqual(errors, wanted)
        self.assertRegex(run.stdout, r" 1  aten::frobnicate\.default +no lowering\n")
        self.assertRegex(run.stdout, r" 1  acme::frobnicate\.default +no lowering\n")

    def test_of_state_are_counted_by_their_places(self):
        run = self.fails(11, "export", FIXTURES / "pt2-2.14.1/mut.pt2", "--state", "error", rule="FL5001")
        self.assertIn("error FL5001: the program changes 2 buffers: cnt, cache (2 places)\n   /src/gen.py:", run.stderr)
        self.assertRegex(run.stderr.splitlines()[-1], r"^2 errors, 3 places, nothing written\. +exit 11$")

    def test_of_state_hide_no_operator(self):
        program = self.edited(FIXTURES / "pt2-2.14.1/mut.pt2", self.renames({
            "torch.ops.aten.sum.dim_IntList": "torch.ops.acme.frobnicate.default"}))
        errors, _ = self.refused("export", program, "--state", "error")
        self.assertEqual(errors, ["error FL5001: the program changes 2 buffers: cnt, cache", "error FL5001: the program changes 1 input: x",
                                  self.MISSING])


class Plugins(CommandLineCase):
    def test_host_alone_lowers_nothing(self):
        run = self.fails(11, "export", self.digits(), "--no-plugins")
        self.assertRegex(run.stderr.splitlines()[-1], r"^6 operators, 13 places, nothing written\. +exit 11$")

    def test_forbidden_lowering_is_not_used(self):
        run = self.fails(11, "export", self.digits(), "--lowering", "aten::relu=!fairlead.aten", rule="FL2001")
        self.assertIn("no lowering of aten::relu.default is taken at opset 20", run.stderr)
        self.assertIn("forbidden by --lowering", run.stderr)
        self.assertNotIn("FL2005", run.stderr)
        self.assertRegex(run.stderr.splitlines()[-1], r"^1 operator, 3 places, nothing written\.")

    def test_choice_of_nobody_is_refused(self):
        self.fails(2, "export", self.digits(), "--lowering", "aten::relu=com.acme.none", rule="FL9004")

    def test_file_that_is_no_plugin_is_refused(self):
        (self.folder / "acme.fairlead.so").write_bytes(b"not a library")
        self.fails(15, "export", self.digits(), "--plugin", "./acme.fairlead.so", rule="FL9005")

    def test_provider_that_is_not_there_is_refused(self):
        self.fails(14, "export", self.digits(), "--expect", DIGITS / "heldout.safetensors",
                   "--plugin-opt", "fairlead.ep_ort:library=/no/such/libonnxruntime.so", rule="FL8014")

    def test_program_is_read_before_any_plugin(self):
        (self.folder / "acme.fairlead.so").write_bytes(b"not a library")
        self.fails(10, "export", "missing.pt2", "--plugin", "./acme.fairlead.so", rule="FL1001")


class Output(CommandLineCase):
    def test_without_a_name_is_the_stem_here(self):
        (self.folder / "elsewhere").mkdir()
        self.succeeds("export", self.digits(), cwd=self.folder / "elsewhere")
        self.assertTrue((self.folder / "elsewhere/digits.onnx").is_file())

    def test_that_cannot_be_written_is_an_error(self):
        digits = self.digits()
        (self.folder / "taken.onnx").mkdir()
        self.fails(17, "export", digits, "-o", "taken.onnx", rule="FL6015")
        self.fails(17, "export", digits, "-o", "no/such/folder/digits.onnx", rule="FL6015")
        self.fails(17, "export", digits, "-o", "digits.pt2/digits.onnx", rule="FL6015")

    def test_old_file_outlives_a_failure(self):
        (self.folder / "digits.onnx").write_text("old")
        self.fails(11, "export", self.digits(), "--no-plugins")
        self.assertEqual((self.folder / "digits.onnx").read_text(), "old")

    def test_same_input_gives_same_bytes(self):
        self.succeeds("export", self.digits(), "-o", "first.onnx")
        first = (self.folder / "first.onnx").read_bytes()
        elsewhere = self.folder / "another folder"
        elsewhere.mkdir()
        moved = elsewhere / "digits.pt2"
        moved.write_bytes((self.folder / "digits.pt2").read_bytes())
        self.succeeds("export", "digits.pt2", "-o", "second.onnx", cwd=elsewhere)
        self.succeeds("export", moved, "-o", elsewhere / "third.onnx", cwd="/", env={"LC_ALL": "C", "TZ": "Asia/Tokyo"})
        for name in ("second.onnx", "third.onnx"):
            self.assertTrue((elsewhere / name).read_bytes() == first, name)


class Batch(CommandLineCase):
    def list_of(self, *rows):
        path = self.folder / "list.tsv"
        path.write_text("".join(f"{source}\t{target}\n" for source, target in rows))
        return path

    def test_goes_on_after_a_failure(self):
        digits = self.digits()
        (self.folder / "broken.pt2").write_bytes(digits.read_bytes()[:5000])
        listed = self.list_of((digits, "a.onnx"), ("broken.pt2", "b.onnx"), (digits, "no/folder/c.onnx"), (digits, "d.onnx"))
        run = self.fairlead("export", "--batch", listed)
        self.assertEqual(run.returncode, 17, run.stderr)
        rows = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual([(row["output"], row["exit_code"]) for row in rows],
                         [("a.onnx", 0), ("b.onnx", 10), ("no/folder/c.onnx", 17), ("d.onnx", 0)])
        self.assertIsNone(rows[0]["first_error"])
        self.assertRegex(rows[1]["first_error"], r"^FL1001: ")
        errors = [line for line in run.stderr.splitlines() if ": FL" in line]
        self.assertEqual(len(errors), 2)
        self.assertTrue(errors[0].startswith("broken.pt2: FL1001"), errors)
        self.assertTrue((self.folder / "a.onnx").is_file() and (self.folder / "d.onnx").is_file())
        self.assertFalse((self.folder / "b.onnx").exists())

    def test_counts_warnings_and_what_was_written(self):
        self.copy(FIXTURES / "pt2-2.6.0/mut.pt2")
        self.digits()
        (self.folder / "broken.pt2").write_bytes(b"PK")
        listed = self.list_of(("mut.pt2", "a.onnx"), ("digits.pt2", "b.onnx"), ("broken.pt2", "c.onnx"))
        for options, code, first in (((), 10, [0, 0, 10]), (("--fail-on", "warning"), 16, [16, 0, 10])):
            with self.subTest(options=options):
                run = self.fairlead("export", "--batch", listed, "--state", "drop", *options)
                self.assertEqual(run.returncode, code, run.stderr)
                rows = [json.loads(line) for line in run.stdout.splitlines()]
                self.assertEqual([row["exit_code"] for row in rows], first)
                self.assertEqual([row["warnings"] > 0 for row in rows], [True, False, False])
                count = rows[0]["warnings"]
                self.assertRegex(run.stderr.splitlines()[-1],
                                 rf"^3 models, 2 exported, 1 failed, {count} warnings?\. NOT VERIFIED: no reference\.$")
                self.assertTrue((self.folder / "a.onnx").is_file() and not (self.folder / "c.onnx").exists())

    def written(self, name, *options, prefix="", cwd=None):
        """(lines, complaints, {file: bytes}) of a batch of every program there is, its models in the folder `name`."""
        (self.folder / name).mkdir()
        rows = [(f"{prefix}{program}", self.folder / name / f"{program.parent.name}-{program.stem}.onnx")
                for program in [*every_program(), pathlib.Path("/missing/missing.pt2")]]
        run = self.fairlead("export", "--batch", self.list_of(*rows), *options, cwd=cwd, timeout=600)
        self.assertEqual(run.returncode, 11, run.stderr)
        files = {path.name: path.read_bytes() for path in (self.folder / name).iterdir()}
        self.assertGreater(len(files), 100)
        return run.stdout.replace(f"{self.folder}/{name}/", ""), run.stderr, files

    def test_threads_change_nothing(self):
        for options in ((), ("--weights", "external")):
            with self.subTest(options=options):
                name = "-".join(["weights", *options[1:]])
                lines, complaints, files = self.written(f"{name}-1", "-j1", *options)
                for jobs in (2, 5):
                    more_lines, more_complaints, more_files = self.written(f"{name}-{jobs}", f"-j{jobs}", *options)
                    self.assertEqual(more_lines, lines)
                    self.assertEqual(more_complaints, complaints)
                    self.assertEqual(sorted(more_files), sorted(files))
                    self.assertEqual([name for name in files if files[name] != more_files[name]], [])

    def test_folders_change_nothing(self):
        """Another working directory, and the programs in another folder."""
        _, _, files = self.written("here")
        elsewhere = self.folder / "another folder"
        for program in every_program():
            target = elsewhere / program.relative_to("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(program, target)
        _, _, moved = self.written("moved", prefix=".", cwd=elsewhere)
        self.assertEqual(sorted(moved), sorted(files))
        self.assertEqual([name for name in files if files[name] != moved[name]], [])

    def test_several_inputs_are_a_batch(self):
        self.digits()
        self.copy(FIXTURES / "pt2-2.6.0/mut.pt2")
        run = self.succeeds("export", "digits.pt2", "mut.pt2", "-j", "2")
        self.assertEqual([json.loads(line)["output"] for line in run.stdout.splitlines()], ["digits.onnx", "mut.onnx"])

    def test_contradictory_lists_are_refused_before_any_work(self):
        digits = self.digits()
        (self.folder / "link.onnx").symlink_to("digits.pt2")
        (self.folder / "here").symlink_to(".")
        os.link(digits, self.folder / "hard.onnx")
        shutil.copy(digits, self.folder / "data.onnx.data")
        for text in ("digits.pt2", "digits.pt2\t", "\tx.onnx", "digits.pt2\ta\tb", "digits.pt2\tx.onnx\ndigits.pt2\t./x.onnx",
                     "digits.pt2\tdigits.pt2", "digits.pt2\tlink.onnx", "digits.pt2\thard.onnx", "digits.pt2\there/digits.pt2",
                     "digits.pt2\tx.onnx\ndigits.pt2\there/x.onnx", "digits.pt2\tlist.tsv",
                     "digits.pt2\tk.onnx\ndigits.pt2\tk.onnx.data", "digits.pt2\tk.onnx.data\ndigits.pt2\there/k.onnx",
                     "data.onnx.data\tx.onnx\ndigits.pt2\tdata.onnx"):
            with self.subTest(text=text):
                (self.folder / "list.tsv").write_text(text)
                self.assertEqual(self.fails(2, "export", "--batch", "list.tsv").stdout, "")
        self.fails(2, "export", "--batch", "missing.tsv", "--passes=-lift-weights", rule="FL9004")
        self.fails(10, "export", "--batch", "missing.tsv", rule="FL1001")
        self.fails(10, "export", "--batch", ".", rule="FL1001")


if __name__ == "__main__":
    unittest.main()
