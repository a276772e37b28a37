#include "passes/batching.hpp"

#include <algorithm>
#include <numeric>

#include "aten/schema.hpp"
#include "passes/view_inverse.hpp"

namespace fairlead {
namespace {

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

Node NodeOf(OpName op, SourceId source) {
  Node node{.op = std::move(op)};
  node.source = source;
  return node;
}

std::optional<int64_t> Wrapped(std::optional<int64_t> dim, int64_t rank) {
  if (!dim || *dim < -rank || *dim >= rank) return std::nullopt;
  return *dim < 0 ? *dim + rank : *dim;
}

}  // namespace

// ---- hidden dimensions -----------------------------------------------------------------------------------------------

const Batching::Levels& Batching::LevelsOf(ValueId value) const {
  static const Levels kNone;
  const auto found = levels_.find(value);
  return found == levels_.end() ? kNone : found->second;
}

bool Batching::IsBatched(const Node& node) const {
  return std::ranges::any_of(node.inputs, [&](ValueId value) { return value != kNoValue && levels_.contains(value); });
}

Batching::Levels Batching::Union(const std::vector<ValueId>& values) const {
  Levels out;
  for (const ValueId value : values)
    if (value != kNoValue) out.insert(out.end(), LevelsOf(value).begin(), LevelsOf(value).end());
  std::ranges::sort(out);
  const auto rest = std::ranges::unique(out);
  out.erase(rest.begin(), rest.end());
  return out;
}

int64_t Batching::LogicalRank(ValueId value) const {
  const int64_t rank = graph_.value(value).type.rank();
  return rank < 0 ? -1 : rank - static_cast<int64_t>(LevelsOf(value).size());
}

Status Batching::Refuse(const Node& node) const {
  return Error("FL2021", "torch.vmap over {} has no form here", ToString(node.op))
      .WithHint("Call program.run_decompositions() before torch.export.save.");
}

void Batching::Hide(ValueId value, const Levels& levels) {
  Type& type = graph_.value(value).type;
  type = WithoutStrides(std::move(type));
  if (levels.empty()) return;
  if (type.dims) {
    Dims dims;
    for (const int64_t level : levels) dims.push_back(sizes_[level]);
    dims.insert(dims.end(), type.dims->begin(), type.dims->end());
    type.dims = std::move(dims);
  }
  levels_[value] = levels;
}

ValueId Batching::Unsqueezed(ValueId value, std::size_t at, SourceId source) {
  Node node = NodeOf(AtenOp("unsqueeze"), source);
  GiveValue(node, "self", value);
  node.Set("dim", static_cast<int64_t>(at));
  Type type = WithoutStrides(graph_.value(value).type);
  if (type.dims && at <= type.dims->size()) type.dims->insert(type.dims->begin() + static_cast<std::ptrdiff_t>(at), Dim(1));
  return emitter_.Emit(std::move(node), std::move(type));
}

// `value` so that it broadcasts against others with `levels` and `rank` logical dimensions: size 1 where it has no
// dimension. Leading ones may be left out.
ValueId Batching::Aligned(ValueId value, const Levels& levels, int64_t rank, SourceId source) {
  const Levels own = LevelsOf(value);
  if (own.empty()) return value;
  for (int64_t missing = rank - LogicalRank(value); missing > 0; --missing) value = Unsqueezed(value, own.size(), source);
  std::size_t at = 0;
  for (const int64_t level : levels) {
    if (std::ranges::count(own, level) == 0 && at > 0)
      value = Unsqueezed(value, at++, source);
    else if (std::ranges::count(own, level) > 0)
      ++at;
  }
  return value;
}

Size Batching::SizeOf(ValueId value, std::size_t dim, SourceId source) {
  const Type& type = graph_.value(value).type;
  const Dim size = type.dims && dim < type.dims->size() ? (*type.dims)[dim] : Dim();
  if (size.IsStatic()) return size.size();
  Node node = NodeOf(AtenOp("sym_size", "int"), source);
  GiveValue(node, "self", value);
  node.Set("dim", static_cast<int64_t>(dim));
  return emitter_.Emit(std::move(node), SymIntType(size.expression()));
}

// ---- markers ---------------------------------------------------------------------------------------------------------

Status Batching::AddBatchDim(const Node& node) {
  const ValueId self = node.Argument("self");
  const std::optional<int64_t> level = IntArgument(node, "level");
  if (self == kNoValue || !level || node.outputs.size() != 1 || node.outputs[0] == kNoValue)
    return Error("FL1001", "a marker of torch.vmap lacks an argument");
  Levels levels = LevelsOf(self);
  const int64_t hidden = static_cast<int64_t>(levels.size()), rank = LogicalRank(self);
  const std::optional<int64_t> dim = Wrapped(IntArgument(node, "batch_dim"), rank);
  if (!dim || (!levels.empty() && levels.back() >= *level)) return Refuse(node);
  sizes_[*level] = (*graph_.value(self).type.dims)[static_cast<std::size_t>(hidden + *dim)];
  levels.push_back(*level);
  Node move = NodeOf(AtenOp("movedim", "int"), node.source);
  GiveValue(move, "self", self);
  move.Set("source", hidden + *dim);
  move.Set("destination", hidden);
  EmitNode(std::move(move), node, levels);
  return Ok();
}

Status Batching::RemoveBatchDim(const Node& node) {
  ValueId self = node.Argument("self");
  const std::optional<int64_t> level = IntArgument(node, "level");
  if (self == kNoValue || !level || node.outputs.size() != 1 || node.outputs[0] == kNoValue)
    return Error("FL1001", "a marker of torch.vmap lacks an argument");
  const Levels before = LevelsOf(self);
  const std::optional<int64_t> out = Wrapped(IntArgument(node, "out_dim"), LogicalRank(self) + 1);
  if (LogicalRank(self) < 0 || !out) return Refuse(node);
  Levels after = before;
  std::erase(after, *level);
  const auto at = static_cast<std::size_t>(static_cast<int64_t>(after.size()) + *out);
  if (after.size() != before.size()) {
    Node move = NodeOf(AtenOp("movedim", "int"), node.source);
    GiveValue(move, "self", self);
    move.Set("source", std::ranges::find(before, *level) - before.begin());
    move.Set("destination", static_cast<int64_t>(at));
    EmitNode(std::move(move), node, after);
    return Ok();
  }
  // The result does not depend on what was mapped over: the same for every one of them.
  self = Unsqueezed(self, at, node.source);
  std::vector<Size> sizes(static_cast<std::size_t>(graph_.value(self).type.rank()), int64_t{-1});
  if (const ValueId size = node.Argument("batch_size"); size != kNoValue)
    sizes[at] = size;
  else if (const std::optional<int64_t> number = IntArgument(node, "batch_size"))
    sizes[at] = *number;
  Node expand = NodeOf(AtenOp("expand"), node.source);
  GiveValue(expand, "self", self);
  GiveSizes(expand, "size", sizes);
  EmitNode(std::move(expand), node, after);
  return Ok();
}

// ---- rules -----------------------------------------------------------------------------------------------------------

// `node`, making what `from` made, with `levels` hidden in its results.
void Batching::EmitNode(Node node, const Node& from, const Levels& levels) {
  for (const ValueId output : from.outputs)
    if (output != kNoValue) Hide(output, levels);
  node.output_lists = from.output_lists;
  emitter_.EmitInto(std::move(node), from.outputs);
}

void Batching::EmitWith(const Node& node, const std::map<ValueId, ValueId>& replaced, const Levels& levels) {
  Node copy = node;
  for (ValueId& input : copy.inputs)
    if (const auto found = replaced.find(input); found != replaced.end()) input = found->second;
  EmitNode(std::move(copy), node, levels);
}

Status Batching::Apply(const Node& node) {
  const std::string& type = node.op.type;
  bool nested = false;
  ForEachSubgraph(node, [&](const Graph&) { nested = true; });
  const bool random = IsRandom(node.op) && BoolArgument(node, "train") != false;
  if (node.op.domain != "aten" || nested || random) return Refuse(node);
  if (IsPointwise(node.op)) return Pointwise(node);
  if (type.starts_with("new_")) {
    EmitWith(node, {}, {});
    return Ok();
  }
  if (IsOneOf(type, {"sum", "mean"}) && node.op.overload == "default")
    return ReducedFully(node, type, type == "sum" ? "dim_IntList" : "dim");
  if (IsOneOf(type, {"max", "min"}) && node.op.overload == "default")
    return ReducedFully(node, type == "max" ? "amax" : "amin", "default");
  if (IsOneOf(type, {"any", "all"}) && node.op.overload == "default") return ReducedFully(node, type, "dims");
  if (IsOneOf(type, {"transpose", "swapdims"})) return Shifted(node, {"dim0", "dim1"});
  if (type == "movedim" || type == "moveaxis") return Shifted(node, {"source", "destination"});
  if (type == "flatten" && node.op.overload == "using_ints") return Shifted(node, {"start_dim", "end_dim"});
  if (type == "permute" || type == "flip") return Shifted(node, {"dims"});
  if (IsOneOf(type, {"sum",     "mean",     "amax",        "amin",         "prod",      "any",     "all",
                     "softmax", "_softmax", "log_softmax", "_log_softmax", "cumsum",    "cumprod", "argmax",
                     "argmin",  "std",      "var",         "logsumexp",    "max",       "min",     "unsqueeze",
                     "squeeze", "select",   "slice",       "narrow",       "unbind",    "split",   "split_with_sizes",
                     "chunk",   "sort",     "argsort",     "topk",         "unflatten", "sym_size"}) &&
      FindSchema(node.op) && FindSchema(node.op)->Find("dim"))
    return Shifted(node, {"dim"});
  if (type == "view" && node.op.overload == "default") return Resized(node, "size");
  if (type == "reshape") return Resized(node, "shape");
  if (type == "expand") return ExpandedTo(node);
  if (type == "cat" || type == "stack") return Joined(node);
  if (IsOneOf(type, {"matmul", "dot"})) return Product(node, "self", type == "dot" ? "tensor" : "other");
  if (IsOneOf(type, {"mm", "bmm"})) return Product(node, "self", "mat2");
  if (type == "mv") return Product(node, "self", "vec");
  if (type == "linear") return Linear(node);
  if (type == "index" && node.op.overload == "Tensor") return Indexed(node);
  return Refuse(node);
}

Status Batching::Pointwise(const Node& node) {
  const Levels levels = Union(node.inputs);
  int64_t rank = 0;
  for (const ValueId input : node.inputs) {
    if (input == kNoValue || graph_.value(input).type.IsSymbolicNumber()) continue;
    if (LogicalRank(input) < 0) return Refuse(node);
    rank = std::max(rank, LogicalRank(input));
  }
  const ValueId self = node.inputs.empty() ? kNoValue : node.inputs[0];
  const bool in_place = FindSchema(node.op)->mutates();
  if (in_place && (self == kNoValue || LevelsOf(self) != levels || LogicalRank(self) != rank)) return Refuse(node);
  std::map<ValueId, ValueId> aligned;
  for (const ValueId input : node.inputs)
    if (input != kNoValue && !LevelsOf(input).empty()) aligned[input] = Aligned(input, levels, rank, node.source);
  EmitWith(node, aligned, levels);
  return Ok();
}

// Dimensions named by `dims` count from behind the hidden ones. Only "self" may be batched.
Status Batching::Shifted(const Node& node, std::initializer_list<std::string_view> dims) {
  const ValueId self = node.Argument("self");
  const Levels levels = self == kNoValue ? Levels{} : LevelsOf(self);
  const auto batched = std::ranges::count_if(node.inputs, [&](ValueId v) { return v != kNoValue && levels_.contains(v); });
  if (levels.empty() || batched != 1 || LogicalRank(self) < 1) {
    const bool grows = node.op.type == "unsqueeze" && !levels.empty() && batched == 1 && LogicalRank(self) == 0;
    if (!grows) return Refuse(node);
  }
  const auto hidden = static_cast<int64_t>(levels.size());
  Node shifted = node;
  for (const std::string_view name : dims) {
    std::optional<std::vector<int64_t>> values = IntsArgument(node, name);
    if (!values || values->empty()) return Refuse(node);
    for (int64_t& dim : *values) dim += dim >= 0 ? hidden : 0;
    if (node.op.type == "permute") {
      for (int64_t& dim : *values) dim += dim < 0 ? hidden + LogicalRank(self) : 0;
      std::vector<int64_t> kept(static_cast<std::size_t>(hidden));
      std::iota(kept.begin(), kept.end(), 0);
      values->insert(values->begin(), kept.begin(), kept.end());
    }
    const bool single = IntArgument(node, name).has_value();
    if (single)
      shifted.Set(name, (*values)[0]);
    else
      shifted.Set(name, *std::move(values));
  }
  EmitNode(std::move(shifted), node, node.op.type == "sym_size" ? Levels{} : levels);
  return Ok();
}

// Over all logical dimensions.
Status Batching::ReducedFully(const Node& node, std::string_view type, std::string_view overload) {
  const ValueId self = node.Argument("self");
  if (self == kNoValue || LogicalRank(self) < 1) return Refuse(node);
  const Levels levels = LevelsOf(self);
  std::vector<int64_t> dims(static_cast<std::size_t>(LogicalRank(self)));
  std::iota(dims.begin(), dims.end(), static_cast<int64_t>(levels.size()));
  Node reduced = NodeOf(AtenOp(type, overload), node.source);
  GiveValue(reduced, "self", self);
  reduced.Set("dim", std::move(dims));
  CopyArgument(node, "dtype", reduced);
  EmitNode(std::move(reduced), node, levels);
  return Ok();
}

Status Batching::Resized(const Node& node, std::string_view sizes) {
  const ValueId self = node.Argument("self");
  const std::optional<std::vector<Size>> wanted = SizesArgument(node, sizes);
  if (self == kNoValue || !wanted || LevelsOf(self).empty()) return Refuse(node);
  std::vector<Size> all;
  for (std::size_t i = 0; i < LevelsOf(self).size(); ++i) all.push_back(SizeOf(self, i, node.source));
  all.insert(all.end(), wanted->begin(), wanted->end());
  Node resized = NodeOf(node.op, node.source);
  GiveValue(resized, "self", self);
  GiveSizes(resized, sizes, all);
  EmitNode(std::move(resized), node, LevelsOf(self));
  return Ok();
}

Status Batching::ExpandedTo(const Node& node) {
  ValueId self = node.Argument("self");
  const std::optional<std::vector<Size>> wanted = SizesArgument(node, "size");
  if (self == kNoValue || !wanted || LevelsOf(self).empty() || LogicalRank(self) < 0) return Refuse(node);
  const Levels levels = LevelsOf(self);
  const auto rank = static_cast<int64_t>(wanted->size());
  for (int64_t missing = rank - LogicalRank(self); missing > 0; --missing) {
    const ValueId wider = Unsqueezed(self, levels.size(), node.source);
    levels_[wider] = levels;
    self = wider;
  }
  std::vector<Size> all(levels.size(), int64_t{-1});
  all.insert(all.end(), wanted->begin(), wanted->end());
  Node expand = NodeOf(node.op, node.source);
  GiveValue(expand, "self", self);
  GiveSizes(expand, "size", all);
  EmitNode(std::move(expand), node, levels);
  return Ok();
}

// `value` with every dimension of `levels` in its real size.
ValueId Batching::Expanded(ValueId value, const Levels& levels, SourceId source) {
  const Levels own = LevelsOf(value);
  if (own == levels) return value;
  std::vector<Size> sizes;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const bool has = std::ranges::count(own, levels[i]) > 0;
    if (!has) value = Unsqueezed(value, i, source);
    // Another argument has this dimension; its size was recorded where it was hidden.
    sizes.push_back(has ? Size(int64_t{-1}) : Size(sizes_[levels[i]].size()));
  }
  const auto all = static_cast<std::size_t>(graph_.value(value).type.rank());
  sizes.resize(all, int64_t{-1});
  Node expand = NodeOf(AtenOp("expand"), source);
  GiveValue(expand, "self", value);
  GiveSizes(expand, "size", sizes);
  Type type = graph_.value(value).type;
  for (std::size_t i = 0; i < levels.size(); ++i) (*type.dims)[i] = sizes_[levels[i]];
  return emitter_.Emit(std::move(expand), std::move(type));
}

Status Batching::Joined(const Node& node) {
  const std::vector<ValueId> tensors = ArgumentValues(node, "tensors");
  const Levels levels = Union(tensors);
  const std::optional<int64_t> dim = IntArgument(node, "dim");
  for (const ValueId tensor : tensors) {
    if (tensor == kNoValue || LogicalRank(tensor) < 0) return Refuse(node);
    const bool sizes_known = std::ranges::all_of(levels, [&](int64_t level) { return sizes_[level].IsStatic(); });
    if (LevelsOf(tensor) != levels && !sizes_known) return Refuse(node);
  }
  if (!dim) return Refuse(node);
  std::vector<ValueId> expanded;
  for (const ValueId tensor : tensors) expanded.push_back(Expanded(tensor, levels, node.source));
  Node joined = NodeOf(node.op, node.source);
  GiveValues(joined, "tensors", expanded);
  joined.Set("dim", *dim + (*dim >= 0 ? static_cast<int64_t>(levels.size()) : 0));
  EmitNode(std::move(joined), node, levels);
  return Ok();
}

// A product of matrices and vectors as matmul of matrices: a vector on the left is a row, on the right a column.
Status Batching::Product(const Node& node, std::string_view left, std::string_view right) {
  ValueId a = node.Argument(left), b = node.Argument(right);
  if (a == kNoValue || b == kNoValue || LogicalRank(a) < 1 || LogicalRank(b) < 1) return Refuse(node);
  const Levels levels = Union({a, b});
  const bool row = LogicalRank(a) == 1, column = LogicalRank(b) == 1;
  const auto as_matrix = [&](ValueId value, bool add, std::size_t behind) {
    if (!add) return value;
    const Levels own = LevelsOf(value);
    const ValueId wider = Unsqueezed(value, own.size() + behind, node.source);
    if (!own.empty()) levels_[wider] = own;
    return wider;
  };
  a = as_matrix(a, row, 0);
  b = as_matrix(b, column, 1);
  const int64_t rank = std::max(LogicalRank(a), LogicalRank(b));
  Node product = NodeOf(AtenOp("matmul"), node.source);
  GiveValue(product, "self", Aligned(a, levels, rank, node.source));
  GiveValue(product, "other", Aligned(b, levels, rank, node.source));
  if (!row && !column) {
    EmitNode(std::move(product), node, levels);
    return Ok();
  }
  if (node.outputs.size() != 1 || node.outputs[0] == kNoValue) return Refuse(node);
  Type type = graph_.value(node.outputs[0]).type;
  if (!type.dims || (row && !column && type.dims->empty())) return Refuse(node);
  if (row) type.dims->insert(type.dims->end() - (column ? 0 : 1), Dim(1));
  if (column) type.dims->push_back(Dim(1));
  const ValueId matrix = emitter_.Emit(std::move(product), Type());
  graph_.value(matrix).type = std::move(type);
  Hide(matrix, levels);
  Node squeeze = NodeOf(AtenOp("squeeze", "dims"), node.source);
  GiveValue(squeeze, "self", matrix);
  squeeze.Set("dim", row && column ? std::vector<int64_t>{-2, -1} : std::vector<int64_t>{row ? -2 : -1});
  EmitNode(std::move(squeeze), node, levels);
  return Ok();
}

// Weights that are not mapped over: the hidden dimensions of the input are more rows.
Status Batching::Linear(const Node& node) {
  const ValueId input = node.Argument("input");
  const bool only_input =
      input != kNoValue &&
      std::ranges::count_if(node.inputs, [&](ValueId v) { return v != kNoValue && levels_.contains(v); }) == 1 &&
      !LevelsOf(input).empty();
  if (!only_input) return Refuse(node);
  EmitWith(node, {}, LevelsOf(input));
  return Ok();
}

// x[i, j, …] where x is not mapped over: the indices are broadcast against each other, and their dimensions come first.
Status Batching::Indexed(const Node& node) {
  const ValueId self = node.Argument("self");
  const std::vector<ValueId> indices = ArgumentValues(node, "indices");
  if (self == kNoValue || !LevelsOf(self).empty() || std::ranges::count(indices, kNoValue) > 0) return Refuse(node);
  const Levels levels = Union(indices);
  int64_t rank = 0;
  for (const ValueId index : indices) {
    if (LogicalRank(index) < 0 || graph_.value(index).type.dtype == DType::kBool) return Refuse(node);
    rank = std::max(rank, LogicalRank(index));
  }
  std::vector<ValueId> aligned;
  for (const ValueId index : indices) aligned.push_back(Aligned(index, levels, rank, node.source));
  Node indexed = NodeOf(node.op, node.source);
  GiveValue(indexed, "self", self);
  GiveValues(indexed, "indices", aligned);
  EmitNode(std::move(indexed), node, levels);
  return Ok();
}

}  // namespace fairlead
