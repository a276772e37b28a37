// What passes make of an operator by its name, before any lowering is asked; `explain` tells it.
#pragma once

#include <optional>
#include <string_view>

#include "ir/graph.hpp"

namespace fairlead {

struct Replacement {
  std::string_view pass;
  std::optional<OpName> op;  // what stands for it; empty: it is left out, or becomes several nodes
};

// aten::add_.Tensor → {"functionalize", aten::add.Tensor}; aten::arccos → {"canonical-names", aten::acos};
// aten::_assert_scalar → {"drop-assertions", none}. Empty for an operator that every pass leaves alone, or whose arguments
// decide. The replacement may have one itself.
std::optional<Replacement> ReplacementOf(const OpName& op);

}  // namespace fairlead
