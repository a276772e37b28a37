// Distances between vectors, their angles, and lengths brought below a bound. Angles and lengths of half precision are
// computed in float.
#include <algorithm>
#include <cmath>

#include "families.hpp"

namespace fairlead::aten {
namespace {

Value Wide(Builder& b, Value x) { return IsFloat(x.dtype()) && BitWidth(x.dtype()) < 32 ? b.ToType(x, DType::kFloat) : x; }

Value Norm(Builder& b, Value x, double p, const Ints& dim, bool keepdim) {
  return b.Aten("aten::linalg_vector_norm", {{"self", x}, {"ord", p}, {"dim", dim}, {"keepdim", keepdim}});
}

bool IsEmptyAlong(Value x, int64_t axis) { return x.static_dim(axis) == 0; }

// ---- between two tensors ----

bool HaveSameSizes(Builder& b, Value x, Value y) {
  bool same = x.rank() == y.rank();
  for (int64_t axis = 0; same && axis < x.rank(); ++axis) same = b.SameDim(x, axis, y, axis);
  return same;
}

// x / max(|x|, eps) times the same of y, added up over dim, which counts in the common shape.
Value CosineSimilarity(Builder& b, Value x1, Value x2, int64_t dim, double eps) {
  const auto promoted = b.Promote(x1, x2);
  if (!IsFloat(promoted[0].dtype())) return b.Unsupported("x1 and x2 are {}", promoted[0].dtype());
  Value x = Wide(b, promoted[0]), y = Wide(b, promoted[1]);
  if (!HaveSameSizes(b, x, y)) {
    x = b.Expand(x, y.dims());
    y = b.Expand(y, x.dims());
  }
  const std::vector<int64_t> axes = x.rank() == 0 ? std::vector<int64_t>() : std::vector{b.Axis(dim, x.rank())};
  const auto direction = [&](Value v) {
    const Value length = b.ReduceL2(v, axes, true), least = b.Like(v, eps);
    return b.Div(v, b.Where(b.Less(length, least), least, length));
  };
  return b.ToType(b.ReduceSum(b.Mul(direction(x), direction(y)), axes, false), promoted[0].dtype());
}

Value PairwiseDistance(Builder& b, Value x1, Value x2, double p, double eps, bool keepdim) {
  const auto [x, y] = b.Promote(x1, x2);
  const Value difference = b.ToFloat(b.Sub(x, y));
  const Value moved = Wide(b, difference);
  return b.ToType(Norm(b, b.Add(moved, b.Like(moved, eps)), p, {-1}, keepdim), difference.dtype());
}

Value Dist(Builder& b, Value self, Value other, Scalar p) {
  const auto [x, y] = b.Promote(self, other);
  const Value difference = b.Sub(x, y), wide = Wide(b, difference);
  return b.ToType(b.Aten("aten::linalg_vector_norm", {{"self", wide}, {"ord", p}}), difference.dtype());
}

Value LinalgVecdot(Builder& b, Value x, Value y, int64_t dim) {
  if (IsComplex(x.dtype())) return b.Unsupported("x has dtype {}", x.dtype());
  const Value product = b.Mul(Wide(b, x), Wide(b, y));
  return b.ToType(b.ReduceSum(product, {b.Axis(dim, product.rank())}, false), x.dtype());
}

// ---- between all rows ----

// |x|² - 2 x y + |y|² as one product of matrices: what torch does with many rows.
Value EuclideanByProduct(Builder& b, Value x, Value y) {
  const auto squares = [&](Value v) { return b.ReduceSum(b.Mul(v, v), {v.rank() - 1}, true); };
  const auto one = [&](Value v) { return b.Add(b.Mul(v, b.Like(v, 0)), b.Like(v, 1)); };
  const Value x_squares = squares(x), y_squares = squares(y);
  const Value left = b.Concat({b.Mul(x, b.Like(x, -2)), x_squares, one(x_squares)}, {.axis = -1});
  const Value right = b.Concat({y, one(y_squares), y_squares}, {.axis = -1});
  std::vector<int64_t> swapped;
  for (int64_t axis = 0; axis < right.rank(); ++axis) swapped.push_back(axis);
  b.StopIfFailed();
  std::swap(swapped[swapped.size() - 2], swapped[swapped.size() - 1]);
  const Value product = b.MatMul(left, b.Transpose(right, {.perm = Ints(swapped)}));
  return b.Sqrt(b.Where(b.Less(product, b.Like(product, 0)), b.Like(product, 0), product));
}

// compute_mode: by a matrix product where there are more than 25 rows (0), always (1), never (2).
Value Cdist(Builder& b, Value x1, Value x2, double p, std::optional<int64_t> compute_mode) {
  const auto [x, y] = b.Promote(x1, x2);
  if (x.rank() < 2 || y.rank() < 2)
    return b.Unsupported("x1 has rank {}, x2 rank {}, wanted 2 or more", x.rank(), y.rank());
  const int64_t mode = compute_mode.value_or(0);
  if (mode < 0 || mode > 2) return b.Unsupported("compute_mode={}", mode);
  const bool is_large = std::max(x.static_dim(-2).value_or(0), y.static_dim(-2).value_or(0)) > 25;
  if (p == 2 && (mode == 1 || (mode == 0 && is_large))) return EuclideanByProduct(b, x, y);
  const Value difference = b.Sub(b.Unsqueeze(x, {-2}), b.Unsqueeze(y, {-3}));
  if (!IsEmptyAlong(difference, -1)) return Norm(b, difference, p, {-1}, false);
  Dims sizes = difference.dims();
  sizes.pop_back();
  return b.Zeros(sizes, x.dtype());
}

// Of the rows i < j, in order.
Value Pdist(Builder& b, Value self, double p) {
  if (self.rank() != 2) return b.Unsupported("self has rank {}, wanted 2", self.rank());
  const Value rows = b.Iota(self.dim(0));
  const Value pairs = b.NonZero(b.Less(b.Unsqueeze(rows, {1}), rows));
  const auto row = [&](int64_t of) { return b.Gather(self, b.Select(pairs, 0, of)); };
  const Value difference = b.Sub(row(0), row(1));
  if (!IsEmptyAlong(self, 1)) return b.AdoptResultType(Norm(b, difference, p, {-1}, false));
  return b.AdoptResultType(b.ReduceSum(difference, {1}, false));
}

// ---- lengths ----

// maxnorm / (norm + 1e-7) where the norm is larger than maxnorm, else 1.
Value FactorBelow(Builder& b, Value norm, double maxnorm) {
  const Value factor = b.Div(b.Like(norm, maxnorm), b.Add(norm, b.Like(norm, 1e-7)));
  return b.Where(b.Greater(norm, b.Like(norm, maxnorm)), factor, b.Like(norm, 1));
}

// Each slice along dim is made no longer than maxnorm.
Value Renorm(Builder& b, Value self, Scalar p, int64_t dim, Scalar maxnorm) {
  const int64_t own = b.Axis(dim, self.rank());
  std::vector<int64_t> others;
  for (int64_t axis = 0; axis < self.rank(); ++axis)
    if (axis != own) others.push_back(axis);
  return b.InFloat32(self, [&](Value x) {
    return b.Mul(x, FactorBelow(b, Norm(b, x, p.AsDouble(), Ints(others), true), maxnorm.AsDouble()));
  });
}

// Only the rows that indices names.
Value EmbeddingRenorm(Builder& b, Value self, Value indices, double max_norm, double norm_type) {
  if (self.rank() != 2) return b.Unsupported("self has rank {}, wanted 2", self.rank());
  const Value named = b.Reshape(b.ToType(indices, DType::kInt64), {-1});
  const Value zeros = b.Zeros({self.dim(0)}, DType::kInt64), ones = b.Ones(named.dims(), DType::kInt64);
  const Value marks = b.Unsqueeze(b.ScatterElements(zeros, named, ones), {1});
  const Value is_named = b.Greater(marks, b.Like(marks, 0));
  return b.InFloat32(self, [&](Value x) {
    const Value factor = FactorBelow(b, Norm(b, x, norm_type, {1}, true), max_norm);
    return b.Where(is_named, b.Mul(x, factor), x);
  });
}

// Σ input1[i] weight[k, i, j] input2[j] + bias[k]
Value Bilinear(Builder& b, Value input1, Value input2, Value weight, Value bias) {
  if (input1.rank() < 1 || input2.rank() < 1 || weight.rank() != 3)
    return b.Unsupported("input1 has rank {}, input2 {} and weight {}, wanted at least 1 and 3 for weight", input1.rank(),
                         input2.rank(), weight.rank());
  const Value x = Wide(b, input1), y = Wide(b, input2), w = Wide(b, weight);
  const Dim outputs = w.dim(0), left = w.dim(1), right = w.dim(2);
  const Value flat = b.Reshape(b.Transpose(w, {.perm = {1, 0, 2}}), {left, b.Multiply(outputs, right)});
  Dims sizes = x.dims();
  sizes.pop_back();
  sizes.push_back(outputs);
  sizes.push_back(right);
  const Value halfway = b.Reshape(b.MatMul(x, flat), sizes);
  const Value sums = b.ReduceSum(b.Mul(halfway, b.Unsqueeze(y, {-2})), {x.rank()}, false);
  return b.ToType(bias ? b.Add(sums, Wide(b, bias)) : sums, input1.dtype());
}

constexpr Lowering kTable[] = {
    Lower<CosineSimilarity>("aten::cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor"),
    Lower<PairwiseDistance>(
        "aten::pairwise_distance(Tensor x1, Tensor x2, float p=2., float eps=9.9999999999999995e-07, bool "
        "keepdim=False) -> Tensor"),
    Lower<Dist>("aten::dist(Tensor self, Tensor other, Scalar p=2) -> Tensor"),
    Lower<LinalgVecdot>("aten::linalg_vecdot(Tensor x, Tensor y, *, int dim=-1) -> Tensor"),
    Lower<Cdist>("aten::cdist(Tensor x1, Tensor x2, float p=2., int? compute_mode=None) -> Tensor"),
    Lower<Cdist>("aten::_cdist_forward(Tensor x1, Tensor x2, float p, int? compute_mode) -> Tensor"),
    Lower<Pdist>("aten::pdist(Tensor self, float p=2.) -> Tensor"),
    Lower<Pdist>("aten::_pdist_forward(Tensor self, float p=2.) -> Tensor"),
    Lower<Renorm>("aten::renorm(Tensor self, Scalar p, int dim, Scalar maxnorm) -> Tensor"),
    Lower<EmbeddingRenorm>(
        "aten::embedding_renorm(Tensor self, Tensor indices, float max_norm, float norm_type) -> Tensor"),
    Lower<Bilinear>("aten::bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor"),
};

}  // namespace

std::span<const Lowering> DistanceLowerings() { return kTable; }

}  // namespace fairlead::aten
