// Where each weight of a model goes.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.hpp"
#include "onnx/model_io.hpp"
#include "serialize/serializer.hpp"

namespace fairlead {

// Embedded weights up to this size are copied through memory; a system call each would cost more.
inline constexpr uint64_t kInlineSize = 4096;
// Smaller weights stay in the model when others go outside: ONNX's own threshold. Shapes and axes are among them, which
// every reader wants at hand.
inline constexpr uint64_t kExternalThreshold = 1024;
// ONNX recommends offsets at multiples of a page, so that a reader can map the weight.
inline constexpr uint64_t kPage = 4096;
// Within a page, cache lines.
inline constexpr uint64_t kLine = 64;

struct WeightPlan {
  std::unordered_map<ValueId, onnx_room::Placement> placements;
  std::string data_file;          // its name beside the model; empty without one
  std::vector<ValueId> external;  // what stands in it, ascending by offset

  onnx_room::Placement Of(const Initializer& initializer) const { return placements.at(initializer.value); }
};

// FL1009 for a weight without bytes, FL6016 for one that cannot be used where it lies. `policy` is not kNone.
Result<WeightPlan> PlanWeights(const Graph& graph, WeightPolicy policy, const std::filesystem::path& output);

}  // namespace fairlead
