// torch's type promotion, and numbers as the bytes of a tensor.
//
//   PromoteTypes(DType::kInt64, DType::kFloat16);   // float16
//   Encode(0.5, DType::kBFloat16);                  // two bytes
#pragma once

#include <bit>
#include <cstring>

#include <fairlead/sdk/emitter.hpp>

namespace fairlead {
inline namespace sdk_v1 {

// torch.promote_types: bool < integers < floats < complex, then the wider one; an undefined type gives way.
constexpr DType PromoteTypes(DType a, DType b);

// torch.result_type over any number of operands: tensors with dimensions decide, then 0-d tensors, then Python numbers; one
// of a later group counts only where its category (integer, float, complex) is higher.
class Promotion {
 public:
  // `has_dims` is false for a 0-d tensor; a wrapped number is given through AddNumber.
  constexpr void AddTensor(DType type, bool has_dims) {
    DType& group = has_dims ? with_dims_ : zero_dims_;
    group = PromoteTypes(group, type);
  }
  // Floats count as torch's default dtype, float; complex numbers as complex64.
  constexpr void AddNumber(DType type) {
    if (IsFloat(type)) type = DType::kFloat;
    if (IsComplex(type)) type = DType::kComplex64;
    numbers_ = PromoteTypes(numbers_, type);
  }
  constexpr DType type() const { return Combined(with_dims_, Combined(zero_dims_, numbers_)); }

 private:
  static constexpr DType Combined(DType higher, DType lower);

  DType with_dims_ = DType::kUndefined, zero_dims_ = DType::kUndefined, numbers_ = DType::kUndefined;
};

// One number as the bytes of one element, rounded as torch does; empty for types narrower than a byte, 8-bit floats and
// strings. The number must not be symbolic.
struct Element {
  std::array<std::byte, 16> bytes = {};
  std::size_t size = 0;
};
std::optional<Element> Encode(const Scalar& number, DType dtype);
// The number that is stored in `bytes`, under the same conditions.
std::optional<Scalar> Decode(std::span<const std::byte> bytes, DType dtype);

// The dtype of the parts of a complex type; others are answered as they are.
constexpr DType RealType(DType type);

// -------------------------------------------------------------------------------------------------------------------
// details

constexpr DType RealType(DType type) {
  if (type == DType::kComplex64) return DType::kFloat;
  return type == DType::kComplex128 ? DType::kDouble : type;
}

constexpr DType PromoteTypes(DType a, DType b) {
  using value_detail::Category;
  const auto category = [](DType type) {
    const Category c = value_detail::Facts(type).category;
    return c == Category::kUnsigned ? Category::kSigned : c;
  };
  if (a == b) return a;
  if (category(a) < category(b)) std::swap(a, b);
  if (category(b) == Category::kNone) return a;
  if (category(a) == Category::kComplex) {
    const DType parts = PromoteTypes(RealType(a), RealType(b));
    return parts == DType::kDouble ? DType::kComplex128 : DType::kComplex64;
  }
  if (category(a) != category(b)) return a;
  if (BitWidth(a) != BitWidth(b)) {
    const DType wide = BitWidth(a) > BitWidth(b) ? a : b, narrow = wide == a ? b : a;
    // A signed type holds every narrower unsigned one; an unsigned one holds no signed one (torch has no such pair but
    // uint8, the narrowest).
    return IsInteger(wide) && !IsSigned(wide) && IsSigned(narrow) ? DType::kInt64 : wide;
  }
  if (IsFloat(a)) return DType::kFloat;  // float16 with bfloat16
  switch (BitWidth(a)) {                 // signed with unsigned of one width
    case 8: return DType::kInt16;
    case 16: return DType::kInt32;
    default: return DType::kInt64;
  }
}

// One step of torch.result_type: the lower group counts only where its category is higher.
constexpr DType Promotion::Combined(DType higher, DType lower) {
  if (IsComplex(higher)) return higher;
  if (IsFloat(higher)) {
    if (!IsComplex(lower)) return higher;
    return higher == DType::kDouble ? DType::kComplex128 : DType::kComplex64;
  }
  if (higher == DType::kBool || IsFloat(lower) || IsComplex(lower)) return PromoteTypes(higher, lower);
  return higher != DType::kUndefined ? higher : lower;
}

namespace promotion_detail {

constexpr uint16_t ToBFloat16(float v) {
  const auto bits = std::bit_cast<uint32_t>(v);
  if (v != v) return 0x7fc0;
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

constexpr uint16_t ToFloat16(float v) {
  const auto bits = std::bit_cast<uint32_t>(v);
  const auto sign = static_cast<uint16_t>((bits >> 16) & 0x8000);
  const uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return static_cast<uint16_t>(sign | 0x7e00);
  if (magnitude >= 0x477ff000) return static_cast<uint16_t>(sign | 0x7c00);  // rounds to 65536 or more: infinity
  uint32_t rounded = 0;
  if (magnitude >= 0x38800000) {  // a normal float16
    rounded = ((magnitude - 0x38000000) + 0xfff + ((magnitude >> 13) & 1)) >> 13;
  } else if (magnitude >= 0x33000000) {  // a subnormal one: shift the mantissa with its hidden bit, round to even
    const uint32_t mantissa = (magnitude & 0x7fffff) | 0x800000, shift = 126 - (magnitude >> 23);
    rounded = (mantissa + (1u << (shift - 1)) - 1 + ((mantissa >> shift) & 1)) >> shift;
  }
  return static_cast<uint16_t>(sign | rounded);
}

constexpr float FromFloat16(uint16_t half) {
  const uint32_t sign = uint32_t{half & 0x8000u} << 16, exponent = (half >> 10) & 0x1f, mantissa = half & 0x3ff;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000 | (mantissa << 13));
  if (exponent != 0) return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
  return sign ? -magnitude : magnitude;
}

template <class T> Element Bytes(const T& value) {
  Element out;
  out.size = sizeof value;
  std::memcpy(out.bytes.data(), &value, sizeof value);
  return out;
}

template <class T> T From(std::span<const std::byte> bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

}  // namespace promotion_detail

inline std::optional<Element> Encode(const Scalar& number, DType dtype) {
  using promotion_detail::Bytes;
  const auto integer = [&]<class T>(T) { return Bytes(static_cast<T>(number.AsInt())); };
  switch (dtype) {
    case DType::kBool: return Bytes(number.AsComplex() != 0.0);
    case DType::kUint8: return integer(uint8_t{});
    case DType::kInt8: return integer(int8_t{});
    case DType::kUint16: return integer(uint16_t{});
    case DType::kInt16: return integer(int16_t{});
    case DType::kUint32: return integer(uint32_t{});
    case DType::kInt32: return integer(int32_t{});
    case DType::kUint64: return integer(uint64_t{});
    case DType::kInt64: return integer(int64_t{});
    case DType::kDouble: return Bytes(number.AsDouble());
    case DType::kFloat: return Bytes(static_cast<float>(number.AsDouble()));
    case DType::kFloat16: return Bytes(promotion_detail::ToFloat16(static_cast<float>(number.AsDouble())));
    case DType::kBFloat16: return Bytes(promotion_detail::ToBFloat16(static_cast<float>(number.AsDouble())));
    case DType::kComplex128: return Bytes(number.AsComplex());
    case DType::kComplex64: return Bytes(std::complex<float>(number.AsComplex()));
    default: return std::nullopt;
  }
}

inline std::optional<Scalar> Decode(std::span<const std::byte> bytes, DType dtype) {
  using promotion_detail::From;
  if (bytes.size() != static_cast<std::size_t>(BitWidth(dtype)) / 8) return std::nullopt;
  const auto integer = [&]<class T>(T) { return Scalar(static_cast<int64_t>(From<T>(bytes))); };
  switch (dtype) {
    case DType::kBool: return Scalar(bytes[0] != std::byte{0});
    case DType::kUint8: return integer(uint8_t{});
    case DType::kInt8: return integer(int8_t{});
    case DType::kUint16: return integer(uint16_t{});
    case DType::kInt16: return integer(int16_t{});
    case DType::kUint32: return integer(uint32_t{});
    case DType::kInt32: return integer(int32_t{});
    case DType::kUint64: return integer(uint64_t{});
    case DType::kInt64: return integer(int64_t{});
    case DType::kDouble: return Scalar(From<double>(bytes));
    case DType::kFloat: return Scalar(double{From<float>(bytes)});
    case DType::kFloat16: return Scalar(double{promotion_detail::FromFloat16(From<uint16_t>(bytes))});
    case DType::kBFloat16: return Scalar(double{std::bit_cast<float>(uint32_t{From<uint16_t>(bytes)} << 16)});
    case DType::kComplex128: return Scalar(From<std::complex<double>>(bytes));
    case DType::kComplex64: return Scalar(std::complex<double>(From<std::complex<float>>(bytes)));
    default: return std::nullopt;
  }
}

}  // namespace sdk_v1
}  // namespace fairlead
