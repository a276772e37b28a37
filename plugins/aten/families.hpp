// The plugin's families of lowerings; plugin.cpp lists them in the order the host sees them.
#pragma once

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::aten {

std::span<const Lowering> ActivationLowerings();
std::span<const Lowering> BinaryLowerings();
std::span<const Lowering> BitwiseLowerings();
std::span<const Lowering> ComparisonLowerings();
std::span<const Lowering> IndexingLowerings();
std::span<const Lowering> ShapeLowerings();

}  // namespace fairlead::aten
