// torchao: what torchao's quantize_() puts into a program (torchao/quantization/quant_primitives.py).
//
// A scale and a zero point belong to a block of elements: block_size has the extent of a block along each dimension, which
// is 1, the whole dimension, or a part of it.
#include <limits>

#include "families.hpp"

namespace fairlead::quantized {
namespace {

// A tensor seen as its blocks.
struct Blocks {
  Dims split;                               // dimensions cut into blocks are two: how many blocks, and their extent
  Dims kept;                                // the same with every extent of a block as 1
  Dims counts;                              // how many blocks along each dimension of the tensor
  std::vector<int64_t> extent;              // the dimensions of `split` that a block extends over
  std::vector<int64_t> whole, single, cut;  // the tensor's dimensions by what a block has of them
};

// A block size that is known only at run time is that of a dimension as a whole.
bool IsWhole(const Dim& block, const Dim& dim) {
  if (block.IsStatic()) return dim.Is(block.size);
  return !dim.IsStatic() && block.symbol.handle().id == dim.symbol.handle().id;
}

std::optional<Blocks> BlocksOf(Builder& b, Value input, const Dims& block_size) {
  const Dims dims = input.dims();
  if (block_size.size() != dims.size()) {
    b.Unsupported("block_size has {} sizes for an input of rank {}", block_size.size(), dims.size());
    return std::nullopt;
  }
  Blocks out;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const Dim &block = block_size[i], &dim = dims[i];
    const auto axis = static_cast<int64_t>(i);
    const bool is_whole = IsWhole(block, dim);
    if (!is_whole && (!block.IsStatic() || block.size < 1 || (dim.IsStatic() && dim.size % block.size != 0))) {
      b.Unsupported("block_size[{}]={} for a dimension of size {}", i, block, dim);
      return std::nullopt;
    }
    const bool is_cut = !is_whole && block.size > 1;
    out.counts.push_back(is_whole ? Dim(1) : is_cut ? b.FloorDivide(dim, block) : dim);
    (block.Is(1) ? out.single : is_whole ? out.whole : out.cut).push_back(axis);
    if (is_cut) {
      out.split.insert(out.split.end(), {out.counts.back(), block});
      out.kept.insert(out.kept.end(), {out.counts.back(), Dim(1)});
    } else {
      out.split.push_back(dim);
      out.kept.push_back(is_whole ? Dim(1) : dim);
    }
    if (!block.Is(1)) out.extent.push_back(std::ssize(out.split) - 1);
  }
  return out;
}

Value Split(Builder& b, Value input, const Blocks& blocks) {
  return blocks.cut.empty() ? input : b.Reshape(input, blocks.split);
}

// ---- as QuantizeLinear and DequantizeLinear see it ----

// For the whole tensor, by the slices of one axis, or in blocks of one axis; empty for what is none of these.
std::optional<Affine> AsAffine(Builder& b, const Blocks& blocks, const Dims& block_size, Value scale, Value zero_point) {
  const auto shaped = [&](const Dims& shape) {
    return Affine{b.Reshape(scale, shape), zero_point ? b.Reshape(zero_point, shape) : Value()};
  };
  if (blocks.cut.empty() && blocks.single.empty()) return shaped({});
  if (blocks.cut.empty() && blocks.single.size() == 1) {
    Affine affine = shaped({-1});
    affine.axis = blocks.single[0];
    return affine;
  }
  if (blocks.cut.size() + blocks.whole.size() != 1) return std::nullopt;
  const int64_t axis = blocks.cut.empty() ? blocks.whole[0] : blocks.cut[0];
  const Dim& block = block_size[static_cast<std::size_t>(axis)];
  if (!block.IsStatic()) return std::nullopt;
  Affine affine = shaped(blocks.counts);
  affine.axis = axis;
  affine.block = block.size;
  return affine;
}

// ---- ranges ----

struct Range {
  double least = 0, most = 0;
};

// What the type can hold, where quant_min and quant_max do not say less.
std::optional<Range> RangeOf(Builder& b, DType dtype, const std::optional<Scalar>& quant_min,
                             const std::optional<Scalar>& quant_max) {
  Range range;
  const int bits = BitWidth(dtype);
  if (dtype == DType::kFloat8E4M3FN || dtype == DType::kFloat8E5M2) {
    range.most = dtype == DType::kFloat8E4M3FN ? 448 : 57344;
    range.least = -range.most;
  } else if (IsInteger(dtype) && bits <= 32) {
    const double steps = static_cast<double>(int64_t{1} << bits);
    range.least = IsSigned(dtype) ? -steps / 2 : 0;
    range.most = range.least + steps - 1;
  } else {
    b.Unsupported("a quantized type of {}", dtype);
    return std::nullopt;
  }
  for (const auto& [given, bound] : {std::pair(&quant_min, &range.least), std::pair(&quant_max, &range.most)}) {
    if (!*given) continue;
    if (!(*given)->IsStatic()) {
      b.Unsupported("quant_min or quant_max is not known before the program runs");
      return std::nullopt;
    }
    *bound = (*given)->AsDouble();
  }
  return range;
}

int64_t Whole(double bound) { return Scalar(bound).AsInt(); }

// ---- rows ----

Value DequantizeAffine(Builder& b, Value input, Dims block_size, Value scale, Value zero_point, NoEffect<DType>,
                       NoEffect<std::optional<Scalar>> /*quant_min*/, NoEffect<std::optional<Scalar>> /*quant_max*/,
                       DType output_dtype) {
  const auto blocks = BlocksOf(b, input, block_size);
  if (!blocks) return {};
  // To narrower types torch computes in them, rounding the difference and the product.
  const bool is_exact = IsInteger(input.dtype()) && BitWidth(input.dtype()) == 8 && output_dtype == DType::kFloat;
  if (auto affine = is_exact ? AsAffine(b, *blocks, block_size, scale, zero_point) : std::nullopt)
    return Dequantize(b, input, *affine, output_dtype);
  Value x = b.ToType(Split(b, input, *blocks), output_dtype);
  if (zero_point) x = b.Sub(x, b.ToType(b.Reshape(zero_point, blocks->kept), output_dtype));
  const auto [product, factor] = b.Promote(x, b.Reshape(scale, blocks->kept));
  return b.ToType(b.Reshape(b.Mul(product, factor), input.dims()), output_dtype);
}

Value QuantizeAffine(Builder& b, Value input, Dims block_size, Value scale, Value zero_point, DType output_dtype,
                     std::optional<Scalar> quant_min, std::optional<Scalar> quant_max) {
  const auto blocks = BlocksOf(b, input, block_size);
  const auto range = blocks ? RangeOf(b, output_dtype, quant_min, quant_max) : std::nullopt;
  if (!range) return {};
  if (!zero_point) return b.Unsupported("zero_point=None, which torchao adds all the same");
  const bool is_plain = input.dtype() == DType::kFloat && scale.dtype() == DType::kFloat && IsInteger(zero_point.dtype()) &&
                        IsInteger(output_dtype) && BitWidth(output_dtype) == 8;
  auto affine = is_plain ? AsAffine(b, *blocks, block_size, scale, zero_point) : std::nullopt;
  if (affine && affine->block == 0) {
    affine->least = Whole(range->least);
    affine->most = Whole(range->most);
    affine->dtype = output_dtype;
    return Quantize(b, input, *affine);
  }
  const auto [x, inverse] = b.Promote(Split(b, input, *blocks), b.Reciprocal(b.Reshape(scale, blocks->kept)));
  const auto [steps, zero] = b.Promote(b.Round(b.Mul(x, inverse)), b.Reshape(zero_point, blocks->kept));
  const Value q = b.Add(steps, zero);
  const Value bounded = b.Clip(q, b.Like(q, range->least), b.Like(q, range->most));
  return b.ToType(b.Reshape(bounded, input.dims()), output_dtype);
}

// The smallest normal number of the type.
double DefaultEps(DType dtype) {
  if (dtype == DType::kFloat16) return 0x1p-14;
  return dtype == DType::kDouble ? std::numeric_limits<double>::min() : std::numeric_limits<float>::min();
}

struct Parameters {
  Value scale, zero_point;
};

// Of the least and largest number of each block, which are stretched to hold zero.
Parameters SymmetricParameters(Builder& b, Value least, Value most, const Range& range, bool clips) {
  const auto number = [&](double x) { return b.Like(least, x); };
  Value scale;
  if (clips) {
    scale = b.Div(b.Max({b.Neg(least), most}), number((range.most - range.least) / 2));
  } else {
    const Value low = b.Div(least, number(range.least)), high = b.Div(most, number(range.most));
    scale = b.Where(b.Greater(low, high), low, high);
  }
  // The middle of the range, rounded towards zero as Python's int() does.
  return {scale, b.Expand(number(static_cast<double>(Whole((range.most + range.least + 1) / 2))), b.Shape(scale))};
}

std::array<Value, 2> ChooseQparamsAffine(Builder& b, Value input, std::string_view mapping_type, Dims block_size,
                                         DType target_dtype, std::optional<Scalar> quant_min,
                                         std::optional<Scalar> quant_max, std::optional<double> eps,
                                         std::optional<DType> scale_dtype, std::optional<DType> zero_point_dtype,
                                         bool keepdim) {
  const bool is_asymmetric = mapping_type == "ASYMMETRIC", clips = mapping_type == "SYMMETRIC";
  if (!is_asymmetric && !clips && mapping_type != "SYMMETRIC_NO_CLIPPING_ERR")
    return {b.Unsupported("mapping_type='{}'", mapping_type.substr(0, 100))};
  const auto blocks = BlocksOf(b, input, block_size);
  const auto range = blocks ? RangeOf(b, target_dtype, quant_min, quant_max) : std::nullopt;
  if (!range) return {};
  if (blocks->extent.empty()) return {b.Unsupported("block_size is 1 in every dimension")};
  const Value x = Split(b, input, *blocks);
  const auto number = [&](double value) { return b.Like(x, value); };
  const Value least = b.Min({b.ReduceMin(x, blocks->extent, keepdim), number(0)});
  const Value most = b.Max({b.ReduceMax(x, blocks->extent, keepdim), number(0)});
  const Value smallest = number(eps.value_or(DefaultEps(x.dtype())));
  Parameters found;
  if (is_asymmetric) {
    found.scale = b.Max({b.Div(b.Sub(most, least), number(range->most - range->least)), smallest});
    const Value place = b.Sub(number(range->least), b.Round(b.Div(least, found.scale)));
    found.zero_point = b.Clip(place, number(range->least), number(range->most));
    zero_point_dtype = zero_point_dtype.value_or(DType::kInt32);
  } else {
    found = SymmetricParameters(b, least, most, *range, clips);
    found.scale = b.Max({found.scale, smallest});
  }
  if (keepdim) {
    found.scale = b.Reshape(found.scale, blocks->counts);
    found.zero_point = b.Reshape(found.zero_point, blocks->counts);
  }
  return {b.ToType(found.scale, scale_dtype.value_or(input.dtype())),
          b.ToType(found.zero_point, zero_point_dtype.value_or(input.dtype()))};
}

#define FL_RANGE "Scalar? quant_min=None, Scalar? quant_max=None"

constexpr Lowering kTable[] = {
    Lower<ChooseQparamsAffine>("torchao::choose_qparams_affine(Tensor? input, str mapping_type, SymInt[] block_size, "
                               "ScalarType target_dtype, " FL_RANGE
                               ", float? eps=None, ScalarType? scale_dtype=None, ScalarType? zero_point_dtype=None, bool "
                               "keepdim=False) -> (Tensor, "
                               "Tensor)"),
    Lower<QuantizeAffine>("torchao::quantize_affine(Tensor input, SymInt[] block_size, Tensor scale, Tensor? zero_point, "
                          "ScalarType output_dtype, " FL_RANGE ") -> Tensor"),
    Lower<DequantizeAffine>(
        "torchao::dequantize_affine(Tensor input, SymInt[] block_size, Tensor scale, Tensor? zero_point, "
        "ScalarType input_dtype, " FL_RANGE ", ScalarType output_dtype=6) -> Tensor"),
};

}  // namespace

std::span<const Lowering> TorchaoLowerings() { return kTable; }

}  // namespace fairlead::quantized
