#include <algorithm>

#include "families.hpp"

namespace fairlead::quantized {
namespace {

// Of QuantizeLinear and DequantizeLinear at the target.
bool HasOperator(Builder& b, DType type) {
  if (type == DType::kInt8 || type == DType::kUint8) return true;
  const bool later = type == DType::kInt16 || type == DType::kUint16 || type == DType::kInt4 || type == DType::kUint4;
  return later && b.opset() >= 21;
}

bool IsFloat8(DType type) { return IsFloat(type) && BitWidth(type) == 8; }

bool IsZero(Builder& b, Value zero_point) {
  const auto items = b.ConstantInts(zero_point);
  return items && std::ranges::all_of(*items, [](int64_t item) { return item == 0; });
}

bool IsWholeRange(const Affine& affine) {
  const int bits = BitWidth(affine.dtype);
  if (bits < 1 || bits > 32) return false;
  const int64_t least = IsSigned(affine.dtype) ? -(int64_t{1} << (bits - 1)) : 0;
  return affine.least <= least && affine.most >= least + (int64_t{1} << bits) - 1;
}

// A number for each slice of the axis as the operators want it, one for all as a scalar.
Value Flat(Builder& b, Value parameter, const Affine& affine) {
  if (!parameter) return {};
  return affine.axis < 0 ? b.Reshape(parameter, Dims()) : parameter;
}

// The same, shaped to be broadcast to a tensor of that rank.
Value Spread(Builder& b, Value parameter, const Affine& affine, int rank) {
  if (affine.axis < 0) return b.Reshape(parameter, Dims());
  std::vector<int64_t> later;
  for (int64_t axis = affine.axis + 1; axis < rank; ++axis) later.push_back(axis - affine.axis);
  return b.Unsqueeze(parameter, later);
}

Value DequantizeBlocks(Builder& b, Value input, const Affine& affine, DType out) {
  Dims split = input.dims();
  const auto axis = split.begin() + affine.axis;
  *axis = affine.block;
  split.insert(axis, Dim(-1));
  Value q = b.ToType(b.Reshape(input, split), DType::kFloat);
  if (affine.zero_point) q = b.Sub(q, b.ToType(b.Unsqueeze(affine.zero_point, {affine.axis + 1}), DType::kFloat));
  const Value scale = b.ToType(b.Unsqueeze(affine.scale, {affine.axis + 1}), DType::kFloat);
  return b.ToType(b.Reshape(b.Mul(q, scale), input.dims()), out);
}

}  // namespace

Value Quantize(Builder& b, Value input, const Affine& affine) {
  const Value x = b.ToType(input, DType::kFloat), scale = b.ToType(affine.scale, DType::kFloat);
  const bool narrow = !IsWholeRange(affine);
  if (HasOperator(b, affine.dtype) && !(narrow && BitWidth(affine.dtype) != 8)) {
    const Value zero = affine.zero_point ? b.ToType(Flat(b, affine.zero_point, affine), affine.dtype)
                                         : b.Expand(b.Constant(0, affine.dtype), b.Shape(Flat(b, scale, affine)));
    const Value q = b.QuantizeLinear(x, Flat(b, scale, affine), zero, {.axis = std::max<int64_t>(affine.axis, 0)});
    return narrow ? b.Clip(q, b.Constant(affine.least, affine.dtype), b.Constant(affine.most, affine.dtype)) : q;
  }
  Value q = b.Round(b.Mul(x, b.Reciprocal(Spread(b, scale, affine, input.rank()))));
  if (affine.zero_point) q = b.Add(q, b.ToType(Spread(b, affine.zero_point, affine, input.rank()), DType::kFloat));
  // torch rounds to whole numbers before it rounds to float8; QuantizeLinear does not.
  return b.ToType(b.Clip(q, b.Like(q, affine.least), b.Like(q, affine.most)), affine.dtype);
}

Value Dequantize(Builder& b, Value input, const Affine& affine, DType out) {
  const Value scale = b.ToType(affine.scale, DType::kFloat);
  if (IsFloat8(input.dtype()) && (!affine.zero_point || IsZero(b, affine.zero_point))) {
    const Value y = b.DequantizeLinear(input, Flat(b, scale, affine), {.axis = std::max<int64_t>(affine.axis, 0)});
    return b.ToType(y, out);
  }
  const bool is_whole = !affine.zero_point || IsInteger(affine.zero_point.dtype());
  if (HasOperator(b, input.dtype()) && is_whole && (affine.block == 0 || b.opset() >= 21)) {
    const Value zero = affine.zero_point ? b.ToType(Flat(b, affine.zero_point, affine), input.dtype()) : Value();
    const Value y = b.DequantizeLinear(input, Flat(b, scale, affine), zero,
                                       {.axis = std::max<int64_t>(affine.axis, 0), .block_size = affine.block});
    return b.ToType(y, out);
  }
  if (affine.block > 0) return DequantizeBlocks(b, input, affine, out);
  // Differences of wide integers are exact in double.
  Value q = b.ToType(IsFloat8(input.dtype()) ? b.ToType(input, DType::kFloat) : input, DType::kDouble);
  if (affine.zero_point) q = b.Sub(q, b.ToType(Spread(b, affine.zero_point, affine, input.rank()), DType::kDouble));
  return b.ToType(b.Mul(b.ToType(q, DType::kFloat), Spread(b, scale, affine, input.rank())), out);
}

}  // namespace fairlead::quantized
