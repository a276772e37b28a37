// fold-constants: nodes whose inputs are known become Constant nodes.
//
// Tensors up to kMaxFoldedElements elements and the operators of onnx_evaluator.cpp. Lists of integers are followed element
// by element, so that a static size folds beside symbolic ones: Gather(Shape(x), 1) is 3 where x is float[batch,3].
// Initializers that are defaults of inputs are not known.
#include <algorithm>
#include <unordered_map>

#include "passes/onnx_evaluator.hpp"
#include "passes/passes.hpp"

namespace fairlead::passes {
namespace {

// A 0-d or 1-D integer tensor some elements of which are known.
struct Sizes {
  std::vector<std::optional<int64_t>> elements;
  bool is_scalar = false;
};

bool IsConstant(const Node& node) { return node.op.IsOnnx() && node.op.domain.empty() && node.op.type == "Constant"; }

// The tensor of a Constant node, whichever attribute says it; empty for strings and sparse tensors.
std::optional<Tensor> ConstantOf(const Node& node) {
  if (const Attribute* value = node.Find("value")) {
    const auto* tensor = std::get_if<Tensor>(&value->value);
    return tensor ? std::optional(*tensor) : std::nullopt;
  }
  if (const Attribute* value = node.Find("value_int"))
    if (const auto* number = std::get_if<int64_t>(&value->value)) return Tensor::Scalar(DType::kInt64, *number);
  if (const Attribute* value = node.Find("value_ints"))
    if (const auto* numbers = std::get_if<std::vector<int64_t>>(&value->value)) return Tensor::Ints(*numbers);
  return std::nullopt;
}

class Folder {
 public:
  // `outer` knows the values that `graph` captures.
  Folder(Graph& graph, const Folder* outer) : graph_(graph) {
    std::vector<bool> is_input(graph.value_count());
    for (const ValueId input : graph.inputs()) is_input[input] = true;
    for (const Initializer& initializer : graph.initializers())
      if (!is_input[initializer.value]) Know(initializer.value, initializer.tensor);
    if (!outer) return;
    for (const Capture& capture : graph.captures()) {
      if (const Tensor* tensor = outer->Known(capture.outer)) Know(capture.inner, *tensor);
      if (const Sizes* sizes = outer->SizesOf(capture.outer)) sizes_.try_emplace(capture.inner, *sizes);
    }
  }

  void Run() {
    for (const NodeId id : graph_.order()) {
      Node& node = graph_.node(id);
      ForEachSubgraph(node, [&](Graph& nested) { Folder(nested, this).Run(); });
      if (!node.op.IsOnnx() || !node.op.domain.empty() || node.outputs.size() != 1 || node.outputs[0] == kNoValue) continue;
      if (IsConstant(node)) {
        if (const std::optional<Tensor> tensor = ConstantOf(node)) Know(node.outputs[0], *tensor);
        continue;
      }
      if (std::optional<Tensor> result = Evaluate(node)) {
        MakeConstant(node, *std::move(result));
      } else if (std::optional<Sizes> sizes = Follow(node)) {
        if (std::optional<Tensor> whole = Whole(*sizes))
          MakeConstant(node, *std::move(whole));
        else
          sizes_.try_emplace(node.outputs[0], *std::move(sizes));
      }
    }
  }

 private:
  const Tensor* Known(ValueId value) const {
    const auto found = tensors_.find(value);
    return found == tensors_.end() ? nullptr : &found->second;
  }
  const Sizes* SizesOf(ValueId value) const {
    const auto found = sizes_.find(value);
    return found == sizes_.end() ? nullptr : &found->second;
  }

  void Know(ValueId value, const Tensor& tensor) {
    if (tensor.IsAbsent() || tensor.element_count() > kMaxFoldedElements) return;
    tensors_.try_emplace(value, tensor);
    if (tensor.dtype() != DType::kInt64 || tensor.dims().size() > 1) return;
    const std::optional<std::vector<int64_t>> ints = tensor.Dense().AsInts(kMaxFoldedElements);
    if (ints) sizes_.try_emplace(value, Sizes{{ints->begin(), ints->end()}, tensor.dims().empty()});
  }

  void MakeConstant(Node& node, Tensor tensor) {
    const ValueId output = node.outputs[0];
    Type type = tensor.type();
    graph_.value(output).type = std::move(type);
    Know(output, tensor);
    node.op = {"", "Constant", ""};
    node.inputs.clear();
    node.attributes.clear();
    node.Set("value", std::move(tensor));
  }

  std::optional<Tensor> Evaluate(const Node& node) const {
    if (!CanEvaluate(node.op)) return std::nullopt;
    std::vector<const Tensor*> inputs;
    for (const ValueId input : node.inputs) {
      inputs.push_back(input == kNoValue ? nullptr : Known(input));
      if (input != kNoValue && !inputs.back()) return std::nullopt;
    }
    return EvaluateOnnx(node, inputs);
  }

  static std::optional<Tensor> Whole(const Sizes& sizes) {
    std::vector<int64_t> numbers;
    for (const std::optional<int64_t>& element : sizes.elements) {
      if (!element) return std::nullopt;
      numbers.push_back(*element);
    }
    if (sizes.is_scalar) return Tensor::Scalar(DType::kInt64, numbers[0]);
    return Tensor::Ints(numbers);
  }

  // ---- element by element

  std::optional<Sizes> Follow(const Node& node) const {
    const std::string& op = node.op.type;
    if (node.inputs.empty() || node.inputs[0] == kNoValue) return std::nullopt;
    if (op == "Shape") return FollowShape(node);
    if (op == "Size") return FollowSize(node);
    if (op == "Concat") return FollowConcat(node);
    const Sizes* input = SizesOf(node.inputs[0]);
    if (!input) return std::nullopt;
    if (op == "Identity") return *input;
    if (op == "Gather") return FollowGather(node, *input);
    if (op == "Slice") return FollowSlice(node, *input);
    if (op == "Unsqueeze" && input->is_scalar) return Sizes{input->elements, false};
    if (op == "Squeeze" && !input->is_scalar && input->elements.size() == 1) return Sizes{input->elements, true};
    if (op == "Reshape") return FollowReshape(node, *input);
    return std::nullopt;
  }

  std::optional<Sizes> FollowShape(const Node& node) const {
    const Type& type = graph_.value(node.inputs[0]).type;
    if (!type.IsTensor() || !type.dims || type.rank() > kMaxFoldedElements) return std::nullopt;
    const int64_t rank = type.rank();
    const auto bound = [&](std::string_view name, int64_t otherwise) {
      const Attribute* attribute = node.Find(name);
      const auto* given = attribute ? std::get_if<int64_t>(&attribute->value) : nullptr;
      const int64_t at = given ? *given : otherwise;
      return std::clamp<int64_t>(at < 0 ? std::max(at, -rank) + rank : at, 0, rank);
    };
    Sizes out;
    for (int64_t i = bound("start", 0); i < bound("end", rank); ++i) {
      const Dim& dim = (*type.dims)[static_cast<std::size_t>(i)];
      out.elements.push_back(dim.IsStatic() ? std::optional(dim.size()) : std::nullopt);
    }
    return out;
  }

  std::optional<Sizes> FollowSize(const Node& node) const {
    const std::optional<int64_t> count = graph_.value(node.inputs[0]).type.ElementCount();
    return count ? std::optional(Sizes{{*count}, true}) : std::nullopt;
  }

  std::optional<Sizes> FollowConcat(const Node& node) const {
    Sizes out;
    for (const ValueId input : node.inputs) {
      const Sizes* part = input == kNoValue ? nullptr : SizesOf(input);
      if (!part || part->is_scalar) return std::nullopt;
      out.elements.insert(out.elements.end(), part->elements.begin(), part->elements.end());
      if (out.elements.size() > static_cast<std::size_t>(kMaxFoldedElements)) return std::nullopt;
    }
    return out;
  }

  // The known elements of the node's input `i`.
  std::optional<std::vector<int64_t>> Indices(const Node& node, std::size_t i) const {
    const Tensor* tensor = i < node.inputs.size() && node.inputs[i] != kNoValue ? Known(node.inputs[i]) : nullptr;
    return tensor && IsInteger(tensor->dtype()) ? tensor->Dense().AsInts(kMaxFoldedElements) : std::nullopt;
  }

  std::optional<Sizes> FollowGather(const Node& node, const Sizes& input) const {
    const std::optional<std::vector<int64_t>> indices = Indices(node, 1);
    if (!indices || input.is_scalar || Known(node.inputs[1])->dims().size() > 1) return std::nullopt;
    const auto size = static_cast<int64_t>(input.elements.size());
    Sizes out{{}, Known(node.inputs[1])->dims().empty()};
    for (const int64_t index : *indices) {
      if (index < -size || index >= size) return std::nullopt;
      out.elements.push_back(input.elements[static_cast<std::size_t>(index < 0 ? index + size : index)]);
    }
    return out;
  }

  // One axis, step 1.
  std::optional<Sizes> FollowSlice(const Node& node, const Sizes& input) const {
    const auto starts = Indices(node, 1), ends = Indices(node, 2), steps = Indices(node, 4);
    const bool plain =
        node.inputs.size() <= 4 || node.inputs[4] == kNoValue || (steps && *steps == std::vector<int64_t>{1});
    if (!starts || !ends || starts->size() != 1 || ends->size() != 1 || !plain || input.is_scalar) return std::nullopt;
    const auto size = static_cast<int64_t>(input.elements.size());
    const auto bound = [&](int64_t at) { return std::clamp<int64_t>(at < 0 ? std::max(at, -size) + size : at, 0, size); };
    const int64_t begin = bound((*starts)[0]), end = std::max(begin, bound((*ends)[0]));
    return Sizes{{input.elements.begin() + begin, input.elements.begin() + end}, false};
  }

  // Of one element, to a scalar or a list of one.
  std::optional<Sizes> FollowReshape(const Node& node, const Sizes& input) const {
    const std::optional<std::vector<int64_t>> shape = Indices(node, 1);
    const bool to_list = shape && (*shape == std::vector<int64_t>{1} || *shape == std::vector<int64_t>{-1});
    if (to_list && (input.elements.size() == 1 || (*shape)[0] == -1)) return Sizes{input.elements, false};
    return shape && shape->empty() && input.elements.size() == 1 ? std::optional(Sizes{input.elements, true})
                                                                 : std::nullopt;
  }

  Graph& graph_;
  std::unordered_map<ValueId, Tensor> tensors_;
  std::unordered_map<ValueId, Sizes> sizes_;
};

class FoldConstantsPass final : public ModelPass {
 public:
  std::string_view name() const override { return "fold-constants"; }
  Status Run(Model& model, PassContext&) const override {
    Folder(model.graph, nullptr).Run();
    return Ok();
  }
};

}  // namespace

const ModelPass& FoldConstants() {
  static const FoldConstantsPass pass;
  return pass;
}

}  // namespace fairlead::passes
