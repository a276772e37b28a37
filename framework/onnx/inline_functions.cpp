#include "onnx/inline_functions.hpp"

#include <onnx/inliner/inliner.h>

#include <algorithm>
#include <exception>
#include <map>
#include <tuple>

namespace fairlead::onnx_room {
namespace {

constexpr uint64_t kMaxNodes = 1'000'000;

using Key = std::tuple<std::string, std::string, std::string>;

// Counts the nodes that a model would have with its functions written out. A few functions that call one another can
// stand for more nodes than there is memory.
class Expansion {
 public:
  explicit Expansion(const onnx::ModelProto& model) {
    for (const onnx::FunctionProto& function : model.functions())
      functions_[{function.domain(), function.name(), function.overload()}].function = &function;
  }

  // Above kMaxNodes: too many, or a function calls itself.
  template <class Nodes> uint64_t Count(const Nodes& nodes) {
    uint64_t total = 0;
    for (const onnx::NodeProto& node : nodes) {
      const auto callee = functions_.find({node.domain(), node.op_type(), node.overload()});
      total += callee == functions_.end() ? 1 : CountCall(callee->second);
      for (const onnx::AttributeProto& attribute : node.attribute()) {
        if (attribute.has_g()) total += Count(attribute.g().node());
        for (const onnx::GraphProto& graph : attribute.graphs()) total += Count(graph.node());
      }
      if (total > kMaxNodes) return kMaxNodes + 1;
    }
    return total;
  }

 private:
  struct Function {
    const onnx::FunctionProto* function = nullptr;
    uint64_t nodes = 0;
    enum { kNew, kCounting, kCounted } state = kNew;
  };
  uint64_t CountCall(Function& callee) {
    if (callee.state == Function::kCounting) return kMaxNodes + 1;
    if (callee.state == Function::kCounted) return callee.nodes;
    callee.state = Function::kCounting;
    if (++depth_ > kMaxDepth) return kMaxNodes + 1;
    callee.nodes = Count(callee.function->node());
    --depth_;
    callee.state = Function::kCounted;
    return callee.nodes;
  }

  static constexpr int kMaxDepth = 200;
  std::map<Key, Function> functions_;
  int depth_ = 0;
};

}  // namespace

Status InlineFunctions(onnx::ModelProto* model) {
  if (model->functions_size() == 0) return Ok();
  if (Expansion(*model).Count(model->graph().node()) > kMaxNodes)
    return Error("FL1001", "its functions stand for more than {} nodes, or call themselves", kMaxNodes);
  try {
    onnx::inliner::InlineLocalFunctions(*model, false);
  } catch (const std::exception& error) {
    return Error("FL1001", "its functions cannot be written out: {}", error.what());
  }
  if (model->functions_size() == 0) return Ok();
  return Error("FL1001", "function {}::{} is written for another opset than the model", model->functions(0).domain(),
               model->functions(0).name());
}

}  // namespace fairlead::onnx_room
