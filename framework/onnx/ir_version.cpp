#include <algorithm>
#include <iterator>

#include "onnx/schema.hpp"

namespace fairlead::onnx_room {
namespace {

// The IR version of the ONNX release that brought each opset (ONNX's docs/Versioning.md).
constexpr int kOfOpset[] = {3, 3, 3, 3, 3, 3, 3,  3,  3,  4,  5,  6,  7,  7, 7,  // 0 to 14
                            8, 8, 8, 8, 9, 9, 10, 10, 11, 12, 13, 13, 13, 14};   // 15 to 28

int OfType(DType dtype) { return kOfOpset[FirstOpset(dtype)]; }

int OfTypesIn(const Graph& graph) {
  int version = 0;
  for (ValueId id = 0; id < graph.value_count(); ++id) version = std::max(version, OfType(graph.value(id).type.dtype));
  for (const Initializer& initializer : graph.initializers())
    version = std::max(version, OfType(initializer.tensor.dtype()));
  for (const NodeId id : graph.order()) {
    for (const Attribute& attribute : graph.node(id).attributes)
      if (const auto* const tensor = std::get_if<Tensor>(&attribute.value))
        version = std::max(version, OfType(tensor->dtype()));
    ForEachSubgraph(graph.node(id), [&](const Graph& nested) { version = std::max(version, OfTypesIn(nested)); });
  }
  return version;
}

}  // namespace

// ONNX numbers its types in order of appearance.
int FirstOpset(DType dtype) {
  if (dtype >= DType::kUint2) return 25;
  if (dtype >= DType::kFloat8E8M0) return 24;
  if (dtype >= DType::kFloat4E2M1) return 23;
  if (dtype >= DType::kUint4) return 21;
  if (dtype >= DType::kFloat8E4M3FN) return 19;
  return dtype == DType::kBFloat16 ? 13 : 1;
}

int IrVersion(const Graph& graph, int opset) {
  const auto index = static_cast<std::size_t>(std::clamp<int>(opset, 0, static_cast<int>(std::size(kOfOpset)) - 1));
  return std::max(kOfOpset[index], OfTypesIn(graph));
}

}  // namespace fairlead::onnx_room
