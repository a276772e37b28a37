// dedupe-initializers: of initializers that are the same tensor, the first stays.
//
// The same: they read the same memory the same way (tied weights), or they are small and equal. Defaults of inputs are
// values of their own.
#include <algorithm>
#include <unordered_map>

#include "passes/passes.hpp"

namespace fairlead::passes {
namespace {

constexpr uint64_t kSmallBytes = 4096;  // compared by content up to this size

void Append(std::string& key, uint64_t number) { key.append(reinterpret_cast<const char*>(&number), sizeof number); }

void AppendType(std::string& key, const Tensor& tensor) {
  Append(key, static_cast<uint64_t>(tensor.dtype()));
  Append(key, tensor.dims().size());
  for (const int64_t dim : tensor.dims()) Append(key, static_cast<uint64_t>(dim));
}

// Equal for equal tensors only; empty for one that has no data.
std::string KeyOf(const Tensor& tensor) {
  if (tensor.IsAbsent()) return {};
  std::string key;
  AppendType(key, tensor);
  if (tensor.dense_size() <= kSmallBytes) {
    const Tensor dense = tensor.Dense();
    key.append(reinterpret_cast<const char*>(dense.bytes().data()), dense.bytes().size());
    return key;
  }
  for (const int64_t stride : tensor.strides()) Append(key, static_cast<uint64_t>(stride));
  Append(key, reinterpret_cast<uintptr_t>(tensor.bytes().data()));
  return key;
}

void DedupeIn(Graph& graph) {
  std::vector<bool> pinned(graph.value_count());  // part of the interface
  for (const ValueId input : graph.inputs()) pinned[input] = true;
  for (const ValueId output : graph.outputs())
    if (output != kNoValue) pinned[output] = true;
  std::unordered_map<std::string, ValueId> first;
  std::vector<ValueId> replacement(graph.value_count(), kNoValue);
  std::erase_if(graph.mutable_initializers(), [&](const Initializer& initializer) {
    if (pinned[initializer.value]) return false;
    std::string key = KeyOf(initializer.tensor);
    if (key.empty()) return false;
    const auto [at, added] = first.try_emplace(std::move(key), initializer.value);
    if (!added) replacement[initializer.value] = at->second;
    return !added;
  });
  ReplaceValues(graph, replacement);
  for (const NodeId id : graph.order()) ForEachSubgraph(graph.node(id), DedupeIn);
}

class DedupeInitializersPass final : public ModelPass {
 public:
  std::string_view name() const override { return "dedupe-initializers"; }
  Status Run(Model& model, PassContext&) const override {
    DedupeIn(model.graph);
    return Ok();
  }
};

}  // namespace

const ModelPass& DedupeInitializers() {
  static const DedupeInitializersPass pass;
  return pass;
}

}  // namespace fairlead::passes
