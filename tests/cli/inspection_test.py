"""show, scan, ops, explain, plugin list, verify and run: results on standard output, as text and as JSON."""

import json
import re
import unittest
import zipfile

import numpy
import onnx
from safetensors.numpy import load_file, save_file

from command_line_case import DIGITS, FIXTURES, ROOT, CommandLineCase


class Show(CommandLineCase):
    def test_program(self):
        run = self.succeeds("show", self.digits())
        self.assertEqual(run.stderr, "")
        self.assertRegex(run.stdout, r"digits\.pt2: PyTorch program, torch 2\.13\.0\S* · schema 8\.\d+ · 14 ops · 23 tensors")
        self.assertRegex(run.stdout, r"\ninputs    images  f32\[\w+,1,8,8\] +\w+ 1\.\.1024, from the program\n")
        self.assertRegex(run.stdout, r"\noutputs   logits  f32\[\w+,10\]\n")
        self.assertRegex(run.stdout, r"3  aten::conv2d\.default\n")

    def test_program_as_json(self):
        summary = json.loads(self.succeeds("show", self.digits(), "--json", "-").stdout)
        self.assertEqual(summary["operators"]["aten::batch_norm.default"], 3)
        weights = {weight["name"]: weight for weight in summary["weights"]}
        self.assertEqual(weights["classifier.2.weight"], {"name": "classifier.2.weight", "type": "float[10,256]", "bytes": 10240,
                                                          "present": True})
        self.assertEqual([port["name"] for port in summary["outputs"]], ["logits"])

    def test_weights_and_graph(self):
        digits = self.digits()
        self.assertIn("features.1.running_mean", self.succeeds("show", digits, "--weights").stdout)
        self.assertNotIn("features.8.running_mean", self.succeeds("show", digits).stdout)
        graph = self.succeeds("show", digits, "--graph").stdout
        self.assertTrue(graph.startswith("agraph ("), graph[:80])
        self.assertIn("= aten::max_pool2d.default(self=", graph)

    def test_model(self):
        self.succeeds("export", self.digits(), "-o", "m.onnx")
        run = self.succeeds("show", "m.onnx")
        self.assertRegex(run.stdout, r"^m\.onnx: ONNX model, fairlead \S+ · IR \d+ · opset 20 · \d+ nodes? · \d+ tensors")
        self.assertRegex(run.stdout, r"\n +3  Conv\n")
        self.assertIn("fairlead.inputs", run.stdout)

    def test_model_of_others(self):
        x = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 3])
        y = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["n", 3])
        graph = onnx.helper.make_graph([onnx.helper.make_node("Relu", ["x"], ["y"])], "g", [x], [y])
        onnx.save(onnx.helper.make_model(graph, producer_name="somebody", ir_version=9,
                                         opset_imports=[onnx.helper.make_opsetid("", 13)]), self.folder / "relu.onnx")
        run = self.succeeds("show", "relu.onnx")
        self.assertRegex(run.stdout, r"somebody .*IR 9 · opset 13 · 1 node")
        self.assertIn("x  f32[n,3]", run.stdout)

    def test_names_cannot_steer_the_terminal(self):
        value = onnx.helper.make_tensor_value_info("\x1b[2J\u009b1m", onnx.TensorProto.FLOAT, [1])
        graph = onnx.helper.make_graph([onnx.helper.make_node("Relu", [value.name], ["y"])], "g", [value],
                                       [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])])
        onnx.save(onnx.helper.make_model(graph, ir_version=9, opset_imports=[onnx.helper.make_opsetid("", 13)]),
                  self.folder / "evil.onnx")
        for words in ([], ["--weights"], ["--json", "-"]):
            self.assertNotRegex(self.succeeds("show", "evil.onnx", *words).stdout, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class Registry(CommandLineCase):
    def test_scan_says_who_lowers_what(self):
        digits = self.digits()
        run = self.succeeds("scan", digits)
        self.assertRegex(run.stdout, r"digits\.pt2: (\d+) of \1 operators lowered at opset 20\n")
        self.assertEqual(list(self.folder.iterdir()), [digits])
        report = json.loads(self.fails(11, "scan", digits, "--lowering", "aten::relu=!fairlead.aten", "--json", "-").stdout)
        missing = [entry["op"] for entry in report["files"][0]["operators"] if entry["plugin"] is None]
        self.assertEqual(missing, ["aten::relu.default"])

    def test_scan_counts_no_operator_on_a_type_that_the_opset_does_not_have(self):
        program = FIXTURES / "pt2-2.14.1/fp8.pt2"
        self.succeeds("scan", program, "--opset", 19)
        run = self.fails(11, "scan", program, "--opset", 18, rule="FL3004")
        lowered, operators = map(int, re.search(r": (\d+) of (\d+) operators lowered at opset 18", run.stdout).groups())
        self.assertLess(lowered, operators)
        self.assertIn("no float8e4m3fn at opset 18", run.stdout)
        self.assertIn('float8e4m3fn is a type of ONNX since opset 19, the target is 18: weight "w"', run.stderr)

    def test_scan_goes_on(self):
        run = self.fails(10, "scan", "missing.pt2", self.digits(), rule="FL1001")
        self.assertIn("digits.pt2: ", run.stdout)

    def test_ops_are_found_by_pattern(self):
        everything = self.succeeds("ops").stdout.splitlines()
        self.assertGreater(len(everything), 100)
        self.assertEqual(everything, sorted(everything, key=lambda line: line.split()[0]))
        relu = self.succeeds("ops", "aten::relu*").stdout
        self.assertIn("aten::relu.default", relu)
        self.assertTrue(all(line.startswith("aten::relu") for line in relu.splitlines()))
        self.assertEqual(self.succeeds("ops", "no_such_operator").stdout, "")
        results = ROOT / "tests/opsweep/results.tsv"
        table = self.succeeds("ops", "--markdown", "--results", results).stdout
        page = (ROOT / "docs/lowerings.md").read_text()
        self.assertTrue(table in page, f"docs/lowerings.md: put `fairlead ops --markdown --results {results}` there")
        (self.folder / "results.tsv").write_text("# a run\naten::relu.default\t3\t4\n")
        table = self.succeeds("ops", "aten::relu.default", "--markdown", "--results", "results.tsv").stdout
        self.assertIn("| `aten::relu(Tensor self) -> Tensor` | 18 and later | fairlead.aten | activation |  | 3 of 4 |", table)
        for content in ("aten::relu.default 3 4\n", "aten::relu.default\t3"):
            (self.folder / "results.tsv").write_text(content)
            self.fails(2, "ops", "--markdown", "--results", "results.tsv", rule="FL9004")
        self.fails(2, "ops", "--markdown", "--results", "no.tsv", rule="FL9004")
        self.fails(2, "ops", "--results", "results.tsv", rule="FL9015")
        rows = json.loads(self.succeeds("ops", "relu", "--json", "-").stdout)["lowerings"]
        self.assertIn("aten::relu.default", [row["op"] for row in rows])

    def test_every_family_has_its_line_of_differences(self):
        rows = json.loads(self.succeeds("ops", "--json", "-").stdout)["lowerings"]
        registered = sorted({(row["plugin"], row["family"]) for row in rows})
        lines, plugin = [], ""
        for line in (ROOT / "docs/differences.md").read_text().splitlines():
            if line.startswith("## "):
                plugin = line.removeprefix("## ")
            elif line.startswith("| ") and not line.startswith("| family |"):
                lines.append((plugin, line.split(" | ")[0].removeprefix("| ")))
        self.assertEqual(lines, registered, "docs/differences.md: one line for each family, in order")

    def test_explain_names_the_candidates(self):
        run = self.succeeds("explain", "aten::scaled_dot_product_attention", "--opset", "20")
        self.assertIn("fairlead.aten", run.stdout)
        chosen = json.loads(self.succeeds("explain", "aten::relu.default", "--json", "-").stdout)
        self.assertEqual([c["taken"] for c in chosen["operators"][0]["candidates"]][:1], [True])
        forbidden = json.loads(self.succeeds("explain", "aten::relu.default", "--lowering", "aten::relu=!fairlead.aten",
                                             "--json", "-").stdout)
        (candidate,) = forbidden["operators"][0]["candidates"]
        self.assertFalse(candidate["taken"])
        self.assertIn("forb", candidate["reason"])

    def test_explain_shows_the_same_candidates_once(self):
        said = self.succeeds("explain", "aten::gelu").stdout
        self.assertIn("aten::gelu.out: becomes aten::gelu.default (pass functionalize)", said)
        self.assertEqual(said.count("\naten::gelu.default\n") + said.startswith("aten::gelu.default\n"), 1)

    def test_explain_says_when_there_is_no_such_operator(self):
        for op, words in (
            ("aten::relux", "PyTorch has no such operator; nearest: relu"),
            ("aten::add.nope", "PyTorch has no such overload; there are: Scalar, "),
            ("aten::geqrf", "aten::geqrf.default: nobody lowers it\n"),
            ("acme::nope", "nobody lowers it, and it is not PyTorch's own"),
        ):
            self.assertIn(words, self.succeeds("explain", op).stdout)

    def test_explain_follows_what_passes_make_of_an_operator(self):
        run = self.succeeds("explain", "aten::true_divide_.Tensor", "aten::_assert_scalar.default")
        self.assertRegex(run.stdout, r"^aten::true_divide_\.Tensor: becomes aten::true_divide\.Tensor \(pass functionalize\)\n"
                                     r"aten::true_divide\.Tensor: becomes aten::div\.Tensor \(pass canonical-names\)\n"
                                     r"aten::div\.Tensor\n +fairlead\.aten \w+ +taken: the only one\n"
                                     r"aten::_assert_scalar\.default: has no single operator in its place \(pass drop-assertions\)\n$")
        told = json.loads(self.succeeds("explain", "aten::add_.Tensor", "aten::relu.default", "--json", "-").stdout)
        add, relu = told["operators"]
        self.assertEqual(add["passes"], [{"pass": "functionalize", "becomes": "aten::add.Tensor"}])
        self.assertEqual((relu["op"], relu["passes"]), ("aten::relu.default", []))
        self.fails(2, "explain", "aten::relu.default", "FL2004", rule="FL9015")

    def test_explain_shows_a_rule(self):
        run = self.succeeds("explain", "FL2004")
        self.assertIn("FL2004 CustomOperatorWithoutLowering", run.stdout)
        self.assertIn("exit 11", run.stdout)
        self.assertNotIn("does not report", run.stdout)
        self.fails(2, "explain", "FL0000", rule="FL9003")

    def test_explain_promises_nothing_that_nothing_reports(self):
        self.assertIn("does not report this rule yet", self.succeeds("explain", "FL4003").stdout)
        for rule, reserved in (("FL4003", True), ("FL2004", False)):
            self.assertEqual(json.loads(self.succeeds("explain", rule, "--json", "-").stdout)["reserved"], reserved)

    def test_plugins_are_listed_and_not_loaded(self):
        run = self.succeeds("plugin", "list")
        self.assertRegex(run.stdout, r"(?m)^fairlead\.aten +\d\S+ +lowering +/")
        self.assertRegex(run.stdout, r"(?m)^fairlead\.ep_ort +\d\S+ +provider +/")
        self.assertEqual(self.succeeds("plugin", "list", "--no-plugins").stdout, "")
        (self.folder / "x.fairlead.so").write_bytes(b"nothing")
        self.fails(15, "plugin", "list", "--plugin", self.folder / "x.fairlead.so", rule="FL9005")


class Models(CommandLineCase):
    def setUp(self):
        super().setUp()
        self.expected = load_file(DIGITS / "heldout.safetensors")
        self.succeeds("export", self.digits())

    def test_verify_compares(self):
        run = self.succeeds("verify", "digits.onnx", "--expect", DIGITS / "heldout.safetensors")
        self.assertRegex(run.stdout, r"^onnxruntime \S+ .*against heldout\.safetensors\nlogits  max abs .* ok\n$")
        self.assertRegex(run.stderr.splitlines()[-1], r"^digits\.onnx is verified\.$")
        self.expected["logits"][0, 0] = numpy.nan
        save_file(self.expected, self.folder / "nan.safetensors")
        run = self.fails(13, "verify", "digits.onnx", "--expect", "nan.safetensors", rule="FL8003")
        self.assertIn("FAILED", run.stdout)

    def test_verify_as_json(self):
        run = self.succeeds("verify", "digits.onnx", "--expect", DIGITS / "heldout.safetensors", "--json", "-")
        report = json.loads(run.stdout)
        self.assertTrue(report["verified"])
        self.assertEqual([c["output"] for c in report["comparisons"]], ["logits"])

    def test_verify_judges_shape_and_type(self):
        shape = {**self.expected, "logits": self.expected["logits"][:5]}
        dtype = {**self.expected, "logits": self.expected["logits"].astype(numpy.float64)}
        for rule, values in (("FL8005", shape), ("FL8004", dtype)):
            save_file({name: numpy.ascontiguousarray(value) for name, value in values.items()}, self.folder / "io.safetensors")
            self.fails(13, "verify", "digits.onnx", "--expect", "io.safetensors", rule=rule)

    def test_inputs_that_do_not_fit_are_named(self):
        for images in (self.expected["images"].astype(numpy.float64), self.expected["images"][0]):
            save_file({"images": numpy.ascontiguousarray(images)}, self.folder / "io.safetensors")
            self.fails(10, "run", "digits.onnx", "--input", "io.safetensors", rule="FL8013")
        self.fails(10, "run", "digits.onnx", rule="FL8013")

    def test_run_writes_what_it_computed(self):
        numpy.savez(self.folder / "in.npz", images=self.expected["images"][:4])
        run = self.succeeds("run", "digits.onnx", "--input", "in.npz", "-o", "out.safetensors")
        self.assertRegex(run.stdout, r"^logits +f32\[4,10\]")
        numpy.testing.assert_allclose(load_file(self.folder / "out.safetensors")["logits"], self.expected["logits"][:4],
                                      rtol=1e-3, atol=1e-3)
        self.succeeds("run", "digits.onnx", "--input", "in.npz", "-o", "out.npz")
        self.assertEqual(numpy.load(self.folder / "out.npz")["logits"].shape, (4, 10))
        values = json.loads(self.succeeds("run", "digits.onnx", "-i", "in.npz", "--json", "-").stdout)["outputs"][0]
        numpy.testing.assert_allclose(numpy.reshape(values["values"], values["dims"]), self.expected["logits"][:4],
                                      rtol=1e-3, atol=1e-3)

    def test_run_cannot_write(self):
        numpy.savez(self.folder / "in.npz", images=self.expected["images"][:4])
        self.fails(17, "run", "digits.onnx", "--input", "in.npz", "-o", "no/folder/out.npz", rule="FL6015")

    def foreign(self):
        """x @ w + b by nobody's exporter, and its values."""
        chance = numpy.random.default_rng(0)
        w, b, x = (chance.standard_normal(shape).astype(numpy.float32) for shape in ((3, 4), (4,), (2, 3)))
        graph = onnx.helper.make_graph(
            [onnx.helper.make_node("MatMul", ["x", "w"], ["xw"]), onnx.helper.make_node("Add", ["xw", "b"], ["y"])], "g",
            [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 3])],
            [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["n", 4])],
            [onnx.numpy_helper.from_array(w, "w"), onnx.numpy_helper.from_array(b, "b")])
        onnx.save(onnx.helper.make_model(graph, producer_name="somebody", ir_version=8,
                                         opset_imports=[onnx.helper.make_opsetid("", 13)]), self.folder / "foreign.onnx")
        return x, x @ w + b

    def test_run_runs_models_of_others(self):
        x, y = self.foreign()
        numpy.savez(self.folder / "in.npz", x=x)
        self.succeeds("run", "foreign.onnx", "--input", "in.npz", "-o", "out.npz")
        numpy.testing.assert_allclose(numpy.load(self.folder / "out.npz")["y"], y, rtol=1e-5, atol=1e-6)
        numpy.savez(self.folder / "leaf.npz", **{"in.0": x})
        self.assertRegex(self.succeeds("run", "foreign.onnx", "--input", "leaf.npz").stdout, r"^y +f32\[2,4\]")
        numpy.savez(self.folder / "other.npz", z=x)
        self.fails(10, "run", "foreign.onnx", "--input", "other.npz", rule="FL8013")

    def test_verify_compares_models_of_others(self):
        x, y = self.foreign()
        numpy.savez(self.folder / "io.npz", x=x, y=y)
        run = self.succeeds("verify", "foreign.onnx", "--expect", "io.npz")
        self.assertRegex(run.stdout, r"against io\.npz\ny +max abs .* ok\n$")
        numpy.savez(self.folder / "wrong.npz", x=x, y=y + 1)
        self.fails(13, "verify", "foreign.onnx", "--expect", "wrong.npz", rule="FL8001")

    def test_provider_nobody_has_is_refused(self):
        self.fails(14, "verify", "digits.onnx", "--expect", DIGITS / "heldout.safetensors", "--ep", "abacus", rule="FL8014")

    def test_broken_model_is_refused(self):
        content = (self.folder / "digits.onnx").read_bytes()
        (self.folder / "cut.onnx").write_bytes(content[: len(content) // 2])
        for command in ("verify", "run"):
            option = "--expect" if command == "verify" else "--input"
            run = self.fairlead(command, "cut.onnx", option, DIGITS / "heldout.safetensors")
            self.assertIn(run.returncode, (10, 14), run.stderr)


class NextSteps(CommandLineCase):
    """The line after "try" is about what went wrong."""

    def tries(self, step, exit_code, *words, rule, **settings):
        run = self.fails(exit_code, *words, rule=rule, **settings)
        self.assertRegex(run.stderr, rf"error {rule}: [^\n]*\n(?:   [^\n]*\n)*   try   {step}")
        return run

    def setUp(self):
        super().setUp()
        self.program = self.digits()
        self.succeeds("export", self.program, "-o", "digits.onnx")
        self.values = DIGITS / "heldout.safetensors"

    def test_of_a_file_that_is_not_there_is_its_path(self):
        for words in (("run", "nofile"), ("verify", "nofile", "--expect", self.values), ("run", "digits.onnx", "-i", "nofile.npz")):
            with self.subTest(words):
                self.tries("Check the path", 10, *words, rule="FL1001")

    def test_of_what_is_no_model_is_what_it_is(self):
        for command in (("run", self.program, "-i", self.values), ("verify", self.program, "--expect", self.values)):
            run = self.tries("export it first: fairlead export ", 10, *command, rule="FL1001")
            self.assertIn("digits.pt2 is a PyTorch program; an ONNX model is wanted", run.stderr)
        with zipfile.ZipFile(self.folder / "ts.pt", "w") as archive:
            archive.writestr("ts/code/__torch__.py", "")
            archive.writestr("ts/constants.pkl", "")
        run = self.tries("export the module with torch.export.export", 10, "run", "ts.pt", rule="FL1001")
        self.assertIn("ts.pt is a TorchScript file", run.stderr)

    def test_of_arrays_of_objects_is_about_arrays(self):
        numpy.savez(self.folder / "objects.npz", images=numpy.array([{}], dtype=object))
        self.tries("Give a .npz, .npy or .safetensors file", 10, "run", "digits.onnx", "-i", "objects.npz", rule="FL1001")

    def test_of_values_in_sets_is_to_name_one(self):
        images = load_file(self.values)["images"]
        save_file({"a.in.0": images}, self.folder / "sets.safetensors")
        self.tries("one set of the file alone is read with --set a", 10, "run", "digits.onnx", "-i", "sets.safetensors", rule="FL8013")
        self.succeeds("run", "digits.onnx", "-i", "sets.safetensors", "--set", "a")

    def test_of_a_library_that_is_missing_is_not_the_plugin(self):
        self.tries("Check that the library", 14, "verify", "digits.onnx", "--expect", self.values, "--plugin-opt",
                   "fairlead.ep_ort:library=/no/such/libonnxruntime.so", rule="FL8014")

    def test_without_plugins_is_to_have_some(self):
        self.tries("no plugin with lowerings is loaded: leave out --no-plugins", 11, "export", self.program, "--no-plugins", rule="FL2001")

    def test_names_only_operators_that_were_meant(self):
        def calls(target):
            def edit(document):
                document["graph_module"]["graph"]["nodes"][-1]["target"] = f"torch.ops.aten.{target}.default"
            return self.edited(DIGITS / "digits.pt2", edit, f"{target}.pt2")
        self.tries(r"nearest that have one: .*aten::linear\.default", 11, "export", calls("linaer"), rule="FL2001")
        self.tries("Rewrite the module", 11, "export", calls("ormqr"), rule="FL2001")


if __name__ == "__main__":
    unittest.main()
