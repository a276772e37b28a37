#include "archive/storage.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace fairlead {
namespace {

constexpr std::size_t kMaxRank = 64;
// An expanded tensor (stride 0) may be written out densely: this much, or 64 times what is stored.
constexpr uint64_t kMaxExpanded = uint64_t{1} << 30;

bool IsRowMajor(const StridedView& view) {
  int64_t expected = 1;
  for (std::size_t axis = view.dims.size(); axis-- > 0;) {
    if (view.dims[axis] != 1 && view.strides[axis] != expected) return false;
    expected *= view.dims[axis];
  }
  return true;
}

// One past the last element that is read, counted from the first; empty when it overflows. All dims are at least 1.
std::optional<int64_t> Extent(const StridedView& view) {
  int64_t last = 0;
  for (std::size_t axis = 0; axis < view.dims.size(); ++axis) {
    int64_t step = 0;
    if (__builtin_mul_overflow(view.dims[axis] - 1, view.strides[axis], &step) || __builtin_add_overflow(last, step, &last))
      return std::nullopt;
  }
  return last < INT64_MAX ? std::optional(last + 1) : std::nullopt;
}

std::vector<std::byte> Swapped(std::span<const std::byte> bytes, DType dtype) {
  std::vector<std::byte> out(bytes.begin(), bytes.end());
  const std::size_t width = static_cast<std::size_t>(BitWidth(dtype)) / (IsComplex(dtype) ? 16 : 8);
  for (std::size_t at = 0; at + width <= out.size(); at += width)
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(at + width));
  return out;
}

}  // namespace

std::optional<int64_t> ElementCount(const std::vector<int64_t>& dims) {
  int64_t count = 1;
  for (const int64_t dim : dims)
    if (dim < 0 || __builtin_mul_overflow(count, dim, &count)) return std::nullopt;
  return count;
}

Result<Tensor> TensorOverStorage(const Content& storage, const StridedView& view, bool swap_bytes, std::string_view name) {
  const auto count = ElementCount(view.dims);
  const auto width = static_cast<uint64_t>(BitWidth(view.dtype)) / 8;
  if (width == 0) return Error("FL1001", "tensor {} has no data type that can be stored", name);
  if (!count || view.dims.size() > kMaxRank || view.dims.size() != view.strides.size() ||
      std::ranges::any_of(view.strides, [](int64_t stride) { return stride < 0; }) || view.offset < 0)
    return Error("FL1001", "tensor {} has impossible sizes [{}], strides [{}] or offset {}", name,
                 fmt::join(view.dims, ", "), fmt::join(view.strides, ", "), view.offset);
  if (*count == 0) return Tensor::Owned(view.dtype, view.dims, {});
  if (storage.bytes.empty())
    return Error("FL1009", "{} has no data: the program was saved from fake or meta tensors", name);

  const auto extent = Extent(view);
  const uint64_t elements = storage.bytes.size() / width;
  const auto offset = static_cast<uint64_t>(view.offset);
  if (!extent || offset > elements || static_cast<uint64_t>(*extent) > elements - offset)
    return Error("FL1001", "tensor {} (sizes [{}], strides [{}], offset {}) reads past its {} bytes", name,
                 fmt::join(view.dims, ", "), fmt::join(view.strides, ", "), view.offset, storage.bytes.size());
  const auto dense = ByteSize(view.dtype, static_cast<uint64_t>(*count));
  if (!dense || (*dense > kMaxExpanded && *dense / 64 > storage.bytes.size()))
    return Error("FL1001", "tensor {} with sizes [{}] expands {} bytes beyond any use", name, fmt::join(view.dims, ", "),
                 storage.bytes.size());

  Content content = storage.Slice(offset * width, static_cast<uint64_t>(*extent) * width);
  if (swap_bytes && width > 1) content = OwnedContent(Swapped(content.bytes, view.dtype));
  auto strides = IsRowMajor(view) ? std::vector<int64_t>() : view.strides;
  return Tensor::View(view.dtype, view.dims, std::move(strides), content.bytes, content.owner, content.range);
}

Result<Tensor> ByteOrder::Read(const Content& storage, const StridedView& view, std::string_view name) {
  if (big_endian_ && copied_ > kMaxCopied)
    return Error("FL1001", "the tensors of a big-endian writer, {} among them, are more than {} bytes", name, kMaxCopied);
  FL_ASSIGN_OR_RETURN(Tensor tensor, TensorOverStorage(storage, view, big_endian_, name));
  copied_ += tensor.bytes().size();
  return tensor;
}

}  // namespace fairlead
