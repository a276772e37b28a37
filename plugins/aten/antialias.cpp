// Resampling with a filter that widens as the image shrinks: one product with a matrix of weights for each axis, where
// ONNX's Resize does not say the same.
#include "families.hpp"
#include "positions.hpp"
#include "scaled_sizes.hpp"

namespace fairlead::aten {
namespace {

enum class Filter { kLinear, kCubic, kLanczos };

constexpr int SupportOf(Filter filter) { return filter == Filter::kLinear ? 1 : filter == Filter::kCubic ? 2 : 3; }

// The filter at distances x, float or double.
Value FilterAt(Builder& b, Filter filter, Value x) {
  const auto number = [&](double n) { return b.Like(x, n); };
  const Value far = b.Abs(x), zero = number(0);
  if (filter == Filter::kLinear) return b.Max({b.Sub(number(1), far), zero});
  if (filter == Filter::kCubic) {
    constexpr double kA = -0.5;  // as Pillow has it; resampling without antialiasing has -0.75
    // ((a+2)x - (a+3))x² + 1 up to 1, ((ax - 5a)x + 8a)x - 4a up to 2
    const Value near = b.Add(b.Mul(b.Mul(b.Sub(b.Mul(far, number(kA + 2)), number(kA + 3)), far), far), number(1));
    const Value outer =
        b.Sub(b.Mul(b.Add(b.Mul(b.Sub(b.Mul(far, number(kA)), number(5 * kA)), far), number(8 * kA)), far), number(4 * kA));
    return b.Where(b.Less(far, number(1)), near, b.Where(b.Less(far, number(2)), outer, zero));
  }
  // sinc(x) sinc(x/3) up to 3
  const auto sinc = [&](Value y) {
    const Value angle = b.Mul(y, number(3.14159265358979323846)), none = b.Equal(angle, zero);
    return b.Where(none, number(1), b.Div(b.Sin(angle), b.Where(none, number(1), angle)));
  };
  return b.Where(b.Less(far, number(3)), b.Mul(sinc(far), sinc(b.Div(far, number(3)))), zero);
}

// How many pixels of the input one of the output stands for.
Value StepOf(Builder& b, const Dim& in, const Dim& out, bool align_corners, std::optional<double> scale, DType type) {
  const auto number = [&](const Dim& n) { return b.ToType(b.ToValue(n), type); };
  if (!align_corners) return scale && *scale > 0 ? b.Constant(1 / *scale, type) : b.Div(number(in), number(out));
  const Dim gaps = b.Minus(out, 1);
  const Value step = b.Div(number(b.Minus(in, 1)), number(b.Greatest(gaps, 1)));
  return b.Mul(step, number(b.Greatest(b.Least(gaps, 1), 0)));
}

// [out, in]: the weight of each pixel of the input in each of the output; torch's order of roundings.
Value WeightsOf(Builder& b, Filter filter, const Dim& in, const Dim& out, Value step) {
  const auto number = [&](double n) { return b.Like(step, n); };
  const Value widening = b.Max({step, number(1)});
  const Value support = b.Mul(widening, number(SupportOf(filter)));
  const Value centre = b.Unsqueeze(b.Mul(b.Add(b.ToType(b.Iota(out), step.dtype()), number(0.5)), step), {1});
  const Value place = b.Unsqueeze(b.ToType(b.Iota(in), step.dtype()), {0});
  const auto whole = [&](Value x) { return b.Trunc(b.Add(x, number(0.5))); };
  const Value first = whole(b.Sub(centre, support)), end = whole(b.Add(centre, support));
  const Value reached = b.And(b.GreaterOrEqual(place, first), b.Less(place, end));
  const Value distance = b.Div(b.Add(b.Sub(place, centre), number(0.5)), widening);
  const Value weights = b.Where(reached, FilterAt(b, filter, distance), number(0));
  const Value sum = b.ReduceSum(weights, {1}, true);
  return b.Div(weights, b.Where(b.Equal(sum, number(0)), number(1), sum));
}

struct Scales {
  std::optional<double> height, width;
};

// ONNX's Resize, where it says the same: at the border torch's filters weigh what they see, hence `exclude_outside`.
Value Resized(Builder& b, Filter filter, Value input, const Dims& output_size) {
  const bool cubic = filter == Filter::kCubic;
  return b.Resize(input, {}, {}, b.ShapeOf({input.dim(0), input.dim(1), output_size[0], output_size[1]}),
                  {.antialias = 1,
                   .coordinate_transformation_mode = "half_pixel",
                   .cubic_coeff_a = cubic ? -0.5 : -0.75,
                   .exclude_outside = 1,
                   .mode = cubic ? "cubic" : "linear"});
}

Value Antialiased(Builder& b, Filter filter, Value input, const Dims& output_size, bool align_corners,
                  const Scales& scales) {
  if (!IsFloat(input.dtype())) return b.Unsupported("the input has dtype {}", input.dtype());
  if (input.rank() != 4 || output_size.size() != 2)
    return b.Unsupported("the input has rank {}, output_size {} numbers, wanted 4 and 2", input.rank(), output_size.size());
  const bool scaled = scales.height || scales.width;
  if (!align_corners && !scaled && filter != Filter::kLanczos) return Resized(b, filter, input, output_size);
  return b.InFloat32(input, [&](Value x) {
    const Dim height = x.dim(2), width = x.dim(3), rows = output_size[0], columns = output_size[1];
    const Value down = StepOf(b, height, rows, align_corners, scales.height, x.dtype());
    const Value across = StepOf(b, width, columns, align_corners, scales.width, x.dtype());
    const Value wide = WeightsOf(b, filter, width, columns, across);
    return b.MatMul(WeightsOf(b, filter, height, rows, down), b.MatMul(x, b.Transpose(wide, {.perm = {1, 0}})));
  });
}

template <Filter filter>
Value UpsampleAntialiased(Builder& b, Value self, Dims output_size, bool align_corners, std::optional<double> scales_h,
                          std::optional<double> scales_w) {
  return Antialiased(b, filter, self, output_size, align_corners, {scales_h, scales_w});
}

// The size is given, or else what the factors make of the input's, rounded down.
template <Filter filter>
Value UpsampleAntialiasedVec(Builder& b, Value input, std::optional<Dims> output_size, bool align_corners,
                             std::optional<Floats> scale_factors) {
  if (output_size) return Antialiased(b, filter, input, *output_size, align_corners, {});
  if (!scale_factors || scale_factors->size() != 2) return b.Unsupported("neither output_size nor scale_factors");
  return Antialiased(b, filter, input, ScaledSizes(b, input, *scale_factors), align_corners,
                     {(*scale_factors)[0], (*scale_factors)[1]});
}

#define FL_SCALES \
  "(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor"
#define FL_VEC ".vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<UpsampleAntialiased<Filter::kLinear>>("aten::_upsample_bilinear2d_aa" FL_SCALES),
    Lower<UpsampleAntialiased<Filter::kCubic>>("aten::_upsample_bicubic2d_aa" FL_SCALES),
    Lower<UpsampleAntialiasedVec<Filter::kLinear>>("aten::_upsample_bilinear2d_aa" FL_VEC),
    Lower<UpsampleAntialiasedVec<Filter::kCubic>>("aten::_upsample_bicubic2d_aa" FL_VEC),
    Lower<UpsampleAntialiased<Filter::kLanczos>>("aten::_upsample_lanczos2d_aa" FL_SCALES),
    Lower<UpsampleAntialiasedVec<Filter::kLanczos>>("aten::_upsample_lanczos2d_aa" FL_VEC),
};

}  // namespace

std::span<const Lowering> AntialiasLowerings() { return kTable; }

}  // namespace fairlead::aten
