// What PyTorch exported: a graph of ATen nodes, the meaning of its inputs and outputs, ranges, weights.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ir/graph.hpp"

namespace fairlead {

// A leaf that is not a tensor: None, or a Python number or string fixed at export.
using ConstantLeaf = std::variant<None, int64_t, double, bool, std::string>;

// Meaning of one graph input, in the graph's order. Parameters, buffers and tensor constants are graph inputs too, until
// LiftWeights (passes/) makes them initializers.
struct InputSpec {
  enum class Kind : uint8_t { kUser, kParameter, kBuffer, kTensorConstant, kConstant, kCustomObject, kToken };
  Kind kind = Kind::kUser;
  ValueId value = kNoValue;    // kNoValue for kConstant and kCustomObject
  std::string name = {};       // the placeholder's name in the program
  std::string target = {};     // fully qualified name of a parameter, buffer, constant or custom object
  bool persistent = true;      // of a buffer
  ConstantLeaf constant = {};  // kConstant
};

// Meaning of one graph output.
struct OutputSpec {
  enum class Kind : uint8_t { kUser, kLoss, kBufferMutation, kParameterMutation, kInputMutation, kGradient, kToken };
  Kind kind = Kind::kUser;
  ValueId value = kNoValue;  // kNoValue when the output is a constant
  // Path in the output pytree ("logits", "past.0.key"), with "output_" before a path that begins with a position; not made
  // unique. Of state: filled by passes.
  std::string name = {};
  std::string target = {};  // what is mutated: FQN of a buffer or parameter, name of a user input
  ConstantLeaf constant = {};
};

struct Range {
  std::optional<int64_t> min, max;  // inclusive; empty = unbounded
};

struct ExportedProgram {
  Graph graph{"main"};
  std::vector<InputSpec> inputs;
  std::vector<OutputSpec> outputs;
  std::map<std::string, Tensor> weights;  // by fully qualified name: parameters, buffers, constants
  // By expression in the form of dims ("x_dim0", "2*x_dim0": frontend/expression.hpp); those we cannot read are left out.
  std::map<std::string, Range> ranges;
  std::map<std::string, std::string> symbols;  // readable name of a size → PyTorch's: "x_dim0" → "s77"
  // Sample inputs in pytree order (args, then kwargs), where the archive holds them and they could be read.
  std::vector<std::variant<Tensor, ConstantLeaf>> sample_inputs;
  std::vector<std::string> sample_input_notes;  // why there are none
  // What the program changes and whose new values were left out (passes/state.cpp): fully qualified names, names of inputs.
  std::vector<std::string> dropped_state;
  int schema_major = 0, schema_minor = 0;
  std::string torch_version;      // empty before PyTorch 2.5
  std::string dialect;            // "TRAINING", "ATEN"
  std::string layout;             // "A" flat zip (2.1–2.7), "B" (2.8), "C" (2.9 and later)
  std::string in_spec, out_spec;  // pytree specs as JSON text
  std::string archive_path;
};

}  // namespace fairlead
