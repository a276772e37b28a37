#include "passes/real_math.hpp"

namespace fairlead {
namespace {

Dim BroadcastDim(const Dim& a, const Dim& b) {
  if (a == b || (b.IsStatic() && b.size() == 1)) return a;
  if (a.IsStatic() && a.size() == 1) return b;
  if (a.IsStatic()) return a;  // the other one is 1 or the same, or PyTorch would have refused it
  return b.IsStatic() ? b : Dim();
}

Type Typed(DType dtype, const Type& like) { return {dtype, like.dims}; }

}  // namespace

std::optional<Dims> Broadcast(const std::optional<Dims>& a, const std::optional<Dims>& b) {
  if (!a || !b) return std::nullopt;
  const Dims& longer = a->size() >= b->size() ? *a : *b;
  const Dims& shorter = a->size() >= b->size() ? *b : *a;
  Dims out = longer;
  const std::size_t missing = longer.size() - shorter.size();
  for (std::size_t i = 0; i < shorter.size(); ++i) out[missing + i] = BroadcastDim(longer[missing + i], shorter[i]);
  return out;
}

Node RealMath::Call(std::string_view op, ValueId self, std::string_view overload) const {
  Node node{.op = AtenOp(op, overload)};
  node.source = source_;
  GiveValue(node, "self", self);
  return node;
}

ValueId RealMath::Unary(std::string_view op, ValueId x) { return Emit(Call(op, x), Typed(TypeOf(x).dtype, TypeOf(x))); }

ValueId RealMath::Pointwise(std::string_view op, std::string_view overload, ValueId x, ValueId y,
                            std::optional<DType> dtype) {
  Node node = Call(op, x, overload);
  GiveValue(node, "other", y);
  return Emit(std::move(node), Type(dtype.value_or(TypeOf(x).dtype), Broadcast(TypeOf(x).dims, TypeOf(y).dims)));
}

ValueId RealMath::Binary(std::string_view op, ValueId x, ValueId y) { return Pointwise(op, "Tensor", x, y); }

ValueId RealMath::Binary(std::string_view op, ValueId x, double y) {
  Node node = Call(op, x, "Scalar");
  node.Set("other", y);
  return Emit(std::move(node), Typed(TypeOf(x).dtype, TypeOf(x)));
}

ValueId RealMath::Atan2(ValueId y, ValueId x) { return Pointwise("atan2", "default", y, x); }
ValueId RealMath::Hypot(ValueId x, ValueId y) { return Pointwise("hypot", "default", x, y); }
ValueId RealMath::Copysign(ValueId x, ValueId sign) { return Pointwise("copysign", "Tensor", x, sign); }
ValueId RealMath::Larger(ValueId x, ValueId y) { return Pointwise("maximum", "default", x, y); }

ValueId RealMath::Compare(std::string_view op, ValueId x, double y) {
  Node node = Call(op, x, "Scalar");
  node.Set("other", y);
  return Emit(std::move(node), Typed(DType::kBool, TypeOf(x)));
}

ValueId RealMath::Compare(std::string_view op, ValueId x, ValueId y) { return Pointwise(op, "Tensor", x, y, DType::kBool); }

ValueId RealMath::Logical(std::string_view op, ValueId x, ValueId y) {
  return Pointwise(op, "default", x, y, DType::kBool);
}

ValueId RealMath::Where(ValueId condition, ValueId x, ValueId y) {
  Node node{.op = AtenOp("where", "self")};
  node.source = source_;
  GiveValue(node, "condition", condition);
  GiveValue(node, "self", x);
  GiveValue(node, "other", y);
  const auto dims = Broadcast(Broadcast(TypeOf(condition).dims, TypeOf(x).dims), TypeOf(y).dims);
  return Emit(std::move(node), Type(TypeOf(x).dtype, dims));
}

ValueId RealMath::Where(ValueId condition, double x, ValueId y) { return Where(condition, Number(x, TypeOf(y).dtype), y); }

ValueId RealMath::ToType(ValueId x, DType dtype) {
  if (TypeOf(x).dtype == dtype) return x;
  Node node = Call("_to_copy", x);
  node.Set("dtype", dtype);
  return Emit(std::move(node), Typed(dtype, TypeOf(x)));
}

ValueId RealMath::ZerosLike(ValueId x) { return Emit(Call("zeros_like", x), Typed(TypeOf(x).dtype, TypeOf(x))); }

ValueId RealMath::Number(double value, DType dtype) {
  Node node{.op = AtenOp("scalar_tensor")};
  node.source = source_;
  node.Set("s", value);
  node.Set("dtype", dtype);
  return Emit(std::move(node), Type(dtype, Dims()));
}

ValueId RealMath::Number(ValueId symbol, DType dtype) {
  Node node{.op = AtenOp("scalar_tensor")};
  node.source = source_;
  GiveValue(node, "s", symbol);
  node.Set("dtype", dtype);
  return Emit(std::move(node), Type(dtype, Dims()));
}

ValueId RealMath::Select(ValueId x, int64_t dim, int64_t index) {
  Node node = Call("select", x, "int");
  node.Set("dim", dim);
  node.Set("index", index);
  Type type = Typed(TypeOf(x).dtype, TypeOf(x));
  if (type.dims) type.dims->erase(type.dims->begin() + (dim < 0 ? dim + type.rank() : dim));
  return Emit(std::move(node), std::move(type));
}

ValueId RealMath::Unsqueeze(ValueId x, int64_t dim) {
  Node node = Call("unsqueeze", x);
  node.Set("dim", dim);
  Type type = Typed(TypeOf(x).dtype, TypeOf(x));
  if (type.dims) type.dims->insert(type.dims->begin() + (dim < 0 ? dim + type.rank() + 1 : dim), Dim(1));
  return Emit(std::move(node), std::move(type));
}

ValueId RealMath::Stack(const std::vector<ValueId>& tensors) {
  Node node{.op = AtenOp("stack")};
  node.source = source_;
  GiveValues(node, "tensors", tensors);
  node.Set("dim", int64_t{-1});
  Type type = Typed(TypeOf(tensors[0]).dtype, TypeOf(tensors[0]));
  if (type.dims) type.dims->push_back(Dim(static_cast<int64_t>(tensors.size())));
  return Emit(std::move(node), std::move(type));
}

}  // namespace fairlead
