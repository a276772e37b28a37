// The structural verifier: what every graph holds between two passes.
#pragma once

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead {

// FL7012 naming the node when one of these fails: ids are in range; each value has one producer, which lists it; inputs
// are defined before they are read (in order(), inputs, initializers, captures); ValueRefs of ATen arguments are within
// inputs and every input is referred to; sources and outputs exist; nested graphs hold the same, and their captures name
// values that are defined before the node that nests them.
Status VerifyGraph(const Graph& graph);

}  // namespace fairlead
