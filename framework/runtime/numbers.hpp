// The elements of a tensor as numbers, every format exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ir/type.hpp"

namespace fairlead {

// Converts elements `first`, `first + 1` … of dense `bytes` into `out`; those must exist (FL_CHECK). Real floating point
// only: float, double, float16, bfloat16, the 8-bit and 4-bit forms. Each is represented by a double without rounding.
void ReadFloats(DType type, std::span<const std::byte> bytes, uint64_t first, std::span<double> out);

// The same for integers and bool, as the two's complement value in 64 bits: signed types sign-extended, unsigned ones
// (uint64 too) zero-extended, bool as 0 or 1.
void ReadIntegers(DType type, std::span<const std::byte> bytes, uint64_t first, std::span<uint64_t> out);

bool IsSigned(DType integer);

}  // namespace fairlead
