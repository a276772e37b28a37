// The plugin's families of lowerings; plugin.cpp lists them in the order the host sees them.
#pragma once

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::torchvision {

std::span<const Lowering> BoxesLowerings();
std::span<const Lowering> DeformConvLowerings();
std::span<const Lowering> RegionsLowerings();

}  // namespace fairlead::torchvision
