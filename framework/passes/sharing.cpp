#include "passes/sharing.hpp"

#include <algorithm>

#include "aten/schema.hpp"
#include "passes/node_edit.hpp"

namespace fairlead {
namespace {

// A product of a number and symbols: "6*s77*s1". Sizes and strides of dense tensors are such products.
struct Product {
  int64_t factor = 1;
  std::vector<std::string> symbols;  // sorted
  friend bool operator==(const Product&, const Product&) = default;
};

// Empty when the factor overflows.
std::optional<Product> Times(Product product, const Dim& dim) {
  if (dim.IsUnknown()) return std::nullopt;
  if (dim.IsStatic()) {
    if (__builtin_mul_overflow(product.factor, dim.size(), &product.factor)) return std::nullopt;
    return product;
  }
  // Cut at the "*" outside of parentheses; whatever stands between them is one symbol.
  const std::string& text = dim.expression();
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : '*';
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c != '*' || depth != 0) continue;
    std::string part = text.substr(start, i - start);
    std::erase(part, ' ');
    start = i + 1;
    const bool number =
        !part.empty() && part.size() < 18 && std::ranges::all_of(part, [](char d) { return d >= '0' && d <= '9'; });
    if (number && __builtin_mul_overflow(product.factor, std::stoll(part), &product.factor)) return std::nullopt;
    if (!number) product.symbols.push_back(std::move(part));
  }
  std::ranges::sort(product.symbols);
  return product;
}

bool IsOne(const Dim& dim) { return dim.IsStatic() && dim.size() == 1; }

bool AllStatic(const std::vector<Dim>& dims) { return std::ranges::all_of(dims, &Dim::IsStatic); }

bool HasNoElements(const Dims& dims) {
  return std::ranges::any_of(dims, [](const Dim& dim) { return dim.IsStatic() && dim.size() == 0; });
}

// The rule of at::detail::computeStride: the input's dimensions fall into groups that are dense within; each group must be
// a whole number of the wanted sizes. Static sizes only.
bool ViewableStatic(const Type& type, const Dims& wanted) {
  const Dims& dims = *type.dims;
  auto next = static_cast<int64_t>(wanted.size()) - 1;
  int64_t group_stride = type.strides.back().size(), group_size = 1, view_size = 1;
  for (auto i = static_cast<int64_t>(dims.size()) - 1; i >= 0; --i) {
    if (__builtin_mul_overflow(group_size, dims[i].size(), &group_size)) return false;
    int64_t dense = 0;
    const bool group_ends =
        i == 0 || (dims[i - 1].size() != 1 &&
                   (__builtin_mul_overflow(group_size, group_stride, &dense) || type.strides[i - 1].size() != dense));
    if (!group_ends) continue;
    while (next >= 0 && (view_size < group_size || wanted[next].size() == 1))
      if (__builtin_mul_overflow(view_size, wanted[next--].size(), &view_size)) return false;
    if (view_size != group_size) return false;
    if (i > 0) {
      group_stride = type.strides[i - 1].size();
      group_size = view_size = 1;
    }
  }
  return next == -1;
}

const Type* TypeOfArgument(const Graph& graph, const Node& node, std::string_view name) {
  const std::vector<ValueId> values = ArgumentValues(node, name);
  return values.empty() || values[0] == kNoValue ? nullptr : &graph.value(values[0]).type;
}

const Type* TypeOfOutput(const Graph& graph, const Node& node) {
  return node.outputs.empty() || node.outputs[0] == kNoValue ? nullptr : &graph.value(node.outputs[0]).type;
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

Sharing IdentityIf(bool condition) { return condition ? Sharing::kIdentity : Sharing::kNone; }

// Operators that answer their argument when nothing changes, judged by the recorded types.
Sharing SharingByTypes(const Node& node, const Type& input, const Type& output) {
  const std::string& type = node.op.type;
  if (!input.IsTensor() || !output.IsTensor()) return Sharing::kUnknown;
  if (type == "type_as") return IdentityIf(input.dtype == output.dtype);
  if (type == "to") {
    const bool copies = BoolArgument(node, "copy").value_or(false);
    return IdentityIf(input.dtype == output.dtype && !copies && input.strides == output.strides);
  }
  if (type == "contiguous") return IdentityIf(input.strides == output.strides);
  if (type == "sum_to_size") return IdentityIf(input.dtype == output.dtype && input.dims && input.dims == output.dims);
  if (IsOneOf(type, {"conj", "resolve_conj", "resolve_neg", "real"})) {
    if (!IsComplex(input.dtype)) return Sharing::kIdentity;
    return type.starts_with("resolve") ? Sharing::kUnknown : Sharing::kView;
  }
  if (!output.dims) return Sharing::kUnknown;
  // reshape and its relatives. A copy starts at offset 0 of new memory.
  if (input.storage_offset.IsStatic() && output.storage_offset.IsStatic() && input.storage_offset != output.storage_offset)
    return Sharing::kNone;
  return SharingOfReshape(input, *output.dims);
}

}  // namespace

bool IsContiguous(const Type& type) {
  if (!type.dims) return false;
  if (type.strides.empty()) return true;
  if (type.strides.size() != type.dims->size()) return false;
  if (HasNoElements(*type.dims)) return true;
  Product expected;
  for (std::size_t i = type.dims->size(); i-- > 0;) {
    if (IsOne((*type.dims)[i])) continue;
    if (Times({}, type.strides[i]) != expected) return false;
    const std::optional<Product> next = Times(std::move(expected), (*type.dims)[i]);
    if (!next) return false;
    expected = *next;
  }
  return true;
}

Sharing SharingOfReshape(const Type& type, const Dims& dims) {
  if (IsContiguous(type)) return Sharing::kView;
  if (!type.dims || type.strides.size() != type.dims->size() || type.dims->empty()) return Sharing::kUnknown;
  if (*type.dims == dims) return Sharing::kView;
  if (!AllStatic(*type.dims) || !AllStatic(type.strides) || !AllStatic(dims)) return Sharing::kUnknown;
  return ViewableStatic(type, dims) ? Sharing::kView : Sharing::kNone;
}

std::string AliasedArgument(const OpName& op) {
  const AtenSchema* schema = FindSchema(op);
  if (!schema || schema->parameters.empty()) return {};
  for (const AtenParameter& parameter : schema->parameters)
    if (parameter.alias && !parameter.alias->is_write) return parameter.name;
  return schema->parameters[0].name;
}

Sharing SharingOf(const Graph& graph, const Node& node) {
  const ViewKind kind = ViewKindOf(node.op);
  if (kind == ViewKind::kNone) return Sharing::kNone;
  const std::string& type = node.op.type;
  if (IsOneOf(type, {"alias", "detach", "lift_fresh", "positive", "view_of"})) return Sharing::kIdentity;
  if (kind == ViewKind::kView) return Sharing::kView;
  if (IsOneOf(type, {"dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout"}))
    return IdentityIf(BoolArgument(node, "train") == false || FloatArgument(node, "p") == 0.0);
  if (type == "pin_memory") return Sharing::kNone;
  if (IsOneOf(type, {"atleast_1d", "atleast_2d", "atleast_3d", "broadcast_tensors", "imag", "meshgrid"}))
    return Sharing::kView;
  const Type* input = TypeOfArgument(graph, node, AliasedArgument(node.op));
  const Type* output = TypeOfOutput(graph, node);
  return input && output ? SharingByTypes(node, *input, *output) : Sharing::kUnknown;
}

}  // namespace fairlead
