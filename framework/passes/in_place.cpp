#include "passes/in_place.hpp"

#include <algorithm>

#include "passes/promotion.hpp"
#include "passes/sharing.hpp"
#include "passes/view_inverse.hpp"

namespace fairlead {
namespace {

using Kind = InPlaceForm::Kind;

bool HasRunningStatistics(const Node& node) {
  return node.Argument("running_mean") != kNoValue && node.Argument("running_var") != kNoValue;
}

// Operators without alias marks write when a flag says so.
bool WritesUnmarked(const Node& node) { return BoolArgument(node, "training") == true && HasRunningStatistics(node); }

class InPlaceEmitter {
 public:
  InPlaceEmitter(NodeEmitter& emitter, const Node& node, const InPlaceForm& form, const std::vector<Type>& types)
      : emitter_(emitter),
        graph_(emitter.graph()),
        node_(node),
        form_(form),
        types_(types),
        written_(WrittenValues(node, form)) {}

  Result<std::vector<NewValue>> Emit() {
    switch (form_.kind) {
      case Kind::kTwin: return Twin();
      case Kind::kCopy: return One(Coerced(node_.Argument("src"), types_[0], node_.Argument("self")));
      case Kind::kFill: return One(Fill());
      case Kind::kZero: return One(Like("zeros_like"));
      case Kind::kFillDiagonal: return FillDiagonal();
      case Kind::kInstanceNorm: return InstanceNorm();
      case Kind::kResize: return Resize();
    }
    return Error("FL1003", "it has no functional form");
  }

 private:
  Node Start(OpName op) const {
    Node node{.op = std::move(op)};
    node.source = node_.source;
    return node;
  }
  ValueId FirstResult() const { return node_.outputs.empty() ? kNoValue : node_.outputs[0]; }
  std::string NameOfResult() const { return FirstResult() == kNoValue ? "" : graph_.value(FirstResult()).name; }
  std::vector<NewValue> One(ValueId value) const { return {{value, FirstResult(), false}}; }

  ValueId Like(std::string_view type) {
    Node node = Start(AtenOp(type));
    GiveValue(node, "self", node_.Argument("self"));
    return emitter_.Emit(std::move(node), WithoutStrides(types_[0]), NameOfResult());
  }

  ValueId Fill() {
    if (const ValueId value = node_.Argument("value"); value != kNoValue && !graph_.value(value).type.IsSymbolicNumber())
      return Coerced(value, types_[0], node_.Argument("self"));
    Node node = Start(AtenOp("full_like"));
    GiveValue(node, "self", node_.Argument("self"));
    CopyArgument(node_, "value", node, "fill_value");
    return emitter_.Emit(std::move(node), WithoutStrides(types_[0]), NameOfResult());
  }

  // `value` cast to the dtype and expanded to the sizes of `like`, of which `like_value` is one.
  ValueId Coerced(ValueId value, const Type& like, ValueId like_value) {
    value = Cast(value, like, like_value);
    const Type& type = graph_.value(value).type;
    return type.dims && type.dims == like.dims ? value : Expanded(value, like, like_value);
  }

  ValueId Cast(ValueId value, const Type& like, ValueId like_value) {
    const Type type = graph_.value(value).type;
    if (type.dtype == like.dtype && type.IsTensor()) return value;
    Node node = Start(like.IsTensor() ? AtenOp("to", "dtype") : AtenOp("type_as"));
    GiveValue(node, "self", value);
    if (like.IsTensor())
      node.Set("dtype", like.dtype);
    else
      GiveValue(node, "other", like_value);
    return emitter_.Emit(std::move(node), Type(like.dtype, type.dims), NameOfResult());
  }

  ValueId Expanded(ValueId value, const Type& like, ValueId like_value) {
    const bool numbers = like.dims && std::ranges::all_of(*like.dims, &Dim::IsStatic);
    Node node = Start(AtenOp(numbers ? "expand" : "expand_as"));
    GiveValue(node, "self", value);
    if (numbers) {
      std::vector<int64_t> sizes;
      for (const Dim& dim : *like.dims) sizes.push_back(dim.size());
      node.Set("size", std::move(sizes));
    } else {
      GiveValue(node, "other", like_value);
    }
    return emitter_.Emit(std::move(node), WithoutStrides(like), NameOfResult());
  }

  // Other sizes over the same memory, whose first elements it keeps (ATen/native/Resize.h). The sizes are those recorded
  // for the result.
  Result<std::vector<NewValue>> Resize() {
    const Type& before = types_[0];
    if (FirstResult() == kNoValue) return Error("FL1001", "it has no result, whose sizes would be the new ones");
    Type after = WithoutStrides(graph_.value(FirstResult()).type);
    const std::optional<int64_t> had = before.ElementCount(), wanted = after.ElementCount();
    if (!had || !wanted) return Error("FL1003", "sizes that are only known in a run cannot be resized");
    if (*wanted > *had) return Error("FL1003", "it grows from {} to {} elements, which nothing defines", *had, *wanted);
    if (!IsContiguous(before)) return Error("FL1003", "its elements are not in the order of its axes");
    ValueId elements = Reshaped(node_.Argument("self"), {-1}, Type(before.dtype, Dims{*had}));
    if (*wanted < *had) {
      Node head = Start(AtenOp("slice", "Tensor"));
      GiveValue(head, "self", elements);
      head.Set("dim", int64_t{0});
      head.Set("start", int64_t{0});
      head.Set("end", *wanted);
      elements = emitter_.Emit(std::move(head), Type(before.dtype, Dims{*wanted}));
    }
    std::vector<int64_t> sizes;
    for (const Dim& dim : *after.dims) sizes.push_back(dim.size());
    return std::vector<NewValue>{{Reshaped(elements, std::move(sizes), std::move(after)), FirstResult(), true}};
  }

  ValueId Reshaped(ValueId value, std::vector<int64_t> sizes, Type type) {
    Node node = Start(AtenOp("reshape"));
    GiveValue(node, "self", value);
    node.Set("shape", std::move(sizes));
    return emitter_.Emit(std::move(node), std::move(type));
  }

  // Only matrices: x.fill_diagonal_(v) is a write of v through x.diagonal().
  Result<std::vector<NewValue>> FillDiagonal() {
    const Type& type = types_[0];
    if (type.rank() != 2 || BoolArgument(node_, "wrap") == true)
      return Error("FL1003", "only matrices without wrap=True have a functional form");
    const Dim &rows = (*type.dims)[0], &columns = (*type.dims)[1];
    const bool known = rows.IsStatic() && columns.IsStatic();
    const Type diagonal(type.dtype, Dims{known             ? Dim(std::min(rows.size(), columns.size()))
                                         : rows == columns ? rows
                                                           : Dim()});
    Node take = Start(AtenOp("diagonal"));
    GiveValue(take, "self", node_.Argument("self"));
    const ValueId old = emitter_.Emit(std::move(take), diagonal);
    Node fill = Start(AtenOp("full_like"));
    GiveValue(fill, "self", old);
    CopyArgument(node_, "fill_value", fill);
    const ValueId filled = emitter_.Emit(std::move(fill), diagonal);
    Node put = Start(AtenOp("diagonal_scatter"));
    GiveValue(put, "self", node_.Argument("self"));
    GiveValue(put, "src", filled);
    return One(emitter_.Emit(std::move(put), WithoutStrides(type), NameOfResult()));
  }

  // ---- the twin: same operator, results instead of writes

  Node TwinNode(const AtenSchema& twin, const AtenSchema& original) const {
    Node node = Start(form_.twin.op);
    for (const AtenParameter& parameter : twin.parameters) {
      if (node_.Find(parameter.name)) {
        CopyArgument(node_, parameter.name, node);
        continue;
      }
      if (parameter.name == "input" && node_.Find("self")) {  // FindFunctionalForm: the one name for the other
        CopyArgument(node_, "self", node, "input");
        continue;
      }
      const AtenParameter* from = original.Find(parameter.name);
      if (from && from->default_value && !parameter.default_value) node.Set(parameter.name, *from->default_value);
    }
    return node;
  }

  // Which of the node's results is the written parameter.
  ValueId ResultOf(const AtenSchema& original, const AtenParameter& parameter) const {
    if (!parameter.alias || parameter.type.list || original.results.size() != node_.outputs.size()) return kNoValue;
    for (std::size_t i = 0; i < original.results.size(); ++i)
      if (original.results[i].alias && original.results[i].alias->set == parameter.alias->set) return node_.outputs[i];
    return kNoValue;
  }

  Result<std::vector<NewValue>> Twin() {
    const AtenSchema* twin = FindSchema(form_.twin.op);
    const AtenSchema* original = FindSchema(node_.op);
    FL_CHECK(twin && original, "a functional form is made from two schemas");
    Node node = TwinNode(*twin, *original);
    const std::size_t fresh = twin->results.size() - std::min(twin->results.size(), form_.twin.written.size());
    std::vector<ValueId> outputs = FreshResults(*original, fresh);
    std::vector<NewValue> values;
    for (std::size_t i = 0; i < form_.twin.written.size(); ++i) {
      const AtenParameter& parameter = *original->Find(form_.twin.written[i]);
      const std::size_t count = ArgumentValues(node_, parameter.name).size();
      if (parameter.type.list) node.output_lists.assign(1, static_cast<int32_t>(count));
      for (std::size_t k = 0; k < count; ++k) {
        const std::size_t index = values.size();
        values.push_back(Written(node, types_[index], ResultOf(*original, parameter), parameter.is_out));
        outputs.push_back(values.back().value);
      }
    }
    emitter_.EmitInto(std::move(node), std::move(outputs));
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!values[i].resized) values[i].value = Coerced(values[i].value, types_[i], written_[i]);
    return values;
  }

  // The twin's results before the written ones: the node's results that are no written tensor, in order.
  std::vector<ValueId> FreshResults(const AtenSchema& original, std::size_t count) const {
    std::vector<ValueId> out;
    for (std::size_t i = 0; i < node_.outputs.size() && out.size() < count; ++i)
      if (i >= original.results.size() || !original.results[i].alias) out.push_back(node_.outputs[i]);
    out.resize(count, kNoValue);
    return out;
  }

  // A new value for what the twin computes, with the dtype that PyTorch's promotion gives it.
  NewValue Written(const Node& twin, const Type& type, ValueId result, bool is_out) {
    Type computed = WithoutStrides(type);
    if (type.IsTensor()) computed.dtype = FunctionalDType(graph_, twin, type.dtype);
    const Type* recorded = result == kNoValue ? nullptr : &graph_.value(result).type;
    const bool resized = is_out && recorded && recorded->dims && type.dims && recorded->dims != type.dims;
    if (resized) computed = WithoutStrides(*recorded);
    std::string name = result == kNoValue ? std::string() : graph_.value(result).name;
    return {graph_.AddValue(std::move(computed), std::move(name)), result, resized};
  }

  // ---- instance_norm with running statistics: those of batch_norm over single instances, averaged over the batch

  ValueId Mean(ValueId value, std::vector<int64_t> dims, const Type& type) {
    Node node = Start(AtenOp("mean", "dim"));
    GiveValue(node, "self", value);
    node.Set("dim", std::move(dims));
    return emitter_.Emit(std::move(node), type);
  }

  ValueId Variance(ValueId value, std::vector<int64_t> dims, const Type& type) {
    Node node = Start(AtenOp("var", "correction"));
    GiveValue(node, "self", value);
    node.Set("dim", std::move(dims));
    node.Set("correction", int64_t{1});
    return emitter_.Emit(std::move(node), type);
  }

  ValueId Scaled(ValueId value, double factor, const Type& type) {
    Node node = Start(AtenOp("mul", "Tensor"));
    GiveValue(node, "self", value);
    node.Set("other", factor);
    return emitter_.Emit(std::move(node), type);
  }

  // (1 - momentum) * running + momentum * batch
  ValueId Moved(ValueId running, ValueId batch, double momentum, const Type& type) {
    Node node = Start(AtenOp("add", "Tensor"));
    const ValueId kept = Scaled(running, 1.0 - momentum, type), added = Scaled(batch, momentum, type);
    GiveValue(node, "self", kept);
    GiveValue(node, "other", added);
    return emitter_.Emit(std::move(node), type);
  }

  Result<std::vector<NewValue>> InstanceNorm() {
    const ValueId input = node_.Argument("input");
    const std::optional<double> momentum = FloatArgument(node_, "momentum");
    const Type type = input == kNoValue ? Type() : graph_.value(input).type;
    if (type.rank() < 3 || !momentum) return Error("FL1003", "the rank of its input or its momentum is not known");
    std::vector<int64_t> spatial;
    for (int64_t dim = 2; dim < type.rank(); ++dim) spatial.push_back(dim);
    const Type instances(type.dtype, Dims{(*type.dims)[0], (*type.dims)[1]}), channels(type.dtype, Dims{(*type.dims)[1]});
    const ValueId mean = Mean(Mean(input, spatial, instances), {0}, channels);
    const ValueId variance = Mean(Variance(input, spatial, instances), {0}, channels);
    Node norm = Start(node_.op);
    for (const Attribute& attribute : node_.attributes) CopyArgument(node_, attribute.name, norm);
    norm.Set("running_mean", None{});
    norm.Set("running_var", None{});
    DropUnreferredInputs(norm);
    emitter_.EmitInto(std::move(norm), node_.outputs);
    const Type first = WithoutStrides(types_[0]), second = WithoutStrides(types_[1]);
    return std::vector<NewValue>{
        {Moved(written_[0], Coerced(mean, types_[0], written_[0]), *momentum, first), kNoValue, false},
        {Moved(written_[1], Coerced(variance, types_[1], written_[1]), *momentum, second), kNoValue, false}};
  }

  static void DropUnreferredInputs(Node& node) {
    Node kept{.op = node.op};
    kept.source = node.source;
    for (const Attribute& attribute : node.attributes) CopyArgument(node, attribute.name, kept);
    node = std::move(kept);
  }

  NodeEmitter& emitter_;
  Graph& graph_;
  const Node& node_;
  const InPlaceForm& form_;
  const std::vector<Type>& types_;
  const std::vector<ValueId> written_;
};

}  // namespace

bool IsMetadataInPlace(const OpName& op) {
  constexpr std::string_view kTypes[] = {"squeeze_",   "swapaxes_",  "swapdims_",  "t_",
                                         "transpose_", "unsqueeze_", "as_strided_"};
  return op.domain == "aten" && std::ranges::find(kTypes, op.type) != std::end(kTypes);
}

std::optional<InPlaceForm> FindInPlaceForm(const Node& node) {
  const std::string& type = node.op.type;
  if (node.op.domain == "aten") {
    constexpr std::pair<std::string_view, Kind> kOnSelf[] = {
        {"copy_", Kind::kCopy},     {"fill_", Kind::kFill},
        {"zero_", Kind::kZero},     {"fill_diagonal_", Kind::kFillDiagonal},
        {"resize_", Kind::kResize}, {"resize_as_", Kind::kResize}};
    for (const auto& [name, kind] : kOnSelf)
      if (name == type) return InPlaceForm{kind, {}, {"self"}, false};
    if (type == "instance_norm") {
      if (BoolArgument(node, "use_input_stats") != true || !HasRunningStatistics(node)) return std::nullopt;
      return InPlaceForm{Kind::kInstanceNorm, {}, {"running_mean", "running_var"}, true};
    }
  }
  std::optional<FunctionalForm> twin = FindFunctionalForm(node.op);
  if (!twin || (!FindSchema(node.op)->mutates() && !WritesUnmarked(node))) return std::nullopt;
  const bool batch_norm = twin->op.type == "_native_batch_norm_legit_functional";
  std::vector<std::string> parameters = twin->written;
  return InPlaceForm{Kind::kTwin, *std::move(twin), std::move(parameters),
                     batch_norm && BoolArgument(node, "training") == true};
}

std::vector<ValueId> WrittenValues(const Node& node, const InPlaceForm& form) {
  std::vector<ValueId> out;
  for (const std::string& parameter : form.parameters)
    for (const ValueId value : ArgumentValues(node, parameter)) out.push_back(value);
  return out;
}

Result<std::vector<NewValue>> EmitInPlace(NodeEmitter& emitter, const Node& node, const InPlaceForm& form,
                                          const std::vector<Type>& types) {
  const std::vector<ValueId> written = WrittenValues(node, form);
  const std::size_t least = form.kind == Kind::kInstanceNorm ? 2 : 1;
  const bool missing = std::ranges::count(written, kNoValue) > 0 || written.size() < least;
  if (missing || written.size() != types.size()) return Error("FL1001", "an argument that it writes is missing");
  const bool needs_source = form.kind == Kind::kCopy && node.Argument("src") == kNoValue;
  if (needs_source) return Error("FL1001", "an argument is missing");
  return InPlaceEmitter(emitter, node, form, types).Emit();
}

}  // namespace fairlead
