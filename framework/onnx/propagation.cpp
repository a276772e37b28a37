#include "onnx/propagation.hpp"

#include <onnx/defs/schema.h>

#include <deque>
#include <span>

#include "onnx/schema_registry.hpp"
#include "onnx/to_proto.hpp"

namespace fairlead::onnx_room {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxValues = 256;
constexpr int64_t kMaxElements = 64;  // of a shape

bool IsShapeLike(const Type& type) {
  if (type.kind == Type::Kind::kSymInt) return true;
  const bool integer = type.IsTensor() && (type.dtype == DType::kInt64 || type.dtype == DType::kInt32);
  return integer && type.dims && (type.rank() == 0 || type.rank() == 1);
}

// A value of known length about whose elements nothing is known.
std::optional<onnx::TensorShapeProto> UnknownElements(const Type& type) {
  if (type.rank() != 1 || !(*type.dims)[0].IsStatic() || (*type.dims)[0].size() > kMaxElements) return std::nullopt;
  onnx::TensorShapeProto shape;
  for (int64_t i = 0; i < (*type.dims)[0].size(); ++i) shape.add_dim();
  return shape;
}

std::optional<onnx::TensorShapeProto> FromConstant(const Tensor& tensor) {
  if (tensor.dims().size() > 1) return std::nullopt;
  const std::optional<std::vector<int64_t>> values = tensor.AsInts(kMaxElements);
  if (!values) return std::nullopt;
  onnx::TensorShapeProto shape;
  for (const int64_t value : *values) shape.add_dim()->set_dim_value(value);
  return shape;
}

template <class T, class From> Tensor ListOf(DType dtype, const std::vector<From>& numbers) {
  std::vector<T> narrow(numbers.begin(), numbers.end());
  const auto bytes = std::as_bytes(std::span(narrow));
  return Tensor::Owned(dtype, {static_cast<int64_t>(narrow.size())}, {bytes.begin(), bytes.end()});
}

}  // namespace

std::optional<Tensor> ConstantOf(const Node& node) {
  if (node.op.type != "Constant" || !node.op.IsOnnx() || !IsOnnxDomain(node.op.domain)) return std::nullopt;
  for (const Attribute& attribute : node.attributes) {
    if (const auto* const tensor = std::get_if<Tensor>(&attribute.value)) return *tensor;
    if (const auto* const number = std::get_if<int64_t>(&attribute.value)) return Tensor::Scalar(DType::kInt64, *number);
    if (const auto* const number = std::get_if<double>(&attribute.value))
      return Tensor::Scalar(DType::kFloat, static_cast<float>(*number));
    if (const auto* const list = std::get_if<std::vector<int64_t>>(&attribute.value))
      return ListOf<int64_t>(DType::kInt64, *list);
    if (const auto* const list = std::get_if<std::vector<double>>(&attribute.value))
      return ListOf<float>(DType::kFloat, *list);
  }
  return std::nullopt;
}

// One node as ONNX's propagation functions see it.
class ShapeData::Propagation final : public onnx::DataPropagationContext {
 public:
  Propagation(ShapeData& data, const Node& node, int depth) : data_(data), node_(node), depth_(depth) {}

  const onnx::AttributeProto* getAttribute(const std::string& name) const override {
    const Attribute* const attribute = node_.Find(name);
    if (attribute == nullptr) return nullptr;
    onnx::AttributeProto& proto = attributes_.emplace_back();
    return WriteAttribute(*attribute, kMaxElements * 8, &proto) ? &proto : nullptr;
  }
  size_t getNumInputs() const override { return node_.inputs.size(); }
  size_t getNumOutputs() const override { return node_.outputs.size(); }
  const onnx::TypeProto* getInputType(size_t i) const override { return TypeOf(node_.inputs, i); }
  const onnx::TypeProto* getOutputType(size_t i) const override { return TypeOf(node_.outputs, i); }
  const onnx::TensorShapeProto* getInputData(size_t i) override {
    return i < node_.inputs.size() && node_.inputs[i] != kNoValue ? data_.Find(node_.inputs[i], depth_ + 1) : nullptr;
  }
  void addOutputData(size_t i, onnx::TensorShapeProto&& shape) override {
    if (i == 0) result = std::move(shape);
  }

  std::optional<onnx::TensorShapeProto> result;

 private:
  const onnx::TypeProto* TypeOf(const std::vector<ValueId>& values, size_t i) const {
    if (i >= values.size() || values[i] == kNoValue) return nullptr;
    onnx::TypeProto& proto = types_.emplace_back();
    return WriteType(data_.graph_.value(values[i]).type, &proto) ? &proto : nullptr;
  }

  ShapeData& data_;
  const Node& node_;
  int depth_;
  mutable std::deque<onnx::AttributeProto> attributes_;
  mutable std::deque<onnx::TypeProto> types_;
};

const onnx::TensorShapeProto* ShapeData::Find(ValueId value, int depth) {
  const auto found = known_.find(value);
  if (found != known_.end()) return found->second ? &*found->second : nullptr;
  if (depth > kMaxDepth || known_.size() >= kMaxValues || !IsShapeLike(graph_.value(value).type)) return nullptr;
  std::optional<onnx::TensorShapeProto> shape = Compute(value, depth);
  const auto& stored = known_.emplace(value, std::move(shape)).first->second;
  return stored ? &*stored : nullptr;
}

std::optional<onnx::TensorShapeProto> ShapeData::Compute(ValueId value, int depth) {
  if (const Tensor* const constant = constants_.Find(value)) return FromConstant(*constant);
  const Type& type = graph_.value(value).type;
  if (!type.expression.empty() && type.rank() <= 0) {
    onnx::TensorShapeProto shape;
    shape.add_dim()->set_dim_param(type.expression);
    return shape;
  }
  std::optional<onnx::TensorShapeProto> shape = FromProducer(value, depth);
  return shape ? shape : UnknownElements(type);
}

std::optional<onnx::TensorShapeProto> ShapeData::FromProducer(ValueId value, int depth) {
  const NodeId producer = graph_.value(value).producer;
  if (producer == kNoNode) return std::nullopt;
  const Node& node = graph_.node(producer);
  if (!node.op.IsOnnx() || node.outputs.empty() || node.outputs[0] != value) return std::nullopt;
  if (const std::optional<Tensor> constant = ConstantOf(node)) return FromConstant(*constant);
  if (node.op.type == "Identity" && node.inputs.size() == 1 && node.inputs[0] != kNoValue) {
    const onnx::TensorShapeProto* const shape = Find(node.inputs[0], depth + 1);
    return shape == nullptr ? std::nullopt : std::optional(*shape);
  }
  const Schema* const schema = FindSchema(node.op.domain, node.op.type, opset_);
  if (schema == nullptr || !schema->definition->has_data_propagation_function()) return std::nullopt;
  Propagation propagation(*this, node, depth);
  schema->definition->GetDataPropagationFunction()(propagation);
  return std::move(propagation.result);
}

}  // namespace fairlead::onnx_room
