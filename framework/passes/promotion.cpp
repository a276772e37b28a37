#include "passes/promotion.hpp"

#include <algorithm>
#include <array>

namespace fairlead {
namespace {

using namespace std::string_view_literals;

constexpr std::array kComparisons = {
    "eq"sv, "ge"sv,   "greater"sv,    "greater_equal"sv, "gt"sv,          "isinf"sv,      "isnan"sv,
    "le"sv, "less"sv, "less_equal"sv, "logical_and"sv,   "logical_not"sv, "logical_or"sv, "logical_xor"sv,
    "lt"sv, "ne"sv,   "not_equal"sv,
};
static_assert(std::ranges::is_sorted(kComparisons));

constexpr std::array kPromoting = {
    "__and__"sv,      "__lshift__"sv,
    "__or__"sv,       "__rshift__"sv,
    "__xor__"sv,      "add"sv,
    "addcdiv"sv,      "addcmul"sv,
    "arctan2"sv,      "atan2"sv,
    "bitwise_and"sv,  "bitwise_left_shift"sv,
    "bitwise_or"sv,   "bitwise_right_shift"sv,
    "bitwise_xor"sv,  "clamp"sv,
    "clamp_max"sv,    "clamp_min"sv,
    "clip"sv,         "copysign"sv,
    "div"sv,          "divide"sv,
    "floor_divide"sv, "fmod"sv,
    "gcd"sv,          "hypot"sv,
    "lcm"sv,          "lerp"sv,
    "mul"sv,          "multiply"sv,
    "pow"sv,          "remainder"sv,
    "sub"sv,          "subtract"sv,
    "true_divide"sv,  "xlogy"sv,
};
static_assert(std::ranges::is_sorted(kPromoting));

enum class Category : uint8_t { kNone, kBool, kInteger, kFloat, kComplex };

Category CategoryOf(DType type) {
  if (type == DType::kBool) return Category::kBool;
  if (IsInteger(type)) return Category::kInteger;
  if (IsFloat(type)) return Category::kFloat;
  return IsComplex(type) ? Category::kComplex : Category::kNone;
}

bool IsSigned(DType type) {
  return type == DType::kInt8 || type == DType::kInt16 || type == DType::kInt32 || type == DType::kInt64;
}

DType SignedOfWidth(int bits) {
  return bits <= 8 ? DType::kInt8 : bits <= 16 ? DType::kInt16 : bits <= 32 ? DType::kInt32 : DType::kInt64;
}

// An unsigned type with a signed one: the signed type that holds both, where there is one.
DType PromoteIntegers(DType a, DType b) {
  if (IsSigned(a) == IsSigned(b)) return BitWidth(a) >= BitWidth(b) ? a : b;
  const DType with_sign = IsSigned(a) ? a : b, without = IsSigned(a) ? b : a;
  // Only uint8 takes part; the wider unsigned types promote with nothing but themselves.
  return without == DType::kUint8 ? SignedOfWidth(std::max(BitWidth(with_sign), 16)) : DType::kUndefined;
}

bool IsSmallFloat(DType type) { return BitWidth(type) <= 8; }

DType PromoteFloats(DType a, DType b) {
  if (IsSmallFloat(a) || IsSmallFloat(b)) return DType::kUndefined;
  if (BitWidth(a) == BitWidth(b)) return DType::kFloat;  // float16 with bfloat16
  return BitWidth(a) > BitWidth(b) ? a : b;
}

// c10's combine_categories: `higher` has dimensions, `lower` has fewer.
DType Combine(DType higher, DType lower) {
  if (higher == DType::kUndefined) return lower;
  if (lower == DType::kUndefined || IsComplex(higher)) return higher;
  if (IsFloat(higher)) return IsComplex(lower) ? PromoteTypes(higher, DType::kComplex64) : higher;
  return higher == DType::kBool || IsFloat(lower) || IsComplex(lower) ? PromoteTypes(higher, lower) : higher;
}

}  // namespace

DType PromoteTypes(DType a, DType b) {
  if (a == b || b == DType::kUndefined) return a;
  if (a == DType::kUndefined) return b;
  const Category first = CategoryOf(a), second = CategoryOf(b);
  if (first == Category::kNone || second == Category::kNone) return DType::kUndefined;
  if (first < second) return PromoteTypes(b, a);
  if (first == Category::kComplex)
    return a == DType::kComplex128 || b == DType::kDouble || b == DType::kComplex128 ? DType::kComplex128
                                                                                     : DType::kComplex64;
  if (first != second) return a;
  if (first == Category::kInteger) return PromoteIntegers(a, b);
  return PromoteFloats(a, b);
}

DType FunctionalDType(const Graph& graph, const Node& node, DType self) {
  if (std::ranges::binary_search(kComparisons, node.op.type)) return DType::kBool;
  if (!std::ranges::binary_search(kPromoting, node.op.type)) return self;
  DType with_dims = DType::kUndefined, without = DType::kUndefined;
  for (const ValueId input : node.inputs) {
    if (input == kNoValue || !graph.value(input).type.IsTensor()) continue;
    const Type& type = graph.value(input).type;
    if (type.wrapped_number) continue;  // may not raise the category of what is written to
    DType& group = type.rank() == 0 ? without : with_dims;
    group = PromoteTypes(group, type.dtype);
  }
  return Combine(with_dims, without);
}

}  // namespace fairlead
