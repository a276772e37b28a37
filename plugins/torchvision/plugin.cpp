#include <fairlead/sdk/plugin.hpp>

#include "families.hpp"

namespace fairlead::torchvision {

constexpr Family kFamilies[] = {
    {"boxes", BoxesLowerings},
    {"deform_conv", DeformConvLowerings},
    {"regions", RegionsLowerings},
};

}  // namespace fairlead::torchvision

FL_PLUGIN("fairlead.torchvision", "0.1.0", "Lowerings of torchvision's operators", fairlead::torchvision::kFamilies)
