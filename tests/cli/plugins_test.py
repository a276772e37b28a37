"""Plugins from the command line: those built out of tree by their templates, and hostile ones.

FAIRLEAD_TEMPLATES is the folder in which tests/abi built the templates, FAIRLEAD_ZOO that of the hostile plugins; ctest sets both.
"""

import hashlib
import json
import os
import pathlib
import shutil
import struct
import unittest

import numpy
import onnxruntime

from command_line_case import FIXTURES, SANITIZED, CommandLineCase

TEMPLATES = pathlib.Path(os.environ["FAIRLEAD_TEMPLATES"])
BUILT = {"com.acme.c": TEMPLATES / "c/build/acme_c.fairlead.so", "com.acme.cxx": TEMPLATES / "cxx/build/acme.fairlead.so"}
ZOO = pathlib.Path(os.environ["FAIRLEAD_ZOO"])


def call(op, arguments):
    """An edit of `cust`: the program becomes OP(clone of its input, ARGUMENTS)."""
    def edit(document):
        nodes = document["graph_module"]["graph"]["nodes"]
        del nodes[1]
        nodes[1]["target"] = f"torch.ops.{op}.default"
        nodes[1]["inputs"] = [{"name": name, "arg": value, "kind": 1} for name, value in arguments.items()]
    return edit


TENSOR = {"as_tensor": {"name": "clone"}}


class PluginCase(CommandLineCase):
    def program(self, op, arguments):
        return self.edited(FIXTURES / "pt2-2.14.1/cust.pt2", call(op, arguments), name="program.pt2")

    def scaled_relu(self, scale=2.5):
        return self.program("acme.scaled_relu", {"x": TENSOR, "scale": {"as_float": scale}})

    def silu(self):
        return self.program("aten.silu", {"self": TENSOR})

    def computes(self, expected, model="program.onnx"):
        x = numpy.array([-1.5, 0, 3.25], numpy.float32)
        session = onnxruntime.InferenceSession(str(self.folder / model), providers=["CPUExecutionProvider"])
        (y,) = session.run(None, {"x": x})
        numpy.testing.assert_allclose(y, expected(x), rtol=1e-5, atol=1e-6)


def silu(x):
    return x / (1 + numpy.exp(-x))


class Templates(PluginCase):
    def test_lower_an_operator_of_their_own(self):
        program = self.scaled_relu()
        run = self.fails(11, "export", program, rule="FL2004")
        self.assertIn("no lowering for custom operator acme::scaled_relu.default", run.stderr)
        for plugin, file in BUILT.items():
            with self.subTest(plugin=plugin):
                self.succeeds("export", program, "--plugin", file)
                self.computes(lambda x: 2.5 * numpy.maximum(x, 0))

    def test_are_found_in_a_folder(self):
        program = self.scaled_relu()
        for name, file in BUILT.items():
            plugins = self.folder / name
            plugins.mkdir(mode=0o755)
            shutil.copy(file, plugins)
            (plugins / "readme.txt").write_text("no plugin, and nobody says so")
            run = self.succeeds("export", program, "--plugin-dir", plugins)
            self.assertNotIn("warning", run.stderr)
            self.computes(lambda x: 2.5 * numpy.maximum(x, 0))
        self.fails(11, "export", program, "--plugin-dir", self.folder, rule="FL2004")

    def test_folder_that_is_not_there_is_an_error(self):
        digits = self.digits()
        for command in (("export", digits), ("scan", digits), ("ops",), ("plugin", "list")):
            run = self.fails(15, *command, "--plugin-dir", "nodir", rule="FL9005")
            self.assertIn("plugin folder nodir: No such file or directory", run.stderr)

    def test_do_without_the_built_in_ones(self):
        self.fails(11, "export", self.silu(), "--no-plugins", rule="FL2001")
        for file in BUILT.values():
            self.succeeds("export", self.silu(), "--no-plugins", "--plugin", file)
            self.computes(silu)

    def test_refuse_in_their_own_words(self):
        for file in BUILT.values():
            run = self.fails(11, "export", self.scaled_relu(-1.0), "--plugin", file, rule="FL2003")
            self.assertIn("acme::scaled_relu.default: scale is -1, only numbers from 0 are lowered", run.stderr)

    def test_are_listed_and_explained(self):
        for plugin, file in BUILT.items():
            run = self.succeeds("plugin", "list", "--no-plugins", "--plugin", file)
            self.assertRegex(run.stdout, rf"^{plugin} +1\.0\.0 +lowering, rule +/\S+\n$")
            run = self.succeeds("explain", "ACME001", "--plugin", file)
            self.assertIn(f"ACME001 DoublePrecisionRelu, of plugin {plugin}", run.stdout)

    def test_find_what_their_rules_look_for(self):
        def edit(document):
            call("acme.scaled_relu", {"x": TENSOR, "scale": {"as_float": 1.0}})(document)
            for value in document["graph_module"]["graph"]["tensor_values"].values():
                value["dtype"] = 8
        program = self.edited(FIXTURES / "pt2-2.14.1/cust.pt2", edit, name="program.pt2")
        for plugin, file in BUILT.items():
            run = self.succeeds("export", program, "--plugin", file)
            self.assertRegex(run.stderr, r"(?m)^warning ACME001: Relu of a double tensor runs on the processor")
            run = self.fairlead("export", program, "--plugin", file, "--fail-on", "warning")
            self.assertEqual(run.returncode, 16, run.stderr)


class Lock(PluginCase):
    """plugins.lock: what plugin lock wrote holds, and nothing else is loaded."""

    def setUp(self):
        super().setUp()
        self.plugin = self.folder / "acme.fairlead.so"
        shutil.copy(BUILT["com.acme.c"], self.plugin)
        self.named = ("--no-plugins", "--plugin", self.plugin)
        self.succeeds("plugin", "lock", *self.named)
        self.lock = self.folder / "plugins.lock"

    def test_is_written(self):
        digest = hashlib.sha256(self.plugin.read_bytes()).hexdigest()
        self.assertEqual(self.lock.read_text(), f"# SHA-256  id version\n{digest}  com.acme.c 1.0.0\n")
        summary = json.loads(self.succeeds("plugin", "lock", "-o", "all.lock", "--json", "-").stdout)
        self.assertEqual(summary["plugins"], len(self.succeeds("plugin", "list").stdout.splitlines()))
        self.assertIn("  fairlead.aten ", (self.folder / "all.lock").read_text())

    def test_is_not_written_over_a_plugin_or_of_something_else(self):
        self.fails(2, "plugin", "lock", *self.named, "-o", self.plugin, rule="FL9015")
        (self.folder / "notes.txt").write_text("no plugin")
        self.fails(15, "plugin", "lock", "--plugin", "notes.txt", rule="FL9005")

    def test_lets_what_it_holds_pass(self):
        program = self.silu()
        self.assertIn("com.acme.c", self.succeeds("plugin", "list", *self.named, "--plugin-lock", self.lock).stdout)
        self.succeeds("export", program, *self.named, "--plugin-lock", self.lock)
        self.computes(silu)

    def test_refuses_other_plugins(self):
        program = self.silu()
        run = self.fails(15, "export", program, "--plugin-lock", self.lock, rule="FL9017")
        self.assertIn("plugin fairlead.aten is not in ", run.stderr)
        self.fails(15, "plugin", "list", "--plugin-lock", self.lock, rule="FL9017")

    def test_refuses_another_content(self):
        program = self.silu()
        with open(self.plugin, "ab") as plugin:  # behind the sections: it still loads
            plugin.write(b"\0")
        self.succeeds("export", program, *self.named, "-o", "unlocked.onnx")
        run = self.fails(15, "export", program, *self.named, "--plugin-lock", self.lock, rule="FL9017")
        self.assertRegex(run.stderr, r"plugin com\.acme\.c has SHA-256 [0-9a-f]{64}, \S+ wants [0-9a-f]{64}")

    def test_refuses_another_version(self):
        self.lock.write_text(self.lock.read_text().replace("1.0.0", "0.9.0"))
        self.fails(15, "export", self.silu(), *self.named, "--plugin-lock", self.lock, rule="FL9017")

    def test_must_be_one(self):
        program = self.silu()
        for content in ("{}", "0" * 64, self.lock.read_text() * 2):
            self.lock.write_text(content)
            self.fails(2, "export", program, *self.named, "--plugin-lock", self.lock, rule="FL9004")
        self.fails(2, "export", program, *self.named, "--plugin-lock", "nothing.lock", rule="FL9004")


class Choice(PluginCase):
    """aten::silu is lowered by fairlead.aten, and by the templates with priority 100."""

    def candidates(self, *words):
        """{plugin: (taken, reason)} as `fairlead explain` has them, the winner first; text and JSON say the same."""
        text = self.succeeds("explain", "aten::silu.default", *words).stdout
        (operator,) = json.loads(self.succeeds("explain", "aten::silu.default", "--json", "-", *words).stdout)["operators"]
        found = {one["plugin"]: (one["taken"], one["reason"]) for one in operator["candidates"]}
        self.assertEqual([line.split()[0] for line in text.splitlines()[1:]], list(found))
        for line, (_, reason) in zip(text.splitlines()[1:], found.values()):
            self.assertTrue(line.endswith(reason), line)
        return found

    def lowered_by(self, *words):
        """The plugin that lowered aten::silu in an export whose numbers are right."""
        program = self.silu()
        (self.folder / "list.tsv").write_text(f"{program}\tprogram.onnx\n")
        run = self.succeeds("export", "--batch", "list.tsv", "-v", *words)
        self.computes(silu)
        return {entry["plugin"] for entry in json.loads(run.stdout)["lowerings"] if "aten::silu" in entry["schema"]}

    def test_falls_on_the_highest_priority(self):
        for plugin, file in BUILT.items():
            words = ("--plugin", file)
            self.assertEqual(self.candidates(*words),
                             {plugin: (True, "taken before fairlead.aten: priority 100 before 0"),
                              "fairlead.aten": (False, f"tried if {plugin} declines: priority 100 before 0")})
            self.assertEqual(self.lowered_by(*words), {plugin})

    def test_is_forced(self):
        for plugin, file in BUILT.items():
            words = ("--plugin", file, "--lowering", "aten::silu=fairlead.aten")
            self.assertEqual(self.candidates(*words), {"fairlead.aten": (True, "taken: the only one that fits"),
                                                       plugin: (False, "not taken: --lowering names fairlead.aten")})
            self.assertEqual(self.lowered_by(*words), {"fairlead.aten"})

    def test_is_forbidden(self):
        for plugin, file in BUILT.items():
            words = ("--plugin", file, "--lowering", f"aten::silu=!{plugin}")
            self.assertEqual(self.candidates(*words), {"fairlead.aten": (True, "taken: the only one that fits"),
                                                       plugin: (False, "not taken: forbidden by --lowering")})
            self.assertEqual(self.lowered_by(*words), {"fairlead.aten"})
            both = (*words, "--lowering", "aten::silu=!fairlead.aten")
            run = self.fails(11, "export", self.silu(), *both, rule="FL2001")
            self.assertNotIn("FL2005", run.stderr)
            for name in (plugin, "fairlead.aten"):
                self.assertIn(f"{name}: not taken: forbidden by --lowering", run.stderr)

    def test_between_equals_falls_on_the_first_id_and_is_noted(self):
        words = [word for file in BUILT.values() for word in ("--plugin", file)]
        found = self.candidates(*words)
        self.assertEqual(list(found), ["com.acme.c", "com.acme.cxx", "fairlead.aten"])
        self.assertEqual(found["com.acme.c"], (True, "taken before com.acme.cxx: id com.acme.c before com.acme.cxx"))
        self.assertEqual(self.lowered_by(*words), {"com.acme.c"})
        run = self.succeeds("export", self.silu(), *words, "-v")
        self.assertRegex(run.stderr, r"(?m)^note FL2011: .*is lowered by com\.acme\.c and by com\.acme\.cxx with equal priority")
        self.assertEqual(self.lowered_by(*words, "--lowering", "aten::silu=com.acme.cxx"), {"com.acme.cxx"})

    def test_of_one_who_does_not_lower_it_is_refused(self):
        words = ("--plugin", BUILT["com.acme.c"], "--lowering", "aten::relu=com.acme.c")
        run = self.fails(2, "export", self.silu(), *words, rule="FL9004")
        self.assertIn("plugin com.acme.c does not lower it", run.stderr)


class Hostile(PluginCase):
    """Plugins that are wrong in one way each end the run with exit 15, one error, and nothing written."""

    def hostile(self):
        return self.program("acme.hostile", {"x": TENSOR})

    def refused(self, file, rule, sentence, exit_code=15):
        with self.subTest(file=pathlib.Path(file).name):
            run = self.fails(exit_code, "export", self.hostile(), "--plugin", file, rule=rule)
            errors = [line for line in run.stderr.splitlines() if line.startswith("error ")]
            self.assertEqual(len(errors), 1, run.stderr)
            self.assertIn(sentence, errors[0])
            self.assertRegex(run.stderr.splitlines()[-1], rf"nothing written\. +exit {exit_code}$")

    def test_good_one_is_used(self):
        self.succeeds("export", self.hostile(), "--plugin", ZOO / "behaviour_good.fairlead.so")
        self.computes(lambda x: x)

    def test_files_that_are_no_plugins(self):
        (self.folder / "text.fairlead.so").write_text("not a library\n" * 100)
        (self.folder / "empty.fairlead.so").write_bytes(b"")
        (self.folder / "folder.fairlead.so").mkdir()
        self.refused("text.fairlead.so", "FL9005", "is not an ELF file")
        self.refused("empty.fairlead.so", "FL9005", "has 0 bytes, which is no ELF file")
        self.refused("folder.fairlead.so", "FL9005", "is not a regular file")
        self.refused("missing.fairlead.so", "FL9005", "No such file or directory")
        self.refused(os.environ["FAIRLEAD_ONNXRUNTIME"], "FL9005", "has no Fairlead manifest")

    def test_manifests(self):
        """Of another ABI, machine and sanitizer: copies with some bytes changed, which are never opened."""
        whole = (ZOO / "descriptor_good.fairlead.so").read_bytes()
        manifest = whole.index(struct.pack("<III4s", 4, 180, 0x464C0001, b"FL1\0")) + 16
        for place, value, sentence in ((manifest + 4, b"\x09\x00", "needs ABI 9.1 or newer"),
                                       (manifest + 6, b"\xc8\x00\xc8\x00", "needs ABI 0.200 or newer"),
                                       (manifest + 10, b"\x03\x00", "was built with the memory sanitizer"),
                                       (18, b"\x16\x00", "is for machine 22")):
            changed = bytearray(whole)
            changed[place : place + len(value)] = value
            (self.folder / "changed.fairlead.so").write_bytes(changed)
            self.refused("changed.fairlead.so", "FL9006", sentence)

    def test_descriptors(self):
        for name, sentence in (("descriptor_no_manifest", "has no Fairlead manifest"),
                               ("descriptor_no_entry", "does not export fl_plugin_entry_v1"),
                               ("descriptor_missing_symbol", "nobody_has_this"),
                               ("descriptor_other_abi", "descriptor says ABI 0.7 from 1, its manifest 0.1 from 1"),
                               ("descriptor_other_id", "descriptor has the id 'com.acme.other', its manifest 'com.acme.hostile'"),
                               ("descriptor_entry_wild", "descriptor lies in memory that cannot be read"),
                               ("descriptor_table_in_data", "table does not point to code"),
                               ("descriptor_promised_table_absent", "its manifest promises table fl.p.lowering/1"),
                               ("descriptor_init_fails", "init answered UNAVAILABLE"),
                               ("throwing_entry", "fl_plugin_entry_v1 threw an exception: not today"),
                               ("throwing_init", "init threw an exception: no licence"),
                               ("rows_families_many", "has 4294967295 families, at most 1024 are allowed"),
                               ("rows_table_wild", "lies in memory that cannot be read")):
            self.refused(ZOO / f"{name}.fairlead.so", "FL9005", sentence)

    def test_lowerings(self):
        for name, sentence in (("throwing_lower_std_exception", "threw an exception: out of ideas"),
                               ("throwing_lower_int", "threw an exception that is no std::exception"),
                               ("behaviour_unknown_status", "returned status 12345, which the ABI does not have"),
                               ("behaviour_no_results", "it returned no results"),
                               ("behaviour_too_many_results", "returned 3 results, the operator has 1"),
                               ("behaviour_results_huge", "a list of values has 18446744073709551615 elements"),
                               ("behaviour_result_absent", "result 0 is absent"),
                               ("behaviour_random_handles", "a value handle is not from this call"),
                               ("behaviour_unknown_operator", "ONNX has no operator NoSuchOperator"),
                               ("behaviour_constant_with_too_few_bytes", "a constant of 1000 elements of float has 4 bytes"),
                               ("behaviour_subgraph_not_ended", "a nested graph was begun and not ended")):
            self.refused(ZOO / f"{name}.fairlead.so", "FL2012", sentence)

    def test_results_of_other_types(self):
        for name, rule, inferred in (("type", "FL4011", "double[3]"), ("rank", "FL4010", "float[1]")):
            self.refused(ZOO / f"behaviour_other_{name}_than_recorded.fairlead.so", rule,
                         f"was captured as float[3] but ONNX infers {inferred}", 12)

    def test_rules_that_fail_leave_the_model(self):
        for words in ([], ["--fail-on", "note"]):
            run = self.fairlead("export", self.silu(), "--plugin", ZOO / "behaviour_rule_builds.fairlead.so", "--json", "-", *words)
            self.assertEqual(run.returncode, 15, run.stderr)
            self.assertIn("error FL9001: rule ACME001 of plugin com.acme.behaviour failed with FAILED_PRECONDITION", run.stderr)
            self.assertRegex(run.stderr.splitlines()[-1], r"^program\.onnx was written; 1 error\. +exit 15$")
            self.assertEqual(json.loads(run.stdout)["exit_code"], 15)
            self.computes(silu)

    def test_rules_that_find_errors_are_a_matter_of_fail_on(self):
        run = self.fairlead("export", self.silu(), "--plugin", ZOO / "behaviour_rule_reports.fairlead.so")
        self.assertEqual(run.returncode, 16, run.stderr)
        self.assertIn("error ACME001: this model is not to my taste", run.stderr)
        self.computes(silu)

    def test_broken_row_is_left_out_and_the_next_one_used(self):
        program = self.program("acme.sound", {"x": TENSOR})
        words = ("--plugin", ZOO / "rows_lower_null.fairlead.so")
        run = self.succeeds("export", program, *words)
        self.assertRegex(run.stderr, r"(?m)^warning FL2012: .*com\.acme\.rows.*lower does not point to code")
        self.computes(lambda x: x)
        self.fails(11, "export", self.program("acme.broken", {"x": TENSOR}), *words, rule="FL2004")

    def test_in_a_folder_are_warned_of(self):
        """Who names a folder does not ask for every file in it."""
        plugins = self.folder / "plugins"
        plugins.mkdir(mode=0o755)
        shutil.copy(ZOO / "descriptor_no_entry.fairlead.so", plugins)
        shutil.copy(ZOO / "behaviour_good.fairlead.so", plugins)
        run = self.succeeds("export", self.hostile(), "--plugin-dir", plugins)
        self.assertRegex(run.stderr, r"(?m)^warning FL9005: \S+descriptor_no_entry\.fairlead\.so: does not export ")
        self.computes(lambda x: x)

    def test_that_everyone_may_write_are_not_opened(self):
        copy = self.copy(ZOO / "behaviour_good.fairlead.so")
        copy.chmod(0o666)
        self.refused(copy, "FL9005", "everyone may write it (mode 666)")

    def test_that_throw_from_a_library_of_their_own_leave_nothing(self):
        """Documented: nothing outside of such a plugin can catch it, so that the process ends."""
        run = self.fairlead("export", self.hostile(), "--plugin", ZOO / "throwing_static_runtime.fairlead.so")
        if SANITIZED:  # whose runtime ends the process in its own way
            self.assertNotEqual(run.returncode, 0)
        else:
            self.assertLess(run.returncode, 0, run.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["program.pt2"])


if __name__ == "__main__":
    unittest.main()
