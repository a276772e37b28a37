// fl.types/1 and fl.tensor/1: types and elements of the graph that a call reads.
#include "plugin/graph_view.hpp"

namespace fairlead {
namespace {

fl_str View(std::string_view text) { return {text.data(), text.size()}; }

// ---- fl.types/1

fl_status DTypeFacts(int32_t dtype, fl_dtype_info* out) {
  if (out == nullptr || out->size < sizeof(fl_dtype_info)) return FL_INVALID_ARGUMENT;
  if (dtype <= 0 || dtype > static_cast<int32_t>(DType::kInt2)) return FL_NOT_FOUND;
  const auto type = static_cast<DType>(dtype);
  const uint32_t flags = (IsFloat(type) ? FL_DTYPE_IS_FLOAT : 0) | (IsInteger(type) ? FL_DTYPE_IS_INTEGER : 0) |
                         (IsComplex(type) ? FL_DTYPE_IS_COMPLEX : 0) | (type == DType::kBool ? FL_DTYPE_IS_BOOL : 0);
  *out = {sizeof(fl_dtype_info), static_cast<uint32_t>(BitWidth(type)), flags, 0, View(Name(type))};
  return FL_OK;
}

fl_status DTypeOfName(fl_str name, int32_t* out) {
  if (out == nullptr) return FL_INVALID_ARGUMENT;
  const std::optional<DType> type = ParseDType(Sanitized(name, 32));
  if (!type) return FL_NOT_FOUND;
  *out = static_cast<int32_t>(*type);
  return FL_OK;
}

fl_status ValueType(fl_ctx* ctx, fl_value value, fl_value_type* out) {
  auto* context = CallContext::Find<GraphContext>(ctx);
  if (context == nullptr) return CallContext::WrongContext(ctx, "fl.types/1: this call reads no graph");
  if (out == nullptr || out->size < sizeof(fl_value_type))
    return context->Fail(FL_INVALID_ARGUMENT, "fl.types/1 value: no room");
  const auto number = context->NumberOf(value);
  if (!number) return FL_INVALID_ARGUMENT;
  const Type& type = context->view().value(*number).type;
  *out = {sizeof(fl_value_type), static_cast<int32_t>(type.dtype), type.rank()};
  return FL_OK;
}

fl_status ValueDims(fl_ctx* ctx, fl_value value, fl_dim_text* out, uint64_t capacity, uint64_t* total) {
  auto* context = CallContext::Find<GraphContext>(ctx);
  if (context == nullptr) return CallContext::WrongContext(ctx, "fl.types/1: this call reads no graph");
  if (total == nullptr || (out == nullptr && capacity > 0))
    return context->Fail(FL_INVALID_ARGUMENT, "fl.types/1 dims: an output is null");
  const auto number = context->NumberOf(value);
  if (!number) return FL_INVALID_ARGUMENT;
  const std::optional<Dims>& dims = context->view().value(*number).type.dims;
  if (!dims) return context->Fail(FL_FAILED_PRECONDITION, "fl.types/1 dims: the rank is unknown");
  for (std::size_t i = 0; i < dims->size() && i < capacity; ++i) {
    const Dim& dim = (*dims)[i];
    out[i] = {dim.size(), dim.IsSymbolic() ? View(dim.expression()) : fl_str{nullptr, 0}};
  }
  *total = dims->size();
  return FL_OK;
}

constexpr fl_types kTypes = {sizeof(fl_types), 0, DTypeFacts, DTypeOfName, ValueType, ValueDims};

// ---- fl.tensor/1

fl_status TensorInfo(fl_ctx* ctx, fl_tensor handle, fl_tensor_info* out) {
  auto* context = CallContext::Find<GraphContext>(ctx);
  if (context == nullptr) return CallContext::WrongContext(ctx, "fl.tensor/1: this call reads no graph");
  if (out == nullptr || out->size < sizeof(fl_tensor_info))
    return context->Fail(FL_INVALID_ARGUMENT, "fl.tensor/1 info: no room");
  const Tensor* tensor = context->Find(handle);
  if (tensor == nullptr) return FL_INVALID_ARGUMENT;
  const std::vector<int64_t>& dims = tensor->dims();
  *out = {sizeof(fl_tensor_info),
          static_cast<int32_t>(tensor->dtype()),
          dims.empty() ? nullptr : dims.data(),
          dims.size(),
          tensor->dense_size(),
          tensor->IsAbsent() ? 0 : 1,
          0};
  return FL_OK;
}

fl_status TensorData(fl_ctx* ctx, fl_tensor handle, const void** data, uint64_t* nbytes) {
  auto* context = CallContext::Find<GraphContext>(ctx);
  if (context == nullptr) return CallContext::WrongContext(ctx, "fl.tensor/1: this call reads no graph");
  if (data == nullptr || nbytes == nullptr)
    return context->Fail(FL_INVALID_ARGUMENT, "fl.tensor/1 data: an output is null");
  const Tensor* tensor = context->Find(handle);
  if (tensor == nullptr) return FL_INVALID_ARGUMENT;
  if (tensor->IsAbsent()) return context->Fail(FL_UNAVAILABLE, "fl.tensor/1 data: the program was saved without weights");
  const Tensor& dense = tensor->IsDense() ? *tensor : context->Keep(tensor->Dense());
  *data = dense.bytes().data();
  *nbytes = dense.bytes().size();
  return FL_OK;
}

constexpr fl_tensors kTensors = {sizeof(fl_tensors), 0, TensorInfo, TensorData};

}  // namespace

const fl_types* TypesTable() { return &kTypes; }
const fl_tensors* TensorTable() { return &kTensors; }

}  // namespace fairlead
