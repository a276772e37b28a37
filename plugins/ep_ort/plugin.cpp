// fairlead.ep_ort: ONNX Runtime, opened at run time.
#include <fairlead/sdk/ep.hpp>

#include "provider.hpp"
#include "settings.hpp"

FL_MANIFEST("fairlead.ep_ort", "0.1.0", FL_KIND_EP)
FL_EP_PLUGIN("fairlead.ep_ort", "0.1.0", "ONNX Runtime's CPU provider, opened at run time", "ort", fairlead::ep_ort::OrtEp,
             fairlead::ep_ort::kOptions)
