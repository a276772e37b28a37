// The list of operators, and the checks before any of them runs.
#include "passes/onnx_evaluator.hpp"

#include <algorithm>

#include "passes/onnx_kernels.hpp"

namespace fairlead {
namespace {

using kernels::Arguments;

struct Entry {
  std::string_view op;
  std::optional<Tensor> (*compute)(const Arguments&);
  std::size_t least_inputs;
};

constexpr Entry kEntries[] = {
    {"Abs", kernels::Unary, 1},
    {"Add", kernels::Arithmetic, 2},
    {"And", kernels::Logic, 2},
    {"Cast", kernels::Cast, 1},
    {"Ceil", kernels::Unary, 1},
    {"Concat", kernels::Concat, 1},
    {"ConstantOfShape", kernels::ConstantOfShape, 1},
    {"Div", kernels::Arithmetic, 2},
    {"Equal", kernels::Comparison, 2},
    {"Expand", kernels::Expand, 2},
    {"Floor", kernels::Unary, 1},
    {"Gather", kernels::Gather, 2},
    {"Greater", kernels::Comparison, 2},
    {"GreaterOrEqual", kernels::Comparison, 2},
    {"Identity", kernels::Identity, 1},
    {"Less", kernels::Comparison, 2},
    {"LessOrEqual", kernels::Comparison, 2},
    {"Max", kernels::Arithmetic, 1},
    {"Min", kernels::Arithmetic, 1},
    {"Mod", kernels::Arithmetic, 2},
    {"Mul", kernels::Arithmetic, 2},
    {"Neg", kernels::Unary, 1},
    {"Not", kernels::Logic, 1},
    {"Or", kernels::Logic, 2},
    {"Range", kernels::Range, 3},
    {"Reshape", kernels::Reshape, 2},
    {"Slice", kernels::Slice, 3},
    {"Sqrt", kernels::Unary, 1},
    {"Squeeze", kernels::Squeeze, 1},
    {"Sub", kernels::Arithmetic, 2},
    {"Transpose", kernels::Transpose, 1},
    {"Unsqueeze", kernels::Unsqueeze, 2},
    {"Where", kernels::Where, 3},
    {"Xor", kernels::Logic, 2},
};
static_assert(std::ranges::is_sorted(kEntries, {}, &Entry::op));

const Entry* FindEntry(const OpName& op) {
  if (!op.IsOnnx() || !op.domain.empty()) return nullptr;
  const auto found = std::ranges::lower_bound(kEntries, op.type, {}, &Entry::op);
  return found != std::end(kEntries) && found->op == op.type ? found : nullptr;
}

}  // namespace

bool CanEvaluate(const OpName& op) { return FindEntry(op) != nullptr; }

std::optional<Tensor> EvaluateOnnx(const Node& node, std::span<const Tensor* const> inputs) {
  const Entry* entry = FindEntry(node.op);
  if (!entry || node.outputs.size() != 1 || inputs.size() < entry->least_inputs) return std::nullopt;
  Arguments arguments{node, {}};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i] && i < entry->least_inputs) return std::nullopt;
    if (!inputs[i]) {
      arguments.inputs.emplace_back();
      continue;
    }
    if (inputs[i]->IsAbsent() || inputs[i]->element_count() > kMaxFoldedElements || BitWidth(inputs[i]->dtype()) % 8 != 0 ||
        BitWidth(inputs[i]->dtype()) == 0)
      return std::nullopt;
    arguments.inputs.push_back(inputs[i]->Dense());
  }
  return entry->compute(arguments);
}

}  // namespace fairlead
