// Regions of a feature map brought to one size, by reading between the pixels (align) or by pooling them (pool):
// torchvision/csrc/ops/cpu/*roi*_kernel.cpp. rois are [count, 5]: an image's index and (x1, y1, x2, y2). In the ps_ forms
// every bin has channels of its own.
#include <limits>

#include "families.hpp"

namespace fairlead::torchvision {
namespace {

Value ImageOf(Builder& b, Value rois) { return b.ToType(b.Select(rois, 1, 0), DType::kInt64); }

// RoiAlign's spatial_scale is a float: in double the corners are scaled before.
Value Align(Builder& b, Value input, Value rois, double spatial_scale, int64_t pooled_height, int64_t pooled_width,
            int64_t sampling_ratio, bool aligned) {
  Value corners = b.Slice(rois, 1, 1, 5);
  const bool before = input.dtype() == DType::kDouble;
  if (before) corners = b.Mul(corners, b.Like(corners, spatial_scale));
  // As many samples as the bin is wide are 0 in ONNX, 0 and less in torchvision.
  return b.RoiAlign(input, corners, ImageOf(b, rois),
                    {.coordinate_transformation_mode = aligned ? "half_pixel" : "output_half_pixel",
                     .output_height = pooled_height,
                     .output_width = pooled_width,
                     .sampling_ratio = std::max<int64_t>(sampling_ratio, 0),
                     .spatial_scale = before ? 1.0 : spatial_scale});
}

constexpr int64_t kMostBins = 1 << 12;  // on one side

bool Refuses(Builder& b, Value input, Value rois, int64_t pooled_height, int64_t pooled_width) {
  if (input.rank() != 4 || rois.rank() != 2) {
    b.Unsupported("input has rank {} and rois {}, wanted 4 and 2", input.rank(), rois.rank());
  } else if (!IsFloat(input.dtype()) || !IsFloat(rois.dtype())) {
    b.Unsupported("input has dtype {} and rois {}, wanted floats", input.dtype(), rois.dtype());
  } else if (rois.static_dim(1).value_or(5) != 5) {
    b.Unsupported("rois has {} columns, wanted 5", *rois.static_dim(1));
  } else if (pooled_height < 1 || pooled_width < 1 || pooled_height > kMostBins || pooled_width > kMostBins) {
    b.Unsupported("pooled_height={}, pooled_width={}", pooled_height, pooled_width);
  } else {
    return false;
  }
  return true;
}

Value RoiAlign(Builder& b, Value input, Value rois, double spatial_scale, int64_t pooled_height, int64_t pooled_width,
               int64_t sampling_ratio, bool aligned) {
  if (Refuses(b, input, rois, pooled_height, pooled_width)) return {};
  return b.InFloat32(input, [&](Value x) {
    return Align(b, x, b.ToType(rois, x.dtype()), spatial_scale, pooled_height, pooled_width, sampling_ratio, aligned);
  });
}

// ---- a channel for each bin ----

struct PerBin {
  Value output, channel_mapping;
};

constexpr int64_t kMostBinsPerChannel = 1 << 10;  // ps_roi_align computes the square of them

bool RefusesPerBin(Builder& b, Value input, Value rois, int64_t pooled_height, int64_t pooled_width) {
  if (Refuses(b, input, rois, pooled_height, pooled_width)) return true;
  const int64_t bins = pooled_height * pooled_width, channels = input.static_dim(1).value_or(0);
  if (bins > kMostBinsPerChannel) {
    b.Unsupported("pooled_height={}, pooled_width={}", pooled_height, pooled_width);
  } else if (channels % bins != 0) {
    b.Unsupported("input has {} channels, wanted a multiple of pooled_height={} times pooled_width={}", channels,
                  pooled_height, pooled_width);
  } else {
    return false;
  }
  return true;
}

// The channel each result was read from: [count, channels / bins, pooled_height, pooled_width].
Value ChannelMapping(Builder& b, Value rois, const Dim& channels, int64_t pooled_height, int64_t pooled_width) {
  const Dim kept = b.FloorDivide(channels, pooled_height * pooled_width);
  const Value channel = b.Reshape(b.ToType(b.Iota(channels), DType::kInt32), {1, kept, pooled_height, pooled_width});
  return b.Expand(channel, {rois.dim(0), kept, pooled_height, pooled_width});
}

// [count, 1, 1, 1]: whether a side of the region has no sample at all, where their number follows its length.
Value WithoutSamples(Builder& b, Value rois, double spatial_scale, int64_t pooled_height, int64_t pooled_width) {
  const Value places = b.Sub(b.Mul(rois, b.Like(rois, spatial_scale)), b.Like(rois, 0.5));
  const auto none = [&](int64_t corner, int64_t bins) {
    const Value length = b.Sub(b.Slice(places, 1, corner + 2, corner + 3), b.Slice(places, 1, corner, corner + 1));
    return b.Equal(b.Ceil(b.Div(length, b.Like(length, static_cast<double>(bins)))), b.Like(length, 0));
  };
  return b.Unsqueeze(b.Or(none(1, pooled_width), none(2, pooled_height)), {2, 3});
}

// Every bin of every channel is computed; bin i is kept of the channels i, i + bins, …
PerBin PsRoiAlign(Builder& b, Value input, Value rois, double spatial_scale, int64_t pooled_height, int64_t pooled_width,
                  int64_t sampling_ratio) {
  if (RefusesPerBin(b, input, rois, pooled_height, pooled_width)) return {};
  const int64_t bins = pooled_height * pooled_width;
  std::vector<int64_t> diagonal;
  for (int64_t bin = 0; bin < bins; ++bin) diagonal.push_back(bin * (bins + 1));
  const Value output = b.InFloat32(input, [&](Value x) -> Value {
    const Value all =
        Align(b, x, b.ToType(rois, x.dtype()), spatial_scale, pooled_height, pooled_width, sampling_ratio, true);
    const Dim kept = b.FloorDivide(input.dim(1), bins);
    const Value own = b.Gather(b.Reshape(all, {rois.dim(0), kept, bins * bins}), b.Constant(diagonal), {.axis = 2});
    const Value means = b.Reshape(own, {rois.dim(0), kept, pooled_height, pooled_width});
    if (sampling_ratio > 0) return means;
    // The mean of nothing is NaN here, unlike in roi_align.
    const Value none = WithoutSamples(b, b.ToType(rois, x.dtype()), spatial_scale, pooled_height, pooled_width);
    return b.Where(none, b.Like(means, std::numeric_limits<double>::quiet_NaN()), means);
  });
  return {output, ChannelMapping(b, rois, input.dim(1), pooled_height, pooled_width)};
}

// ---- pools ----

// Halves away from zero, as C's round. The rest is exact.
Value Rounded(Builder& b, Value x) {
  const Value whole = b.Trunc(x), rest = b.Abs(b.Sub(x, whole));
  return b.Where(b.Less(rest, b.Like(rest, 0.5)), whole, b.Add(whole, b.Sign(x)));
}

// One axis of the bins of all regions.
struct Axis {
  int64_t corner;  // of rois' columns
  int64_t bins;
  Dim size;      // of the feature map
  int64_t last;  // added to the region's end
  Dim bound;     // of the bins' ends
};

// [count, bins, size]: whether a pixel lies in a bin. Ends of bins are whole numbers, rounded outwards.
Value Covered(Builder& b, Value rois, double spatial_scale, const Axis& axis) {
  const DType type = rois.dtype();
  const auto number = [&](double x) { return b.Constant(x, type); };
  const auto edge = [&](int64_t column) {
    return Rounded(b, b.Mul(b.Slice(rois, 1, column, column + 1), number(spatial_scale)));  // [count, 1]
  };
  const Value start = edge(axis.corner), end = edge(axis.corner + 2);
  const Value length = b.Max({b.Add(b.Sub(end, start), number(static_cast<double>(axis.last))), number(1)});
  const Value width = b.Div(length, number(static_cast<double>(axis.bins)));
  const Value bin = b.ToType(b.Iota(axis.bins), type), bound = b.ToType(b.ToValue(axis.bound), type);
  const auto bounded = [&](Value place) {  // [count, bins, 1]
    return b.Unsqueeze(b.Min({b.Max({b.Add(place, start), number(0)}), bound}), {2});
  };
  const Value first = bounded(b.Floor(b.Mul(bin, width))), past = bounded(b.Ceil(b.Mul(b.Add(bin, number(1)), width)));
  const Value pixel = b.ToType(b.Iota(axis.size), type);
  return b.And(b.GreaterOrEqual(pixel, first), b.Less(pixel, past));
}

struct Pooled {
  Value output, argmax;
};

// The largest of each row of a bin, then the largest of those; the first of equal ones. torch starts from float's lowest
// number, in double as well, and what is not above it is nowhere (-1); so is NaN. In an empty bin it starts from 0.
Pooled MaxOfBins(Builder& b, Value input, Value rois, double spatial_scale, int64_t pooled_height, int64_t pooled_width,
                 bool with_argmax) {
  const Dim height = input.dim(2), width = input.dim(3);
  const Value down = Covered(b, rois, spatial_scale, {2, pooled_height, height, 1, height});
  const Value right = Covered(b, rois, spatial_scale, {1, pooled_width, width, 1, width});
  const Value lowest = b.Like(input, -double{std::numeric_limits<float>::max()});
  const Value image = b.Gather(b.Where(b.IsNaN(input), lowest, input), ImageOf(b, rois));
  const Value wide = b.Where(b.Unsqueeze(right, {1, 2}), b.Unsqueeze(image, {3}), lowest);
  const Value of_rows = b.ReduceMax(wide, {4}, false);  // [count, channels, height, pooled_width]
  const Value tall = b.Where(b.Unsqueeze(down, {1, 4}), b.Unsqueeze(of_rows, {2}), lowest);
  const Value most = b.Max({b.ReduceMax(tall, {3}, false), lowest});
  const auto any = [&](Value covered) { return b.ReduceMax(b.ToType(covered, DType::kInt32), {2}, false); };
  const Value pixels = b.Mul(b.Unsqueeze(any(down), {1, 3}), b.Unsqueeze(any(right), {1, 2}));
  const Value output = b.Where(b.ToType(pixels, DType::kBool), most, b.Like(most, 0));
  if (!with_argmax) return {output, b.Zeros({rois.dim(0), input.dim(1), pooled_height, pooled_width}, DType::kInt32)};
  const Value row = b.ArgMax(tall, {.axis = 3, .keepdims = 0});
  const Value column = b.GatherElements(b.ArgMax(wide, {.axis = 4, .keepdims = 0}), row, {.axis = 2});
  const Value place = b.Add(b.Mul(row, b.ToValue(width)), column);
  const Value argmax = b.Where(b.Greater(most, lowest), place, b.Like(place, -1));
  return {output, b.ToType(argmax, DType::kInt32)};
}

// MaxRoiPool does not say where a maximum was. From opset 22 on, and in double, few runtimes have it.
template <bool has_operator>
Pooled RoiPool(Builder& b, Value input, Value rois, double spatial_scale, int64_t pooled_height, int64_t pooled_width) {
  if (Refuses(b, input, rois, pooled_height, pooled_width)) return {};
  const bool half = BitWidth(input.dtype()) < 32, with_argmax = b.IsResultUsed(1);
  const Value image = half ? b.ToType(input, DType::kFloat) : input, regions = b.ToType(rois, image.dtype());
  if (!has_operator || with_argmax || image.dtype() == DType::kDouble) {
    Pooled result = MaxOfBins(b, image, regions, spatial_scale, pooled_height, pooled_width, with_argmax);
    result.output = b.ToType(result.output, input.dtype());
    return result;
  }
  const std::array sizes{pooled_height, pooled_width};
  const Value output = b.MaxRoiPool(image, regions, {.pooled_shape = Ints(sizes), .spatial_scale = spatial_scale});
  return {b.ToType(output, input.dtype()),
          b.Zeros({rois.dim(0), input.dim(1), pooled_height, pooled_width}, DType::kInt32)};
}

// The mean of each bin. torchvision leaves out the last row and column of the feature map, and so do we.
PerBin PsRoiPool(Builder& b, Value input, Value rois, double spatial_scale, int64_t pooled_height, int64_t pooled_width) {
  if (RefusesPerBin(b, input, rois, pooled_height, pooled_width)) return {};
  const Dim height = input.dim(2), width = input.dim(3), count = rois.dim(0);
  const Dim kept = b.FloorDivide(input.dim(1), pooled_height * pooled_width);
  const Value output = b.InFloat32(input, [&](Value x) {
    const Value regions = b.ToType(rois, x.dtype());
    const Value down = Covered(b, regions, spatial_scale, {2, pooled_height, height, 0, b.Minus(height, 1)});
    const Value right = Covered(b, regions, spatial_scale, {1, pooled_width, width, 0, b.Minus(width, 1)});
    const Value inside = b.And(b.Unsqueeze(down, {1, 3, 5}), b.Unsqueeze(right, {1, 2, 4}));
    const Value image = b.Reshape(b.Gather(x, ImageOf(b, rois)), {count, kept, pooled_height, pooled_width, height, width});
    const Value sum = b.ReduceSum(b.Where(inside, image, b.Like(x, 0)), {4, 5}, false);
    const Value area = b.ReduceSum(b.ToType(inside, x.dtype()), {4, 5}, false);
    return b.Div(sum, b.Max({area, b.Like(area, 1)}));
  });
  return {output, ChannelMapping(b, rois, input.dim(1), pooled_height, pooled_width)};
}

#define FL_SIZES "Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width"

constexpr Lowering kTable[] = {
    Lower<PsRoiAlign>("torchvision::ps_roi_align(" FL_SIZES ", int sampling_ratio) -> (Tensor, Tensor)"),
    Lower<PsRoiPool>("torchvision::ps_roi_pool(" FL_SIZES ") -> (Tensor, Tensor)"),
    Lower<RoiAlign>("torchvision::roi_align(" FL_SIZES ", int sampling_ratio, bool aligned) -> Tensor"),
    Lower<RoiPool<true>>("torchvision::roi_pool(" FL_SIZES ") -> (Tensor, Tensor)").Until(21),
    Lower<RoiPool<false>>("torchvision::roi_pool(" FL_SIZES ") -> (Tensor, Tensor)").Since(22),
};

}  // namespace

std::span<const Lowering> RegionsLowerings() { return kTable; }

}  // namespace fairlead::torchvision
