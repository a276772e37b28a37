#include "serialize/dense_reader.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace fairlead {
namespace {

// Whether every element that dims and strides name lies within the tensor's bytes.
bool Covers(const Tensor& tensor, std::size_t width) {
  __extension__ using Wide = __int128;
  Wide last = 0;
  for (std::size_t axis = 0; axis < tensor.dims().size(); ++axis) {
    if (tensor.dims()[axis] == 0) return true;
    if (tensor.strides()[axis] < 0) return false;
    last += static_cast<Wide>(tensor.dims()[axis] - 1) * tensor.strides()[axis];
  }
  return (last + 1) * static_cast<Wide>(width) <= static_cast<Wide>(tensor.bytes().size());
}

}  // namespace

DenseReader::DenseReader(const Tensor& tensor)
    : tensor_(tensor),
      width_(static_cast<std::size_t>(BitWidth(tensor.dtype())) / 8),
      left_(tensor.element_count()),
      index_(tensor.dims().size(), 0) {
  FL_CHECK(width_ > 0 && !tensor.IsAbsent() && !tensor.IsDense(), "a strided tensor has whole bytes");
  FL_CHECK(Covers(tensor, width_), "whoever makes a view keeps it within its bytes");
}

std::size_t DenseReader::Read(std::span<std::byte> buffer) {
  std::byte* to = buffer.data();
  std::byte* const end = to + buffer.size() / width_ * width_;
  const int64_t inner_stride = tensor_.strides().back();
  while (left_ > 0 && to < end) {
    const int64_t room = (end - to) / static_cast<std::ptrdiff_t>(width_);
    const int64_t run = std::min(tensor_.dims().back() - index_.back(), room);
    const std::byte* from = tensor_.bytes().data() + static_cast<std::size_t>(base_) * width_;
    if (inner_stride == 1) {
      std::memcpy(to, from, static_cast<std::size_t>(run) * width_);
    } else {
      const auto step = static_cast<std::ptrdiff_t>(inner_stride) * static_cast<std::ptrdiff_t>(width_);
      for (int64_t i = 0; i < run; ++i) std::memcpy(to + static_cast<std::size_t>(i) * width_, from + i * step, width_);
    }
    to += static_cast<std::size_t>(run) * width_;
    left_ -= run;
    Advance(run);
  }
  return static_cast<std::size_t>(to - buffer.data());
}

// Moves along the last axis and carries into the others.
void DenseReader::Advance(int64_t steps) {
  const std::size_t last = index_.size() - 1;
  index_[last] += steps;
  base_ += steps * tensor_.strides()[last];
  for (std::size_t axis = last; axis > 0 && index_[axis] == tensor_.dims()[axis]; --axis) {
    base_ += tensor_.strides()[axis - 1] - index_[axis] * tensor_.strides()[axis];
    index_[axis] = 0;
    ++index_[axis - 1];
  }
}

void DenseReader::GiveBackPages() const {
  if (!tensor_.range()) return;  // not mapped: forgetting would lose it
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto start = reinterpret_cast<uintptr_t>(tensor_.bytes().data()) / page * page;
  const auto end = reinterpret_cast<uintptr_t>(tensor_.bytes().data()) + tensor_.bytes().size();
  madvise(reinterpret_cast<void*>(start), end - start, MADV_DONTNEED);
}

}  // namespace fairlead
