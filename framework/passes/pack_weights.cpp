// pack-weights: the Cast of a weight to a type of four bits gives way to the weight in four bits.
//
// PyTorch keeps numbers of four bits in bytes; lowerings of quantized weights cast them to ONNX's type, which is half the
// size. A weight without data stays as it is. One with a number that the type cannot hold, which the cast would change, is
// an error: the program says of it that it has a range that it does not have.
#include "passes/passes.hpp"

namespace fairlead::passes {
namespace {

// INT4 or UINT4 where the node casts to one of them, else undefined.
DType PackedType(const Node& node) {
  const bool is_cast = node.op.IsOnnx() && node.op.domain.empty() && node.op.type == "Cast" && node.outputs.size() == 1 &&
                       node.outputs[0] != kNoValue && node.inputs.size() == 1 && node.inputs[0] != kNoValue;
  const Attribute* const to = is_cast ? node.Find("to") : nullptr;
  const int64_t* const type = to ? std::get_if<int64_t>(&to->value) : nullptr;
  for (const DType packed : {DType::kInt4, DType::kUint4})
    if (type && *type == static_cast<int64_t>(packed)) return packed;
  return DType::kUndefined;
}

bool IsPackable(const Tensor& tensor) {
  return !tensor.IsAbsent() && (tensor.dtype() == DType::kInt8 || tensor.dtype() == DType::kUint8);
}

// Two numbers a byte, the first in the low bits.
Result<Tensor> Packed(const std::string& name, const Tensor& tensor, DType dtype) {
  const Tensor dense = tensor.Dense();
  const std::span<const std::byte> bytes = dense.bytes();
  const int least = dtype == DType::kInt4 ? -8 : 0, most = least + 15;
  std::vector<std::byte> packed((bytes.size() + 1) / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    const int number = tensor.dtype() == DType::kInt8 ? static_cast<int8_t>(byte) : byte;
    if (number < least || number > most)
      return Error("FL1001", "\"{}\" holds {}, and its range of quantization is {} to {}", name, number, least, most);
    packed[i / 2] |= static_cast<std::byte>((byte & 15U) << (i % 2 * 4));
  }
  return Tensor::Owned(dtype, tensor.dims(), std::move(packed));
}

Status PackIn(Graph& graph) {
  std::vector<bool> is_interface(graph.value_count());
  for (const ValueId input : graph.inputs()) is_interface[input] = true;
  for (const ValueId output : graph.outputs())
    if (output != kNoValue) is_interface[output] = true;
  std::vector<ValueId> replacement(graph.value_count(), kNoValue);
  std::vector<NodeId> kept;
  for (const NodeId id : graph.order()) {
    Status nested_status = Ok();
    ForEachSubgraph(graph.node(id), [&](Graph& nested) {
      if (nested_status.ok()) nested_status = PackIn(nested);
    });
    FL_RETURN_IF_ERROR(nested_status);
    const Node& node = graph.node(id);
    const DType dtype = PackedType(node);
    const bool is_free = dtype != DType::kUndefined && !is_interface[node.inputs[0]] && !is_interface[node.outputs[0]];
    const Tensor* const weight = is_free ? graph.FindInitializer(node.inputs[0]) : nullptr;
    if (weight && IsPackable(*weight)) {
      const std::string name = graph.value(node.inputs[0]).name;
      FL_ASSIGN_OR_RETURN(Tensor packed, Packed(name, *weight, dtype));
      replacement[node.outputs[0]] = graph.AddInitializer(name, std::move(packed));
    } else {
      kept.push_back(id);
    }
  }
  graph.SetOrder(std::move(kept));
  ReplaceValues(graph, replacement);
  return Ok();
}

class PackWeightsPass final : public ModelPass {
 public:
  std::string_view name() const override { return "pack-weights"; }
  Status Run(Model& model, PassContext&) const override { return PackIn(model.graph); }
};

}  // namespace

const ModelPass& PackWeights() {
  static const PackWeightsPass pass;
  return pass;
}

}  // namespace fairlead::passes
