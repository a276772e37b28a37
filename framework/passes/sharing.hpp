// Whether a result shares memory with an argument: what a view is, from alias marks, recorded dtypes and strides.
#pragma once

#include "ir/graph.hpp"

namespace fairlead {

enum class Sharing : uint8_t {
  kNone,      // new memory
  kIdentity,  // the argument itself: same elements, same shape
  kView,      // the operator's view of the argument
  kUnknown,   // the recorded strides do not decide
};

// How the results of `node` share memory with the argument AliasedArgument(node). Types must still have strides.
Sharing SharingOf(const Graph& graph, const Node& node);

// The name of the argument that the results of a view operator are views of.
std::string AliasedArgument(const OpName& op);

// True when the element order in memory is the row-major order; empty strides mean so. False when it is not, or when
// symbolic sizes leave it open.
bool IsContiguous(const Type& type);

// Whether a tensor of this type can be viewed with the sizes `dims` without a copy. kView, kNone, or kUnknown.
Sharing SharingOfReshape(const Type& type, const Dims& dims);

}  // namespace fairlead
