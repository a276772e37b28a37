// Padding, resampling, and moving channels into space.
#include <cmath>

#include "families.hpp"
#include "scaled_sizes.hpp"

namespace fairlead::aten {
namespace {

// ---- padding ----

struct Padding {
  Dims begins, ends;  // of each axis
};

// torch lists the last axis first: [last begin, last end, before last begin, …].
Padding PaddingOf(const Dims& pad, int rank) {
  Padding padding{Dims(static_cast<std::size_t>(rank), Dim(0)), Dims(static_cast<std::size_t>(rank), Dim(0))};
  for (std::size_t i = 0; i + 1 < pad.size(); i += 2) {
    const std::size_t axis = static_cast<std::size_t>(rank) - 1 - i / 2;
    padding.begins[axis] = pad[i];
    padding.ends[axis] = pad[i + 1];
  }
  return padding;
}

Value Padded(Builder& b, Value self, const Dims& pad, std::string_view mode, Value fill) {
  if (pad.size() % 2 != 0 || std::ssize(pad) / 2 > self.rank())
    return b.Unsupported("pad has {} numbers for rank {}", pad.size(), self.rank());
  Padding padding = PaddingOf(pad, self.rank());
  bool nothing = true;
  for (const Dim& dim : pad) nothing = nothing && dim.Is(0);
  if (nothing) return self;
  Dims pads = padding.begins;
  pads.insert(pads.end(), padding.ends.begin(), padding.ends.end());
  return b.Pad(self, b.ShapeOf(pads), fill, {.mode = mode});
}

// Circular padding for every target: Pad knows "wrap" from opset 19 on, and not every runtime runs it. A negative number
// cuts off, and what is left comes round.
Value PaddedCircular(Builder& b, Value self, const Dims& pad) {
  if (pad.size() % 2 != 0 || std::ssize(pad) / 2 > self.rank())
    return b.Unsupported("pad has {} numbers for rank {}", pad.size(), self.rank());
  Value out = self;
  const Padding padding = PaddingOf(pad, self.rank());
  for (int axis = 0; axis < self.rank(); ++axis) {
    const Dim begin = padding.begins[static_cast<std::size_t>(axis)], end = padding.ends[static_cast<std::size_t>(axis)];
    const Dim cut_before = b.Greatest(b.Minus(0, begin), 0), cut_behind = b.Greatest(b.Minus(0, end), 0);
    const Dim before = b.Greatest(begin, 0), behind = b.Greatest(end, 0);
    if (!cut_before.Is(0) || !cut_behind.Is(0)) out = b.Slice(out, axis, cut_before, b.Minus(out.dim(axis), cut_behind));
    const Dim size = out.dim(axis);
    for (const Dim& given : {before, behind})
      if (size.IsStatic() && given.IsStatic() && given.size > size.size)
        return b.Unsupported("pad={} comes round more than once: {} are left of the axis", given.size, size.size);
    std::vector<Value> parts;
    if (!before.Is(0)) parts.push_back(b.Slice(out, axis, b.Minus(size, before), size));
    parts.push_back(out);
    if (!behind.Is(0)) parts.push_back(b.Slice(out, axis, 0, behind));
    if (parts.size() > 1) out = b.Concat(parts, {.axis = axis});
  }
  return out;
}

// The border comes again. Of an axis that a negative number cuts, torch repeats the border that was there before, even
// where nothing is left.
Value PaddedReplicate(Builder& b, Value self, const Dims& pad) {
  if (pad.size() % 2 != 0 || std::ssize(pad) / 2 > self.rank())
    return b.Unsupported("pad has {} numbers for rank {}", pad.size(), self.rank());
  Value out = self;
  Dims rest = pad;
  for (std::size_t i = 0; i + 1 < pad.size(); i += 2) {
    const bool cuts = (pad[i].IsStatic() && pad[i].size < 0) || (pad[i + 1].IsStatic() && pad[i + 1].size < 0);
    if (!cuts) continue;
    const int64_t axis = self.rank() - 1 - static_cast<int64_t>(i) / 2;
    const Dim size = self.dim(axis), length = b.Plus(b.Plus(size, pad[i]), pad[i + 1]);
    const Value place = b.Sub(b.Iota(length), b.ToValue(pad[i]));
    const Value inside = b.Min({b.Max({place, b.ToValue(0)}), b.ToValue(b.Minus(size, 1))});
    out = b.Gather(out, inside, {.axis = axis});
    rest[i] = rest[i + 1] = 0;
  }
  return Padded(b, out, rest, "edge", {});
}

Value PadMode(Builder& b, Value self, Dims pad, std::string_view mode, std::optional<double> value) {
  if (mode == "constant") {
    const bool flags = self.dtype() == DType::kBool;
    const Value data = flags ? b.ToType(self, DType::kInt32) : self;
    return b.ToType(Padded(b, data, pad, "constant", b.Like(data, value.value_or(0))), self.dtype());
  }
  if (mode == "circular") return PaddedCircular(b, self, pad);
  if (mode == "reflect") return Padded(b, self, pad, "reflect", {});
  if (mode == "replicate") return PaddedReplicate(b, self, pad);
  return b.Unsupported("mode='{}'", mode);
}
Value ConstantPad(Builder& b, Value self, Dims pad, Scalar value) {
  const bool flags = self.dtype() == DType::kBool;
  const Value data = flags ? b.ToType(self, DType::kInt32) : self;
  return b.ToType(Padded(b, data, pad, "constant", b.Like(data, value)), self.dtype());
}
Value ReflectionPad(Builder& b, Value self, Dims padding) { return Padded(b, self, padding, "reflect", {}); }
Value ReplicationPad(Builder& b, Value self, Dims padding) { return PaddedReplicate(b, self, padding); }
Value CircularPad(Builder& b, Value self, Dims pad) { return PaddedCircular(b, self, pad); }

// ---- resampling ----

struct Sampling {
  std::string_view mode, coordinates, nearest;
};

// torch computes the source position from the scale it was given, or else from the two sizes; ONNX does as well,
// depending on which of `scales` and `sizes` it gets. Where corners are aligned torch looks at the sizes alone.
Value Resampled(Builder& b, Value input, const std::optional<Dims>& output_size, const std::optional<Floats>& scale_factors,
                const Sampling& s) {
  const int axes = input.rank() - 2;
  const ResizeAttributes attributes = {
      .coordinate_transformation_mode = s.coordinates, .cubic_coeff_a = -0.75, .mode = s.mode, .nearest_mode = s.nearest};
  const auto to_sizes = [&](const Dims& wanted) {
    Dims sizes = {input.dim(0), input.dim(1)};
    sizes.insert(sizes.end(), wanted.begin(), wanted.end());
    return b.Resize(input, {}, {}, b.ShapeOf(sizes), attributes);
  };
  if (output_size && std::ssize(*output_size) == axes) return to_sizes(*output_size);
  if (!scale_factors || std::ssize(*scale_factors) != axes) return b.Unsupported("neither output_size nor scale_factors");
  if (s.coordinates == "align_corners") return to_sizes(ScaledSizes(b, input, *scale_factors));
  std::vector<double> scales = {1, 1};
  scales.insert(scales.end(), scale_factors->begin(), scale_factors->end());
  return b.Resize(input, {}, b.Constant(Floats(scales), DType::kFloat), {}, attributes);
}

Sampling Linear(bool align_corners) {
  return {"linear", align_corners ? "align_corners" : "half_pixel", "round_prefer_floor"};
}
Sampling Cubic(bool align_corners) {
  return {"cubic", align_corners ? "align_corners" : "half_pixel", "round_prefer_floor"};
}
constexpr Sampling kNearest = {"nearest", "asymmetric", "floor"};
constexpr Sampling kNearestExact = {"nearest", "half_pixel", "round_prefer_ceil"};

// torch's way with bytes is one of whole numbers, rounded after each axis (ATen/native/cpu/UpSampleKernelAVXAntialias.h).
bool IsInterpolated(Builder& b, Value input) {
  if (IsFloat(input.dtype())) return true;
  (void)b.Unsupported("the input has dtype {}", input.dtype());
  return false;
}

Value UpsampleLinear(Builder& b, Value input, std::optional<Dims> output_size, bool align_corners,
                     std::optional<Floats> scale_factors) {
  if (!IsInterpolated(b, input)) return {};
  return Resampled(b, input, output_size, scale_factors, Linear(align_corners));
}
Value UpsampleCubic(Builder& b, Value input, std::optional<Dims> output_size, bool align_corners,
                    std::optional<Floats> scale_factors) {
  if (!IsInterpolated(b, input)) return {};
  return Resampled(b, input, output_size, scale_factors, Cubic(align_corners));
}
Value UpsampleNearest(Builder& b, Value input, std::optional<Dims> output_size, std::optional<Floats> scale_factors) {
  return Resampled(b, input, output_size, scale_factors, kNearest);
}
Value UpsampleNearestExact(Builder& b, Value input, std::optional<Dims> output_size, std::optional<Floats> scale_factors) {
  return Resampled(b, input, output_size, scale_factors, kNearestExact);
}

// ---- channels and space ----

// [c*r*r, h, w] → [c, h*r, w*r] behind any number of batch axes.
Value PixelShuffle(Builder& b, Value self, int64_t upscale_factor) {
  const auto shuffled = [&](Value x) { return b.DepthToSpace(x, {.blocksize = upscale_factor, .mode = "CRD"}); };
  if (self.rank() < 3) return b.Unsupported("self has rank {}, wanted at least 3", self.rank());
  if (self.rank() == 4) return shuffled(self);
  if (self.rank() == 3) return b.Squeeze(shuffled(b.Unsqueeze(self, {0})), {0});
  const Dims own = self.dims();
  const auto image = own.end() - 3;
  const Value pixels = shuffled(b.Reshape(self, Dims{b.Product(Dims(own.begin(), image)), image[0], image[1], image[2]}));
  Dims wide(own.begin(), image);
  for (int axis = 1; axis < 4; ++axis) wide.push_back(pixels.dim(axis));
  return b.Reshape(pixels, wide);
}

// [c, h*r, w*r] → [c*r*r, h, w], the places of a block becoming the fastest channels.
Value PixelUnshuffle(Builder& b, Value self, int64_t downscale_factor) {
  const int rank = self.rank();
  if (rank < 3) return b.Unsupported("self has rank {}, wanted at least 3", rank);
  if (downscale_factor < 1) return b.Unsupported("downscale_factor={}", downscale_factor);
  const Dims own = self.dims();
  const Dim height = b.FloorDivide(own[own.size() - 2], downscale_factor);
  const Dim width = b.FloorDivide(own[own.size() - 1], downscale_factor);
  Dims blocks(own.begin(), own.end() - 2);
  blocks.insert(blocks.end(), {height, downscale_factor, width, downscale_factor});
  std::vector<int64_t> order;
  for (int64_t axis = 0; axis < rank - 2; ++axis) order.push_back(axis);
  for (const int64_t axis : {1, 3, 0, 2}) order.push_back(rank - 2 + axis);
  Dims merged(own.begin(), own.end() - 3);
  merged.push_back(b.Product({own[own.size() - 3], downscale_factor, downscale_factor}));
  merged.insert(merged.end(), {height, width});
  return b.Reshape(b.Transpose(b.Reshape(self, blocks), {.perm = order}), merged);
}

Value ChannelShuffle(Builder& b, Value self, int64_t groups) {
  const Dims own = self.dims();
  if (own.size() < 3) return b.Unsupported("self has rank {}, wanted at least 3", own.size());
  Dims split = own;
  split[1] = b.FloorDivide(own[1], groups);
  split.insert(split.begin() + 1, Dim(groups));
  std::vector<int64_t> order(split.size());
  for (std::size_t axis = 0; axis < order.size(); ++axis) order[axis] = static_cast<int64_t>(axis);
  std::swap(order[1], order[2]);
  return b.Reshape(b.Transpose(b.Reshape(self, split), {.perm = order}), own);
}

#define FL_LINEAR "(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor"
#define FL_NEAREST "(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<PadMode>("aten::pad(Tensor self, SymInt[] pad, str mode=\"constant\", float? value=None) -> Tensor"),
    Lower<ConstantPad>("aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor"),
    Lower<ReflectionPad>("aten::reflection_pad1d(Tensor self, SymInt[2] padding) -> Tensor"),
    Lower<ReflectionPad>("aten::reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor"),
    Lower<ReflectionPad>("aten::reflection_pad3d(Tensor self, SymInt[6] padding) -> Tensor"),
    Lower<ReplicationPad>("aten::replication_pad1d(Tensor self, SymInt[2] padding) -> Tensor"),
    Lower<ReplicationPad>("aten::replication_pad2d(Tensor self, SymInt[4] padding) -> Tensor"),
    Lower<ReplicationPad>("aten::replication_pad3d(Tensor self, SymInt[6] padding) -> Tensor"),
    Lower<CircularPad>("aten::_pad_circular(Tensor self, SymInt[] pad) -> Tensor"),
    Lower<UpsampleLinear>("aten::upsample_linear1d.vec" FL_LINEAR),
    Lower<UpsampleLinear>("aten::upsample_bilinear2d.vec" FL_LINEAR),
    Lower<UpsampleLinear>("aten::upsample_trilinear3d.vec" FL_LINEAR),
    Lower<UpsampleCubic>("aten::upsample_bicubic2d.vec" FL_LINEAR),
    Lower<UpsampleNearest>("aten::upsample_nearest1d.vec" FL_NEAREST),
    Lower<UpsampleNearest>("aten::upsample_nearest2d.vec" FL_NEAREST),
    Lower<UpsampleNearest>("aten::upsample_nearest3d.vec" FL_NEAREST),
    Lower<UpsampleNearestExact>("aten::_upsample_nearest_exact1d.vec" FL_NEAREST),
    Lower<UpsampleNearestExact>("aten::_upsample_nearest_exact2d.vec" FL_NEAREST),
    Lower<UpsampleNearestExact>("aten::_upsample_nearest_exact3d.vec" FL_NEAREST),
    Lower<PixelShuffle>("aten::pixel_shuffle(Tensor self, int upscale_factor) -> Tensor"),
    Lower<PixelUnshuffle>("aten::pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor"),
    Lower<ChannelShuffle>("aten::channel_shuffle(Tensor self, SymInt groups) -> Tensor"),
};

}  // namespace

std::span<const Lowering> ResizeLowerings() { return kTable; }

}  // namespace fairlead::aten
