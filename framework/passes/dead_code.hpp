// Removes nodes whose results nobody reads.
#pragma once

#include <functional>

#include "ir/graph.hpp"

namespace fairlead {

// Removes every node of `graph` and of the graphs nested in it none of whose outputs is read and for which `has_effect` is
// false, then captures that are no longer read. Initializers stay. Linear.
void RemoveDeadNodes(Graph& graph, const std::function<bool(const Node&)>& has_effect);

}  // namespace fairlead
