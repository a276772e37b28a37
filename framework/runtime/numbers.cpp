#include "runtime/numbers.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/status.hpp"

namespace fairlead {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Where a format puts what is not a finite number.
enum class Specials {
  kIeee,        // the largest exponent: infinity and NaN
  kOneNaN,      // "FN": all bits but the sign set is NaN, no infinity
  kNegativeNaN  // "FNUZ": the pattern of minus zero is NaN, no infinity
};

struct FloatFormat {
  int exponent_bits, mantissa_bits, bias;
  Specials specials;
};
constexpr FloatFormat kFloat16{5, 10, 15, Specials::kIeee};
constexpr FloatFormat kFloat8E4M3FN{4, 3, 7, Specials::kOneNaN};
constexpr FloatFormat kFloat8E4M3FNUZ{4, 3, 8, Specials::kNegativeNaN};
constexpr FloatFormat kFloat8E5M2{5, 2, 15, Specials::kIeee};
constexpr FloatFormat kFloat8E5M2FNUZ{5, 2, 16, Specials::kNegativeNaN};

double Decode(uint32_t bits, const FloatFormat& format) {
  const uint32_t mantissa_mask = (1u << format.mantissa_bits) - 1;
  const uint32_t exponent_mask = (1u << format.exponent_bits) - 1;
  const uint32_t mantissa = bits & mantissa_mask;
  const uint32_t exponent = (bits >> format.mantissa_bits) & exponent_mask;
  const bool negative = (bits >> (format.mantissa_bits + format.exponent_bits)) != 0;
  const bool largest = exponent == exponent_mask;
  if (format.specials == Specials::kIeee && largest) return mantissa != 0 ? kNaN : negative ? -kInfinity : kInfinity;
  if (format.specials == Specials::kOneNaN && largest && mantissa == mantissa_mask) return kNaN;
  if (format.specials == Specials::kNegativeNaN && negative && exponent == 0 && mantissa == 0) return kNaN;
  const int scale = static_cast<int>(exponent == 0 ? 1 : exponent) - format.bias - format.mantissa_bits;
  const double magnitude = std::ldexp(mantissa + (exponent == 0 ? 0 : mantissa_mask + 1), scale);
  return negative ? -magnitude : magnitude;
}

double DecodeFloat4E2M1(uint32_t bits) {
  constexpr double kMagnitudes[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
  return (bits & 8) != 0 ? -kMagnitudes[bits & 7] : kMagnitudes[bits & 7];
}

double DecodeFloat8E8M0(uint32_t bits) { return bits == 255 ? kNaN : std::ldexp(1.0, static_cast<int>(bits) - 127); }

template <class T> T At(std::span<const std::byte> bytes, uint64_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

// An element of 2 or 4 bits; the first of a byte is in its low bits.
template <int Bits> uint32_t PackedAt(std::span<const std::byte> bytes, uint64_t index) {
  constexpr uint64_t kPerByte = 8 / Bits;
  const auto byte = std::to_integer<uint32_t>(bytes[index / kPerByte]);
  return (byte >> (index % kPerByte * Bits)) & ((1u << Bits) - 1);
}

template <int Bits> uint64_t SignExtended(uint32_t value) {
  const uint64_t sign = uint64_t{1} << (Bits - 1);
  return (value ^ sign) - sign;
}

template <class T> uint64_t WidenedAt(std::span<const std::byte> bytes, uint64_t index) {
  return static_cast<uint64_t>(static_cast<int64_t>(At<T>(bytes, index)));
}

template <class Out, class ElementAt> void Fill(std::span<Out> out, uint64_t first, ElementAt element_at) {
  for (uint64_t i = 0; i < out.size(); ++i) out[i] = element_at(first + i);
}

void CheckRange(DType type, std::span<const std::byte> bytes, uint64_t first, uint64_t count) {
  const auto needed = ByteSize(type, first + count);
  FL_CHECK(needed && *needed <= bytes.size(), "the elements read are inside the tensor");
}

}  // namespace

void ReadFloats(DType type, std::span<const std::byte> bytes, uint64_t first, std::span<double> out) {
  CheckRange(type, bytes, first, out.size());
  const auto decode8 = [&](const FloatFormat& format) {
    Fill(out, first, [&](uint64_t i) { return Decode(At<uint8_t>(bytes, i), format); });
  };
  switch (type) {
    case DType::kFloat: return Fill(out, first, [&](uint64_t i) { return At<float>(bytes, i); });
    case DType::kDouble: return Fill(out, first, [&](uint64_t i) { return At<double>(bytes, i); });
    case DType::kFloat16: return Fill(out, first, [&](uint64_t i) { return Decode(At<uint16_t>(bytes, i), kFloat16); });
    case DType::kBFloat16:
      return Fill(out, first, [&](uint64_t i) { return std::bit_cast<float>(uint32_t{At<uint16_t>(bytes, i)} << 16); });
    case DType::kFloat8E4M3FN: return decode8(kFloat8E4M3FN);
    case DType::kFloat8E4M3FNUZ: return decode8(kFloat8E4M3FNUZ);
    case DType::kFloat8E5M2: return decode8(kFloat8E5M2);
    case DType::kFloat8E5M2FNUZ: return decode8(kFloat8E5M2FNUZ);
    case DType::kFloat8E8M0: return Fill(out, first, [&](uint64_t i) { return DecodeFloat8E8M0(At<uint8_t>(bytes, i)); });
    case DType::kFloat4E2M1: return Fill(out, first, [&](uint64_t i) { return DecodeFloat4E2M1(PackedAt<4>(bytes, i)); });
    default: FL_CHECK(false, "ReadFloats is asked for floating point only");
  }
}

void ReadIntegers(DType type, std::span<const std::byte> bytes, uint64_t first, std::span<uint64_t> out) {
  CheckRange(type, bytes, first, out.size());
  switch (type) {
    case DType::kBool: return Fill(out, first, [&](uint64_t i) { return uint64_t{bytes[i] != std::byte{0}}; });
    case DType::kUint8: return Fill(out, first, [&](uint64_t i) { return At<uint8_t>(bytes, i); });
    case DType::kUint16: return Fill(out, first, [&](uint64_t i) { return At<uint16_t>(bytes, i); });
    case DType::kUint32: return Fill(out, first, [&](uint64_t i) { return At<uint32_t>(bytes, i); });
    case DType::kUint64: return Fill(out, first, [&](uint64_t i) { return At<uint64_t>(bytes, i); });
    case DType::kInt8: return Fill(out, first, [&](uint64_t i) { return WidenedAt<int8_t>(bytes, i); });
    case DType::kInt16: return Fill(out, first, [&](uint64_t i) { return WidenedAt<int16_t>(bytes, i); });
    case DType::kInt32: return Fill(out, first, [&](uint64_t i) { return WidenedAt<int32_t>(bytes, i); });
    case DType::kInt64: return Fill(out, first, [&](uint64_t i) { return At<uint64_t>(bytes, i); });
    case DType::kUint4: return Fill(out, first, [&](uint64_t i) { return PackedAt<4>(bytes, i); });
    case DType::kUint2: return Fill(out, first, [&](uint64_t i) { return PackedAt<2>(bytes, i); });
    case DType::kInt4: return Fill(out, first, [&](uint64_t i) { return SignExtended<4>(PackedAt<4>(bytes, i)); });
    case DType::kInt2: return Fill(out, first, [&](uint64_t i) { return SignExtended<2>(PackedAt<2>(bytes, i)); });
    default: FL_CHECK(false, "ReadIntegers is asked for integers and bool only");
  }
}

bool IsSigned(DType integer) {
  switch (integer) {
    case DType::kInt2:
    case DType::kInt4:
    case DType::kInt8:
    case DType::kInt16:
    case DType::kInt32:
    case DType::kInt64: return true;
    default: return false;
  }
}

}  // namespace fairlead
