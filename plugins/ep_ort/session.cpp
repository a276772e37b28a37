#include "session.hpp"

#include <cstring>

namespace fairlead::ep_ort {
namespace {

// ONNX Runtime's element types have ONNX's numbers up to int4; later ones it counts differently.
DType ElementType(ONNXTensorElementDataType type, const std::string& port) {
  const bool known = type > ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED && type <= ONNX_TENSOR_ELEMENT_DATA_TYPE_INT4;
  if (!known || type == ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING)
    throw EpError(FL_UNIMPLEMENTED, port + " has elements that cannot be exchanged: onnxruntime's type " +
                                        std::to_string(static_cast<int>(type)));
  return static_cast<DType>(type);
}

struct Shape {
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  std::vector<int64_t> dims;  // -1 where symbolic or unknown
};

Shape ReadShape(const OrtApi& api, const OrtTensorTypeAndShapeInfo* tensor, const std::string& subject) {
  Shape shape;
  std::size_t rank = 0;
  Check(api, api.GetTensorElementType(tensor, &shape.type), subject);
  Check(api, api.GetDimensionsCount(tensor, &rank), subject);
  shape.dims.resize(rank);
  Check(api, api.GetDimensions(tensor, shape.dims.data(), rank), subject);
  return shape;
}

// Reads the ports of a session: a count, and by index a name and a type.
class PortReader {
 public:
  PortReader(const OrtApi& api, const OrtSession* session) : api_(api), session_(session) {}

  std::vector<EpPort> Inputs() const {
    std::vector<EpPort> ports;
    Append(ports, api_.SessionGetInputCount, api_.SessionGetInputName, api_.SessionGetInputTypeInfo);
    const std::size_t needed = ports.size();
    Append(ports, api_.SessionGetOverridableInitializerCount, api_.SessionGetOverridableInitializerName,
           api_.SessionGetOverridableInitializerTypeInfo);
    for (std::size_t i = needed; i < ports.size(); ++i) ports[i].has_default = true;
    return ports;
  }

  std::vector<EpPort> Outputs() const {
    std::vector<EpPort> ports;
    Append(ports, api_.SessionGetOutputCount, api_.SessionGetOutputName, api_.SessionGetOutputTypeInfo);
    return ports;
  }

 private:
  template <class GetCount, class GetName, class GetType>
  void Append(std::vector<EpPort>& ports, GetCount get_count, GetName get_name, GetType get_type) const {
    OrtAllocator* allocator = nullptr;
    Check(api_, api_.GetAllocatorWithDefaultOptions(&allocator), "allocator");
    std::size_t count = 0;
    Check(api_, get_count(session_, &count), "ports");
    for (std::size_t i = 0; i < count; ++i) {
      char* name = nullptr;
      Check(api_, get_name(session_, i, allocator, &name), "port");
      std::string name_text(name);
      Check(api_, api_.AllocatorFree(allocator, name), "port");
      OrtTypeInfo* type = nullptr;
      Check(api_, get_type(session_, i, &type), name_text);
      const Owned<OrtTypeInfo> owner(type, api_.ReleaseTypeInfo);
      ports.push_back(PortOf(std::move(name_text), type));
    }
  }

  EpPort PortOf(std::string name, const OrtTypeInfo* type) const {
    const OrtTensorTypeAndShapeInfo* tensor = nullptr;
    Check(api_, api_.CastTypeInfoToTensorInfo(type, &tensor), name);
    if (tensor == nullptr) throw EpError(FL_UNIMPLEMENTED, name + " is no tensor; only tensors can be exchanged");
    const Shape shape = ReadShape(api_, tensor, name);
    EpPort port;
    port.dtype = ElementType(shape.type, name);
    port.dims.emplace();
    std::vector<const char*> symbols(shape.dims.size());
    Check(api_, api_.GetSymbolicDimensions(tensor, symbols.data(), symbols.size()), name);
    for (std::size_t axis = 0; axis < symbols.size(); ++axis) {
      const bool symbolic = shape.dims[axis] < 0;
      port.dims->push_back({shape.dims[axis], symbolic && symbols[axis] != nullptr ? symbols[axis] : ""});
    }
    port.name = std::move(name);
    return port;
  }

  const OrtApi& api_;
  const OrtSession* session_;
};

Owned<OrtMemoryInfo> CpuMemory(const OrtApi& api) {
  OrtMemoryInfo* memory = nullptr;
  Check(api, api.CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory), "memory");
  return {memory, api.ReleaseMemoryInfo};
}

}  // namespace

OrtModel::OrtModel(std::shared_ptr<const Environment> environment, Owned<OrtSession> session)
    : environment_(std::move(environment)), session_(std::move(session)), memory_(CpuMemory(api())) {
  const PortReader reader(api(), session_.get());
  inputs_ = reader.Inputs();
  outputs_ = reader.Outputs();
  for (const EpPort& port : outputs_) output_names_.push_back(port.name.c_str());
}

void OrtModel::Run(const EpCall& call) {
  std::vector<const char*> names;
  std::vector<Owned<OrtValue>> values;
  std::vector<const OrtValue*> value_pointers;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const auto view = call.Input(i);
    if (!view) continue;
    OrtValue* value = nullptr;
    Check(api(),
          api().CreateTensorWithDataAsOrtValue(memory_.get(), view->data, view->nbytes, view->dims, view->rank,
                                               static_cast<ONNXTensorElementDataType>(view->dtype), &value),
          inputs_[i].name);
    names.push_back(inputs_[i].name.c_str());
    values.emplace_back(value, api().ReleaseValue);
    value_pointers.push_back(value);
  }
  std::vector<OrtValue*> results(outputs_.size(), nullptr);
  OrtStatus* status = api().Run(session_.get(), nullptr, names.data(), value_pointers.data(), names.size(),
                                output_names_.data(), output_names_.size(), results.data());
  std::vector<Owned<OrtValue>> result_owners;
  for (OrtValue* result : results) result_owners.emplace_back(result, api().ReleaseValue);
  Check(api(), status, "run");
  for (std::size_t i = 0; i < results.size(); ++i) GiveOutput(call, i, results[i]);
}

void OrtModel::GiveOutput(const EpCall& call, std::size_t index, const OrtValue* value) const {
  const std::string& name = outputs_[index].name;
  int is_tensor = 0;
  if (value != nullptr) Check(api(), api().IsTensor(value, &is_tensor), name);
  if (is_tensor == 0) throw EpError(FL_INTERNAL, name + " came out as something that is no tensor");
  OrtTensorTypeAndShapeInfo* tensor = nullptr;
  Check(api(), api().GetTensorTypeAndShape(value, &tensor), name);
  const Owned<OrtTensorTypeAndShapeInfo> owner(tensor, api().ReleaseTensorTypeAndShapeInfo);
  const Shape shape = ReadShape(api(), tensor, name);
  const fl_view view = call.Output(index, ElementType(shape.type, name), shape.dims);
  void* data = nullptr;
  Check(api(), api().GetTensorMutableData(const_cast<OrtValue*>(value), &data), name);
  if (view.nbytes > 0) std::memcpy(view.data, data, view.nbytes);
}

}  // namespace fairlead::ep_ort
