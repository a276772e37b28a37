// Systems of linear equations, inverses, determinants and Cholesky's factors, by elimination column after column in a Loop.
// torch raises where a matrix is singular or not positive definite; here the result is not a number.
#include <algorithm>
#include <cmath>
#include <functional>

#include "families.hpp"

namespace fairlead::aten {
namespace {

Dims BatchOf(Builder& b, Value matrices) {
  if (matrices.rank() < 2) b.Unsupported("a matrix has rank {}, wanted at least 2", matrices.rank());
  b.StopIfFailed();
  Dims dims = matrices.dims();
  dims.resize(dims.size() - 2);
  return dims;
}

Dims Extended(Dims batch, std::initializer_list<Dim> more) {
  batch.insert(batch.end(), more);
  return batch;
}

// [batch…, rows, columns] → [batch, rows, columns]
Value OneBatch(Builder& b, Value matrices) {
  return b.Reshape(matrices, Dims{b.Product(BatchOf(b, matrices)), matrices.dim(-2), matrices.dim(-1)});
}

Value Transposed(Builder& b, Value matrices) { return b.Aten("aten::mT", {{"self", matrices}}); }

bool Refuses(Builder& b, Value matrices) {
  if (matrices.rank() < 2) b.Unsupported("A has rank {}, wanted at least 2", matrices.rank());
  const DType type = matrices.dtype();
  if (type != DType::kFloat && type != DType::kDouble) b.Unsupported("A has dtype {}, wanted float or double", type);
  return matrices.rank() < 2 || (type != DType::kFloat && type != DType::kDouble);
}

Value Identities(Builder& b, Value matrices) {
  const Dim n = matrices.dim(-1);
  return b.Expand(b.EyeLike(b.Zeros({n, n}, matrices.dtype())), matrices.dims());
}

// What one column of the elimination tells: its number, and for each matrix the pivot and whether rows were swapped.
struct Pivot {
  Value column, value, swapped;  // int64 scalar, [batch], bool [batch]
};
using Account = std::function<std::vector<Value>(const Pivot&, std::span<const Value>)>;

// Gauss and Jordan: the first n columns of `rows` [batch, n, width] become the identity, with the largest pivots of each
// column. Answers the rows, then the states that `account` keeps.
std::vector<Value> Eliminate(Builder& b, Value rows, std::vector<Value> states, const Account& account) {
  const Value numbers = b.Unsqueeze(b.Iota(rows.dim(1)), {0});  // [1, n]
  states.insert(states.begin(), rows);
  return b.Loop(b.ToValue(rows.dim(1)), {}, states, [&](Value k, Value, std::span<const Value> given) {
    const Value m = given[0];
    const Value sizes = b.Abs(b.Gather(m, k, {.axis = 2}));
    const Value open = b.Where(b.GreaterOrEqual(numbers, k), sizes, b.Like(sizes, -1));
    const Value best = b.ArgMax(open, {.axis = 1});  // [batch, 1]
    const Value chosen = b.GatherND(m, best, {.batch_dims = 1});
    const Value pivot = b.Gather(chosen, k, {.axis = 1});
    const Value is_best = b.Unsqueeze(b.Equal(numbers, best), {2}), is_k = b.Unsqueeze(b.Equal(numbers, k), {2});
    const Value swapped = b.Where(is_best, b.Unsqueeze(b.Gather(m, k, {.axis = 1}), {1}), m);
    // A pivot of zero leaves the column as it is: the determinant is zero then.
    const Value divisor = b.Where(b.Equal(pivot, b.Like(pivot, 0)), b.Like(pivot, 1), pivot);
    const Value row = b.Unsqueeze(b.Div(chosen, b.Unsqueeze(divisor, {1})), {1});
    const Value factors = b.Unsqueeze(b.Gather(swapped, k, {.axis = 2}), {2});
    const Value reduced = b.Sub(swapped, b.Mul(factors, row));
    LoopStep step;
    step.states = account({k, pivot, b.Not(b.Equal(b.Squeeze(best, {1}), k))}, given.subspan(1));
    step.states.insert(step.states.begin(), b.Where(is_k, row, reduced));
    return step;
  });
}

// ---- equations ----

struct Solution {
  Value x, info;  // [batch…, n, columns], and int32 [batch…]: the first column without a pivot, counted from 1
};

// A X = B; sizes before the last two are broadcast.
Solution Solved(Builder& b, Value A, Value B) {
  const Dims batch_of_b = BatchOf(b, B);
  const Value a = b.Expand(A, Extended(batch_of_b, {1, 1})), right = b.Expand(B, Extended(BatchOf(b, a), {1, 1}));
  const Value rows = OneBatch(b, b.Concat({a, right}, {.axis = -1}));
  const Value none = b.Expand(b.Constant(0, DType::kInt32), b.ShapeOf({rows.dim(0)}));
  const std::vector<Value> out =
      Eliminate(b, rows, {none}, [&](const Pivot& pivot, std::span<const Value> states) -> std::vector<Value> {
        const Value fails = b.And(b.Equal(pivot.value, b.Like(pivot.value, 0)), b.Equal(states[0], b.Like(states[0], 0)));
        const Value number = b.Add(b.ToType(pivot.column, DType::kInt32), b.Like(states[0], 1));
        return {b.Where(fails, number, states[0])};
      });
  const Value x = b.Slice(out[0], 2, a.dim(-1), b.Plus(a.dim(-1), right.dim(-1)));
  const Value fails = b.Not(b.Equal(out[1], b.Like(out[1], 0)));
  const Value known = b.Where(b.Unsqueeze(fails, {1, 2}), b.Like(x, NAN), x);
  return {b.Reshape(known, right.dims()), b.Reshape(out[1], BatchOf(b, right))};
}

std::array<Value, 2> SolveEx(Builder& b, Value A, Value B, bool left, NoEffect<bool> /*check_errors*/) {
  if (Refuses(b, A)) return {};
  bool is_vector = B.rank() == 1;
  if (B.rank() == A.rank() - 1 && !is_vector) {
    is_vector = true;
    for (int axis = 0; axis < B.rank(); ++axis) is_vector = is_vector && b.SameDim(A, axis, B, axis);
  }
  if (is_vector && !left) return b.Unsupported("left=false with a vector");
  if (is_vector) B = b.Unsqueeze(B, {B.rank()});
  Solution s = left ? Solved(b, A, B) : Solved(b, Transposed(b, A), Transposed(b, B));
  if (!left) s.x = Transposed(b, s.x);
  return {is_vector ? b.Squeeze(s.x, {s.x.rank() - 1}) : s.x, s.info};
}
Value Solve(Builder& b, Value A, Value B, bool left) { return SolveEx(b, A, B, left, {})[0]; }

std::array<Value, 2> InvEx(Builder& b, Value A, NoEffect<bool> /*check_errors*/) {
  if (Refuses(b, A)) return {};
  const Solution s = Solved(b, A, Identities(b, A));
  return {s.x, s.info};
}
Value Inv(Builder& b, Value A) { return InvEx(b, A, {})[0]; }

// One triangle of the matrices, with ones on the diagonal where those are not read.
Value Triangle(Builder& b, Value A, bool upper, bool unitriangular) {
  const Value kept = b.Trilu(A, {}, {.upper = upper});
  if (!unitriangular) return kept;
  return b.Add(b.Trilu(A, b.Constant(upper ? 1 : -1, DType::kInt64), {.upper = upper}), Identities(b, A));
}

Value SolveTriangular(Builder& b, Value self, Value B, bool upper, bool left, bool unitriangular) {
  if (Refuses(b, self)) return {};
  const Value triangle = Triangle(b, self, upper, unitriangular);
  return left ? Solved(b, triangle, B).x : Transposed(b, Solved(b, Transposed(b, triangle), Transposed(b, B)).x);
}

std::array<Value, 2> TriangularSolve(Builder& b, Value self, Value A, bool upper, bool transpose, bool unitriangular) {
  if (Refuses(b, A)) return {};
  const Value triangle = Triangle(b, A, upper, unitriangular);
  const Value coefficients = b.Expand(A, Extended(BatchOf(b, self), {1, 1}));
  return {Solved(b, transpose ? Transposed(b, triangle) : triangle, self).x, coefficients};
}

// The first `ind` axes are the rows.
Value TensorInv(Builder& b, Value self, int64_t ind) {
  const Dims dims = self.dims();
  if (ind <= 0 || ind > std::ssize(dims)) return b.Unsupported("ind={} for a tensor of rank {}", ind, self.rank());
  const Dims rows(dims.begin(), dims.begin() + ind);
  Dims result(dims.begin() + ind, dims.end());
  const Value inverse = Inv(b, b.Reshape(self, Dims{b.Product(rows), b.Product(result)}));
  result.insert(result.end(), rows.begin(), rows.end());
  return b.Reshape(inverse, result);
}

Value TensorSolve(Builder& b, Value self, Value other, std::optional<Ints> dims) {
  Value a = self;
  if (dims) {
    std::vector<int64_t> order, moved = b.Axes(*dims, self.rank());
    for (int axis = 0; axis < self.rank(); ++axis)
      if (std::ranges::find(moved, axis) == moved.end()) order.push_back(axis);
    order.insert(order.end(), moved.begin(), moved.end());
    a = b.Transpose(self, {.perm = order});
  }
  const Dims sizes = a.dims();
  if (other.rank() < 0 || other.rank() > a.rank())
    return b.Unsupported("self has rank {}, other {}", self.rank(), other.rank());
  const Dims result(sizes.begin() + other.rank(), sizes.end());
  const Dim n = b.Product(other.dims());
  return b.Reshape(Solve(b, b.Reshape(a, Dims{n, b.Product(result)}), b.Reshape(other, Dims{n}), true), result);
}

// ---- determinants ----

// Signs and logarithms of the absolute determinants.
std::array<Value, 2> Slogdet(Builder& b, Value A) {
  if (Refuses(b, A)) return {};
  const Value rows = OneBatch(b, A);
  const Value one = b.Full({rows.dim(0)}, 1, A.dtype()), zero = b.Full({rows.dim(0)}, 0, A.dtype());
  const std::vector<Value> out =
      Eliminate(b, rows, {one, zero}, [&](const Pivot& pivot, std::span<const Value> states) -> std::vector<Value> {
        const Value sign = b.Mul(states[0], b.Sign(pivot.value));
        return {b.Where(pivot.swapped, b.Neg(sign), sign), b.Add(states[1], b.Log(b.Abs(pivot.value)))};
      });
  return {b.Reshape(out[1], BatchOf(b, A)), b.Reshape(out[2], BatchOf(b, A))};
}

Value Logdet(Builder& b, Value A) {
  const auto [sign, logarithm] = Slogdet(b, A);
  return b.Where(b.Less(sign, b.Like(sign, 0)), b.Like(logarithm, NAN), logarithm);
}

Value Det(Builder& b, Value A) {
  if (Refuses(b, A)) return {};
  // Runtimes have the operator for floats only.
  if (A.dtype() == DType::kFloat && A.static_dim(-1).value_or(0) > 0) return b.Det(A);
  const Value rows = OneBatch(b, A);
  const std::vector<Value> out = Eliminate(b, rows, {b.Full({rows.dim(0)}, 1, A.dtype())},
                                           [&](const Pivot& pivot, std::span<const Value> states) -> std::vector<Value> {
                                             const Value product = b.Mul(states[0], pivot.value);
                                             return {b.Where(pivot.swapped, b.Neg(product), product)};
                                           });
  return b.Reshape(out[1], BatchOf(b, A));
}

// ---- Cholesky ----

// L of A = L Lᵀ, read from the lower triangle, or U of A = Uᵀ U from the upper one; and the first order at which A is not
// positive definite, 0 if it is.
std::array<Value, 2> CholeskyEx(Builder& b, Value self, bool upper, NoEffect<bool> /*check_errors*/) {
  if (Refuses(b, self)) return {};
  const Value rest = OneBatch(b, upper ? Transposed(b, self) : self), numbers = b.Iota(rest.dim(1));
  const Value none = b.Expand(b.Constant(0, DType::kInt32), b.ShapeOf({rest.dim(0)}));
  const std::vector<Value> out =
      b.Loop(b.ToValue(rest.dim(1)), {}, {rest, b.Zeros(rest.dims(), self.dtype()), none},
             [&](Value k, Value, std::span<const Value> given) {
               const Value column = b.Gather(given[0], k, {.axis = 2});                  // [batch, n]
               const Value square = b.Gather(column, b.Unsqueeze(k, {0}), {.axis = 1});  // [batch, 1]
               const Value below = b.GreaterOrEqual(b.Unsqueeze(numbers, {0}), k);
               const Value scaled = b.Where(below, b.Div(column, b.Sqrt(square)), b.Like(column, 0));
               const Value product = b.Mul(b.Unsqueeze(scaled, {2}), b.Unsqueeze(scaled, {1}));
               const Value positive = b.Greater(b.Squeeze(square, {1}), b.Constant(0, self.dtype()));
               const Value failed = b.And(b.Not(positive), b.Equal(given[2], b.Like(given[2], 0)));
               const Value number = b.Add(b.ToType(k, DType::kInt32), b.Like(given[2], 1));
               LoopStep step;
               step.states = {b.Sub(given[0], product), b.Where(b.Equal(numbers, k), b.Unsqueeze(scaled, {2}), given[1]),
                              b.Where(failed, number, given[2])};
               return step;
             });
  const Value factor = b.Reshape(out[1], self.dims());
  return {upper ? Transposed(b, factor) : factor, b.Reshape(out[2], BatchOf(b, self))};
}
Value Cholesky(Builder& b, Value self, bool upper) { return CholeskyEx(b, self, upper, {})[0]; }

// A X = B where A is given by its factor: two triangles, one after the other.
Value CholeskySolve(Builder& b, Value self, Value input2, bool upper) {
  if (Refuses(b, input2)) return {};
  const Value triangle = Triangle(b, input2, upper, false), other = Transposed(b, triangle);
  return Solved(b, upper ? triangle : other, Solved(b, upper ? other : triangle, self).x).x;
}
Value CholeskyInverse(Builder& b, Value self, bool upper) {
  return Refuses(b, self) ? Value() : CholeskySolve(b, Identities(b, self), self, upper);
}

constexpr Lowering kTable[] = {
    Lower<Solve>("aten::linalg_solve(Tensor A, Tensor B, *, bool left=True) -> Tensor"),
    Lower<SolveEx>("aten::linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> "
                   "(Tensor result, Tensor info)"),
    Lower<SolveTriangular>("aten::linalg_solve_triangular(Tensor self, Tensor B, *, bool upper, bool left=True, "
                           "bool unitriangular=False) -> Tensor"),
    Lower<TriangularSolve>("aten::triangular_solve(Tensor self, Tensor A, bool upper=True, bool transpose=False, "
                           "bool unitriangular=False) -> (Tensor solution, Tensor cloned_coefficient)"),
    Lower<Inv>("aten::linalg_inv(Tensor A) -> Tensor"),
    Lower<InvEx>("aten::linalg_inv_ex(Tensor A, *, bool check_errors=False) -> (Tensor inverse, Tensor info)"),
    Lower<TensorInv>("aten::linalg_tensorinv(Tensor self, int ind=2) -> Tensor"),
    Lower<TensorSolve>("aten::linalg_tensorsolve(Tensor self, Tensor other, int[]? dims=None) -> Tensor"),
    Lower<Det>("aten::linalg_det(Tensor A) -> Tensor"),
    Lower<Slogdet>("aten::linalg_slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet)"),
    Lower<Logdet>("aten::logdet(Tensor self) -> Tensor"),
    Lower<Cholesky>("aten::linalg_cholesky(Tensor self, *, bool upper=False) -> Tensor"),
    Lower<Cholesky>("aten::cholesky(Tensor self, bool upper=False) -> Tensor"),
    Lower<CholeskyEx>("aten::linalg_cholesky_ex(Tensor self, *, bool upper=False, bool check_errors=False) -> "
                      "(Tensor L, Tensor info)"),
    Lower<CholeskySolve>("aten::cholesky_solve(Tensor self, Tensor input2, bool upper=False) -> Tensor"),
    Lower<CholeskyInverse>("aten::cholesky_inverse(Tensor self, bool upper=False) -> Tensor"),
};

}  // namespace

std::span<const Lowering> SolverLowerings() { return kTable; }

}  // namespace fairlead::aten
