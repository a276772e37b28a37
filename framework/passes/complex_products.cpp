// Rules of products: f(x, y), linear in x and in y, is made of four real products.
#include <algorithm>

#include "passes/complex_rules.hpp"

namespace fairlead {
namespace {

// The names of the arguments that are multiplied; less than two: the archive lacks one.
std::vector<std::string_view> FactorNames(const Node& node) {
  if (node.Find("weight") != nullptr) return {"input", "weight"};
  std::vector<std::string_view> out;
  for (const std::string_view name :
       {"mat1", "mat", "vec1", "batch1", "mat2", "vec", "vec2", "batch2", "input", "x", "y", "other", "tensor"})
    if (node.Find(name) != nullptr) out.push_back(name);
  if (out.size() == 1) out.insert(out.begin(), "self");
  return out;
}

// The factors, by name or as a list of two.
std::vector<ValueId> FactorsOf(const Node& node, const std::vector<std::string_view>& names) {
  if (node.op.type == "einsum") return ArgumentValues(node, "tensors");
  std::vector<ValueId> out;
  for (const std::string_view name : names) out.push_back(node.Argument(name));
  return out;
}

}  // namespace

Status ComplexRules::Product(const Node& node) {
  const DType dtype = PartTypeOf(node);
  const std::vector<std::string_view> names = FactorNames(node);
  const std::vector<ValueId> factors = FactorsOf(node, names);
  if (node.op.type == "einsum" && factors.size() == 1) return Componentwise(node);
  if (factors.size() != 2 || std::ranges::count(factors, kNoValue) != 0)
    return Refuse(node, "it multiplies another number of tensors than two");
  Parts x = parts_.PartsOf(factors[0], dtype);
  const Parts y = parts_.PartsOf(factors[1], dtype);
  if (node.op.type == "vdot" || node.op.type == "linalg_vecdot") x = complex_.Conj(x);
  const ValueId bias = node.Argument("bias");
  const Parts added = bias == kNoValue ? Parts() : parts_.PartsOf(bias, dtype);
  const ValueId added_imag = bias == kNoValue ? kNoValue : parts_.Imag(added);
  const auto product = [&](ValueId a, ValueId b, ValueId c) {
    if (node.op.type != "einsum") return EmitWith(node, {{names[0], a}, {names[1], b}, {"bias", c}});
    Node out{.op = node.op};
    out.source = node.source;
    CopyArgument(node, "equation", out);
    GiveValues(out, "tensors", {a, b});
    CopyArgument(node, "path", out);
    return math_.Emit(std::move(out), Type(dtype, math_.TypeOf(node.outputs[0]).dims));
  };
  const ValueId real = product(x.real, y.real, added.real);
  if (x.IsReal() && y.IsReal() && added.IsReal()) return Give(node, {real});
  if (x.IsReal()) return Give(node, {real, product(x.real, parts_.Imag(y), added_imag)});
  if (y.IsReal()) return Give(node, {real, product(x.imag, y.real, added_imag)});
  return Give(node, {math_.Binary("sub", real, product(x.imag, y.imag, kNoValue)),
                     math_.Binary("add", product(x.real, y.imag, added_imag), product(x.imag, y.real, kNoValue))});
}

// beta · self + alpha · x y, whose four products are added one after the other where alpha and beta are real.
Status ComplexRules::AddedProduct(const Node& node) {
  const DType dtype = PartTypeOf(node);
  const std::vector<std::string_view> names = FactorNames(node);
  if (names.size() != 2) return Refuse(node, "it multiplies another number of tensors than two");
  const Parts sum = parts_.PartsOf(node.Argument("self"), dtype);
  const Parts x = parts_.PartsOf(node.Argument(names[0]), dtype), y = parts_.PartsOf(node.Argument(names[1]), dtype);
  const auto added = [&](ValueId to, ValueId a, ValueId b, double keep, double factor) {
    Node out = With(node, {{"self", to}, {names[0], a}, {names[1], b}});
    out.Set("beta", keep);
    out.Set("alpha", factor);
    return math_.Emit(std::move(out), Type(dtype, math_.TypeOf(node.outputs[0]).dims));
  };
  const auto whole = [&](double beta, double alpha) {
    const ValueId first = added(sum.real, x.real, y.real, beta, alpha);
    const ValueId second = added(parts_.Imag(sum), x.real, parts_.Imag(y), beta, alpha);
    return Parts{added(first, parts_.Imag(x), parts_.Imag(y), 1, -alpha), added(second, parts_.Imag(x), y.real, 1, alpha)};
  };
  const std::optional<double> alpha = FloatArgument(node, "alpha"), beta = FloatArgument(node, "beta");
  if (alpha && beta) return Give(node, whole(*beta, *alpha));
  const std::optional<Parts> kept = Scaled(node, "beta", sum), product = Scaled(node, "alpha", whole(0, 1));
  return kept && product ? Give(node, complex_.Add(*kept, *product)) : Refuse(node, "alpha or beta is no number");
}

}  // namespace fairlead
