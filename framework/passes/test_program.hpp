// For tests: a program from the text of its graph, and edits that the text cannot say.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "diagnostics/diagnostics.hpp"
#include "frontend/exported_program.hpp"
#include "ir/text.hpp"
#include "ir/verifier.hpp"
#include "passes/pass.hpp"

namespace fairlead {

// Every graph input becomes a user input, every output a user output. Names of intermediate values are the text's.
inline ExportedProgram ProgramFrom(std::string_view text) {
  ExportedProgram program;
  Result<Graph> graph = ParseGraph(text);
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : graph.error().message);
  if (!graph.ok()) return program;
  program.graph = *std::move(graph);
  for (const ValueId input : program.graph.inputs()) {
    InputSpec spec;
    spec.value = input;
    spec.name = program.graph.value(input).name;
    program.inputs.push_back(std::move(spec));
  }
  for (const ValueId output : program.graph.outputs()) {
    OutputSpec spec;
    spec.value = output;
    program.outputs.push_back(std::move(spec));
  }
  return program;
}

inline Model ModelFrom(std::string_view text) {
  Model model;
  Result<Graph> graph = ParseGraph(text);
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : graph.error().message);
  if (graph.ok()) model.graph = *std::move(graph);
  return model;
}

// The value called `name`; fails the test when there is none.
inline ValueId ValueNamed(const Graph& graph, std::string_view name) {
  for (ValueId id = 0; id < graph.value_count(); ++id)
    if (graph.value(id).name == name) return id;
  ADD_FAILURE() << "no value is called " << name;
  return 0;
}

// Makes the input `name` a buffer (or whatever `kind` says) with the given target and weight.
inline void MakeWeight(ExportedProgram& program, std::string_view name, InputSpec::Kind kind, std::string target,
                       Tensor weight) {
  for (InputSpec& spec : program.inputs) {
    if (spec.name != name) continue;
    spec.kind = kind;
    spec.target = target;
    program.weights.emplace(std::move(target), std::move(weight));
    return;
  }
  ADD_FAILURE() << "no input is called " << name;
}

// Appends an output that is the new value of `target`.
inline void AddMutation(ExportedProgram& program, std::string_view value, OutputSpec::Kind kind, std::string target) {
  OutputSpec spec;
  spec.kind = kind;
  spec.value = ValueNamed(program.graph, value);
  spec.target = std::move(target);
  program.graph.AddOutput(spec.value);
  program.outputs.push_back(std::move(spec));
}

// The text without the comments that state types.
inline std::string TextOf(const Graph& graph) { return Print(graph, {.types = false}); }

// The same graph, printed from its own text: so that a test does not depend on spacing.
inline std::string Normal(std::string_view text) {
  Result<Graph> graph = ParseGraph(text);
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : graph.error().message);
  return graph.ok() ? TextOf(*graph) : "";
}

// The text with values numbered in order of printing: two graphs that differ in names only read the same.
inline std::string Anonymous(Graph graph) {
  for (ValueId id = 0; id < graph.value_count(); ++id)
    if (graph.value(id).producer != kNoNode) graph.value(id).name.clear();
  return TextOf(graph);
}
inline std::string Anonymous(std::string_view text) {
  Result<Graph> graph = ParseGraph(text);
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : graph.error().message);
  return graph.ok() ? Anonymous(*std::move(graph)) : "";
}

inline Status RunPass(const ProgramPass& pass, ExportedProgram& program, PassContext& context) {
  Status status = pass.Run(program, context);
  EXPECT_TRUE(VerifyGraph(program.graph).ok()) << VerifyGraph(program.graph).message();
  return status;
}

inline Status RunPass(const ModelPass& pass, Model& model, PassContext& context) {
  Status status = pass.Run(model, context);
  EXPECT_TRUE(VerifyGraph(model.graph).ok()) << VerifyGraph(model.graph).message();
  return status;
}

}  // namespace fairlead
