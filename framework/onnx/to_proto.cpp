#include "onnx/to_proto.hpp"

#include <type_traits>

namespace fairlead::onnx_room {
namespace {

DType NumberType(Type::Kind kind) {
  if (kind == Type::Kind::kSymInt) return DType::kInt64;
  return kind == Type::Kind::kSymBool ? DType::kBool : DType::kDouble;
}

void WriteTensorType(DType dtype, const std::optional<Dims>& dims, onnx::TypeProto* proto) {
  onnx::TypeProto_Tensor* const tensor = proto->mutable_tensor_type();
  tensor->set_elem_type(static_cast<int32_t>(dtype));
  if (dims) WriteShape(*dims, tensor->mutable_shape());
}

// One overload per kind; std::visit picks. A kind without an overload is ATen's and has no ONNX form.
struct AttributeWriter {
  uint64_t tensor_limit;
  onnx::AttributeProto* proto;

  void operator()(int64_t value) const { proto->set_i(value); }
  void operator()(bool value) const { proto->set_i(value ? 1 : 0); }
  void operator()(DType value) const { proto->set_i(static_cast<int64_t>(value)); }
  void operator()(double value) const { proto->set_f(static_cast<float>(value)); }
  void operator()(const std::string& value) const { proto->set_s(value); }
  void operator()(const std::vector<int64_t>& values) const { proto->mutable_ints()->Add(values.begin(), values.end()); }
  void operator()(const std::vector<bool>& values) const {
    for (const bool value : values) proto->add_ints(value ? 1 : 0);
  }
  void operator()(const std::vector<double>& values) const {
    for (const double value : values) proto->add_floats(static_cast<float>(value));
  }
  void operator()(const std::vector<std::string>& values) const {
    for (const std::string& value : values) proto->add_strings(value);
  }
  void operator()(const Tensor& value) const { WriteTensor(value, tensor_limit, proto->mutable_t()); }
  void operator()(const std::vector<Tensor>& values) const {
    for (const Tensor& value : values) WriteTensor(value, tensor_limit, proto->add_tensors());
  }
  template <class T> void operator()(const T&) const {}
};

struct KindReader {
  using Proto = onnx::AttributeProto;
  Proto::AttributeType operator()(int64_t) const { return Proto::INT; }
  Proto::AttributeType operator()(bool) const { return Proto::INT; }
  Proto::AttributeType operator()(DType) const { return Proto::INT; }
  Proto::AttributeType operator()(double) const { return Proto::FLOAT; }
  Proto::AttributeType operator()(const std::string&) const { return Proto::STRING; }
  Proto::AttributeType operator()(const std::vector<int64_t>&) const { return Proto::INTS; }
  Proto::AttributeType operator()(const std::vector<bool>&) const { return Proto::INTS; }
  Proto::AttributeType operator()(const std::vector<double>&) const { return Proto::FLOATS; }
  Proto::AttributeType operator()(const std::vector<std::string>&) const { return Proto::STRINGS; }
  Proto::AttributeType operator()(const Tensor&) const { return Proto::TENSOR; }
  Proto::AttributeType operator()(const std::vector<Tensor>&) const { return Proto::TENSORS; }
  Proto::AttributeType operator()(const GraphPtr&) const { return Proto::GRAPH; }
  Proto::AttributeType operator()(const std::vector<GraphPtr>&) const { return Proto::GRAPHS; }
  template <class T> Proto::AttributeType operator()(const T&) const { return Proto::UNDEFINED; }
};

}  // namespace

void WriteShape(const Dims& dims, onnx::TensorShapeProto* proto) {
  for (const Dim& dim : dims) {
    onnx::TensorShapeProto_Dimension* const to = proto->add_dim();
    if (dim.IsStatic()) to->set_dim_value(dim.size());
    if (dim.IsSymbolic()) to->set_dim_param(dim.expression());
  }
}

bool WriteType(const Type& type, onnx::TypeProto* proto) {
  switch (type.kind) {
    case Type::Kind::kTensor: WriteTensorType(type.dtype, type.dims, proto); return type.dtype != DType::kUndefined;
    case Type::Kind::kSequence:
      WriteTensorType(type.dtype, type.dims, proto->mutable_sequence_type()->mutable_elem_type());
      return type.dtype != DType::kUndefined;
    case Type::Kind::kSymInt:
    case Type::Kind::kSymFloat:
    case Type::Kind::kSymBool: WriteTensorType(NumberType(type.kind), Dims{}, proto); return true;
    case Type::Kind::kUnknown:
    case Type::Kind::kNone: return false;
  }
  return false;
}

void WriteTensor(const Tensor& tensor, uint64_t limit, onnx::TensorProto* proto) {
  proto->set_data_type(static_cast<int32_t>(tensor.dtype()));
  for (const int64_t dim : tensor.dims()) proto->add_dims(dim);
  if (tensor.IsAbsent() || tensor.dense_size() > limit) return;
  const Tensor dense = tensor.Dense();
  proto->set_raw_data(dense.bytes().data(), dense.bytes().size());
}

onnx::AttributeProto::AttributeType KindOf(const AttributeValue& value) { return std::visit(KindReader{}, value); }

bool WriteAttribute(const Attribute& attribute, uint64_t tensor_limit, onnx::AttributeProto* proto) {
  const auto kind = KindOf(attribute.value);
  if (kind == onnx::AttributeProto::UNDEFINED) return false;
  proto->set_name(attribute.name);
  proto->set_type(kind);
  std::visit(AttributeWriter{tensor_limit, proto}, attribute.value);
  return true;
}

std::span<const ValueId> WithoutTrailingAbsent(std::span<const ValueId> values) {
  while (!values.empty() && values.back() == kNoValue) values = values.first(values.size() - 1);
  return values;
}

}  // namespace fairlead::onnx_room
