// A tensor's bytes: mapped from an archive, owned, or absent (a program saved without weights).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/mapped_file.hpp"
#include "base/status.hpp"
#include "ir/type.hpp"

namespace fairlead {

// Where bytes stand in a file, so that they can be referenced or copied by the kernel. The range is `offset`, `size` of
// the mapped file; it is absent for bytes that were inflated or made in memory.
struct FileRange {
  std::shared_ptr<const MappedFile> file;
  uint64_t offset = 0;
  uint64_t size = 0;
};

// Copying a Tensor copies a view; the bytes stay alive as long as one copy does. `bytes` covers exactly what the tensor
// may read: for a strided tensor from its first to its last element, otherwise the dense row-major elements,
// little-endian, sub-byte types packed low bits first (ONNX's packing).
class Tensor {
 public:
  Tensor() = default;
  // Dense, owned. `bytes` must have the size that dtype and dims say (FL_CHECK).
  static Tensor Owned(DType dtype, std::vector<int64_t> dims, std::vector<std::byte> bytes);
  // Dense or strided view into memory that `owner` keeps alive. Strides in elements; empty = row-major.
  static Tensor View(DType dtype, std::vector<int64_t> dims, std::vector<int64_t> strides, std::span<const std::byte> bytes,
                     std::shared_ptr<const void> owner, std::optional<FileRange> range);
  // Known type, no data.
  static Tensor Absent(DType dtype, std::vector<int64_t> dims);
  template <class T> static Tensor Scalar(DType dtype, T value) {
    const auto* data = reinterpret_cast<const std::byte*>(&value);
    return Owned(dtype, {}, {data, data + sizeof value});
  }
  static Tensor Ints(std::span<const int64_t> values);  // 1-D int64

  DType dtype() const { return dtype_; }
  const std::vector<int64_t>& dims() const { return dims_; }
  const std::vector<int64_t>& strides() const { return strides_; }
  bool IsAbsent() const { return absent_; }
  bool IsDense() const { return strides_.empty(); }
  int64_t element_count() const;
  uint64_t dense_size() const;  // bytes of the row-major form
  std::span<const std::byte> bytes() const { return bytes_; }
  const std::optional<FileRange>& range() const { return range_; }
  Type type() const;

  // The row-major form: *this when it is dense, otherwise an owned copy made element by element.
  Tensor Dense() const;
  // A complex tensor as real numbers: the same bytes with a trailing dimension of size 2, real and imaginary part.
  Tensor AsPairs() const;
  // The elements as numbers; only for dense tensors of at most `limit` elements of integer, bool or (for floats) any real
  // type.
  std::optional<std::vector<int64_t>> AsInts(int64_t limit = 1024) const;
  std::optional<std::vector<double>> AsDoubles(int64_t limit = 1024) const;

  // Equal dtype, dims and dense bytes (both present).
  friend bool SameContent(const Tensor& a, const Tensor& b);
  // True when both read the very same memory the same way: dtype, dims, strides, address.
  friend bool SameView(const Tensor& a, const Tensor& b);

 private:
  DType dtype_ = DType::kUndefined;
  bool absent_ = false;
  std::vector<int64_t> dims_, strides_;
  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  std::optional<FileRange> range_;
};

}  // namespace fairlead
