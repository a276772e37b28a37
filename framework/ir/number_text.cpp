#include "ir/number_text.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace fairlead {
namespace {

// A binary floating-point format: sign, exponent, mantissa from the high bit down. `max_code` is the largest finite
// magnitude; infinity and NaN are codes, -1 where the format has none.
struct FloatFormat {
  int bits, exponent_bits, mantissa_bits, bias;
  uint64_t max_code;
  int64_t infinity, nan;
  bool has_sign;
};

const FloatFormat* FormatOf(DType type) {
  static constexpr FloatFormat kHalf = {16, 5, 10, 15, 0x7BFF, 0x7C00, 0x7E00, true};
  static constexpr FloatFormat kBFloat = {16, 8, 7, 127, 0x7F7F, 0x7F80, 0x7FC0, true};
  static constexpr FloatFormat kE4M3FN = {8, 4, 3, 7, 0x7E, -1, 0x7F, true};
  static constexpr FloatFormat kE4M3FNUZ = {8, 4, 3, 8, 0x7F, -1, 0x80, true};
  static constexpr FloatFormat kE5M2 = {8, 5, 2, 15, 0x7B, 0x7C, 0x7E, true};
  static constexpr FloatFormat kE5M2FNUZ = {8, 5, 2, 16, 0x7F, -1, 0x80, true};
  static constexpr FloatFormat kE2M1 = {4, 2, 1, 1, 0x7, -1, -1, true};
  static constexpr FloatFormat kE8M0 = {8, 8, 0, 127, 0xFE, -1, 0xFF, false};
  switch (type) {
    case DType::kFloat16: return &kHalf;
    case DType::kBFloat16: return &kBFloat;
    case DType::kFloat8E4M3FN: return &kE4M3FN;
    case DType::kFloat8E4M3FNUZ: return &kE4M3FNUZ;
    case DType::kFloat8E5M2: return &kE5M2;
    case DType::kFloat8E5M2FNUZ: return &kE5M2FNUZ;
    case DType::kFloat4E2M1: return &kE2M1;
    case DType::kFloat8E8M0: return &kE8M0;
    default: return nullptr;
  }
}

uint64_t SignBit(const FloatFormat& format) { return format.has_sign ? uint64_t{1} << (format.bits - 1) : 0; }

bool IsNan(const FloatFormat& format, uint64_t bits) {
  if (format.nan >= 0 && static_cast<uint64_t>(format.nan) == bits) return true;
  const uint64_t magnitude = bits & ~SignBit(format);
  return magnitude > format.max_code && static_cast<int64_t>(magnitude) != format.infinity;
}

// The value of a finite magnitude; grows with the code.
double Magnitude(const FloatFormat& format, uint64_t code) {
  const auto exponent = static_cast<int>(code >> format.mantissa_bits);
  const auto mantissa = static_cast<double>(code & ((uint64_t{1} << format.mantissa_bits) - 1));
  const double one = std::ldexp(1.0, format.mantissa_bits);
  // E8M0 has no mantissa and no subnormals: code 0 is 2^-127.
  if (exponent == 0 && format.mantissa_bits > 0) return std::ldexp(mantissa, 1 - format.bias - format.mantissa_bits);
  return std::ldexp(one + mantissa, exponent - format.bias - format.mantissa_bits);
}

// Nearest finite code, ties to the even one; empty past the largest.
std::optional<uint64_t> RoundMagnitude(const FloatFormat& format, double value) {
  uint64_t low = 0, high = format.max_code;
  if (value > Magnitude(format, high)) {
    const double half_step = (Magnitude(format, high) - Magnitude(format, high - 1)) / 2;
    return value < Magnitude(format, high) + half_step ? std::optional(high) : std::nullopt;
  }
  while (low < high) {
    const uint64_t middle = (low + high + 1) / 2;
    if (Magnitude(format, middle) <= value) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  if (low == format.max_code) return low;
  const double below = value - Magnitude(format, low), above = Magnitude(format, low + 1) - value;
  return below < above || (below == above && low % 2 == 0) ? low : low + 1;
}

std::optional<uint64_t> Encode(const FloatFormat& format, double value) {
  if (std::isnan(value)) return format.nan >= 0 ? std::optional(static_cast<uint64_t>(format.nan)) : std::nullopt;
  const uint64_t sign = std::signbit(value) ? SignBit(format) : 0;
  if (std::signbit(value) && sign == 0) return std::nullopt;  // E8M0
  if (std::isinf(value))
    return format.infinity >= 0 ? std::optional(static_cast<uint64_t>(format.infinity) | sign) : std::nullopt;
  const auto code = RoundMagnitude(format, std::fabs(value));
  if (!code) return std::nullopt;
  const uint64_t bits = *code | sign;
  return IsNan(format, bits) ? 0 : bits;  // the FNUZ formats have no negative zero
}

// A decimal is a float's only when it looks like one.
std::string WithPoint(std::string text) {
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

// `bits` as text, where `encode` says which bits a decimal stands for.
template <class Encode> std::string Shortest(double value, Encode&& encode, uint64_t bits) {
  std::array<char, 32> buffer;
  for (int digits = 1; digits <= 17; ++digits) {
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, digits).ptr;
    const double rounded = *ParseDouble({buffer.data(), end});
    if (encode(rounded) == bits) return NumberText(rounded);
  }
  return NumberText(value);
}

template <class T> std::string NativeText(T value, uint64_t bits, uint64_t usual_nan) {
  if (std::isnan(value)) return bits == usual_nan ? "nan" : fmt::format("nan({:#x})", bits);
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::array<char, 32> buffer;
  return WithPoint({buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr});
}

constexpr uint32_t kFloatNan = 0x7FC00000;
constexpr uint64_t kDoubleNan = 0x7FF8000000000000;

std::string FormatText(const FloatFormat& format, uint64_t bits) {
  if (IsNan(format, bits)) return static_cast<int64_t>(bits) == format.nan ? "nan" : fmt::format("nan({:#x})", bits);
  const bool negative = (bits & SignBit(format)) != 0;
  const uint64_t magnitude = bits & ~SignBit(format);
  if (static_cast<int64_t>(magnitude) == format.infinity) return negative ? "-inf" : "inf";
  const double value = Magnitude(format, magnitude);
  return Shortest(
      negative ? -value : value, [&](double v) { return Encode(format, v); }, bits);
}

int64_t SignExtended(DType type, uint64_t bits) {
  const int width = BitWidth(type);
  return static_cast<int64_t>(bits << (64 - width)) >> (64 - width);
}

bool IsSigned(DType type) {
  switch (type) {
    case DType::kInt2:
    case DType::kInt4:
    case DType::kInt8:
    case DType::kInt16:
    case DType::kInt32:
    case DType::kInt64: return true;
    default: return false;
  }
}

uint64_t MaskOf(DType type) { return ~uint64_t{0} >> (64 - BitWidth(type)); }

template <class T> std::optional<T> Whole(std::string_view text, auto... options) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, options...);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<uint64_t> ParseInteger(DType type, std::string_view text) {
  if (type == DType::kBool) {
    if (text == "true") return 1;
    if (text == "false") return 0;
  }
  if (!IsSigned(type)) {
    const auto value = Whole<uint64_t>(text);
    return value && *value <= MaskOf(type) ? value : std::nullopt;
  }
  const auto value = Whole<int64_t>(text);
  if (!value || SignExtended(type, static_cast<uint64_t>(*value)) != *value) return std::nullopt;
  return static_cast<uint64_t>(*value) & MaskOf(type);
}

// "nan(0x7f800001)": the bits, where they are a NaN of the type.
std::optional<uint64_t> ParseNanBits(DType type, std::string_view text) {
  constexpr std::string_view kOpen = "nan(0x";
  if (!text.starts_with(kOpen) || !text.ends_with(')')) return std::nullopt;
  const auto bits = Whole<uint64_t>(text.substr(kOpen.size(), text.size() - kOpen.size() - 1), 16);
  if (!bits || *bits > MaskOf(type)) return std::nullopt;
  bool is_nan = false;
  if (const FloatFormat* const format = FormatOf(type)) {
    is_nan = IsNan(*format, *bits);
  } else {
    is_nan = type == DType::kDouble ? std::isnan(std::bit_cast<double>(*bits))
                                    : std::isnan(std::bit_cast<float>(static_cast<uint32_t>(*bits)));
  }
  return is_nan ? bits : std::nullopt;
}

std::optional<uint64_t> ParseFloat(std::string_view text) {
  if (text == "nan") return kFloatNan;
  if (text == "inf" || text == "-inf") return std::bit_cast<uint32_t>(text == "inf" ? INFINITY : -INFINITY);
  const auto value = Whole<float>(text);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  return std::bit_cast<uint32_t>(*value);
}

}  // namespace

std::string NumberText(double value) { return NumberText(DType::kDouble, std::bit_cast<uint64_t>(value)); }

std::string NumberText(DType type, uint64_t bits) {
  if (const FloatFormat* const format = FormatOf(type)) return FormatText(*format, bits);
  if (type == DType::kFloat) return NativeText(std::bit_cast<float>(static_cast<uint32_t>(bits)), bits, kFloatNan);
  if (type == DType::kDouble) return NativeText(std::bit_cast<double>(bits), bits, kDoubleNan);
  return IsSigned(type) ? std::to_string(SignExtended(type, bits)) : std::to_string(bits);
}

std::optional<double> ParseDouble(std::string_view text) {
  if (text == "nan") return std::bit_cast<double>(kDoubleNan);
  if (text == "inf") return INFINITY;
  if (text == "-inf") return -INFINITY;
  if (const auto bits = ParseNanBits(DType::kDouble, text)) return std::bit_cast<double>(*bits);
  // from_chars knows "infinity" and "nan" too; here they have one spelling.
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  return Whole<double>(text);
}

std::optional<uint64_t> ParseNumber(DType type, std::string_view text) {
  if (BitWidth(type) == 0 || IsComplex(type)) return std::nullopt;
  if (!IsFloat(type)) return ParseInteger(type, text);
  if (const auto bits = ParseNanBits(type, text)) return bits;
  if (type == DType::kFloat) return ParseFloat(text);
  const auto value = ParseDouble(text);
  if (!value) return std::nullopt;
  if (const FloatFormat* const format = FormatOf(type)) return Encode(*format, *value);
  return std::bit_cast<uint64_t>(*value);
}

DType ComponentType(DType type) {
  if (type == DType::kComplex64) return DType::kFloat;
  return type == DType::kComplex128 ? DType::kDouble : type;
}

uint64_t LoadBits(DType type, std::span<const std::byte> dense, uint64_t index) {
  const auto width = static_cast<uint64_t>(BitWidth(type));
  if (width < 8) return std::to_integer<uint64_t>(dense[index * width / 8] >> (index * width % 8)) & MaskOf(type);
  uint64_t bits = 0;
  std::memcpy(&bits, dense.data() + index * (width / 8), width / 8);
  return bits;
}

void StoreBits(DType type, std::span<std::byte> dense, uint64_t index, uint64_t bits) {
  const auto width = static_cast<uint64_t>(BitWidth(type));
  if (width >= 8) {
    std::memcpy(dense.data() + index * (width / 8), &bits, width / 8);
    return;
  }
  const auto shift = index * width % 8;
  std::byte& byte = dense[index * width / 8];
  byte = (byte & ~static_cast<std::byte>(MaskOf(type) << shift)) | static_cast<std::byte>(bits << shift);
}

}  // namespace fairlead
