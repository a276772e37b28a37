#include "plugin/graph_view.hpp"

#include <algorithm>
#include <atomic>

namespace fairlead {
namespace {

uint32_t NextGeneration() {
  static std::atomic<uint32_t> next = 0;
  uint32_t generation;
  do generation = ++next & 0xFFFFFF;
  while (generation == 0);
  return generation;
}

}  // namespace

GraphView::GraphView(const Graph& main, std::map<std::string, int> opsets) : opsets_(std::move(opsets)) {
  const auto add = [&](const Graph& graph, uint32_t parent) {
    numbers_[&graph] = static_cast<uint32_t>(graphs_.size());
    GraphEntry entry{&graph, parent, node_count_, value_count_, {}};
    for (const Capture& capture : graph.captures()) entry.captures[capture.inner] = capture.outer;
    graphs_.push_back(std::move(entry));
    node_count_ += static_cast<uint32_t>(graph.node_count());
    value_count_ += static_cast<uint32_t>(graph.value_count());
  };
  add(main, 0);
  for (uint32_t i = 0; i < graphs_.size(); ++i) {  // grows while it is walked
    const Graph& graph = *graphs_[i].graph;
    for (const NodeId id : graph.order()) ForEachSubgraph(graph.node(id), [&](const Graph& nested) { add(nested, i); });
  }
}

GraphView::Place GraphView::PlaceOfNode(uint32_t number) const {
  const auto after = std::ranges::upper_bound(graphs_, number, {}, &GraphEntry::first_node);
  const auto graph = static_cast<uint32_t>(after - graphs_.begin() - 1);
  return {graph, number - graphs_[graph].first_node};
}

GraphView::Place GraphView::PlaceOfValue(uint32_t number) const {
  const auto after = std::ranges::upper_bound(graphs_, number, {}, &GraphEntry::first_value);
  const auto graph = static_cast<uint32_t>(after - graphs_.begin() - 1);
  return {graph, number - graphs_[graph].first_value};
}

const Node& GraphView::node(uint32_t number) const {
  const auto [graph, id] = PlaceOfNode(number);
  return graphs_[graph].graph->node(id);
}

const Value& GraphView::value(uint32_t number) const {
  const auto [graph, id] = PlaceOfValue(number);
  return graphs_[graph].graph->value(id);
}

uint32_t GraphView::NumberOfValue(uint32_t graph, ValueId id) const {
  for (auto outer = graphs_[graph].captures.find(id); outer != graphs_[graph].captures.end();
       outer = graphs_[graph].captures.find(id)) {
    id = outer->second;
    graph = graphs_[graph].parent;
  }
  return graphs_[graph].first_value + id;
}

void GraphView::FindUsers() const {
  for (uint32_t i = 0; i < graphs_.size(); ++i) {
    for (const NodeId id : graphs_[i].graph->order()) {
      for (const ValueId input : graphs_[i].graph->node(id).inputs) {
        if (input != kNoValue) users_[NumberOfValue(i, input)].push_back(NumberOfNode(i, id));
      }
    }
  }
  for (auto& [value, users] : users_) {
    std::ranges::sort(users);
    users.erase(std::ranges::unique(users).begin(), users.end());
  }
}

const std::vector<uint32_t>& GraphView::Users(uint32_t value) const {
  static const std::vector<uint32_t> kNone;
  std::call_once(users_found_, [this] { FindUsers(); });
  const auto found = users_.find(value);
  return found == users_.end() ? kNone : found->second;
}

const Tensor* GraphView::TensorOf(uint32_t value) const {
  const auto [graph_number, id] = PlaceOfValue(value);
  const Graph& graph = *graphs_[graph_number].graph;
  if (const Tensor* initializer = graph.FindInitializer(id)) return initializer;
  const NodeId producer = graph.value(id).producer;
  if (producer == kNoNode || graph.node(producer).op != OpName{"", "Constant", ""}) return nullptr;
  const Attribute* attribute = graph.node(producer).Find("value");
  return attribute == nullptr ? nullptr : std::get_if<Tensor>(&attribute->value);
}

GraphContext::GraphContext(PluginPtr plugin, Diagnostics& diagnostics, const GraphView& view)
    : CallContext(std::move(plugin), diagnostics), view_(view), generation_(NextGeneration()) {}

void GraphContext::NewCall() {
  Reset(plugin());
  generation_ = NextGeneration();
  tensors_.clear();
  locations_.clear();
  dense_.clear();
}

std::optional<uint32_t> GraphContext::Checked(Kind kind, uint64_t id, uint64_t count, std::string_view what) {
  const auto number = static_cast<uint32_t>(id);
  if (id >> 32 == Handle(kind, 0) >> 32 && number < count) return number;
  Fail(FL_INVALID_ARGUMENT, fmt::format("{:#x} is not a {} of this call", id, what));
  return std::nullopt;
}

std::optional<uint32_t> GraphContext::NumberOf(fl_graph handle) {
  return Checked(kGraph, handle.id, view_.graphs().size(), "graph");
}
std::optional<uint32_t> GraphContext::NumberOf(fl_node handle) {
  return Checked(kNode, handle.id, view_.node_count(), "node");
}
std::optional<uint32_t> GraphContext::NumberOf(fl_value handle) {
  return Checked(kValue, handle.id, view_.value_count(), "value");
}

fl_tensor GraphContext::TensorHandle(const Tensor& tensor) {
  const auto found = std::ranges::find(tensors_, &tensor);
  const auto number = static_cast<uint32_t>(found - tensors_.begin());
  if (found == tensors_.end()) tensors_.push_back(&tensor);
  return {Handle(kTensor, number)};
}

const Tensor* GraphContext::Find(fl_tensor handle) {
  const auto number = Checked(kTensor, handle.id, tensors_.size(), "tensor");
  return number ? tensors_[*number] : nullptr;
}

}  // namespace fairlead
