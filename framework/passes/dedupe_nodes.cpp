// dedupe-nodes: of nodes that compute the same from the same, the first stays (common subexpressions).
//
// Not for nodes with nested graphs, nodes that draw random numbers, and nodes that make an output of the graph.
#include <algorithm>
#include <unordered_map>

#include "passes/passes.hpp"

namespace fairlead::passes {
namespace {

constexpr uint64_t kLargestTensor = 4096;  // bytes of a tensor attribute that is compared

bool IsPure(const Node& node) {
  constexpr std::string_view kRandom[] = {"Bernoulli",        "Dropout",       "Multinomial",      "RandomNormal",
                                          "RandomNormalLike", "RandomUniform", "RandomUniformLike"};
  return node.op.IsOnnx() && node.op.domain.empty() && std::ranges::find(kRandom, node.op.type) == std::end(kRandom);
}

// Writes what makes two nodes the same; `ok` becomes false for what is not compared.
class KeyWriter {
 public:
  std::string Write(const Node& node) {
    Text(node.op.type);
    Number(node.outputs.size());
    Number(node.inputs.size());
    for (const ValueId input : node.inputs) Number(input);
    for (const Attribute& attribute : node.attributes) {
      Text(attribute.name);
      Number(attribute.value.index());
      std::visit([this](const auto& value) { Value(value); }, attribute.value);
    }
    return ok_ ? std::move(key_) : std::string();
  }

 private:
  void Number(uint64_t number) { key_.append(reinterpret_cast<const char*>(&number), sizeof number); }
  void Text(std::string_view text) {
    Number(text.size());
    key_ += text;
  }
  void Value(int64_t value) { Number(static_cast<uint64_t>(value)); }
  void Value(double value) { key_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void Value(const std::string& value) { Text(value); }
  void Value(const Tensor& tensor) {
    if (tensor.IsAbsent() || tensor.dense_size() > kLargestTensor) {
      ok_ = false;
      return;
    }
    Value(static_cast<int64_t>(tensor.dtype()));
    Value(tensor.dims());
    const Tensor dense = tensor.Dense();
    Text({reinterpret_cast<const char*>(dense.bytes().data()), dense.bytes().size()});
  }
  template <class T> void Value(const std::vector<T>& values) {
    Number(values.size());
    for (const T& value : values) Value(value);
  }
  // Graphs, and what ONNX nodes do not have.
  template <class T> void Value(const T&) { ok_ = false; }

  std::string key_;
  bool ok_ = true;
};

void DedupeIn(Graph& graph) {
  std::vector<bool> is_output(graph.value_count());
  for (const ValueId output : graph.outputs())
    if (output != kNoValue) is_output[output] = true;
  std::unordered_map<std::string, NodeId> first;
  std::vector<ValueId> replacement(graph.value_count(), kNoValue);
  std::vector<NodeId> kept;
  for (const NodeId id : graph.order()) {
    Node& node = graph.node(id);
    // What was found so far makes later nodes equal.
    for (ValueId& input : node.inputs)
      if (input != kNoValue && replacement[input] != kNoValue) input = replacement[input];
    ForEachSubgraph(node, DedupeIn);
    const bool makes_output = std::ranges::any_of(node.outputs, [&](ValueId v) { return v != kNoValue && is_output[v]; });
    std::string key = IsPure(node) ? KeyWriter().Write(node) : std::string();
    if (key.empty()) {
      kept.push_back(id);
      continue;
    }
    const auto [at, added] = first.try_emplace(std::move(key), id);
    const Node& same = graph.node(at->second);
    const bool covers =
        std::ranges::equal(node.outputs, same.outputs, [](ValueId a, ValueId b) { return a == kNoValue || b != kNoValue; });
    if (added || makes_output || !covers) {
      kept.push_back(id);
      continue;
    }
    for (std::size_t i = 0; i < node.outputs.size(); ++i)
      if (node.outputs[i] != kNoValue) replacement[node.outputs[i]] = same.outputs[i];
  }
  graph.SetOrder(std::move(kept));
  ReplaceValues(graph, replacement);
}

class DedupeNodesPass final : public ModelPass {
 public:
  std::string_view name() const override { return "dedupe-nodes"; }
  Status Run(Model& model, PassContext&) const override {
    DedupeIn(model.graph);
    return Ok();
  }
};

}  // namespace

const ModelPass& DedupeNodes() {
  static const DedupeNodesPass pass;
  return pass;
}

}  // namespace fairlead::passes
