// Builder's constants, types, sizes and shapes. Included by builder.hpp, which says what they do.
#pragma once

#include <fairlead/sdk/builder.hpp>

namespace fairlead {
inline namespace sdk_v1 {

// ---- constants ----

inline Value Builder::Constant(DType dtype, const Ints& dims, std::span<const std::byte> bytes) {
  const fl_constant constant = {sizeof(fl_constant), static_cast<int32_t>(dtype), dims.data(), dims.size(), bytes.data(),
                                bytes.size()};
  fl_value out = {FL_INVALID_ID};
  if (!Succeeded(call_.build->constant(call_.ctx, &constant, &out), "constant")) return Invalid();
  return Value(this, out);
}

inline Value Builder::Constant(const Scalar& number, DType dtype) {
  if (!number.IsStatic()) return ToType(number.symbol(), dtype);
  if (const auto element = Encode(number, dtype))
    return Constant(dtype, {}, std::span(element->bytes).first(element->size));
  return Cast(Constant(number, number.dtype()), {.to = static_cast<int64_t>(dtype)});
}

inline Value Builder::Constant(const Ints& items) {
  const int64_t size = std::ssize(items);
  return Constant(DType::kInt64, {size}, std::as_bytes(std::span<const int64_t>(items)));
}

inline Value Builder::Constant(const Floats& items, DType dtype) {
  std::vector<std::byte> bytes;
  for (const double item : items) {
    const auto element = Encode(item, dtype);
    if (!element) return Unsupported("a constant of {} cannot be written", dtype);
    bytes.insert(bytes.end(), element->bytes.begin(), element->bytes.begin() + static_cast<std::ptrdiff_t>(element->size));
  }
  return Constant(dtype, {std::ssize(items)}, bytes);
}

inline Value Builder::Full(const Dims& dims, const Scalar& number, DType dtype) {
  const Value one = Constant(number, dtype);
  return dims.empty() ? one : OnnxOps::Expand(one, ShapeOf(dims));
}

inline Value Builder::Iota(const Dim& n) {
  return Range(Constant(0, DType::kInt64), ToValue(n), Constant(1, DType::kInt64));
}

inline std::optional<std::span<const std::byte>> Builder::ConstantBytes(Value value) {
  const void* data = nullptr;
  uint64_t size = 0;
  if (!value || value.IsInvalid()) return std::nullopt;
  const fl_status status = call_.build->constant_data(call_.ctx, value.handle(), &data, &size);
  if (status == FL_NOT_FOUND || !Succeeded(status, "elements of a value")) return std::nullopt;
  return std::span(static_cast<const std::byte*>(data), static_cast<std::size_t>(size));
}

inline std::optional<std::vector<int64_t>> Builder::ConstantInts(Value value) {
  const DType dtype = value.dtype();
  const auto width = static_cast<std::size_t>(BitWidth(dtype)) / 8;
  if (width == 0 || !(IsInteger(dtype) || dtype == DType::kBool)) return std::nullopt;
  const auto bytes = ConstantBytes(value);
  if (!bytes) return std::nullopt;
  std::vector<int64_t> out;
  for (std::size_t at = 0; at + width <= bytes->size(); at += width)
    out.push_back(Decode(bytes->subspan(at, width), dtype).value_or(0).AsInt());
  return out;
}

inline std::optional<Scalar> Builder::ConstantNumber(Value value) {
  const auto bytes = ConstantBytes(value);
  return bytes ? Decode(*bytes, value.dtype()) : std::nullopt;
}

// ---- types ----

inline Value Builder::ToType(Value value, DType dtype) {
  if (!value || value.IsInvalid() || value.dtype() == dtype) return value;
  if (dtype == DType::kUndefined) return Unsupported("the dtype to compute in is not known");
  if (value.rank() == 0 && !IsComplex(value.dtype()))
    if (const auto number = ConstantNumber(value)) return Constant(*number, dtype);
  return Cast(value, {.to = static_cast<int64_t>(dtype)});
}

inline void Operand::AddTo(Promotion& promotion) const {
  if (number_)
    promotion.AddNumber(number_->dtype());
  else if (value_.is_wrapped())
    promotion.AddNumber(value_.dtype());
  else if (value_)
    promotion.AddTensor(value_.dtype(), value_.rank() != 0);
}

inline DType Builder::PromotedType(std::initializer_list<Operand> operands) const {
  Promotion promotion;
  for (const Operand& operand : operands) operand.AddTo(promotion);
  return promotion.type();
}

inline Value Builder::ToTensor(const Operand& operand, DType dtype) {
  return operand.number_ ? Constant(*operand.number_, dtype) : ToType(operand.value_, dtype);
}

template <class... Operands> auto Builder::Promote(const Operands&... operands) -> std::array<Value, sizeof...(Operands)> {
  const DType type = PromotedType({Operand(operands)...});
  return {ToTensor(Operand(operands), type)...};
}

inline std::size_t Builder::ResultCount() const {
  uint64_t count = 0;
  return Succeeded(call_.aten->result_count(call_.ctx, call_.node, &count), "number of results") ? count : 0;
}

inline bool Builder::IsResultUsed(std::size_t i) const {
  int32_t used = 1;
  return !Succeeded(call_.aten->result_used(call_.ctx, call_.node, i, &used), "use of a result") || used != 0;
}

inline RecordedType Builder::ResultType(std::size_t i) const {
  fl_type type = {sizeof(fl_type), 0, -1, 0, 0};
  if (!Succeeded(call_.build->result_type(call_.ctx, i, &type, nullptr, 0), "recorded type of a result")) return {};
  RecordedType out = {static_cast<DType>(type.dtype), static_cast<int>(type.rank), {}};
  if (type.rank <= 0) return out;
  std::vector<fl_dim> dims(static_cast<std::size_t>(type.rank));
  if (!Succeeded(call_.build->result_type(call_.ctx, i, &type, dims.data(), dims.size()), "recorded type of a result"))
    return {};
  for (const fl_dim& dim : dims) out.sizes.push_back(dim.symbol.id == 0 ? dim.size : -1);
  return out;
}

inline Value Builder::ToResultType(Value value, std::size_t i) {
  const DType recorded = ResultType(i).dtype;
  return recorded == DType::kUndefined ? value : ToType(value, recorded);
}

inline Value Builder::AdoptResultType(Value value, std::size_t i) {
  if (!value || value.IsInvalid()) return value;
  return Succeeded(call_.build->adopt_result_type(call_.ctx, value.handle(), i), "recorded type of a result") ? value
                                                                                                              : Invalid();
}

template <class Compute> Value Builder::InFloat32(Value value, Compute compute) {
  const DType dtype = value.dtype();
  if (!IsFloat(dtype) || BitWidth(dtype) >= 32) return compute(value);
  return ToType(compute(ToType(value, DType::kFloat)), dtype);
}

// ---- sizes ----

inline Value Builder::ShapeOf(const Dims& dims) {
  std::vector<fl_dim> sizes;
  for (const Dim& dim : dims) {
    if (dim.symbol.IsInvalid()) return Invalid();
    sizes.push_back({dim.size, dim.symbol.handle()});
  }
  fl_value out = {FL_INVALID_ID};
  if (!Succeeded(call_.build->shape(call_.ctx, sizes.data(), sizes.size(), &out), "shape")) return Invalid();
  return Value(this, out);
}

inline bool Builder::SameDim(Value a, int64_t axis_a, Value b, int64_t axis_b) const {
  int32_t same = 0;
  if (status() != FL_OK) return false;
  return Succeeded(call_.build->same_dim(call_.ctx, a.handle(), axis_a, b.handle(), axis_b, &same),
                   "sizes of two values") &&
         same != 0;
}

template <class Node>
Dim Builder::Calculated(const Dim& a, const Dim& b, bool (*fold)(int64_t, int64_t, int64_t*), Node emit) {
  if (!a.IsStatic() || !b.IsStatic()) return Dim(emit(ToValue(a), ToValue(b)));
  int64_t out = 0;
  if (!fold(a.size, b.size, &out)) return Dim(Value(Unsupported("arithmetic on the sizes {} and {} has no result", a, b)));
  return out;
}

inline Dim Builder::Plus(const Dim& a, const Dim& b) {
  if (a.Is(0)) return b;
  if (b.Is(0)) return a;
  return Calculated(
      a, b, [](int64_t x, int64_t y, int64_t* out) { return !__builtin_add_overflow(x, y, out); },
      [&](Value x, Value y) { return Add(x, y); });
}

inline Dim Builder::Minus(const Dim& a, const Dim& b) {
  if (b.Is(0)) return a;
  return Calculated(
      a, b, [](int64_t x, int64_t y, int64_t* out) { return !__builtin_sub_overflow(x, y, out); },
      [&](Value x, Value y) { return Sub(x, y); });
}

inline Dim Builder::Multiply(const Dim& a, const Dim& b) {
  if (a.Is(1)) return b;
  if (b.Is(1)) return a;
  return Calculated(
      a, b, [](int64_t x, int64_t y, int64_t* out) { return !__builtin_mul_overflow(x, y, out); },
      [&](Value x, Value y) { return Mul(x, y); });
}

// ONNX's Div on integers goes towards zero; without the remainder (which has the divisor's sign) both are the same.
inline Dim Builder::FloorDivide(const Dim& a, const Dim& b) {
  if (b.Is(1)) return a;
  return Calculated(
      a, b,
      [](int64_t x, int64_t y, int64_t* out) {
        if (y == 0 || (x == std::numeric_limits<int64_t>::min() && y == -1)) return false;
        *out = x / y - (x % y != 0 && (x < 0) != (y < 0));
        return true;
      },
      [&](Value x, Value y) { return Div(Sub(x, Mod(x, y)), y); });
}

inline Dim Builder::CeilDivide(const Dim& a, const Dim& b) { return Minus(0, FloorDivide(Minus(0, a), b)); }

inline Dim Builder::Least(const Dim& a, const Dim& b) {
  return Calculated(
      a, b, [](int64_t x, int64_t y, int64_t* out) { return *out = x < y ? x : y, true; },
      [&](Value x, Value y) {
        return Min({x, y});
      });
}

inline Dim Builder::Greatest(const Dim& a, const Dim& b) {
  return Calculated(
      a, b, [](int64_t x, int64_t y, int64_t* out) { return *out = x > y ? x : y, true; },
      [&](Value x, Value y) {
        return Max({x, y});
      });
}

inline Dim Builder::Product(const Dims& dims) {
  Dim out = 1;
  for (const Dim& dim : dims)
    if (dim.IsStatic()) out = Multiply(out, dim);
  for (const Dim& dim : dims)
    if (!dim.IsStatic()) out = Multiply(out, dim);
  return out;
}

inline int64_t Builder::Axis(int64_t axis, int64_t rank) {
  const int64_t at = NormalizeAxis(axis, rank);
  if (rank < 0) Unsupported("axis {} of a tensor whose number of dimensions is not known", axis);
  if (at < 0 || at >= (rank == 0 ? 1 : rank)) Unsupported("axis {} of a tensor of rank {}", axis, rank);
  StopIfFailed();
  return at;
}

inline std::vector<int64_t> Builder::Axes(const Ints& axes, int64_t rank) {
  std::vector<int64_t> out;
  for (const int64_t axis : axes) out.push_back(Axis(axis, rank));
  return out;
}

// ---- shapes of tensors ----

inline Dims Builder::StaticDims(Value value) const {
  Dims out;
  for (int axis = 0; axis < value.rank(); ++axis) out.push_back(value.static_dim(axis).value_or(-1));
  return out;
}

// Zero in ONNX's shape means "as the input has it" unless allowzero is set, and allowzero forbids -1.
inline Value Builder::Reshape(Value value, const Dims& dims) {
  Dims wanted = dims;
  std::size_t symbolic = 0, zeros = 0, inferred = 0;
  for (const Dim& dim : wanted) symbolic += !dim.IsStatic(), zeros += dim.Is(0), inferred += dim.Is(-1);
  if (inferred > 1) return Unsupported("more than one size of -1");
  if (symbolic + inferred + zeros == 0 && value.rank() == std::ssize(wanted)) {
    const Dims own = StaticDims(value);
    if (own.sizes() == wanted.sizes()) return value;
  }
  if (symbolic == 1 && inferred + zeros == 0) {
    for (Dim& dim : wanted)
      if (!dim.IsStatic()) dim = -1;
    symbolic = 0, inferred = 1;
  }
  const bool allow_zero = inferred == 0 && symbolic + zeros > 0;
  return OnnxOps::Reshape(value, ShapeOf(wanted), {.allowzero = allow_zero});
}

inline Value Builder::Expand(Value value, const Dims& dims) {
  Dims wanted = dims;
  for (Dim& dim : wanted)
    if (dim.Is(-1)) dim = 1;
  if (wanted.IsStatic() && value.rank() == std::ssize(dims)) {
    bool same = true;
    for (int axis = 0; axis < value.rank(); ++axis)
      same = same && (dims[static_cast<std::size_t>(axis)].Is(-1) ||
                      value.static_dim(axis) == wanted[static_cast<std::size_t>(axis)].size);
    if (same) return value;
  }
  return OnnxOps::Expand(value, ShapeOf(wanted));
}

inline Value Builder::Slice(Value value, int64_t axis, const Dim& start, const Dim& end, const Dim& step) {
  return OnnxOps::Slice(value, ShapeOf({start}), ShapeOf({end}), Constant({axis}), step.Is(1) ? Value() : ShapeOf({step}));
}

inline Value Builder::Reduce(std::string_view op, Value x, const Ints& axes, bool keepdims) {
  return One(op, {x, axes.empty() ? Value() : Constant(axes)}, {{"keepdims", int64_t{keepdims}, 1}});
}

// Opset 20 renamed the modes and gave them to volumes; the numbers are the same.
inline Value Builder::GridSample(Value X, Value grid, const GridSampleAttributes& a) {
  GridSampleAttributes written = a;
  if (opset() < 20 && a.mode == "cubic") written.mode = "bicubic";
  return OnnxOps::GridSample(X, grid, written);
}

}  // namespace sdk_v1
}  // namespace fairlead
