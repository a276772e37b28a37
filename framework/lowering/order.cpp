#include "lowering/order.hpp"

#include <unordered_map>
#include <vector>

namespace fairlead {
namespace {

// What the nested graphs of a node read from the graph around it, in their order; once each.
void AppendReads(const Node& node, std::vector<ValueId>& reads) {
  ForEachSubgraph(node, [&](const Graph& nested) {
    std::unordered_map<ValueId, ValueId> outer;
    for (const Capture& capture : nested.captures()) outer.emplace(capture.inner, capture.outer);
    const auto take = [&](ValueId value) {
      const auto found = outer.find(value);
      if (found == outer.end()) return;
      reads.push_back(found->second);
      outer.erase(found);
    };
    for (const NodeId id : nested.order()) {
      std::vector<ValueId> inner = nested.node(id).inputs;
      AppendReads(nested.node(id), inner);
      for (const ValueId value : inner) take(value);
    }
    for (const ValueId output : nested.outputs()) take(output);
  });
}

struct Visit {
  NodeId node;
  std::vector<ValueId> reads;
  std::size_t next = 0;
};

}  // namespace

void OrderFromResults(Graph& graph) {
  for (const NodeId id : graph.order()) ForEachSubgraph(graph.node(id), OrderFromResults);
  std::vector<bool> seen(graph.node_count());
  std::vector<NodeId> order;
  order.reserve(graph.order().size());
  std::vector<Visit> stack;
  const auto enter = [&](ValueId value) {
    const NodeId producer = value == kNoValue ? kNoNode : graph.value(value).producer;
    if (producer == kNoNode || seen[producer]) return;
    seen[producer] = true;
    Visit visit{.node = producer, .reads = graph.node(producer).inputs};
    AppendReads(graph.node(producer), visit.reads);
    stack.push_back(std::move(visit));
  };
  for (const ValueId output : graph.outputs()) {
    enter(output);
    while (!stack.empty()) {
      if (stack.back().next < stack.back().reads.size()) {
        const ValueId read = stack.back().reads[stack.back().next++];
        enter(read);
      } else {
        order.push_back(stack.back().node);
        stack.pop_back();
      }
    }
  }
  for (const NodeId id : graph.order())
    if (!seen[id]) order.push_back(id);
  graph.SetOrder(std::move(order));
}

}  // namespace fairlead
