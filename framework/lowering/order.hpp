// The order of a graph's nodes: that of a walk from its results, so that it does not depend on the order in which a
// compiler evaluates the arguments of a lowering's calls.
#pragma once

#include "ir/graph.hpp"

namespace fairlead {

// Each node comes after what it reads, inputs first to last, what its nested graphs read after them; nested graphs are
// ordered too. Nodes that no result needs come last, in the order they had. Linear, and no deeper than graphs are nested.
void OrderFromResults(Graph& graph);

}  // namespace fairlead
