// The textual form of a graph: prints and parses back to the same graph, ATen and ONNX nodes mixed.
//
//   agraph (float[2,3] x, int64[3] y) => (float[2,3] z)
//   <float[4] weight = {1.0, 2.0, 3.0, 4.0}, float[64,3] big = <absent>>
//   {
//     y_f = Cast<to=1>(y)
//     a, b = Split<axis=0, num_outputs=2>(y_f)
//     z = aten::add.Tensor(self=x, other=y_f, alpha=2)
//     s = aten::cat.default(tensors=[x, none, x], dim=1)
//     v = aten::view.default(self=x, size=[n, 3])          // n is a value: a symbolic size
//     c = If<then_branch=agraph then () => (float[2] r) { r = Relu(x) }, else_branch=…>(p)
//   }
//
// The grammar follows ONNX's own text syntax where both have a thing to say; `::` in an operator's name marks ATen. Values
// of an outer graph are read by name inside a nested one and become captures. Tensors over `max_elements` print as
// <N bytes, hash> and such a text does not parse back.
#pragma once

#include <string>
#include <string_view>

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead {

struct PrintOptions {
  bool types = true;          // append the types of intermediate values: "z = Add(x, y)  # float[2,3]"
  bool sources = false;       // append module paths
  int64_t max_elements = 16;  // of a tensor shown in full
};

// Names missing values %0, %1 … in order of printing; the graph is not changed.
std::string Print(const Graph& graph, const PrintOptions& options = {});
// "aten::add.Tensor(self=x, other=y, alpha=2)" of one node.
std::string PrintNode(const Graph& graph, NodeId node, const PrintOptions& options = {});
// Comments (# and //) are skipped. FL1001 with line and column when it is not the form above. Input is bounded: 64 MiB,
// nesting 64 deep.
Result<Graph> ParseGraph(std::string_view text);

}  // namespace fairlead
