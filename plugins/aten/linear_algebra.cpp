// Norms of matrices, powers of them, and products by name.
#include <cmath>

#include "families.hpp"

namespace fairlead::aten {
namespace {

// ---- transposes ----

// The adjoint of a real matrix.
Value Adjoint(Builder& b, Value self) {
  if (IsComplex(self.dtype())) return b.Unsupported("self has dtype {}", self.dtype());
  return self.rank() == 0 ? self : b.Aten("aten::mT", {{"self", self}});
}

// ---- products ----

// The other two elements of either, crosswise.
Value CrossAlong(Builder& b, Value self, Value other, int64_t axis) {
  const auto [x, y] = b.Promote(self, other);
  const Value next = b.Constant({1, 2, 0}), last = b.Constant({2, 0, 1});
  const auto turned = [&](Value value, Value order) { return b.Gather(value, order, {.axis = axis}); };
  return b.Sub(b.Mul(turned(x, next), turned(y, last)), b.Mul(turned(x, last), turned(y, next)));
}

Value LinalgCross(Builder& b, Value self, Value other, int64_t dim) {
  if (self.rank() != other.rank()) return b.Unsupported("self has rank {}, other {}", self.rank(), other.rank());
  return CrossAlong(b, self, other, b.Axis(dim, self.rank()));
}

// Without dim it is the first one of three elements; PyTorch makes no symbol of a size that it found to be 3.
Value Cross(Builder& b, Value self, Value other, std::optional<int64_t> dim) {
  for (int axis = 0; !dim && axis < self.rank(); ++axis)
    if (self.static_dim(axis) == 3) dim = axis;
  return dim ? LinalgCross(b, self, other, *dim) : b.Unsupported("dim=None, and no size is 3");
}

// From the right where that keeps a vector, else from the left.
Value MultiDot(Builder& b, Values tensors) {
  if (tensors.empty()) return b.Unsupported("tensors is empty");
  std::vector<Value> factors = tensors.ToVector();
  const bool from_right = factors.back().rank() == 1;
  while (factors.size() > 1) {
    const std::size_t at = from_right ? factors.size() - 2 : 0;
    factors[at] = b.MatMul(factors[at], factors[at + 1]);
    factors.erase(factors.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
  return factors[0];
}

// ---- powers ----

// The identity in the shape and type of square matrices.
Value Identities(Builder& b, Value self) {
  const Dim n = self.dim(-1);
  return b.Expand(b.EyeLike(b.Zeros({n, n}, self.dtype())), self.dims());
}

Value MatrixPower(Builder& b, Value self, int64_t n) {
  if (self.rank() < 2) return b.Unsupported("self has rank {}, wanted at least 2", self.rank());
  if (n == 0) return Identities(b, self);
  Value square = n < 0 ? b.Aten("aten::linalg_inv", {{"A", self}}) : self, power;
  for (uint64_t left = n < 0 ? -static_cast<uint64_t>(n) : static_cast<uint64_t>(n); left != 0; left /= 2) {
    if (left % 2 != 0) power = power ? b.MatMul(power, square) : square;
    if (left > 1) square = b.MatMul(square, square);
  }
  return power;
}

// x to the powers 0, 1 … N - 1 along a new last axis.
Value Vander(Builder& b, Value x, std::optional<Dim> N) {
  const Value base = x.rank() == 0 ? b.Unsqueeze(x, {0}) : x;
  const DType type = IsFloat(x.dtype()) ? x.dtype() : DType::kInt64;
  if (!IsFloat(x.dtype()) && !IsInteger(x.dtype())) return b.Unsupported("x has dtype {}", x.dtype());
  const Value exponents = b.Iota(N.value_or(base.dim(-1)));
  const DType wide = BitWidth(type) < 32 ? DType::kFloat : type;
  const Value powers = b.Pow(b.Unsqueeze(b.ToType(base, wide), {base.rank()}), b.ToType(exponents, wide));
  return b.ToType(powers, type);
}

// ---- norms ----

using OptionalScalar = std::optional<Scalar>;
using Type = std::optional<DType>;

Value VectorNorm(Builder& b, Value self, const Scalar& ord, const std::vector<int64_t>& dims, bool keepdim, Type dtype) {
  return b.Aten("aten::linalg_vector_norm",
                {{"self", self}, {"ord", ord}, {"dim", dims}, {"keepdim", keepdim}, {"dtype", dtype}});
}

std::vector<int64_t> AllAxes(Value value) {
  std::vector<int64_t> axes;
  for (int axis = 0; axis < value.rank(); ++axis) axes.push_back(axis);
  return axes;
}

Value MatrixNorm(Builder& b, Value self, Scalar ord, Ints dim, bool keepdim, Type dtype) {
  if (dim.size() != 2) return b.Unsupported("dim has {} axes, wanted 2", dim.size());
  const double order = ord.AsDouble();
  const bool of_columns = std::abs(order) == 1;
  if (!of_columns && !std::isinf(order)) return b.Unsupported("ord={}: it takes singular values", order);
  const std::vector<int64_t> axes = b.Axes(dim, self.rank());
  const int64_t summed = axes[of_columns ? 0 : 1], compared = axes[of_columns ? 1 : 0];
  const Value sums = VectorNorm(b, self, 1.0, {summed}, true, dtype);
  const Value norm = b.Aten(order > 0 ? "aten::amax" : "aten::amin",
                            {{"self", sums}, {"dim", std::vector<int64_t>{compared}}, {"keepdim", true}});
  return keepdim ? norm : b.Squeeze(norm, {axes[0], axes[1]});
}

Value MatrixNormByName(Builder& b, Value self, std::string_view ord, Ints dim, bool keepdim, Type dtype) {
  if (dim.size() != 2) return b.Unsupported("dim has {} axes, wanted 2", dim.size());
  if (ord != "fro") return b.Unsupported("ord={}: it takes singular values", ord);
  return VectorNorm(b, self, 2.0, b.Axes(dim, self.rank()), keepdim, dtype);
}

// Of vectors, of matrices, or with neither ord nor dim of all elements.
Value LinalgNorm(Builder& b, Value self, OptionalScalar ord, std::optional<Ints> dim, bool keepdim, Type dtype) {
  const std::vector<int64_t> axes = dim && !dim->empty() ? b.Axes(*dim, self.rank()) : AllAxes(self);
  if (!ord) return VectorNorm(b, self, 2.0, axes, keepdim, dtype);
  if (axes.size() > 2) return b.Unsupported("ord={} over {} axes, wanted 1 or 2", ord->AsDouble(), axes.size());
  return axes.size() == 2 ? MatrixNorm(b, self, *ord, axes, keepdim, dtype)
                          : VectorNorm(b, self, *ord, axes, keepdim, dtype);
}

Value LinalgNormByName(Builder& b, Value self, std::string_view ord, std::optional<Ints> dim, bool keepdim, Type dtype) {
  const std::vector<int64_t> axes = dim ? b.Axes(*dim, self.rank()) : AllAxes(self);
  return MatrixNormByName(b, self, ord, axes, keepdim, dtype);
}

Value NormTyped(Builder& b, Value self, OptionalScalar p, DType dtype) {
  return VectorNorm(b, self, p.value_or(2.0), AllAxes(self), false, dtype);
}
Value NormDimsTyped(Builder& b, Value self, OptionalScalar p, Ints dim, bool keepdim, DType dtype) {
  return VectorNorm(b, self, p.value_or(2.0), dim.empty() ? AllAxes(self) : b.Axes(dim, self.rank()), keepdim, dtype);
}
Value FrobeniusNorm(Builder& b, Value self, Ints dim, bool keepdim) {
  return VectorNorm(b, self, 2.0, dim.empty() ? AllAxes(self) : b.Axes(dim, self.rank()), keepdim, std::nullopt);
}

#define FL_NORM "bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<Adjoint>("aten::adjoint(Tensor(a) self) -> Tensor(a)"),
    Lower<Adjoint>("aten::mH(Tensor(a) self) -> Tensor(a)"),
    Lower<Adjoint>("aten::matrix_H(Tensor(a) self) -> Tensor(a)"),
    Lower<Cross>("aten::cross(Tensor self, Tensor other, int? dim=None) -> Tensor"),
    Lower<LinalgCross>("aten::linalg_cross(Tensor self, Tensor other, *, int dim=-1) -> Tensor"),
    Lower<MultiDot>("aten::linalg_multi_dot(Tensor[] tensors) -> Tensor"),
    Lower<MatrixPower>("aten::linalg_matrix_power(Tensor self, int n) -> Tensor"),
    Lower<Vander>("aten::linalg_vander(Tensor x, *, SymInt? N=None) -> Tensor"),
    Lower<MatrixNorm>("aten::linalg_matrix_norm(Tensor self, Scalar ord, int[] dim=[-2, -1], " FL_NORM),
    Lower<MatrixNormByName>("aten::linalg_matrix_norm.str_ord(Tensor self, str ord=\"fro\", int[] dim=[-2, -1], " FL_NORM),
    Lower<LinalgNorm>("aten::linalg_norm(Tensor self, Scalar? ord=None, int[1]? dim=None, " FL_NORM),
    Lower<LinalgNormByName>("aten::linalg_norm.ord_str(Tensor self, str ord, int[1]? dim=None, " FL_NORM),
    Lower<NormTyped>("aten::norm.ScalarOpt_dtype(Tensor self, Scalar? p, *, ScalarType dtype) -> Tensor"),
    Lower<NormDimsTyped>("aten::norm.ScalarOpt_dim_dtype(Tensor self, Scalar? p, int[1] dim, bool keepdim, *, "
                         "ScalarType dtype) -> Tensor"),
    Lower<FrobeniusNorm>("aten::frobenius_norm.dim(Tensor self, int[1] dim, bool keepdim=False) -> Tensor"),
};

}  // namespace

std::span<const Lowering> LinearAlgebraLowerings() { return kTable; }

}  // namespace fairlead::aten
