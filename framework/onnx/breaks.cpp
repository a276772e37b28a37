#include "onnx/breaks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace fairlead::onnx_room {
namespace {

using Touches = bool (*)(const Graph& graph, const Node& node);

struct Break {
  std::string_view op;
  int version;
  std::string_view what;
  Touches touches = nullptr;  // null: every node
};

// ---- changes of schema -----------------------------------------------------------------------------------------------

constexpr Break kSchemaBreaks[] = {
#define FL_BREAK(op, version, why) {#op, version, why},
#include "onnx/schema_breaks.inc"
#undef FL_BREAK
};

// ---- changes of meaning, read from ONNX's operator pages of opsets 18 to 26 -------------------------------------------

std::string_view Text(const Node& node, std::string_view attribute) {
  const Attribute* const found = node.Find(attribute);
  const auto* const text = found == nullptr ? nullptr : std::get_if<std::string>(&found->value);
  return text == nullptr ? std::string_view{} : *text;
}

int64_t Number(const Node& node, std::string_view attribute) {
  const Attribute* const found = node.Find(attribute);
  const auto* const number = found == nullptr ? nullptr : std::get_if<int64_t>(&found->value);
  return number == nullptr ? 0 : *number;
}

int64_t InputRank(const Graph& graph, const Node& node, std::size_t input) {
  if (input >= node.inputs.size() || node.inputs[input] == kNoValue) return -1;
  return graph.value(node.inputs[input]).type.rank();
}

bool HasCeilMode(const Graph&, const Node& node) { return Number(node, "ceil_mode") != 0; }

bool GivesUnsignedZeroFloat8(const Graph& graph, const Node& node) {
  if (node.outputs.empty() || node.outputs[0] == kNoValue) return false;
  const DType to = graph.value(node.outputs[0]).type.dtype;
  return to == DType::kFloat8E4M3FNUZ || to == DType::kFloat8E5M2FNUZ;
}

bool HasBlockedScale(const Graph& graph, const Node& node) { return InputRank(graph, node, 1) > 1; }

// "linear" and "cubic" were "bilinear" and "bicubic", and only images were sampled. The default is the same under both
// names.
bool IsRenamedMode(const Graph& graph, const Node& node) {
  const std::string_view mode = Text(node, "mode");
  const int64_t rank = InputRank(graph, node, 0);
  return (!mode.empty() && mode != "nearest") || (rank >= 0 && rank != 4);
}

bool WrapsAround(const Graph&, const Node& node) { return Text(node, "mode") == "wrap"; }

bool IsHalfPixelSymmetric(const Graph&, const Node& node) {
  return Text(node, "coordinate_transformation_mode") == "half_pixel_symmetric";
}

// MaxPool and AveragePool 22 say that windows which start in the right padding are ignored; that is how they were always
// computed, so it is no break. An entry here replaces the generated one of the same operator and version.
constexpr Break kMeaningBreaks[] = {
    {"AveragePool", 19, "the output size under ceil_mode is computed differently", HasCeilMode},
    {"Cast", 24, "infinity becomes the largest number instead of NaN in float8 types without negative zero",
     GivesUnsignedZeroFloat8},
    {"CastLike", 24, "infinity becomes the largest number instead of NaN in float8 types without negative zero",
     GivesUnsignedZeroFloat8},
    {"DequantizeLinear", 21, "a scale of more than one dimension means blocks", HasBlockedScale},
    {"GridSample", 20, "modes bilinear and bicubic are called linear and cubic, and inputs may be of any rank",
     IsRenamedMode},
    {"GroupNormalization", 21, "scale and bias are per channel and were per group"},
    {"Pad", 19, "mode wrap is new", WrapsAround},
    {"QuantizeLinear", 21, "a scale of more than one dimension means blocks", HasBlockedScale},
    {"Resize", 19, "coordinate_transformation_mode half_pixel_symmetric is new", IsHalfPixelSymmetric},
};

bool IsReviewed(const Break& generated) {
  return std::any_of(std::begin(kMeaningBreaks), std::end(kMeaningBreaks),
                     [&](const Break& b) { return b.op == generated.op && b.version == generated.version; });
}

}  // namespace

std::optional<std::string> WhyBroken(const Graph& graph, const Node& node, int authored, int target) {
  const auto [older, newer] = std::minmax(authored, target);
  const auto touched = [&, older = older, newer = newer](const Break& b) {
    return b.op == node.op.type && b.version > older && b.version <= newer &&
           (b.touches == nullptr || b.touches(graph, node));
  };
  const auto why = [&](const Break& b) {
    return fmt::format("{} changed at opset {} ({}); the node was written for opset {}, the target is {}", node.op.type,
                       b.version, b.what, authored, target);
  };
  for (const Break& b : kMeaningBreaks)
    if (touched(b)) return why(b);
  for (const Break& b : kSchemaBreaks)
    if (touched(b) && !IsReviewed(b)) return why(b);
  return std::nullopt;
}

}  // namespace fairlead::onnx_room
