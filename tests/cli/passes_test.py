"""--passes -NAME: an export without one of the optional passes is larger, and its numbers are PyTorch's all the same."""

import json
import re
import sys
import unittest

import onnx
from safetensors.numpy import load_file

from command_line_case import DIGITS, FIXTURES, ROOT, CommandLineCase

sys.path.insert(0, str(ROOT / "tests/judge"))

from expected import Expected, Values, read_expected  # noqa: E402
from judge import judge  # noqa: E402

# Passes, and a program that is larger without each; None where only the findings differ, or no program of ours has what it removes.
ATTENTION, RANGE = "pt2-2.14.1/attn_eval.dec", "pt2-2.14.1/check_range"
OPTIONAL = {"drop-assertions": None, "identity-removal": ATTENTION, "dead-code": ATTENTION, "fold-constants": ATTENTION,
            "remove-identity": None, "dedupe-initializers": ATTENTION, "dedupe-nodes": ATTENTION, "pack-weights": None}
REQUIRED = {"inline-wrappers", "unwrap-effects", "vmap", "functionalize", "canonical-names", "state", "lift-weights", "complex-pairs", "name-outputs"}


class Passes(CommandLineCase):
    def exported(self, program, expected, *options):
        """(size, rules of the findings) of a model whose outputs are right."""
        run = self.succeeds("export", program, "-o", "model.onnx", "--json", "-", *options)
        verdict = judge(self.folder / "model.onnx", expected, 20)
        self.assertEqual(verdict.status, "ok", verdict.reason)
        graph = onnx.load(self.folder / "model.onnx").graph
        return len(graph.node) + len(graph.initializer), {finding["rule"] for finding in json.loads(run.stdout)["diagnostics"]}

    def fixture(self, name, *options):
        program = FIXTURES / f"{name}.pt2"
        return self.exported(program, read_expected(FIXTURES / f"expected/{name}.safetensors", program_path=program), *options)

    def digits_expected(self):
        values = load_file(DIGITS / "heldout.safetensors")
        return Expected({"": Values({0: values["images"]}, {0: values["logits"]})})

    def test_are_those_that_the_tool_has(self):
        said = self.fails(2, "export", self.digits(), "--passes", "-nobody", rule="FL9004").stderr
        (names,) = re.findall(r"there are: (.+)", said)
        self.assertEqual(set(names.split(", ")), {*OPTIONAL, *REQUIRED})

    def test_that_are_optional_can_be_left_out(self):
        digits, expected = DIGITS / "digits.pt2", self.digits_expected()
        size, _ = self.exported(digits, expected)
        for name, program in OPTIONAL.items():
            with self.subTest(name):
                without, _ = self.exported(digits, expected, "--passes", f"-{name}")
                self.assertGreaterEqual(without, size)
                if program is not None:
                    with_it, _ = self.fixture(program)
                    without_it, _ = self.fixture(program, "--passes", f"-{name}")
                    self.assertGreater(without_it, with_it)

    def test_that_are_optional_can_all_be_left_out(self):
        options = ("--passes", ",".join(f"-{name}" for name in OPTIONAL))
        self.exported(DIGITS / "digits.pt2", self.digits_expected(), *options)
        size, _ = self.fixture(ATTENTION)
        without, _ = self.fixture(ATTENTION, *options)
        self.assertGreater(without, size)

    def test_plus_leaves_a_pass_in(self):
        self.assertEqual(self.fixture(ATTENTION, "--passes", "+dedupe-nodes"), self.fixture(ATTENTION))

    def test_assertions_have_no_form_in_onnx(self):
        _, rules = self.fixture(RANGE)
        self.assertIn("FL1007", rules)
        self.fixture(RANGE, "--passes", "-drop-assertions")
        run = self.fails(11, "export", FIXTURES / f"{RANGE}.pt2", "--passes", "-drop-assertions,-dead-code", rule="FL2001")
        self.assertIn("operator aten::_assert_scalar.default has no lowering", run.stderr)

    def test_that_are_required_stay(self):
        for name in sorted(REQUIRED):
            with self.subTest(name):
                run = self.fails(2, "export", self.digits(), "--passes", f"-{name}", rule="FL9004")
                self.assertIn(f'the pass "{name}" cannot be switched off', run.stderr)


if __name__ == "__main__":
    unittest.main()
