// A tensor cut out of an untyped storage, as PyTorch saves them: sizes, strides and an offset over a run of bytes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "archive/content.hpp"
#include "base/status.hpp"
#include "ir/tensor.hpp"

namespace fairlead {

struct StridedView {
  DType dtype = DType::kUndefined;
  std::vector<int64_t> dims;
  std::vector<int64_t> strides;  // in elements, one per dim
  int64_t offset = 0;            // in elements
};

// The product of `dims`; empty when one is negative or the product overflows.
std::optional<int64_t> ElementCount(const std::vector<int64_t>& dims);

// A view into `storage`, dense where the strides are row-major. FL1001 naming `name` when the view reads outside the
// storage, has negative strides, or expands few bytes to absurdly many. FL1009 when the storage is empty and the tensor is
// not: the program was saved without its weights. `swap_bytes`: the writer was big-endian; the tensor is then a copy.
Result<Tensor> TensorOverStorage(const Content& storage, const StridedView& view, bool swap_bytes, std::string_view name);

// Byte order of one file's writer. Tensors of a big-endian one are copies; many views of one storage could be more than
// memory holds, so their sum is bounded: FL1001 beyond 4 GiB.
class ByteOrder {
 public:
  static constexpr uint64_t kMaxCopied = uint64_t{4} << 30;

  explicit ByteOrder(bool big_endian = false) : big_endian_(big_endian) {}
  Result<Tensor> Read(const Content& storage, const StridedView& view, std::string_view name);

 private:
  bool big_endian_;
  uint64_t copied_ = 0;
};

}  // namespace fairlead
