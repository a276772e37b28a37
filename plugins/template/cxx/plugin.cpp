// The smallest complete plugin in C++: a lowering for an operator of ours, one for an operator of PyTorch, and a rule.
#include <fairlead/sdk/lowering.hpp>
#include <fairlead/sdk/plugin.hpp>
#include <fairlead/sdk/rule.hpp>

namespace {

using namespace fairlead;

// scale * max(x, 0)
Value ScaledRelu(Builder& b, Value x, double scale) {
  if (scale < 0) return b.Unsupported("scale is {}, only numbers from 0 are lowered", scale);
  return b.Mul(b.Relu(x), b.Like(x, scale));
}

// x * sigmoid(x), before the lowering that comes with Fairlead: see the priority in its row.
Value Silu(Builder& b, Value self) { return b.Mul(self, b.Sigmoid(self)); }

constexpr Lowering kActivation[] = {
    Lower<ScaledRelu>("acme::scaled_relu(Tensor x, float scale) -> Tensor").Note("scale * max(x, 0)"),
    Lower<Silu>("aten::silu(Tensor self) -> Tensor").Priority(100),
};
std::span<const Lowering> Activation() { return kActivation; }
constexpr Family kFamilies[] = {{"activation", Activation}};

// Our accelerator has no Relu on double.
void ReluOnDouble(RuleCall& rule) {
  const ValueReader x = rule.node().inputs().at(0);
  if (x.dtype() == DType::kDouble) rule.Report("Relu of a double tensor runs on the processor");
}

constexpr Rule kRules[] = {
    OnNodes<ReluOnDouble>("Relu", {.id = "ACME001",
                                   .name = "DoublePrecisionRelu",
                                   .summary = "A Relu computes in double precision, which the accelerator does not have.",
                                   .help = "Convert the model with model.float() before the export."}),
};

}  // namespace

FL_PLUGIN("com.acme.cxx", "1.0.0", "Acme's operators for Fairlead, in C++", kFamilies, kRules)
