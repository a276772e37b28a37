// Versions of ONNX operators that changed what a node means.
#pragma once

#include <optional>
#include <string>

#include "ir/graph.hpp"

namespace fairlead::onnx_room {

// Null when no break of the operator between the two opsets (either may be the newer) touches this node. Breaks are those
// of schema_breaks.inc, and a reviewed list of changes of meaning, most of which touch only nodes that use some value.
std::optional<std::string> WhyBroken(const Graph& graph, const Node& node, int authored, int target);

}  // namespace fairlead::onnx_room
