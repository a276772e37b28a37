// Numbers of every data type as text and back: the shortest decimal that gives the same bits again.
//
//   NumberText(DType::kFloat16, 0x2E66);          // "0.1"
//   ParseNumber(DType::kFloat16, "0.1");          // 0x2E66
//
// A number travels as its raw bits, right-aligned. Not for strings and complex types: those are two numbers
// (ComponentType).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ir/type.hpp"

namespace fairlead {

// "1", "1.0", "-0.0", "1e-07", "inf", "nan". A NaN other than the type's usual one says its bits: "nan(0x7f800001)".
std::string NumberText(DType type, uint64_t bits);
std::string NumberText(double value);
// Rounds to the nearest, ties to even. Empty when `text` is not a number or is out of the type's range; infinity only
// where the type has one. A float type takes "1" for 1.0; an integer type no "1.0"; bool 0, 1, true, false and, because a
// tensor may hold them, other bytes.
std::optional<uint64_t> ParseNumber(DType type, std::string_view text);
std::optional<double> ParseDouble(std::string_view text);

// kFloat of kComplex64, kDouble of kComplex128, else the type itself.
DType ComponentType(DType type);

// Element `index` of dense elements (sub-byte types packed low bits first). The type is not complex and not a string.
uint64_t LoadBits(DType type, std::span<const std::byte> dense, uint64_t index);
void StoreBits(DType type, std::span<std::byte> dense, uint64_t index, uint64_t bits);

}  // namespace fairlead
