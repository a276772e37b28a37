#include "runtime/run_context.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace fairlead {
namespace {

// What one output may have; far beyond what fits, and below what allocators take for an overflow.
constexpr uint64_t kMaxOutputBytes = uint64_t{1} << 38;
constexpr uint64_t kMaxRank = 64;

std::size_t Alignment(DType type) {
  const auto bytes = static_cast<std::size_t>(BitWidth(type)) / 8;
  const std::size_t element = IsComplex(type) ? bytes / 2 : bytes;
  return std::max<std::size_t>(element, 1);
}

// Zeroed, and given by the kernel page by page as it is written. Null when there is none.
std::shared_ptr<std::byte> AllocateZeroed(uint64_t bytes) {
  return {static_cast<std::byte*>(std::calloc(std::max<uint64_t>(bytes, 1), 1)), [](std::byte* p) { std::free(p); }};
}

std::optional<uint64_t> SizeOf(DType type, std::span<const int64_t> dims) {
  uint64_t elements = 1;
  for (const int64_t dim : dims)
    if (dim < 0 || __builtin_mul_overflow(elements, static_cast<uint64_t>(dim), &elements)) return std::nullopt;
  if (elements > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return std::nullopt;
  return ByteSize(type, elements);
}

// Writes no more of `out` than its `size` says it has.
fl_status Give(CallContext& context, const Tensor& tensor, void* data, fl_view* out) {
  if (out == nullptr || out->size < sizeof(fl_view))
    return context.Fail(FL_INVALID_ARGUMENT, "fl.exec/1: the view has no place for a tensor");
  alignas(16) static std::byte nowhere[16];  // what an empty tensor points to
  if (data == nullptr) data = nowhere;
  const uint32_t size = out->size;
  *out = {size,
          static_cast<int32_t>(tensor.dtype()),
          FL_DEVICE_CPU,
          0,
          tensor.dims().data(),
          tensor.dims().size(),
          nullptr,
          data,
          tensor.bytes().size()};
  return FL_OK;
}

}  // namespace

Tensor AlignedDense(const Tensor& tensor) {
  Tensor dense = tensor.Dense();
  const std::span<const std::byte> bytes = dense.bytes();
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % Alignment(dense.dtype()) == 0) return dense;
  return Tensor::Owned(dense.dtype(), dense.dims(), {bytes.begin(), bytes.end()});
}

fl_status RunContext::Input(uint64_t index, fl_view* out) {
  if (index >= inputs_.size())
    return Fail(FL_INVALID_ARGUMENT, fmt::format("input {} is asked for, the model has {}", index, inputs_.size()));
  const std::optional<Tensor>& input = inputs_[index];
  if (!input) return FL_NOT_FOUND;
  return Give(*this, *input, const_cast<std::byte*>(input->bytes().data()), out);
}

fl_status RunContext::Output(uint64_t index, int32_t dtype, const int64_t* dims, uint64_t rank, fl_view* out) {
  if (index >= output_ports_.size())
    return Fail(FL_INVALID_ARGUMENT, fmt::format("output {} is given, the model has {}", index, output_ports_.size()));
  const Port& port = output_ports_[index];
  if (outputs_[index]) return Fail(FL_INVALID_ARGUMENT, fmt::format("output {} is given twice", port.name));
  if (dtype != static_cast<int32_t>(port.type.dtype))
    return Fail(FL_INVALID_ARGUMENT, fmt::format("output {} is given with data type {}, the model says {}", port.name,
                                                 dtype, Name(port.type.dtype)));
  if (rank > kMaxRank || (rank > 0 && !plugin()->memory().IsReadable(dims, rank * sizeof(int64_t))))
    return Fail(FL_INVALID_ARGUMENT, fmt::format("output {} is given with unreadable dims, rank {}", port.name, rank));
  const std::span<const int64_t> sizes(dims, rank);
  const auto bytes = SizeOf(port.type.dtype, sizes);
  if (!bytes)
    return Fail(FL_INVALID_ARGUMENT, fmt::format("output {} is given with a negative or overflowing size", port.name));
  const std::shared_ptr<std::byte> memory = *bytes <= kMaxOutputBytes ? AllocateZeroed(*bytes) : nullptr;
  if (memory == nullptr)
    return Fail(FL_RESOURCE_EXHAUSTED, fmt::format("no memory for output {}: {} bytes", port.name, *bytes));
  Tensor tensor =
      Tensor::View(port.type.dtype, {sizes.begin(), sizes.end()}, {}, {memory.get(), *bytes}, memory, std::nullopt);
  const Tensor& kept = outputs_[index].emplace(std::move(tensor));
  const fl_status status = Give(*this, kept, memory.get(), out);
  if (status != FL_OK) outputs_[index].reset();
  return status;
}

}  // namespace fairlead
