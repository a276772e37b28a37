// Products of matrices.
#include <algorithm>

#include "families.hpp"

namespace fairlead::aten {
namespace {

Value Product(Builder& b, Value self, Value other) { return b.MatMul(self, other); }

// input × weightᵀ + bias over the last axis of input.
Value Linear(Builder& b, Value input, Value weight, Value bias) {
  if (weight.rank() == 1) {
    const Value product = b.MatMul(input, weight);
    return bias ? b.Add(product, bias) : product;
  }
  if (weight.rank() != 2) return b.Unsupported("weight has rank {}", weight.rank());
  if (input.rank() == 2 && bias && bias.rank() <= 1 && IsFloat(input.dtype()))
    return b.Gemm(input, weight, bias, {.transB = 1});
  const Value product = b.MatMul(input, b.Transpose(weight, {.perm = {1, 0}}));
  return bias ? b.Add(product, bias) : product;
}

// beta * added + alpha * product. With beta = 0 torch does not look at `added`, not even at its NaNs.
Value Combined(Builder& b, Value added, Value product, const Scalar& beta, const Scalar& alpha) {
  const Value scaled = alpha.IsOne() ? product : b.Mul(product, b.Like(product, alpha));
  if (beta.IsZero()) return scaled;
  return b.Add(beta.IsOne() ? added : b.Mul(added, b.Like(added, beta)), scaled);
}

Value Addmm(Builder& b, Value self, Value mat1, Value mat2, Scalar beta, Scalar alpha) {
  if (beta.IsOne() && alpha.IsOne() && IsFloat(self.dtype()) && self.rank() <= 2) return b.Gemm(mat1, mat2, self);
  const Value product = b.MatMul(mat1, mat2);
  return beta.IsZero() ? b.Expand(Combined(b, self, product, beta, alpha), product.dims())
                       : Combined(b, self, product, beta, alpha);
}

Value AddProduct(Builder& b, Value self, Value first, Value second, Scalar beta, Scalar alpha) {
  return Combined(b, self, b.MatMul(first, second), beta, alpha);
}

// The products of all batches are added up.
Value Addbmm(Builder& b, Value self, Value batch1, Value batch2, Scalar beta, Scalar alpha) {
  return Combined(b, self, b.ReduceSum(b.MatMul(batch1, batch2), {0}, false), beta, alpha);
}

Value Outer(Builder& b, Value self, Value vec2) {
  const auto [x, y] = b.Promote(self, vec2);
  const Value column = b.Unsqueeze(x, {1});
  return x.dtype() == DType::kBool ? b.And(column, y) : b.Mul(column, y);
}

// beta * self + alpha * vec1 × vec2; of bools the sum is an or.
Value Addr(Builder& b, Value self, Value vec1, Value vec2, Scalar beta, Scalar alpha) {
  const auto [added, x, y] = b.Promote(self, vec1, vec2);
  const Value column = b.Unsqueeze(x, {1});
  if (added.dtype() != DType::kBool) return Combined(b, added, b.Mul(column, y), beta, alpha);
  Value product = b.And(column, y);
  if (alpha.IsZero()) product = b.And(product, b.Like(product, false));
  return beta.IsZero() ? product : b.Or(added, product);
}

// Labels, commas, arrows, and three dots once in a term. ONNX's inference does not come to an end of other dots.
bool IsEquation(std::string_view text) {
  bool dotted = false;
  while (!text.empty()) {
    const bool label = (text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z');
    const std::size_t size = label || text[0] == ',' || text[0] == ' ' ? 1
                             : text.starts_with("->")                  ? 2
                             : text.starts_with("...")                 ? 3
                                                                       : 0;
    if (size == 0 || (size == 3 && dotted)) return false;
    dotted = size == 3 || (dotted && label) || (dotted && text[0] == ' ');
    text.remove_prefix(size);
  }
  return true;
}

// An equation without an output stands for the labels that occur once, capitals first. Written out, because runtimes
// disagree on capitals there.
std::string WithOutput(std::string_view equation) {
  std::string text;
  for (const char c : equation)
    if (c != ' ') text.push_back(c);
  if (text.find("->") != std::string::npos) return text;
  std::string output = text.find("...") == std::string::npos ? "->" : "->...";
  for (const char label : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
    if (std::ranges::count(text, label) == 1) output.push_back(label);
  return text + output;
}

Value Einsum(Builder& b, std::string_view equation, Values tensors, NoEffect<std::optional<Ints>> /*path*/) {
  if (!IsEquation(equation)) return b.Unsupported("equation='{}'", equation.substr(0, 100));
  // A sum of one operand is a sum: of small integers and bools in int64.
  const auto recorded = b.ResultType();
  std::vector<Value> operands = tensors.ToVector();
  if (operands.size() == 1 && recorded.dtype == DType::kInt64) operands[0] = b.ToType(operands[0], DType::kInt64);
  return b.Einsum(operands, {.equation = WithOutput(equation)});
}

Value IntegerProduct(Builder& b, Value self, Value mat2) { return b.MatMulInteger(self, mat2); }

#define FL_BETA_ALPHA "*, Scalar beta=1, Scalar alpha=1) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<Linear>("aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor"),
    Lower<Product>("aten::matmul(Tensor self, Tensor other) -> Tensor"),
    Lower<Product>("aten::mm(Tensor self, Tensor mat2) -> Tensor"),
    Lower<IntegerProduct>("aten::_int_mm(Tensor self, Tensor mat2) -> Tensor"),
    Lower<Product>("aten::bmm(Tensor self, Tensor mat2) -> Tensor"),
    Lower<Product>("aten::mv(Tensor self, Tensor vec) -> Tensor"),
    Lower<Product>("aten::dot(Tensor self, Tensor tensor) -> Tensor"),
    Lower<Product>("aten::vdot(Tensor self, Tensor other) -> Tensor"),
    Lower<Addmm>("aten::addmm(Tensor self, Tensor mat1, Tensor mat2, " FL_BETA_ALPHA),
    Lower<AddProduct>("aten::addmv(Tensor self, Tensor mat, Tensor vec, " FL_BETA_ALPHA),
    Lower<AddProduct>("aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, " FL_BETA_ALPHA),
    Lower<Addbmm>("aten::addbmm(Tensor self, Tensor batch1, Tensor batch2, " FL_BETA_ALPHA),
    Lower<Outer>("aten::outer(Tensor self, Tensor vec2) -> Tensor"),
    Lower<Addr>("aten::addr(Tensor self, Tensor vec1, Tensor vec2, " FL_BETA_ALPHA),
    Lower<Einsum>("aten::einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor"),
};

}  // namespace

std::span<const Lowering> MatrixLowerings() { return kTable; }

}  // namespace fairlead::aten
