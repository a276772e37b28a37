// The logarithm of the gamma function, for the functions of other families that are made of it.
#pragma once

#include "real.hpp"

namespace fairlead::aten {

// log |Γ(x)|
Real LogGamma(Real x);

}  // namespace fairlead::aten
