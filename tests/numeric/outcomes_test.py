#!/usr/bin/env python3
"""The runner accepts what is right or listed, and nothing else; a row that nothing ran is found."""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "judge"))

from cache import FAMILIES  # noqa: E402
from judge import Verdict  # noqa: E402
from outcomes import Outcomes, read_outcomes  # noqa: E402

LISTED = Outcomes({"foo(f32[2])": {"outcome": "FL2003", "opsets": [18], "reason": "no form before opset 19"}})


class Accepting(unittest.TestCase):
    def accepts(self, outcomes, name, opset, status):
        """(whether, what it prints)."""
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            accepted = outcomes.accept(name, opset, Verdict(status, "because"))
        return accepted, printed.getvalue()

    def test_a_right_case_is_accepted_in_silence(self):
        self.assertEqual(self.accepts(LISTED, "bar(f32[2])", 18, "ok"), (True, ""))

    def test_any_other_case_is_printed(self):
        for status in ("wrong", "failed", "FL2003"):
            self.assertEqual(self.accepts(LISTED, "bar(f32[2])", 26, status), (False, f"{status} 26 bar(f32[2]): because\n"))

    def test_a_listed_case_has_its_outcome_at_its_opsets(self):
        self.assertTrue(self.accepts(LISTED, "foo(f32[2])", 18, "FL2003")[0])
        self.assertFalse(self.accepts(LISTED, "foo(f32[2])", 26, "FL2003")[0])
        self.assertFalse(self.accepts(LISTED, "foo(f32[2])", 18, "FL2001")[0])

    def test_a_listed_case_that_is_right_is_an_error(self):
        accepted, printed = self.accepts(LISTED, "foo(f32[2])", 18, "ok")
        self.assertFalse(accepted)
        self.assertIn("expected FL2003: no form before opset 19", printed)

    def test_an_entry_needs_a_reason(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "expectations.toml")
            path.write_text('["foo"]\noutcome = "wrong"\n')
            self.assertRaises(ValueError, read_outcomes, path)


class Coverage(unittest.TestCase):
    """Against a command line that knows two rows."""

    def check(self, *used):
        with tempfile.TemporaryDirectory() as folder:
            rows = [{"schema": f"aten::{name}(Tensor self) -> Tensor", "since": 0, "until": 0, "family": "f"} for name in ("a", "b")]
            fairlead = Path(folder, "fairlead")
            fairlead.write_text(f"#!{sys.executable}\nprint('''{json.dumps({'lowerings': rows})}''')\n")
            fairlead.chmod(0o755)
            files = [Path(folder, f"{family}.json") for family in FAMILIES]
            for file in files:
                file.write_text("[]")
            files[0].write_text(json.dumps([[f"aten::{name}(Tensor self) -> Tensor", 0, 0] for name in used]))
            command = [sys.executable, "-B", HERE / "check_coverage.py", "--fairlead", fairlead, *files]
            return subprocess.run(command, capture_output=True, text=True)

    def test_a_row_that_nothing_ran_fails(self):
        run = self.check("a")
        self.assertEqual(run.returncode, 1)
        self.assertIn("no case runs f: aten::b(Tensor self) -> Tensor\n1 of 2", run.stdout)

    def test_all_rows_that_ran_pass(self):
        self.assertEqual(self.check("a", "b").returncode, 0)


if __name__ == "__main__":
    unittest.main()
