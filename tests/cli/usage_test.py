"""Wrong usage, help and version: exit codes, streams, hints."""

import json
import pty
import os
import shutil
import subprocess
import unittest

from command_line_case import DIGITS, FAIRLEAD, ROOT, CommandLineCase

COMMANDS = ["export", "verify", "run", "show", "scan", "ops", "explain", "plugin list", "plugin lock", "help", "version"]


class Usage(CommandLineCase):
    def test_refuses_what_cannot_be_meant(self):
        digits = self.digits()
        for words in [
            [],
            ["exprt", digits],
            ["export"],
            ["export", digits, "--opsett", "20"],
            ["export", digits, "--opset"],
            ["export", digits, "--opset", "17"],
            ["export", digits, "--opset", "27"],
            ["export", digits, "--opset", "20.0"],
            ["export", digits, "--opset", "20", "--opset", "21"],
            ["export", digits, "--weights", "inside"],
            ["export", digits, "--state", "keep"],
            ["export", digits, "-q", "-v"],
            ["export", digits, "--batch", "list.txt"],
            ["export", digits, "-j", "2"],
            ["export", digits, "-o", "digits.pt2"],
            ["export", digits, "--expect-set", "a"],
            ["export", digits, "--ep", "ort"],
            ["export", digits, "--passes", "dead-code"],
            ["export", digits, "--passes", "-no-such-pass"],
            ["export", digits, "--passes", "+no-such-pass"],
            ["export", "missing.pt2", "--passes", "-lift-weights"],
            ["export", digits, "other.pt2", "--passes", "-state"],
            ["export", digits, "--lowering", "relu=x"],
            ["export", digits, "--lowering", "aten::relu=a.b", "--lowering", "aten::relu=!a.b"],
            ["export", digits, "--plugin-opt", "fairlead.aten"],
            ["export", digits, "--fail-on", "never"],
            ["export", digits, "--weights", "none", "--expect", DIGITS / "heldout.safetensors"],
            ["export", digits, digits],
            ["export", digits, "other.pt2", "-o", "x.onnx"],
            ["verify", "x.onnx"],
            ["verify"],
            ["show"],
            ["show", digits, "another"],
            ["explain", "relu"],
            ["plugin"],
            ["plugin", "lst"],
            ["version", "now"],
            ["help", "exprt"],
        ]:
            with self.subTest(words=words):
                run = self.fails(2, *words)
                self.assertEqual(run.stdout, "")
                self.assertRegex(run.stderr, r"^error FL90\d\d: ")

    def test_names_what_was_probably_meant(self):
        self.assertIn("fairlead export", self.fails(2, "exprt", "x.pt2").stderr)
        self.assertIn("--weights", self.fails(2, "export", "x.pt2", "--wieghts", "embed").stderr)
        self.assertIn("external", self.fails(2, "export", "x.pt2", "--weights", "extern").stderr)

    def test_option_that_may_stand_alone_leaves_the_next_word(self):
        run = self.fails(10, "export", "--verify", "missing.pt2")
        self.assertIn("missing.pt2", run.stderr)
        self.fails(2, "export", "missing.pt2", "--verify=everything", rule="FL9004")

    def test_version_is_a_result(self):
        for words in (["version"], ["--version"]):
            run = self.succeeds(*words)
            self.assertRegex(run.stdout, r"^fairlead \d+\.\d+\.\d+\n$")
            self.assertEqual(run.stderr, "")

    def test_every_command_has_help(self):
        overview = self.succeeds("--help").stdout
        for command in COMMANDS:
            self.assertIn(f"\n  {command}", overview)
            by_option = self.succeeds(*command.split(), "--help")
            self.assertEqual(by_option.stdout, self.succeeds("help", *command.split()).stdout)
            self.assertIn("--json", by_option.stdout)

    def test_documentation_has_the_tables_of_the_tool(self):
        reference = self.succeeds("help", "--markdown").stdout.strip()
        page = (ROOT / "docs/cli.md").read_text()
        self.assertIn(reference, page, "docs/cli.md: put the output of `fairlead help --markdown` there")

    def test_colour_only_where_it_is_wanted(self):
        self.assertNotIn("\x1b", self.fairlead("export").stderr)
        self.assertIn("\x1b", self.fairlead("show", "missing", "--color", "always").stderr)
        self.assertIn(b"\x1b", self.on_a_terminal("show", "missing"))
        self.assertNotIn(b"\x1b", self.on_a_terminal("show", "missing", env={"NO_COLOR": "1"}))
        self.assertNotIn(b"\x1b", self.on_a_terminal("show", "missing", "--color", "never"))

    def on_a_terminal(self, *words, env=None):
        ours, theirs = pty.openpty()
        with subprocess.Popen([FAIRLEAD, *words], cwd=self.folder, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs,
                              env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, **(env or {})}):
            os.close(theirs)
            text = b""
            try:
                while chunk := os.read(ours, 4096):
                    text += chunk
            except OSError:  # the other end is closed
                pass
        os.close(ours)
        return text

    def test_failed_standard_output_is_an_error(self):
        with open("/dev/full", "w") as full:
            run = subprocess.run([FAIRLEAD, "version"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(run.returncode, 17)
        self.assertIn("FL6015", run.stderr)

    def test_nothing_that_is_read_is_written_over(self):
        digits = self.digits()
        (self.folder / "out.onnx").write_bytes(b"old")
        (self.folder / "io.safetensors").write_bytes((DIGITS / "heldout.safetensors").read_bytes())
        for link, target in (("link.json", "digits.pt2"), ("io.json", "io.safetensors"), ("out.json", "out.onnx"), ("here", ".")):
            (self.folder / link).symlink_to(target)
        os.link(digits, self.folder / "hard.onnx")
        expect = ("--expect", "io.safetensors")
        for words in [
            ["export", digits, "--json", "digits.pt2"],
            ["export", digits, "--json", "link.json"],
            ["export", digits, "--json", "digits.onnx"],
            ["export", digits, "--json", "here/digits.onnx"],
            ["export", digits, "-o", "out.onnx", "--json", "out.json"],
            ["export", digits, "-o", "new.onnx", "--json", "here/here/./new.onnx"],
            ["export", digits, "-o", "hard.onnx"],
            ["export", digits, "-o", "io.safetensors", *expect],
            ["export", digits, "-o", "io.json", *expect],
            ["export", digits, "--json", "io.json", *expect],
            ["verify", "out.onnx", *expect, "--json", "out.onnx"],
            ["verify", "out.onnx", *expect, "--json", "io.json"],
            ["run", "out.onnx", "-o", "out.json"],
            ["run", "out.onnx", "--input", "io.safetensors", "-o", "./io.safetensors"],
            ["run", "out.onnx", "-o", "x.npz", "--json", "x.npz"],
            ["show", digits, "--json", "link.json"],
            ["scan", "out.onnx", digits, "--json", "hard.onnx"],
        ]:
            with self.subTest(words=words):
                self.fails(2, *words, rule="FL9015")

    def test_nothing_that_is_read_is_written_over_by_weights(self):
        digits = self.digits()
        shutil.copy(digits, self.folder / "out.onnx.data")
        (self.folder / "link.json").symlink_to("out.onnx.data")
        (self.folder / "io.onnx.data").write_bytes((DIGITS / "heldout.safetensors").read_bytes())
        self.succeeds("export", digits, "-o", "beside.onnx", "--weights", "external")
        self.succeeds("export", digits, "-o", "reference.onnx", "--weights", "reference")
        values = DIGITS / "heldout.safetensors"
        for words in [
            *(["export", "out.onnx.data", "-o", "out.onnx", "--weights", where] for where in ("external", "embed")),
            ["export", digits, "-o", "io.onnx", "--expect", "io.onnx.data", "--weights", "external"],
            ["export", digits, "-o", "out.onnx", "--json", "link.json", "--weights", "external"],
            ["export", digits, "-o", "new.onnx", "--json", "new.onnx.data", "--weights", "external"],
            ["verify", "beside.onnx", "--expect", values, "--json", "beside.onnx.data"],
            ["run", "beside.onnx", "-i", values, "--json", "beside.onnx.data"],
            ["run", "reference.onnx", "-i", values, "--json", "digits.pt2"],
            ["run", "./reference.onnx", "-i", values, "-o", "./digits.pt2"],
            ["show", "reference.onnx", "--json", "digits.pt2"],
        ]:
            with self.subTest(words=words):
                self.fails(2, *words, rule="FL9015")
        self.succeeds("export", "out.onnx.data", "-o", "out.onnx", "--weights", "none")

    def test_no_plugin_and_no_lock_is_written_over(self):
        digits = self.digits()
        (self.folder / "acme.fairlead.so").write_bytes(b"not read yet")
        self.succeeds("plugin", "lock", "-o", "plugins.lock")
        for words in [
            ["export", digits, "-o", "plugins.lock", "--plugin-lock", "plugins.lock"],
            ["export", digits, "-o", "acme.fairlead.so", "--plugin", "acme.fairlead.so"],
            ["scan", digits, "--json", "plugins.lock", "--plugin-lock", "plugins.lock"],
            ["verify", "m.onnx", "--expect", "io.npz", "--json", "acme.fairlead.so", "--plugin", "acme.fairlead.so"],
            ["run", "m.onnx", "--json", "plugins.lock", "--plugin-lock", "plugins.lock"],
        ]:
            with self.subTest(words=words):
                self.fails(2, *words, rule="FL9015")

    def test_json_goes_where_it_is_told(self):
        printed = json.loads(self.succeeds("version", "--json", "-").stdout)
        self.succeeds("version", "--json", "version.json")
        self.assertEqual(json.loads((self.folder / "version.json").read_text()), printed)
        self.assertRegex(printed["version"], r"^\d+\.\d+\.\d+$")
        self.fails(17, "version", "--json", "no/such/folder.json", rule="FL6015")
        self.assertEqual(json.loads(self.succeeds("version", "-q", "--json", "/dev/stderr").stderr), printed)

    def test_json_has_what_was_wrong_with_the_command_line(self):
        digits = self.digits()
        for words in [
            ["export", digits, "--opset", "99"],
            ["export", digits, "--wieghts", "embed"],
            ["export", digits, "-q", "-v"],
            ["export"],
            ["export", digits, digits],
            ["export", digits, "--plugin-opt", "fairlead.aten"],
            ["export", digits, "--weights", "none", "--expect", DIGITS / "heldout.safetensors"],
            ["verify", "x.onnx"],
            ["explain", "relu"],
            ["plugin", "lock", "--no-plugins=1"],
            ["ops", "--plugin", "missing.so"],
        ]:
            with self.subTest(words=words):
                printed = self.fairlead(*words, "--json", "-")
                document = json.loads(printed.stdout)
                self.assertEqual(document["exit_code"], printed.returncode)
                self.assertGreater(printed.returncode, 0)
                self.assertTrue(" ".join(map(str, words)).startswith(document["command"]))
                (finding,) = document["diagnostics"]
                self.assertIn(f"{finding['level']} {finding['rule']}: ", printed.stderr)
                for old in (None, '{"exit_code":0}\n'):
                    if old:
                        (self.folder / "report.json").write_text(old)
                    self.assertEqual(self.fairlead(*words, "--json=report.json").returncode, printed.returncode)
                    self.assertEqual(json.loads((self.folder / "report.json").read_text()), document)
                    (self.folder / "report.json").unlink()
        self.assertEqual(json.loads(self.fairlead("exprt", "--json", "-").stdout)["exit_code"], 2)
        for words in (["--json", "a.json", "--json", "b.json"], ["--json"], ["--json", ""], ["--", "--json", "a.json"]):
            self.fails(2, "export", digits, "--opset", "99", *words)

    def test_json_replaces_no_other_file_where_the_command_line_is_wrong(self):
        digits = self.digits()
        for name, content in (("empty", b""), ("list.tsv", b"a\tb\n"), ("brace", b"{"), ("text", b"{not\n")):
            (self.folder / name).write_bytes(content)
        for name in ("digits.pt2", "empty", "list.tsv", "brace", "text"):
            with self.subTest(name=name):
                self.fails(2, "export", digits, "--opset", "99", "--json", name, rule="FL9004")
                self.fails(2, "export", digits, "--passes", "-no-such-pass", "--json", name, rule="FL9004")
        (self.folder / "old.json").write_text('{"exit_code":0}\n')
        self.fails(2, "show", "old.json", "--json", "old.json", rule="FL9015")
        printed = self.fails(2, "show", digits, "--json", "-", "--weights=1")
        self.assertEqual(json.loads(printed.stdout)["exit_code"], 2)

    def test_json_replaces_a_file_at_once(self):
        (self.folder / "version.json").write_text("old")
        with open(self.folder / "version.json") as old:
            self.succeeds("version", "--json", "version.json")
            self.assertEqual(old.read(), "old", "the old file is another one")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["version.json"])
        json.loads((self.folder / "version.json").read_text())


if __name__ == "__main__":
    unittest.main()
