#include "ir/graph.hpp"

#include <algorithm>
#include <unordered_set>

namespace fairlead {

std::string ToString(const OpName& op) {
  if (op.IsOnnx()) return op.domain.empty() ? op.type : op.domain + "::" + op.type;
  return op.domain + "::" + op.type + "." + op.overload;
}

// ---- Node

const Attribute* Node::Find(std::string_view attribute) const {
  const auto found = std::ranges::find(attributes, attribute, &Attribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

Attribute* Node::Find(std::string_view attribute) { return const_cast<Attribute*>(std::as_const(*this).Find(attribute)); }

void Node::Set(std::string_view attribute, AttributeValue value) {
  if (Attribute* const found = Find(attribute)) {
    found->value = std::move(value);
  } else {
    attributes.push_back({std::string(attribute), std::move(value)});
  }
}

void Node::Remove(std::string_view attribute) {
  std::erase_if(attributes, [&](const Attribute& a) { return a.name == attribute; });
}

ValueId Node::Argument(std::string_view attribute) const {
  const Attribute* const found = Find(attribute);
  const ValueRef* const ref = found ? std::get_if<ValueRef>(&found->value) : nullptr;
  return ref && ref->input >= 0 ? inputs[static_cast<std::size_t>(ref->input)] : kNoValue;
}

// ---- Graph

Graph::Graph(std::string name) : name_(std::move(name)) { sources_.emplace_back(); }

ValueId Graph::AddValue(Type type, std::string name) {
  values_.push_back({std::move(name), std::move(type), kNoNode, 0});
  return static_cast<ValueId>(values_.size() - 1);
}

ValueId Graph::AddInput(std::string name, Type type) {
  const ValueId value = AddValue(std::move(type), std::move(name));
  inputs_.push_back(value);
  return value;
}

ValueId Graph::AddInitializer(std::string name, Tensor tensor) {
  const ValueId value = AddValue(tensor.type(), std::move(name));
  initializer_index_[value] = initializers_.size();
  initializers_.push_back({value, std::move(tensor)});
  return value;
}

ValueId Graph::AddCapture(ValueId outer, Type type, std::string name) {
  const ValueId value = AddValue(std::move(type), std::move(name));
  captures_.push_back({value, outer});
  return value;
}

NodeId Graph::AddNode(Node node, std::size_t outputs) {
  const auto id = static_cast<NodeId>(nodes_.size());
  for (std::size_t i = 0; i < outputs; ++i) {
    node.outputs.push_back(AddValue({}));
    values_.back().producer = id;
    values_.back().output = static_cast<uint32_t>(i);
  }
  nodes_.push_back(std::move(node));
  order_.push_back(id);
  return id;
}

NodeId Graph::InsertBefore(NodeId where, Node node, std::size_t outputs) {
  const NodeId id = AddNode(std::move(node), outputs);
  order_.pop_back();
  order_.insert(std::ranges::find(order_, where), id);
  return id;
}

SourceId Graph::AddSource(const Source& source) {
  std::string key = source.module_path + '\0' + source.module_type + '\0' + source.stack_trace;
  if (key.size() == 2) return 0;
  const auto [found, added] = source_index_.try_emplace(std::move(key), static_cast<SourceId>(sources_.size()));
  if (added) sources_.push_back(source);
  return found->second;
}

namespace {

void Orphan(Graph& graph, NodeId id) {
  for (const ValueId output : graph.node(id).outputs)
    if (output != kNoValue && graph.value(output).producer == id) graph.value(output).producer = kNoNode;
}

}  // namespace

void Graph::Erase(NodeId node) {
  Orphan(*this, node);
  std::erase(order_, node);
}

void Graph::SetOrder(std::vector<NodeId> order) {
  std::vector<bool> kept(nodes_.size());
  for (const NodeId id : order) kept[id] = true;
  for (const NodeId id : order_)
    if (!kept[id]) Orphan(*this, id);
  order_ = std::move(order);
}

const Tensor* Graph::FindInitializer(ValueId value) const {
  const auto found = initializer_index_.find(value);
  if (found != initializer_index_.end() && found->second < initializers_.size() &&
      initializers_[found->second].value == value)
    return &initializers_[found->second].tensor;
  // A pass may have edited the list; the index is then stale for this value.
  const auto edited = std::ranges::find(initializers_, value, &Initializer::value);
  return edited == initializers_.end() ? nullptr : &edited->tensor;
}

Graph::Watermark Graph::Mark() const {
  return {nodes_.size(),   values_.size(),       order_.size(),    inputs_.size(),
          outputs_.size(), initializers_.size(), captures_.size(), sources_.size()};
}

void Graph::TruncateTo(const Watermark& mark) {
  nodes_.resize(mark.nodes);
  for (std::size_t i = mark.initializers; i < initializers_.size(); ++i) initializer_index_.erase(initializers_[i].value);
  values_.resize(mark.values);
  order_.resize(mark.order);
  inputs_.resize(mark.inputs);
  outputs_.resize(mark.outputs);
  initializers_.resize(mark.initializers);
  captures_.resize(mark.captures);
  if (sources_.size() > mark.sources) {
    std::erase_if(source_index_, [&](const auto& entry) { return entry.second >= mark.sources; });
    sources_.resize(mark.sources);
  }
}

// ---- sweeps

void ForEachSubgraph(Node& node, const std::function<void(Graph&)>& visit) {
  for (Attribute& attribute : node.attributes) {
    if (auto* const one = std::get_if<GraphPtr>(&attribute.value)) visit(**one);
    if (auto* const many = std::get_if<std::vector<GraphPtr>>(&attribute.value))
      for (const GraphPtr& graph : *many) visit(*graph);
  }
}

void ForEachSubgraph(const Node& node, const std::function<void(const Graph&)>& visit) {
  ForEachSubgraph(const_cast<Node&>(node), [&](Graph& graph) { visit(graph); });
}

std::vector<uint32_t> CountUses(const Graph& graph) {
  std::vector<uint32_t> uses(graph.value_count());
  const auto count = [&](ValueId value) {
    if (value != kNoValue) ++uses[value];
  };
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    for (const ValueId input : node.inputs) count(input);
    ForEachSubgraph(node, [&](const Graph& nested) {
      for (const Capture& capture : nested.captures()) count(capture.outer);
    });
  }
  for (const ValueId output : graph.outputs()) count(output);
  return uses;
}

void ReplaceValues(Graph& graph, const std::vector<ValueId>& replacement) {
  const auto follow = [&](ValueId& value) {
    // A chain cannot be longer than the number of values unless it is a circle.
    for (std::size_t steps = 0; value != kNoValue && value < replacement.size() && replacement[value] != kNoValue;
         ++steps) {
      FL_CHECK(steps <= replacement.size(), "replacements form no circle");
      value = replacement[value];
    }
  };
  for (const NodeId id : graph.order()) {
    Node& node = graph.node(id);
    for (ValueId& input : node.inputs) follow(input);
    ForEachSubgraph(node, [&](Graph& nested) {
      for (Capture& capture : nested.mutable_captures()) follow(capture.outer);
    });
  }
  for (ValueId& output : graph.mutable_outputs()) follow(output);
}

namespace {

// Hands out names; one per value over a graph and all graphs nested in it.
class Namer {
 public:
  void Claim(Value& value) {
    if (value.name.empty()) value.name = "v";
    if (taken_.insert(value.name).second) return;
    uint32_t& next = next_[value.name];
    std::string candidate;
    do candidate = value.name + "_" + std::to_string(++next);
    while (!taken_.insert(candidate).second);
    value.name = std::move(candidate);
  }

  void NameGraph(Graph& graph, bool outermost) {
    std::vector<bool> done(graph.value_count());
    const auto claim = [&](ValueId value) {
      if (value == kNoValue || done[value]) return;
      done[value] = true;
      Claim(graph.value(value));
    };
    for (const Capture& capture : graph.captures()) done[capture.inner] = true;
    for (const ValueId input : graph.inputs()) claim(input);
    if (outermost)
      for (const ValueId output : graph.outputs()) claim(output);
    for (const Initializer& initializer : graph.initializers()) claim(initializer.value);
    for (const NodeId id : graph.order())
      for (const ValueId output : graph.node(id).outputs) claim(output);
    for (const NodeId id : graph.order())
      ForEachSubgraph(graph.node(id), [&](Graph& nested) {
        NameGraph(nested, false);
        for (const Capture& capture : nested.captures()) nested.value(capture.inner).name = graph.value(capture.outer).name;
      });
  }

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, uint32_t> next_;
};

// The captures of a nested graph name values of this one: called again once this graph's own captures have their names.
void NameCaptures(Graph& graph) {
  for (const NodeId id : graph.order())
    ForEachSubgraph(graph.node(id), [&](Graph& nested) {
      for (const Capture& capture : nested.captures()) nested.value(capture.inner).name = graph.value(capture.outer).name;
      NameCaptures(nested);
    });
}

}  // namespace

void NameValues(Graph& graph) {
  Namer().NameGraph(graph, true);
  NameCaptures(graph);
}

Graph Clone(const Graph& graph) {
  Graph copy = graph;
  for (const NodeId id : copy.order())
    for (Attribute& attribute : copy.node(id).attributes) {
      if (auto* const one = std::get_if<GraphPtr>(&attribute.value)) *one = std::make_shared<Graph>(Clone(**one));
      if (auto* const many = std::get_if<std::vector<GraphPtr>>(&attribute.value))
        for (GraphPtr& nested : *many) nested = std::make_shared<Graph>(Clone(*nested));
    }
  return copy;
}

}  // namespace fairlead
