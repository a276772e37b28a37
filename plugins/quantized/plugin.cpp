#include <fairlead/sdk/plugin.hpp>

#include "families.hpp"

namespace fairlead::quantized {

constexpr Family kFamilies[] = {
    {"decomposed", DecomposedLowerings},
    {"fake_quantize", FakeQuantizeLowerings},
    {"torchao", TorchaoLowerings},
};

}  // namespace fairlead::quantized

FL_PLUGIN("fairlead.quantized", "0.1.0", "Lowerings of quantized programs", fairlead::quantized::kFamilies)
