// Arithmetic, comparisons, logic and casts. Integers wrap around as ONNX's reference and runtimes do; what C++ and ONNX
// leave undefined (division by zero, a float that does not fit an integer) is not folded.
#include <cmath>
#include <limits>
#include <type_traits>

#include "passes/onnx_kernels.hpp"

namespace fairlead::kernels {
namespace {

template <class T> inline constexpr bool kIsFloat = std::is_floating_point_v<T>;

// One element; `ok` becomes false where the result is not defined.
template <class T> T AbsOf(T a, bool& ok) {
  if constexpr (kIsFloat<T>) {
    return std::abs(a);
  } else if constexpr (std::is_signed_v<T>) {
    ok = ok && a != std::numeric_limits<T>::min();
    return static_cast<T>(ok && a < 0 ? -a : a);
  } else {
    return a;
  }
}

template <class T> T NegOf(T a, bool& ok) {
  if constexpr (kIsFloat<T>) {
    return -a;
  } else if constexpr (std::is_signed_v<T>) {
    ok = ok && a != std::numeric_limits<T>::min();
    return static_cast<T>(ok ? -a : a);
  } else {
    ok = false;
    return a;
  }
}

template <class T> T UnaryOf(std::string_view op, T a, bool& ok) {
  if (op == "Abs") return AbsOf(a, ok);
  if (op == "Neg") return NegOf(a, ok);
  if constexpr (kIsFloat<T>) {
    if (op == "Floor") return std::floor(a);
    if (op == "Ceil") return std::ceil(a);
    if (op == "Sqrt") return std::sqrt(a);
  }
  ok = false;
  return a;
}

template <class T> T DivOf(T a, T b, bool& ok) {
  if constexpr (kIsFloat<T>) {
    return a / b;
  } else {
    bool defined = b != 0;
    if constexpr (std::is_signed_v<T>) defined = defined && !(a == std::numeric_limits<T>::min() && b == T(-1));
    ok = ok && defined;
    return defined ? static_cast<T>(a / b) : a;
  }
}

// fmod=0 takes the sign of the divisor (integers only), fmod=1 that of the dividend.
template <class T> T ModOf(T a, T b, bool fmod, bool& ok) {
  if constexpr (kIsFloat<T>) {
    ok = ok && fmod;
    return std::fmod(a, b);
  } else {
    (void)DivOf(a, b, ok);
    if (!ok) return a;
    const T rest = static_cast<T>(a % b);
    return !fmod && rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
  }
}

template <class T> T ArithmeticOf(std::string_view op, T a, T b, bool fmod, bool& ok) {
  if (op == "Div") return DivOf(a, b, ok);
  if (op == "Mod") return ModOf(a, b, fmod, ok);
  if constexpr (kIsFloat<T>) {
    if (op == "Add") return a + b;
    if (op == "Sub") return a - b;
    if (op == "Mul") return a * b;
    ok = ok && !std::isnan(a) && !std::isnan(b) && !(a == b && std::signbit(a) != std::signbit(b));
  } else {
    const auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
    if (op == "Add") return static_cast<T>(x + y);
    if (op == "Sub") return static_cast<T>(x - y);
    if (op == "Mul") return static_cast<T>(x * y);
  }
  return op == "Min" ? std::min(a, b) : std::max(a, b);
}

template <class T> bool CompareOf(std::string_view op, T a, T b) {
  if (op == "Equal") return a == b;
  if (op == "Greater") return a > b;
  if (op == "GreaterOrEqual") return a >= b;
  return op == "Less" ? a < b : a <= b;
}

template <class T, class Result, class Compute>
std::optional<Tensor> Zip(const Tensor& a, const Tensor& b, DType dtype, const Compute& compute) {
  const std::optional<Shape> shape = Broadcast(a.dims(), b.dims());
  if (!shape) return std::nullopt;
  const std::vector<T> left = Elements<T>(a), right = Elements<T>(b);
  const std::vector<std::size_t> from_left = BroadcastIndices(a.dims(), *shape),
                                 from_right = BroadcastIndices(b.dims(), *shape);
  std::vector<Result> out(from_left.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = compute(left[from_left[i]], right[from_right[i]]);
  return MakeTensor(dtype, *shape, out);
}

// A float that an integer type holds once its fraction is cut off.
template <class To, class From> bool Fits(From value) {
  if constexpr (kIsFloat<From> && !kIsFloat<To>) {
    const From cut = std::trunc(value);
    const From above = std::ldexp(From(1), std::numeric_limits<To>::digits);
    return cut < above && (std::is_signed_v<To> ? cut >= -above : cut >= 0);  // false for NaN
  }
  return true;
}

template <class To, class From> std::optional<Tensor> CastTo(const Tensor& input, DType dtype) {
  std::vector<To> out;
  for (const From value : Elements<From>(input)) {
    if (dtype == DType::kBool) {
      out.push_back(static_cast<To>(value != 0));
      continue;
    }
    if (!Fits<To>(value)) return std::nullopt;
    out.push_back(static_cast<To>(value));
  }
  return MakeTensor(dtype, input.dims(), out);
}

}  // namespace

std::optional<Tensor> Unary(const Arguments& arguments) {
  const Tensor& input = arguments.inputs[0];
  return ForNumber(input.dtype(), false, [&]<class T>(T) -> std::optional<Tensor> {
    std::vector<T> out = Elements<T>(input);
    bool ok = true;
    for (T& element : out) element = UnaryOf(arguments.node.op.type, element, ok);
    return ok ? std::optional(MakeTensor(input.dtype(), input.dims(), out)) : std::nullopt;
  });
}

std::optional<Tensor> Arithmetic(const Arguments& arguments) {
  const std::string_view op = arguments.node.op.type;
  const DType dtype = arguments.inputs[0].dtype();
  const bool fmod = arguments.Int("fmod").value_or(0) != 0;
  for (const Tensor& input : arguments.inputs)
    if (input.dtype() != dtype) return std::nullopt;
  if (arguments.inputs.size() > 2 && op != "Min" && op != "Max") return std::nullopt;
  return ForNumber(dtype, false, [&]<class T>(T) -> std::optional<Tensor> {
    std::optional<Tensor> out = arguments.inputs[0];
    bool ok = true;
    for (std::size_t i = 1; out && i < arguments.inputs.size(); ++i)
      out = Zip<T, T>(*out, arguments.inputs[i], dtype, [&](T a, T b) { return ArithmeticOf(op, a, b, fmod, ok); });
    return ok ? out : std::nullopt;
  });
}

std::optional<Tensor> Comparison(const Arguments& arguments) {
  const Tensor &a = arguments.inputs[0], &b = arguments.inputs[1];
  if (a.dtype() != b.dtype()) return std::nullopt;
  return ForNumber(a.dtype(), arguments.node.op.type == "Equal", [&]<class T>(T) {
    return Zip<T, uint8_t>(a, b, DType::kBool, [&](T x, T y) { return CompareOf(arguments.node.op.type, x, y); });
  });
}

std::optional<Tensor> Logic(const Arguments& arguments) {
  const std::string_view op = arguments.node.op.type;
  for (const Tensor& input : arguments.inputs)
    if (input.dtype() != DType::kBool) return std::nullopt;
  const Tensor& a = arguments.inputs[0];
  if (op == "Not") {
    std::vector<uint8_t> out = Elements<uint8_t>(a);
    for (uint8_t& element : out) element = element == 0;
    return MakeTensor(DType::kBool, a.dims(), out);
  }
  return Zip<uint8_t, uint8_t>(a, arguments.inputs[1], DType::kBool, [&](bool x, bool y) -> uint8_t {
    return op == "And" ? x && y : op == "Or" ? x || y : x != y;
  });
}

std::optional<Tensor> Cast(const Arguments& arguments) {
  const Tensor& input = arguments.inputs[0];
  const std::optional<int64_t> to = arguments.Int("to");
  if (!to || *to < 0 || *to > 26) return std::nullopt;
  const auto dtype = static_cast<DType>(*to);
  if (dtype == input.dtype()) return input;
  return ForNumber(input.dtype(), true, [&]<class From>(From) {
    return ForNumber(dtype, true, [&]<class To>(To) { return CastTo<To, From>(input, dtype); });
  });
}

}  // namespace fairlead::kernels
