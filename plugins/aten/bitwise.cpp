// Operators on bits. On bool tensors they are the logical ones.
#include "families.hpp"

namespace fairlead::aten {
namespace {

template <class X, class Y> Value BitwiseAnd(Builder& b, X self, Y other) {
  const auto [x, y] = b.Promote(self, other);
  return x.dtype() == DType::kBool ? b.And(x, y) : b.BitwiseAnd(x, y);
}

template <class X, class Y> Value BitwiseOr(Builder& b, X self, Y other) {
  const auto [x, y] = b.Promote(self, other);
  return x.dtype() == DType::kBool ? b.Or(x, y) : b.BitwiseOr(x, y);
}

template <class X, class Y> Value BitwiseXor(Builder& b, X self, Y other) {
  const auto [x, y] = b.Promote(self, other);
  return x.dtype() == DType::kBool ? b.Xor(x, y) : b.BitwiseXor(x, y);
}

Value BitwiseNot(Builder& b, Value self) { return self.dtype() == DType::kBool ? b.Not(self) : b.BitwiseNot(self); }

// ---- shifts ----
//
// ONNX shifts unsigned numbers only, and a count of the type's width or more has no meaning there. In torch such a count,
// or a negative one, shifts all bits out.

enum class Direction { kLeft, kRight };

DType UnsignedTwin(DType type) {
  switch (type) {
    case DType::kInt8: return DType::kUint8;
    case DType::kInt16: return DType::kUint16;
    case DType::kInt32: return DType::kUint32;
    case DType::kInt64: return DType::kUint64;
    default: return type;
  }
}

Value ShiftBits(Builder& b, Value x, Value count, Direction direction) {
  const DType bits = UnsignedTwin(x.dtype());
  const std::string_view towards = direction == Direction::kLeft ? "LEFT" : "RIGHT";
  return b.ToType(b.BitShift(b.ToType(x, bits), b.ToType(count, bits), {.direction = towards}), x.dtype());
}

// True where the count shifts all bits out; absent where it is known not to.
Value IsBeyond(Builder& b, Value count, int width) {
  const auto known = b.ConstantNumber(count);
  if (known && known->AsInt() >= 0 && known->AsInt() < width) return {};
  const Value too_large = b.GreaterOrEqual(count, b.Like(count, width));
  return IsSigned(count.dtype()) ? b.Or(too_large, b.Less(count, b.Like(count, 0))) : too_large;
}

template <class X, class Y> Value ShiftLeft(Builder& b, X self, Y other) {
  const auto [x, count] = b.Promote(self, other);
  const Value shifted = ShiftBits(b, x, count, Direction::kLeft);
  const Value beyond = IsBeyond(b, count, BitWidth(x.dtype()));
  return beyond ? b.Where(beyond, b.Like(x, 0), shifted) : shifted;
}

// The sign comes in from the left: a negative number is inverted, shifted, and inverted again.
template <class X, class Y> Value ShiftRight(Builder& b, X self, Y other) {
  const auto [x, count] = b.Promote(self, other);
  const bool is_signed = IsSigned(x.dtype());
  const Value fill = is_signed ? b.Where(b.Less(x, b.Like(x, 0)), b.Like(x, -1), b.Like(x, 0)) : b.Like(x, 0);
  const Value shifted = ShiftBits(b, is_signed ? b.BitwiseXor(x, fill) : x, count, Direction::kRight);
  const Value result = is_signed ? b.BitwiseXor(shifted, fill) : shifted;
  const Value beyond = IsBeyond(b, count, BitWidth(x.dtype()));
  return beyond ? b.Where(beyond, fill, result) : result;
}

constexpr Lowering kTable[] = {
    Lower<BitwiseAnd<Value, Value>>("aten::bitwise_and.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<BitwiseAnd<Value, Scalar>>("aten::bitwise_and.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<BitwiseAnd<Scalar, Value>>("aten::bitwise_and.Scalar_Tensor(Scalar self, Tensor other) -> Tensor"),
    Lower<BitwiseAnd<Value, Value>>("aten::__and__.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<BitwiseAnd<Value, Scalar>>("aten::__and__.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<BitwiseOr<Value, Value>>("aten::bitwise_or.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<BitwiseOr<Value, Scalar>>("aten::bitwise_or.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<BitwiseOr<Scalar, Value>>("aten::bitwise_or.Scalar_Tensor(Scalar self, Tensor other) -> Tensor"),
    Lower<BitwiseOr<Value, Value>>("aten::__or__.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<BitwiseOr<Value, Scalar>>("aten::__or__.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<BitwiseXor<Value, Value>>("aten::bitwise_xor.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<BitwiseXor<Value, Scalar>>("aten::bitwise_xor.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<BitwiseXor<Scalar, Value>>("aten::bitwise_xor.Scalar_Tensor(Scalar self, Tensor other) -> Tensor"),
    Lower<BitwiseXor<Value, Value>>("aten::__xor__.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<BitwiseXor<Value, Scalar>>("aten::__xor__.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<BitwiseNot>("aten::bitwise_not(Tensor self) -> Tensor"),

    Lower<ShiftLeft<Value, Value>>("aten::bitwise_left_shift.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<ShiftLeft<Value, Scalar>>("aten::bitwise_left_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<ShiftLeft<Scalar, Value>>("aten::bitwise_left_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor"),
    Lower<ShiftLeft<Value, Value>>("aten::__lshift__.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<ShiftLeft<Value, Scalar>>("aten::__lshift__.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<ShiftRight<Value, Value>>("aten::bitwise_right_shift.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<ShiftRight<Value, Scalar>>("aten::bitwise_right_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<ShiftRight<Scalar, Value>>("aten::bitwise_right_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor"),
    Lower<ShiftRight<Value, Value>>("aten::__rshift__.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<ShiftRight<Value, Scalar>>("aten::__rshift__.Scalar(Tensor self, Scalar other) -> Tensor"),
};

}  // namespace

std::span<const Lowering> BitwiseLowerings() { return kTable; }

}  // namespace fairlead::aten
