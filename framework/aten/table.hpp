// The texts FindSchema looks in, each array sorted by the name before the parenthesis.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "ir/graph.hpp"

namespace fairlead::aten_detail {

// "aten::add.Tensor" of "aten::add.Tensor(Tensor self, …".
constexpr std::string_view NameOf(std::string_view schema) { return schema.substr(0, schema.find('(')); }

// {"aten", "add", "Tensor"} of "aten::add.Tensor", overload "default" where it names none; empty when it is no such name.
std::optional<OpName> ParseOpName(std::string_view name);

// What PyTorch registers (schemas.inc), and what it does not: pseudo_schemas.cpp.
std::span<const std::string_view> RegisteredSchemas();
std::span<const std::string_view> PseudoSchemas();

}  // namespace fairlead::aten_detail
