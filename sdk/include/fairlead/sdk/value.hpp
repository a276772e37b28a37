// The C++ types a lowering's parameters may have, and the ATen types each of them stands for.
//
//   Value AddTensor(Builder& b, Value self, Value other, Scalar alpha);
//   // aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor
//
// All of them are small or views: they are valid until the lowering returns.
#pragma once

#include <array>
#include <complex>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <fairlead/sdk/abi/build.h>

namespace fairlead {
inline namespace sdk_v1 {

class Emitter;
class Dims;

constexpr fl_str ToAbi(std::string_view text) { return {text.data(), text.size()}; }
constexpr std::string_view FromAbi(fl_str text) { return {text.data, static_cast<std::size_t>(text.size)}; }

// ONNX's TensorProto.DataType numbers.
enum class DType : int32_t {
  kUndefined = 0,
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kUint16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUint32 = 12,
  kUint64 = 13,
  kComplex64 = 14,
  kComplex128 = 15,
  kBFloat16 = 16,
  kFloat8E4M3FN = 17,
  kFloat8E4M3FNUZ = 18,
  kFloat8E5M2 = 19,
  kFloat8E5M2FNUZ = 20,
  kUint4 = 21,
  kInt4 = 22,
  kFloat4E2M1 = 23,
  kFloat8E8M0 = 24,
  kUint2 = 25,
  kInt2 = 26,
};

// "float", "int64", "bfloat16": ONNX's names in lower case.
constexpr std::string_view Name(DType type);
constexpr bool IsFloat(DType type);    // real floating point of any width
constexpr bool IsInteger(DType type);  // signed or unsigned, not bool
constexpr bool IsSigned(DType type);   // signed integers
constexpr bool IsComplex(DType type);
constexpr int BitWidth(DType type);  // of one element; 0 for kUndefined and kString

struct Dim;

// A tensor of the ONNX graph under construction. Three states: a real value; absent (an optional argument that was not
// given: false in a condition, and "no input" where it is passed on); invalid (a call on the builder failed, and the
// builder kept the error). Absent and invalid values have an undefined dtype, rank -1 and static_dim empty.
class Value {
 public:
  constexpr Value() = default;
  constexpr Value(const Emitter* emitter, fl_value handle) : emitter_(emitter), handle_(handle) {}

  constexpr explicit operator bool() const { return handle_.id != 0; }
  constexpr bool IsInvalid() const { return handle_.id == FL_INVALID_ID; }
  constexpr fl_value handle() const { return handle_; }

  DType dtype() const;
  int rank() const;         // -1 when unknown
  bool is_wrapped() const;  // stands for a Python number: it takes part in promotion as a number
  // One size, static or a scalar of the graph (the host shares the nodes that needs). The axis may be negative.
  Dim dim(int64_t axis) const;
  // One size where it is known now; emits nothing.
  std::optional<int64_t> static_dim(int64_t axis) const;
  // All sizes, as dim() answers them. The rank must be known: of any other value, invalid ones too, this ends the lowering.
  Dims dims() const;

 private:
  friend class Emitter;
  friend class Scalar;

  const Emitter* emitter_ = nullptr;
  fl_value handle_ = {0};
};

// Tensor[] and Tensor?[]: a view of handles that yields values.
class Values {
 public:
  constexpr Values() = default;
  constexpr Values(const Emitter* emitter, std::span<const fl_value> handles) : emitter_(emitter), handles_(handles) {}

  constexpr std::size_t size() const { return handles_.size(); }
  constexpr bool empty() const { return handles_.empty(); }
  constexpr Value operator[](std::size_t i) const { return {emitter_, handles_[i]}; }
  constexpr std::span<const fl_value> handles() const { return handles_; }
  std::vector<Value> ToVector() const {
    std::vector<Value> out;
    for (const fl_value handle : handles_) out.push_back({emitter_, handle});
    return out;
  }

 private:
  const Emitter* emitter_ = nullptr;
  std::span<const fl_value> handles_;
};

// A Python number as ATen's Scalar carries it. The kind takes part in type promotion. It may be known only at run time
// (a SymInt or SymFloat given where the schema says Scalar): `symbol()` is then a scalar tensor, and asking for the number
// itself refuses the node.
class Scalar {
 public:
  constexpr Scalar(bool v) : v_(v) {}
  constexpr Scalar(int v) : v_(int64_t{v}) {}
  constexpr Scalar(int64_t v) : v_(v) {}
  constexpr Scalar(double v) : v_(v) {}
  constexpr Scalar(std::complex<double> v) : v_(v) {}
  constexpr explicit Scalar(Value symbol) : v_(int64_t{0}), symbol_(symbol) {}

  constexpr bool IsStatic() const { return !symbol_; }
  constexpr Value symbol() const { return symbol_; }
  DType dtype() const;  // what torch promotes with: kBool, kInt64, kFloat or kComplex64
  double AsDouble() const;
  int64_t AsInt() const;  // rounds towards zero, and to the nearest number an int64 holds
  std::complex<double> AsComplex() const;
  bool IsZero() const { return IsStatic() && AsComplex() == 0.0; }  // false when symbolic
  bool IsOne() const { return IsStatic() && AsComplex() == 1.0; }   // likewise

 private:
  void RefuseSymbol() const;

  std::variant<bool, int64_t, double, std::complex<double>> v_;
  Value symbol_;
};

// An integer that may be known only at run time: `symbol` is then an int64 scalar of the graph. Calculate with
// Builder::Plus, Times …, which fold what is static.
struct Dim {
  constexpr Dim() = default;
  constexpr Dim(int64_t size) : size(size) {}
  constexpr Dim(int size) : size(size) {}
  constexpr explicit Dim(Value symbol) : size(-1), symbol(symbol) {}

  constexpr bool IsStatic() const { return !symbol; }
  constexpr bool Is(int64_t wanted) const { return IsStatic() && size == wanted; }

  int64_t size = 0;  // -1 when symbolic; a static one may be negative where ATen allows it
  Value symbol;
};

// A view of a list, as a parameter and as an ONNX attribute: written {0, 2, 1}, or made from any contiguous range.
// A list that was never given (`!given()`) is an attribute that is not written; an empty one is written.
// A braced list lives until the end of the full expression: right in a call, wrong in a variable.
template <class T> class ListView : public std::span<const T> {
 public:
  constexpr ListView() = default;
#pragma GCC diagnostic push
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ListView(std::initializer_list<T> items) : std::span<const T>(items.begin(), items.size()), given_(true) {}
#pragma GCC diagnostic pop
  template <class Range>
    requires std::constructible_from<std::span<const T>, const Range&>
  constexpr ListView(const Range& range) : std::span<const T>(range), given_(true) {}

  constexpr bool given() const { return given_; }
  std::vector<T> ToVector() const { return {this->begin(), this->end()}; }

 private:
  bool given_ = false;
};

using Ints = ListView<int64_t>;
using Floats = ListView<double>;
using Strings = ListView<fl_str>;
using Bools = ListView<uint8_t>;

// SymInt[]: sizes, static and symbolic mixed. Owns its items: {n, 3, x.dim(1)}.
class Dims : public std::vector<Dim> {
 public:
  using std::vector<Dim>::vector;
  Dims(const Ints& sizes) { assign(sizes.begin(), sizes.end()); }
  Dims(const std::vector<int64_t>& sizes) { assign(sizes.begin(), sizes.end()); }

  bool IsStatic() const {
    for (const Dim& dim : *this)
      if (!dim.IsStatic()) return false;
    return true;
  }
  // The static sizes, -1 for a symbolic one.
  std::vector<int64_t> sizes() const {
    std::vector<int64_t> out;
    for (const Dim& dim : *this) out.push_back(dim.size);
    return out;
  }
};

// A nested ATen graph, the argument of a higher-order operator. Builder::Lower puts it in place.
class Subgraph {
 public:
  constexpr Subgraph() = default;
  constexpr explicit Subgraph(fl_graph handle) : handle_(handle) {}
  constexpr fl_graph handle() const { return handle_; }

 private:
  fl_graph handle_ = {0};
};

// A parameter the lowering does not read: the host refuses the node when its value differs from the schema's default.
template <class T> struct Unused {};

// A parameter that may have any value, because it cannot change the result (pin_memory, cudnn_enable, generator …).
template <class T> struct NoEffect {};

// ATen types that only NoEffect and Unused can hold.
struct Device;
struct Layout;
struct MemoryFormat;
struct Generator;

// -------------------------------------------------------------------------------------------------------------------
// The mapping. kAtenTypes<T> lists the ATen types a parameter of type T accepts; a type that is not listed is refused.

template <class T> inline constexpr std::string_view kAtenTypes = "";

template <> inline constexpr std::string_view kAtenTypes<Value> = "Tensor|Tensor?|SymNumber";
template <> inline constexpr std::string_view kAtenTypes<Values> = "Tensor[]|Tensor?[]";
template <> inline constexpr std::string_view kAtenTypes<Scalar> = "Scalar";
template <> inline constexpr std::string_view kAtenTypes<std::vector<Scalar>> = "Scalar[]";
template <> inline constexpr std::string_view kAtenTypes<Dim> = "SymInt";
template <> inline constexpr std::string_view kAtenTypes<Dims> = "SymInt[]";
template <> inline constexpr std::string_view kAtenTypes<int64_t> = "int|SymInt";   // a symbolic size is refused by name
template <> inline constexpr std::string_view kAtenTypes<Ints> = "int[]|SymInt[]";  // likewise
template <> inline constexpr std::string_view kAtenTypes<bool> = "bool";
template <> inline constexpr std::string_view kAtenTypes<Bools> = "bool[]";
template <> inline constexpr std::string_view kAtenTypes<double> = "float";
template <> inline constexpr std::string_view kAtenTypes<Floats> = "float[]";
template <> inline constexpr std::string_view kAtenTypes<std::string_view> = "str";
template <> inline constexpr std::string_view kAtenTypes<DType> = "ScalarType";
template <> inline constexpr std::string_view kAtenTypes<Subgraph> = "Subgraph";
template <> inline constexpr std::string_view kAtenTypes<Device> = "Device|Device?";
template <> inline constexpr std::string_view kAtenTypes<Layout> = "Layout|Layout?";
template <> inline constexpr std::string_view kAtenTypes<MemoryFormat> = "MemoryFormat|MemoryFormat?";
template <> inline constexpr std::string_view kAtenTypes<Generator> = "Generator|Generator?";

// -------------------------------------------------------------------------------------------------------------------
// details

namespace value_detail {

enum class Category : uint8_t { kNone, kBool, kUnsigned, kSigned, kFloat, kComplex };
struct DTypeFacts {
  std::string_view name;
  Category category;
  int bits;
};
inline constexpr DTypeFacts kFacts[] = {
    {"undefined", Category::kNone, 0},       {"float", Category::kFloat, 32},
    {"uint8", Category::kUnsigned, 8},       {"int8", Category::kSigned, 8},
    {"uint16", Category::kUnsigned, 16},     {"int16", Category::kSigned, 16},
    {"int32", Category::kSigned, 32},        {"int64", Category::kSigned, 64},
    {"string", Category::kNone, 0},          {"bool", Category::kBool, 8},
    {"float16", Category::kFloat, 16},       {"double", Category::kFloat, 64},
    {"uint32", Category::kUnsigned, 32},     {"uint64", Category::kUnsigned, 64},
    {"complex64", Category::kComplex, 64},   {"complex128", Category::kComplex, 128},
    {"bfloat16", Category::kFloat, 16},      {"float8e4m3fn", Category::kFloat, 8},
    {"float8e4m3fnuz", Category::kFloat, 8}, {"float8e5m2", Category::kFloat, 8},
    {"float8e5m2fnuz", Category::kFloat, 8}, {"uint4", Category::kUnsigned, 4},
    {"int4", Category::kSigned, 4},          {"float4e2m1", Category::kFloat, 4},
    {"float8e8m0", Category::kFloat, 8},     {"uint2", Category::kUnsigned, 2},
    {"int2", Category::kSigned, 2},
};
constexpr const DTypeFacts& Facts(DType type) {
  const auto i = static_cast<std::size_t>(type);
  return kFacts[i < std::size(kFacts) ? i : 0];
}

// The nearest int64; 0 for NaN.
constexpr int64_t Saturated(double v) {
  using Limits = std::numeric_limits<int64_t>;
  if (v != v) return 0;
  if (v >= 9223372036854775808.0) return Limits::max();
  if (v < -9223372036854775808.0) return Limits::min();
  return static_cast<int64_t>(v);
}

}  // namespace value_detail

constexpr std::string_view Name(DType type) { return value_detail::Facts(type).name; }
constexpr bool IsFloat(DType type) { return value_detail::Facts(type).category == value_detail::Category::kFloat; }
constexpr bool IsSigned(DType type) { return value_detail::Facts(type).category == value_detail::Category::kSigned; }
constexpr bool IsInteger(DType type) {
  return IsSigned(type) || value_detail::Facts(type).category == value_detail::Category::kUnsigned;
}
constexpr bool IsComplex(DType type) { return value_detail::Facts(type).category == value_detail::Category::kComplex; }
constexpr int BitWidth(DType type) { return value_detail::Facts(type).bits; }

inline DType Scalar::dtype() const {
  if (symbol_) return IsFloat(symbol_.dtype()) ? DType::kFloat : symbol_.dtype();
  constexpr std::array kOf = {DType::kBool, DType::kInt64, DType::kFloat, DType::kComplex64};
  return kOf[v_.index()];
}

inline std::complex<double> Scalar::AsComplex() const {
  RefuseSymbol();
  if (const auto* v = std::get_if<std::complex<double>>(&v_)) return *v;
  if (const auto* v = std::get_if<double>(&v_)) return *v;
  if (const auto* v = std::get_if<int64_t>(&v_)) return static_cast<double>(*v);
  return std::get<bool>(v_) ? 1.0 : 0.0;
}

inline double Scalar::AsDouble() const { return AsComplex().real(); }

inline int64_t Scalar::AsInt() const {
  RefuseSymbol();
  if (const auto* v = std::get_if<int64_t>(&v_)) return *v;
  return value_detail::Saturated(AsDouble());
}

}  // namespace sdk_v1
}  // namespace fairlead
