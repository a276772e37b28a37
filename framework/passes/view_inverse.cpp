#include "passes/view_inverse.hpp"

#include <algorithm>
#include <numeric>

#include "passes/sharing.hpp"

namespace fairlead {
namespace {

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

// One write through one view.
class Inverse {
 public:
  Inverse(NodeEmitter& emitter, const Node& view, std::size_t result, ValueId parent, const Type& parent_type,
          ValueId written)
      : emitter_(emitter), view_(view), result_(result), parent_(parent), parent_type_(parent_type), written_(written) {}

  Result<ValueId> Emit() {
    const std::string& type = view_.op.type;
    if (type == "select") return Scatter("select_scatter", {"dim", "index"});
    if (type == "slice") return Scatter("slice_scatter", {"dim", "start", "end", "step"});
    if (IsOneOf(type, {"diagonal", "linalg_diagonal"})) return Diagonal();
    if (type == "narrow" && view_.op.overload == "default") return Narrow();
    if (type == "unbind") return Unbind();
    if (IsOneOf(type, {"split", "split_with_sizes", "chunk", "tensor_split", "hsplit", "vsplit", "dsplit"})) return Split();
    if (IsOneOf(type, {"t", "transpose", "swapaxes", "swapdims", "permute", "movedim", "moveaxis", "numpy_T", "mT", "mH",
                       "adjoint", "matrix_H"}))
      return Permute();
    if (type == "unsqueeze") return Unsqueeze();
    if (type == "view" && view_.op.overload == "dtype") return ViewDType();
    if (IsOneOf(type, {"view", "view_as", "reshape", "reshape_as", "_reshape_alias", "flatten", "unflatten", "ravel",
                       "squeeze", "atleast_1d", "atleast_2d", "atleast_3d", "collapse_view", "split_dim"}))
      return EmitViewAs(emitter_, written_, parent_type_, parent_, view_.source);
    if (IsOneOf(type, {"expand", "expand_as", "broadcast_to", "broadcast_in_dim"})) return Expand();
    if (IsOneOf(type, {"view_as_real", "view_as_complex", "_conj", "conj", "_neg_view"})) return Complex();
    if (IsOneOf(type, {"real", "imag"})) return Component();
    if (type == "as_strided") return Scatter("as_strided_scatter", {"size", "stride", "storage_offset"});
    return Refuse("the operator has no inverse");
  }

 private:
  Status Refuse(std::string_view why) const {
    return Error("FL5004", "a write through {} cannot be made functional: {}", ToString(view_.op), why);
  }

  Node Start(std::string_view type, std::string_view overload = "default") const {
    Node node{.op = AtenOp(type, overload)};
    node.source = view_.source;
    return node;
  }
  ValueId Finish(Node node) { return emitter_.Emit(std::move(node), WithoutStrides(parent_type_)); }

  Node StartScatter(std::string_view type) const {
    Node node = Start(type);
    GiveValue(node, "self", parent_);
    GiveValue(node, "src", written_);
    return node;
  }

  Result<ValueId> Scatter(std::string_view type, std::initializer_list<std::string_view> arguments) {
    Node node = StartScatter(type);
    for (const std::string_view argument : arguments) CopyArgument(view_, argument, node);
    return Finish(std::move(node));
  }

  Result<ValueId> Diagonal() {
    Node node = StartScatter("diagonal_scatter");
    for (const std::string_view argument : {"offset", "dim1", "dim2"})
      if (const std::optional<int64_t> value = IntArgument(view_, argument)) node.Set(argument, *value);
    return Finish(std::move(node));
  }

  // start and start + length as arguments of slice_scatter; the sum is a node where one of them is symbolic.
  Result<ValueId> Narrow() {
    const std::optional<int64_t> start = IntArgument(view_, "start"), length = IntArgument(view_, "length");
    Node node = StartScatter("slice_scatter");
    CopyArgument(view_, "dim", node);
    CopyArgument(view_, "start", node);
    if (start && length) {
      int64_t end = 0;
      if (__builtin_add_overflow(*start, *length, &end)) return Refuse("start + length overflows");
      node.Set("end", *start < 0 && end == 0 ? INT64_MAX : end);
      return Finish(std::move(node));
    }
    if (start && *start < 0) return Refuse("its start is negative and its length symbolic");
    Node sum{.op = {"python", "add", "default"}};
    sum.source = view_.source;
    CopyArgument(view_, "start", sum, "a");
    CopyArgument(view_, "length", sum, "b");
    GiveValue(node, "end", emitter_.Emit(std::move(sum), SymIntType()));
    return Finish(std::move(node));
  }

  Result<ValueId> Unbind() {
    Node node = StartScatter("select_scatter");
    node.Set("dim", IntArgument(view_, "dim").value_or(0));
    node.Set("index", static_cast<int64_t>(result_));
    return Finish(std::move(node));
  }

  // The dimension a split operator cuts.
  std::optional<int64_t> SplitDim() const {
    const std::string& type = view_.op.type;
    if (type == "hsplit") return parent_type_.rank() == 1 ? 0 : 1;
    if (type == "vsplit") return 0;
    if (type == "dsplit") return 2;
    return IntArgument(view_, "dim");
  }

  // Result k stands behind the results before it; all sizes are recorded.
  Result<ValueId> Split() {
    const std::optional<int64_t> given = SplitDim();
    const int64_t rank = parent_type_.rank();
    if (!given || rank <= 0 || *given < -rank || *given >= rank) return Refuse("the dimension it cuts is not known");
    const auto dim = static_cast<std::size_t>(*given < 0 ? *given + rank : *given);
    int64_t start = 0;
    ValueId symbolic_start = kNoValue;
    for (std::size_t i = 0; i < result_; ++i) FL_RETURN_IF_ERROR(Advance(i, dim, start, symbolic_start));
    Node node = StartScatter("slice_scatter");
    node.Set("dim", static_cast<int64_t>(dim));
    SetBound(node, "start", start, symbolic_start);
    FL_RETURN_IF_ERROR(Advance(result_, dim, start, symbolic_start));
    SetBound(node, "end", start, symbolic_start);
    return Finish(std::move(node));
  }

  // Adds the size of result `i` along `dim` to the position start + symbolic_start.
  Status Advance(std::size_t i, std::size_t dim, int64_t& start, ValueId& symbolic_start) {
    const ValueId output = i < view_.outputs.size() ? view_.outputs[i] : kNoValue;
    if (output == kNoValue) return Refuse("the size of a result is not recorded");
    const Type& type = emitter_.graph().value(output).type;
    if (!type.dims || dim >= type.dims->size()) return Refuse("the size of a result is not recorded");
    const Dim& size = (*type.dims)[dim];
    if (size.IsStatic()) return __builtin_add_overflow(start, size.size(), &start) ? Refuse("the sizes overflow") : Ok();
    Node measure = Start("sym_size", "int");
    GiveValue(measure, "self", output);
    measure.Set("dim", static_cast<int64_t>(dim));
    const ValueId value = emitter_.Emit(std::move(measure), SymIntType(size.expression()));
    symbolic_start = symbolic_start == kNoValue ? value : EmitSum(symbolic_start, value);
    return Ok();
  }

  ValueId EmitSum(ValueId a, ValueId b) {
    Node sum{.op = {"python", "add", "default"}};
    sum.source = view_.source;
    GiveValue(sum, "a", a);
    GiveValue(sum, "b", b);
    return emitter_.Emit(std::move(sum), SymIntType());
  }

  void SetBound(Node& node, std::string_view name, int64_t number, ValueId symbolic) {
    if (symbolic == kNoValue) return node.Set(name, number);
    if (number == 0) return GiveValue(node, name, symbolic);
    Node sum{.op = {"python", "add", "default"}};
    sum.source = view_.source;
    GiveValue(sum, "a", symbolic);
    sum.Set("b", number);
    GiveValue(node, name, emitter_.Emit(std::move(sum), SymIntType()));
  }

  // The permutation that makes the view of its parent; empty when it cannot be read.
  std::optional<std::vector<int64_t>> Permutation() const {
    const int64_t rank = parent_type_.rank();
    if (rank < 0) return std::nullopt;
    const auto wrap = [&](std::optional<int64_t> dim) -> std::optional<int64_t> {
      if (!dim || *dim < -std::max<int64_t>(rank, 1) || *dim >= std::max<int64_t>(rank, 1)) return std::nullopt;
      return *dim < 0 ? *dim + std::max<int64_t>(rank, 1) : *dim;
    };
    std::vector<int64_t> out(static_cast<std::size_t>(rank));
    std::iota(out.begin(), out.end(), 0);
    const std::string& type = view_.op.type;
    if (type == "permute" || view_.op.domain == "prims")
      return MovedTo(view_.op.domain == "prims" ? "permutation" : "dims", rank);
    if (type == "movedim" || type == "moveaxis") return Moved(rank);
    if (type == "numpy_T" || type == "t") return std::vector<int64_t>(out.rbegin(), out.rend());
    if (rank == 0) return out;
    const bool matrix = IsOneOf(type, {"mT", "mH", "adjoint", "matrix_H"});
    const bool axes = type == "swapaxes";
    const auto a = wrap(matrix ? -2 : IntArgument(view_, axes ? "axis0" : "dim0"));
    const auto b = wrap(matrix ? -1 : IntArgument(view_, axes ? "axis1" : "dim1"));
    if (!a || !b) return std::nullopt;
    std::swap(out[static_cast<std::size_t>(*a)], out[static_cast<std::size_t>(*b)]);
    return out;
  }

  std::optional<std::vector<int64_t>> Wrapped(std::string_view argument, int64_t rank) const {
    std::optional<std::vector<int64_t>> dims = IntsArgument(view_, argument);
    std::vector<bool> seen(static_cast<std::size_t>(rank));
    if (!dims) return std::nullopt;
    for (int64_t& dim : *dims) {
      if (dim < -rank || dim >= rank) return std::nullopt;
      dim += dim < 0 ? rank : 0;
      if (seen[static_cast<std::size_t>(dim)]) return std::nullopt;
      seen[static_cast<std::size_t>(dim)] = true;
    }
    return dims;
  }

  std::optional<std::vector<int64_t>> MovedTo(std::string_view argument, int64_t rank) const {
    std::optional<std::vector<int64_t>> dims = Wrapped(argument, rank);
    return dims && dims->size() == static_cast<std::size_t>(rank) ? dims : std::nullopt;
  }

  // movedim: source[i] goes to destination[i], the others keep their order.
  std::optional<std::vector<int64_t>> Moved(int64_t rank) const {
    const auto source = Wrapped("source", rank), destination = Wrapped("destination", rank);
    if (!source || !destination || source->size() != destination->size()) return std::nullopt;
    std::vector<int64_t> out(static_cast<std::size_t>(rank), -1);
    std::vector<bool> moved(out.size());
    for (std::size_t i = 0; i < source->size(); ++i) {
      out[static_cast<std::size_t>((*destination)[i])] = (*source)[i];
      moved[static_cast<std::size_t>((*source)[i])] = true;
    }
    std::size_t next = 0;
    for (int64_t& slot : out) {
      if (slot >= 0) continue;
      while (moved[next]) ++next;
      slot = static_cast<int64_t>(next++);
    }
    return out;
  }

  Result<ValueId> Permute() {
    if (IsComplex(parent_type_.dtype) && IsOneOf(view_.op.type, {"mH", "adjoint", "matrix_H"}))
      return Refuse("it conjugates complex numbers");
    const std::optional<std::vector<int64_t>> permutation = Permutation();
    if (!permutation) return Refuse("its dimensions cannot be read");
    std::vector<int64_t> inverse(permutation->size());
    for (std::size_t i = 0; i < inverse.size(); ++i)
      inverse[static_cast<std::size_t>((*permutation)[i])] = static_cast<int64_t>(i);
    Node node = Start("permute");
    GiveValue(node, "self", written_);
    node.Set("dims", std::move(inverse));
    return Finish(std::move(node));
  }

  Result<ValueId> Unsqueeze() {
    Node node = Start("squeeze", "dim");
    GiveValue(node, "self", written_);
    CopyArgument(view_, "dim", node);
    return Finish(std::move(node));
  }

  Result<ValueId> ViewDType() {
    const ValueId output = view_.outputs.empty() ? kNoValue : view_.outputs[0];
    if (output == kNoValue || BitWidth(emitter_.graph().value(output).type.dtype) != BitWidth(parent_type_.dtype))
      return Refuse("the element sizes differ");
    Node node = Start("view", "dtype");
    GiveValue(node, "self", written_);
    node.Set("dtype", parent_type_.dtype);
    return Finish(std::move(node));
  }

  // Writable only when nothing was really expanded.
  Result<ValueId> Expand() {
    const ValueId output = view_.outputs.empty() ? kNoValue : view_.outputs[0];
    const Type* type = output == kNoValue ? nullptr : &emitter_.graph().value(output).type;
    if (!type || !type->dims || !parent_type_.dims) return Refuse("the sizes are not recorded");
    const std::size_t more = type->dims->size() - std::min(type->dims->size(), parent_type_.dims->size());
    for (std::size_t i = 0; i < type->dims->size(); ++i)
      if ((*type->dims)[i] != (i < more ? Dim(1) : (*parent_type_.dims)[i - more]))
        return Refuse("several elements of it are one element in memory");
    return EmitViewAs(emitter_, written_, parent_type_, parent_, view_.source);
  }

  Result<ValueId> Complex() {
    const std::string_view type = view_.op.type;
    Node node = Start(type == "view_as_real"      ? "view_as_complex"
                      : type == "view_as_complex" ? "view_as_real"
                      : type == "_neg_view"       ? "neg"
                                                  : "conj");
    GiveValue(node, "self", written_);
    return Finish(std::move(node));
  }

  // The other component of the parent stays.
  Result<ValueId> Component() {
    if (!IsComplex(parent_type_.dtype)) return Refuse("its argument is not complex");
    const bool real = view_.op.type == "real";
    Type part = WithoutStrides(parent_type_);
    part.dtype = parent_type_.dtype == DType::kComplex64 ? DType::kFloat : DType::kDouble;
    Node other = Start(real ? "imag" : "real");
    GiveValue(other, "self", parent_);
    const ValueId kept = emitter_.Emit(std::move(other), std::move(part));
    Node node = Start("complex");
    GiveValue(node, "real", real ? written_ : kept);
    GiveValue(node, "imag", real ? kept : written_);
    return Finish(std::move(node));
  }

  NodeEmitter& emitter_;
  const Node& view_;
  const std::size_t result_;
  const ValueId parent_;
  const Type& parent_type_;
  const ValueId written_;
};

// The sizes as an argument of view: numbers, with -1 for one symbolic size. Empty when more than one is symbolic, or when a
// size is 0 and -1 would be open.
std::optional<std::vector<int64_t>> SizesWithOneOpen(const Type& type) {
  if (!type.dims) return std::nullopt;
  std::vector<int64_t> out;
  for (const Dim& dim : *type.dims) out.push_back(dim.size());
  const auto open = std::ranges::count(out, -1);
  if (open > 1 || (open == 1 && std::ranges::count(out, 0) > 0)) return std::nullopt;
  return out;
}

}  // namespace

Result<ValueId> WriteThroughView(NodeEmitter& emitter, const Node& view, std::size_t result, ValueId parent,
                                 const Type& parent_type, ValueId written) {
  return Inverse(emitter, view, result, parent, parent_type, written).Emit();
}

ValueId EmitViewAs(NodeEmitter& emitter, ValueId value, const Type& like, ValueId like_value, SourceId source) {
  const std::optional<std::vector<int64_t>> sizes = SizesWithOneOpen(like);
  Node node{.op = AtenOp(sizes ? "reshape" : "view_as")};
  node.source = source;
  GiveValue(node, "self", value);
  if (sizes)
    node.Set("shape", *sizes);
  else
    GiveValue(node, "other", like_value);
  return emitter.Emit(std::move(node), WithoutStrides(like));
}

Type WithoutStrides(Type type) {
  type.strides.clear();
  type.storage_offset = Dim(0);
  return type;
}

}  // namespace fairlead
