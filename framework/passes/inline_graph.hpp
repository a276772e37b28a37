// Puts the nodes of a nested graph where the node stands that calls it.
#pragma once

#include <vector>

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead {

// Appends the nodes of `nested` to `order`, with its inputs read from `operands`, its initializers and captures brought
// into `graph`, and answers the values of its outputs. `nested` is left without use. FL1001 when the counts do not pair.
Result<std::vector<ValueId>> InlineGraph(Graph& graph, std::vector<NodeId>& order, Graph& nested,
                                         const std::vector<ValueId>& operands);

}  // namespace fairlead
