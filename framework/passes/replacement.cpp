#include "passes/replacement.hpp"

#include "passes/complex_rules.hpp"
#include "passes/in_place.hpp"

namespace fairlead {

std::optional<Replacement> ReplacementOf(const OpName& op) {
  if (IsAssertion(op)) return Replacement{"drop-assertions", std::nullopt};
  if (const auto form = FindInPlaceForm(Node{.op = op})) {
    if (form->kind != InPlaceForm::Kind::kTwin) return Replacement{"functionalize", std::nullopt};
    return Replacement{"functionalize", form->twin.op};
  }
  if (ComplexRules::IsComplexOperator(op)) return Replacement{"complex-pairs", std::nullopt};
  if (auto canonical = CanonicalOf(op)) return Replacement{"canonical-names", std::move(canonical)};
  return std::nullopt;
}

}  // namespace fairlead
