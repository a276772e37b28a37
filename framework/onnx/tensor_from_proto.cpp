#include "onnx/tensor_from_proto.hpp"

#include <cstring>

namespace fairlead::onnx_room {
namespace {

using Bytes = std::vector<std::byte>;

// Little-endian elements of `width` bytes out of a repeated field of wider numbers.
template <class Field> Bytes Narrow(const Field& field, std::size_t width) {
  Bytes bytes(static_cast<std::size_t>(field.size()) * width);
  std::byte* to = bytes.data();
  for (const auto value : field) {
    std::memcpy(to, &value, width);
    to += width;
  }
  return bytes;
}

// ONNX's typed fields, by the types it allows in each. Sub-byte types stand packed in int32_data, a byte in each.
Bytes TypedData(const onnx::TensorProto& proto, DType dtype) {
  const std::size_t width = static_cast<std::size_t>(std::max(BitWidth(dtype), 8)) / 8;
  switch (dtype) {
    case DType::kFloat:
    case DType::kComplex64: return Narrow(proto.float_data(), 4);
    case DType::kDouble:
    case DType::kComplex128: return Narrow(proto.double_data(), 8);
    case DType::kInt64: return Narrow(proto.int64_data(), 8);
    case DType::kUint64:
    case DType::kUint32: return Narrow(proto.uint64_data(), width);
    default: return Narrow(proto.int32_data(), width);
  }
}

Result<uint64_t> SizeOf(const onnx::TensorProto& proto, DType dtype) {
  uint64_t count = 1;
  bool overflow = false;
  for (const int64_t dim : proto.dims()) {
    if (dim < 0) return Error("FL1001", "tensor {} has a dimension of {}", proto.name(), dim);
    overflow |= dim != 0 && __builtin_mul_overflow(count, static_cast<uint64_t>(dim), &count);
    if (dim == 0) count = 0;
  }
  const std::optional<uint64_t> size = ByteSize(dtype, count);
  if (overflow || !size || count > INT64_MAX) return Error("FL1001", "tensor {} is too large to exist", proto.name());
  return *size;
}

}  // namespace

Result<Tensor> TensorReader::Read(const onnx::TensorProto& proto) {
  const auto dtype = static_cast<DType>(proto.data_type());
  if (dtype == DType::kString) return Error("FL1001", "tensor {} holds strings, which are not supported", proto.name());
  if (BitWidth(dtype) == 0) return Error("FL1001", "tensor {} has data type {}", proto.name(), proto.data_type());
  FL_ASSIGN_OR_RETURN(const uint64_t size, SizeOf(proto, dtype));
  std::vector<int64_t> dims(proto.dims().begin(), proto.dims().end());
  const auto view = [&](const FileRange& range) {
    const auto bytes =
        range.file->bytes().subspan(static_cast<std::size_t>(range.offset), static_cast<std::size_t>(range.size));
    return Tensor::View(dtype, std::move(dims), {}, bytes, range.file, range);
  };
  if (IsExternal(proto)) {
    FL_ASSIGN_OR_RETURN(const FileRange range, external_.Find(proto, size));
    return view(range);
  }
  const std::span<const std::byte> raw = slim_.RawData(proto);
  Bytes typed = raw.empty() ? TypedData(proto, dtype) : Bytes{};
  const std::size_t present = raw.empty() ? typed.size() : raw.size();
  if (present != size) return Error("FL1001", "tensor {} has {} bytes, its type needs {}", proto.name(), present, size);
  if (raw.empty()) return Tensor::Owned(dtype, std::move(dims), std::move(typed));
  return view({file_, static_cast<uint64_t>(raw.data() - file_->bytes().data()), size});
}

}  // namespace fairlead::onnx_room
