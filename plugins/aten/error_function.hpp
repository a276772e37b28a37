// The complement of the error function, for the functions of other families that are made of it.
#pragma once

#include "real.hpp"

namespace fairlead::aten {

Real Erfc(Real x);

}  // namespace fairlead::aten
