// Our graphs as ONNX's messages.
#pragma once

#include <onnx/onnx_pb.h>

#include <functional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead::onnx_room {

// A graph and the graphs around it: what names its values have.
class Scope {
 public:
  explicit Scope(const Graph& graph, const Scope* outer = nullptr);
  const Graph& graph() const { return graph_; }
  int depth() const { return depth_; }
  // A capture has the name of the value it stands for. Empty when the value has no name.
  std::string_view NameOf(ValueId value) const;

 private:
  const Graph& graph_;
  const Scope* outer_;
  int depth_;
  std::unordered_map<ValueId, ValueId> captured_;
};

// What becomes of an initializer that is not to be written into the message; its name is known.
using Elided = std::function<void(std::string_view name, const Initializer& initializer)>;

// Initializers over `inline_limit` bytes go to `elided`, also those of nested graphs. FL7012 for what ONNX cannot say: a
// value without a name, an ATen operator or argument, nesting over 30 graphs; FL1009 for an initializer without bytes that
// should be written.
struct GraphWriter {
  uint64_t inline_limit = UINT64_MAX;
  Elided elided = nullptr;

  Status WriteGraph(const Scope& scope, onnx::GraphProto* proto) const;
  Status WriteNode(const Scope& scope, const Node& node, onnx::NodeProto* proto) const;
};

Status WriteValueInfo(const Scope& scope, ValueId value, onnx::ValueInfoProto* proto);
// name, dims and type; no data.
Status WriteInitializerHead(const Scope& scope, const Initializer& initializer, onnx::TensorProto* proto);
// The values whose types belong into value_info: typed results of nodes that are no outputs of the graph.
std::vector<ValueId> InnerValues(const Graph& graph);

}  // namespace fairlead::onnx_room
