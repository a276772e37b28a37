#include "ir/type.hpp"

#include <array>

#include <fmt/format.h>

namespace fairlead {
namespace {

struct DTypeRow {
  std::string_view name, short_name;
  int bits;
};

// Indexed by ONNX's number.
constexpr std::array<DTypeRow, 27> kDTypes = {{{"undefined", "undef", 0},
                                               {"float", "f32", 32},
                                               {"uint8", "u8", 8},
                                               {"int8", "i8", 8},
                                               {"uint16", "u16", 16},
                                               {"int16", "i16", 16},
                                               {"int32", "i32", 32},
                                               {"int64", "i64", 64},
                                               {"string", "str", 0},
                                               {"bool", "bool", 8},
                                               {"float16", "f16", 16},
                                               {"double", "f64", 64},
                                               {"uint32", "u32", 32},
                                               {"uint64", "u64", 64},
                                               {"complex64", "c64", 64},
                                               {"complex128", "c128", 128},
                                               {"bfloat16", "bf16", 16},
                                               {"float8e4m3fn", "f8e4m3fn", 8},
                                               {"float8e4m3fnuz", "f8e4m3fnuz", 8},
                                               {"float8e5m2", "f8e5m2", 8},
                                               {"float8e5m2fnuz", "f8e5m2fnuz", 8},
                                               {"uint4", "u4", 4},
                                               {"int4", "i4", 4},
                                               {"float4e2m1", "f4e2m1", 4},
                                               {"float8e8m0", "f8e8m0", 8},
                                               {"uint2", "u2", 2},
                                               {"int2", "i2", 2}}};

const DTypeRow& Row(DType type) {
  const auto index = static_cast<std::size_t>(type);
  return kDTypes[index < kDTypes.size() ? index : 0];
}

std::optional<DType> ParseBy(std::string_view DTypeRow::*member, std::string_view name) {
  for (std::size_t i = 1; i < kDTypes.size(); ++i)
    if (kDTypes[i].*member == name) return static_cast<DType>(i);
  return std::nullopt;
}

}  // namespace

std::string_view Name(DType type) { return Row(type).name; }
std::optional<DType> ParseDType(std::string_view name) { return ParseBy(&DTypeRow::name, name); }
std::string_view ShortName(DType type) { return Row(type).short_name; }
std::optional<DType> ParseShortDType(std::string_view name) { return ParseBy(&DTypeRow::short_name, name); }
int BitWidth(DType type) { return Row(type).bits; }

bool IsFloat(DType type) {
  switch (type) {
    case DType::kFloat:
    case DType::kDouble:
    case DType::kFloat16:
    case DType::kBFloat16:
    case DType::kFloat8E4M3FN:
    case DType::kFloat8E4M3FNUZ:
    case DType::kFloat8E5M2:
    case DType::kFloat8E5M2FNUZ:
    case DType::kFloat4E2M1:
    case DType::kFloat8E8M0: return true;
    default: return false;
  }
}

bool IsInteger(DType type) {
  switch (type) {
    case DType::kUint8:
    case DType::kInt8:
    case DType::kUint16:
    case DType::kInt16:
    case DType::kInt32:
    case DType::kInt64:
    case DType::kUint32:
    case DType::kUint64:
    case DType::kUint4:
    case DType::kInt4:
    case DType::kUint2:
    case DType::kInt2: return true;
    default: return false;
  }
}

bool IsComplex(DType type) { return type == DType::kComplex64 || type == DType::kComplex128; }

std::optional<uint64_t> ByteSize(DType type, uint64_t elements) {
  const auto bits = static_cast<uint64_t>(BitWidth(type));
  if (bits == 0 || elements > UINT64_MAX / 128) return std::nullopt;
  return (elements * bits + 7) / 8;
}

std::string ToString(const Dim& dim) {
  if (dim.IsStatic()) return std::to_string(dim.size());
  return dim.IsSymbolic() ? dim.expression() : "?";
}

std::optional<int64_t> Type::ElementCount() const {
  if (!dims) return std::nullopt;
  int64_t count = 1;
  bool overflow = false;
  for (const Dim& dim : *dims) {
    if (!dim.IsStatic()) return std::nullopt;
    overflow |= __builtin_mul_overflow(count, dim.size(), &count);
  }
  // A zero after an overflow still makes an empty tensor.
  for (const Dim& dim : *dims)
    if (dim.size() == 0) return 0;
  if (overflow) return std::nullopt;
  return count;
}

Type SymIntType(std::string expression) {
  Type type;
  type.kind = Type::Kind::kSymInt;
  type.dtype = DType::kInt64;
  type.expression = std::move(expression);
  return type;
}

namespace {

std::string Symbolic(std::string_view kind, const std::string& expression) {
  return fmt::format("{}({})", kind, expression);
}

std::string TensorText(const Type& type) {
  std::string out(Name(type.dtype));
  if (!type.dims) return out + "[*]";
  out += '[';
  for (std::size_t i = 0; i < type.dims->size(); ++i) out += (i > 0 ? "," : "") + ToString((*type.dims)[i]);
  return out + ']';
}

}  // namespace

std::string ToString(const Type& type) {
  switch (type.kind) {
    case Type::Kind::kUnknown: return "unknown";
    case Type::Kind::kNone: return "none";
    case Type::Kind::kSymInt: return Symbolic("symint", type.expression);
    case Type::Kind::kSymFloat: return Symbolic("symfloat", type.expression);
    case Type::Kind::kSymBool: return Symbolic("symbool", type.expression);
    case Type::Kind::kTensor: return TensorText(type);
    case Type::Kind::kSequence: return fmt::format("seq({})", TensorText(type));
  }
  return "unknown";
}

}  // namespace fairlead
