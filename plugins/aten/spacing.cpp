// Points between two bounds, equally far apart or in equal ratios. Bounds are numbers, or 0-d tensors.
//
// torch counts the first half from start and the second half back from end, so that both ends are exact. Integers lose
// their fractions, before and after.
#include <algorithm>
#include <cmath>

#include "families.hpp"

namespace fairlead::aten {
namespace {

using Pin = NoEffect<std::optional<bool>>;

constexpr int64_t kMostConstants = 1 << 20;

// ---- of numbers: the points are constants ----

// What a number is after a computation in `type`.
double RoundedTo(double number, DType type) {
  const auto element = Encode(number, type);
  const auto rounded = element ? Decode(std::span(element->bytes).first(element->size), type) : std::nullopt;
  return rounded ? rounded->AsDouble() : number;
}

std::vector<double> Points(const Scalar& start, const Scalar& end, int64_t steps, DType type, DType computed_in) {
  const auto number = [&](const Scalar& s) { return IsFloat(type) ? s.AsDouble() : static_cast<double>(s.AsInt()); };
  const auto rounded = [&](double value) { return RoundedTo(value, computed_in); };
  const double first = rounded(number(start)), last = rounded(number(end));
  const double width = steps > 1 ? rounded(rounded(last - first) / static_cast<double>(steps - 1)) : 0;
  std::vector<double> points;
  for (int64_t i = 0; i < steps; ++i)
    points.push_back(i < steps / 2 || steps == 1 ? rounded(first + rounded(width * static_cast<double>(i)))
                                                 : rounded(last - rounded(width * static_cast<double>(steps - 1 - i))));
  return points;
}

Value AsConstant(Builder& b, std::vector<double> points, DType type) {
  if (IsFloat(type)) return b.Constant(Floats(points), type);
  std::ranges::transform(points, points.begin(), [](double point) { return std::trunc(point); });
  return b.ToType(b.Constant(Floats(points), DType::kDouble), type);
}

// ---- of tensors ----

// A bound in the type that is asked for, then in the one to compute in.
Value AsBound(Builder& b, const Operand& bound, DType type, DType computed_in) {
  return b.ToType(b.Reshape(b.ToTensor(bound, type), Dims()), computed_in);
}

Value PointsBetween(Builder& b, Value first, Value last, int64_t steps) {
  const DType type = first.dtype();
  const Value places = b.Iota(steps);
  if (steps < 2) return b.Add(first, b.ToType(places, type));
  const auto number = [&](int64_t value) { return b.Constant(value, type); };
  const Value width = b.Div(b.Sub(last, first), number(steps - 1));
  const Value from_start = b.ToType(places, type), from_end = b.Sub(number(steps - 1), from_start);
  return b.Where(b.Less(places, b.Constant(steps / 2, DType::kInt64)), b.Add(first, b.Mul(width, from_start)),
                 b.Sub(last, b.Mul(width, from_end)));
}

DType AtLeastFloat(DType type) { return BitWidth(type) < 32 ? DType::kFloat : type; }

// ---- the operators ----

template <class Start, class End>
Value Linspace(Builder& b, Start start, End end, int64_t steps, std::optional<DType> dtype, NoEffect<Layout>,
               NoEffect<Device>, Pin) {
  const DType type = dtype.value_or(DType::kFloat);
  if (steps < 0) return b.Unsupported("steps={}", steps);
  if constexpr (std::is_same_v<Start, Scalar> && std::is_same_v<End, Scalar>) {
    if (steps > kMostConstants) return b.Unsupported("steps={}", steps);
    if (start.IsStatic() && end.IsStatic()) return AsConstant(b, Points(start, end, steps, type, DType::kDouble), type);
  }
  const DType wide = IsFloat(type) ? AtLeastFloat(type) : DType::kDouble;
  const Value points = PointsBetween(b, AsBound(b, start, type, wide), AsBound(b, end, type, wide), steps);
  return b.ToType(points, type);
}

// Powers of base. The exponents are computed in the type asked for, those of integers in float.
template <class Start, class End>
Value Logspace(Builder& b, Start start, End end, int64_t steps, double base, std::optional<DType> dtype, NoEffect<Layout>,
               NoEffect<Device>, Pin) {
  const DType type = dtype.value_or(DType::kFloat), exponents = IsFloat(type) ? type : DType::kFloat;
  if (steps < 0) return b.Unsupported("steps={}", steps);
  const double root = IsFloat(type) ? RoundedTo(base, type) : base;
  if constexpr (std::is_same_v<Start, Scalar> && std::is_same_v<End, Scalar>) {
    if (steps > kMostConstants) return b.Unsupported("steps={}", steps);
    if (start.IsStatic() && end.IsStatic()) {
      std::vector<double> points = Points(start, end, steps, type, exponents);
      std::ranges::transform(points, points.begin(), [&](double point) { return std::pow(root, point); });
      return AsConstant(b, points, type);
    }
  }
  const DType wide = AtLeastFloat(exponents);
  const Value points = PointsBetween(b, AsBound(b, start, type, wide), AsBound(b, end, type, wide), steps);
  const Value powers = b.Pow(b.Constant(root, DType::kDouble), b.ToType(points, DType::kDouble));
  return b.ToType(powers, type);
}

#define FL_FACTORY "*, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<Linspace<Scalar, Scalar>>("aten::linspace(Scalar start, Scalar end, int steps, " FL_FACTORY),
    Lower<Linspace<Value, Value>>("aten::linspace.Tensor_Tensor(Tensor start, Tensor end, int steps, " FL_FACTORY),
    Lower<Linspace<Value, Scalar>>("aten::linspace.Tensor_Scalar(Tensor start, Scalar end, int steps, " FL_FACTORY),
    Lower<Linspace<Scalar, Value>>("aten::linspace.Scalar_Tensor(Scalar start, Tensor end, int steps, " FL_FACTORY),
    Lower<Logspace<Scalar, Scalar>>("aten::logspace(Scalar start, Scalar end, int steps, float base=10., " FL_FACTORY),
    Lower<Logspace<Value, Value>>(
        "aten::logspace.Tensor_Tensor(Tensor start, Tensor end, int steps, float base=10., " FL_FACTORY),
    Lower<Logspace<Value, Scalar>>(
        "aten::logspace.Tensor_Scalar(Tensor start, Scalar end, int steps, float base=10., " FL_FACTORY),
    Lower<Logspace<Scalar, Value>>(
        "aten::logspace.Scalar_Tensor(Scalar start, Tensor end, int steps, float base=10., " FL_FACTORY),
};

}  // namespace

std::span<const Lowering> SpacingLowerings() { return kTable; }

}  // namespace fairlead::aten
