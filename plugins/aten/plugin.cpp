#include <fairlead/sdk/plugin.hpp>

#include "families.hpp"

namespace fairlead::aten {

constexpr Family kFamilies[] = {
    {"activation", ActivationLowerings}, {"binary", BinaryLowerings},     {"bitwise", BitwiseLowerings},
    {"comparison", ComparisonLowerings}, {"indexing", IndexingLowerings}, {"shape", ShapeLowerings},
};

}  // namespace fairlead::aten

FL_PLUGIN("fairlead.aten", "0.1.0", "ATen lowerings", fairlead::aten::kFamilies)
