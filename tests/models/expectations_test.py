#!/usr/bin/env python3
"""The lists of models that are not exported right stay short and name models that there are."""

import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "judge"))

from expectations import read_expectations  # noqa: E402

MOST = 2


class ExpectationsTest(unittest.TestCase):
    def setUp(self):
        self.lists = [read_expectations(path).entries for path in sorted(HERE.glob("expectations*.toml"))]

    def test_there_is_a_list_for_each_form(self):
        self.assertEqual(len(self.lists), 2)

    def test_they_have_few_exceptions(self):
        for entries in self.lists:
            self.assertLessEqual(len(entries), MOST, "a lowering is missing, not an exception: " + ", ".join(entries))

    def test_they_name_models_of_the_index(self):
        models = {line.split("\t")[0] for line in (HERE / "models.tsv").read_text().splitlines()}
        for entries in self.lists:
            self.assertEqual(entries.keys() - models, set())


if __name__ == "__main__":
    unittest.main()
