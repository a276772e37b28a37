// Hurwitz' zeta function, for the functions of other families that are made of it.
#pragma once

#include "real.hpp"

namespace fairlead::aten {

// Σ 1 / (k + q)ˣ over k = 0, 1, …
Real Zeta(Real x, Real q);

}  // namespace fairlead::aten
