// Images read at places that a grid says, and grids of affine maps.
#include "families.hpp"
#include "positions.hpp"

namespace fairlead::aten {
namespace {

enum class Interpolation : int64_t { kLinear = 0, kNearest = 1, kCubic = 2 };
enum class Outside : int64_t { kZeros = 0, kBorder = 1, kReflection = 2 };

// ---- volumes before opset 20, whose GridSample is the first that reads them ----

// Mirrored at `low` and `high` until it lies between them.
Value Reflected(Builder& b, Value place, Value low, Value high) {
  const Value span = b.Sub(high, low), one = b.Like(place, 1);
  const Value far = b.Abs(b.Sub(place, low)), safe = b.Where(b.Equal(span, b.Like(span, 0)), one, span);
  const Value turns = b.Floor(b.Div(far, safe));
  const Value rest = b.Sub(far, b.Mul(turns, safe));
  const Value odd = b.Equal(b.Mod(turns, b.Like(turns, 2), {.fmod = 1}), one);
  const Value inside = b.Add(b.Where(odd, b.Sub(safe, rest), rest), low);
  return b.Where(b.Equal(span, b.Like(span, 0)), b.Like(place, 0), inside);
}

// From -1 … 1 to positions along an axis.
Value PlaceOf(Builder& b, Value grid, const Dim& size, Outside outside, bool align_corners) {
  const auto number = [&](double n) { return b.Like(grid, n); };
  const Value length = b.ToType(b.ToValue(size), grid.dtype()), last = b.Sub(length, number(1));
  const Value shifted = b.Add(grid, number(1));
  Value place = align_corners ? b.Mul(b.Mul(shifted, number(0.5)), last)
                              : b.Mul(b.Sub(b.Mul(shifted, length), number(1)), number(0.5));
  if (outside == Outside::kZeros) return place;
  if (outside == Outside::kReflection)
    place = align_corners ? Reflected(b, place, number(0), last)
                          : Reflected(b, place, number(-0.5), b.Sub(length, number(0.5)));
  return b.Min({b.Max({place, number(0)}), last});
}

// Elements of the flattened image at whole positions, zero outside. A position is one value for each axis.
Value ReadAt(Builder& b, Value image, const Dims& sizes, const std::vector<Value>& position, const Dims& points) {
  Value linear, inside;
  for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
    const Value last = b.ToType(b.ToValue(b.Minus(sizes[axis], 1)), position[axis].dtype());
    const Value zero = b.Like(position[axis], 0);
    const Value fits = b.And(b.GreaterOrEqual(position[axis], zero), b.LessOrEqual(position[axis], last));
    const Value index = b.ToType(b.Min({b.Max({position[axis], zero}), last}), DType::kInt64);
    inside = inside ? b.And(inside, fits) : fits;
    linear = linear ? b.Add(b.Mul(linear, b.ToValue(sizes[axis])), index) : index;
  }
  const Dims wide = {image.dim(0), image.dim(1), 1};
  const Value places = b.Expand(b.Reshape(linear, points), wide);
  const Value read = b.GatherElements(image, places, {.axis = 2});
  return b.Where(b.Reshape(inside, points), read, b.Like(read, 0));
}

Value SampledVolume(Builder& b, Value input, Value grid, Interpolation mode, Outside outside, bool align_corners) {
  const int axes = input.rank() - 2;
  Dims sizes;
  std::vector<Value> lower, fraction;
  for (int axis = 0; axis < axes; ++axis) {
    sizes.push_back(input.dim(2 + axis));
    const Value coordinate = b.Select(grid, -1, axes - 1 - axis);  // the last axis comes first in the grid
    const Value place = PlaceOf(b, coordinate, sizes.back(), outside, align_corners);
    lower.push_back(mode == Interpolation::kNearest ? b.Round(place) : b.Floor(place));
    fraction.push_back(b.Sub(place, lower.back()));
  }
  const Value image = b.Reshape(input, {input.dim(0), input.dim(1), b.Product(sizes)});
  Dims result = {input.dim(0), input.dim(1)};
  for (int axis = 0; axis < axes; ++axis) result.push_back(grid.dim(1 + axis));
  const Dims points = {input.dim(0), 1, b.Product(Dims(result.begin() + 2, result.end()))};
  Value sum = mode == Interpolation::kNearest ? ReadAt(b, image, sizes, lower, points) : Value();
  for (int corner = 0; !sum.IsInvalid() && mode == Interpolation::kLinear && corner < 1 << axes; ++corner) {
    std::vector<Value> position;
    Value weight;
    for (int axis = 0; axis < axes; ++axis) {
      const auto i = static_cast<std::size_t>(axis);
      const bool upper = (corner >> axis & 1) != 0;
      const Value one = b.Like(fraction[i], 1), share = upper ? fraction[i] : b.Sub(one, fraction[i]);
      position.push_back(upper ? b.Add(lower[i], one) : lower[i]);
      weight = weight ? b.Mul(weight, share) : share;
    }
    const Value part = b.Mul(ReadAt(b, image, sizes, position, points), b.Reshape(weight, points));
    sum = sum ? b.Add(sum, part) : part;
  }
  return b.Reshape(sum, result);
}

// ---- narrow types ----

// Half and bfloat16 hold a position to some hundredths of a pixel, and torch rounds to them after each step
// (ComputeLocation in aten/src/ATen/native/cpu/GridSamplerKernel.cpp). Here the steps are in float.
class NarrowPlaces {
 public:
  NarrowPlaces(Builder& b, DType narrow, Interpolation mode, Outside outside, bool align_corners)
      : b_(b), narrow_(narrow), mode_(mode), outside_(outside), align_corners_(align_corners) {}

  // The coordinates in float that lead to the positions of these, which are narrow, along an axis of `size` pixels.
  Value Coordinates(Value narrow_ones, const Dim& size) {
    const Value length = b_.ToType(b_.ToValue(size), DType::kFloat), last = b_.Sub(length, Number(1));
    const Value half = Rounded(b_.Mul(align_corners_ ? last : length, Number(0.5)));
    const Value given = b_.ToType(narrow_ones, DType::kFloat);
    Value place = Rounded(b_.Mul(Rounded(b_.Add(given, Number(1))), half));
    if (!align_corners_) place = Rounded(b_.Sub(place, Number(0.5)));
    // Cubes have their taps brought inside one by one.
    if (mode_ != Interpolation::kCubic && outside_ == Outside::kReflection) place = Reflected(place, half);
    if (mode_ != Interpolation::kCubic && outside_ != Outside::kZeros) place = b_.Min({b_.Max({place, Number(0)}), last});
    // Half way between two pixels is the even one, which the way back to coordinates and forth may miss.
    if (mode_ == Interpolation::kNearest) place = b_.Round(place);
    const Value back = b_.Sub(b_.Div(align_corners_ ? place : b_.Add(place, Number(0.5)), half), Number(1));
    // One pixel with aligned corners is read at any coordinate.
    return b_.Where(b_.Equal(half, Number(0)), given, back);
  }

 private:
  Value Number(double n) { return b_.Constant(n, DType::kFloat); }
  Value Rounded(Value x) { return b_.ToType(b_.ToType(x, narrow_), DType::kFloat); }

  Value Reflected(Value place, Value half) {
    const Value twice_span = Rounded(b_.Mul(half, Number(4))), low = Number(align_corners_ ? 0 : -0.5);
    const Value far = b_.Abs(Rounded(b_.Sub(place, low)));
    const Value turns = b_.Floor(Rounded(b_.Div(far, twice_span)));
    const Value rest = Rounded(b_.Sub(far, Rounded(b_.Mul(turns, twice_span))));
    return Rounded(b_.Add(b_.Min({rest, Rounded(b_.Sub(twice_span, rest))}), low));
  }

  Builder& b_;
  DType narrow_;
  Interpolation mode_;
  Outside outside_;
  bool align_corners_;
};

// ---- all of them ----

// Interpolation and padding are numbers, as torch passes them on.
template <bool volumes>
Value GridSampler(Builder& b, Value input, Value grid, int64_t interpolation_mode, int64_t padding_mode,
                  bool align_corners) {
  constexpr std::string_view kModes[] = {"linear", "nearest", "cubic"};
  constexpr std::string_view kPaddings[] = {"zeros", "border", "reflection"};
  if (interpolation_mode < 0 || interpolation_mode > 2 || padding_mode < 0 || padding_mode > 2)
    return b.Unsupported("interpolation_mode={}, padding_mode={}", interpolation_mode, padding_mode);
  if (input.rank() != 4 && input.rank() != 5) return b.Unsupported("input has rank {}, wanted 4 or 5", input.rank());
  if (interpolation_mode == 2 && input.rank() == 5)
    return b.Unsupported("interpolation_mode=2: a volume is not read by cubes");
  const auto mode = static_cast<Interpolation>(interpolation_mode);
  const auto outside = static_cast<Outside>(padding_mode);
  NarrowPlaces narrow(b, grid.dtype(), mode, outside, align_corners);
  const bool is_narrow = input.rank() == 4 && BitWidth(grid.dtype()) == 16;
  const auto axis = [&](int i) { return b.Unsqueeze(narrow.Coordinates(b.Select(grid, -1, i), input.dim(3 - i)), {-1}); };
  return b.InFloat32(input, [&](Value x) -> Value {
    const Value places = is_narrow ? b.Concat({axis(0), axis(1)}, {.axis = -1}) : b.ToType(grid, x.dtype());
    if (!volumes && input.rank() == 5) return SampledVolume(b, x, places, mode, outside, align_corners);
    return b.GridSample(
        x, places,
        {.align_corners = align_corners, .mode = kModes[interpolation_mode], .padding_mode = kPaddings[padding_mode]});
  });
}

// Positions of n pixels from -1 to 1: of their corners, or of their centres.
Value Positions(Builder& b, const Dim& n, bool align_corners, DType type) {
  const auto number = [&](double x) { return b.Constant(x, type); };
  const Value index = b.ToType(b.Iota(n), type);
  const auto length = [&](const Dim& dim) { return b.ToType(b.ToValue(dim), type); };
  if (!align_corners) return b.Sub(b.Div(b.Add(b.Mul(index, number(2)), number(1)), length(n)), number(1));
  // One pixel is in the middle.
  if (n.Is(1)) return b.Zeros({1}, type);
  const Value steps = b.Div(b.Mul(index, number(2)), length(b.Greatest(b.Minus(n, 1), 1)));
  return b.Sub(steps, b.ToType(b.ToValue(b.Least(b.Minus(n, 1), 1)), type));
}

// [batch, (depth,) height, width, axes]: θ · (x, y, (z,) 1) at every pixel.
Value AffineGridGenerator(Builder& b, Value theta, Dims size, bool align_corners) {
  const auto axes = std::ssize(size) - 2;
  if (axes != 2 && axes != 3) return b.Unsupported("size has {} numbers, wanted 4 or 5", size.size());
  return b.InFloat32(theta, [&](Value map) {
    Dims pixels(size.begin() + 2, size.end()), result = {size[0]};
    std::vector<Value> coordinates;
    for (int64_t axis = axes - 1; axis >= 0; --axis) {
      Dims shape(static_cast<std::size_t>(axes + 1), Dim(1));
      const Dim& length = pixels[static_cast<std::size_t>(axis)];
      shape[static_cast<std::size_t>(axis)] = length;
      Dims wide = pixels;
      wide.push_back(1);
      coordinates.push_back(b.Expand(b.Reshape(Positions(b, length, align_corners, map.dtype()), shape), wide));
    }
    Dims wide = pixels;
    wide.push_back(1);
    coordinates.push_back(b.Ones(wide, map.dtype()));
    const Value base = b.Concat(coordinates, {.axis = axes});
    const Value points = b.Reshape(base, {b.Product(pixels), axes + 1});
    result.insert(result.end(), pixels.begin(), pixels.end());
    result.push_back(axes);
    return b.Reshape(b.MatMul(points, b.Transpose(map, {.perm = {0, 2, 1}})), result);
  });
}

#define FL_GRID "(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<GridSampler<true>>("aten::grid_sampler" FL_GRID).Since(20),
    Lower<GridSampler<false>>("aten::grid_sampler" FL_GRID).Until(19),
    Lower<GridSampler<true>>("aten::grid_sampler_2d" FL_GRID).Since(20),
    Lower<GridSampler<false>>("aten::grid_sampler_2d" FL_GRID).Until(19),
    Lower<GridSampler<true>>("aten::grid_sampler_3d" FL_GRID).Since(20),
    Lower<GridSampler<false>>("aten::grid_sampler_3d" FL_GRID).Until(19),
    Lower<AffineGridGenerator>("aten::affine_grid_generator(Tensor theta, SymInt[] size, bool align_corners) -> Tensor"),
};

}  // namespace

std::span<const Lowering> SamplingLowerings() { return kTable; }

}  // namespace fairlead::aten
