#!/usr/bin/env python3
"""Writes onnx_ops.hpp: one Builder method per ONNX operator of the default domain, from the schemas in the onnx package.

    $(tools/setup --print python) tools/generators/onnx_ops.py [--check]

--check writes nothing and fails when the file differs from what would be written.
"""
import pathlib
import sys

import onnx
from onnx.defs import OpSchema

OPSET = 26  # the newest that ONNX Runtime takes
FILE = pathlib.Path(__file__).resolve().parents[2] / "sdk/include/fairlead/sdk/onnx_ops.hpp"
ATTRIBUTE_TYPES = {"INT": "int64_t", "FLOAT": "double", "STRING": "std::string_view", "INTS": "Ints", "FLOATS": "Floats",
                   "STRINGS": "Strings", "GRAPH": "fl_graph", "TENSOR": "const fl_constant*"}
LISTS = {"INTS", "FLOATS", "STRINGS", "TENSOR"}  # these have an unset state of their own
WRITTEN_BY_HAND = {"Constant"}
# Older forms with another meaning, or with inputs where attributes were: methods of their own, DFT17.
OLDER_FORMS = [("DFT", 17)]
KEYWORDS = {"and", "bool", "default", "else", "float", "if", "int", "not", "or", "then", "xor"}
Formal = OpSchema.FormalParameterOption


def newest_schemas(opset):
    newest = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        if schema.domain == "" and schema.since_version <= opset:
            if schema.name not in newest or newest[schema.name].since_version < schema.since_version:
                newest[schema.name] = schema
    return [s for name, s in sorted(newest.items()) if not s.deprecated and name not in WRITTEN_BY_HAND]


def operators(opset):
    found = [Operator(s, s.name) for s in newest_schemas(opset)]
    older = [Operator(onnx.defs.get_schema(name, version, ""), f"{name}{version}") for name, version in OLDER_FORMS]
    return sorted(found + older, key=lambda o: o.name)


def identifier(name):
    return name + "_" if name in KEYWORDS else name


def literal(attribute):
    value = onnx.helper.get_attribute_value(attribute.default_value)
    if isinstance(value, bytes):
        return f'"{value.decode()}"'
    if isinstance(value, float):
        return f"{float(f'{value:.7g}')!r}"
    return str(value)


class Attribute:
    def __init__(self, attribute):
        self.name = identifier(attribute.name)
        self.onnx_name = attribute.name
        self.kind = attribute.type.name
        self.required = attribute.required
        scalar_default = attribute.default_value.type != 0 and self.kind not in LISTS
        self.default = literal(attribute) if scalar_default else None

    def field(self):
        base = ATTRIBUTE_TYPES[self.kind]
        if self.required:
            return f"Required<{base}> {self.name};"
        if self.default is not None:
            return f"{base} {self.name} = {self.default};"
        return f"{base} {self.name} = {{}};" if self.kind in LISTS else f"std::optional<{base}> {self.name} = {{}};"

    def written(self):
        default = f", {self.default}" if self.default is not None else ""
        return f'{{"{self.onnx_name}", a.{self.name}{default}}}'


class Operator:
    def __init__(self, schema, method):
        self.name = method
        self.onnx_name = schema.name
        self.required = [identifier(i.name) for i in schema.inputs if i.option == Formal.Single]
        self.optional = [identifier(i.name) for i in schema.inputs if i.option == Formal.Optional]
        self.variadic = [identifier(i.name) for i in schema.inputs if i.option == Formal.Variadic]
        self.attributes = [Attribute(a) for _, a in sorted(schema.attributes.items()) if a.type.name in ATTRIBUTE_TYPES]
        self.outputs = [identifier(o.name) for o in schema.outputs]
        self.variadic_outputs = any(o.option == Formal.Variadic for o in schema.outputs)
        self.default_outputs = schema.min_output or len(self.outputs)
        self.attributes_required = any(a.required for a in self.attributes)

    def result(self):
        if self.variadic_outputs:
            return "std::vector<Value>"
        return "Value" if len(self.outputs) == 1 else f"{self.name}Outputs"

    def structs(self):
        if len(self.outputs) > 1:
            yield f"struct {self.name}Outputs {{ Value {', '.join(self.outputs)}; }};"
        if self.attributes:
            yield f"struct {self.name}Attributes {{ {' '.join(a.field() for a in self.attributes)} }};"

    def method(self):
        inputs = [f"Value {i}" for i in self.required] + [f"Value {i} = {{}}" for i in self.optional]
        if self.variadic:  # a list comes last; the optional inputs before it (Loop) lose their defaults
            inputs = [p.removesuffix(" = {}") for p in inputs] + ["const Inputs& " + v for v in self.variadic]
        count = "outputs"
        tail = []
        if self.attributes:
            default = "" if self.attributes_required or self.variadic_outputs else " = {}"
            if self.attributes_required or self.variadic_outputs:
                inputs = [p.removesuffix(" = {}") for p in inputs]
            tail.append(f"const {self.name}Attributes& a{default}")
        if self.variadic_outputs:
            inputs = [p.removesuffix(" = {}") for p in inputs]
            tail.append("std::size_t outputs")
        elif len(self.outputs) > 1:
            tail.append(f"std::size_t outputs = {self.default_outputs}")
        names = self.required + self.optional
        given = f"Joined({{{', '.join(names)}}}, {self.variadic[0]})" if self.variadic and names else \
            self.variadic[0] if self.variadic else f"{{{', '.join(names)}}}"
        attributes = f"{{{', '.join(a.written() for a in self.attributes)}}}"
        call = {"Value": f'One("{self.onnx_name}", {given}, {attributes})',
                "std::vector<Value>": f'Some("{self.onnx_name}", {given}, {attributes}, {count})'}.get(
                    self.result(), f'Many<{self.name}Outputs>("{self.onnx_name}", {given}, {attributes}, {count})')
        yield f"  {self.result()} {self.name}({', '.join(inputs + tail)}) {{ return {call}; }}"
        yield from self.shorter_forms()

    def shorter_forms(self):
        """Attributes may follow the last input that is given: b.Clip(x, {…}) beside b.Clip(x, min, {…})."""
        if not self.attributes or self.variadic:
            return
        for keep in range(len(self.optional)):
            names = self.required + self.optional[:keep]
            absent = ["{}"] * (len(self.optional) - keep)
            outputs = self.variadic_outputs or len(self.outputs) > 1
            default = "" if self.variadic_outputs else f" = {self.default_outputs}"
            parameters = [f"Value {n}" for n in names] + [f"const {self.name}Attributes& a"]
            parameters += [f"std::size_t outputs{default}"] if outputs else []
            call = f"{self.name}({', '.join(names + absent + ['a'] + ['outputs'] * outputs)})"
            yield f"  {self.result()} {self.name}({', '.join(parameters)}) {{ return {call}; }}"


def lines():
    yield f"// Generated by tools/generators/onnx_ops.py from the schemas of onnx {onnx.__version__}. Do not edit."
    yield "//\n// One method per operator of ONNX's default domain: inputs in ONNX's order, then attributes in alphabetical order."
    yield "// An attribute that has its default is not written. `outputs` is how many outputs the node has; the rest is absent."
    yield "// clang-format off\n#pragma once\n\n#include <fairlead/sdk/emitter.hpp>\n"
    yield "namespace fairlead {\ninline namespace sdk_v1 {\n"
    yield f"inline constexpr int kOnnxOpset = {OPSET};\n"
    for operator in operators(OPSET):
        yield from operator.structs()
    yield "\nclass OnnxOps : public Emitter {\n public:\n  using Emitter::Emitter;\n"
    for operator in operators(OPSET):
        yield from operator.method()
    yield "};\n\n}  // namespace sdk_v1\n}  // namespace fairlead"


def main():
    text = "\n".join(lines()) + "\n"
    if sys.argv[1:] == ["--check"]:
        sys.exit(None if FILE.read_text() == text else f"{FILE} differs from what {sys.argv[0]} writes")
    FILE.write_text(text)


if __name__ == "__main__":
    main()
