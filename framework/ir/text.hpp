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
// The grammar follows ONNX's own text syntax where both have a thing to say; `::` and an overload in an operator's name
// mark ATen. Values of an outer graph are read by name inside a nested one and become captures. Tensors over `max_elements`
// print as <N bytes, hash> and such a text does not parse back.
//
//   types         float[batch,3]  float[]  float[*]  symint(2*s77)  symfloat()  symbool()  seq(float[2])  none  unknown
//                 "wrapped double[]" is a Python number that stands for a tensor; "float[2,3]@[3,1]+[4]" has strides and
//                 offset
//   names         x  encoder.weight  `0.weight` (whatever else, in backquotes)  %3 (no name)  x%3 (a second x)
//   outputs       a, none, [b, c]     [b, c] is a result that is a list; a node's own name stands in front: [name] a =
//   Relu(x) attributes    1  1.0  nan  "text"  true  [1, 2]  [1.0]  ["a"]  float  float[2] {1.0, 2.0}  float {1.0}  agraph
//   … {…}
//                 lists that do not show their type: floats[] bools[] strings[] tensors[] graphs[] values[] symints[n, m]
//                 (names alone are values: a list of sizes without a number says that it is one)
//   ATen only     x  [x, none]  none (None)  absent (a reference to nothing)  [n, 3] (sizes)  complex(1.0, 2.0)
//                 device("cpu")  torch.channels_last  torch.strided  memory_format(9)  layout(3)  op(aten::add.Tensor)
#pragma once

#include <string>
#include <string_view>

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead {

struct PrintOptions {
  bool types = true;          // append the types of intermediate values: "z = Add(x, y)  # float[2,3]"
  bool sources = false;       // append module paths: "z = Add(x, y)  // encoder.attn"; not read back
  bool strides = false;       // write strides and storage offsets into types
  int64_t max_elements = 16;  // of a tensor shown in full
};

// Names missing values %0, %1 … in order of printing; the graph is not changed.
std::string Print(const Graph& graph, const PrintOptions& options = {});
// "aten::add.Tensor(self=x, other=y, alpha=2)" of one node.
std::string PrintNode(const Graph& graph, NodeId node, const PrintOptions& options = {});
// Comments (# and //) are skipped, except that one which follows a node in its line and reads as the types of its outputs
// gives them their types: what Print writes with `types`. FL1001 with line and column when it is not the form above. Input
// is bounded: 64 MiB, nesting 64 deep.
Result<Graph> ParseGraph(std::string_view text);

}  // namespace fairlead
