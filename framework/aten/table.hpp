// The texts FindSchema looks in, each array sorted by the name before the parenthesis.
#pragma once

#include <span>
#include <string_view>

namespace fairlead::aten_detail {

// "aten::add.Tensor" of "aten::add.Tensor(Tensor self, …".
constexpr std::string_view NameOf(std::string_view schema) { return schema.substr(0, schema.find('(')); }

// What PyTorch registers (schemas.inc), and what it does not: pseudo_schemas.cpp.
std::span<const std::string_view> RegisteredSchemas();
std::span<const std::string_view> PseudoSchemas();

}  // namespace fairlead::aten_detail
