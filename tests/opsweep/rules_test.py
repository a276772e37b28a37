#!/usr/bin/env python3
"""Parts hold every case once, what is accepted is right or listed, and a number may be off by so much and no more."""

import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

from cases import in_part, part, sizes_of
from exporters import Exported, export_all
from outcomes import (
    Line,
    complaints_about_cases,
    complaints_about_groups,
    complaints_about_lines,
    most_refused,
    read_expectations,
    read_limits,
)
from run_cases import verdict_without_model
from tolerances import shares_of_limit, tolerance
from verdicts import Fault, compare, feeds_of, neutral


def case(identifier="abs/case_0", group="standard"):
    return {"selection": "static", "id": identifier, "group": group}


LISTED = [Line("static/abs/case_0", "numbers", (18, 20), "ONNX cannot")]


class Parts(unittest.TestCase):
    IDENTIFIERS = [f"op_{n % 97}/case_{n}" for n in range(2000)]

    def test_each_case_is_in_one_part(self):
        for of in (1, 3, 10):
            for identifier in self.IDENTIFIERS:
                self.assertEqual(sum(in_part(identifier, number, of) for number in range(of)), 1)

    def test_a_part_is_about_its_share(self):
        size = sum(in_part(identifier, 0, 10) for identifier in self.IDENTIFIERS)
        self.assertTrue(150 < size < 250, size)

    def test_the_part_of_a_case_never_changes(self):
        self.assertEqual([n for n in range(40) if in_part(f"abs/case_{n}", 0, 10)], [10, 37])

    def test_a_part_has_a_number_below_their_count(self):
        self.assertEqual(part("0/10"), (0, 10))
        for text in ("10/10", "1", "-1/3", "a/b"):
            self.assertRaises(ValueError, part, text)


class ExpectedOfCases(unittest.TestCase):
    def complaints(self, verdict, opset=20, lines=LISTED, identifier="abs/case_0"):
        return complaints_about_cases(lines, [(case(identifier), {"verdict": verdict, "detail": "because"})], opset)

    def test_a_case_that_is_right_is_accepted(self):
        for verdict in ("ok", "ok_reference"):
            self.assertEqual(self.complaints(verdict, identifier="neg/case_0"), [])

    def test_a_refusal_needs_no_line(self):
        for verdict in ("refused", "no_kernel"):
            self.assertEqual(self.complaints(verdict, lines=[]), [])

    def test_what_is_silently_wrong_has_to_be_listed(self):
        for verdict in ("numbers", "type_or_shape", "interface", "invalid", "not_loaded", "not_run", "crashed"):
            self.assertEqual(self.complaints(verdict, lines=[]), [f"static/abs/case_0: {verdict}: because"])

    def test_a_listed_case_has_its_verdict_at_its_opsets(self):
        self.assertEqual(self.complaints("numbers"), [])
        self.assertEqual(self.complaints("numbers", opset=26), ["static/abs/case_0: numbers: because"])
        self.assertEqual(self.complaints("invalid"), ["static/abs/case_0: invalid, expected numbers: because"])
        self.assertEqual(self.complaints("refused"), ["static/abs/case_0: refused, expected numbers: because"])

    def test_a_listed_case_that_is_right_is_an_error(self):
        self.assertEqual(self.complaints("ok"), ["static/abs/case_0: right, expected numbers: ONNX cannot"])
        self.assertEqual(self.complaints("ok", opset=26), [])

    def test_a_line_may_be_about_several_cases(self):
        lines = [Line("*/abs/*", "numbers", (), "ONNX cannot")]
        self.assertEqual(self.complaints("numbers", lines=lines, identifier="abs/case_7"), [])
        self.assertEqual(len(self.complaints("ok", lines=lines, identifier="abs/case_7")), 1)

    def test_a_line_about_no_case_is_an_error(self):
        self.assertEqual(complaints_about_lines(LISTED, "static", [case()]), [])
        gone = complaints_about_lines(LISTED, "static", [case("neg/case_0")])
        self.assertEqual(gone, ["static/abs/case_0: no case is named so"])
        self.assertEqual(complaints_about_lines(LISTED, "dynamic", []), [])


class ExpectedOfGroups(unittest.TestCase):
    def complaints(self, refused, of=100, limit=0.9, is_part=False, lines=()):
        verdicts = ["refused"] * refused + ["ok"] * (of - refused)
        results = [(case(f"abs/case_{n}"), {"verdict": verdict}) for n, verdict in enumerate(verdicts)]
        limits = {("static", "standard"): limit} if limit is not None else {}
        return complaints_about_groups(limits, lines, results, 20, is_part)

    def test_so_many_refusals_and_no_more(self):
        self.assertEqual(self.complaints(10), [])
        self.assertEqual(self.complaints(11), ["static.standard: 11 of 100 cases are refused, limits.toml allows 10"])

    def test_a_group_that_is_not_listed_may_have_none(self):
        self.assertEqual(len(self.complaints(1, limit=None)), 1)
        self.assertEqual(self.complaints(0, limit=None), [])

    def test_a_listed_refusal_does_not_count(self):
        self.assertEqual(self.complaints(11, lines=[Line("static/abs/case_0", "refused", (), "…")]), [])

    def test_chance_may_give_a_part_more(self):
        self.assertEqual(most_refused(0.9, 100, is_part=False), 10)
        self.assertEqual(most_refused(0.9, 100, is_part=True), 16)
        self.assertEqual(most_refused(1.0, 100, is_part=True), 0)


class Files(unittest.TestCase):
    def read(self, function, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "file")
            path.write_text(text)
            return function(path)

    def test_a_line_has_case_verdict_and_reason(self):
        text = "# comment\n\nstatic/abs/case_0\tnumbers@18,20\tONNX cannot\n*/neg/*\tinvalid\twhy\n"
        expected = [*LISTED, Line("*/neg/*", "invalid", (), "why")]
        self.assertEqual(self.read(read_expectations, text), expected)

    def test_any_other_line_is_an_error(self):
        for text in ("a/b/c\tnumbers", "a/b/c\tnumbers\t ", "a/b/c\tok\twhy", "a/b/c\tbad\twhy"):
            self.assertRaises(ValueError, self.read, read_expectations, text)

    def test_a_limit_has_a_share_and_a_reason(self):
        self.assertEqual(self.read(read_limits, '[a]\nb = {exported = 0.5, reason = "why"}\n'), {("a", "b"): 0.5})
        for text in ("[a]\nb = {exported = 0.5}\n", '[a]\nb = {exported = 2, reason = "why"}\n'):
            self.assertRaises(ValueError, self.read, read_limits, text)


class Tolerances(unittest.TestCase):
    def wrong(self, got, expected, rtol=0.01, atol=0.001):
        return list(shares_of_limit(np.array(got), np.array(expected), rtol, atol) > 1)

    def test_the_error_follows_the_number(self):
        self.assertEqual(self.wrong([101.0, 101.2, 0.0], [100.0, 100.0, 0.0]), [False, True, False])

    def test_or_the_median_where_that_is_more(self):
        self.assertEqual(self.wrong([0.09, 0.2], [0.0, 0.0]), [True, True])
        self.assertEqual(self.wrong([0.09, 100.0, 100.0], [0.0, 100.0, 100.0]), [False, False, False])

    def test_nan_and_infinity_stand_where_they_are_expected(self):
        nan, inf = np.nan, np.inf
        self.assertEqual(self.wrong([nan, inf, -inf], [nan, inf, -inf]), [False] * 3)
        self.assertEqual(self.wrong([1.0, nan, inf, -inf, 1.0], [nan, 1.0, 1.0, inf, inf]), [True] * 5)

    def test_integers_and_booleans_are_equal(self):
        self.assertEqual(self.wrong([1000001, 2], [1000000, 2]), [True, False])
        self.assertEqual(self.wrong([True, False], [True, True]), [False, True])

    def test_complex_numbers_by_their_distance(self):
        self.assertEqual(self.wrong([3 + 4j, 3 + 4.1j], [3 + 4j, 3 + 4j]), [False, True])

    def test_the_least_exact_type_decides(self):
        self.assertEqual(tolerance("add", ["float64", "float16", "int64"]), (5e-3, 2e-3))
        self.assertEqual(tolerance("add", ["int64"]), tolerance("add", ["float32"]))
        self.assertEqual(tolerance("add", ["complex128"]), tolerance("add", ["float64"]))
        self.assertNotEqual(tolerance("fft.fft", ["complex64"]), tolerance("add", ["complex64"]))


class Judging(unittest.TestCase):
    def verdict(self, got, expected, check="values"):
        try:
            compare(0, np.array(got), np.array(expected), check, (1e-3, 1e-3))
        except Fault as fault:
            return fault.verdict
        return "ok"

    def test_type_and_shape_come_before_numbers(self):
        self.assertEqual(self.verdict([1], [1.0]), "type_or_shape")
        self.assertEqual(self.verdict([[1.0]], [1.0]), "type_or_shape")
        self.assertEqual(self.verdict([2.0], [1.0]), "numbers")
        self.assertEqual(self.verdict([2.0], [1.0], "shape"), "ok")

    def test_complex_numbers_may_come_as_pairs(self):
        self.assertEqual(self.verdict([[1.0, 2.0]], [1 + 2j]), "ok")
        self.assertEqual(self.verdict([[1.0, 3.0]], [1 + 2j]), "numbers")
        self.assertEqual(self.verdict([[1e6, 2.1]], [1e6 + 2j]), "ok")

    def test_inputs_without_effect_may_be_dropped(self):
        from onnx import TensorProto, helper

        ports = [{"name": "x"}, {"name": "y"}]
        inputs = [np.zeros(2, np.float32), np.zeros(2, np.float32)]
        for names, works in ((["a", "b"], True), (["y"], True), (["z"], False), (["x", "y", "z"], False)):
            graph_inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in names]
            graph = helper.make_graph([], "g", graph_inputs, [])
            if works:
                self.assertEqual(list(feeds_of({"inputs": ports}, graph, inputs)), names)
            else:
                self.assertRaises(Fault, feeds_of, {"inputs": ports}, graph, inputs)

    def test_sizes(self):
        def ports(*shapes):
            return [{"shape": shape} for shape in shapes]

        self.assertEqual(sizes_of({"inputs": ports([2], []), "outputs": ports([2])}), "0-d")
        self.assertEqual(sizes_of({"inputs": ports([2], []), "outputs": ports([0])}), "empty")
        self.assertEqual(sizes_of({"inputs": ports([2]), "outputs": ports([])}), "ordinary")

    def test_messages_have_no_folders_and_addresses(self):
        self.assertEqual(neutral("in /tmp/a/b.onnx at 0x7f00deadbeef"), "in b.onnx at 0x…")


class Exporting(unittest.TestCase):
    """With a command that dies at programs named `deadly`, which is the worst it can do to the others."""

    COMMAND = """
import argparse, json, os
parser = argparse.ArgumentParser()
for option in ("--batch", "-j", "--opset"):
    parser.add_argument(option)
for line in open(parser.parse_args().batch):
    program, model = line.rstrip("\\n").split("\\t")
    if "deadly" in program:
        os.abort()
    print(json.dumps({"exit_code": 11 if "refused" in program else 0, "first_error": None}), flush=True)
"""

    def export(self, programs, jobs):
        pairs = [(program, f"{program}.onnx") for program in programs]
        return [exported.exit_code for exported in export_all([sys.executable, "-c", self.COMMAND], pairs, jobs, 20)]

    def test_a_death_costs_one_program(self):
        for jobs in (1, 2):
            found = self.export(["a", "refused", "deadly1", "b", "deadly2", "deadly3", *"cd" * 50], jobs)
            self.assertEqual(found, [0, 11, None, 0, None, None, *[0] * 100])

    def test_the_end_is_told(self):
        (died,) = export_all([sys.executable, "-c", self.COMMAND], [("deadly", "model")], 1, 20)
        self.assertEqual(died, Exported(None, "killed by signal 6"))

    def test_an_argument_that_a_lowering_passed_over_is_a_fault_of_ours(self):
        for code, reason, verdict in (
            (11, "FL2003: aten::add.Tensor: alpha=2 is not supported by this lowering", "refused"),
            (11, "FL2003: aten::add.Tensor: alpha=2 was not read by the lowering of plugin aten", "crashed"),
            (70, "FL9014: a node disappeared", "crashed"),
            (None, "killed by signal 6", "crashed"),
        ):
            self.assertEqual(verdict_without_model(Exported(code, reason))["verdict"], verdict)


if __name__ == "__main__":
    unittest.main()
