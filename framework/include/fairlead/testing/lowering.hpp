// Lowers one ATen call given as text, for tests of lowerings: text in, text out. sdk/testing builds its macros on this.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairlead::testing {

// A row of a plugin's table that lowered something; since and until as the row has them, 0 = open.
struct RowUsed {
  std::string schema;
  int since = 0, until = 0;
};

struct Lowered {
  bool ok = false;
  std::string text;   // the ONNX graph in the textual form, values named in the order a walk from the results meets them
  std::string error;  // what was said when it was refused
  std::string rule;   // "FL2003", the rule it was refused by
  std::vector<RowUsed> rows;  // each once, also those that other lowerings asked for
};

// `call` is "aten.add.Tensor(x: f32[2,3], y: i64[3], alpha=2) -> f32[2,3]":
//   - "x: f32[2,3]" is a tensor that becomes a graph input; dims are numbers or names ("n"); "n: symint" is a symbolic
//   size;
//   - arguments go by position until the first that is named; the rest has the schema's defaults;
//   - lists "[x: f32[2], none]", "[2, n: symint]"; text 'tanh'; true, false, none; data types by their short name;
//   - after "->" the recorded types of the results, several in parentheses; without it they stay unknown;
// or a whole program in the textual form of graphs,
// "agraph (float[2] x) => (float[2] y) { y = aten::relu.default(self=x) }".
// `plugins` are loaded beside nothing else; a process loads each once.
__attribute__((visibility("default"))) Lowered LowerText(const std::vector<std::string>& plugins, std::string_view call,
                                                         int opset);

// True when both texts are graphs that differ in nothing but the names of values and the order of independent nodes.
// Otherwise `difference` says how, with both graphs in the same naming.
__attribute__((visibility("default"))) bool SameGraph(std::string_view a, std::string_view b, std::string* difference);

}  // namespace fairlead::testing
