"""What README.md and docs/cli.md show is what the tool says: transcripts are run and compared, numbers aside."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import unittest

from command_line_case import DIGITS, FAIRLEAD, ROOT, CommandLineCase

NUMBER = re.compile(r"\d+(?:\.\d+)*(?:e[+-]\d+)?")


def transcripts(page):
    """[(command, output lines)] of the console blocks of a page; what follows # in a command is a comment."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", (ROOT / page).read_text(), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:].split("  #")[0].strip(), []))
            elif line:
                found[-1][1].append(line)
    return found


def masked(lines):
    """Numbers, and the widths that depend on them, are as they come; so is what a transcript leaves out with …"""
    return [re.sub(r"  +", "  ", NUMBER.sub("#", line)) for line in lines if line]


class TranscriptCase(CommandLineCase):
    def run_shown(self, command, cwd):
        """(lines of both streams as a terminal would have them, exit code)"""
        words = shlex.split(command)
        tools = {"fairlead": str(FAIRLEAD), "python": sys.executable}
        run = subprocess.run([tools[words[0]], *words[1:]], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, timeout=120)
        return run.stdout.splitlines(), run.returncode

    def compare(self, command, said, code, shown):
        failed = re.search(r" exit (\d+)$", shown[-1])
        self.assertEqual(code, int(failed[1]) if failed else 0, "\n".join([command, *said]))
        said, shown = masked(said), masked(shown)
        self.assertEqual(len(said), len(shown), "\n".join([command, *said]))
        for ours, theirs in zip(said, shown):
            pattern = ".*".join(map(re.escape, theirs.split("…"))) if theirs.startswith("{") else re.escape(theirs)
            self.assertRegex(ours, f"^{pattern}$", command)


class Readme(TranscriptCase):
    def shown(self, start):
        return [(command, output) for command, output in transcripts("README.md") if command.startswith(start) and output]

    def test_quickstart_says_what_is_shown(self):
        os.symlink(ROOT / "tools", self.folder / "tools")
        (self.folder / "build/quickstart").mkdir(parents=True)
        shown = self.shown(("fairlead ", "python "))
        self.assertEqual(len(shown), 2)
        for command, output in shown:
            with self.subTest(command):
                self.compare(command, *self.run_shown(command, self.folder), output)

    def test_commands_without_output_can_be_run(self):
        """`COMMAND   what it is for`, on a program, its model and its values of those names."""
        shutil.copy(DIGITS / "digits.pt2", self.folder / "model.pt2")
        shutil.copy(DIGITS / "heldout.safetensors", self.folder / "io.safetensors")
        self.succeeds("export", "model.pt2")
        commands = [re.split(r"   +", command)[0] for command, output in transcripts("README.md")
                    if command.startswith("fairlead ") and not output]
        self.assertGreaterEqual(len(commands), 4)
        for command in commands:
            with self.subTest(command):
                words = shlex.split(command)[1:]
                self.succeeds(*(path for word in words for path in (self.folder.glob(word) if "*" in word else [word])))


class CommandLinePage(TranscriptCase):
    def test_says_what_is_shown(self):
        self.digits()
        shutil.copy(DIGITS / "heldout.safetensors", self.folder)
        (self.folder / "cut.pt2").write_bytes((self.folder / "digits.pt2").read_bytes()[:5000])
        (self.folder / "list.tsv").write_text("digits.pt2\tdigits.onnx\ncut.pt2\tcut.onnx\n")
        shown = transcripts("docs/cli.md")
        self.assertEqual(len(shown), 3)
        for command, output in shown:
            with self.subTest(command):
                said, code = self.run_shown(command, self.folder)
                if "--batch" in command:  # the page shows standard output alone
                    self.assertEqual(code, max(json.loads(line)["exit_code"] for line in output))
                    said, code = [line for line in said if line.startswith("{")], 0
                self.compare(command, said, code, output)


class ExitCodes(CommandLineCase):
    """The table of docs/cli.md against the rules that the tool has."""

    def setUp(self):
        super().setUp()
        table = (ROOT / "docs/cli.md").read_text().split("## Exit codes")[1].split("\n## ")[0]
        self.documented = {int(code): meaning for code, meaning in re.findall(r"(?m)^\| (\d+) \| (.+?) \|$", table)}

    def rules(self):
        """{exit code: [(rule, what it means)]}"""
        source = (ROOT / "framework/diagnostics/rules.cpp").read_text()
        found = {}
        for rule in re.findall(r'(?m)^    \{"(FL\d{4})", ', source):
            page = json.loads(self.succeeds("explain", rule, "--json", "-").stdout)
            found.setdefault(page["exit_code"], []).append((rule, page["summary"]))
        return found

    def test_are_those_of_the_rules(self):
        rules = self.rules()
        self.assertGreater(sum(map(len, rules.values())), 50)
        # 0 is no failure, 16 is what --fail-on makes of any rule.
        self.assertEqual(sorted([0, 16, *rules]), sorted(self.documented))

    def test_mean_what_the_rules_say(self):
        """One rule of each code, by the words of the table."""
        named = {2: ("FL9015", "usage"), 10: ("FL1001", "input unreadable"), 11: ("FL2001", "operators without a lowering"),
                 12: ("FL7004", "checker"), 13: ("FL8001", "tolerance"), 14: ("FL8014", "provider"), 15: ("FL9005", "plugin"),
                 17: ("FL6015", "cannot be written"), 70: ("FL9014", "bug"), 130: ("FL9016", "interrupted")}
        rules = self.rules()
        self.assertEqual(sorted(named), sorted(rules))
        for code, (rule, words) in named.items():
            self.assertIn(words, self.documented[code])
            self.assertIn(rule, [name for name, _ in rules[code]])


if __name__ == "__main__":
    unittest.main()
