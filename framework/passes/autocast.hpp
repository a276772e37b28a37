// What torch.autocast does to the arguments of operators in its region, as casts.
#pragma once

#include "base/status.hpp"
#include "diagnostics/diagnostics.hpp"
#include "ir/graph.hpp"

namespace fairlead {

// Inserts casts before the operators of `region` (and of graphs nested in it, other autocast regions excepted) that
// autocast runs in another dtype than that of their arguments. `dtype` is the region's dtype.
//
// Programs of PyTorch 2.9 and later record the dtypes that autocast gives, and those decide: an operator whose recorded
// result is float or `dtype` has its floating-point arguments cast to it. FL2021 for programs that record the dtypes from
// before autocast (2.6): what follows the region would have to be typed again.
Status ApplyAutocast(Graph& region, DType dtype, Diagnostics& diagnostics);

}  // namespace fairlead
