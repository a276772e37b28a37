#include "passes/autocast.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "aten/schema.hpp"
#include "passes/node_edit.hpp"
#include "passes/program_edit.hpp"

namespace fairlead {
namespace {

using namespace std::string_view_literals;

// Run in the region's dtype on every device (lower_precision_fp of ATen/autocast_mode.h and of AutocastCPU).
constexpr std::array kLowerPrecision = {
    "_convolution"sv,
    "addbmm"sv,
    "addmm"sv,
    "baddbmm"sv,
    "bmm"sv,
    "conv1d"sv,
    "conv2d"sv,
    "conv3d"sv,
    "conv_tbc"sv,
    "conv_transpose1d"sv,
    "conv_transpose2d"sv,
    "conv_transpose3d"sv,
    "linalg_vecdot"sv,
    "linear"sv,
    "matmul"sv,
    "mm"sv,
    "prelu"sv,
    "scaled_dot_product_attention"sv,
};
static_assert(std::ranges::is_sorted(kLowerPrecision));

// Take arguments of several floating-point types, or say their result's type themselves.
constexpr std::array kKeepTypes = {
    "_to_copy"sv,          "arange"sv,
    "batch_norm"sv,        "copy_"sv,
    "group_norm"sv,        "instance_norm"sv,
    "layer_norm"sv,        "native_batch_norm"sv,
    "native_layer_norm"sv, "to"sv,
    "type_as"sv,           "view"sv,
};
static_assert(std::ranges::is_sorted(kKeepTypes));

bool IsEligible(const Type& type) {
  return type.IsTensor() &&
         (type.dtype == DType::kFloat || type.dtype == DType::kFloat16 || type.dtype == DType::kBFloat16);
}

class Region {
 public:
  Region(Graph& graph, DType dtype, Diagnostics& diagnostics) : graph_(graph), dtype_(dtype), diagnostics_(diagnostics) {}

  Status Apply() {
    const std::vector<NodeId> order = graph_.order();
    for (const NodeId id : order) {
      Node& node = graph_.node(id);
      if (node.op.type != "wrap_with_autocast") {
        Status nested;
        ForEachSubgraph(node, [&](Graph& graph) {
          if (nested.ok()) nested = Region(graph, dtype_, diagnostics_).Apply();
        });
        FL_RETURN_IF_ERROR(std::move(nested));
      }
      if (node.op.domain == "aten") FL_RETURN_IF_ERROR(CastArguments(node));
      order_.push_back(id);
    }
    graph_.SetOrder(std::move(order_));
    return Ok();
  }

 private:
  // The dtype that autocast ran the node in; kUndefined when it left it alone.
  Result<DType> DTypeOf(const Node& node) const {
    const bool lower = std::ranges::binary_search(kLowerPrecision, node.op.type);
    if (std::ranges::binary_search(kKeepTypes, node.op.type) || node.op.type.ends_with('_')) return DType::kUndefined;
    const auto first =
        std::ranges::find_if(node.outputs, [&](ValueId v) { return v != kNoValue && IsEligible(graph_.value(v).type); });
    const auto input =
        std::ranges::find_if(node.inputs, [&](ValueId v) { return v != kNoValue && IsEligible(graph_.value(v).type); });
    if (first == node.outputs.end() || input == node.inputs.end()) return DType::kUndefined;
    const DType recorded = graph_.value(*first).type.dtype;
    if (lower && recorded != dtype_) return ReportAt(graph_, node, RecordedBefore(node, recorded), diagnostics_);
    const bool given = node.Find("dtype") && !std::holds_alternative<None>(node.Find("dtype")->value);
    if (given || (!lower && graph_.value(*input).type.dtype == recorded)) return DType::kUndefined;
    return recorded;
  }

  Status RecordedBefore(const Node& node, DType recorded) const {
    return Error("FL2021",
                 "{} is recorded as {} under torch.autocast to {}: PyTorch 2.6 records types from before autocast",
                 ToString(node.op), Name(recorded), Name(dtype_))
        .WithHint("Call program.run_decompositions() before torch.export.save, or export with PyTorch 2.9 or later.");
  }

  Status CastArguments(Node& node) {
    FL_ASSIGN_OR_RETURN(const DType dtype, DTypeOf(node));
    if (dtype == DType::kUndefined) return Ok();
    for (ValueId& input : node.inputs)
      if (input != kNoValue && IsEligible(graph_.value(input).type) && graph_.value(input).type.dtype != dtype)
        input = Cast(input, dtype, node.source);
    return Ok();
  }

  // One cast per value and dtype, as autocast's cache has it.
  ValueId Cast(ValueId value, DType dtype, SourceId source) {
    const auto [at, added] = casts_.try_emplace({value, dtype}, kNoValue);
    if (!added) return at->second;
    Node node{.op = AtenOp("to", "dtype")};
    node.source = source;
    GiveValue(node, "self", value);
    node.Set("dtype", dtype);
    Type type = graph_.value(value).type;
    type.dtype = dtype;
    return at->second = NodeEmitter(graph_, order_).Emit(std::move(node), std::move(type));
  }

  Graph& graph_;
  const DType dtype_;
  Diagnostics& diagnostics_;
  std::vector<NodeId> order_;
  std::map<std::pair<ValueId, DType>, ValueId> casts_;
};

}  // namespace

Status ApplyAutocast(Graph& region, DType dtype, Diagnostics& diagnostics) {
  return Region(region, dtype, diagnostics).Apply();
}

}  // namespace fairlead
