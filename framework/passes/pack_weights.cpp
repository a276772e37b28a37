// pack-weights: quantized weights whose numbers all fit into four bits are stored in four bits, from opset 21 on.
//
// PyTorch keeps numbers of four bits in bytes; here they are half the size. Only what DequantizeLinear reads is packed,
// with its zero points, which have the weight's type.
#include <array>
#include <unordered_map>

#include "passes/passes.hpp"

namespace fairlead::passes {
namespace {

constexpr int kFirstOpset = 21;  // that has INT4 and UINT4

bool FitsIn(DType dtype, const Tensor& dense) {
  for (const std::byte raw : dense.bytes()) {
    const auto byte = static_cast<uint8_t>(raw);
    const int number = dtype == DType::kInt4 ? static_cast<int8_t>(byte) : byte;
    if (dtype == DType::kInt4 ? number < -8 || number > 7 : number > 15) return false;
  }
  return true;
}

// Two numbers a byte, the first in the low bits.
Tensor Packed(DType dtype, const Tensor& dense) {
  const std::span<const std::byte> bytes = dense.bytes();
  std::vector<std::byte> packed((bytes.size() + 1) / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    packed[i / 2] |= static_cast<std::byte>((static_cast<uint8_t>(bytes[i]) & 15U) << (i % 2 * 4));
  return Tensor::Owned(dtype, dense.dims(), std::move(packed));
}

// The dense bytes of a value that is known before the model runs; empty where it is not, or of another type.
std::optional<Tensor> KnownBytes(const Graph& graph, ValueId value, DType dtype) {
  const Tensor* tensor = graph.FindInitializer(value);
  if (const NodeId producer = graph.value(value).producer; producer != kNoNode) {
    const Node& node = graph.node(producer);
    const Attribute* const held = node.op.type == "Constant" && node.op.domain.empty() ? node.Find("value") : nullptr;
    tensor = held ? std::get_if<Tensor>(&held->value) : nullptr;
  }
  if (!tensor || tensor->IsAbsent() || tensor->dtype() != dtype) return std::nullopt;
  return tensor->Dense();
}

class Packer {
 public:
  explicit Packer(Graph& graph) : graph_(graph), is_input_(graph.value_count()) {
    for (const ValueId input : graph.inputs()) is_input_[input] = true;
  }

  void Run() {
    for (const NodeId id : graph_.order()) {
      ForEachSubgraph(graph_.node(id), [](Graph& nested) { Packer(nested).Run(); });
      Node& node = graph_.node(id);
      if (node.op.IsOnnx() && node.op.domain.empty() && node.op.type == "DequantizeLinear") Pack(node);
    }
  }

 private:
  void Pack(Node& node) {
    const DType wide = graph_.value(node.inputs[0]).type.dtype;
    if (wide != DType::kInt8 && wide != DType::kUint8) return;
    const DType narrow = wide == DType::kInt8 ? DType::kInt4 : DType::kUint4;
    const bool has_zeros = node.inputs.size() > 2 && node.inputs[2] != kNoValue;
    std::array<std::optional<Tensor>, 3> found;
    for (const std::size_t i : {0, 2}) {
      if (i == 2 && !has_zeros) continue;
      const ValueId value = node.inputs[i];
      if (i == 0 && graph_.FindInitializer(value) == nullptr) return;
      found[i] = is_input_[value] ? std::nullopt : KnownBytes(graph_, value, wide);
      if (!found[i] || !FitsIn(narrow, *found[i])) return;
    }
    for (const std::size_t i : {0, 2})
      if (found[i]) node.inputs[i] = PackedOnce(node.inputs[i], narrow, *found[i]);
  }

  ValueId PackedOnce(ValueId value, DType narrow, const Tensor& dense) {
    const auto [at, is_new] = packed_.try_emplace(value, kNoValue);
    if (is_new) at->second = graph_.AddInitializer(graph_.value(value).name, Packed(narrow, dense));
    return at->second;
  }

  Graph& graph_;
  std::vector<bool> is_input_;
  std::unordered_map<ValueId, ValueId> packed_;
};

class PackWeightsPass final : public ModelPass {
 public:
  std::string_view name() const override { return "pack-weights"; }
  Status Run(Model& model, PassContext& context) const override {
    if (context.opset >= kFirstOpset) Packer(model.graph).Run();
    return Ok();
  }
};

}  // namespace

const ModelPass& PackWeights() {
  static const PackWeightsPass pass;
  return pass;
}

}  // namespace fairlead::passes
