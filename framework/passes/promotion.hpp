// PyTorch's type promotion, as far as in-place operators need it.
#pragma once

#include "ir/graph.hpp"

namespace fairlead {

// torch.promote_types; kUndefined when one of the types takes no part in promotion (8-bit floats with another type).
DType PromoteTypes(DType a, DType b);

// The dtype of the result of a functional elementwise node, whose in-place form writes to a tensor of dtype `self`:
// comparisons give bool, arithmetic torch.result_type of the tensor arguments, everything else `self`.
DType FunctionalDType(const Graph& graph, const Node& node, DType self);

}  // namespace fairlead
