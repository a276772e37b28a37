#!/usr/bin/env python3
"""The judge tells right files from wrong ones: every kind of fault it has to find is made here once."""

import json
import tempfile
import unittest
import zipfile
from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx.numpy_helper import from_array
from safetensors.numpy import save_file

from comparison import difference
from expectations import Expectations, read_expectations
from expected import Expected, Port, Values, read_expected
from interface import Interface, read_interface
from judge import judge

OPSET = 20


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def save(self, nodes, inputs, outputs, initializers=(), metadata=None, opset=OPSET):
        values = [[h.make_tensor_value_info(*port) for port in ports] for ports in (inputs, outputs)]
        graph = h.make_graph(nodes, "graph", *values, list(initializers))
        model = h.make_model(graph, opset_imports=[h.make_opsetid("", opset)], ir_version=9)
        for key, value in (metadata or {}).items():
            model.metadata_props.add(key=key, value=json.dumps(value))
        onnx.save(model, self.folder / "model.onnx")
        return self.folder / "model.onnx"

    def double(self, metadata=None, dims=("n",), element=T.FLOAT):
        return self.save([h.make_node("Add", ["x", "x"], ["y"])], [("x", element, dims)], [("y", element, dims)], metadata=metadata)

    def expect(self, verdict, status, part=""):
        self.assertEqual(verdict.status, status, verdict.reason)
        self.assertIn(part, verdict.reason)


def values(inputs, outputs, **more):
    return Values(dict(enumerate(inputs)), dict(enumerate(outputs)), **more)


X = np.array([1, -2], np.float32)


class JudgeTest(Case):
    def test_right_model_is_ok(self):
        self.expect(judge(self.double(), Expected({"a": values([X], [X * 2])}), OPSET), "ok", "onnxruntime")

    def test_every_set_counts(self):
        sets = {"a": values([X], [X * 2]), "b": values([X[:1]], [X[:1] * 3])}
        self.expect(judge(self.double(), Expected(sets), OPSET), "wrong", "set b: output 0 (y) 1 of 1 differ")

    def test_wrong_type_and_shape_are_found(self):
        self.expect(judge(self.double(), Expected({"": values([X], [(X * 2).astype(np.float64)])}), OPSET), "wrong", "is float32")
        self.expect(judge(self.double(), Expected({"": values([X], [X[None] * 2])}), OPSET), "wrong", "has shape [2]")

    def test_another_opset_is_a_failure(self):
        self.expect(judge(self.double(), Expected({"": values([X], [X * 2])}), 23), "failed", "asked was opset 23")

    def test_invalid_and_absent_files_are_failures(self):
        broken = self.save([h.make_node("Add", ["x", "nowhere"], ["y"])], [("x", T.FLOAT, [2])], [("y", T.FLOAT, [2])])
        self.expect(judge(broken, Expected({}), OPSET), "failed", "checker")
        self.expect(judge(self.folder / "absent.onnx", Expected({}), OPSET), "failed", "checker")

    def test_leaves_follow_the_lists_of_the_file(self):
        model = self.double({"fairlead.inputs": [None, "x"], "fairlead.outputs": [None, None, "y"]})
        right = Values({1: X}, {2: X * 2})
        self.expect(judge(model, Expected({"": right}), OPSET), "ok")
        self.expect(judge(model, Expected({"": Values({1: X}, {1: X * 2})}), OPSET), "wrong", "output 1 (None)")

    def test_leaves_without_lists_are_counted(self):
        self.expect(judge(self.double(), Expected({"": Values({3: X}, {1: X * 2})}), OPSET), "ok")

    def test_inputs_have_the_placeholders_names_types_and_dims(self):
        good = {0: Port("x", "float32", ["s0"])}
        sets = {"": values([X], [X * 2])}
        self.expect(judge(self.double(), Expected(sets, good), OPSET), "ok")
        self.expect(judge(self.double(), Expected(sets, {0: Port("z", "float32", ["s0"])}), OPSET), "wrong", "no input is named z")
        self.expect(judge(self.double(), Expected(sets, {0: Port("x", "float16", ["s0"])}), OPSET), "wrong", "expected float16")
        self.expect(judge(self.double(dims=(2,)), Expected(sets, good), OPSET), "wrong", "has dims [2]")
        one = {0: Port("x", "float32", [1])}
        self.expect(judge(self.double(), Expected({"": values([X[:1]], [X[:1] * 2])}, one), OPSET), "wrong", "has dims ['n']")

    def test_every_new_state_matches_an_output(self):
        nodes = [h.make_node("Add", ["x", "count"], ["y"]), h.make_node("Mul", ["count", "count"], ["count.next"])]
        model = self.save(nodes, [("x", T.FLOAT, [2]), ("count", T.FLOAT, [])], [("y", T.FLOAT, [2]), ("count.next", T.FLOAT, [])],
                          [from_array(np.array(3, np.float32), "count")])
        right = dict(buffers={"count": np.array(9, np.float32)})
        self.expect(judge(model, Expected({"": values([X], [X + 3], **right)}), OPSET), "ok")
        wrong = dict(buffers={"count": np.array(8, np.float32)})
        self.expect(judge(model, Expected({"": values([X], [X + 3], **wrong)}), OPSET), "wrong", "state count.next")
        other = dict(buffers={"other": np.array(8, np.float32)})
        self.expect(judge(model, Expected({"": values([X], [X + 3], **other)}), OPSET), "wrong", "no output is the new state other.next")
        changed = dict(changed_inputs={0: X + 1})
        self.expect(judge(model, Expected({"": values([X], [X + 3], **changed)}), OPSET), "wrong", "new state x.next")

    def test_user_outputs_do_not_stand_for_states(self):
        twice = dict(buffers={"copy": X * 2})
        self.expect(judge(self.double(), Expected({"": values([X], [X * 2], **twice)}), OPSET), "wrong", "no output is the new state")

    def pair(self, outputs=("sum", "product"), **more):
        """x + x and x * x, and the identity of x under any further name."""
        names = dict(zip(outputs, ("Add", "Mul")))
        nodes = [h.make_node(names.get(name, "Mul"), ["x", "x"], [name]) for name in outputs]
        nodes += [h.make_node("Identity", ["x"], [name]) for name in more.get("further", ())]
        ports = [(name, T.FLOAT, [2]) for name in (*outputs, *more.get("further", ()))]
        return self.save(nodes, [("x", T.FLOAT, [2])], more.get("order", lambda ports: ports)(ports),
                         metadata={"fairlead.inputs": ["x"], "fairlead.outputs": list(outputs)})

    def pair_expected(self, **more):
        return Expected({"": values([X], [X + X, X * X], **more)}, interface=Interface(["sum", "product"], ["count", "x"]))

    def test_outputs_are_called_as_the_program_says(self):
        self.expect(judge(self.pair(), self.pair_expected(), OPSET), "ok")
        other = self.pair(("sum", "times"))
        self.expect(judge(other, self.pair_expected(), OPSET), "wrong", "output 1 is called times, expected product")
        taken = Expected({"": values([X], [X * 2])}, interface=Interface(["x"], ["x"]))
        self.expect(judge(self.double(), taken, OPSET), "wrong", "output 0 is called y, expected x")
        renamed = self.save([h.make_node("Add", ["x", "x"], ["x_1"])], [("x", T.FLOAT, [2])], [("x_1", T.FLOAT, [2])])
        self.expect(judge(renamed, taken, OPSET), "ok")

    def test_outputs_stand_in_the_order_of_the_program(self):
        turned = self.pair(order=lambda ports: ports[::-1])
        self.expect(judge(turned, self.pair_expected(), OPSET), "wrong", "order product, sum, expected sum, product")
        self.expect(judge(turned, Expected(self.pair_expected().sets), OPSET), "wrong", "in the order product, sum")
        first = self.pair(further=["x.next"], order=lambda ports: ports[::-1])
        self.expect(judge(first, self.pair_expected(), OPSET), "wrong", "expected sum, product, x.next")

    def test_outputs_that_nothing_explains_are_refused(self):
        more = self.pair(further=["more"])
        self.expect(judge(more, self.pair_expected(), OPSET), "wrong", "output more is no output and no state of the program")
        self.expect(judge(more, Expected(self.pair_expected().sets), OPSET), "wrong", "output more is no output")
        # Under another name it may be a state for one who knows no names.
        state = dict(changed_inputs={0: X})
        self.expect(judge(more, Expected(self.pair_expected(**state).sets), OPSET), "ok")
        self.expect(judge(more, self.pair_expected(**state), OPSET), "wrong", "output more is no output")

    def test_states_that_no_call_changed_are_as_they_were(self):
        same = self.pair(further=["x.next"])
        self.expect(judge(same, self.pair_expected(), OPSET), "ok")
        nodes = [h.make_node("Add", ["x", "x"], ["sum"]), h.make_node("Mul", ["x", "x"], ["product"]),
                 h.make_node("Neg", ["x"], ["x.next"])]
        ports = [(name, T.FLOAT, [2]) for name in ("sum", "product", "x.next")]
        changed = self.save(nodes, [("x", T.FLOAT, [2])], ports)
        self.expect(judge(changed, self.pair_expected(), OPSET), "wrong", "state x.next, which the program does not change")
        for count, status in ((3, "ok"), (4, "wrong")):
            nodes[2] = h.make_node("Constant", [], ["count.next"], value_float=3.0)
            model = self.save(nodes, [("x", T.FLOAT, [2]), ("count", T.FLOAT, [])], [*ports[:2], ("count.next", T.FLOAT, [])],
                              [from_array(np.array(count, np.float32), "count")])
            self.expect(judge(model, self.pair_expected(), OPSET), status)

    def test_an_input_nobody_has_a_value_for_is_found(self):
        model = self.save([h.make_node("Add", ["x", "z"], ["y"])], [("x", T.FLOAT, [2]), ("z", T.FLOAT, [2])], [("y", T.FLOAT, [2])])
        self.expect(judge(model, Expected({"": values([X], [X])}), OPSET), "wrong", "input z")

    def test_types_without_a_kernel_run_on_the_reference(self):
        x = X.astype(ml_dtypes.bfloat16)
        self.expect(judge(self.double(element=T.BFLOAT16), Expected({"": values([x], [x + x])}), OPSET), "ok", "onnx.reference")
        self.expect(judge(self.double(element=T.BFLOAT16), Expected({"": values([x], [x])}), OPSET), "wrong", "differ")

    def test_small_floats_pass_through_onnxruntime(self):
        for element, dtype in ((T.BFLOAT16, ml_dtypes.bfloat16), (T.FLOAT8E4M3FN, ml_dtypes.float8_e4m3fn), (T.FLOAT16, np.float16)):
            model = self.save([h.make_node("Identity", ["x"], ["y"])], [("x", element, [2])], [("y", element, [2])])
            x = X.astype(dtype)
            self.expect(judge(model, Expected({"": values([x], [x])}), OPSET), "ok", "onnxruntime")

    def test_shapes_only_forgives_numbers_and_nothing_else(self):
        self.expect(judge(self.double(), Expected({"": values([X], [X])}), OPSET, shapes_only=True), "ok")
        self.expect(judge(self.double(), Expected({"": values([X], [X[:1]])}), OPSET, shapes_only=True), "wrong")

    def test_symbolic_numbers_are_int64_scalars(self):
        nodes = [h.make_node("Mul", ["x", "n"], ["y"]), h.make_node("Identity", ["n"], ["m"])]
        model = self.save(nodes, [("x", T.INT64, [2]), ("n", T.INT64, [])], [("y", T.INT64, [2]), ("m", T.INT64, [])],
                          metadata={"fairlead.inputs": ["x", "n"], "fairlead.outputs": ["y", "m", None]})
        call = values([np.array([2, 3])], [np.array([8, 12])])
        for kind, leaf, value in (("in", 1, 4), ("out", 1, 4), ("out", 2, 30)):
            call.add_number(kind, leaf, value)
        self.expect(judge(model, Expected({"": call}), OPSET), "ok")
        call.add_number("out", 1, 5)
        self.expect(judge(model, Expected({"": call}), OPSET), "wrong", "output 1 (m)")


class DifferenceTest(unittest.TestCase):
    def test_tolerance_is_relative_plus_a_share_of_the_largest(self):
        expected = np.array([1, 100], np.float32)
        self.assertIsNone(difference(np.array([1.0109, 100], np.float32), expected))
        self.assertIn("[0] is 1.0111", difference(np.array([1.0111, 100], np.float32), expected))

    def test_nan_and_infinity_are_in_the_same_places(self):
        special = np.array([np.nan, np.inf, -np.inf, 0], np.float32)
        self.assertIsNone(difference(special.copy(), special))
        for place, value in ((0, 1), (1, 1), (1, -np.inf), (1, np.nan), (3, np.nan), (3, np.inf)):
            got = special.copy()
            got[place] = value
            self.assertIn(f"[{place}]", difference(got, special))

    def test_integers_and_bool_are_exact(self):
        big = np.array([2**62 + 1])
        self.assertIsNone(difference(big.copy(), big))
        self.assertIn("1 of 1 differ", difference(big + 1, big))
        self.assertIn("1 of 2 differ", difference(np.array([True, True]), np.array([True, False])))

    def test_empty_and_complex_values_compare(self):
        self.assertIsNone(difference(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32)))
        self.assertIsNone(difference(np.array([1 + 2j], np.complex64), np.array([1 + 2j], np.complex64)))
        self.assertIsNotNone(difference(np.array([1 + 2j], np.complex64), np.array([1 - 2j], np.complex64)))


class ExpectationsTest(Case):
    def write(self, text):
        path = self.folder / "expectations.toml"
        path.write_text(text)
        return path

    def test_without_an_entry_only_ok_is_accepted(self):
        self.assertTrue(Expectations({}).accept("m", 20, "ok"))
        self.assertFalse(Expectations({}).accept("m", 20, "wrong"))

    def test_a_listed_failure_is_accepted_and_a_listed_pass_is_not(self):
        listed = read_expectations(self.write('[m]\nstatus = "failed"\nopsets = [20]\nreason = "no DFT of complex"\n'))
        self.assertTrue(listed.accept("m", 20, "failed"))
        self.assertFalse(listed.accept("m", 20, "ok"))
        self.assertFalse(listed.accept("m", 20, "wrong"))
        self.assertTrue(listed.accept("m", 23, "ok"))
        self.assertFalse(listed.accept("m", 23, "failed"))

    def test_an_entry_needs_a_reason(self):
        with self.assertRaises(ValueError):
            read_expectations(self.write('[m]\nstatus = "failed"\n'))


class InterfaceTest(Case):
    """The names that a program gives its outputs and states."""

    def interface(self, out_spec, signature, fields=None):
        module = {"module_call_graph": [{"fqn": "", "signature": {"out_spec": json.dumps([1, out_spec])}}], "signature": signature,
                  "treespec_namedtuple_fields": fields or {}}
        with zipfile.ZipFile(self.folder / "m.pt2", "w") as archive:
            archive.writestr("m/models/model.json", json.dumps({"graph_module": module}))
        return read_interface(self.folder / "m.pt2")

    LEAF = {"type": None, "context": None, "children_spec": []}

    def names(self, kind, context, children, **more):
        return self.interface({"type": kind, "context": context, "children_spec": children}, {"input_specs": []}, **more).outputs

    def test_outputs_are_paths(self):
        leaf = self.LEAF
        self.assertEqual(self.interface(leaf, {"input_specs": []}).outputs, ["output_0"])
        pair = {"type": "builtins.tuple", "context": "null", "children_spec": [leaf, leaf]}
        self.assertEqual(self.names("builtins.tuple", "null", [leaf, pair]), ["output_0", "output_1.0", "output_1.1"])
        self.assertEqual(self.names("builtins.dict", '["a", "b"]', [leaf, pair]), ["a", "b.0", "b.1"])
        self.assertEqual(self.names("collections.OrderedDict", "[3, 1]", [leaf, leaf]), ["3", "1"])
        self.assertEqual(self.names("m.Output", '[["logits", "loss"], []]', [leaf, leaf]), ["logits", "loss"])
        self.assertEqual(self.names("collections.defaultdict", '[{"builtin": "int"}, ["k"]]', [leaf]), ["k"])
        fields = {"m.Pair": {"field_names": ["left", "right"]}}
        self.assertEqual(self.names("collections.namedtuple", "m.Pair", [leaf, leaf], fields=fields), ["left", "right"])

    def test_states_are_weights_then_inputs(self):
        tensor = {"arg": {"as_tensor": {"name": "x"}}}
        specs = [{"user_input": tensor}, {"parameter": {"parameter_name": "w"}}, {"buffer": {"buffer_name": "b.n"}},
                 {"user_input": {"arg": {"as_int": 3}}}]
        self.assertEqual(self.interface(self.LEAF, {"input_specs": specs}).states, ["w", "b.n", "x"])

    def test_committed_programs_are_read(self):
        fixtures = Path(__file__).parent.parent / "data" / "fixtures"
        for version, states in (("2.1.2", ["arg0_1", "arg1_1", "arg2_1"]), ("2.4.1", ["d_k", "l_0", "l_1"]), ("2.8.0", ["d_k", "l_0", "l_1"])):
            interface = read_interface(fixtures / f"pt2-{version}" / "dicts.pt2")
            self.assertEqual((interface.outputs, interface.states), (["z", "y.0", "y.1"], states))


class ReadExpectedTest(unittest.TestCase):
    def test_committed_files_are_read(self):
        data = Path(__file__).parent.parent / "data" / "onnx"
        expected = read_expected(data / "linear.safetensors")
        self.assertEqual(set(expected.sets), {"a", "b"})
        self.expect_ok(data / "linear.onnx", expected)
        self.expect_ok(data / "counter.onnx", read_expected(data / "counter.safetensors"))

    def test_complex_numbers_are_pairs(self):
        with tempfile.TemporaryDirectory() as folder:
            values, description = Path(folder) / "m.safetensors", Path(folder) / "m.json"
            save_file({"a.in.0": np.array([1 + 2j, 3], np.complex64), "a.out.0": np.array(4j, np.complex64)}, values)
            ports = {"name": "x", "dims": ["tensor", "complex64", ["n"]]}
            leaves = {"inputs": [["tensor", "complex64", [2]]], "outputs": [["tensor", "complex64", []]]}
            description.write_text(json.dumps({"inputs": [ports], "sets": {"a": leaves}}))
            expected = read_expected(values, description)
        self.assertEqual(expected.ports[0], Port("x", "float32", ["n", 2]))
        np.testing.assert_array_equal(expected.sets["a"].inputs[0], np.array([[1, 2], [3, 0]], np.float32))
        np.testing.assert_array_equal(expected.sets["a"].outputs[0], np.array([0, 4], np.float32))

    def expect_ok(self, model, expected):
        verdict = judge(model, expected, OPSET)
        self.assertEqual(verdict.status, "ok", verdict.reason)


if __name__ == "__main__":
    unittest.main()
