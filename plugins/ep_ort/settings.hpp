// What --plugin-opt fairlead.ep_ort:KEY=VALUE may set.
#pragma once

#include <onnxruntime_c_api.h>

#include <fairlead/sdk/ep.hpp>

namespace fairlead::ep_ort {

constexpr fl_option_desc TextOption(std::string_view key, std::string_view default_value, std::string_view help) {
  return {sizeof(fl_option_desc), FL_OPTION_STR, ToAbi(key), ToAbi(default_value), ToAbi(help)};
}
// A key of ONNX Runtime's own, passed on as it is when the user sets it.
constexpr fl_option_desc SessionOption(std::string_view key, std::string_view help) { return TextOption(key, "", help); }

constexpr fl_option_desc kOptions[] = {
    TextOption("library", "", "ONNX Runtime's shared library; default: FAIRLEAD_ONNXRUNTIME, then libonnxruntime.so.1"),
    {sizeof(fl_option_desc), FL_OPTION_I64, FL_STR("intra_op_num_threads"), FL_STR("0"),
     FL_STR("threads inside one operator; 0: one for each core")},
    TextOption("graph_optimization_level", "all", "disable, basic, extended or all"),
    TextOption("session_config", "", "entries KEY=VALUE;KEY=VALUE of ONNX Runtime's session configuration"),
    SessionOption("session.disable_prepacking", "1: weights are not packed when the model is loaded"),
    SessionOption("session.set_denormal_as_zero", "1: denormal numbers count as zero"),
    SessionOption("session.disable_quant_qdq", "1: DequantizeLinear and QuantizeLinear are not fused into operators"),
    SessionOption("session.disable_aot_function_inlining", "1: functions are not inlined before partitioning"),
    SessionOption("session.intra_op.allow_spinning", "0: threads of an operator sleep while they wait"),
    SessionOption("session.inter_op.allow_spinning", "0: threads between operators sleep while they wait"),
    SessionOption("session.intra_op_thread_affinities", "processors of the threads inside one operator"),
    SessionOption("session.dynamic_block_base", "how finely work is split between threads"),
    SessionOption("session.strict_shape_type_inference", "1: a failure of shape inference is an error"),
    SessionOption("session.allow_released_opsets_only", "0: opsets that are not official yet are accepted"),
    SessionOption("session.use_device_allocator_for_initializers", "1: weights are kept outside the arena"),
    SessionOption("session.x64quantprecision", "1: no saturation in quantized products before VNNI"),
};

// Session options as the user's settings say; EpError(FL_INVALID_ARGUMENT) names a setting that is wrong.
void ApplySettings(const OrtApi& api, OrtSessionOptions* options, const EpCall& call);

}  // namespace fairlead::ep_ort
